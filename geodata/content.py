"""A payload to what it holds, by its first bytes and never by its name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geodata.archive import ZIP_MAGIC
from geodata.errors import DamagedFileError, InputError, UnrecognisedFileError
from geodata.hsds_document import hsds_table, is_hsds
from geodata.osm_extract import is_osm, parse_osm
from geodata.payload import Limits, Payload, Raw, RawTable
from geodata.raw_features import json_kind, parse_features
from geodata.raw_table import parse_text
from geodata.text import clean_column, one_line
from geodata.timetable_feed import is_timetable, parse_timetable
from geodata.workbook import parse_workbook

_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "This is an old Excel or Word file. Save it as .xlsx or CSV and import that.",
    b"%PDF": "This is a PDF. Import the table that it was made from.",
    b"\x1f\x8b": "This is a gzip file. Unpack it and import what is inside.",
    b"PAR1": "This is a Parquet file. Save it as CSV or GeoPackage and import that.",
    b"7z\xbc\xaf": "This is a 7-Zip file. Unpack it and import what is inside.",
    b"Rar!": "This is a RAR file. Unpack it and import what is inside.",
}


def parse_payload(payload: Payload, limits: Limits | None = None) -> list[Raw]:
    """The tables and layers of a payload.

    Raises
    ------
    InputError
        One of its kinds, with `where` naming the payload.
    """
    limits = limits or Limits()
    content = payload.content
    if not content.strip():
        raise DamagedFileError("The file is empty.", where=payload.name)
    for magic, message in _FOREIGN.items():
        if content.startswith(magic):
            raise UnrecognisedFileError(message, where=payload.name)
    if content.startswith(ZIP_MAGIC):
        if payload.name.lower().endswith(".shp"):
            return list(parse_features(payload, limits))
        if is_timetable(content):
            return [parse_timetable(payload, limits)]
        return list(parse_workbook(payload, limits))
    if content.startswith(b"SQLite format 3\0"):
        return list(parse_features(payload, limits))
    if is_osm(content):
        return [parse_osm(payload)]
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return _parse_json(payload, limits)
    if start[:1] == b"<":
        raise DamagedFileError(
            "This is a web page or XML, not a table: the download may have failed. Download it again.",
            where=payload.name,
        )
    return [parse_text(payload, limits)]


def _parse_json(payload: Payload, limits: Limits) -> list[Raw]:
    kind, value = json_kind(payload)
    if kind != "other":
        return list(parse_features(payload, limits))
    if is_hsds(value):
        return [hsds_table(payload, value, limits)]
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return [_records(payload, value, limits)]
    if isinstance(value, Mapping):
        keys = tuple(one_line(str(key)) for key in value)
        rows = pd.DataFrame([[""] * len(keys)], columns=pd.RangeIndex(len(keys)), dtype=str)
        if "error" in keys:
            raise InputError(
                "This is an error message from a web service, not data. Download it again.",
                where=payload.name,
            )
        return [RawTable(payload.name, keys, rows, 0, ("JSON document",), "", (), payload.sha256)]
    raise UnrecognisedFileError("This JSON is neither a map nor a list of records.", where=payload.name)


def _records(payload: Payload, records: list[Mapping[str, object]], limits: Limits) -> RawTable:
    frame = pd.json_normalize(records[: limits.n_rows_max], max_level=2)  # type: ignore[arg-type]
    rows = frame.iloc[:, : limits.n_columns_max].apply(lambda column: clean_column(column.astype(object)))
    header = tuple(one_line(str(name)) for name in rows.columns)
    rows.columns = pd.RangeIndex(len(header))
    return RawTable(payload.name, header, rows, 0, ("JSON records",), "", (), payload.sha256)
