"""Covering: as much need as possible within so many minutes, or as few hubs as possible for so large a share.

Areas that the same candidates cover are one to the model, so it has as many rows as there are different sets.
HiGHS solves both to optimality at the size of an authority.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.optimize as so
import scipy.sparse as sp

from neighbourhoods.siting.core import Costs, cheapest_plan, nodes_of
from neighbourhoods.siting.kernel import CLOSED, OPEN, Flags, Floats, Ints, Marks, Rows, Singles
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.rows import (
    IMPOSSIBLE,
    cheapest_choice,
    constraints_of,
    minimal,
    most_hubs,
    packed,
    require_possible,
    rows_of,
    status_of,
)
from neighbourhoods.siting.start import Choice
from neighbourhoods.siting.tree import TOLERANCE


@dataclass(frozen=True, eq=False)
class Cover:
    """What a covering model found.

    Parameters
    ----------
    chosen : int64
        Places of candidates.
    bound : float
        Most weight (max_coverage) or fewest hubs (set_cover).
    """

    chosen: Ints
    bound: float
    n_nodes: int


def cover_sets(problem: SitingProblem, weight: Floats, minutes_max: float) -> tuple[Flags, Floats]:
    """Different sets of candidates that cover some area: bool (n_sets, n_candidates), and weight of each."""
    used = weight > 0
    covers = problem.travel_minutes[used] <= np.float32(minutes_max)
    keys = np.packbits(covers, axis=1)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    summed = np.bincount(inverse.ravel(), weight[used], len(first)).astype(np.float64)
    some = covers[first].any(axis=1)
    return covers[first][some], summed[some]


def max_coverage(
    problem: SitingProblem,
    minutes_max: float,
    seed: int,
    n_nodes: int | None,
    time_limit_s: float,
    is_stopped: Callable[[], bool],
) -> Cover:
    """Most demand within `minutes_max` of a hub (Church and ReVelle, Papers of the RSA 32, 1974).

    It is a p-median of sets that cost nothing within and 1 beyond (Hillsman, Environment and Planning A 16,
    1984), solved as one; what that leaves open goes to HiGHS.
    """
    sets, weight = cover_sets(problem, problem.demand, minutes_max)
    n_max = most_hubs(problem)
    possible = require_possible(problem, n_max)
    rows, status = rows_of(problem, reach=True), status_of(problem)
    if not len(sets):
        return Cover(possible, 0.0, 0)
    costs = Costs(weight, np.ascontiguousarray(~sets.T, dtype=np.float32), 1.0, 1.0)
    choice = Choice(weight, costs.cost, rows, status, n_max)
    n_nodes = nodes_of(costs.cost.size) if n_nodes is None else n_nodes
    answer = cheapest_plan(costs, choice, rows, possible, seed, n_nodes=n_nodes, is_stopped=is_stopped)
    whole = float(weight.sum())
    mine = Cover(answer.chosen, whole - answer.bound, answer.n_nodes)
    if answer.cost - answer.bound <= TOLERANCE * whole or is_stopped():
        return mine
    unit = float(weight.max())
    found = _solve(sets, -weight / unit, np.zeros(len(status)), rows, status, n_max, [], time_limit_s)
    if found.x is None:
        return mine
    bound = min(-float(found.mip_dual_bound) * unit, mine.bound)
    is_better = -float(found.fun) * unit > whole - answer.cost
    chosen = _chosen(found, len(status)) if is_better else mine.chosen
    return Cover(chosen, bound, mine.n_nodes + int(found.mip_node_count))


def set_cover(problem: SitingProblem, minutes_max: float, share: float, time_limit_s: float) -> Cover:
    """Fewest hubs with `share` of people within `minutes_max`.

    Location set covering (Toregas, Swain, ReVelle and Bergman, Operations Research 19, 1971) with partial
    coverage (Daskin and Owen, Geographical Analysis 31, 1999).

    Raises
    ------
    SitingError
        When all hubs that may be had cover fewer; says how many they cover.
    """
    people = problem.people if problem.people is not None else problem.demand
    sets, weight = cover_sets(problem, people, minutes_max)
    rows, status = rows_of(problem, reach=True), status_of(problem)
    n_max = None if problem.n_hubs is None and problem.budget_gbp is None else most_hubs(problem)
    require_possible(problem, n_max)
    most = float(weight[(sets & (status != CLOSED)).any(axis=1)].sum()) if len(sets) else 0.0
    needed = share * float(people.sum())
    if most < needed * (1 - 1e-9):
        raise SitingError(
            f"All candidates together cover {most / people.sum():.1%} of people within {minutes_max:g} "
            f"minutes, fewer than {share:.0%}: allow more minutes, ask for a smaller share or add candidates."
        )
    limit = so.LinearConstraint(
        sp.csr_array(np.concatenate([np.zeros(len(status)), weight])[None, :] / max(needed, 1.0)),
        lb=needed / max(needed, 1.0) * (1 - 1e-9),
    )
    found = _solve(
        sets, np.zeros(len(sets)), np.ones(len(status)), rows, status, n_max, [limit], time_limit_s
    )
    if found.x is None:
        if found.status != IMPOSSIBLE:
            raise SitingError("No plan was found in time: allow more minutes or ask for a smaller share.")
        raise SitingError(
            f"No plan that meets all that is asked covers {share:.0%} of people within {minutes_max:g} "
            "minutes: allow more hubs, more minutes or a larger budget, or ask for a smaller share."
        )
    bound = float(np.ceil(found.mip_dual_bound - 1e-6))
    return Cover(_chosen(found, len(status)), bound, int(found.mip_node_count))


def _solve(
    sets: Flags,
    set_value: Floats,
    hub_value: Floats,
    rows: Rows,
    status: Marks,
    n_max: int | None,
    more: list[so.LinearConstraint],
    time_limit_s: float,
) -> so.OptimizeResult:
    n_sets, m = sets.shape
    covered = sp.hstack([sp.csr_array(sets.astype(np.float64)), -sp.eye_array(n_sets)], format="csr")
    side = [
        so.LinearConstraint(
            sp.hstack([one.A, sp.csr_array((one.A.shape[0], n_sets))], format="csr"), one.lb, one.ub
        )
        for one in constraints_of(rows, m, n_max)
    ]
    return so.milp(
        np.concatenate([hub_value, set_value]),
        integrality=np.concatenate([np.ones(m), np.zeros(n_sets)]),
        bounds=so.Bounds(
            np.concatenate([(status == OPEN).astype(float), np.zeros(n_sets)]),
            np.concatenate([(status != CLOSED).astype(float), np.ones(n_sets)]),
        ),
        constraints=[so.LinearConstraint(covered, lb=0.0), *side, *more],
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )


def _chosen(found: so.OptimizeResult, m: int) -> Ints:
    return np.flatnonzero(found.x[:m] > 0.5).astype(np.int64)


def p_center(problem: SitingProblem, at_most: float) -> Cover:
    """A plan whose longest journey is the shortest possible; its bound is that journey.

    A search by halves over the journeys that there are; for each, whether hubs can cover all areas (Minieka,
    SIAM Review 12, 1970). Hakimi (Operations Research 12, 1964) states the problem.

    Parameters
    ----------
    at_most : float
        Longest journey of some plan that keeps to all conditions.
    """
    minutes = problem.travel_minutes[problem.demand > 0]
    status, n_max = status_of(problem), most_hubs(problem)
    may = np.where(np.isfinite(minutes), minutes, np.inf)[:, status != CLOSED]
    least = float(may.min(axis=1).max())
    radii = np.unique(may[(may >= least) & (may <= np.float32(at_most))])
    side = rows_of(problem, reach=False)
    low, high, best, n_asked = 0, len(radii) - 1, np.empty(0, dtype=np.int64), 0
    while low <= high:
        middle = (low + high) // 2 if n_asked else low  # the least possible is often reached
        found = cover_within(minutes, float(radii[middle]), side, status, n_max)
        n_asked += 1
        if found is None:
            low = middle + 1
        else:
            best, high = found, middle - 1
    return Cover(best, float(radii[low]) if low < len(radii) else at_most, n_asked)


def cover_within(minutes: Singles, radius: float, side: Rows, status: Marks, n_max: int) -> Ints | None:
    """Candidates that reach every area within `radius` and keep to rows; None where there are none."""
    sets = minimal(np.unique(minutes <= np.float32(radius), axis=0))
    if not (sets & (status != CLOSED)).any(axis=1).all():
        return None
    listed = [(np.flatnonzero(one), np.full(int(one.sum()), -1.0), -1.0) for one in sets]
    ends = side.by_row
    listed += [
        (side.candidate[ends[r] : ends[r + 1]], side.value[ends[r] : ends[r + 1]], float(side.limit[r]))
        for r in range(len(side.limit))
    ]
    m = len(status)
    return cheapest_choice(np.zeros(m), packed(listed, m), status, n_max)
