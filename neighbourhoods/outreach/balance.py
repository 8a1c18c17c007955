"""Days made even: visits go to other days where that changes nothing that anybody is served.

Among plans that serve the same, the one with the smallest sum of squared driver's days is taken as far as
single moves reach it.
"""

from __future__ import annotations

import numpy as np

from neighbourhoods.outreach.insert_kernel import cheapest
from neighbourhoods.outreach.route import RouteTask, Visits
from neighbourhoods.outreach.route_kernel import is_sound, room_of
from neighbourhoods.outreach.search import desk_for, draw, most_visits
from neighbourhoods.outreach.search_kernel import copy_to
from neighbourhoods.outreach.worth_kernel import insert, take_out

LEAST = 1.0  # square minutes


def balanced(route: RouteTask, visits: Visits) -> Visits:
    """The same visits, on days that are as even as moving one after the other makes them."""
    task = route.task
    n_most = most_visits(task)
    drawn, trial = draw(task, visits, n_most), draw(task, visits, n_most)
    desk = desk_for(drawn)
    n_free = len(task.item_session)

    def uneven(minutes: np.ndarray) -> float:
        return float(np.square(np.bincount(task.round_group, minutes)).sum())

    is_better = is_sound(task, drawn, desk)  # which writes minutes
    while is_better:
        is_better, now = False, uneven(drawn.minutes)
        best, move = now - LEAST, None
        for r in range(len(route.rounds)):
            for k in range(int(drawn.length[r])):
                v = int(drawn.visit[r, k])
                if v >= n_free:
                    continue
                for q in range(len(route.rounds)):
                    if not _may_go(route, drawn.sits, v, r, q):
                        continue
                    copy_to(drawn, trial)
                    take_out(task, trial, r, k)
                    at, _ = cheapest(task, trial, v, q, room_of(task, trial, q), 0.0, desk)
                    if at < 0:
                        continue
                    insert(task, trial, v, q, at)
                    if not is_sound(task, trial, desk):
                        continue
                    after = uneven(trial.minutes)
                    if after < best:
                        best, move = after, (r, k, q, at, v)
        if move is not None:
            r, k, q, at, v = move
            take_out(task, drawn, r, k)
            insert(task, drawn, v, q, at)
            is_better = is_sound(task, drawn, desk)
    return tuple(tuple(int(v) for v in row[:n]) for row, n in zip(drawn.visit, drawn.length, strict=True))


def _may_go(route: RouteTask, sits: np.ndarray, v: int, r: int, q: int) -> bool:
    """Whether a visit may go from one round to another of its session, on a sitting that lacks it."""
    task = route.task
    if q == r or task.round_session[q] != task.round_session[r]:
        return False
    is_same = task.round_sitting[q] == task.round_sitting[r]
    return bool(is_same or not sits[v, task.round_sitting[q]])
