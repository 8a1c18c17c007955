"""Tables to a GTFS feed, refused where the feed would not be one.

General Transit Feed Specification, Schedule reference (gtfs.org/documentation/schedule/reference): the files
and fields that it requires, keys that are unique and that lead somewhere, times that do not run backwards.
The mistake this prevents: a zip that looks like a timetable and that no reader takes.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping

import pandas as pd

from geodata.errors import InputError
from geodata.layouts.timetable import seconds_of

REQUIRED: dict[str, tuple[str, ...]] = {
    "agency": ("agency_id", "agency_name", "agency_url", "agency_timezone"),
    "stops": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "routes": ("route_id", "agency_id", "route_long_name", "route_type"),
    "trips": ("route_id", "service_id", "trip_id"),
    "stop_times": ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"),
    "feed_info": ("feed_publisher_name", "feed_publisher_url", "feed_lang"),
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RUNNING: dict[str, tuple[str, ...]] = {
    "calendar": ("service_id", *DAYS, "start_date", "end_date"),
    "calendar_dates": ("service_id", "date", "exception_type"),
}
_UNIQUE: dict[str, tuple[str, ...]] = {
    "agency": ("agency_id",),
    "stops": ("stop_id",),
    "routes": ("route_id",),
    "trips": ("trip_id",),
    "stop_times": ("trip_id", "stop_sequence"),
    "calendar": ("service_id",),
    "calendar_dates": ("service_id", "date"),
}
_LEADS = (
    ("routes", "agency_id", ("agency",)),
    ("trips", "route_id", ("routes",)),
    ("trips", "service_id", ("calendar", "calendar_dates")),
    ("stop_times", "trip_id", ("trips",)),
    ("stop_times", "stop_id", ("stops",)),
)
_MADE = (1980, 1, 1, 0, 0, 0)  # the same tables make the same bytes


def gtfs_time(minute: float) -> str:
    """ "09:05:00" for 545 minutes after midnight."""
    hours, minutes = divmod(round(minute), 60)
    return f"{hours:02d}:{minutes:02d}:00"


def gtfs_faults(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What keeps tables from being a feed, in words; nothing for a valid one."""
    faults = []
    running = {name: fields for name, fields in RUNNING.items() if name in tables}
    if not running:
        faults.append("Neither calendar nor calendar_dates says when services run.")
    for name, fields in {**REQUIRED, **running}.items():
        if name not in tables or tables[name].empty:
            faults.append(f"{name} has no row.")
            continue
        lacking = [
            one for one in fields if one not in tables[name] or (tables[name][one].astype(str) == "").any()
        ]
        faults += [f"{name} has a row without {one}." for one in lacking]
    if faults:
        return faults
    for name, key in _UNIQUE.items():
        if name in tables and tables[name].duplicated(list(key)).any():
            faults.append(f"{name} has two rows of one {' and '.join(key)}.")
    for name, field, targets in _LEADS:
        known = set().union(*(tables[one][field].astype(str) for one in targets if one in tables))
        lost = set(tables[name][field].astype(str)) - known
        if lost:
            faults.append(f"{name} names {field} {min(lost)!r}, which is in none of {', '.join(targets)}.")
    return faults + _time_faults(tables["stop_times"])


def to_gtfs_bytes(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """A feed as the zip that readers take.

    Parameters
    ----------
    tables : Mapping of str to DataFrame
        By name without ".txt"; columns as in the reference; the index is left out.

    Raises
    ------
    InputError
        When they are no feed; the message says why.
    """
    faults = gtfs_faults(tables)
    if faults:
        raise InputError(f"This timetable cannot leave as GTFS. {' '.join(faults[:3])}")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            text = table.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
            member = zipfile.ZipInfo(f"{name}.txt", _MADE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text.encode("utf-8"))
    return buffer.getvalue()


def _time_faults(calls: pd.DataFrame) -> list[str]:
    """Trips with fewer than two calls, and times that are none or run backwards."""
    rows = calls.assign(
        order=pd.to_numeric(calls["stop_sequence"], errors="coerce"),
        arrival_s=seconds_of(calls["arrival_time"].astype(str)),
        departure_s=seconds_of(calls["departure_time"].astype(str)),
    ).sort_values(["trip_id", "order"], kind="stable")
    faults = []
    if rows[["order", "arrival_s", "departure_s"]].isna().any().any():
        faults.append("stop_times has an hour or an order that is none.")
    before = rows.groupby("trip_id")["departure_s"].shift()
    wrong = (rows["departure_s"] < rows["arrival_s"]) | (rows["arrival_s"] < before)
    if wrong.any():
        faults.append(f"Times of the trip {rows.loc[wrong, 'trip_id'].iloc[0]!r} run backwards.")
    if (rows.groupby("trip_id").size() < 2).any():
        faults.append("A trip calls at fewer than two stops.")
    return faults
