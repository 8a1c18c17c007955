"""Journeys by bus added up by hand, and the same as a plain search by rounds."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.dataset import NewDataset
from geodata.errors import MissingDataError
from geodata.provenance import Provenance
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import AccessParams, access
from neighbourhoods.travel.access_report import access_json, method_words, source_lines
from neighbourhoods.travel.band import POINT_M, reach_bands
from neighbourhoods.travel.matrix import NearestPlaces
from neighbourhoods.travel.straight_line import DETOUR
from neighbourhoods.travel.timetable import Timetable, offered_modes
from neighbourhoods.travel.timetable_journey import (
    CHANGE_S,
    RIDES_MAX,
    bus_minutes,
    start_times,
)
from tests.neighbourhoods.travel.test_travel_matrix import _nothing_held, dry

__all__ = ["_nothing_held", "dry"]
BUS_ACCESS = AccessParams(("library",), "ward", "bus")
FAR = 1e6  # minutes on foot that nobody takes
Call = tuple[int, float, bool, bool]


def timetable(stops: list[tuple[float, float]], trips: list[list[tuple[int, int]]]) -> Timetable:
    """Trips as lists of stop and minute after ten o'clock, arriving and leaving at once."""
    rows = [
        (trip, stop, 36_000 + 60 * minute, 36_000 + 60 * minute, True, True)
        for trip, calls in enumerate(trips)
        for stop, minute in calls
    ]
    columns = ["trip", "stop", "arrival_s", "departure_s", "can_board", "can_alight"]
    return Timetable(np.array(stops, dtype=float), pd.DataFrame(rows, columns=columns))


def journey(
    table: Timetable, point: tuple[float, float], places: list[tuple[float, float]], walk: float = FAR
) -> tuple[float, int]:
    on_foot = NearestPlaces(np.array([walk]), np.array([0]), None, True)
    minutes, place = bus_minutes(table, np.array([point]), np.array(places, dtype=float), on_foot, 4.8)
    return float(minutes[0]), int(place[0])


def every_half_hour(first: int, *legs: tuple[int, int]) -> list[list[tuple[int, int]]]:
    return [[(stop, first + 30 * i + at) for stop, at in legs] for i in range(8)]


LINE = [(0.0, 0.0), (5_000.0, 0.0)]


def test_waiting_is_counted_over_all_times_of_setting_out() -> None:
    """Buses at 10:05, 10:35, …, ten minutes on the way: 15, 35 and 25 minutes in turn; thirteen journeys."""
    table = timetable(LINE, every_half_hour(5, (0, 0), (1, 10)))
    assert len(start_times()) == 13
    minutes, place = journey(table, (0, 0), [(5_000, 0)])
    assert minutes == pytest.approx((4 * (15 + 35 + 25) + 15) / 13)
    assert place == 0


def test_whoever_is_quicker_on_foot_walks() -> None:
    table = timetable(LINE, every_half_hour(5, (0, 0), (1, 10)))
    minutes, _ = journey(table, (0, 0), [(5_000, 0)], walk=30.0)
    assert minutes == pytest.approx((4 * (15 + 30 + 25) + 15) / 13)
    assert journey(table, (0, 0), [(5_000, 0)], walk=14.0)[0] == 14


def test_the_walk_to_the_stop_may_miss_the_bus_and_the_walk_from_it_is_added() -> None:
    """Six minutes' walk at each end (370 m and 1.3): the bus at five past is missed, not the next."""
    table = timetable(LINE, every_half_hour(5, (0, 0), (1, 10)))
    minutes, _ = journey(table, (-369, 0), [(5_369, 0)])
    walk = np.ceil(369 * DETOUR / 80 * 60) / 60
    # set out 10:00 -> 10:35 bus; 10:10 -> 10:35; 10:20 -> 10:35; then again
    expected = (4 * (45 + 35 + 25) + 45) / 13 + walk
    assert minutes == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("metres", "is_reached"), [(922, True), (924, False)])
def test_nobody_walks_more_than_fifteen_minutes_to_a_stop(metres: float, is_reached: bool) -> None:
    table = timetable(LINE, every_half_hour(5, (0, 0), (1, 10)))
    assert (journey(table, (-metres, 0), [(5_000, 0)])[0] < FAR) is is_reached


