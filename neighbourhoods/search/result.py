"""A search from what is asked to a result with bounds, or to a refusal in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil

import pandas as pd

from geodata.errors import InputError
from neighbourhoods.bound.border import BORDER_WISHES, border_bound, borders_of
from neighbourhoods.bound.bound import Bound, plain_bounds
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.generation.problem import Problem
from neighbourhoods.generation.refusal import plain_clash
from neighbourhoods.measure.town import Town
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search.graph import ground_of
from neighbourhoods.search.note import SearchNote
from neighbourhoods.search.search import Found, measured_wishes, numbers_of, search_options

Progress = Callable[[int, int, str], None]
Keep = Callable[[GenerationResult], None]
WIDEST = 0.9  # band in which the least deviation is looked for when a search finds nothing
SHARE_FOR_REFUSAL = 4  # of the steps: one part in so many for each thing given up


def searched(
    params: GenerationParams,
    problem: Problem,
    town: Town,
    area_names: Sequence[str],
    steps: float,
    as_now_scores: pd.Series | None,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Keep | None = None,
) -> GenerationResult:
    """Good options, and what no option beats; see `generate.generate`.

    Raises
    ------
    InputError
        When what is asked cannot be, or nothing was found: says what would do.
    """
    clash = plain_clash(problem, area_names)
    if clash is not None:
        raise clash
    weights = dict(params.wishes)

    def result(found: Found, bounds: Iterable[Bound], bound_s: float = 0.0) -> GenerationResult:
        return GenerationResult(
            params=params,
            area_codes=town.topology.area_codes,
            people=town.people,
            target=problem.target,
            footprint=found.footprint,
            scores=found.scores,
            n_enclosed_left_out=0,
            is_complete=False,
            seed=params.seed,
            n_steps=found.n_steps,
            n_steps_expected=steps,
            runtime_s=found.runtime_s,
            compile_s=found.compile_s,
            as_now_scores=as_now_scores,
            note=SearchNote(found.scales, tuple(bounds), int(steps), found.stopped_early, bound_s),
        )

    bounds = plain_bounds(problem, town, measured_wishes(town), numbers_of(problem))
    found = search_options(
        problem,
        town,
        weights,
        steps=int(steps),
        seed=params.seed,
        may_enclose=params.allow_enclosed,
        seconds=params.seconds or None,
        progress=progress,
        cancelled=cancelled,
        keep=None if keep is None else lambda so_far: keep(result(so_far, bounds.values())),
    )
    if not len(found.footprint) and not found.stopped_early:
        if progress:
            progress(1, 1, "none; looking for what helps")
        raise search_refusal(problem, town, params, int(steps))
    began = time.perf_counter()
    if not len(found.footprint):
        return result(found, bounds.values())
    if keep:
        keep(result(found, bounds.values()))
    for one, bound in border_bounds(problem, town, found, weights, progress, cancelled):
        bounds[one] = bound
        if keep:
            keep(result(found, bounds.values(), time.perf_counter() - began))
    return result(found, bounds.values(), time.perf_counter() - began)


def border_bounds(
    problem: Problem,
    town: Town,
    found: Found,
    weights: Mapping[str, float],
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Iterable[tuple[str, Bound]]:
    """Bounds on the border wishes that are weighed, one by one; broken off, they hold but are weaker."""
    wished = [one for one in BORDER_WISHES if one in weights]
    if not wished:
        return
    ground = ground_of(problem, town)
    borders = borders_of(ground)
    for one in wished:

        def told(done: int, total: int, gap: float, one: str = one) -> None:
            if progress:
                label = WISHES[one].label.lower()
                progress(
                    done,
                    total,
                    f"how good any option can be: {label}, {max(gap, 0):.1%} left to gain at most",
                )

        values = found.scores[WISHES[one].measure_id].to_numpy(dtype=float)
        yield (
            one,
            border_bound(
                one,
                problem,
                ground,
                borders,
                numbers_of(problem),
                found.footprint,
                values,
                by_deviation="balance" in weights,
                is_stopped=cancelled or (lambda: False),
                told=told,
            ),
        )


def search_refusal(problem: Problem, town: Town, params: GenerationParams, steps: int) -> InputError:
    """An error that says that nothing was found, which is no proof, and what would do."""
    few = max(steps // SHARE_FOR_REFUSAL, 1)

    def best(changed: Problem) -> float | None:
        """Least deviation of what a short search finds."""
        found = search_options(
            changed,
            town,
            {"balance": 1.0},
            steps=few,
            seed=params.seed,
            may_enclose=params.allow_enclosed,
        )
        return float(found.scores["max_deviation"].min()) if len(found.footprint) else None

    helps = []
    least = best(replace(problem, tolerance=max(WIDEST, problem.tolerance)))
    if least is not None and least > problem.tolerance:
        percent = ceil(least * 1_000 - 1e-6) / 10
        helps.append(f"a band of {percent:.1f}%, perhaps less, in place of {problem.tolerance * 100:g}%")
    for words, changed in (
        ("not to keep together what is to be together", replace(problem, together=())),
        ("not to keep apart what is to be apart", replace(problem, apart=())),
        ("to unlock what is locked", replace(problem, locked=())),
    ):
        if changed != problem and best(changed) is not None:
            helps.append(words)
    n = f"{problem.n_min}" if problem.n_min == problem.n_max else f"{problem.n_min} to {problem.n_max}"
    low, high = problem.band
    told = (
        " What helps: " + "; or ".join(helps) + "."
        if helps
        else " No one thing given up alone was seen to help."
    )
    return InputError(
        f"No option of {n} footprints of {low:,.0f} to {high:,.0f} people that keeps to all that is asked "
        f"was found in {steps:,} steps; that is no proof that there is none.{told}"
    )
