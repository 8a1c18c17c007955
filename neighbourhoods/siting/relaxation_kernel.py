"""Compiled parts of the relaxation: lists of what is near, what candidates are worth at given prices.

For any prices of serving areas (and of side conditions) the sum of the prices and of what the chosen
candidates are worth is no more than the cost of any plan; `siting_bound_kernel` looks for good prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.siting import kernel as siting_kernel
from neighbourhoods.siting.kernel import CLOSED, FREE, OPEN, SLACK, Floats, Ints, Marks, Rows, Singles

compiled = compiler(__file__, siting_kernel.__file__)


class Lists(NamedTuple):
    """Each area's candidates, nearest first.

    Parameters
    ----------
    by_area : int64 (n_areas + 1,)
        Area i holds entries by_area[i] to by_area[i + 1] of
    candidate, cost : int32 (n_entries,), float32 (n_entries,)
    most : float64 (n_areas,)
        Highest price an area may have: what its nearest open hub costs, or being served by none, or where
        its list was cut; inf where it has to be served and its list is whole.
    """

    by_area: Ints
    candidate: Ints
    cost: Singles
    most: Floats


@compiled
def near_lists(cost: Singles, most: Floats, is_cut: bool) -> Lists:
    """Each area's candidates that cost less than `most`, sorted.

    Parameters
    ----------
    cost : float32 (n_candidates, n_areas)
    most : float64 (n_areas,)
    is_cut : bool
        Whether prices stop at `most`; else it only parts what can be reached from what cannot.
    """
    m, n = cost.shape
    by_area = np.zeros(n + 1, np.int64)
    for j in range(m):
        for i in range(n):
            by_area[i + 1] += np.float64(cost[j, i]) < most[i]
    by_area = np.cumsum(by_area)
    candidate, value = np.empty(by_area[n], np.int32), np.empty(by_area[n], np.float32)
    at = by_area[:n].copy()
    for j in range(m):
        for i in range(n):
            if np.float64(cost[j, i]) < most[i]:
                candidate[at[i]], value[at[i]] = j, cost[j, i]
                at[i] += 1
    for i in range(n):
        low, high = by_area[i], by_area[i + 1]
        order = np.argsort(value[low:high])
        candidate[low:high] = candidate[low:high][order]
        value[low:high] = value[low:high][order]
    return Lists(by_area, candidate, value, most.copy() if is_cut else np.full(n, np.inf))


@compiled
def reduced(lists: Lists, status: Marks) -> Lists:
    """Lists without closed candidates, and nothing from an area's nearest open one on."""
    n = len(lists.most)
    by_area = np.zeros(n + 1, np.int64)
    candidate, cost = np.empty_like(lists.candidate), np.empty_like(lists.cost)
    most = lists.most.copy()
    size = 0
    for i in range(n):
        for e in range(lists.by_area[i], lists.by_area[i + 1]):
            j = lists.candidate[e]
            if status[j] == CLOSED:
                continue
            if status[j] == OPEN:
                most[i] = min(most[i], np.float64(lists.cost[e]))
                break
            candidate[size], cost[size] = j, lists.cost[e]
            size += 1
        by_area[i + 1] = size
    return Lists(by_area, candidate[:size].copy(), cost[:size].copy(), most)


@compiled
def least_prices(lists: Lists) -> Floats:
    """Each area's nearest candidate's cost: a lower price never has a higher bound."""
    n = len(lists.most)
    found = lists.most.copy()
    for i in range(n):
        if lists.by_area[i] < lists.by_area[i + 1]:
            found[i] = min(found[i], np.float64(lists.cost[lists.by_area[i]]))
    return found


