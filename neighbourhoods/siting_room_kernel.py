"""Compiled: plans in which every hub has room for its people, and a bound on them.

A plan fills its hubs with those first who lose most by their second choice, then moves and exchanges single
areas. The bound is the p-median's, in which a candidate cannot be worth more than what fits: a knapsack that
may take a part of one area (Dantzig, Operations Research 5, 1957), after Christofides and Beasley (EJOR 12,
1983).
"""

from __future__ import annotations

import numpy as np

from neighbourhoods import siting_bound_kernel, siting_kernel
from neighbourhoods.compiled import compiler
from neighbourhoods.siting_bound_kernel import propagate, select, settle
from neighbourhoods.siting_kernel import (
    CLOSED,
    OPEN,
    Flags,
    Floats,
    Ints,
    Marks,
    Rows,
    is_allowed,
    loads,
)

compiled = compiler(__file__, siting_bound_kernel.__file__, siting_kernel.__file__)

SLACK = 1e-9
N_PASSES = 50
WIDER, NARROWER, N_WAITED, MOST_STEP, AVERAGED = 1.1, 0.8, 6, 2.0, 0.3


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


@compiled
def knapsack(gain: Floats, people: Floats, n: int, capacity: float) -> tuple[float, float, float]:
    """Most gain of the first n items that fits, parts allowed; the critical gain per person, and its part."""
    whole, weight = 0.0, 0.0
    for i in range(n):
        whole += gain[i]
        weight += people[i]
    if weight <= capacity:
        return whole, 0.0, 1.0
    ratio = np.empty(n)
    for i in range(n):
        ratio[i] = gain[i] / people[i] if people[i] > 0.0 else np.inf
    order = np.argsort(-ratio)
    found, left = 0.0, capacity
    for i in order:
        if people[i] > left:
            part = left / people[i]
            return found + gain[i] * part, ratio[i], part
        found += gain[i]
        left -= people[i]
    return found, 0.0, 1.0


@compiled
def ascend_with_room(
    value: Floats,
    people: Floats,
    capacity: Floats,
    rows: Rows,
    status: Marks,
    n_max: int,
    scale: Floats,
    prices: Floats,
    cutoff: float,
    n_rounds: int,
    step: float,
    usable: Flags,
    met: Marks,
) -> tuple[float, int]:
    """Raise the bound on plans with room for all; close what no plan cheaper than `cutoff` uses.

    Parameters
    ----------
    scale : float64 (n_areas,)
        How far prices of each area move, by unit of slope.
    prices : float64 (n_areas,)
        Changed in place; in the unit of `value`.
    usable : bool (n_candidates, n_areas)
        Changed in place: pairs that a plan cheaper than `cutoff` may use.
    met : int8 (n_rounds, n_candidates)
        Written: the choices at each rise of the bound.

    Returns
    -------
    (float, int)
        The bound, and the number of choices written.
    """
    m, n = value.shape
    worth, critical, part = np.empty(m), np.empty(m), np.empty(m)
    gain, count = np.empty(n), np.empty(n)
    held, which = np.empty(n), np.empty(n, np.int64)
    is_in = np.zeros(m, np.int8)
    trial, mean = prices.copy(), np.zeros(n)
    best, n_waited, n_met = -np.inf, 0, 0
    if not propagate(rows, status, n_max):
        return np.inf, 0
    for k in range(n_rounds):
        bound = np.sum(trial)
        for j in range(m):
            size = 0
            if status[j] != CLOSED:
                for i in range(n):
                    if usable[j, i] and value[j, i] < trial[i]:
                        gain[size], held[size], which[size] = trial[i] - value[j, i], people[i], i
                        size += 1
            found, critical[j], part[j] = knapsack(gain, held, size, capacity[j])
            worth[j] = -found
        saved, worst, following = select(worth, status, n_max, is_in)
        bound += saved
        count[:] = 1.0
        for j in range(m):
            if not is_in[j]:
                continue
            for i in range(n):
                if usable[j, i] and value[j, i] < trial[i]:
                    rest = trial[i] - value[j, i] - critical[j] * people[i]
                    if rest > 1e-12 * trial[i]:
                        count[i] -= 1.0
                    elif rest > -1e-12 * trial[i]:
                        count[i] -= part[j]
        if bound > best:
            along = np.sum(scale * count * mean)
            best, n_waited = bound, 0
            prices[:] = trial
            met[n_met] = is_in
            n_met += 1
            if bound >= cutoff:
                return bound, n_met
            if along > 0.0 and k > 0:
                step = min(step * WIDER, MOST_STEP)
            for j in range(m):
                opened = 0.0 if is_in[j] else max(worth[j] - worst, 0.0)
                for i in range(n):
                    if usable[j, i]:
                        rest = trial[i] - value[j, i] - critical[j] * people[i]
                        if bound + opened + max(-rest, 0.0) >= cutoff:
                            usable[j, i] = False
            if settle(worth, is_in, status, bound, worst, following, cutoff) and not propagate(
                rows, status, n_max
            ):
                return np.inf, n_met
        else:
            n_waited += 1
            if n_waited >= N_WAITED:
                step *= NARROWER
                n_waited = 0
        mean += (1.0 if k == 0 else AVERAGED) * (count - mean)
        norm = np.sum(scale * mean * mean)
        if norm <= 0.0:
            break
        length = step * max(cutoff - best, 1e-12) / norm
        trial[:] = np.maximum(prices + length * scale * mean, 0.0)
    return best, n_met
