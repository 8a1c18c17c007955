"""Cost against access: the best plan for every number of hubs, and the plan as now among them.

One more hub always shortens journeys or leaves them; what matters is by how much, beside what it costs. The
matrices are made once, and each plan starts from the one before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import numpy as np

from neighbourhoods.siting.core import Answer
from neighbourhoods.siting.kernel import Ints
from neighbourhoods.siting.measure import mean_minutes
from neighbourhoods.siting.median import METHOD, ready
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.result import SitingResult, counted_minutes, nearest_hubs, plan_cost_gbp
from neighbourhoods.siting.rows import cheapest_choice, most_hubs

AS_NOW = "the hubs as now"


def trade_off(
    problem: SitingProblem,
    numbers: Iterable[int],
    params: SitingParams | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[SitingResult]:
    """The p-median for each number of hubs, rising, and the existing ones as a plan of their own at the end.

    A number for which no plan meets what is asked (fewer hubs than footprints) has no result. The plan as now
    is there where the problem names existing hubs; it may break what is asked, and has no bound.

    Parameters
    ----------
    numbers : int
        Numbers of hubs; the problem's own counts for nothing.

    Raises
    ------
    SitingError
        When there is no plan for any of them, or capacities are given: solve those one by one.
    """
    if problem.capacity is not None:
        raise SitingError("A trade-off leaves capacities aside: take them out, or site hubs for each number.")
    params = params or SitingParams()
    wanted = sorted(set(numbers))
    if not wanted or wanted[0] < 1:
        raise SitingError("A trade-off needs numbers of hubs of 1 or more.")
    median = ready(replace(problem, n_hubs=max(wanted[-1], len(problem.fixed))))
    found: list[SitingResult] = []
    before: Ints | None = None
    for n_hubs in wanted:
        began = time.perf_counter()
        if n_hubs < len(problem.fixed):
            continue
        n_max = most_hubs(replace(problem, n_hubs=n_hubs))
        possible = before
        if possible is None:
            possible = cheapest_choice(-np.ones(len(median.status)), median.rows, median.status, n_max)
        if possible is None:
            continue
        one = replace(median, n_max=n_max, possible=possible)
        answer = one.solve(params.seed, params.n_nodes, first=before, is_stopped=is_stopped)
        before = answer.chosen
        found.append(_result(problem, answer, params.seed, time.perf_counter() - began))
        if is_stopped():
            break
    if not found:
        raise SitingError(
            f"No plan of at most {wanted[-1]} hubs meets all that is asked: allow more hubs or ask for less."
        )
    return [*found, as_now(problem, problem.existing)] if problem.existing else found


def _result(problem: SitingProblem, answer: Answer, seed: int, runtime_s: float) -> SitingResult:
    found = as_now(problem, [problem.candidate_ids[k] for k in answer.chosen])
    return replace(
        found,
        bound=min(answer.bound / float(problem.demand.sum()), found.value),
        runtime_s=runtime_s,
        method=METHOD,
        seed=seed,
        n_nodes=answer.n_nodes,
        n_steps=answer.plans.n_changes,
    )


def as_now(problem: SitingProblem, chosen: Collection[str]) -> SitingResult:
    """A given plan as a result, by mean minutes; no bound is known for it (NaN)."""
    places = problem.places(chosen)
    hub, minutes = nearest_hubs(problem, places)
    return SitingResult(
        "p_median",
        tuple(problem.candidate_ids[k] for k in places),
        hub,
        minutes,
        mean_minutes(counted_minutes(problem, minutes), problem.demand),
        float("nan"),
        plan_cost_gbp(problem, places),
        0.0,
        AS_NOW,
        0,
    )