@compiled
def propagate(rows: Rows, status: Marks, n_max: int) -> bool:
    """Close and open what rows and the number of hubs leave no choice about; False when nothing fits."""
    changed = True
    while changed:
        changed = False
        n_open = 0
        for j in range(len(status)):
            n_open += status[j] == OPEN
        if n_open > n_max:
            return False
        if n_open == n_max:
            for j in range(len(status)):
                if status[j] == FREE:
                    status[j] = CLOSED
        for r in range(len(rows.limit)):
            least = 0.0
            for e in range(rows.by_row[r], rows.by_row[r + 1]):
                mark = status[rows.candidate[e]]
                if mark == OPEN or (mark == FREE and rows.value[e] < 0.0):
                    least += rows.value[e]
            if least > rows.limit[r] + SLACK:
                return False
            for e in range(rows.by_row[r], rows.by_row[r + 1]):
                j = rows.candidate[e]
                if status[j] == FREE and least + abs(rows.value[e]) > rows.limit[r] + SLACK:
                    status[j] = CLOSED if rows.value[e] > 0.0 else OPEN
                    changed = True
    return True


@compiled
def worths(
    lists: Lists, weight: Floats, rows: Rows, prices: Floats, row_prices: Floats, worth: Floats
) -> float:
    """Write what each candidate is worth at these prices (negative: it saves); the sum of the prices."""
    worth[:] = 0.0
    found = 0.0
    for i in range(len(weight)):
        u, w = prices[i], weight[i]
        found += w * u
        for e in range(lists.by_area[i], lists.by_area[i + 1]):
            c = np.float64(lists.cost[e])
            if c >= u:
                break
            worth[lists.candidate[e]] += w * (c - u)
    for r in range(len(rows.limit)):
        if row_prices[r] > 0.0:
            found -= row_prices[r] * rows.limit[r]
            for e in range(rows.by_row[r], rows.by_row[r + 1]):
                worth[rows.candidate[e]] += row_prices[r] * rows.value[e]
    return found


@compiled
def select(worth: Floats, status: Marks, n_max: int, is_in: Marks) -> tuple[float, float, float]:
    """Choose the open ones and the best free ones; their sum, the worst free one in and the best one out."""
    n_left, found = n_max, 0.0
    n_free = 0
    for j in range(len(worth)):
        is_in[j] = status[j] == OPEN
        if status[j] == OPEN:
            n_left -= 1
            found += worth[j]
        n_free += status[j] == FREE
    free, value = np.empty(n_free, np.int64), np.empty(n_free)
    n_free = 0
    for j in range(len(worth)):
        if status[j] == FREE:
            free[n_free], value[n_free] = j, worth[j]
            n_free += 1
    worst, following = 0.0, np.inf
    order = np.argsort(value)
    for place in range(n_free):
        at = order[place]
        if place < n_left and value[at] < 0.0:
            is_in[free[at]] = 1
            found += value[at]
            if place == n_left - 1:
                worst = value[at]
        else:
            following = value[at]
            break
    return found, worst, following


@compiled
def slopes(cost: Singles, rows: Rows, prices: Floats, is_in: Marks, slope: Floats, row_slope: Floats) -> None:
    """Write how the bound changes with each price, by unit of weight: 1 less the hubs that would serve."""
    slope[:] = 1.0
    for j in range(len(is_in)):
        if is_in[j]:
            row = cost[j]
            for i in range(len(row)):
                slope[i] -= row[i] < prices[i]
    for r in range(len(rows.limit)):
        found = -rows.limit[r]
        for e in range(rows.by_row[r], rows.by_row[r + 1]):
            found += rows.value[e] * is_in[rows.candidate[e]]
        row_slope[r] = found


@compiled
def settle(
    worth: Floats, is_in: Marks, status: Marks, bound: float, worst: float, following: float, cutoff: float
) -> int:
    """Close and open what no plan cheaper than `cutoff` leaves a choice about; how many."""
    n_settled = 0
    for j in range(len(worth)):
        if status[j] != FREE:
            continue
        if is_in[j]:
            if bound - worth[j] + min(following, 0.0) >= cutoff:
                status[j] = OPEN
                n_settled += 1
        elif bound + worth[j] - worst >= cutoff:
            status[j] = CLOSED
            n_settled += 1
    return n_settled
