"""Compiled lower bound of the p-median: a price for serving each area, raised until hubs just pay for it.

Relaxing "each area is served once" with prices u leaves a problem that is solved by looking: a candidate is
worth what it saves on the areas that it would serve below their price, and the best n are opened. Its value
is never above the optimum, for any prices (Cornuejols, Fisher and Nemhauser, Management Science 23, 1977);
side conditions are priced in the same way. Prices move along averaged subgradients, and the averages are
nearly the linear relaxation's own solution (volume algorithm: Barahona and Anbil, Mathematical Programming
87, 2000). A candidate whose forced opening (closing) lifts the bound over the best plan's cost is closed
(opened) for good.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from neighbourhoods import siting_kernel
from neighbourhoods.compiled import compiler
from neighbourhoods.siting_kernel import CLOSED, FREE, OPEN, SLACK, Floats, Ints, Marks, Rows, Singles

compiled = compiler(__file__, siting_kernel.__file__)

MOST_AVERAGED, LEAST_AVERAGED = 0.3, 0.03
WIDER, NARROWER, N_WAITED, MOST_STEP = 1.1, 0.8, 6, 2.0
LOOKED_AFTER = 40  # rounds


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


@compiled
def ascend(
    cost: Singles,
    lists: Lists,
    weight: Floats,
    rows: Rows,
    status: Marks,
    n_max: int,
    prices: Floats,
    row_prices: Floats,
    cutoff: float,
    target: float,
    n_rounds: int,
    step: float,
    least_rise: float,
    share: Floats,
    chosen: Marks,
) -> float:
    """Raise the bound by changing prices, and settle candidates on the way.

    Parameters
    ----------
    status : int8 (n_candidates,)
        Changed in place: what is settled for every plan cheaper than `cutoff`.
    prices, row_prices : float64 (n_areas,), float64 (n_rows,)
        Changed in place to the best found.
    target : float
        Cost of the best known plan, which sets how far a step goes.
    least_rise : float
        Given up when some rounds bring the bound nearer to `cutoff` by less than this share.
    share : float64 (n_candidates,)
        Written: average of how often each was chosen, nearly the relaxation's solution.
    chosen : int8 (n_candidates,)
        Written: the choice at the best prices.

    Returns
    -------
    float
        No plan within `status` as it was costs less, unless it costs `cutoff` or more; inf where
        there is none.
    """
    n, n_rows = len(weight), len(rows.limit)
    if not propagate(rows, status, n_max):
        return np.inf
    worth, is_in = np.empty(len(status)), np.zeros(len(status), np.int8)
    trial, row_trial = prices.copy(), row_prices.copy()
    slope, row_slope = np.empty(n), np.empty(n_rows)
    mean, row_mean = np.zeros(n), np.zeros(n_rows)
    scale = np.sum(weight) / n_max  # a row weighs as much as the areas of one hub
    best, n_waited, averaged, last = -np.inf, 0, MOST_AVERAGED, -np.inf
    low = least_prices(lists)
    if np.any(np.isinf(low)):
        return np.inf
    for i in range(n):
        trial[i] = min(max(trial[i], low[i]), lists.most[i])
    for k in range(n_rounds):
        value = worths(lists, weight, rows, trial, row_trial, worth)
        saved, worst, following = select(worth, status, n_max, is_in)
        value += saved
        slopes(cost, rows, trial, is_in, slope, row_slope)
        if value > best:
            if value >= cutoff:
                prices[:], row_prices[:], chosen[:] = trial, row_trial, is_in
                return float(value)
            along = 0.0
            for i in range(n):
                along += weight[i] * slope[i] * mean[i]
            best, n_waited = value, 0
            prices[:], row_prices[:], chosen[:] = trial, row_trial, is_in
            if along > 0.0 and k > 0:
                step = min(step * WIDER, MOST_STEP)
            if settle(worth, is_in, status, value, worst, following, cutoff) and not propagate(
                rows, status, n_max
            ):
                return np.inf
            if not np.any(status == FREE):
                break
        else:
            n_waited += 1
            if n_waited >= N_WAITED:
                step *= NARROWER
                n_waited = 0
        if k == 0:
            mean[:], row_mean[:] = slope, row_slope
            for j in range(len(share)):
                share[j] = is_in[j]
        else:
            # the mixture with the smallest norm
            top, below = 0.0, 0.0
            for i in range(n):
                apart = mean[i] - slope[i]
                top += weight[i] * mean[i] * apart
                below += weight[i] * apart * apart
            for r in range(n_rows):
                apart = row_mean[r] - row_slope[r]
                top += scale * row_mean[r] * apart
                below += scale * apart * apart
            a = averaged
            if below > 0.0:
                a = min(max(top / below, averaged / 10), averaged)
            for i in range(n):
                mean[i] += a * (slope[i] - mean[i])
            for r in range(n_rows):
                row_mean[r] += a * (row_slope[r] - row_mean[r])
            for j in range(len(share)):
                share[j] += a * (is_in[j] - share[j])
        if (k + 1) % LOOKED_AFTER == 0:
            if best - last < least_rise * (cutoff - best):
                break
            averaged = max(averaged / 2, LEAST_AVERAGED)
            last = best
        norm = 0.0
        for i in range(n):
            if mean[i] < 0.0 or trial[i] < lists.most[i]:
                norm += weight[i] * mean[i] * mean[i]
        for r in range(n_rows):
            norm += scale * row_mean[r] * row_mean[r]
        if norm <= 0.0:
            break
        length = step * max(target - best, 1e-12) / norm
        for i in range(n):
            trial[i] = min(max(prices[i] + length * mean[i], low[i]), lists.most[i])
        for r in range(n_rows):
            row_trial[r] = max(row_prices[r] + scale * length * row_mean[r], 0.0)
    return best
