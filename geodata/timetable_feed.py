"""A GTFS feed (a zip of text tables) to frames, with the columns that journeys need and no more.

Read with the General Transit Feed Specification's own file and column names (gtfs.org, Schedule reference).
A feed of a region has millions of calls at stops, so other columns are never taken into memory.
"""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from geodata.archive import TIMETABLE_FILES, zip_members
from geodata.errors import DamagedFileError, TooLargeError
from geodata.payload import Limits, Payload, RawTimetable

N_CALLS_MAX = 15_000_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "stops": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "routes": ("route_id", "route_type"),
    "trips": ("trip_id", "route_id", "service_id"),
    "stop_times": (
        "trip_id",
        "stop_id",
        "stop_sequence",
        "arrival_time",
        "departure_time",
        "pickup_type",
        "drop_off_type",
    ),
    "calendar": ("service_id", "tuesday", "start_date", "end_date"),
    "calendar_dates": ("service_id", "date", "exception_type"),
}
_MAY_LACK = ("pickup_type", "drop_off_type", "stop_name")


def is_timetable(content: bytes) -> bool:
    """Whether a zip holds the files of a GTFS feed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set(archive.namelist()) >= TIMETABLE_FILES
    except zipfile.BadZipFile:
        return False


def parse_timetable(payload: Payload, limits: Limits) -> RawTimetable:
    """The tables of a feed.

    Raises
    ------
    DamagedFileError
        When a table lacks a column, cannot be read, or neither says when services run.
    TooLargeError, UnsafeFileError
    """
    members = zip_members(payload.content, payload.name, limits)
    tables = {
        name: _table(name, members.get(f"{name}.txt", b""), payload.name)
        for name in COLUMNS
        if f"{name}.txt" in members or f"{name}.txt" in TIMETABLE_FILES
    }
    if not tables.keys() & {"calendar", "calendar_dates"}:
        raise DamagedFileError(
            "The timetable does not say on which days services run (calendar.txt or calendar_dates.txt is "
            "missing). Download the feed again.",
            where=payload.name,
        )
    if len(tables["stop_times"]) > N_CALLS_MAX:
        raise TooLargeError(
            f"The timetable has more than {N_CALLS_MAX:,} calls at stops. Take the feed of your region.",
            where=payload.name,
        )
    rows = pd.DataFrame(columns=pd.RangeIndex(1), dtype=str)
    return RawTimetable(payload.name, ("GTFS timetable",), rows, sha256=payload.sha256, tables=tables)


def _table(name: str, content: bytes, where: str) -> pd.DataFrame:
    wanted = COLUMNS[name]
    try:
        header = content.split(b"\n", 1)[0].decode("utf-8-sig").strip()
        present = [column.strip().strip('"') for column in header.split(",")]
        table = csv.read_csv(
            io.BytesIO(content),
            convert_options=csv.ConvertOptions(
                include_columns=[column for column in wanted if column in present],
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError) as fault:
        raise DamagedFileError(
            f"{name}.txt of the timetable cannot be read ({str(fault)[:80]}). Download the feed again.",
            where=where,
        ) from fault
    lacking = [column for column in wanted if column not in table.column_names and column not in _MAY_LACK]
    if lacking:
        raise DamagedFileError(
            f"{name}.txt of the timetable has no column {lacking[0]}. Download the feed again.", where=where
        )
    frame: pd.DataFrame = table.to_pandas()
    return frame.reindex(columns=list(wanted)).fillna("").astype(str)
