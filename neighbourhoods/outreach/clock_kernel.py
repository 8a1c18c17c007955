"""Compiled: the hours of a round, heeding those of its visits and the windows of its stops.

A visit begins as early as its hour, its window and the way to it allow; then the round leaves the depot as
late as it can without being back later. Whoever is early nevertheless waits at the stop before for as long as
that is open, and then on the way.
"""

from __future__ import annotations

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.outreach import task as outreach_task
from neighbourhoods.outreach.task import CLOSED, IN_PART, NONE, OPEN, SLACK, Drawn, Floats, Ints, Task

SOURCES = (
    __file__,
    outreach_task.__file__,
)
compiled = compiler(*SOURCES, makes_arrays=False)
inner = compiler(*SOURCES, is_inner=True, makes_arrays=False)


@inner
def is_held(task: Task, v: int, r: int) -> bool:
    """Whether a visit has an hour, or its stop a window, in a round."""
    return bool(task.visit_at[v] >= 0 or task.hours[task.visit_stop[v], r] != OPEN)


@inner
def span(task: Task, v: int, r: int) -> tuple[float, float]:
    """Between which times a visit lies in any case: from the first window of that day to the last."""
    stop = task.visit_stop[v]
    row = 7 * stop + task.round_day[r]
    if task.hours[stop, r] != IN_PART or task.by_window[row] == task.by_window[row + 1]:
        return -np.inf, np.inf
    return task.opens[task.by_window[row]], task.closes[task.by_window[row + 1] - 1]


@inner
def next_start(task: Task, v: int, r: int, t: float, stay: float) -> float:
    """When a visit begins at the earliest from `t` on; infinite where it cannot."""
    at, stop = task.visit_at[v], task.visit_stop[v]
    if at >= 0:
        if t > at + SLACK:
            return np.inf
        t = at
    if task.hours[stop, r] == OPEN:
        return t
    if task.hours[stop, r] == CLOSED:
        return np.inf
    row = 7 * stop + task.round_day[r]
    for w in range(task.by_window[row], task.by_window[row + 1]):
        start = max(t, task.opens[w])
        if start + stay <= task.closes[w] + SLACK:
            return np.inf if at >= 0 and start > at + SLACK else start
    return np.inf


@inner
def last_start(task: Task, v: int, r: int, t: float, stay: float) -> float:
    """When a visit begins at the latest up to `t`; infinitely early where it cannot."""
    at, stop = task.visit_at[v], task.visit_stop[v]
    if at >= 0:
        if t < at - SLACK:
            return -np.inf
        t = at
    if task.hours[stop, r] == OPEN:
        return t
    if task.hours[stop, r] == CLOSED:
        return -np.inf
    row = 7 * stop + task.round_day[r]
    for w in range(task.by_window[row + 1] - 1, task.by_window[row] - 1, -1):
        start = min(t, task.closes[w] - stay)
        if start >= task.opens[w] - SLACK:
            return -np.inf if at >= 0 and start < at - SLACK else start
    return -np.inf


@inner
def closing(task: Task, v: int, r: int, t: float) -> float:
    """When the stop of a visit that begins at `t` closes."""
    stop = task.visit_stop[v]
    if task.hours[stop, r] != IN_PART:
        return np.inf
    row = 7 * stop + task.round_day[r]
    for w in range(task.by_window[row], task.by_window[row + 1]):
        if t + task.dwell <= task.closes[w] + SLACK:
            return float(task.closes[w])
    return t + task.dwell