@pytest.mark.parametrize(("wait", "caught"), [(CHANGE_S // 60, True), (CHANGE_S // 60 - 1, False)])
def test_a_change_takes_two_minutes(wait: int, caught: bool) -> None:
    stops = [(0.0, 0.0), (5_000.0, 0.0), (9_000.0, 0.0)]
    trips = [*every_half_hour(0, (0, 0), (1, 10)), *every_half_hour(10 + wait, (1, 0), (2, 5))]
    found, _ = journey(timetable(stops, trips), (0, 0), [(9_000, 0)])
    first = 10 + wait + 5 if caught else 10 + wait + 5 + 30
    # buses at 10:00, 10:30, …: set out 10:00 -> at once, 10:10 -> twenty minutes' wait, 10:20 -> ten
    assert found == pytest.approx((4 * (0 + 20 + 10) + 13 * first) / 13)


def test_no_more_than_two_changes() -> None:
    stops = [(4_000.0 * i, 0.0) for i in range(RIDES_MAX + 2)]
    rides = [every_half_hour(5 + 10 * i, (i, 0), (i + 1, 5)) for i in range(RIDES_MAX + 1)]
    table = timetable(stops, [trip for ride in rides for trip in ride])
    assert journey(table, (0, 0), [(4_000 * RIDES_MAX, 0)])[0] < FAR
    assert journey(table, (0, 0), [(4_000 * (RIDES_MAX + 1), 0)])[0] == FAR


def test_staying_on_the_bus_is_no_change() -> None:
    stops = [(4_000.0 * i, 0.0) for i in range(6)]
    table = timetable(stops, every_half_hour(5, *((i, 3 * i) for i in range(6))))
    assert journey(table, (0, 0), [(20_000, 0)])[0] < FAR


def test_stops_where_nobody_may_board_or_alight_are_passed_by() -> None:
    table = timetable(LINE, every_half_hour(5, (0, 0), (1, 10)))
    for column in ("can_board", "can_alight"):
        closed = Timetable(table.stops_xy, table.calls.assign(**{column: False}))
        assert journey(closed, (0, 0), [(5_000, 0)])[0] == FAR


def test_the_place_is_the_one_that_is_reached_most_often() -> None:
    stops = [(0.0, 0.0), (5_000.0, 0.0), (0.0, 5_000.0)]
    trips = [*every_half_hour(5, (0, 0), (2, 10)), *every_half_hour(25, (0, 0), (1, 2))]
    _, place = journey(timetable(stops, trips), (0, 0), [(5_000, 0), (0, 5_000)])
    assert place == 0  # set out at 10 and 20 past: the bus at 25 past; on the hour: that at five past


spot = st.tuples(st.integers(0, 3), st.integers(0, 1))
call = st.tuples(st.integers(0, 5), st.integers(1, 12))
TRIPS = st.lists(
    st.tuples(st.integers(0, 150), st.lists(call, min_size=2, max_size=5)), min_size=1, max_size=12
)


@settings(max_examples=80, deadline=None)
@given(TRIPS, st.lists(spot, min_size=6, max_size=6), st.integers(0, 3), st.integers(0, 3), st.data())
def test_journeys_are_those_of_a_plain_search_by_rounds(
    drawn: list[tuple[int, list[tuple[int, int]]]],
    corners: list[tuple[int, int]],
    a: int,
    b: int,
    data: st.DataObject,
) -> None:
    stops = [(250.0 * x, 250.0 * y) for x, y in corners]
    trips = []
    for begin, calls in drawn:
        minute, found = begin, []
        for stop, step in calls:
            minute += step
            found.append((stop, minute))
        trips.append(found)
    table = timetable(stops, trips)
    point, place = (250.0 * a, 900.0), (250.0 * b, -700.0)
    seconds = lambda p, q: int(np.ceil(np.hypot(p[0] - q[0], p[1] - q[1]) * DETOUR / (4_800 / 3_600)))  # noqa: E731
    taken = []
    for start in start_times().tolist():
        best = (200 * 60) + start
        at = {s: start + seconds(point, xy) for s, xy in enumerate(stops) if seconds(point, xy) <= 900}
        for _ in range(RIDES_MAX):
            reached: dict[int, int] = {}
            for calls in trips:
                aboard = False
                for stop, minute in calls:
                    now = 36_000 + 60 * minute
                    if aboard:
                        reached[stop] = min(reached.get(stop, now), now)
                    aboard = aboard or at.get(stop, 10**9) <= now
            for stop, now in reached.items():
                if seconds(stops[stop], place) <= 900:
                    best = min(best, now + seconds(stops[stop], place))
            at = {}
            for stop, now in reached.items():
                for other, xy in enumerate(stops):
                    walk = seconds(stops[stop], xy)
                    if walk <= 300:
                        when = now + walk + CHANGE_S
                        at[other] = min(at.get(other, when), when)
        taken.append(best - start)
    found_minutes, _ = journey(table, point, [place], walk=200.0)
    assert found_minutes == pytest.approx(np.mean(taken) / 60, abs=1e-9)


def with_buses(study: Study) -> Study:
    """A bus every ten minutes from the middle of ward F (2,500, 1,500) to the library, five minutes away."""
    table = timetable(
        [(2_500.0, 1_500.0), (500.0, 200.0)],
        [[(0, 10 * i), (1, 10 * i + 5)] for i in range(30)],
    )
    origin = Provenance("bus_timetable", "feed.zip", "3" * 64, "2026-11-17", "2026-01-01T00:00:00", 1, 1)
    stops = pd.DataFrame(table.stops_xy, columns=["x", "y"], index=pd.Index(["f", "l"], name="stop_id"))
    extra = {"date": "2026-11-17", "content": "4" * 64}
    study.store.write(
        [
            NewDataset("timetable:stops", "timetable", "", stops, origin, extra),
            NewDataset("timetable:calls", "timetable", "", table.calls, origin, extra),
        ]
    )
    return Study(study.store)


def test_the_bus_is_offered_only_with_a_timetable_and_its_absence_says_what_to_import(dry: Study) -> None:
    assert "bus" not in offered_modes(dry)
    with pytest.raises(MissingDataError, match=r"stop_times\.txt"):
        access(dry, BUS_ACCESS)
    assert "bus" in offered_modes(with_buses(dry))


def test_access_by_bus_is_never_slower_than_on_foot_and_says_how_it_was_worked_out(dry: Study) -> None:
    served = with_buses(dry)
    bus, foot = access(served, BUS_ACCESS), access(served, AccessParams(("library",), "ward"))
    minutes = dict(zip(bus.points.area_codes, bus.minutes, strict=True))
    assert minutes["F"] == pytest.approx(5.0)
    assert (bus.minutes <= foot.minutes + 1e-9).all()
    assert minutes["A"] == pytest.approx(300 * DETOUR / 80)
    said = method_words(bus)
    assert "every 10 minutes from 10:00 to 12:00 on Tuesday 17 November 2026" in said
    assert "All the way on foot: estimated: straight line" in said
    assert any("Bus timetables (GTFS)" in line for line in source_lines(served, bus))
    assert not any("GTFS" in line for line in source_lines(served, foot))
    assert access_json(served, bus)["method"]["timetable_day"] == "2026-11-17"


def test_the_ground_within_reach_by_bus_is_round_the_starting_points(dry: Study) -> None:
    served = with_buses(dry)
    band = reach_bands(served, access(served, BUS_ACCESS)).loc[10, "geometry"]
    assert band.buffer(1).contains(gpd.points_from_xy([2_500 + POINT_M - 2], [1_500])[0])
    assert not band.intersects(gpd.points_from_xy([1_500], [1_500])[0])


def test_journeys_by_bus_are_kept(dry: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    served = with_buses(dry)
    first = access(served, BUS_ACCESS).minutes.tolist()

    def never(*_: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr("neighbourhoods.travel.timetable_journey.bus_minutes", never)
    assert access(Study(served.store), BUS_ACCESS).minutes.tolist() == first
