"""From a problem to an answer, one function for each objective; with capacities, one model for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from neighbourhoods.siting import cover as siting_cover
from neighbourhoods.siting.equity import Worst, worst_served
from neighbourhoods.siting.kernel import Floats, Ints
from neighbourhoods.siting.measure import (
    covered_share,
    kappa_of,
    longest_minutes,
    mean_minutes,
    worst_mean,
)
from neighbourhoods.siting.measure import (
    kolm_pollak as kolm_pollak_of,
)
from neighbourhoods.siting.median import METHOD, ready, require_plan
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingProblem
from neighbourhoods.siting.result import counted_minutes, nearest_hubs, plan_cost_gbp
from neighbourhoods.siting.room import solve_with_room

IsStopped = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Solved:
    """What an objective's solver hands on; fields as in `SitingResult`."""

    chosen: Ints
    hub_by_area: Ints
    minutes_by_area: Floats
    value: float
    bound: float
    cost_gbp: float
    method: str
    n_nodes: int = 0
    n_steps: int = 0


def _plan(
    problem: SitingProblem,
    chosen: Ints,
    value: Callable[[Floats], float],
    bound: float,
    method: str,
    n_nodes: int,
    n_steps: int = 0,
) -> Solved:
    hub, minutes = nearest_hubs(problem, chosen.tolist())
    return Solved(
        chosen,
        hub,
        minutes,
        value(counted_minutes(problem, minutes)),
        bound,
        plan_cost_gbp(problem, chosen.tolist()),
        method,
        n_nodes,
        n_steps,
    )


def p_median(problem: SitingProblem, params: SitingParams, is_stopped: IsStopped) -> Solved:
    """Least need-weighted mean minutes."""
    if problem.capacity is not None:
        return _with_room(problem, params, "p_median", lambda t: mean_minutes(t, problem.demand))
    median = ready(problem)
    answer = median.solve(params.seed, params.n_nodes, is_stopped=is_stopped)
    return _plan(
        problem,
        require_plan(answer, median),
        lambda t: mean_minutes(t, problem.demand),
        answer.bound / float(problem.demand.sum()),
        METHOD,
        answer.n_nodes,
        answer.plans.n_changes,
    )


def kappa_for(problem: SitingProblem, params: SitingParams) -> float:
    """Kappa as given, or of the aversion over each area's nearest candidate that may be chosen."""
    if params.kappa is not None:
        return params.kappa
    may = [k for k, one in enumerate(problem.candidate_ids) if one not in problem.closed]
    _, minutes = nearest_hubs(problem, may)
    minutes = np.nan_to_num(counted_minutes(problem, minutes))
    return kappa_of(minutes, problem.demand, params.aversion)


def kolm_pollak(problem: SitingProblem, params: SitingParams, is_stopped: IsStopped) -> Solved:
    """Least Kolm-Pollak equivalent: a p-median of exp(kappa minutes)."""
    kappa = kappa_for(problem, params)
    top = max(problem.longest_minutes, problem.unreached_minutes or 0.0)

    def value(minutes: Floats) -> float:
        return kolm_pollak_of(minutes, problem.demand, kappa)

    if problem.capacity is not None:
        return _with_room(problem, params, "kolm_pollak", value, kappa)
    median = ready(problem).with_costs(lambda cost: np.exp(kappa * (cost - top)))
    answer = median.solve(params.seed, params.n_nodes, is_stopped=is_stopped)
    bound = top + float(np.log(answer.bound / problem.demand.sum())) / kappa
    chosen = require_plan(answer, median)
    found = _plan(
        problem,
        chosen,
        value,
        bound,
        f"{METHOD}; costs exp(kappa t), kappa {kappa:.4g}",
        answer.n_nodes,
        answer.plans.n_changes,
    )
    return replace(found, bound=min(found.bound, found.value))


