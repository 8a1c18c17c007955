"""An ensemble from what is asked to the options drawn: chunks given out, merged as they come, gone on from.

Whoever does the chunks (this process, processes on all cores, a cluster) the options are the same; only the
time differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from geodata.checkpoint import Checkpoint
from geodata.cluster import ClusterPool
from geodata.task_pool import InlinePool, LocalPool, TaskPool, n_cores
from neighbourhoods.generation.enumeration import has_option
from neighbourhoods.generation.enumeration_kernel import MOST_AREAS
from neighbourhoods.generation.generate import problem_of, town_of
from neighbourhoods.generation.refusal import refusal
from neighbourhoods.sample.ensemble import Ensemble, EnsembleParams
from neighbourhoods.sample.ensemble_chain import Chains
from neighbourhoods.sample.ensemble_job import (
    Chunk,
    Job,
    NoStartError,
    Request,
    chunk_from_parts,
    do_request,
    job_key,
    light_town,
)
from neighbourhoods.sample.ensemble_merge import merge
from neighbourhoods.sample.sampler import Method, Sampler, method_for, warm_up
from neighbourhoods.sample.sampler_graph import border_of
from neighbourhoods.sample.sampler_origin import possible_numbers
from neighbourhoods.study.study import Study

Progress = Callable[[int, int, str], None]
Pool = TaskPool[Request, Chunk]

WAIT_S = 0.2
WORTH_WORKERS_S = 20.0
KEEP_S = 2.0


def run_ensemble(
    study: Study,
    params: EnsembleParams,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Callable[[Ensemble], None] | None = None,
    n_workers: int = 0,
    scheduler: str = "",
    checkpoint: str = "",
) -> Ensemble:
    """Draw an ensemble.

    Parameters
    ----------
    progress : callable, optional
        Called with draws done, draws wanted, and words.
    cancelled : callable, optional
        Asked a few times a second; True ends it with what there is.
    keep : callable, optional
        Called now and then with the ensemble so far.
    n_workers : int
        Processes; 0 begins with this one and goes on with one for each core where that is worth it.
    scheduler : str
        Address of a Dask scheduler whose workers are to do it; empty for none.
    checkpoint : str
        Folder in which chunks are kept, and gone on from when it holds some; empty for none.

    Raises
    ------
    InputError
        When what is asked cannot be: names what clashes. When the cluster cannot be reached, or the folder
        holds another ensemble.
    """
    job = job_of(study, params)
    folder = Checkpoint(checkpoint, job_key(job)) if checkpoint else None
    compile_s = warm_up(job.method)  # before workers start, so that they find it done
    try:
        found = sample(
            job,
            params,
            pool=pool_of(job, scheduler=scheduler, n_workers=n_workers),
            kept=[chunk_from_parts(parts) for parts in folder.kept()] if folder else (),
            progress=progress,
            cancelled=cancelled,
            keep=keep,
            keep_chunk=(lambda chunk: folder.keep(chunk.name, chunk.to_parts())) if folder else None,
        )
    except NoStartError as fault:
        raise why_no_start(study, params, job) or fault from fault
    return replace(found, compile_s=compile_s)


def job_of(study: Study, params: EnsembleParams) -> Job:
    """What workers hold.

    Raises
    ------
    InputError
        When an area is unknown, or the method does not suit what is asked.
    """
    asked = params.generation
    problem, town = problem_of(study, asked), light_town(town_of(study, asked))
    border = None if asked.allow_enclosed else border_of(town.topology)
    method: Method = method_for(problem) if params.method == "auto" else params.method
    Sampler(problem, border, method)  # refuses what the method cannot do, before anything is started
    numbers = possible_numbers(problem) or (problem.n_max,)
    thin = params.thin or thin_for(method, numbers[-1] - len(problem.locked))
    return Job(problem, border, town, method, params.seed, thin, params.burn_in)


def thin_for(method: Method, n_footprints: int) -> int:
    """Steps from draw to draw after which, on York, draws were worth about half as many independent ones."""
    if method == "redraw":
        return max(5 * n_footprints * (n_footprints - 1) // 2, 1)
    return max(25 * n_footprints, 1)


def why_no_start(study: Study, params: EnsembleParams, job: Job) -> Exception | None:
    """The clash and what helps, where it is proven that there is no option; else None."""
    if len(job.problem.free) <= MOST_AREAS and has_option(job.problem) is False:
        return refusal(job.problem, study.areas(params.generation.geography)["area_name"].tolist())
    return None


def pool_of(job: Job, *, scheduler: str = "", n_workers: int = 0) -> Pool | None:
    """Who does the chunks; None to leave it to what turns out to be worth it.

    Raises
    ------
    ClusterError
        When the scheduler cannot be reached.
    """
    if scheduler:
        return ClusterPool(do_request, job, scheduler)
    if n_workers > 1:
        return LocalPool(do_request, job, n_workers)
    return InlinePool(do_request, job) if n_workers == 1 else None


def sample(
    job: Job,
    params: EnsembleParams,
    *,
    pool: Pool | None = None,
    kept: Iterable[Chunk] = (),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Callable[[Ensemble], None] | None = None,
    keep_chunk: Callable[[Chunk], None] | None = None,
) -> Ensemble:
    """Draw the options of a job; it can be stopped and gone on with.

    Parameters
    ----------
    pool : TaskPool, optional
        Who does the chunks; it is closed at the end. Left out, this process begins, and all cores take over
        when there is much to do.
    kept : iterable of Chunk
        Chunks of the same job from earlier; what follows on the beginning of each chain is used.
    keep_chunk : callable, optional
        Called with each new chunk, so that it can be kept.

    Raises
    ------
    NoStartError
        When a chain has no option to begin with.
    """
    began, kept_at = time.perf_counter(), time.perf_counter()
    may_change, doing = pool is None, pool or InlinePool(do_request, job)
    chains = Chains(job, params, kept)
    try:
        for request in chains.under_way.values():
            doing.submit(request)
        while chains.under_way and not (cancelled and cancelled()):
            finished = doing.finished(WAIT_S)
            for _, chunk in finished:
                following = chains.add(chunk)
                if keep_chunk:
                    keep_chunk(chunk)
                if following:
                    doing.submit(following)
            if progress and finished:
                progress(chains.n_done, chains.n_wanted, f"{chains.n_options:,} options so far")
            if keep and chains.can_be_merged and time.perf_counter() - kept_at > KEEP_S:
                keep(merge(params, job, chains.chunks, time.perf_counter() - began))
                kept_at = time.perf_counter()
            if may_change and chains.seconds_left() > WORTH_WORKERS_S and n_cores() > 1:
                doing.close()
                may_change, doing = False, LocalPool(do_request, job)
                for request in chains.under_way.values():
                    doing.submit(request)
    finally:
        doing.close()
    if not chains.can_be_merged:
        raise NoStartError("It was stopped before each chain had options enough to be compared.")
    return merge(params, job, chains.chunks, time.perf_counter() - began)
