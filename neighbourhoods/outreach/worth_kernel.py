"""Compiled: what visits are worth, counted as they are put in and taken out."""

from __future__ import annotations

from neighbourhoods.compiled import compiler
from neighbourhoods.outreach import clock_kernel as outreach_clock_kernel
from neighbourhoods.outreach import route_kernel as outreach_route_kernel
from neighbourhoods.outreach import task as outreach_task
from neighbourhoods.outreach.clock_kernel import is_held
from neighbourhoods.outreach.route_kernel import settle
from neighbourhoods.outreach.task import Drawn, Task

SOURCES = (
    __file__,
    outreach_route_kernel.__file__,
    outreach_clock_kernel.__file__,
    outreach_task.__file__,
)
compiled = compiler(*SOURCES, makes_arrays=False)
inner = compiler(*SOURCES, is_inner=True, makes_arrays=False)


@inner
def added(task: Task, drawn: Drawn, i: int) -> float:
    """What one more visit of an item is worth."""
    layer = drawn.n_of[i]
    if layer >= len(task.worth):
        return 0.0
    found = 0.0
    for at in range(task.by_item[i], task.by_item[i + 1]):
        p = task.point[at]
        if layer > 0 and task.is_must[p]:
            continue
        more = task.gain[at] - drawn.best[layer, p]
        if more > 0:
            found += more
    return float(found * task.worth[layer])


@inner
def _stale_around(task: Task, drawn: Drawn, p: int) -> None:
    for at in range(task.by_point[p], task.by_point[p + 1]):
        drawn.is_stale[task.item[at]] = True


@inner
def count_in(task: Task, drawn: Drawn, i: int) -> None:
    """Count one more visit of an item."""
    layer = drawn.n_of[i]
    drawn.n_of[i] += 1
    drawn.is_stale[i] = True
    for at in range(task.by_item[i], task.by_item[i + 1]):
        p = task.point[at]
        if task.gain[at] > drawn.best[layer, p]:
            drawn.best[layer, p] = task.gain[at]
            _stale_around(task, drawn, p)


@inner
def count_out(task: Task, drawn: Drawn, i: int) -> None:
    """Count one visit of an item less."""
    drawn.n_of[i] -= 1
    layer = drawn.n_of[i]
    drawn.is_stale[i] = True
    for at in range(task.by_item[i], task.by_item[i + 1]):
        p = task.point[at]
        if task.gain[at] < drawn.best[layer, p]:
            continue
        best = 0.0
        for one in range(task.by_point[p], task.by_point[p + 1]):
            if drawn.n_of[task.item[one]] > layer and task.item_gain[one] > best:
                best = task.item_gain[one]
        if best < drawn.best[layer, p]:
            drawn.best[layer, p] = best
            _stale_around(task, drawn, p)


@compiled
def value(task: Task, drawn: Drawn) -> tuple[float, float]:
    """What all visits are worth, with and without what stands for areas that may not be left out."""
    found, musts = 0.0, 0.0
    for layer in range(len(task.worth)):
        part = 0.0
        for p in range(len(task.is_must)):
            if not task.is_must[p]:
                part += drawn.best[layer, p]
            elif layer == 0:
                musts += drawn.best[layer, p]
        found += part * task.worth[layer]
    return found + musts * task.worth[0], found


@compiled
def insert(task: Task, drawn: Drawn, v: int, r: int, k: int) -> None:
    """Put a visit at place `k` of a round."""
    for j in range(drawn.length[r], k, -1):
        drawn.visit[r, j] = drawn.visit[r, j - 1]
    drawn.visit[r, k] = v
    drawn.length[r] += 1
    drawn.n_timed[r] += is_held(task, v, r)
    i = task.visit_item[v]
    drawn.sits[i, task.round_sitting[r]] = True
    count_in(task, drawn, i)
    settle(task, drawn, r)


@compiled
def take_out(task: Task, drawn: Drawn, r: int, k: int) -> None:
    """Take the visit at place `k` out of a round."""
    v = drawn.visit[r, k]
    for j in range(k, drawn.length[r] - 1):
        drawn.visit[r, j] = drawn.visit[r, j + 1]
    drawn.length[r] -= 1
    drawn.n_timed[r] -= is_held(task, v, r)
    i = task.visit_item[v]
    drawn.sits[i, task.round_sitting[r]] = False
    count_out(task, drawn, i)
    settle(task, drawn, r)
