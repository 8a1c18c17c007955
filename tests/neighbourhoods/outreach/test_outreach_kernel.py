"""Short cuts of the search for rounds against the long way round: every place, every order, every hour."""

from __future__ import annotations

from itertools import combinations, pairwise

import numba
import numpy as np
import pytest

from benchmarks.rounds import Town, task_of, town
from neighbourhoods.compiled import compiler
from neighbourhoods.outreach.clock_kernel import is_in_time
from neighbourhoods.outreach.insert_kernel import cheapest
from neighbourhoods.outreach.route_kernel import room_of
from neighbourhoods.outreach.search import (
    can_hold,
    desk_for,
    draw,
    empty,
    most_visits,
    open_hours,
    search_rounds,
)
from neighbourhoods.outreach.search_kernel import copy_to, improve
from neighbourhoods.outreach.task import Task

N_MOST = 12
LATE, ALL_STEPS = 900_000, 1_000_000


def made_town(seed: int) -> tuple[Town, Task]:
    """Twenty stops with windows and two driver's days."""
    made = town(20, seed)
    return made, task_of(Town(made.drive, made.prize, made.opens, made.closes, 2))


def extra(made: Town, row: tuple[int, ...], v: int, k: int) -> int:
    """Minutes of driving and dwell that a visit at a place of a round adds."""
    way, longer = (-1, *row, -1), (-1, *row[:k], v, *row[k:], -1)
    sums = [sum(int(made.drive[a, b]) for a, b in pairwise(one)) for one in (way, longer)]
    return sums[1] - (sums[0] if row else 0) + 30


@pytest.mark.parametrize("seed", range(4))
def test_cheapest_place_is_that_of_all_places_tried(seed: int) -> None:
    made, task = made_town(seed)
    found = search_rounds(task, ((), ()), seed=seed, n_steps=3).visits
    n_fit = n_not = 0
    for n_left in (0, 1, 3):  # full rounds, and such with room
        rounds = (found[0][n_left:], found[1][: len(found[1]) - n_left])
        drawn = draw(task, rounds, N_MOST)
        desk = desk_for(drawn)
        for v in set(range(20)) - {one for row in rounds for one in row}:
            for r, row in enumerate(rounds):
                able = [
                    extra(made, row, v, k)
                    for k in range(len(row) + 1)
                    if can_hold(
                        task,
                        tuple((*one[:k], v, *one[k:]) if q == r else one for q, one in enumerate(rounds)),
                    )
                ]
                at, minutes = cheapest(task, drawn, v, r, room_of(task, drawn, r), 0.0, desk)
                assert (at >= 0) == bool(able)
                assert not able or minutes == min(able)
                n_fit, n_not = n_fit + bool(able), n_not + (not able)
    assert n_fit > 5
    assert n_not > 5


@pytest.mark.parametrize("seed", range(3))
def test_no_visit_fits_into_rounds_that_are_found(seed: int) -> None:
    """The last step ends when nothing fits any more, whatever was known of rounds before they changed."""
    _, task = made_town(seed)
    rounds = search_rounds(task, ((), ()), seed=seed, n_steps=120).visits
    for v in set(range(20)) - {one for row in rounds for one in row}:
        for r, row in enumerate(rounds):
            for k in range(len(row) + 1):
                more = (*row[:k], v, *row[k:])
                assert not can_hold(task, tuple(more if q == r else one for q, one in enumerate(rounds)))


@pytest.mark.parametrize("seed", range(3))
def test_two_seeds_come_to_rounds_of_the_same_worth(seed: int) -> None:
    """Which they do not where a round that has changed is not looked through again."""
    _, task = made_town(seed)
    one, other = (search_rounds(task, ((), ()), seed=k, n_steps=2_000).value for k in (seed, seed + 50))
    assert one == other


def walked(task: Task, start: tuple[tuple[int, ...], ...], n_steps: int, at_a_time: int) -> list[list[int]]:
    """Rounds where a search stands after some late steps of a long one, told to forget after every few."""
    best = draw(task, start, most_visits(task))
    drawn, spare = empty(task, most_visits(task)), empty(task, most_visits(task))
    copy_to(best, drawn)
    chance = np.arange(1, 5, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    quiet, desk = np.zeros(1, dtype=np.int64), desk_for(best)
    for step in range(LATE, LATE + n_steps, at_a_time):
        improve(task, drawn, best, spare, chance, step, at_a_time, ALL_STEPS, quiet, desk)
    return [row[:n].tolist() for row, n in zip(drawn.visit, drawn.length, strict=True)]


@pytest.mark.parametrize("seed", [0, 3])
def test_what_is_known_of_rounds_from_earlier_steps_leads_nowhere_else(seed: int) -> None:
    """Every call looks through all rounds anew; most late steps are undone, after which rounds are others."""
    made = town(60, seed)
    always = np.zeros(60, dtype=np.int64), np.full(60, 10_000, dtype=np.int64)
    task = task_of(Town(made.drive, made.prize, *always, 6))
    task = task._replace(is_strict=False, **open_hours(60, 6))
    start = search_rounds(task, ((),) * 6, seed=seed, n_steps=100).visits
    assert walked(task, start, 2_000, 2_000) == walked(task, start, 2_000, 1)


@numba.njit
def in_time(task, drawn, visits, first, last):  # type: ignore[no-untyped-def]
    return is_in_time(task, drawn, visits, len(visits), 0, first, last)


def test_round_that_is_turned_in_part_keeps_its_hours_where_all_of_it_does() -> None:
    seen = set()
    for seed in range(6):
        _, task = made_town(seed)
        row = search_rounds(task, ((), ()), seed=seed, n_steps=20).visits[0]
        drawn = draw(task, (row, ()), N_MOST)
        for i, j in combinations(range(len(row)), 2):
            turned = (*row[:i], *row[i : j + 1][::-1], *row[j + 1 :])
            is_held = bool(in_time(task, drawn, np.array(turned, dtype=np.int64), i, j))
            assert is_held == can_hold(task, (turned, ()))
            seen.add(is_held)
    assert seen == {True, False}


def test_functions_without_arrays_of_their_own_cannot_make_any() -> None:
    decorate = compiler(__file__, makes_arrays=False)
    assert decorate(_total)(np.arange(4)) == 6
    with pytest.raises(numba.core.errors.NumbaError):
        decorate(_doubled)(np.arange(4))


def _total(given: np.ndarray) -> int:
    found = 0
    for one in given:
        found += one
    return found


def _doubled(given: np.ndarray) -> np.ndarray:
    return np.empty(2 * len(given))
