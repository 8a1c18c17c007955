"""A GTFS feed becomes the calls of one Tuesday near the authority; what is left out is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.archive import read_payloads
from geodata.content import parse_payload
from geodata.errors import DamagedFileError, MissingDataError, OtherAuthorityError
from geodata.importer import import_paths
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Parsed
from geodata.layouts.timetable import TIMETABLES, is_bus_or_tram, seconds_of
from geodata.store import Store
from tests.geodata.file_fixture import X0, Y0, ward_boundaries
from tests.geodata.gtfs_fixture import CALENDAR, CALENDAR_DATES, STOP_TIMES, gtfs, stops_table
from tests.geodata.test_layout_place import TOYTOWN


def parse(content: bytes) -> Parsed:
    (payload,) = read_payloads(("feed.zip", content))
    (raw,) = parse_payload(payload)
    assert [layout for layout in LAYOUTS if layout.matches(raw)] == [*TIMETABLES]
    return TIMETABLES[0].parse(raw, TOYTOWN)


def test_a_feed_becomes_stops_in_metres_and_calls_in_seconds() -> None:
    parsed = parse(gtfs())
    stops, calls = (dataset.frame for dataset in parsed.datasets)
    assert [dataset.id for dataset in parsed.datasets] == ["timetable:stops:feed", "timetable:calls:feed"]
    assert stops[["x", "y"]].loc["middle"].tolist() == pytest.approx([X0 + 1_500, Y0 + 500], abs=0.1)
    assert stops.loc["west", "name"] == "Stop, west"
    first = calls[calls["trip"] == 0]
    assert stops.index[first["stop"]].tolist() == ["west", "middle", "east"]
    assert first["departure_s"].tolist() == [36_300, 36_900, 37_500]  # the blank lies halfway
    assert first["can_alight"].tolist() == [False, True, True]
    assert first["can_board"].tolist() == [True, True, False]
    assert calls.loc[calls["trip"] == 1, "arrival_s"].tolist() == [86_700, 87_600]  # five past midnight


def test_a_typical_tuesday_is_the_one_with_most_trips() -> None:
    """The 3rd is taken out, the 17th has one more: of the 10th, 17th and 24th the 17th has most."""
    parsed = parse(gtfs())
    assert parsed.datasets[1].extra["date"] == "2026-11-17"
    assert parsed.datasets[1].frame["trip"].nunique() == 3
    alone = parse(gtfs(calendar_dates=None)).datasets[1]
    assert (alone.extra["date"], alone.frame["trip"].nunique()) == ("2026-11-03", 2)
    only_dates = parse(gtfs(calendar=None, calendar_dates=CALENDAR_DATES + "weekday,20261110,1\n"))
    assert only_dates.datasets[1].extra["date"] == "2026-11-10"


def test_every_call_that_is_left_out_is_counted_with_its_reason() -> None:
    parsed = parse(gtfs())
    assert (parsed.rows_in, parsed.rows_kept) == (12, 7)
    assert {entry.reason: entry.n_rows for entry in parsed.dropped} == {
        "not on Tuesday 17 November 2026": 2,
        "not a bus, coach or tram": 2,
        "stop more than 5 km from the authority": 1,
    }


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("b1,10:05:00,10:05:00,west,1,0,1\n", "a trip without times at its ends"),
        ("b1,10:25:00,10:25:00,east,3,1,0\n", "a trip without times at its ends"),
    ],
)
def test_a_trip_without_a_time_at_an_end_is_left_out(call: str, reason: str) -> None:
    blank = call.split(",")
    changed = ",".join([blank[0], "", "", *blank[3:]])
    parsed = parse(gtfs(stop_times=STOP_TIMES.replace(call, changed)))
    assert {e.reason: e.n_rows for e in parsed.dropped}[reason] == 3
    assert parsed.datasets[1].frame["trip"].nunique() == 2


def test_times_that_run_backwards_leave_the_trip_out() -> None:
    parsed = parse(gtfs(stop_times=STOP_TIMES.replace("10:25:00,10:25:00", "09:25:00,09:25:00")))
    assert {e.reason: e.n_rows for e in parsed.dropped}["times run backwards"] == 3


def test_a_trip_with_one_stop_here_is_no_ride() -> None:
    lone = gtfs(stops=stops_table({"west": (0, 500), "middle": (1_500, 500), "east": (60_000, 0)}))
    reasons = {e.reason: e.n_rows for e in parse(lone).dropped}
    assert reasons["a trip with one stop here"] == 2
    assert reasons["stop more than 5 km from the authority"] == 4


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"calendar": None, "calendar_dates": None}, DamagedFileError, "calendar.txt or calendar_dates.txt"),
        ({"stop_times": "trip_id,stop_id\na,b\n"}, DamagedFileError, "no column stop_sequence"),
        ({"stops": stops_table({"west": (90_000, 0)})}, OtherAuthorityError, "No bus of this timetable"),
        (
            {"calendar": CALENDAR.replace("weekday,1,1", "weekday,1,0"), "calendar_dates": None},
            MissingDataError,
            "runs on a Tuesday",
        ),
    ],
)
def test_a_feed_that_cannot_be_used_says_why(
    changes: dict[str, str | None], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        parse(gtfs(**changes))


def test_a_zip_of_other_tables_is_no_timetable_and_is_opened() -> None:
    assert len(list(read_payloads(("other.zip", gtfs(stop_times=None))))) == 6


def test_tables_by_themselves_are_known_and_say_to_import_the_zip(tmp_path: Path) -> None:
    store = Store(tmp_path / "workspace")
    lacking = gtfs(routes=None, agency=None)
    report = import_paths(store, [("feed.zip", lacking), ("wards.geojson", ward_boundaries())])
    loose = [file for file in report.files if file.path.startswith("feed.zip")]
    assert len(loose) == 5
    for file in loose:
        assert file.message == ""
        assert file.rows_kept == 0
        assert any("the one zip" in note for note in file.notes)


def test_kinds_of_route_and_times_are_read_as_the_specification_has_them() -> None:
    assert [
        kind
        for kind in ("0", "1", "2", "3", "4", "11", "204", "700", "999", "1000", "")
        if is_bus_or_tram(kind)
    ] == [
        "0",
        "3",
        "11",
        "204",
        "700",
        "999",
    ]
    found = seconds_of(pd.Series(["00:00:01", "9:30:00", "25:10:00", "", "noon"]))
    assert found[:3].tolist() == [1, 34_200, 90_600]
    assert np.isnan(found[3:]).all()


def test_a_feed_before_outlines_is_refused() -> None:
    (payload,) = read_payloads(("feed.zip", gtfs()))
    (raw,) = parse_payload(payload)
    with pytest.raises(MissingDataError, match="Import its ward boundaries"):
        TIMETABLES[0].parse(raw, replace(TOYTOWN, outline=None))


def test_of_two_feeds_of_one_name_all_of_one_is_kept_and_others_stand_beside_it(tmp_path: Path) -> None:
    """The second has fewer stops and more calls: stops of one with calls of the other would be nonsense."""
    many = "".join(
        f"b1,10:{i:02}:00,10:{i:02}:00,{stop},{i},0,0\n" for i, stop in enumerate(["west", "east"] * 20)
    )
    other = gtfs(
        stops=stops_table({"west": (0, 500), "east": (2_900, 500)}),
        stop_times=STOP_TIMES.split("\n")[0] + "\n" + many,
        calendar_dates=None,
    )
    store = Store(tmp_path / "workspace")
    first = gtfs(calendar_dates=None)
    import_paths(
        store, [("a.zip", first), ("A.ZIP", other), ("b.zip", gtfs()), ("w.geojson", ward_boundaries())]
    )
    stops, calls = store.read("timetable:stops:a"), store.read("timetable:calls:a")
    assert (len(stops), len(calls)) == (2, 40)
    kept = {d.id: d.provenance.sha256 for d in store.datasets() if d.kind == "timetable"}
    assert sorted(kept) == [f"timetable:{what}:{name}" for what in ("calls", "stops") for name in "ab"]
    assert len(set(kept.values())) == 2


def test_a_feed_comes_in_with_boundaries_and_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "workspace")
    report = import_paths(store, [("feed.zip", gtfs()), ("wards.geojson", ward_boundaries())])
    assert [file.message for file in report.files] == ["", ""]
    assert report.files[0].rows_kept == 7
    assert len(store.read("timetable:calls:feed")) == 7
