"""Compiled interchange: hubs of a plan are exchanged for better ones until no single exchange helps.

Whatever is decided beside journeys (a budget, sets of which one must be chosen, pairs too near each other) is
a row: a sum over chosen candidates that must not pass a limit. So one check serves them all. Interchange
after Teitz and Bart (Operations Research 16, 1968); the gain of all exchanges with one new hub in one run
over the areas after Whitaker (INFOR 21, 1983) and Resende and Werneck (Annals of Operations Research 150,
2007).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.compiled import compiler

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Marks = NDArray[np.int8]
Flags = NDArray[np.bool_]

compiled = compiler(__file__)

CLOSED, FREE, OPEN = -1, 0, 1
SLACK = 1e-9
LEAST_GAIN = 1e-10  # of the cost: less is rounding


class Rows(NamedTuple):
    """Side conditions: sum of `value` over the chosen candidates of a row is at most its `limit`.

    Parameters
    ----------
    by_row : int64 (n_rows + 1,)
        Row r holds entries by_row[r] to by_row[r + 1] of
    candidate, value : int64 (n_entries,), float64 (n_entries,)
    limit : float64 (n_rows,)
    by_candidate : int64 (n_candidates + 1,)
        The same entries by candidate, in
    row, amount : int64 (n_entries,), float64 (n_entries,)
    """

    by_row: Ints
    candidate: Ints
    value: Floats
    limit: Floats
    by_candidate: Ints
    row: Ints
    amount: Floats


@compiled
def nearest_two(
    cost: Singles, chosen: Ints, n_chosen: int, first: Ints, cost_first: Floats, cost_second: Floats
) -> None:
    """Write each area's nearest hub (its place in `chosen`) and the costs of its nearest two, or inf."""
    cost_first[:] = np.inf
    cost_second[:] = np.inf
    first[:] = -1
    for place in range(n_chosen):
        row = cost[chosen[place]]
        for i in range(len(row)):
            c = row[i]
            if c < cost_first[i]:
                cost_second[i] = cost_first[i]
                cost_first[i] = c
                first[i] = place
            elif c < cost_second[i]:
                cost_second[i] = c


@compiled
def total(weight: Floats, cost_first: Floats) -> float:
    """Weighted sum of costs."""
    found = 0.0
    for i in range(len(weight)):
        if weight[i] > 0.0:
            found += weight[i] * cost_first[i]
    return found


@compiled
def is_allowed(rows: Rows, load: Floats, out: int, new: int) -> bool:
    """Whether rows with sums `load` hold after `out` (-1 for none) is closed and `new` (or -1) opened."""
    if len(rows.limit) == 0:
        return True
    if out >= 0:
        for e in range(rows.by_candidate[out], rows.by_candidate[out + 1]):
            load[rows.row[e]] -= rows.amount[e]
    if new >= 0:
        for e in range(rows.by_candidate[new], rows.by_candidate[new + 1]):
            load[rows.row[e]] += rows.amount[e]
    fits = True
    if out >= 0:
        for e in range(rows.by_candidate[out], rows.by_candidate[out + 1]):
            if load[rows.row[e]] > rows.limit[rows.row[e]] + SLACK:
                fits = False
    if new >= 0:
        for e in range(rows.by_candidate[new], rows.by_candidate[new + 1]):
            if load[rows.row[e]] > rows.limit[rows.row[e]] + SLACK:
                fits = False
    if out >= 0:
        for e in range(rows.by_candidate[out], rows.by_candidate[out + 1]):
            load[rows.row[e]] += rows.amount[e]
    if new >= 0:
        for e in range(rows.by_candidate[new], rows.by_candidate[new + 1]):
            load[rows.row[e]] -= rows.amount[e]
    return fits


@compiled
def loads(rows: Rows, chosen: Ints, n_chosen: int) -> Floats:
    """Each row's sum over the chosen candidates."""
    load = np.zeros(len(rows.limit))
    for place in range(n_chosen):
        j = chosen[place]
        for e in range(rows.by_candidate[j], rows.by_candidate[j + 1]):
            load[rows.row[e]] += rows.amount[e]
    return load


@compiled
def profit_of(
    row: Singles, weight: Floats, first: Ints, cost_first: Floats, cost_second: Floats, loss: Floats
) -> float:
    """Gain of opening the candidate with costs `row`; `loss` becomes what closing each hub then costs."""
    loss[:] = 0.0
    gain = 0.0
    for i in range(len(row)):
        c = row[i]
        if c < cost_first[i]:
            gain += weight[i] * (cost_first[i] - c)
        else:
            loss[first[i]] += weight[i] * (min(np.float64(c), cost_second[i]) - cost_first[i])
    return gain


@compiled
def interchange(
    cost: Singles,
    weight: Floats,
    rows: Rows,
    status: Marks,
    chosen: Ints,
    n_chosen: int,
    order: Ints,
) -> tuple[float, int, int]:
    """Improve a plan by additions and exchanges until none helps.

    Parameters
    ----------
    cost : float32 (n_candidates, n_areas)
        Finite; one contiguous row for each candidate.
    status : int8 (n_candidates,)
        `CLOSED`, `FREE` or `OPEN`.
    chosen : int64 (n_max,)
        Changed in place; the first `n_chosen` count.
    order : int64 (n_candidates,)
        In which order candidates are tried.

    Returns
    -------
    (float, int, int)
        Cost, number of hubs, number of changes made.
    """
    n, n_max = cost.shape[1], len(chosen)
    first, cost_first, cost_second = np.empty(n, np.int64), np.empty(n), np.empty(n)
    is_in = np.zeros(len(cost), np.bool_)
    for place in range(n_chosen):
        is_in[chosen[place]] = True
    loss = np.empty(n_max)
    load = loads(rows, chosen, n_chosen)
    nearest_two(cost, chosen, n_chosen, first, cost_first, cost_second)
    now = total(weight, cost_first)
    n_changes, since = 0, 0
    while since < len(order):
        for j in order:
            since += 1
            if since > len(order):
                break
            if is_in[j] or status[j] == CLOSED:
                continue
            gain = profit_of(cost[j], weight, first, cost_first, cost_second, loss)
            best, out = LEAST_GAIN * now, -2
            if n_chosen < n_max and gain > best and is_allowed(rows, load, -1, j):
                best, out = gain, -1
            for place in range(n_chosen):
                r = chosen[place]
                if status[r] != OPEN and gain - loss[place] > best and is_allowed(rows, load, r, j):
                    best, out = gain - loss[place], place
            if out == -2:
                continue
            if out == -1:
                out = n_chosen
                n_chosen += 1
            else:
                is_in[chosen[out]] = False
            chosen[out] = j
            is_in[j] = True
            load = loads(rows, chosen, n_chosen)
            nearest_two(cost, chosen, n_chosen, first, cost_first, cost_second)
            now = total(weight, cost_first)
            n_changes += 1
            since = 0
    return now, n_chosen, n_changes


@compiled
def plan_cost(cost: Singles, weight: Floats, chosen: Ints) -> float:
    """Weighted cost of a plan."""
    found = 0.0
    for i in range(cost.shape[1]):
        best = np.inf
        for j in chosen:
            best = min(best, np.float64(cost[j, i]))
        if weight[i] > 0.0:
            found += weight[i] * best
    return found
