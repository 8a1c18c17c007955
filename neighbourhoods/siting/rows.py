"""Side conditions of a siting as rows: sums over chosen candidates that must not pass a limit.

A budget, a hub in each footprint, a service that must be housed, two that belong together, two too near each
other: each is one or more rows of the same form, so that every solver keeps all of them by keeping one form.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import scipy.optimize as so
import scipy.sparse as sp
from numpy.typing import NDArray

from neighbourhoods.siting.kernel import CLOSED, FREE, OPEN, Floats, Ints, Marks, Rows
from neighbourhoods.siting.problem import SitingError, SitingProblem

IMPOSSIBLE = 2  # scipy's status of a model without a solution

WORDS = {
    "n_hubs": "the number of hubs (allow more)",
    "budget": "the budget (raise it, or have cheaper candidates)",
    "footprints": "a hub in every footprint (ask it of fewer footprints)",
    "one_of": "services that must be housed (name more candidates for them)",
    "together": "candidates that belong together (part some)",
    "distance": "the least distance between new hubs (lower it)",
    "reach": "that every area reaches a hub (add candidates, or state minutes for people who reach none)",
}


def entries_of(problem: SitingProblem, *, reach: bool) -> dict[str, list[tuple[Ints, Floats, float]]]:
    """Rows by kind: candidates, values and limit of each.

    Parameters
    ----------
    reach : bool
        Whether "every area with demand reaches a hub" is among them, where it is asked and not always so.
    """
    found: dict[str, list[tuple[Ints, Floats, float]]] = {}
    every = np.arange(len(problem.candidate_ids))
    if problem.budget_gbp is not None:
        unit = max(problem.budget_gbp, 1.0)  # limits of about 1
        found["budget"] = [(every, cost_by_candidate(problem) / unit, problem.budget_gbp / unit)]
    if problem.footprint_by_candidate is not None and problem.footprint_ids is not None:
        where = np.asarray(problem.footprint_by_candidate, dtype=object)
        found["footprints"] = [_at_least_one(np.flatnonzero(where == one)) for one in problem.footprint_ids]
    if problem.one_of:
        found["one_of"] = [_at_least_one(np.array(problem.places(one))) for one in problem.one_of]
    pairs = [(problem.place_by_id[a], problem.place_by_id[b]) for a, b in problem.together if a != b]
    if pairs:
        signs = np.array([1.0, -1.0])
        found["together"] = [(np.array(p), s * signs, 0.0) for p in pairs for s in (1.0, -1.0)]
    near = [(one, np.ones(len(one)), 1.0) for one in near_groups(problem)]
    if near:
        found["distance"] = near
    if reach and problem.unreached_minutes is None:
        can = np.isfinite(problem.travel_minutes[problem.demand > 0])
        partly = np.unique(can[~can.all(axis=1)], axis=0)
        if len(partly):
            found["reach"] = [_at_least_one(np.flatnonzero(one)) for one in minimal(partly)]
    return found


def _at_least_one(places: Ints) -> tuple[Ints, Floats, float]:
    return places, np.full(len(places), -1.0), -1.0


def minimal(sets: NDArray[np.bool_], most: int = 4_000) -> NDArray[np.bool_]:
    """Those of distinct sets that hold no other one: whoever meets them meets all. More than `most` stay."""
    if len(sets) > most:
        return sets
    order = np.argsort(sets.sum(axis=1), kind="stable")
    values = sets[order].astype(np.float32)
    sizes = values.sum(axis=1)
    holds = (values @ values.T) >= sizes[None, :]  # holds[a, b]: b is within a
    np.fill_diagonal(holds, False)
    kept: NDArray[np.bool_] = sets[np.sort(order[~holds.any(axis=1)])]
    return kept


def near_groups(problem: SitingProblem) -> list[Ints]:
    """Groups of candidates, not existing, each too near every other: one of a group at most can be chosen.

    Every pair that is too near is in a group. As large groups leave the relaxation far less room than
    pairs do (Padberg, Mathematical Programming 5, 1973), each pair's group is grown while others are near all
    of it.
    """
    if problem.distance_m is None or problem.distance_min_m <= 0:
        return []
    is_new = np.array([one not in problem.existing for one in problem.candidate_ids])
    apart = np.minimum(problem.distance_m, problem.distance_m.T)
    near = (apart < problem.distance_min_m) & is_new[:, None] & is_new[None, :]
    np.fill_diagonal(near, False)
    waiting, found = np.triu(near), []
    for a, b in np.argwhere(waiting):
        if not waiting[a, b]:
            continue
        group = [a, b]
        others = near[a] & near[b]
        while others.any():
            # the one that brings most pairs not yet in a group, then the one that leaves most others
            new = waiting[:, group].sum(axis=1) + waiting[group].sum(axis=0)
            best = int(np.argmax(np.where(others, new * len(near) + near[:, others].sum(axis=1), -1)))
            group.append(best)
            others = others & near[best]
        places = np.array(sorted(group), dtype=np.int64)
        waiting[np.ix_(places, places)] = False
        found.append(places)
    return found


def cost_by_candidate(problem: SitingProblem) -> Floats:
    """Pounds paid when a candidate is chosen: running cost, and opening cost where it is no hub yet."""
    cost = np.zeros(len(problem.candidate_ids))
    if problem.running_cost_gbp is not None:
        cost = cost + problem.running_cost_gbp
    if problem.opening_cost_gbp is not None:
        is_new = np.array([one not in problem.existing for one in problem.candidate_ids])
        cost = cost + np.where(is_new, problem.opening_cost_gbp, 0.0)
    return cost


def rows_of(problem: SitingProblem, *, reach: bool, without: Collection[str] = ()) -> Rows:
    """The side conditions as the kernels read them."""
    every = entries_of(problem, reach=reach)
    listed = [row for kind, rows in every.items() if kind not in without for row in rows]
    return packed(listed, len(problem.candidate_ids))


def packed(listed: list[tuple[Ints, Floats, float]], n_candidates: int) -> Rows:
    """Rows of (candidates, values, limit) in both orders."""
    sizes = [len(places) for places, _, _ in listed]
    by_row = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    candidate = np.concatenate([np.empty(0, int), *(p for p, _, _ in listed)]).astype(np.int64)
    value = np.concatenate([np.empty(0), *(v for _, v, _ in listed)]).astype(np.float64)
    limit = np.array([one for _, _, one in listed], dtype=np.float64)
    row = np.repeat(np.arange(len(listed)), sizes).astype(np.int64)
    order = np.argsort(candidate, kind="stable")
    by_candidate = np.searchsorted(candidate[order], np.arange(n_candidates + 1)).astype(np.int64)
    return Rows(by_row, candidate, value, limit, by_candidate, row[order], value[order])


def status_of(problem: SitingProblem) -> Marks:
    """Each candidate's mark: may not, may, must be chosen."""
    found = np.full(len(problem.candidate_ids), FREE, dtype=np.int8)
    found[problem.places(problem.fixed)] = OPEN
    found[problem.places(problem.closed)] = CLOSED
    return found


