"""GTFS feeds: stops near the authority, and the calls of buses and trams on one typical Tuesday.

A feed holds months of days; journeys are worked out for one of them, the Tuesday on which most trips run,
so that neither a bank holiday nor a school holiday stands for the year. The mistake this prevents: a bus
that runs on Saturdays only, counted for a Tuesday.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geodata.dataset import NewDataset
from geodata.errors import MissingDataError, OtherAuthorityError
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import authority, count_reasons, provenance_of
from geodata.layouts.road import MARGIN_M
from geodata.payload import Raw, RawTimetable

KIND = "timetable"
STOPS, CALLS = f"{KIND}:stops", f"{KIND}:calls"
SOURCE_ID = "bus_timetable"
TUESDAY = 1  # as pandas counts days of the week
_NO_CALL = "1"  # pickup_type and drop_off_type: not available

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Day:
    """The day that stands for all, and the services that run on it."""

    date: pd.Timestamp
    services: frozenset[str]


def _matches(raw: Raw) -> bool:
    return isinstance(raw, RawTimetable)


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawTimetable):
        raise MissingDataError("This is no timetable.", where=raw.name)
    stops = _stops(raw, context)
    trips = raw.tables["trips"].drop_duplicates("trip_id").set_index("trip_id")
    kinds = raw.tables["routes"].drop_duplicates("route_id").set_index("route_id")["route_type"]
    day = typical_day(raw, trips["service_id"])
    calls = raw.tables["stop_times"]
    reasons = pd.Series("", index=calls.index, dtype=object)
    reasons[~calls["trip_id"].map(trips["service_id"]).isin(day.services)] = f"not on {day_words(day.date)}"
    is_bus = calls["trip_id"].map(trips["route_id"]).map(kinds).fillna("").map(is_bus_or_tram)
    reasons[~is_bus.astype(bool)] = "not a bus, coach or tram"
    frame = _calls(calls, reasons, stops)
    if frame.empty:
        raise OtherAuthorityError(
            f"No bus of this timetable calls near {authority(context)} on a Tuesday. Import the feed of its "
            "region.",
            where=raw.name,
        )
    used = np.unique(frame["stop"])
    stops = stops.iloc[used]
    frame["stop"] = np.searchsorted(used, frame["stop"]).astype(np.int32)
    dropped = count_reasons(reasons)
    notes = (
        f"{frame['trip'].nunique():,} trips at {len(stops):,} stops on {day_words(day.date)}, the Tuesday "
        "with most trips of the feed; it stands for every day",
    )
    date, content = day.date.date().isoformat(), _content(stops, frame)
    feed = feed_id(raw.name)
    # the same for both tables: of two feeds of one name all of one is kept, not stops of one alone
    extra = {"date": date, "content": content, "precedence": f"{date}.{len(frame):09d}.{content}"}
    origin = provenance_of(
        raw,
        context,
        SOURCE_ID,
        period=date,
        rows_in=len(calls),
        dropped=dropped,
        notes=notes,
    )
    datasets = (
        NewDataset(f"{STOPS}:{feed}", KIND, "", stops, origin, extra),
        NewDataset(f"{CALLS}:{feed}", KIND, "", frame, origin, extra),
    )
    return Parsed(datasets, len(calls), len(frame), dropped, "", (*raw.notes, *notes))


def feed_id(file_name: str) -> str:
    """What a feed is known by: its file's name without folder and ending, in small letters.

    A file of the same name takes its place; feeds of other names are kept beside it.
    """
    stem = re.split(r"[/\\]", file_name)[-1].rsplit(".", 1)[0]
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "timetable"


def day_words(date: pd.Timestamp) -> str:
    """ "Tuesday 3 November 2026"."""
    return f"{date:%A} {date.day} {date:%B %Y}"


def is_bus_or_tram(route_type: str) -> bool:
    """Buses, trolleybuses, coaches and trams, by basic and extended route types."""
    if not route_type.isdigit():
        return False
    number = int(route_type)
    return number in (0, 3, 11) or 200 <= number < 300 or 700 <= number < 1_000


def typical_day(raw: RawTimetable, service_by_trip: pd.Series) -> _Day:
    """The Tuesday on which most trips run, the first of equals.

    Raises
    ------
    MissingDataError
        When nothing runs on any Tuesday.
    """
    n_trips = service_by_trip.value_counts()
    running: dict[pd.Timestamp, set[str]] = {}
    weekly = raw.tables.get("calendar")
    if weekly is not None:
        rows = weekly[weekly["tuesday"] == "1"]
        starts, ends = (
            pd.to_datetime(rows[c], format="%Y%m%d", errors="coerce") for c in ("start_date", "end_date")
        )
        for service, start, end in zip(rows["service_id"], starts, ends, strict=True):
            if pd.isna(start) or pd.isna(end):
                continue
            for date in pd.date_range(start, min(end, start + pd.Timedelta(days=366)), freq="W-TUE"):
                running.setdefault(date, set()).add(service)
    exceptions = raw.tables.get("calendar_dates")
    if exceptions is not None:
        dates = pd.to_datetime(exceptions["date"], format="%Y%m%d", errors="coerce")
        kept = exceptions[dates.dt.day_of_week == TUESDAY]
        for service, kind, date in zip(
            kept["service_id"], kept["exception_type"], dates[kept.index], strict=True
        ):
            if kind == "1":
                running.setdefault(date, set()).add(service)
            else:
                running.get(date, set()).discard(service)
    counted = {date: int(n_trips.reindex(list(services)).sum()) for date, services in running.items()}
    if not any(counted.values()):
        raise MissingDataError("No service of this timetable runs on a Tuesday.", where=raw.name)
    date = min(counted, key=lambda one: (-counted[one], one))
    return _Day(date, frozenset(running[date]))


def _stops(raw: RawTimetable, context: Context) -> pd.DataFrame:
    """Stops within the authority's box and a margin: name, x, y by stop_id."""
    if context.outline is None:
        raise MissingDataError(
            f"Nothing says yet where {authority(context)} lies. Import its ward boundaries in the same go.",
            where=raw.name,
        )
    table = raw.tables["stops"].drop_duplicates("stop_id")
    lon, lat = (pd.to_numeric(table[c], errors="coerce").to_numpy() for c in ("stop_lon", "stop_lat"))
    x, y = Transformer.from_crs(4326, 27700, always_xy=True).transform(lon, lat)
    west, south, east, north = shapely.bounds(context.outline)
    near = (x >= west - MARGIN_M) & (x <= east + MARGIN_M) & (y >= south - MARGIN_M) & (y <= north + MARGIN_M)
    frame = pd.DataFrame({"name": table["stop_name"].to_numpy(), "x": x, "y": y}, index=table["stop_id"])
    found: pd.DataFrame = frame[near].rename_axis("stop_id")
    return found


