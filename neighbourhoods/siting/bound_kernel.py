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

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.siting import kernel as siting_kernel
from neighbourhoods.siting import relaxation_kernel as siting_relaxation_kernel
from neighbourhoods.siting.kernel import FREE, Floats, Marks, Rows, Singles
from neighbourhoods.siting.relaxation_kernel import (
    Lists,
    least_prices,
    propagate,
    select,
    settle,
    slopes,
    worths,
)

compiled = compiler(__file__, siting_relaxation_kernel.__file__, siting_kernel.__file__)

MOST_AVERAGED, LEAST_AVERAGED = 0.3, 0.03
WIDER, NARROWER, N_WAITED, MOST_STEP = 1.1, 0.8, 6, 2.0
LOOKED_AFTER = 40  # rounds


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