def most_hubs(problem: SitingProblem) -> int:
    """Most hubs a plan can have; needs a number or a budget.

    Raises
    ------
    SitingError
    """
    n_may = len(problem.candidate_ids) - len(problem.closed)
    if problem.n_hubs is not None:
        return min(problem.n_hubs, n_may)
    if problem.budget_gbp is None:
        raise SitingError("Neither a number of hubs nor a budget is given: state n_hubs or budget_gbp.")
    status, cost = status_of(problem), cost_by_candidate(problem)
    left = problem.budget_gbp - cost[status == OPEN].sum()
    n_more = int((np.cumsum(np.sort(cost[status == FREE])) <= left + 1e-6).sum())
    return max(int((status == OPEN).sum()) + n_more, 1)


def constraints_of(rows: Rows, n_candidates: int, n_max: int | None) -> list[so.LinearConstraint]:
    """The same rows and at least one and at most `n_max` hubs as `scipy.optimize.milp` takes them."""
    found = []
    if len(rows.limit):
        shape = (len(rows.limit), n_candidates)
        found.append(
            so.LinearConstraint(sp.csr_array((rows.value, rows.candidate, rows.by_row), shape), ub=rows.limit)
        )
    most = np.inf if n_max is None else n_max
    found.append(so.LinearConstraint(sp.csr_array(np.ones((1, n_candidates))), lb=1.0, ub=most))
    return found


def cheapest_choice(worth: Floats, rows: Rows, status: Marks, n_max: int | None) -> Ints | None:
    """Candidates with the least sum of `worth` that keep to the rows; None where none do."""
    found = so.milp(
        worth,
        integrality=np.ones(len(worth)),
        bounds=so.Bounds((status == OPEN).astype(float), (status != CLOSED).astype(float)),
        constraints=constraints_of(rows, len(worth), n_max),
        options={"time_limit": 20.0},
    )
    if found.x is None and found.status != IMPOSSIBLE:
        raise SitingError("Whether any choice meets all that is asked was not decided in time: ask for less.")
    return None if found.x is None else np.flatnonzero(found.x > 0.5).astype(np.int64)


def require_possible(problem: SitingProblem, n_max: int | None) -> Ints:
    """Some choice that keeps to every side condition: places of candidates, rising.

    Raises
    ------
    SitingError
        When there is none: names each demand that alone stands in the way, or all of them.
    """
    status, worth = status_of(problem), -np.ones(len(problem.candidate_ids))
    found = cheapest_choice(worth, rows_of(problem, reach=True), status, n_max)
    if found is not None:
        return found
    kinds = [*entries_of(problem, reach=True), *(["n_hubs"] if problem.n_hubs is not None else [])]
    alone = []
    for kind in kinds:
        rows = rows_of(problem, reach=True, without=(kind,))
        if cheapest_choice(worth, rows, status, None if kind == "n_hubs" else n_max) is not None:
            alone.append(kind)
    named = "; ".join(WORDS[kind] for kind in alone or kinds)
    would = "Easing any one of these would help" if alone else "More than one of these has to be eased"
    raise SitingError(f"No choice of hubs meets all that is asked. {would}: {named}.")
