"""An ensemble from what is asked to the options drawn: chunks given out, merged as they come, gone on from.

Whoever does the chunks (this process, processes on all cores, a cluster) the options are the same; only the
time differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from geodata.checkpoint import Checkpoint
from geodata.cluster import ClusterPool
from geodata.task_pool import InlinePool, LocalPool, TaskPool, n_cores
from neighbourhoods.ensemble import FEWEST_PER_CHAIN, Ensemble, EnsembleParams
from neighbourhoods.ensemble_job import (
    Chunk,
    Job,
    NoStartError,
    Request,
    chunk_from_parts,
    do_request,
    job_key,
    light_town,
)
from neighbourhoods.ensemble_merge import merge
from neighbourhoods.enumeration import has_option
from neighbourhoods.enumeration_kernel import MOST_AREAS
from neighbourhoods.generate import problem_of, town_of
from neighbourhoods.refusal import refusal
from neighbourhoods.sampler import Method, Sampler, method_for
from neighbourhoods.sampler_graph import border_of
from neighbourhoods.sampler_origin import possible_numbers
from neighbourhoods.study import Study

Progress = Callable[[int, int, str], None]
Pool = TaskPool[Request, Chunk]

FIRST_DRAWS, CHUNK_S, MOST_DRAWS, GROWTH = 10, 1.0, 2_000, 16
WAIT_S = 0.2
CHUNKS_TO_JUDGE_BY = 4
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
    try:
        return sample(
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


class Chains:
    """How far each chain is, and what it is asked for next."""

    def __init__(self, job: Job, params: EnsembleParams, kept: Iterable[Chunk] = ()) -> None:
        self._last = params.n_draws
        self._per_chain = params.n_draws + job.burn_in
        self.n_wanted = params.n_chains * self._per_chain
        self.chunks: list[Chunk] = []
        self.under_way: dict[int, Request] = {}
        self._seconds_a_draw: list[float] = []
        at = dict.fromkeys(range(params.n_chains), -job.burn_in)
        last: dict[int, Chunk] = {}
        for chunk in sorted(kept, key=lambda one: (one.first, one.n_draws)):
            if at.get(chunk.chain) == chunk.first < self._last:
                self.chunks.append(chunk)
                at[chunk.chain], last[chunk.chain] = chunk.end, chunk
        for chain, first in at.items():
            if first < self._last:
                state = last[chain].state if chain in last else None
                n_draws = min(FIRST_DRAWS, self._last - first)
                self.under_way[chain] = Request(chain, first, n_draws, state)

    @property
    def n_done(self) -> int:
        """Draws done, those thrown away among them."""
        return sum(chunk.n_draws for chunk in self.chunks)

    @property
    def n_options(self) -> int:
        """Draws that are kept."""
        return sum(len(chunk.footprint) for chunk in self.chunks)

    @property
    def can_be_merged(self) -> bool:
        """Whether each chain has options enough to be compared."""
        done: dict[int, int] = {}
        for chunk in self.chunks:
            done[chunk.chain] = done.get(chunk.chain, 0) + len(chunk.footprint)
        n_chains = self.n_wanted // self._per_chain
        return len(done) == n_chains and min(done.values()) >= FEWEST_PER_CHAIN

    def add(self, chunk: Chunk) -> Request | None:
        """Take a chunk in; what its chain is asked for next, so large that it takes about a second."""
        self.chunks.append(chunk)
        self._seconds_a_draw.append(chunk.runtime_s / chunk.n_draws)
        del self.under_way[chunk.chain]
        left = self._last - chunk.end
        if left <= 0:
            return None
        in_time = int(chunk.n_draws * CHUNK_S / max(chunk.runtime_s, 1e-6))
        n_draws = min(max(in_time, 1), GROWTH * chunk.n_draws, MOST_DRAWS, left)
        self.under_way[chunk.chain] = Request(chunk.chain, chunk.end, n_draws, chunk.state)
        return self.under_way[chunk.chain]

    def seconds_left(self) -> float:
        """How long one worker would take for the rest; 0 until something is known."""
        if len(self._seconds_a_draw) < CHUNKS_TO_JUDGE_BY:  # the first ones load compiled code
            return 0.0
        return min(self._seconds_a_draw[-CHUNKS_TO_JUDGE_BY:]) * (self.n_wanted - self.n_done)
