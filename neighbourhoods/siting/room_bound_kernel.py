"""Compiled bound on plans in which every hub has room: no candidate is worth more than what fits.

The p-median's relaxation with a knapsack for each candidate that may take a part of one area (Dantzig,
Operations Research 5, 1957), after Christofides and Beasley (EJOR 12, 1983).
"""

from __future__ import annotations

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.siting import kernel as siting_kernel
from neighbourhoods.siting import relaxation_kernel as siting_relaxation_kernel
from neighbourhoods.siting.kernel import CLOSED, Flags, Floats, Marks, Rows
from neighbourhoods.siting.relaxation_kernel import propagate, select, settle

compiled = compiler(__file__, siting_relaxation_kernel.__file__, siting_kernel.__file__)

WIDER, NARROWER, N_WAITED, MOST_STEP, AVERAGED = 1.1, 0.8, 6, 2.0, 0.3
ROUNDING = 1e-12


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
                    if rest > ROUNDING * trial[i]:
                        count[i] -= 1.0
                    elif rest > -ROUNDING * trial[i]:
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
