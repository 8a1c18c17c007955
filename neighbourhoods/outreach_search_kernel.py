"""Compiled large-neighbourhood search: take some visits out, put better ones in, keep what is no worse.

Ruin and recreate after Shaw (CP 1998) and Schrimpf et al. (Journal of Computational Physics 159, 2000); what
is a little worse is gone on from too, ever less often (simulated annealing, Kirkpatrick, Gelatt and Vecchi,
Science 220, 1983). Between these 2-opt and or-opt make rounds shorter (Croes, Operations
Research 6, 1958; Or 1976).
"""

from __future__ import annotations

import numpy as np

from neighbourhoods import outreach_route_kernel, sampler_kernel
from neighbourhoods.compiled import compiler
from neighbourhoods.outreach_route_kernel import (
    SLACK,
    Drawn,
    Floats,
    Ints,
    Task,
    added,
    fits,
    insert,
    plain_minutes,
    room_of,
    settle,
    take_out,
    value,
    with_rest,
)
from neighbourhoods.sampler_kernel import Words, draw_below, draw_share

compiled = compiler(__file__, outreach_route_kernel.__file__, sampler_kernel.__file__)

LEAST_MINUTES = 1e-3
TIE = 1e-7  # what a minute less on the road is worth, as a share of the value
STRETCH, MOST_OUT = 0.3, 24  # visits that are taken out at the most: of all, and in number
ALL_SHARE = 0.2  # of the steps, in which any number may be
WARM, COOL = (
    2.0,
    0.01,
)  # what may be lost in a step at first, in mean visits, and what is left of it at the end
NOISE = 0.6  # by how much luck may raise what is sought
PATIENCE = 3_000  # steps without a better one, after which the search goes back to the best


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


@compiled
def moved(row: Ints, n: int, i: int, m: int, j: int, around: Ints) -> None:
    """Write a round with `m` visits from place `i` on moved to place `j` among the others."""
    at = 0
    for k in range(n - m + 1):
        if k == j:
            around[at : at + m] = row[i : i + m]
            at += m
        if k < n - m:
            around[at] = row[k] if k < i else row[k + m]
            at += 1


@compiled
def shorten(task: Task, drawn: Drawn, r: int, around: Ints, arrive: Floats, depart: Floats) -> None:
    """2-opt and or-opt within a round, as long as it gets shorter."""
    n, row, drive = drawn.length[r], drawn.visit[r], task.drive
    stop = np.empty(n + 2, np.int64)  # the depot first and last
    now, is_better = drawn_minutes(task, row, n), True
    while is_better:
        is_better = False
        stop[0], stop[n + 1] = -1, -1
        for k in range(n):
            stop[k + 1] = task.visit_stop[row[k]]
        for i in range(n):
            before, first = stop[i], stop[i + 1]
            for m in range(4):  # 0: turn the part from i to j round; 1 to 3: move so many on to place j
                if m > 0 and i + m > n:
                    continue
                last, after = stop[i + m], stop[i + m + 1] if m > 0 else -1
                saved = 0.0
                if m > 0:
                    saved = drive[before, first] + drive[last, after] - drive[before, after] - SLACK
                for j in range(i + 1 if m == 0 else 0, n if m == 0 else n - m + 1):
                    if m == 0:
                        end, behind = stop[j + 1], stop[j + 2]
                        now_ways = drive[before, first] + drive[end, behind]
                        if drive[before, end] + drive[first, behind] >= now_ways - SLACK:
                            continue
                        around[:n] = row[:n]
                        for k in range(j - i + 1):
                            around[i + k] = row[j - k]
                    else:
                        if j == i:
                            continue
                        onto = stop[j] if j < i else stop[j + m]
                        off = stop[j + 1] if j < i else stop[j + m + 1]
                        if drive[onto, first] + drive[last, off] - drive[onto, off] >= saved:
                            continue
                        moved(row, n, i, m, j, around)
                    minutes = drawn_minutes(task, around, n)
                    if minutes >= now - SLACK:
                        continue
                    timed = drawn.n_timed[r]
                    if timed > 0 and not fits(task, drawn, r, minutes, around, n, timed, arrive, depart):
                        continue
                    row[:n] = around[:n]
                    now, is_better = minutes, True
                    break
                if is_better:
                    break
            if is_better:
                break
    settle(task, drawn, r, arrive, depart)


@compiled
def is_other(drawn: Drawn, before: Drawn, r: int) -> bool:
    """Whether a round is not what it was."""
    if drawn.length[r] != before.length[r]:
        return True
    return bool(np.any(drawn.visit[r, : drawn.length[r]] != before.visit[r, : drawn.length[r]]))


@compiled
def relocate(task: Task, drawn: Drawn, around: Ints, arrive: Floats, depart: Floats) -> None:
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
            into, at, least = -1, -1, saved - SLACK
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
                place, more = cheapest(task, drawn, v, q, room, around, arrive, depart)
                if place >= 0 and more < least:
                    into, at, least = q, place, more
            if into >= 0:
                take_out(task, drawn, r, k, arrive, depart)
                insert(task, drawn, v, into, at, arrive, depart)