def _calls(calls: pd.DataFrame, reasons: pd.Series, stops: pd.DataFrame) -> pd.DataFrame:
    """Calls in order of trips: trip, stop (rows), arrival_s, departure_s (of the day), can_board, can_alight.

    Times that are not given lie evenly between those that are. Stops elsewhere are left out, and so are trips
    with one stop here, without a time at an end, or with times that run backwards; `reasons` is filled in.
    """
    kept = calls[reasons == ""]
    kept = kept.assign(order=pd.to_numeric(kept["stop_sequence"], errors="coerce"))
    kept = kept.sort_values(["trip_id", "order"], kind="stable")
    trip = pd.factorize(kept["trip_id"])[0]
    n_trips = int(trip.max(initial=-1)) + 1
    first = np.ones(len(kept), dtype=bool)
    first[1:] = trip[1:] != trip[:-1]
    last = np.append(first[1:], True)[: len(kept)]
    arrival, departure, is_known = _times(kept)
    wrong = _trips_with(trip, n_trips, (first | last) & ~is_known)
    turns = departure < arrival
    turns[1:] |= ~first[1:] & (arrival[1:] < departure[:-1])
    turned = _trips_with(trip, n_trips, turns) & ~wrong
    stop = stops.index.get_indexer(pd.Index(kept["stop_id"]))
    is_far = stop < 0
    single = np.bincount(trip[~is_far], minlength=n_trips) < 2
    reasons[kept.index[single[trip]]] = "a trip with one stop here"
    reasons[kept.index[is_far]] = f"stop more than {MARGIN_M / 1_000:g} km from the authority"
    reasons[kept.index[turned[trip]]] = "times run backwards"
    reasons[kept.index[wrong[trip]]] = "a trip without times at its ends"
    fine = (reasons[kept.index] == "").to_numpy()
    return pd.DataFrame(
        {
            "trip": pd.factorize(trip[fine])[0].astype(np.int32),
            "stop": stop[fine].astype(np.int32),
            "arrival_s": arrival[fine].round().astype(np.int32),
            "departure_s": departure[fine].round().astype(np.int32),
            "can_board": (kept["pickup_type"] != _NO_CALL).to_numpy()[fine],
            "can_alight": (kept["drop_off_type"] != _NO_CALL).to_numpy()[fine],
        },
        index=pd.RangeIndex(int(fine.sum()), name="call"),
    )


def _times(kept: pd.DataFrame) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Arrival and departure in seconds, those that are not given between those that are; which are given."""
    told = [seconds_of(kept[column]).to_numpy(dtype=float) for column in ("arrival_time", "departure_time")]
    arrival = np.where(np.isnan(told[0]), told[1], told[0])
    departure = np.where(np.isnan(told[1]), told[0], told[1])
    known = ~np.isnan(arrival)
    place = np.arange(len(kept))
    if known.any():
        between = np.interp(place, place[known], arrival[known])
        arrival, departure = np.where(known, arrival, between), np.where(known, departure, between)
    return arrival, departure, known


def _trips_with(trip: NDArray[np.int64], n_trips: int, marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Trips (n_trips,) that have a marked call."""
    found = np.zeros(n_trips, dtype=bool)
    found[trip[marks]] = True
    return found


def seconds_of(times: pd.Series) -> pd.Series:
    """Seconds after midnight of "25:10:00" (past midnight counts on); NaN for blanks."""
    parts = times.str.strip().str.extract(r"^(\d+):(\d\d):(\d\d)$").astype(float)
    return parts[0] * 3_600 + parts[1] * 60 + parts[2]


def _content(stops: pd.DataFrame, calls: pd.DataFrame) -> str:
    told = hashlib.sha256(stops.to_csv().encode())
    told.update(calls.to_numpy(dtype=np.int64).tobytes())
    return told.hexdigest()


TIMETABLES: tuple[Layout, ...] = (Layout("gtfs", "Bus timetable (GTFS)", 3, _matches, _parse),)
