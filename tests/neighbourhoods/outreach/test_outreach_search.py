"""Rounds of a bus against every plan there is, and what must hold of every plan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from geodata.errors import InputError
from neighbourhoods.outreach.balance import balanced
from neighbourhoods.outreach.bound import most_counts, upper_bound
from neighbourhoods.outreach.drive import Drives
from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.outreach import best_rounds, bound_task, plain_value, require_musts
from neighbourhoods.outreach.plan import FixedVisit, Session
from neighbourhoods.outreach.route import RouteTask, route_task, with_less
from neighbourhoods.outreach.search import Rounds, search_rounds, worth_of
from neighbourhoods.outreach.stop import OutreachStops
from neighbourhoods.outreach.table import people_by_visit, visit_tables
from tests.neighbourhoods.outreach.outreach_case import (
    DAY,
    EVENING,
    best_of_all,
    case,
    require_drivable,
    round_minutes,
    stops_of,
    with_params,
    worth,
)

STEPS = 100
TWO = with_params(sessions=(DAY, EVENING))


def found(route: RouteTask, n_steps: int = STEPS) -> Rounds:
    return best_rounds(route, n_steps=n_steps)[0]


@pytest.mark.parametrize("seed", range(6))
def test_small_towns_get_the_best_of_all_plans_and_the_bound_is_above_it(seed: int) -> None:
    route = case(seed)
    rounds, best = found(route), best_of_all(route)
    assert rounds.value == pytest.approx(best)
    assert worth(route, stops_of(route, rounds.visits)) == pytest.approx(best)
    for n_prices in (1, 10, 300):
        assert upper_bound(bound_task(route), best, n_prices) >= best - 1e-9
    assert upper_bound(bound_task(route), 0.0) >= best - 1e-9  # whatever the prices are led by


@pytest.mark.parametrize("seed", range(3))
def test_two_sessions_share_a_shift_and_the_bound_heeds_it(seed: int) -> None:
    route = case(seed, TWO, n_stops=3)
    rounds, best = found(route), best_of_all(route)
    assert rounds.value == pytest.approx(best)
    require_drivable(route, rounds)
    assert best - 1e-9 <= upper_bound(bound_task(route), best)


def test_bound_counts_what_a_day_can_hold() -> None:
    """Visits of 40 minutes and more, 20 of rest after 120: of 180 minutes three are driven only within 40."""
    route = case(0)
    drive = route.drives.minutes.copy()
    np.fill_diagonal(drive, np.inf)
    half = (drive.min(axis=0) + drive.min(axis=1)) / 2
    three = 120 + half[-1] + np.sort(half[:-1])[:3].sum() + 20
    assert three < 180 < three + 40
    assert most_counts(bound_task(route)) == [(6,)]


@pytest.mark.parametrize("seed", range(4))
def test_no_shift_window_or_dwell_is_broken(seed: int) -> None:
    params = with_params(sessions=(DAY, EVENING), n_vehicles=2, n_weeks=2, shift_minutes=150)
    route = case(seed, params, n_stops=9, n_points=40)
    rounds = found(route)
    require_drivable(route, rounds)
    assert sum(map(len, rounds.visits)) > 8


def test_more_hours_or_vehicles_never_serve_less() -> None:
    values = {}
    for n_vehicles in (1, 2):
        for shift in (60, 120, 170, 180):
            route = case(7, with_params(n_vehicles=n_vehicles, shift_minutes=shift), n_stops=12, n_points=60)
            values[n_vehicles, shift] = found(route, n_steps=50).value
    for (n, shift), value in values.items():
        for (m, longer), more in values.items():
            is_rung = shift % 60 == 0 or shift == longer
            if m >= n and longer >= shift and is_rung:
                assert more >= value - 1e-9
    assert values[2, 180] > values[1, 180] > values[1, 60] > 0


def test_same_seed_gives_the_same_rounds_and_another_may_not() -> None:
    route = case(3, TWO, n_stops=9, n_points=40)
    assert found(route).visits == found(route).visits


def test_fixed_visits_are_kept_at_their_hour() -> None:
    fixed = (FixedVisit("s3", "advice", 2, 640), FixedVisit("s1", "advice", 0))
    route = case(1, with_params(fixed=fixed))
    rounds = found(route)
    require_drivable(route, rounds)
    table, _ = visit_tables(route, balanced(route, rounds.visits), [f"s{k}" for k in range(4)])
    kept = table.set_index(["day", "stop_id"])["arrive_minute"]
    assert kept[2, "s3"] == 640
    assert (0, "s1") in kept.index


def test_fixed_visits_that_cannot_be_are_refused_in_words() -> None:
    with pytest.raises(InputError, match="does not fit into the hours of that day"):
        found(case(1, with_params(fixed=(FixedVisit("s3", "advice", 2, 719),))))
    with pytest.raises(
        InputError, match=r"Tuesday \(advice\) is on a day on which that session does not run"
    ):
        found(case(1, with_params(fixed=(FixedVisit("s3", "advice", 1),))))
    with pytest.raises(InputError, match="is asked for twice"):
        found(case(1, with_params(fixed=(FixedVisit("s3", "advice", 2),) * 2)))


def test_rest_is_taken_where_a_round_is_long_and_not_where_it_is_short() -> None:
    route = case(2)
    long, short = (0, 1, 2), (0,)
    assert round_minutes(route, long) - round_minutes(route, short) > 80
    _, rows = visit_tables(route, (long, short), [f"s{k}" for k in range(4)])
    assert (rows["return_minute"] - rows["leave_minute"]).tolist() == [
        round_minutes(route, long),
        round_minutes(route, short),
    ]


def test_people_of_visits_add_up_to_the_value_and_repeats_count_less() -> None:
    route = case(5, TWO, n_stops=3)
    visits = ((0, 1), (1, 2), (4,))  # stop 1 on both days, and once in the evening, where items follow by 3
    people = people_by_visit(route, visits)
    assert sum(people.values()) == pytest.approx(worth(route, ((0, 1), (1, 2), (1,))))
    assert sum(people.values()) == pytest.approx(plain_value(route, visits))
    assert worth_of(route.task, visits) == pytest.approx(plain_value(route, visits))
    assert people[1, 1] == pytest.approx(0.4 * float(route.gain[0][[1]].sum()))


def town_of_two(**changes: object) -> tuple[RouteTask, OutreachNeed]:
    """Two stops a minute from all, each at the door of an area: 100 people in A, 10 in B; one visit a day."""
    need = OutreachNeed(
        np.zeros((2, 2)),
        np.array([0, 1]),
        np.array([[100.0], [10.0]]),
        pd.Index(["A", "B"], name="area_code"),
        "ward",
        np.full(2, 60.0),
    )
    places = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=gpd.points_from_xy([0, 0], [0, 0]), crs=27700)
    stops = OutreachStops(places, csr_array(np.eye(2)), 0)
    params = with_params(shift_minutes=60, repeat_worth=0.9, **changes)
    return route_task(params, need, stops, Drives(1 - np.eye(3), np.zeros((3, 3)), True), ["a", "b"]), need


def test_area_above_the_threshold_is_not_left_out() -> None:
    free, _ = town_of_two()
    assert stops_of(free, found(free).visits) == ((0,), (0,))
    assert found(free).value == pytest.approx(100 + 0.9 * 100)
    held, need = town_of_two(must_serve_need=9.0)
    rounds = found(held)
    assert sorted(stops_of(held, rounds.visits)) == [(0,), (1,)]
    assert plain_value(held, rounds.visits) == pytest.approx(110)
    require_musts(held, need, rounds)
    at, _ = town_of_two(must_serve_need=10.0)
    assert stops_of(at, found(at).visits) == ((0,), (0,))


def test_areas_that_cannot_all_be_served_are_named() -> None:
    one_day = Session("advice", "everyone", (0,), 540, 720)
    route, need = town_of_two(must_serve_need=9.0, sessions=(one_day,))
    with pytest.raises(InputError, match=r"1 stay without a visit \(B \(advice\)\)"):
        require_musts(route, need, found(route))


def test_hours_too_short_for_any_visit_are_refused() -> None:
    route, _ = town_of_two()
    short = with_less(route, 1, 41.0)[0]  # 40 minutes of dwell and two of driving
    assert not any(search_rounds(short.task, ((), ()), seed=1, n_steps=5).visits)
    exact = with_less(route, 1, 42.0)[0]
    assert any(search_rounds(exact.task, ((), ()), seed=1, n_steps=5).visits)


def test_days_become_even_without_serving_less() -> None:
    route = case(4)
    uneven = ((0, 1, 2), ())
    even = balanced(route, uneven)
    assert sorted(map(len, even)) == [1, 2]
    assert plain_value(route, even) == pytest.approx(plain_value(route, uneven))
    squares = [sum(round_minutes(route, row) ** 2 for row in one) for one in (uneven, stops_of(route, even))]
    assert squares[1] < squares[0]
