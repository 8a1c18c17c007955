"""Compiled: rounds made shorter, each by itself and by moving visits between them.

2-opt after Croes (Operations Research 6, 1958), or-opt after Or (1976).
"""

from __future__ import annotations

from neighbourhoods.compiled import compiler
from neighbourhoods.outreach import clock_kernel as outreach_clock_kernel
from neighbourhoods.outreach import insert_kernel as outreach_insert_kernel
from neighbourhoods.outreach import route_kernel as outreach_route_kernel
from neighbourhoods.outreach import task as outreach_task
from neighbourhoods.outreach import worth_kernel as outreach_worth_kernel
from neighbourhoods.outreach.clock_kernel import is_in_time
from neighbourhoods.outreach.insert_kernel import cheapest, drawn_minutes, is_full
from neighbourhoods.outreach.route_kernel import fits, is_for_itself, room_of, settle
from neighbourhoods.outreach.task import NONE, SLACK, Desk, Drawn, Ints, Task
from neighbourhoods.outreach.worth_kernel import insert, take_out

SOURCES = (
    __file__,
    outreach_clock_kernel.__file__,
    outreach_insert_kernel.__file__,
    outreach_route_kernel.__file__,
    outreach_task.__file__,
    outreach_worth_kernel.__file__,
)
inner = compiler(*SOURCES, is_inner=True, makes_arrays=False)


@inner
def moved(row: Ints, n: int, i: int, m: int, j: int, around: Ints) -> None:
    """Write a round with `m` visits from place `i` on moved to place `j` among the others."""
    at = 0
    for k in range(n - m + 1):
        if k == j:
            for one in range(m):
                around[at + one] = row[i + one]
            at += m
        if k < n - m:
            around[at] = row[k] if k < i else row[k + m]
            at += 1


@inner
def is_shorter(task: Task, drawn: Drawn, r: int, now: float, first: int, last: int, desk: Desk) -> bool:
    """Whether a round is driven in less than `now` in the order that stands on the desk, and still may be.

    Parameters
    ----------
    first, last : int
        Places between which the order is another one.
    """
    n = drawn.length[r]
    if task.is_strict and not is_in_time(task, drawn, desk.around, n, r, first, last):
        return False
    minutes = drawn_minutes(task, desk.around, n)
    if minutes >= now - SLACK:
        return False
    if not task.is_strict or is_for_itself(task, r):
        return True
    group, timed = task.round_group[r], drawn.n_timed[r]
    return bool(fits(task, drawn, group, r, minutes, desk.around, n, timed, desk))


@inner
def shorter(task: Task, drawn: Drawn, r: int, now: float, desk: Desk) -> bool:
    """Write a round on the desk that a turn or a move makes shorter, where there is one."""
    n, row, drive = drawn.length[r], drawn.visit[r], task.drive
    stop, around = desk.stop, desk.around
    stop[0], stop[n + 1] = -1, -1
    for k in range(n):
        stop[k + 1] = task.visit_stop[row[k]]
    for i in range(n):
        before, first = stop[i], stop[i + 1]
        for j in range(i + 1, n):  # the part from i to j turned round
            end, behind = stop[j + 1], stop[j + 2]
            if drive[before, end] + drive[first, behind] < drive[before, first] + drive[end, behind] - SLACK:
                for k in range(n):
                    around[k] = row[j + i - k] if i <= k <= j else row[k]
                if is_shorter(task, drawn, r, now, i, j, desk):
                    return True
        for m in range(1, min(4, n - i + 1)):  # so many moved on to place j
            last, after = stop[i + m], stop[i + m + 1]
            saved = drive[before, first] + drive[last, after] - drive[before, after] - SLACK
            for j in range(n - m + 1):
                if j == i:
                    continue
                onto = stop[j] if j < i else stop[j + m]
                off = stop[j + 1] if j < i else stop[j + m + 1]
                if drive[onto, first] + drive[last, off] - drive[onto, off] < saved:
                    moved(row, n, i, m, j, around)
                    if is_shorter(task, drawn, r, now, min(i, j), max(i, j) + m - 1, desk):
                        return True
    return False


@inner
def shorten(task: Task, drawn: Drawn, r: int, desk: Desk) -> None:
    """2-opt and or-opt within a round, as long as it gets shorter."""
    n, row = drawn.length[r], drawn.visit[r]
    while shorter(task, drawn, r, drawn_minutes(task, row, n), desk):
        for k in range(n):
            row[k] = desk.around[k]
        settle(task, drawn, r)


@inner
def is_other(drawn: Drawn, before: Drawn, r: int) -> bool:
    """Whether a round is not what it was."""
    is_same = drawn.length[r] == before.length[r]
    for k in range(drawn.length[r]):
        is_same &= drawn.visit[r, k] == before.visit[r, k]
    return not is_same


@inner
def relocate(task: Task, drawn: Drawn, desk: Desk) -> None:
    """Move each free visit in turn to the round of its session where it costs least."""
    n_items, n_rounds = len(drawn.n_of), len(drawn.length)
    for r in range(n_rounds):
        for k in range(drawn.length[r] - 1, -1, -1):
            v = drawn.visit[r, k]
            if v >= n_items:
                continue
            n, row = drawn.length[r], drawn.visit[r]
            left = -1 if k == 0 else task.visit_stop[row[k - 1]]
            right = -1 if k == n - 1 else task.visit_stop[row[k + 1]]
            stop, drive = task.visit_stop[v], task.drive
            saved = drive[left, stop] + drive[stop, right] + task.dwell
            saved -= drive[left, right] if n > 1 else 0.0
            into, at, least = NONE, NONE, saved - SLACK
            for q in range(n_rounds):
                if q == r or task.round_session[q] != task.round_session[r]:
                    continue
                if drawn.length[q] == 0 and n == 1:
                    continue
                is_same = task.round_sitting[q] == task.round_sitting[r]
                if not is_same and drawn.sits[v, task.round_sitting[q]]:
                    continue
                room = room_of(task, drawn, q)
                if is_full(task, drawn, q, room):
                    continue
                place, more = cheapest(task, drawn, v, q, room, 0.0, desk)
                if place >= 0 and more < least:
                    into, at, least = q, place, more
            if into >= 0:
                take_out(task, drawn, r, k)
                insert(task, drawn, v, into, at)
