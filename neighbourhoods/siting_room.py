"""Every objective with capacities, as values of the one assignment model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from neighbourhoods.siting_assign import Assignment, Room, filled, solve_assignment
from neighbourhoods.siting_bound_kernel import ascend
from neighbourhoods.siting_core import ROOT_RISE, ROOT_STEP, whole_node
from neighbourhoods.siting_kernel import CLOSED, Floats
from neighbourhoods.siting_median import ready
from neighbourhoods.siting_problem import SitingProblem
from neighbourhoods.siting_rows import most_hubs, rows_of, status_of

N_TRIED, N_ROUNDS = 40, 800  # plans looked at for room; rounds of prices
COVERING = ("max_coverage", "set_cover")


def room_of(problem: SitingProblem, n_max: int | None, time_limit_s: float) -> Room:
    """The parts of a problem that all objectives share."""
    assert problem.capacity is not None
    assert problem.people is not None
    status = status_of(problem)
    usable = np.isfinite(problem.travel_minutes) & (status != CLOSED)[None, :]
    usable &= problem.people[:, None] <= problem.capacity[None, :] + 1e-9
    rows = rows_of(problem, reach=True)
    return Room(usable, problem.people, problem.capacity, rows, status, n_max, time_limit_s)


def solve_with_room(
    problem: SitingProblem,
    objective_id: str,
    *,
    minutes_max: float,
    covered: float,
    worst: float,
    kappa: float,
    seed: int,
    time_limit_s: float,
) -> Assignment:
    """The answer of one objective, its bound in the objective's unit.

    Parameters
    ----------
    minutes_max, covered, worst, kappa : float
        As in `SitingParams`; those that the objective needs.

    Raises
    ------
    SitingError
        When no plan has room.
    """
    assert problem.people is not None
    is_open = objective_id == "set_cover" and problem.n_hubs is None and problem.budget_gbp is None
    room = room_of(problem, None if is_open else most_hubs(problem), time_limit_s)
    minutes = np.nan_to_num(problem.travel_minutes.astype(np.float64), posinf=0.0)
    demand, whole = problem.demand, float(problem.demand.sum())
    lost = problem.unreached_minutes
    nothing = np.zeros(len(demand))
    if objective_id in COVERING:
        near = replace(room, usable=room.usable & (problem.travel_minutes <= np.float32(minutes_max)))
        if objective_id == "set_cover":
            needed = covered * float(problem.people.sum())
            values = np.zeros_like(minutes)
            found = solve_assignment(near, values, nothing, 1.0, least_served=(problem.people, needed))
            return replace(found, bound=float(np.ceil(found.bound - 1e-6)))
        found = solve_assignment(near, np.repeat(-demand[:, None], minutes.shape[1], axis=1), nothing)
        return replace(found, bound=-found.bound / whole)
    used = demand > 0
    if objective_id in ("p_center", "equity"):
        values = np.where(used[:, None], minutes, 0.0)
        none_value = None if lost is None else np.where(used, lost, 0.0)
        share = (demand, worst * whole) if objective_id == "equity" else (nothing, 0.0)
        return solve_assignment(room, values, none_value, worst=share)
    if objective_id == "kolm_pollak":
        top = max(problem.longest_minutes, lost or 0.0)
        none_value = None if lost is None else demand * np.exp(kappa * (lost - top))
        found = solve_assignment(room, demand[:, None] * np.exp(kappa * (minutes - top)), none_value)
        return replace(found, bound=top + float(np.log(max(found.bound, 1e-300) / whole)) / kappa)
    none_value = None if lost is None else demand * lost
    found = _median(problem, room, demand[:, None] * minutes, none_value, seed)
    return replace(found, bound=found.bound / whole)


def _median(
    problem: SitingProblem, room: Room, values: Floats, none_value: Floats | None, seed: int
) -> Assignment:
    """The p-median: what no better plan uses is left out before the model is solved."""
    median = ready(problem)
    met = median.solve(seed, 0).plans.met
    known = _known_plan(room, values, met)
    if none_value is not None or known is None:
        return solve_assignment(room, values, none_value)
    plan = np.array(min(met, key=lambda one: met[one]), dtype=np.int64)
    node = whole_node(median.costs, median.choice, median.priced, plan)
    cutoff = known.value * (1 + 1e-9)
    status, share, chosen = node.status.copy(), node.share.copy(), np.zeros(len(room.status), dtype=np.int8)
    prices, row_prices = node.prices.copy(), node.row_prices.copy()
    bound = ascend(
        median.costs.cost,
        node.lists,
        median.costs.weight,
        median.priced,
        status,
        median.n_max,
        prices,
        row_prices,
        cutoff,
        known.value,
        N_ROUNDS,
        ROOT_STEP,
        ROOT_RISE,
        share,
        chosen,
    )
    paid = np.zeros(len(values))
    paid[median.used] = prices * median.costs.weight
    extra = np.maximum(values - paid[:, None], 0.0)
    usable = room.usable & (bound + extra <= cutoff) & (status != CLOSED)[None, :]
    usable[problem.demand == 0] = room.usable[problem.demand == 0]
    found = solve_assignment(replace(room, usable=usable, status=status), values, none_value, known=known)
    return replace(found, bound=max(found.bound, min(bound, known.value)))


def _known_plan(room: Room, values: Floats, met: dict[tuple[int, ...], float]) -> Assignment | None:
    """The best plan with room for all among those met; None where none has."""
    cost = np.where(room.usable, values, np.inf)
    best: Assignment | None = None
    for plan in sorted(met, key=lambda one: met[one])[:N_TRIED]:
        chosen = np.array(plan, dtype=np.int64)
        hub = filled(cost, room.people, room.capacity, chosen)
        if hub is not None:
            value = float(values[np.arange(len(values)), hub].sum())
            if best is None or value < best.value:
                best = Assignment(chosen, hub, value, -np.inf, 0)
    return best