def max_coverage(problem: SitingProblem, params: SitingParams, is_stopped: IsStopped) -> Solved:
    """Largest share of demand within the minutes."""
    minutes_max = params.minutes_max or 0.0

    def value(minutes: Floats) -> float:
        return covered_share(np.nan_to_num(minutes, nan=np.inf), problem.demand, minutes_max)

    if problem.capacity is not None:
        return _with_room(problem, params, "max_coverage", value)
    found = siting_cover.max_coverage(
        problem, minutes_max, params.seed, params.n_nodes, params.time_limit_s, is_stopped
    )
    method = f"cover sets merged; {METHOD}; HiGHS on what is left open"
    bound = found.bound / float(problem.demand.sum())
    plan = _plan(problem, found.chosen, value, bound, method, found.n_nodes)
    return replace(plan, bound=max(plan.bound, plan.value))


def set_cover(problem: SitingProblem, params: SitingParams, is_stopped: IsStopped) -> Solved:
    """Fewest hubs for the share of people within the minutes."""
    minutes_max = params.minutes_max or 0.0
    if problem.capacity is not None:
        found = _with_room(problem, params, "set_cover", lambda t: 0.0)
        return replace(found, value=float(len(found.chosen)))
    cover = siting_cover.set_cover(problem, minutes_max, params.covered_share, params.time_limit_s)
    n = float(len(cover.chosen))
    method = "integer model of merged cover sets, HiGHS"
    return _plan(problem, cover.chosen, lambda t: n, cover.bound, method, cover.n_nodes)


def p_center(problem: SitingProblem, params: SitingParams, is_stopped: IsStopped) -> Solved:
    """Shortest longest journey; among such plans one with short journeys on average."""

    def value(minutes: Floats) -> float:
        return longest_minutes(minutes, problem.demand)

    if problem.capacity is not None:
        return _with_room(problem, params, "p_center", value)
    start = ready(problem).solve(params.seed, 0)
    plan = _plan(problem, start.chosen, value, 0.0, "", 0)
    cover = siting_cover.p_center(problem, plan.value)
    radius = cover.bound
    within = start.chosen
    if len(cover.chosen) and radius < plan.value:
        within = cover.chosen
    method = "search by halves over journeys, covering by HiGHS; then interchange within the longest journey"
    if radius <= problem.longest_minutes:
        near = ready(replace(problem, unreached_minutes=None), farthest=radius)
        within = near.solve(params.seed, 0, first=within).chosen
    return _plan(problem, within, value, radius, method, cover.n_nodes, start.plans.n_changes)


def equity(problem: SitingProblem, params: SitingParams, is_stopped: IsStopped) -> Solved:
    """Least mean minutes of the worst-served share of demand."""
    share = params.worst_share

    def value(minutes: Floats) -> float:
        return worst_mean(minutes, problem.demand, share)

    if problem.capacity is not None:
        return _with_room(problem, params, "equity", value)

    def value_of(chosen: Ints) -> float:
        return value(counted_minutes(problem, nearest_hubs(problem, chosen.tolist())[1]))

    worst = Worst(problem, ready(problem), share, value_of)
    bound = worst_served(worst, params.seed, params.n_nodes, params.tolerance, is_stopped)
    method = "p-medians of the minutes over a limit, for all limits in steps that a proof allows"
    found = _plan(problem, worst.chosen, value, bound, method, worst.n_nodes, worst.n_steps)
    return replace(found, bound=min(found.bound, found.value))


def _with_room(
    problem: SitingProblem,
    params: SitingParams,
    objective_id: str,
    value: Callable[[Floats], float],
    kappa: float = 0.0,
) -> Solved:
    found = solve_with_room(
        problem,
        objective_id,
        minutes_max=params.minutes_max or 0.0,
        covered=params.covered_share,
        worst=params.worst_share,
        kappa=kappa,
        seed=params.seed,
        time_limit_s=params.time_limit_s,
    )
    hub = found.hub_by_area
    minutes = np.full(len(hub), np.nan)
    served = hub >= 0
    minutes[served] = problem.travel_minutes[served, hub[served]]
    reached = value(counted_minutes(problem, minutes))
    bound = found.bound
    if objective_id not in ("set_cover",):
        bound = max(bound, reached) if objective_id == "max_coverage" else min(bound, reached)
    return Solved(
        found.chosen,
        hub,
        minutes,
        reached,
        bound,
        plan_cost_gbp(problem, found.chosen.tolist()),
        "integer model with capacities, HiGHS, each area as a whole to one hub",
        found.n_nodes,
    )