@inner
def clock(
    task: Task, visits: Ints, n: int, r: int, earliest: float, rest_at: int, arrive: Floats, depart: Floats
) -> tuple[float, float]:
    """Write when each visit begins and ends; when the round leaves and is back, infinite where it cannot be.

    Parameters
    ----------
    rest_at : int
        The visit after which the rest is taken, where its bus stands, below nought for none.
    """
    leave, end = earliest, np.inf
    for turn in range(2):
        t, is_early, before = leave, False, -1
        for k in range(n):
            v = visits[k]
            stop = task.visit_stop[v]
            t += task.drive[before, stop]
            before = stop
            stay = task.dwell + (task.rest if k == rest_at else 0.0)
            start = next_start(task, v, r, t, stay)
            if start == np.inf:
                return earliest, np.inf
            if start > t + SLACK:
                is_early = True
                if turn == 1 and k > 0:
                    shut = closing(task, visits[k - 1], r, arrive[k - 1])
                    depart[k - 1] += max(0.0, min(start - t, shut - depart[k - 1]))
            arrive[k], depart[k] = start, start + stay
            t = start + stay
        end = t + task.drive[before, -1]
        if turn == 1 or not is_early:
            break
        late = t
        for k in range(n - 1, -1, -1):
            stay = task.dwell + (task.rest if k == rest_at else 0.0)
            late = last_start(task, visits[k], r, late - stay, stay)
            late -= task.drive[-1 if k == 0 else task.visit_stop[visits[k - 1]], task.visit_stop[visits[k]]]
        leave = max(late, earliest)
    return leave, end


@compiled
def timetable(
    task: Task, visits: Ints, n: int, r: int, earliest: float, arrive: Floats, depart: Floats
) -> tuple[float, float]:
    """The same with a rest where one is due: at the last stop that ends before it is overdue."""
    leave, end = clock(task, visits, n, r, earliest, NONE, arrive, depart)
    if end - leave <= task.rest_after + SLACK or end == np.inf or task.rest <= 0:
        return leave, end
    at, shortest = NONE, np.inf
    for k in range(n):
        leave, end = clock(task, visits, n, r, earliest, k, arrive, depart)
        if end == np.inf:
            continue
        in_time = k == 0 or arrive[k] + task.dwell - leave <= task.rest_after + SLACK
        if end - leave < shortest - SLACK or (end - leave < shortest + SLACK and in_time):
            at, shortest = k, min(shortest, end - leave)
    if at < 0:
        return earliest, np.inf
    leave, end = clock(task, visits, n, r, earliest, at, arrive, depart)
    return leave, end


@inner
def mark_hours(task: Task, drawn: Drawn, r: int) -> None:
    """Write when the bus can leave each visit of a round at the earliest, and begin it at the latest."""
    n, dwell = drawn.length[r], task.dwell
    t, before = task.earliest[r], -1
    for k in range(n):
        v = drawn.visit[r, k]
        stop = task.visit_stop[v]
        t = next_start(task, v, r, t + task.drive[before, stop], dwell) + dwell
        before = stop
        drawn.early[r, k] = t
    t, after = task.latest[r], -1
    for k in range(n - 1, -1, -1):
        v = drawn.visit[r, k]
        stop = task.visit_stop[v]
        t = last_start(task, v, r, t - task.drive[stop, after] - dwell, dwell)
        after = stop
        drawn.late[r, k] = t


@inner
def is_in_time(task: Task, drawn: Drawn, visits: Ints, n: int, r: int, first: int, last: int) -> bool:
    """Whether a round keeps its hours whose visits are other ones from place `first` to `last`.

    The driver's day and a rest are let alone; the others stay where they are in `drawn`.
    """
    t, before = task.earliest[r], -1
    if first > 0:
        t, before = drawn.early[r, first - 1], task.visit_stop[visits[first - 1]]
    for k in range(first, last + 1):
        v = visits[k]
        stop = task.visit_stop[v]
        t = next_start(task, v, r, t + task.drive[before, stop], task.dwell) + task.dwell
        before = stop
    if last == n - 1:
        return bool(t + task.drive[before, -1] <= task.latest[r] + SLACK)
    return bool(t + task.drive[before, task.visit_stop[visits[last + 1]]] <= drawn.late[r, last + 1] + SLACK)


@inner
def wait_at(task: Task, drawn: Drawn, v: int, r: int, k: int, left: int, right: int) -> float:
    """How long a visit at place `k` of a round waits; infinite where the hours of others do not let it come.

    The driver's day is let alone.

    Parameters
    ----------
    left, right : int
        Stops before and after it; -1 for the depot.
    """
    stop = task.visit_stop[v]
    t = task.earliest[r] if k == 0 else drawn.early[r, k - 1]
    t += task.drive[left, stop]
    start = next_start(task, v, r, t, task.dwell)
    limit = task.latest[r] if k == drawn.length[r] else drawn.late[r, k]
    return start - t if start + task.dwell + task.drive[stop, right] <= limit + SLACK else np.inf