@compiled
def ruin(task: Task, drawn: Drawn, chance: Words, arrive: Floats, depart: Floats) -> None:
    """Take some free visits out: any, near ones, neighbours in a round, or those worth least for a minute."""
    n_items, n_rounds = len(drawn.n_of), len(drawn.length)
    n = 0
    for r in range(n_rounds):
        for k in range(drawn.length[r]):
            n += drawn.visit[r, k] < n_items
    if n == 0:
        return
    most = max(2, min(MOST_OUT, int(STRETCH * n)))
    if draw_share(chance) < ALL_SHARE:
        most = n
    n_out = min(n, 1 + draw_below(chance, most))
    rounds, places, score = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n)
    kind = draw_below(chance, 4)
    m = 0
    for r in range(n_rounds):
        for k in range(drawn.length[r]):
            if drawn.visit[r, k] < n_items:
                rounds[m], places[m] = r, k
                m += 1
    first = draw_below(chance, n)
    stop = task.visit_stop[drawn.visit[rounds[first], places[first]]]
    for m in range(n):
        r, k = rounds[m], places[m]
        v = drawn.visit[r, k]
        here = task.visit_stop[v]
        if kind == 0:
            score[m] = draw_share(chance)
        elif kind == 1:
            score[m] = task.drive[stop, here] * (0.7 + 0.6 * draw_share(chance))
        elif kind == 2:
            along = k - places[first] if k >= places[first] else 1_000 - k
            score[m] = along if r == rounds[first] else 10_000 + draw_share(chance)
        else:
            into = task.drive[-1 if k == 0 else task.visit_stop[drawn.visit[r, k - 1]], here]
            last = k == drawn.length[r] - 1
            onto = task.drive[here, -1 if last else task.visit_stop[drawn.visit[r, k + 1]]]
            worth = 0.0
            layer = drawn.n_of[v] - 1
            for at in range(task.by_item[v], task.by_item[v + 1]):
                if task.gain[at] >= drawn.best[layer, task.point[at]]:
                    worth += task.gain[at]
            minutes = max(into + onto + task.dwell, LEAST_MINUTES)
            score[m] = worth * task.worth[layer] / minutes * (0.5 + draw_share(chance))
    order = np.argsort(score)[:n_out]
    gone = np.zeros((n_rounds, drawn.visit.shape[1]), dtype=np.bool_)
    for m in order:
        gone[rounds[m], places[m]] = True
    for r in range(n_rounds):
        for k in range(drawn.length[r] - 1, -1, -1):
            if gone[r, k]:
                take_out(task, drawn, r, k, arrive, depart)


@compiled
def copy_to(source: Drawn, target: Drawn) -> None:
    """Write one drawing over another."""
    target.visit[:] = source.visit
    target.length[:] = source.length
    target.n_timed[:] = source.n_timed
    target.minutes[:] = source.minutes
    target.n_of[:] = source.n_of
    target.sits[:] = source.sits
    target.best[:] = source.best
    target.next_gain[:] = source.next_gain
    target.is_stale[:] = source.is_stale


@compiled
def improve(
    task: Task,
    drawn: Drawn,
    best: Drawn,
    spare: Drawn,
    chance: Words,
    step: int,
    n_steps: int,
    n_all: int,
    quiet: Ints,
) -> float:
    """Some steps of the search; `best` holds the best so far, whose value is returned.

    Parameters
    ----------
    drawn, best, spare : Drawn
        Where the search stands, the best, and room to go back.
    chance : uint64 (4,)
        As of `sampler_kernel`; it moves on.
    step, n_steps, n_all : int
        The first of these steps, how many they are, and how many all are.
    quiet : int64 (1,)
        Steps since the best was found.
    """
    luck, even = np.empty(len(drawn.n_of)), np.ones(len(drawn.n_of))
    n_most = drawn.visit.shape[1]
    around = np.empty(n_most + 2, np.int64)
    arrive, depart = np.empty(n_most + 2), np.empty(n_most + 2)
    top = value(task, best, True)
    top_rank = top - TIE * max(top, 1.0) * best.minutes.sum()
    now = value(task, drawn, True)
    mean = value(task, best, False) / max(best.length.sum(), 1)
    now_rank = now - TIE * max(now, 1.0) * drawn.minutes.sum()
    for one in range(step, step + n_steps):
        if quiet[0] >= PATIENCE:
            copy_to(best, drawn)
            now_rank = top_rank
            quiet[0] = 0
        copy_to(drawn, spare)
        ruin(task, drawn, chance, arrive, depart)
        power = 0.5 + 1.5 * draw_share(chance)
        noise = 0.0 if draw_share(chance) < 0.3 else NOISE
        for i in range(len(luck)):
            luck[i] = 1.0 + noise * draw_share(chance)
        recreate(task, drawn, power, luck, around, arrive, depart)
        for r in range(len(drawn.length)):
            if is_other(drawn, spare, r):
                shorten(task, drawn, r, around, arrive, depart)
        relocate(task, drawn, around, arrive, depart)
        recreate(task, drawn, 1.0, even, around, arrive, depart)
        found = value(task, drawn, True)
        rank = found - TIE * max(found, 1.0) * drawn.minutes.sum()
        quiet[0] += 1
        if rank > top_rank + 1e-12 * max(abs(top_rank), 1.0):
            copy_to(drawn, best)
            top, top_rank = found, rank
            quiet[0] = 0
        heat = WARM * mean * COOL ** (one / n_all)
        if rank >= now_rank + heat * np.log(max(draw_share(chance), 1e-12)):
            now_rank = rank
        else:
            copy_to(spare, drawn)
    return float(top)
