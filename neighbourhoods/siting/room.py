"""Every objective with capacities, as values of the one assignment model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from neighbourhoods.siting.assign import Assignment, Room, solve_assignment
from neighbourhoods.siting.core import ROOT_STEP
from neighbourhoods.siting.kernel import CLOSED, Floats, Ints
from neighbourhoods.siting.median import ready
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.room_bound_kernel import ascend_with_room
from neighbourhoods.siting.room_kernel import exchange_with_room
from neighbourhoods.siting.rows import most_hubs, rows_of, status_of
from neighbourhoods.siting.tree import TOLERANCE, keeps

N_TRIED, N_LOOKS = 30, 600  # plans looked at for room, and plans filled by exchanges
N_ASCENTS, N_ROUNDS = 3, 300
MOST_PAIRS, MOST_MEDIAN_PAIRS = 400_000, 5_000_000  # of the integer model; of the search before it
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
        When no plan has room, or there are too many pairs.
    """
    assert problem.people is not None
    most = MOST_MEDIAN_PAIRS if objective_id == "p_median" else MOST_PAIRS
    if problem.travel_minutes.size > most:
        raise SitingError(
            f"With capacities {objective_id} is solved for up to {most:,} pairs of area and candidate; these "
            f"are {problem.travel_minutes.size:,}: take fewer candidates, or larger areas."
        )
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
    """The p-median: a plan by interchange, its bound, and the integer model of what the bound leaves open."""
    if none_value is not None:
        return solve_assignment(room, values, none_value)
    median = ready(problem)
    value = np.ascontiguousarray(np.where(room.usable, values, np.inf).T)
    without_limits = median.solve(seed, 0)
    met, bound = without_limits.plans.met, without_limits.bound
    plans = [np.array(one, dtype=np.int64) for one in sorted(met, key=lambda one: met[one])[:N_TRIED]]
    known = _exchanged(room, value, plans, seed, 0)
    best: Assignment | None = known
    usable, status = room.usable.T.copy(), room.status.copy()
    scale = np.maximum(problem.demand, problem.demand.sum() / len(problem.demand) / 100)
    finite = np.where(np.isfinite(value), value, 0.0)
    prices = np.median(finite, axis=0) if best is None else finite[best.hub_by_area, np.arange(len(scale))]
    for _ in range(N_ASCENTS):
        cutoff = (best.value if best is not None else float(finite.max(axis=0).sum())) * (1 + 1e-9) + 1e-12
        chosen = np.zeros((N_ROUNDS, len(status)), dtype=np.int8)
        found, n_met = ascend_with_room(
            value,
            room.people,
            np.where(np.isfinite(room.capacity), room.capacity, room.people.sum()),
            room.rows,
            status,
            room.n_max or len(status),
            scale,
            prices,
            cutoff,
            N_ROUNDS,
            ROOT_STEP,
            usable,
            chosen,
        )
        bound = max(bound, found)
        if best is not None and bound >= best.value * (1 - TOLERANCE):
            return replace(best, bound=best.value)
        late = [np.flatnonzero(one).astype(np.int64) for one in chosen[:n_met][::-1][:N_TRIED]]
        better = _exchanged(room, value, [one for one in late if keeps(room.rows, one)], seed, N_LOOKS)
        if better is not None and (best is None or better.value < best.value):
            best = better
        if best is not None and bound >= best.value * (1 - TOLERANCE):
            return replace(best, bound=best.value)
    if best is None:
        return solve_assignment(room, values, None)
    if usable.sum() > MOST_PAIRS:
        return replace(best, bound=bound)
    left = replace(room, usable=usable.T.copy(), status=status)
    answer = solve_assignment(left, values, None, known=best)
    return replace(answer, bound=min(max(answer.bound, bound), answer.value))


def _exchanged(room: Room, value: Floats, plans: list[Ints], seed: int, n_looks: int) -> Assignment | None:
    """The best of some plans with room for all, after exchanges of hubs; None where none has room."""
    order = np.random.default_rng(seed).permutation(len(value))
    capacity = np.where(np.isfinite(room.capacity), room.capacity, room.people.sum())
    best: Assignment | None = None
    for plan in plans:
        chosen, hub = plan.copy(), np.zeros(value.shape[1], dtype=np.int64)
        cost = exchange_with_room(value, room.people, capacity, room.rows, room.status, chosen, order, hub, 0)
        if np.isfinite(cost) and (best is None or cost < best.value):
            best = Assignment(chosen, chosen[hub], float(cost), -np.inf, 0)
    if n_looks and (best is not None or plans):
        chosen = best.chosen.copy() if best is not None else plans[0].copy()
        hub = np.zeros(value.shape[1], dtype=np.int64)
        cost = exchange_with_room(
            value, room.people, capacity, room.rows, room.status, chosen, order, hub, n_looks
        )
        if np.isfinite(cost) and (best is None or cost < best.value):
            best = Assignment(np.sort(chosen), chosen[hub], float(cost), -np.inf, 0)
    return best
