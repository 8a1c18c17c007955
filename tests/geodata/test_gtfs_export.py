"""Tables leave as GTFS only where they are a feed by the rules of its reference."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.gtfs_export import DAYS, gtfs_faults, gtfs_time, to_gtfs_bytes


def feed() -> dict[str, pd.DataFrame]:
    """One trip between two stops on Mondays."""
    days = [["1", "0", "0", "0", "0", "0", "0"]]
    return {
        "agency": pd.DataFrame(
            [["a", "York, City of", "https://example.org", "Europe/London"]],
            columns=["agency_id", "agency_name", "agency_url", "agency_timezone"],
        ),
        "stops": pd.DataFrame(
            [["p", 'The "Hall"', "53.9", "-1.1"], ["q", "Library", "53.95", "-1.05"]],
            columns=["stop_id", "stop_name", "stop_lat", "stop_lon"],
        ),
        "routes": pd.DataFrame(
            [["r", "a", "Advice", "3"]], columns=["route_id", "agency_id", "route_long_name", "route_type"]
        ),
        "trips": pd.DataFrame([["r", "s", "t"]], columns=["route_id", "service_id", "trip_id"]),
        "stop_times": pd.DataFrame(
            [["t", "09:00:00", "09:00:00", "p", 1], ["t", "09:10:00", "10:10:00", "q", 2]],
            columns=["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"],
        ),
        "calendar": pd.DataFrame(
            [["s", *days[0], "20260105", "20261231"]], columns=["service_id", *DAYS, "start_date", "end_date"]
        ),
        "feed_info": pd.DataFrame(
            [["York", "https://example.org", "en-GB"]],
            columns=["feed_publisher_name", "feed_publisher_url", "feed_lang"],
        ),
    }


def test_a_feed_comes_back_letter_by_letter_and_twice_the_same() -> None:
    content = to_gtfs_bytes(feed())
    assert content == to_gtfs_bytes(feed())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert set(archive.namelist()) == {f"{name}.txt" for name in feed()}
        for name, table in feed().items():
            with archive.open(f"{name}.txt") as file:
                assert pd.read_csv(file, dtype=str).equals(table.astype(str))


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("trips", {"service_id": "none"}, "trips names service_id 'none'"),
        ("trips", {"route_id": "none"}, "trips names route_id 'none'"),
        ("stop_times", {"stop_id": "none"}, "stop_times names stop_id 'none'"),
        ("stop_times", {"trip_id": "none"}, "stop_times names trip_id 'none'"),
        ("stop_times", {"stop_sequence": 1}, "two rows of one trip_id and stop_sequence"),
        ("stop_times", {"arrival_time": "nine"}, "an hour or an order that is none"),
        ("stop_times", {"departure_time": "08:00:00"}, "run backwards"),
        ("stop_times", {"arrival_time": "08:59:00"}, "run backwards"),
        ("stops", {"stop_id": "p"}, "two rows of one stop_id"),
        ("agency", {"agency_url": ""}, "agency has a row without agency_url"),
    ],
)
def test_what_is_no_feed_is_refused_and_says_why(name: str, changes: dict[str, object], said: str) -> None:
    tables = feed()
    tables[name].loc[tables[name].index[-1], list(changes)] = list(changes.values())
    assert any(said in one for one in gtfs_faults(tables)), gtfs_faults(tables)
    with pytest.raises(InputError, match="cannot leave as GTFS"):
        to_gtfs_bytes(tables)


def test_a_feed_without_days_or_with_a_trip_of_one_call_is_none() -> None:
    assert gtfs_faults(feed()) == []
    without = {name: table for name, table in feed().items() if name != "calendar"}
    assert gtfs_faults(without) == ["Neither calendar nor calendar_dates says when services run."]
    single = {**feed(), "stop_times": feed()["stop_times"][:1]}
    assert gtfs_faults(single) == ["A trip calls at fewer than two stops."]


def test_hours_are_written_in_full_and_count_on_past_midnight() -> None:
    assert [gtfs_time(one) for one in (0, 545, 1_445)] == ["00:00:00", "09:05:00", "24:05:00"]
