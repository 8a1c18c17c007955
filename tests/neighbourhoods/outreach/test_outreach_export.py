"""A plan leaves the house as files that say what it says, and the project's own reader takes its feed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.gtfs_export import gtfs_faults, to_gtfs_bytes
from geodata.icalendar_export import to_icalendar_bytes
from geodata.payload import Limits, Payload
from geodata.timetable_feed import is_timetable, parse_timetable
from neighbourhoods.outreach.export import calendar_events, calendar_stamp, gpx_parts, outreach_features
from neighbourhoods.outreach.gtfs_feed import gtfs_tables, stop_code
from neighbourhoods.outreach.running import Running
from tests.neighbourhoods.outreach.toy_outreach import toy_fortnight, toy_plan

RUNNING = Running("City of Toytown", "https://example.org", date(2026, 1, 7), date(2026, 2, 1))  # a Wednesday


def test_a_feed_has_one_trip_for_each_round_with_the_hours_of_the_plan() -> None:
    tables = gtfs_tables(toy_plan(), RUNNING)
    assert gtfs_faults(tables) == []
    assert tables["trips"]["trip_id"].tolist() == ["week1_monday_v1_advice", "week1_thursday_v1_youth"]
    monday = tables["stop_times"][tables["stop_times"]["trip_id"] == "week1_monday_v1_advice"]
    assert monday[["arrival_time", "departure_time", "stop_id"]].to_numpy().tolist() == [
        ["09:00:00", "09:00:00", "venue:yard"],
        ["09:10:00", "10:10:00", "venue:ash"],
        ["11:00:00", "12:00:00", "library:elm"],
        ["12:15:00", "12:15:00", "venue:yard"],
    ]
    assert set(monday["pickup_type"]) == set(monday["drop_off_type"]) == {"1"}
    # 4 km, 8 more, and 6 back: the 18 km of the round
    assert monday["shape_dist_traveled"].tolist() == [0, 4, 12, 18]
    assert tables["shapes"]["shape_dist_traveled"].tolist() == [0, 4, 12, 18, 0, 5, 10]
    calendar = tables["calendar"].set_index("service_id")
    assert calendar.loc["week1_thursday", ["monday", "thursday", "start_date", "end_date"]].tolist() == [
        "0",
        "1",
        "20260107",
        "20260201",
    ]


def test_rounds_of_a_fortnight_run_on_their_own_dates() -> None:
    tables = gtfs_tables(toy_fortnight(), RUNNING)
    assert gtfs_faults(tables) == []
    assert "calendar" not in tables
    dates = tables["calendar_dates"].groupby("service_id")["date"].agg(list).to_dict()
    # week 1 is that of Monday 5 January, which lies before the first day
    assert dates == {
        "week1_monday": ["20260119"],
        "week2_monday": ["20260112", "20260126"],
        "week2_thursday": ["20260115", "20260129"],
    }


def test_a_feed_is_read_back_by_the_projects_own_reader() -> None:
    content = to_gtfs_bytes(gtfs_tables(toy_plan(), RUNNING))
    assert is_timetable(content)
    payload = Payload(name="bus.zip", content=content, sha256=hashlib.sha256(content).hexdigest())
    raw = parse_timetable(payload, Limits())
    assert {name: len(table) for name, table in raw.tables.items()} == {
        "stops": 3,
        "routes": 2,
        "trips": 2,
        "stop_times": 7,
        "calendar": 2,
    }


def test_a_feed_needs_somebody_who_runs_it_and_days_on_which_it_runs() -> None:
    with pytest.raises(InputError, match="web address"):
        gtfs_tables(toy_plan(), Running("City", "", date(2026, 1, 7), date(2026, 2, 1)))
    with pytest.raises(InputError, match="give more days"):
        gtfs_tables(toy_plan(), Running("City", "https://e.org", date(2026, 1, 7), date(2026, 1, 8)))
    with pytest.raises(InputError, match="last day must come after"):
        Running("City", "https://e.org", date(2026, 1, 7), date(2026, 1, 6))


def test_naptan_codes_are_kept_for_bus_stops_alone() -> None:
    assert stop_code("bus_stop:3290YYA00123") == "3290YYA00123"
    assert stop_code("library:elm") == ""


def test_calendar_has_an_event_for_each_line_of_the_posters() -> None:
    events = calendar_events(toy_plan(), RUNNING)
    assert [(one.first, one.every_weeks, one.minutes) for one in events] == [
        (datetime(2026, 1, 12, 9, 10), 1, 60),
        (datetime(2026, 1, 8, 17, 12), 1, 60),
        (datetime(2026, 1, 12, 11, 0), 1, 60),
    ]
    assert len({one.uid for one in events}) == 3
    assert events == calendar_events(toy_plan(), RUNNING)
    content = to_icalendar_bytes(events, "Bus", calendar_stamp(RUNNING))
    assert content.count(b"BEGIN:VEVENT") == 3


def test_calendar_of_a_fortnight_says_every_second_week_where_it_is() -> None:
    events = calendar_events(toy_fortnight(), RUNNING)
    assert [(one.first.date(), one.every_weeks) for one in events] == [
        (date(2026, 1, 12), 1),
        (date(2026, 1, 15), 2),
        (date(2026, 1, 12), 1),
    ]


def test_an_event_keeps_its_uid_when_its_hour_changes() -> None:
    plan = toy_plan()
    moved = toy_plan(visits=plan.visits.assign(arrive_minute=plan.visits["arrive_minute"] + 5))
    assert [one.uid for one in calendar_events(moved, RUNNING)] == [
        one.uid for one in calendar_events(plan, RUNNING)
    ]


def test_routes_begin_and_end_at_the_depot() -> None:
    waypoints, routes = gpx_parts(toy_plan())
    assert [one.name for one in waypoints] == ["Yard", "Ash Hall", "Elm Library"]
    assert [[point.name for point in one.points] for one in routes] == [
        ["Yard", "Ash Hall", "Elm Library", "Yard"],
        ["Yard", "Ash Hall", "Yard"],
    ]


def test_features_are_the_depot_the_stops_and_the_rounds() -> None:
    found = outreach_features(toy_plan())
    assert found["what"].tolist() == ["depot", "stop", "stop", "round", "round"]
    assert found.index.is_unique
    assert list(found.geometry.iloc[3].coords) == [(500, 500), (700, 700), (1_500, 1_500), (500, 500)]
    assert found["people"].iloc[1:].tolist() == [140, 60, 160, 40]
    assert pd.isna(found["people"].iloc[0])
