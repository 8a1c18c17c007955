"""Compiled: what a round takes in minutes, whether a driver can drive it, and what its visits are worth.

A visit below `n_items` is free: its number is that of its item, which is a stop in a session. The others are
fixed, and may have an hour. The worth of all visits is a sum over layers: the first visits of all stops make
the first layer, the second ones the next; in a layer each point counts by the best of its stops, and a layer
by `worth`. So a stop beside another adds only what the other does not reach, and so does a repeat.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.compiled import compiler

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

compiled = compiler(__file__)

SLACK = 1e-9


class Task(NamedTuple):
    """What is asked, as arrays.

    Parameters
    ----------
    by_item, point, gain : int64 (n_items + 1,), int64, float64
        What each item is worth at each point that it reaches.
    by_point, item, item_gain : int64 (n_points + 1,), int64, float64
        The same by point.
    is_must : bool (n_points,)
        Points that count in the first layer only: they stand for areas that may not be left out.
    item_session : int64 (n_items,)
    visit_item, visit_stop : int64 (n_visits,)
    visit_at : float64 (n_visits,)
        Minute at which it must begin; below nought for any.
    drive : float64 (n_stops + 1, n_stops + 1)
        Minutes between stops; the last is the depot.
    dwell : float
    round_session, round_group, round_sitting : int64 (n_rounds,)
        A group is a driver's day; a sitting a session on one day of one week, over all vehicles.
    earliest, latest : float64 (n_rounds,)
    by_group, group_round : int64 (n_groups + 1,), int64
        Rounds of each group in the order in which they are driven.
    shift, rest, rest_after : float
    worth : float64 (n_layers,)
    """

    by_item: Ints
    point: Ints
    gain: Floats
    by_point: Ints
    item: Ints
    item_gain: Floats
    is_must: Flags
    item_session: Ints
    visit_item: Ints
    visit_stop: Ints
    visit_at: Floats
    drive: Floats
    dwell: float
    round_session: Ints
    round_group: Ints
    round_sitting: Ints
    earliest: Floats
    latest: Floats
    by_group: Ints
    group_round: Ints
    shift: float
    rest: float
    rest_after: float
    worth: Floats


class Drawn(NamedTuple):
    """Rounds as they are drawn, changed in place.

    Parameters
    ----------
    visit : int64 (n_rounds, n_most)
    length, n_timed : int64 (n_rounds,)
        Visits of a round; those of them with an hour.
    minutes : float64 (n_rounds,)
        From leaving the depot to being back, the rest among it.
    n_of : int64 (n_items,)
    sits : bool (n_items, n_sittings)
    best : float64 (n_layers, n_points)
    next_gain, is_stale : float64 (n_items,), bool (n_items,)
        What one more visit adds; whether that is to be worked out anew.
    """

    visit: Ints
    length: Ints
    n_timed: Ints
    minutes: Floats
    n_of: Ints
    sits: Flags
    best: Floats
    next_gain: Floats
    is_stale: Flags


@compiled
def plain_minutes(drive: Floats, visit_stop: Ints, dwell: float, visits: Ints, n: int) -> float:
    """Minutes of a round without rest or waiting."""
    found, before = n * dwell, -1
    for k in range(n):
        stop = visit_stop[visits[k]]
        found += drive[before, stop]
        before = stop
    return found + drive[before, -1] if n else 0.0


@compiled
def with_rest(minutes: float, rest: float, rest_after: float) -> float:
    """The same with a rest where one is due."""
    return minutes + rest if minutes > rest_after + SLACK else minutes


@compiled
def clock(
    task: Task, visits: Ints, n: int, earliest: float, rest_at: int, arrive: Floats, depart: Floats
) -> tuple[float, float]:
    """Write when each visit begins and ends; when the round leaves and is back, infinite where it cannot be.

    Whoever is early waits at the stop before, or leaves the depot later. The rest is taken at the stop
    `rest_at`, below nought for none.
    """
    t, leave, is_timed = earliest, earliest, False
    for k in range(n):
        stop = task.visit_stop[visits[k]]
        t += task.drive[-1 if k == 0 else task.visit_stop[visits[k - 1]], stop]
        at = task.visit_at[visits[k]]
        if at >= 0:
            if t > at + SLACK:
                return leave, np.inf
            late = at - t
            if late > 0:
                if not is_timed:
                    leave += late
                    for j in range(k):
                        arrive[j] += late
                        depart[j] += late
                else:
                    depart[k - 1] += late
            t = at
            is_timed = True
        arrive[k] = t
        t += task.dwell
        if k == rest_at:
            t += task.rest
        depart[k] = t
    return leave, t + task.drive[task.visit_stop[visits[n - 1]], -1]


@compiled
def timetable(
    task: Task, visits: Ints, n: int, earliest: float, arrive: Floats, depart: Floats
) -> tuple[float, float]:
    """The same with a rest where one is due: at the last stop that ends before it is overdue."""
    leave, end = clock(task, visits, n, earliest, -1, arrive, depart)
    if end - leave <= task.rest_after + SLACK or end == np.inf or task.rest <= 0:
        return leave, end
    at, shortest = -1, np.inf
    for k in range(n):
        leave, end = clock(task, visits, n, earliest, k, arrive, depart)
        if end == np.inf:
            continue
        in_time = k == 0 or depart[k] - task.rest - leave <= task.rest_after + SLACK
        if end - leave < shortest - SLACK or (end - leave < shortest + SLACK and in_time):
            at, shortest = k, min(shortest, end - leave)
    if at < 0:
        return earliest, np.inf
    leave, end = clock(task, visits, n, earliest, at, arrive, depart)
    return leave, end


@compiled
def fits(
    task: Task,
    drawn: Drawn,
    changed: int,
    minutes: float,
    visits: Ints,
    n: int,
    n_timed: int,
    arrive: Floats,
    depart: Floats,
) -> bool:
    """Whether the driver's day holds when one round of it is changed.

    Parameters
    ----------
    changed : int
        The round; `visits`, `n` and `n_timed` are what it becomes. Where none has an hour only its `minutes`,
        the rest among them, are read.
    """
    group = task.round_group[changed]
    t, driven = 0.0, 0.0
    for at in range(task.by_group[group], task.by_group[group + 1]):
        r = task.group_round[at]
        length = n if r == changed else drawn.length[r]
        if length == 0:
            continue
        begins = max(t, task.earliest[r])
        timed = n_timed if r == changed else drawn.n_timed[r]
        if timed == 0:
            leave = begins
            end = begins + (minutes if r == changed else drawn.minutes[r])
        else:
            row = visits if r == changed else drawn.visit[r]
            leave, end = timetable(task, row, length, begins, arrive, depart)
        if end > task.latest[r] + SLACK:
            return False
        driven += end - leave
        t = end
    return driven <= task.shift + SLACK


@compiled
def room_of(task: Task, drawn: Drawn, r: int) -> float:
    """How many minutes a round may take, given the others of that day; -1 where one of them has an hour."""
    group = task.round_group[r]
    first, end = task.by_group[group], task.by_group[group + 1]
    others, before, latest, is_after = 0.0, 0.0, task.latest[r], False
    for at in range(first, end):
        q = task.group_round[at]
        if drawn.n_timed[q] > 0:
            return -1.0
        if q == r:
            is_after = True
        elif drawn.length[q] > 0:
            others += drawn.minutes[q]
            if not is_after:
                before = max(before, task.earliest[q]) + drawn.minutes[q]
    limit = np.inf
    for at in range(end - 1, first - 1, -1):
        q = task.group_round[at]
        if q == r:
            break
        if drawn.length[q] > 0:
            limit = min(limit, task.latest[q]) - drawn.minutes[q]
    latest = min(latest, limit)
    return float(max(0.0, min(task.shift - others, latest - max(before, task.earliest[r]))))


@compiled
def settle(task: Task, drawn: Drawn, r: int, arrive: Floats, depart: Floats) -> None:
    """Write the minutes of a round, and of those after it on that day that have an hour."""
    minutes = plain_minutes(task.drive, task.visit_stop, task.dwell, drawn.visit[r], drawn.length[r])
    drawn.minutes[r] = with_rest(minutes, task.rest, task.rest_after)
    group, t = task.round_group[r], 0.0
    for at in range(task.by_group[group], task.by_group[group + 1]):
        q = task.group_round[at]
        if drawn.length[q] == 0:
            continue
        begins = max(t, task.earliest[q])
        if drawn.n_timed[q] > 0:
            leave, end = timetable(task, drawn.visit[q], drawn.length[q], begins, arrive, depart)
            drawn.minutes[q] = end - leave
            t = end
        else:
            t = begins + drawn.minutes[q]
