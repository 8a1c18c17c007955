"""Compiled large-neighbourhood search: take some visits out, put better ones in, keep what is no worse.

Ruin and recreate after Shaw (CP 1998) and Schrimpf et al. (Journal of Computational Physics 159, 2000); what
is a little worse is gone on from too, ever less often (simulated annealing, Kirkpatrick, Gelatt and Vecchi,
Science 220, 1983).
"""

from __future__ import annotations

import numpy as np

from neighbourhoods.compiled import compiler
from neighbourhoods.outreach import clock_kernel as outreach_clock_kernel
from neighbourhoods.outreach import insert_kernel as outreach_insert_kernel
from neighbourhoods.outreach import route_kernel as outreach_route_kernel
from neighbourhoods.outreach import shorten_kernel as outreach_shorten_kernel
from neighbourhoods.outreach import task as outreach_task
from neighbourhoods.outreach import worth_kernel as outreach_worth_kernel
from neighbourhoods.outreach.insert_kernel import LEAST_MINUTES, recreate
from neighbourhoods.outreach.route_kernel import is_sound
from neighbourhoods.outreach.shorten_kernel import is_other, relocate, shorten
from neighbourhoods.outreach.task import Desk, Drawn, Ints, Task
from neighbourhoods.outreach.worth_kernel import take_out, value
from neighbourhoods.sample import sampler_kernel
from neighbourhoods.sample.sampler_kernel import Words, draw_below, draw_share

SOURCES = (
    __file__,
    outreach_clock_kernel.__file__,
    outreach_insert_kernel.__file__,
    outreach_route_kernel.__file__,
    outreach_shorten_kernel.__file__,
    outreach_task.__file__,
    outreach_worth_kernel.__file__,
    sampler_kernel.__file__,
)
compiled = compiler(*SOURCES, makes_arrays=False)
inner = compiler(*SOURCES, is_inner=True, makes_arrays=False)

TIE = 1e-7  # what a minute less on the road is worth, as a share of the value
STRETCH, MOST_OUT = 0.3, 24  # visits that are taken out at the most: of all, and in number
ALL_SHARE = 0.1  # of the steps, in which any number may be
WARM = 2.0  # what may be lost in a step at first, in mean visits
COOL = 0.01  # what is left of that at the end
NOISE = 0.6  # by how much luck may raise what is sought
HASTE = 1.5  # what a minute of waiting costs at the most, in minutes of driving; half of the time nought
PATIENCE = 3_000  # steps without a better one, after which the search goes back to the best


@inner
def ruin(task: Task, drawn: Drawn, chance: Words, desk: Desk) -> None:
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
    rounds, places, score = desk.rounds, desk.places, desk.score
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
    for _ in range(n_out):
        least = 0
        for m in range(n):
            if score[m] < score[least]:
                least = m
        score[least] = np.inf
    for m in range(n - 1, -1, -1):  # from the end of each round, so that places stay what they were
        if score[m] == np.inf:
            take_out(task, drawn, rounds[m], places[m])


@compiled
def copy_to(source: Drawn, target: Drawn) -> None:
    """Write one drawing over another."""
    for r in range(len(source.length)):
        target.length[r], target.n_timed[r] = source.length[r], source.n_timed[r]
        target.minutes[r] = source.minutes[r]
        for k in range(source.length[r]):
            target.visit[r, k] = source.visit[r, k]
            target.early[r, k], target.late[r, k] = source.early[r, k], source.late[r, k]
    for i in range(len(source.n_of)):
        target.n_of[i], target.is_stale[i] = source.n_of[i], source.is_stale[i]
        target.next_gain[i] = source.next_gain[i]
        for sitting in range(source.sits.shape[1]):
            target.sits[i, sitting] = source.sits[i, sitting]
    for layer in range(len(source.best)):
        for p in range(source.best.shape[1]):
            target.best[layer, p] = source.best[layer, p]


@inner
def rank_of(task: Task, drawn: Drawn, worth: float) -> float:
    """What rounds are worth, those of fewer minutes before others of the same worth."""
    minutes = 0.0
    for r in range(len(drawn.minutes)):
        minutes += drawn.minutes[r]
    return worth - TIE * max(worth, 1.0) * minutes


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
    desk: Desk,
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
    luck = desk.luck
    top, plain = value(task, best)
    top_rank = rank_of(task, best, top)
    now, _ = value(task, drawn)
    now_rank = rank_of(task, drawn, now)
    n = 0
    for r in range(len(best.length)):
        n += best.length[r]
    mean = plain / max(n, 1)
    haste = HASTE * max(0.0, 2.0 * draw_share(chance) - 1.0) if task.is_strict else 0.0
    drawn.is_moved[:] = True  # for `haste` is another
    for one in range(step, step + n_steps):
        if quiet[0] >= PATIENCE:
            copy_to(best, drawn)
            drawn.is_moved[:] = True
            now_rank = top_rank
            quiet[0] = 0
        copy_to(drawn, spare)
        desk.is_off[:] = False
        ruin(task, drawn, chance, desk)
        power = 0.5 + 1.5 * draw_share(chance)
        noise = 0.0 if draw_share(chance) < 0.3 else NOISE
        for i in range(len(luck)):
            luck[i] = 1.0 + noise * draw_share(chance)
        recreate(task, drawn, power, luck, haste, desk)
        for r in range(len(drawn.length)):
            if is_other(drawn, spare, r):
                shorten(task, drawn, r, desk)
        relocate(task, drawn, desk)
        recreate(task, drawn, 1.0, desk.even, haste, desk)
        found, _ = value(task, drawn)
        is_well = not task.is_strict or is_sound(task, drawn, desk)
        # a visit that was taken out may have left a drive that is forbidden
        rank = rank_of(task, drawn, found) if is_well else -np.inf
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
            for r in range(len(drawn.length)):
                drawn.is_moved[r] |= desk.is_off[r]
    return float(top)
