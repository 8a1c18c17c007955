"""Hours of stops, forbidden drives and the range of a bus: what no plan may break."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import InputError
from neighbourhoods.outreach.balance import balanced
from neighbourhoods.outreach.bound import upper_bound
from neighbourhoods.outreach.drive import NEVER_MINUTES
from neighbourhoods.outreach.outreach import best_rounds, bound_task
from neighbourhoods.outreach.plan import FixedVisit, OutreachParams, StopWindow
from neighbourhoods.outreach.route import RouteTask
from neighbourhoods.outreach.search import Rounds, can_hold, hours_of, worth_of
from neighbourhoods.outreach.task import CLOSED, IN_PART, OPEN
from neighbourhoods.outreach.window import hours_words, opening_windows, require_known_stops, windows_by_day
from tests.neighbourhoods.outreach.outreach_case import (
    DAY,
    EVENING,
    best_of_windows,
    case,
    require_drivable,
    stops_of,
    with_params,
)

NO_REST = {"break_minutes": 0, "shift_minutes": 150}


def found(route: RouteTask, n_steps: int = 60) -> Rounds:
    return best_rounds(route, n_steps=n_steps)[0]


def drawn_windows(random: np.random.Generator, n_stops: int) -> tuple[StopWindow, ...]:
    """For some of the stops one window of 50 to 120 minutes between 9:00 and 12:00."""
    windows = []
    for stop in range(n_stops):
        if random.random() < 0.7:
            width = int(random.integers(50, 121))
            opens = int(random.integers(540, 721 - width))
            windows.append(StopWindow(f"s{stop}", int(random.choice([-1, 0, 2])), opens, opens + width))
    return tuple(windows)


@pytest.mark.parametrize("seed", range(6))
def test_small_towns_with_windows_get_the_best_of_all_plans_and_the_bound_is_above_it(seed: int) -> None:
    windows = drawn_windows(np.random.default_rng(seed), 4)
    route = case(seed, with_params(windows=windows, **NO_REST))
    rounds, best = found(route, 200), best_of_windows(route)
    assert rounds.value == pytest.approx(best)
    require_drivable(route, rounds)
    assert upper_bound(bound_task(route), best) >= best - 1e-9


def test_windows_cost_something() -> None:
    """In the towns above plans without windows would serve more, so that the search is held by them."""
    less = 0
    for seed in range(6):
        windows = drawn_windows(np.random.default_rng(seed), 4)
        free, held = (case(seed, with_params(windows=one, **NO_REST)) for one in ((), windows))
        less += best_of_windows(held) < best_of_windows(free) - 1e-9
    assert less >= 3


@st.composite
def asked(draw: st.DrawFn) -> OutreachParams:
    windows = tuple(
        StopWindow(f"s{draw(st.integers(0, 5))}", draw(st.sampled_from([-1, 0, 2])), opens, opens + width)
        for opens, width in draw(
            st.lists(st.tuples(st.integers(500, 1_080), st.integers(30, 240)), max_size=6)
        )
    )
    names = st.sampled_from([*(f"s{k}" for k in range(6)), "depot"])
    pairs = draw(st.lists(st.tuples(names, names).filter(lambda one: one[0] != one[1]), max_size=4))
    return with_params(
        sessions=(DAY, EVENING),
        windows=windows,
        forbidden_drives=tuple(pairs),
        range_km=draw(st.sampled_from([float("inf"), 6.0, 10.0, 15.0])),
        refuel_minutes=draw(st.sampled_from([0, 20, 300])),
        shift_minutes=draw(st.sampled_from([100, 180, 260])),
        n_vehicles=draw(st.integers(1, 2)),
    )


@settings(max_examples=25, deadline=None)
@given(asked(), st.integers(0, 1_000))
def test_no_shift_window_dwell_range_or_forbidden_drive_is_broken(params: OutreachParams, seed: int) -> None:
    route = case(seed, params, n_stops=6)
    rounds = found(route, n_steps=15)
    require_drivable(route, rounds)
    even = balanced(route, rounds.visits)
    require_drivable(route, Rounds(even, rounds.value, 0, True))
    assert worth_of(route.task, even) == pytest.approx(rounds.value)
    assert rounds.value <= upper_bound(bound_task(route), rounds.value) * (1 + 1e-9) + 1e-9


def test_more_hours_or_vehicles_never_serve_less_with_windows() -> None:
    windows = drawn_windows(np.random.default_rng(1), 10)
    values = {}
    for n_vehicles in (1, 2):
        for shift in (60, 120, 180):
            params = with_params(n_vehicles=n_vehicles, shift_minutes=shift, windows=windows)
            values[n_vehicles, shift] = found(case(7, params, n_stops=10, n_points=40), 30).value
    for (n, shift), value in values.items():
        for (m, longer), more in values.items():
            if m >= n and longer >= shift:
                assert more >= value - 1e-9
    assert values[2, 180] > values[1, 60] > 0


def test_same_seed_gives_the_same_rounds_with_windows() -> None:
    params = with_params(windows=drawn_windows(np.random.default_rng(2), 9), range_km=12.0)
    route = case(3, params, n_stops=9, n_points=40)
    assert found(route).visits == found(route).visits


def test_bus_that_is_early_leaves_later_or_waits_where_it_may() -> None:
    """s0 from 10:00, s1 from 11:00 and closed at 11:40; the visit before waits while that stop is open."""
    windows = (StopWindow("s0", -1, 600, 650), StopWindow("s1", -1, 660, 700))
    route = case(0, with_params(windows=windows, break_minutes=0))
    (hours, _) = hours_of(route.task, ((0, 1), ()))
    drive = route.drives.minutes
    assert hours.arrive.tolist() == [min(610.0, 660 - drive[0, 1] - 40), 660.0]
    assert hours.leave == hours.arrive[0] - drive[-1, 0]
    assert hours.depart[0] == min(650.0, 660 - drive[0, 1])
    assert hours.end == 700 + drive[1, -1]
    assert not can_hold(route.task, ((1, 0), ()))


def test_break_is_taken_where_the_stop_is_still_open() -> None:
    """Of three visits of 40 minutes a break of 20 is due; s0 and s1 close as the visit ends, s2 does not."""
    free = case(2, with_params(windows=()))
    (hours, _) = hours_of(free.task, ((0, 1, 2), ()))
    ends = hours.arrive + 40
    windows = (
        StopWindow("s0", -1, 540, int(hours.leave + free.drives.minutes[-1, 0] + 40)),
        StopWindow(
            "s1", -1, 540, int(hours.leave + free.drives.minutes[-1, 0] + 80) + int(free.drives.minutes[0, 1])
        ),
    )
    held = case(2, with_params(windows=windows))
    (later, _) = hours_of(held.task, ((0, 1, 2), ()))
    assert (later.depart - later.arrive).tolist() == [40, 40, 60]
    assert ends[2] <= later.arrive[2] + 60


def test_refuelling_comes_between_two_rounds_that_are_longer_than_the_range_together() -> None:
    params = with_params(sessions=(DAY, EVENING), shift_minutes=400)
    near = case(4, params)
    km = near.drives.km[-1, 0] + near.drives.km[0, -1]
    visits = ((0,), (0,), (4,))  # Monday; Wednesday, day and evening
    for range_km, refuel, holds in ((2 * km, 300, True), (1.9 * km, 300, False), (1.9 * km, 20, True)):
        route = case(
            4,
            with_params(sessions=(DAY, EVENING), shift_minutes=400, range_km=range_km, refuel_minutes=refuel),
        )
        assert can_hold(route.task, visits) is holds
    short = case(4, with_params(sessions=(DAY, EVENING), shift_minutes=400, range_km=0.99 * km))
    assert not can_hold(short.task, visits)


def test_drive_that_is_forbidden_leads_by_another_stop_or_not_at_all() -> None:
    free = case(5, with_params(break_minutes=0))
    pair = (("s0", "s1"),)
    held = case(5, with_params(break_minutes=0, forbidden_drives=pair))
    assert held.drives.minutes[0, 1] == held.drives.minutes[1, 0] == NEVER_MINUTES
    assert can_hold(free.task, ((0, 1), ()))
    assert not can_hold(held.task, ((0, 1), ()))
    for row in stops_of(held, found(held).visits):
        assert {0, 1} not in [set(one) for one in itertools.pairwise(row)]


def test_windows_of_a_stop_are_joined_by_day_and_others_close_it() -> None:
    params = with_params(
        windows=(
            StopWindow("s1", 0, 600, 660),
            StopWindow("s1", -1, 540, 600),
            StopWindow("s2", 0, 500, 800),
            StopWindow("s3", 1, 540, 720),
        )
    )
    by_stop = windows_by_day(params)
    assert by_stop["s1"][0] == ((540.0, 660.0),)
    assert by_stop["s1"][6] == ((540.0, 600.0),)
    hours = case(0, params).task.hours  # rounds of Monday and Wednesday, 9:00 to 12:00, visits of 40 minutes
    assert hours.tolist() == [[OPEN, OPEN], [IN_PART, IN_PART], [OPEN, CLOSED], [CLOSED, CLOSED]]


def test_fixed_visit_is_kept_within_the_hours_of_its_stop_or_refused_in_words() -> None:
    window = (StopWindow("s3", 2, 600, 660),)
    fixed = (FixedVisit("s3", "advice", 2, 620),)
    require_drivable(route := case(1, with_params(windows=window, fixed=fixed)), found(route))
    for day, at in ((2, 621), (2, 599), (0, 620), (0, -1)):
        with pytest.raises(InputError, match="not within the hours in which a vehicle may stand there"):
            case(1, with_params(windows=window, fixed=(FixedVisit("s3", "advice", day, at),)))


def test_opening_hours_of_the_register_are_windows_but_where_a_hand_set_others() -> None:
    places = pd.DataFrame(
        {
            "opening_hours": [
                "Mon-Fri 09:00-17:00",
                "by appointment",
                None,
                "Mon 10:00-12:00",
                "Tue 9:00-10:00",
            ]
        },
        index=["s0", "s1", "s2", "s3", "s4"],
    )
    params = with_params(windows=(StopWindow("s3", -1, 600, 700),), fixed=(FixedVisit("s4", "advice", 2),))
    expected = tuple(StopWindow("s0", day, 540, 1_020) for day in range(5))
    assert opening_windows(params, places) == expected
    assert hours_words(params, expected) == "hours kept of 1 stops as given and of 1 as the register has them"
    assert opening_windows(replace(params, keep_opening_hours=False), places) == ()
    assert opening_windows(params, places[[]]) == ()


def test_hours_that_cannot_be_are_refused_in_words() -> None:
    with pytest.raises(InputError, match="it must close after it opens"):
        StopWindow("s1", 0, 600, 600)
    with pytest.raises(InputError, match="there is no day 7"):
        StopWindow("s1", 7, 600, 700)
    with pytest.raises(InputError, match="The range must be above nought"):
        with_params(range_km=0.0)
    with pytest.raises(InputError, match="from one stop to another"):
        with_params(forbidden_drives=(("s1", "s1"),))
    with pytest.raises(InputError, match="'s9' whose hours are given is not in the register"):
        require_known_stops(with_params(windows=(StopWindow("s9", 0, 600, 700),)), {"s1"})
    with pytest.raises(InputError, match="'s9' of a forbidden drive is not in the register"):
        require_known_stops(with_params(forbidden_drives=(("s1", "s9"),)), {"s1"})
