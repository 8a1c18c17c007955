"""Hubs with capacities: each area goes as a whole to one hub that has room, solved as one integer model.

The nearest hub may be full, so who goes where is part of the choice. Pairs of area and candidate that no plan
better than a known one can use are left out beforehand, by the prices of the problem without capacities
(whose bound holds here too); so nothing is trimmed by guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.optimize as so
import scipy.sparse as sp

from neighbourhoods.siting.kernel import CLOSED, OPEN, Flags, Floats, Ints, Marks, Rows
from neighbourhoods.siting.problem import SitingError
from neighbourhoods.siting.rows import IMPOSSIBLE, constraints_of


@dataclass(frozen=True, eq=False)
class Assignment:
    """An integer model's answer.

    Parameters
    ----------
    chosen : int64
        Places of candidates.
    hub_by_area : int64 (n_areas,)
        -1 where an area is served by none.
    value, bound : float
        Of the model's objective, to be made small.
    """

    chosen: Ints
    hub_by_area: Ints
    value: float
    bound: float
    n_nodes: int


@dataclass(frozen=True, eq=False)
class Room:
    """What all capacitated models share.

    Parameters
    ----------
    usable : bool (n_areas, n_candidates)
        Pairs that may be used.
    people : float64 (n_areas,)
    capacity : float64 (n_candidates,)
    """

    usable: Flags
    people: Floats
    capacity: Floats
    rows: Rows
    status: Marks
    n_max: int | None
    time_limit_s: float


def solve_assignment(
    room: Room,
    pair_value: Floats,
    none_value: Floats | None,
    hub_value: float = 0.0,
    *,
    least_served: tuple[Floats, float] | None = None,
    worst: tuple[Floats, float] | None = None,
    known: Assignment | None = None,
) -> Assignment:
    """The least sum of values of pairs, of areas that go nowhere and of hubs.

    Parameters
    ----------
    pair_value : float64 (n_areas, n_candidates)
    none_value : float64 (n_areas,), optional
        What an area costs that goes nowhere; each must go somewhere where it is not given.
    least_served : (float64 (n_areas,), float), optional
        Weights whose sum over areas that go somewhere must reach a number.
    worst : (float64 (n_areas,), float), optional
        Weights and a number b: the objective is then t + sum of weight x max(0, value - t) / b, least over
        t; with all weights 0 it is the largest value.

    known : Assignment, optional
        A plan that keeps to everything: handed back with the model's bound where the model found no better.

    Raises
    ------
    SitingError
        When nothing fits, or nothing was found in time and nothing is known.
    """
    n, m = room.usable.shape
    area, hub = np.nonzero(room.usable)
    n_pairs = len(area)
    n_none = n if none_value is not None else 0
    n_more = 0 if worst is None else (1 if worst[1] == 0 else 1 + n)
    places = np.arange(n_pairs)
    ones = np.ones(n_pairs)

    def block(rows: int, parts: list[tuple[int, Ints, Ints, Floats]]) -> sp.csr_array:
        """Columns: hubs, pairs, areas that go nowhere, the worst case's own; parts by first column."""
        offset = [0, m, m + n_pairs, m + n_pairs + n_none]
        row = np.concatenate([one[1] for one in parts])
        column = np.concatenate([offset[one[0]] + one[2] for one in parts])
        value = np.concatenate([one[3] for one in parts])
        return sp.csr_array((value, (row, column)), shape=(rows, offset[3] + n_more))

    every = np.arange(n)
    nowhere = [(2, every, every, np.ones(n))] if n_none else []
    finite = np.where(np.isfinite(room.capacity), room.capacity, room.people.sum())
    unit = max(float(room.people.max()), 1.0)
    constraints = [
        so.LinearConstraint(block(n, [(1, area, places, ones), *nowhere]), 1.0, 1.0),
        so.LinearConstraint(block(n_pairs, [(1, places, places, ones), (0, places, hub, -ones)]), ub=0.0),
        so.LinearConstraint(
            block(
                m,
                [(1, hub, places, room.people[area] / unit), (0, np.arange(m), np.arange(m), -finite / unit)],
            ),
            ub=0.0,
        ),
    ]
    for one in constraints_of(room.rows, m, room.n_max):
        held = one.A.tocoo()
        constraints.append(
            so.LinearConstraint(block(one.A.shape[0], [(0, held.row, held.col, held.data)]), one.lb, one.ub)
        )
    if least_served is not None:
        weight, least = least_served
        part = (1, np.zeros(n_pairs, dtype=np.int64), places, weight[area] / max(least, 1.0))
        constraints.append(so.LinearConstraint(block(1, [part]), lb=least / max(least, 1.0) * (1 - 1e-9)))
    values = pair_value[area, hub]
    scale = max(float(np.abs(values).max(initial=0.0)), hub_value, 1e-12)
    objective = [np.full(m, hub_value / scale), values / scale]
    if none_value is not None:
        objective.append(none_value / scale)
    if worst is not None:
        objective = [np.zeros(m + n_pairs + n_none), np.ones(1)]
        parts = [(3, every, np.zeros(n, dtype=np.int64), np.ones(n)), (1, area, places, -values / scale)]
        if none_value is not None:
            parts.append((2, every, every, -none_value / scale))
        if worst[1] > 0:
            parts.append((3, every, every + 1, np.ones(n)))
            objective.append(worst[0] / worst[1])
        constraints.append(so.LinearConstraint(block(n, parts), lb=0.0))
    n_columns = m + n_pairs + n_none + n_more
    low, high = np.zeros(n_columns), np.ones(n_columns)
    low[:m], high[:m] = room.status == OPEN, room.status != CLOSED
    high[m + n_pairs + n_none :] = np.inf
    whole = np.ones(n_columns)
    whole[m + n_pairs + n_none :] = 0.0
    found = so.milp(
        np.concatenate(objective),
        integrality=whole,
        bounds=so.Bounds(low, high),
        constraints=constraints,
        options={"time_limit": room.time_limit_s, "mip_rel_gap": 0.0},
    )
    if known is not None and (found.x is None or found.fun * scale > known.value):
        if found.status == IMPOSSIBLE:  # what was left out could not have been better
            return replace(known, bound=known.value)
        dual = found.mip_dual_bound
        return replace(known, bound=-np.inf if dual is None else min(float(dual) * scale, known.value))
    if found.x is None:
        raise SitingError(
            "No plan has room for everybody: allow more hubs, larger ones or longer journeys."
            if found.status == IMPOSSIBLE
            else "No plan with these capacities was found in time: allow more time or larger hubs."
        )
    hub_by_area = np.full(n, -1)
    taken = found.x[m : m + n_pairs] > 0.5
    hub_by_area[area[taken]] = hub[taken]
    return Assignment(
        np.flatnonzero(found.x[:m] > 0.5).astype(np.int64),
        hub_by_area,
        float(found.fun) * scale,
        float(found.mip_dual_bound) * scale,
        int(found.mip_node_count),
    )
