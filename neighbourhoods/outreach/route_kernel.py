"""Compiled: what a round takes in minutes, and whether a driver can drive it with the others of that day."""

from __future__ import annotations

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.outreach import clock_kernel as outreach_clock_kernel
from neighbourhoods.outreach import task as outreach_task
from neighbourhoods.outreach.clock_kernel import mark_hours, timetable
from neighbourhoods.outreach.task import NONE, SLACK, Desk, Drawn, Floats, Ints, Task

SOURCES = (
    __file__,
    outreach_clock_kernel.__file__,
    outreach_task.__file__,
)
compiled = compiler(*SOURCES, makes_arrays=False)
inner = compiler(*SOURCES, is_inner=True, makes_arrays=False)


@compiled
def plain_minutes(drive: Floats, visit_stop: Ints, dwell: float, visits: Ints, n: int) -> float:
    """Minutes of a round without rest or waiting."""
    found, before = n * dwell, -1
    for k in range(n):
        stop = visit_stop[visits[k]]
        found += drive[before, stop]
        before = stop
    return found + drive[before, -1] if n else 0.0


@inner
def with_rest(minutes: float, rest: float, rest_after: float) -> float:
    """The same with a rest where one is due."""
    return minutes + rest if minutes > rest_after + SLACK else minutes


@inner
def fits(
    task: Task,
    drawn: Drawn,
    group: int,
    changed: int,
    minutes: float,
    visits: Ints,
    n: int,
    n_timed: int,
    desk: Desk,
) -> bool:
    """Whether a driver's day holds, one round of it changed; where none is, minutes with waits are written.

    Parameters
    ----------
    changed : int
        The round, below nought for none; `visits`, `n` and `n_timed` are what it becomes. Where none has an
        hour only its `minutes`, the rest among them, are read.
    """
    t, driven, since, holds = 0.0, 0.0, 0.0, True
    for at in range(task.by_group[group], task.by_group[group + 1]):
        r = task.group_round[at]
        is_changed = r == changed
        length = n if is_changed else drawn.length[r]
        if length == 0:
            continue
        row = visits if is_changed else drawn.visit[r]
        if task.range_km < np.inf:
            km = plain_minutes(task.km, task.visit_stop, 0.0, row, length)
            if km > task.range_km + SLACK:
                holds = False
            if since + km > task.range_km + SLACK and since > 0:
                t += task.refuel
                driven += task.refuel
                since = 0.0
            since += km
        begins = max(t, task.earliest[r])
        if (n_timed if is_changed else drawn.n_timed[r]) == 0:
            leave = begins
            end = begins + (minutes if is_changed else drawn.minutes[r])
        else:
            leave, end = timetable(task, row, length, r, begins, desk.arrive, desk.depart)
            if changed < 0:
                drawn.minutes[r] = end - leave
        if end > task.latest[r] + SLACK:
            holds = False
        driven += end - leave
        t = end
    return holds and driven <= task.shift + SLACK


@compiled
def is_sound(task: Task, drawn: Drawn, desk: Desk) -> bool:
    """Whether all drivers' days hold."""
    for group in range(len(task.by_group) - 1):
        if not fits(task, drawn, group, NONE, 0.0, drawn.visit[0], NONE, NONE, desk):
            return False
    return True


@inner
def is_for_itself(task: Task, r: int) -> bool:
    """Whether a round that keeps its hours needs nothing else: no other, no shift, rest or range binds it."""
    group, most = task.round_group[r], task.latest[r] - task.earliest[r]
    is_long = task.rest > 0 and most > task.rest_after + SLACK
    is_one = task.by_group[group + 1] - task.by_group[group] == 1
    return is_one and not is_long and most <= task.shift + SLACK and task.range_km == np.inf


@compiled
def room_of(task: Task, drawn: Drawn, r: int) -> float:
    """How many minutes a round may take, given the others of that day; -1 where hours or a range count."""
    if task.range_km < np.inf:
        return -1.0
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


@inner
def settle(task: Task, drawn: Drawn, r: int) -> None:
    """Write the minutes of a round that has changed, and its hours.

    Where a visit has an hour, minutes with waits are those of the day: `is_sound` writes them.
    """
    row, n = drawn.visit[r], drawn.length[r]
    drawn.is_moved[r] = True
    minutes = plain_minutes(task.drive, task.visit_stop, task.dwell, row, n)
    drawn.minutes[r] = with_rest(minutes, task.rest, task.rest_after)
    if task.is_strict:
        mark_hours(task, drawn, r)
