"""The search for rounds: from arrays of a task to rounds and their value, by a seed and a number of steps.

The same numbers of steps give the same rounds on any machine; a limit of time only ends the search early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from neighbourhoods.outreach.clock_kernel import timetable
from neighbourhoods.outreach.route_kernel import is_sound, plain_minutes
from neighbourhoods.outreach.search_kernel import copy_to, improve
from neighbourhoods.outreach.task import SLACK, Desk, Drawn, Floats, Task
from neighbourhoods.outreach.worth_kernel import insert, value

N_PART = 50  # steps between two looks at the clock


@dataclass(frozen=True, eq=False)
class Rounds:
    """Rounds that were found.

    Parameters
    ----------
    visits : tuple of tuple of int
        By round the visits in their order.
    value : float
        What they are worth.
    n_steps : int
    is_whole : bool
        Whether all steps that were asked for were taken.
    """

    visits: tuple[tuple[int, ...], ...]
    value: float
    n_steps: int
    is_whole: bool


def items_of(gain: csr_array) -> dict[str, Any]:
    """The fields of a task that say what items (rows) are worth at points (columns)."""
    rows, columns = gain.tocsr(), gain.tocsc()
    return {
        "by_item": rows.indptr.astype(np.int64),
        "point": rows.indices.astype(np.int64),
        "gain": rows.data.astype(float),
        "by_point": columns.indptr.astype(np.int64),
        "item": columns.indices.astype(np.int64),
        "item_gain": columns.data.astype(float),
    }


def open_hours(n_stops: int, n_rounds: int) -> dict[str, Any]:
    """The fields of a task that say when stops are open, for stops that always are."""
    return {
        "round_day": np.zeros(n_rounds, dtype=np.int64),
        "hours": np.zeros((n_stops, n_rounds), dtype=np.int64),
        "by_window": np.zeros(7 * n_stops + 1, dtype=np.int64),
        "opens": np.zeros(0),
        "closes": np.zeros(0),
    }


def empty(task: Task, n_most: int) -> Drawn:
    """No visit in any round, with room for so many in each."""
    n_rounds, n_items, n_points = len(task.round_session), len(task.item_session), len(task.is_must)
    n_sittings = int(task.round_sitting.max(initial=-1)) + 1
    return Drawn(
        np.full((n_rounds, n_most), -1, dtype=np.int64),
        np.zeros(n_rounds, dtype=np.int64),
        np.zeros(n_rounds, dtype=np.int64),
        np.zeros(n_rounds),
        np.zeros((n_rounds, n_most)),
        np.zeros((n_rounds, n_most)),
        np.zeros(n_items, dtype=np.int64),
        np.zeros((n_items, n_sittings), dtype=np.bool_),
        np.zeros((len(task.worth), n_points)),
        np.zeros(n_items),
        np.ones(n_items, dtype=np.bool_),
        np.ones(n_rounds, dtype=np.bool_),
    )


def desk_for(drawn: Drawn) -> Desk:
    """Room to work on rounds."""
    n_rounds, n_most = drawn.visit.shape
    n_items, n_at = len(drawn.n_of), n_most + 2
    return Desk(
        around=np.zeros(n_at, dtype=np.int64),
        stop=np.zeros(n_at, dtype=np.int64),
        arrive=np.zeros(n_at),
        depart=np.zeros(n_at),
        place=np.zeros((n_items, n_rounds), dtype=np.int64),
        cost=np.zeros((n_items, n_rounds)),
        room=np.zeros(n_rounds),
        prize=np.zeros(n_items),
        luck=np.ones(n_items),
        even=np.ones(n_items),
        is_off=np.zeros(n_rounds, dtype=np.bool_),
        rounds=np.zeros(n_rounds * n_most, dtype=np.int64),
        places=np.zeros(n_rounds * n_most, dtype=np.int64),
        score=np.zeros(n_rounds * n_most),
    )


def most_visits(task: Task) -> int:
    """No round has more visits than this."""
    room = float(min(task.shift, np.max(task.latest - task.earliest, initial=0.0)))
    by_time = int(room // task.dwell) if task.dwell > 0 else len(task.visit_item)
    return max(1, min(by_time, len(task.visit_item)))


def draw(task: Task, visits: tuple[tuple[int, ...], ...], n_most: int) -> Drawn:
    """Given visits as rounds."""
    drawn = empty(task, n_most)
    for r, row in enumerate(visits):
        for v in row:
            insert(task, drawn, v, r, int(drawn.length[r]))
    return drawn


def can_hold(task: Task, visits: tuple[tuple[int, ...], ...]) -> bool:
    """Whether a driver can drive all of these rounds."""
    n_most = max([most_visits(task), *(len(row) for row in visits)])
    drawn = draw(task, visits, n_most)
    return bool(is_sound(task, drawn, desk_for(drawn)))


def worth_of(task: Task, visits: tuple[tuple[int, ...], ...]) -> float:
    """What given rounds are worth."""
    most = max([1, *(len(row) for row in visits)])
    return float(value(task, draw(task, visits, most))[0])


@dataclass(frozen=True, eq=False)
class Hours:
    """Hours of one round: those of its visits, when it leaves the depot and when it is back."""

    arrive: Floats
    depart: Floats
    leave: float
    end: float


def hours_of(task: Task, visits: tuple[tuple[int, ...], ...]) -> tuple[Hours, ...]:
    """Hours of all rounds; each leaves as early as its session and the one before it allow.

    A round without visits has none: it leaves when it could, and is back at once.
    """
    found: list[Hours] = []
    free, since = dict[int, float](), dict[int, float]()
    for r, row in enumerate(visits):
        group, n, order = int(task.round_group[r]), len(row), np.array(row, dtype=np.int64)
        begins, arrive, depart = free.get(group, 0.0), np.empty(n), np.empty(n)
        km = float(plain_minutes(task.km, task.visit_stop, 0.0, order, n))
        driven = since.get(group, 0.0)
        if n and driven > 0 and driven + km > task.range_km + SLACK:
            begins, driven = begins + task.refuel, 0.0
        leave = end = max(begins, float(task.earliest[r]))
        if n:
            leave, end = timetable(task, order, n, r, leave, arrive, depart)
            free[group], since[group] = float(end), driven + km
        found.append(Hours(arrive, depart, float(leave), float(end)))
    return tuple(found)


def search_rounds(
    task: Task,
    start: tuple[tuple[int, ...], ...],
    *,
    seed: int | tuple[int, ...],
    n_steps: int,
    is_over: Callable[[], bool] = lambda: False,
    told: Callable[[int], None] = lambda _: None,
) -> Rounds:
    """The best rounds that are met from a start; never worse than it.

    Parameters
    ----------
    start : tuple of tuple of int
        Visits by round, such as a driver can drive; fixed ones among them stay.
    is_over : callable
        Asked between parts of the search, the first of which is always taken.
    told : callable
        Called with the steps that are done.
    """
    n_most = most_visits(task)
    best = draw(task, start, n_most)
    drawn, spare = empty(task, n_most), empty(task, n_most)
    desk = desk_for(best)
    is_sound(task, best, desk)  # which writes minutes
    copy_to(best, drawn)
    chance = np.random.SeedSequence(seed).generate_state(4, np.uint64).astype(np.uint64)
    quiet, step = np.zeros(1, dtype=np.int64), 0
    while step < n_steps and not (step > 0 and is_over()):
        n = min(N_PART, n_steps - step)
        improve(task, drawn, best, spare, chance, step, n, n_steps, quiet, desk)
        step += n
        told(step)
    visits = tuple(tuple(int(v) for v in row[:n]) for row, n in zip(best.visit, best.length, strict=True))
    return Rounds(visits, worth_of(task, visits), step, step >= n_steps)


def warm_up() -> None:
    """Compile the search, or read it from where it is kept."""
    one = np.zeros(1, dtype=np.int64)
    task = Task(
        **items_of(csr_array(np.ones((1, 1)))),
        **open_hours(1, 1),
        is_must=np.zeros(1, dtype=np.bool_),
        item_session=one,
        visit_item=one,
        visit_stop=one,
        visit_at=np.array([-1.0]),
        drive=np.zeros((2, 2)),
        km=np.zeros((2, 2)),
        dwell=1.0,
        round_session=one,
        round_group=one,
        round_sitting=one,
        earliest=np.zeros(1),
        latest=np.ones(1),
        by_group=np.arange(2, dtype=np.int64),
        group_round=one,
        shift=1.0,
        rest=0.0,
        rest_after=1.0,
        worth=np.ones(1),
        range_km=np.inf,
        refuel=0.0,
        is_strict=False,
    )
    search_rounds(task, ((),), seed=0, n_steps=1)
    hours_of(task, ((0,),))
