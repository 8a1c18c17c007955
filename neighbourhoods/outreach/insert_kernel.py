"""Compiled: the place in a round where a visit costs least, and visits put in until none fits."""

from __future__ import annotations

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.outreach import clock_kernel as outreach_clock_kernel
from neighbourhoods.outreach import route_kernel as outreach_route_kernel
from neighbourhoods.outreach import task as outreach_task
from neighbourhoods.outreach import worth_kernel as outreach_worth_kernel
from neighbourhoods.outreach.clock_kernel import is_held, span, wait_at
from neighbourhoods.outreach.route_kernel import fits, is_for_itself, plain_minutes, room_of, with_rest
from neighbourhoods.outreach.task import CLOSED, NONE, SLACK, Desk, Drawn, Floats, Ints, Task
from neighbourhoods.outreach.worth_kernel import added, insert

SOURCES = (
    __file__,
    outreach_clock_kernel.__file__,
    outreach_route_kernel.__file__,
    outreach_task.__file__,
    outreach_worth_kernel.__file__,
)
compiled = compiler(*SOURCES, makes_arrays=False)
inner = compiler(*SOURCES, is_inner=True, makes_arrays=False)

LEAST_MINUTES = 1e-3


@inner
def refresh(task: Task, drawn: Drawn, power: float, luck: Floats, prize: Floats) -> None:
    """Work out what visits add, and how much they are sought, where that has changed."""
    for i in range(len(drawn.n_of)):
        if drawn.is_stale[i]:
            drawn.next_gain[i] = added(task, drawn, i)
            drawn.is_stale[i] = False
            prize[i] = sought(drawn.next_gain[i], power, luck[i])


@inner
def sought(gain: float, power: float, luck: float) -> float:
    """How much a visit is sought that adds so much."""
    return gain**power * luck if gain > 0.0 else 0.0


@inner
def is_full(task: Task, drawn: Drawn, r: int, room: float) -> bool:
    """Whether a round has not even room for a visit on its way."""
    return room >= 0 and drawn.minutes[r] + task.dwell > room + SLACK


@compiled
def cheapest(
    task: Task,
    drawn: Drawn,
    v: int,
    r: int,
    room: float,
    haste: float,
    desk: Desk,
) -> tuple[int, float]:
    """The place in a round where a visit costs least, and its minutes; -1 where it does not fit.

    Parameters
    ----------
    room : float
        As of `room_of`.
    haste : float
        What a minute of waiting costs.
    """
    n, row = drawn.length[r], drawn.visit[r]
    drive, visit_stop = task.drive, task.visit_stop
    stop = visit_stop[v]
    if n >= len(row) or task.hours[stop, r] == CLOSED:
        return NONE, np.inf
    has_hour = is_held(task, v, r)
    is_timed, is_quick = room < 0 or has_hour, is_for_itself(task, r)
    n_timed = drawn.n_timed[r] + has_hour
    at, least, left = NONE, np.inf, NONE
    opens, closes = span(task, v, r)
    for k in range(n + 1):
        right = NONE if k == n else visit_stop[row[k]]
        if has_hour:
            if k > 0 and drawn.early[r, k - 1] + task.dwell > closes + SLACK:
                break
            if k < n and opens + task.dwell > drawn.late[r, k] + SLACK:
                left = right
                continue
        more = drive[left, stop] + drive[stop, right] - (drive[left, right] if n else 0.0) + task.dwell
        before, left = left, right
        if more >= least:
            continue
        if is_timed:
            wait = wait_at(task, drawn, v, r, k, before, right)
            if wait == np.inf:
                continue
            more += haste * wait
            if more >= least:
                continue
        if is_timed and not is_quick:
            for j in range(n):
                desk.around[j if j < k else j + 1] = row[j]
            desk.around[k] = v
            minutes = drawn_minutes(task, desk.around, n + 1)
            group = task.round_group[r]
            if not fits(task, drawn, group, r, minutes, desk.around, n + 1, n_timed, desk):
                continue
        at, least = k, more
    if at >= 0 and not is_timed:
        base = drawn.minutes[r]
        if base > task.rest_after + SLACK:
            base -= task.rest
        if with_rest(base + least, task.rest, task.rest_after) > room + SLACK:
            return NONE, np.inf
    return at, least


@inner
def drawn_minutes(task: Task, visits: Ints, n: int) -> float:
    """Minutes of a round in which no visit has an hour, the rest among them."""
    minutes = plain_minutes(task.drive, task.visit_stop, task.dwell, visits, n)
    return float(with_rest(minutes, task.rest, task.rest_after))


@inner
def look_again(task: Task, drawn: Drawn, changed: int, desk: Desk) -> None:
    """Forget where visits cost least in a round that has changed, and in those of the same driver's day."""
    drawn.is_moved[changed], desk.is_off[changed] = False, True
    group = task.round_group[changed]
    for at in range(task.by_group[group], task.by_group[group + 1]):
        r = task.group_round[at]
        desk.room[r] = room_of(task, drawn, r)
        none = -1 if is_full(task, drawn, r, desk.room[r]) else -2
        for i in range(len(desk.place)):
            desk.place[i, r] = none


@inner
def recreate(
    task: Task,
    drawn: Drawn,
    power: float,
    luck: Floats,
    haste: float,
    desk: Desk,
) -> None:
    """Put visits in, the most worth for a minute first, until none fits.

    Parameters
    ----------
    power : float
        By how much worth counts against minutes.
    luck : float64 (n_items,)
        By how much each item is sought more than it is worth.
    haste : float
        What a minute of waiting costs.
    """
    n_items, n_rounds = len(drawn.n_of), len(drawn.length)
    place, cost, room, prize = desk.place, desk.cost, desk.room, desk.prize
    for r in range(n_rounds):
        if drawn.is_moved[r]:
            look_again(task, drawn, r, desk)
    for i in range(n_items):
        prize[i] = sought(drawn.next_gain[i], power, luck[i])
    sits, quick = drawn.sits, max(task.dwell, LEAST_MINUTES)
    round_session, round_sitting, item_session = task.round_session, task.round_sitting, task.item_session
    while True:
        refresh(task, drawn, power, luck, prize)
        item, into, most = NONE, NONE, 0.0  # `most` worth for a minute
        for i in range(n_items):
            if prize[i] <= most * quick:  # no place can be worth it
                continue
            among, least = NONE, prize[i] / most if most > 0 else np.inf
            for r in range(n_rounds):
                if round_session[r] != item_session[i] or sits[i, round_sitting[r]]:
                    continue
                if place[i, r] == -2:
                    place[i, r], cost[i, r] = cheapest(task, drawn, i, r, room[r], haste, desk)
                if place[i, r] >= 0 and max(cost[i, r], LEAST_MINUTES) < least:
                    among, least = r, max(cost[i, r], LEAST_MINUTES)
            if among >= 0:
                item, into, most = i, among, prize[i] / least
        if item < 0:
            return
        insert(task, drawn, item, into, place[item, into])
        look_again(task, drawn, into, desk)
