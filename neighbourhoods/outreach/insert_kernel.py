"""Compiled: the place in a round where a visit costs least, and visits put in until none fits."""

from __future__ import annotations

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.outreach import route_kernel as outreach_route_kernel
from neighbourhoods.outreach import worth_kernel as outreach_worth_kernel
from neighbourhoods.outreach.route_kernel import (
    SLACK,
    Drawn,
    Floats,
    Ints,
    Task,
    fits,
    plain_minutes,
    room_of,
    with_rest,
)
from neighbourhoods.outreach.worth_kernel import added, insert

compiled = compiler(__file__, outreach_route_kernel.__file__, outreach_worth_kernel.__file__)

LEAST_MINUTES = 1e-3


@compiled
def refresh(task: Task, drawn: Drawn, power: float, luck: Floats, prize: Floats) -> None:
    """Work out what visits add, and how much they are sought, where that has changed."""
    for i in range(len(drawn.n_of)):
        if drawn.is_stale[i]:
            drawn.next_gain[i] = added(task, drawn, i)
            drawn.is_stale[i] = False
            prize[i] = sought(drawn.next_gain[i], power, luck[i])


@compiled
def sought(gain: float, power: float, luck: float) -> float:
    """How much a visit is sought that adds so much."""
    return gain**power * luck if gain > 0.0 else 0.0


@compiled
def is_full(task: Task, drawn: Drawn, r: int, room: float) -> bool:
    """Whether a round has not even room for a visit on its way."""
    return room >= 0 and drawn.minutes[r] + task.dwell > room + SLACK


@compiled
def cheapest(
    task: Task, drawn: Drawn, v: int, r: int, room: float, around: Ints, arrive: Floats, depart: Floats
) -> tuple[int, float]:
    """The place in a round where a visit costs least, and its minutes; -1 where it does not fit.

    Parameters
    ----------
    room : float
        As of `room_of`.
    """
    n, row = drawn.length[r], drawn.visit[r]
    drive, visit_stop = task.drive, task.visit_stop
    if n >= len(row):
        return -1, np.inf
    stop, is_timed = visit_stop[v], room < 0 or task.visit_at[v] >= 0
    n_timed = drawn.n_timed[r] + (task.visit_at[v] >= 0)
    at, least, left = -1, np.inf, -1
    for k in range(n + 1):
        right = -1 if k == n else visit_stop[row[k]]
        more = drive[left, stop] + drive[stop, right] - (drive[left, right] if n else 0.0) + task.dwell
        left = right
        if more >= least:
            continue
        if is_timed:
            around[:k] = row[:k]
            around[k] = v
            around[k + 1 : n + 1] = row[k:n]
            minutes = drawn_minutes(task, around, n + 1)
            if not fits(task, drawn, r, minutes, around, n + 1, n_timed, arrive, depart):
                continue
        at, least = k, more
    if at >= 0 and not is_timed:
        base = drawn.minutes[r]
        if base > task.rest_after + SLACK:
            base -= task.rest
        if with_rest(base + least, task.rest, task.rest_after) > room + SLACK:
            return -1, np.inf
    return at, least


@compiled
def drawn_minutes(task: Task, visits: Ints, n: int) -> float:
    """Minutes of a round in which no visit has an hour, the rest among them."""
    minutes = plain_minutes(task.drive, task.visit_stop, task.dwell, visits, n)
    return float(with_rest(minutes, task.rest, task.rest_after))


@compiled
def recreate(
    task: Task, drawn: Drawn, power: float, luck: Floats, around: Ints, arrive: Floats, depart: Floats
) -> None:
    """Put visits in, the most worth for a minute first, until none fits.

    Parameters
    ----------
    power : float
        By how much worth counts against minutes.
    luck : float64 (n_items,)
        By how much each item is sought more than it is worth.
    """
    n_items, n_rounds = len(drawn.n_of), len(drawn.length)
    place = np.full((n_items, n_rounds), -2, dtype=np.int64)  # -2: not looked at since the round changed
    cost = np.empty((n_items, n_rounds))
    room = np.empty(n_rounds)
    for r in range(n_rounds):
        room[r] = room_of(task, drawn, r)
        if is_full(task, drawn, r, room[r]):
            place[:, r] = -1
    prize = np.empty(n_items)
    for i in range(n_items):
        prize[i] = sought(drawn.next_gain[i], power, luck[i])
    sits, quick = drawn.sits, max(task.dwell, LEAST_MINUTES)
    round_session, round_sitting, item_session = task.round_session, task.round_sitting, task.item_session
    while True:
        refresh(task, drawn, power, luck, prize)
        item, into, most = -1, -1, 0.0
        for i in range(n_items):
            if prize[i] <= most * quick:  # no place can be worth it
                continue
            for r in range(n_rounds):
                if round_session[r] != item_session[i] or sits[i, round_sitting[r]]:
                    continue
                if place[i, r] == -2:
                    place[i, r], cost[i, r] = cheapest(task, drawn, i, r, room[r], around, arrive, depart)
                if place[i, r] < 0:
                    continue
                score = prize[i] / max(cost[i, r], LEAST_MINUTES)
                if score > most:
                    item, into, most = i, r, score
        if item < 0:
            return
        insert(task, drawn, item, into, place[item, into], arrive, depart)
        group = task.round_group[into]
        for at in range(task.by_group[group], task.by_group[group + 1]):
            q = task.group_round[at]
            room[q] = room_of(task, drawn, q)
            place[:, q] = -1 if is_full(task, drawn, q, room[q]) else -2
