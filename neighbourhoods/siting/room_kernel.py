"""Compiled plans in which every hub has room for its people.

A plan fills its hubs with those first who lose most by their second choice, then moves and exchanges single
areas; then hubs are exchanged while that is cheaper with room for all.
"""

from __future__ import annotations

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.siting import kernel as siting_kernel
from neighbourhoods.siting.kernel import CLOSED, OPEN, Floats, Ints, Marks, Rows, is_allowed, loads

compiled = compiler(__file__, siting_kernel.__file__)

SLACK = 1e-9
N_PASSES = 50


@compiled
def fill(value: Floats, people: Floats, capacity: Floats, chosen: Ints, by_size: bool, hub: Ints) -> float:
    """Give each area a hub that has room, cheaply; the cost, or inf where no room was found for some.

    Parameters
    ----------
    value : float64 (n_candidates, n_areas)
        Cost of each pair; inf where it cannot be used.
    by_size : bool
        Whether large areas choose first, in place of those that lose most by their second choice.
    hub : int64 (n_areas,)
        Written: places in `chosen`.
    """
    n, k = value.shape[1], len(chosen)
    left = capacity[chosen].copy()
    regret = np.empty(n)
    for i in range(n):
        best, second = np.inf, np.inf
        for a in range(k):
            c = value[chosen[a], i]
            if c < best:
                best, second = c, best
            elif c < second:
                second = c
        if best == np.inf:
            return np.inf
        regret[i] = people[i] if by_size else (second - best if second < np.inf else np.inf)
    for i in np.argsort(-regret):
        best, at = np.inf, -1
        for a in range(k):
            c = value[chosen[a], i]
            if c < best and people[i] <= left[a] + SLACK:
                best, at = c, a
        if at < 0:
            return np.inf
        hub[i] = at
        left[at] -= people[i]
    for _ in range(N_PASSES):
        changed = False
        for i in range(n):
            now = value[chosen[hub[i]], i]
            for a in range(k):
                if value[chosen[a], i] < now - SLACK and people[i] <= left[a] + SLACK:
                    left[hub[i]] += people[i]
                    left[a] -= people[i]
                    hub[i], now, changed = a, value[chosen[a], i], True
        for i in range(n):
            for o in range(i + 1, n):
                a, b = hub[i], hub[o]
                more = people[o] - people[i]
                if a == b or more > left[a] + SLACK or -more > left[b] + SLACK:
                    continue
                gain = value[chosen[a], i] + value[chosen[b], o] - value[chosen[b], i] - value[chosen[a], o]
                if gain > SLACK:
                    left[a] -= more
                    left[b] += more
                    hub[i], hub[o], changed = b, a, True
        if not changed:
            break
    found = 0.0
    for i in range(n):
        found += value[chosen[hub[i]], i]
    return found


@compiled
def least(value: Floats, chosen: Ints) -> float:
    """Cost of a plan if every hub had room."""
    found = 0.0
    for i in range(value.shape[1]):
        best = np.inf
        for j in chosen:
            best = min(best, value[j, i])
        found += best
    return found


@compiled
def exchange_with_room(
    value: Floats,
    people: Floats,
    capacity: Floats,
    rows: Rows,
    status: Marks,
    chosen: Ints,
    order: Ints,
    hub: Ints,
    n_looks: int,
) -> float:
    """Exchange hubs of a plan while that is cheaper with room for all; `chosen` and `hub` change in place.

    At most `n_looks` plans are filled; the cost, inf where no plan with room was found.
    """
    trial = np.empty_like(hub)
    best = fill(value, people, capacity, chosen, False, hub)
    if best == np.inf:
        best = fill(value, people, capacity, chosen, True, hub)
    load = loads(rows, chosen, len(chosen))
    is_in = np.zeros(len(status), np.bool_)
    is_in[chosen] = True
    since, n_filled = 0, 0
    while since < len(order) and n_filled < n_looks:
        for j in order:
            since += 1
            if since > len(order) or n_filled >= n_looks:
                break
            if is_in[j] or status[j] == CLOSED:
                continue
            for a in range(len(chosen)):
                out = chosen[a]
                if status[out] == OPEN or not is_allowed(rows, load, out, j):
                    continue
                chosen[a] = j
                cost = np.inf
                if np.sum(capacity[chosen]) >= np.sum(people) and least(value, chosen) < best:
                    n_filled += 1
                    cost = fill(value, people, capacity, chosen, False, trial)
                if cost < best * (1 - SLACK):
                    best = cost
                    hub[:] = trial
                    is_in[out], is_in[j] = False, True
                    load = loads(rows, chosen, len(chosen))
                    since = 0
                    break
                chosen[a] = out
    return float(best)
