"""Files that leave the house: tables and maps, each with its source and licence lines inside.

`notes` are those lines. The first row of a CSV stays the row of column names: the lines follow the
table. Tables are neutralised (see `geodata.formula`), so that no name in them runs as a formula.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

import geopandas as gpd
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from geodata.errors import TooLargeError
from geodata.formula import neutralise, neutralise_frame
from geodata.map_export import to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes

NOTE_MARK = "# "
SOURCE_SHEET = "Source"
_EXCEL_ROWS_MAX = 1_048_576
_EXCEL_TEXT_MAX = 32_767
_SHEET_NAME_MAX = 31
_COLUMN_WIDTH_MAX = 60


def to_csv_bytes(frame: pd.DataFrame, notes: Sequence[str]) -> bytes:
    """A table as CSV: UTF-8 with byte-order mark, CRLF, column names first.

    Parameters
    ----------
    frame : DataFrame
        A named index becomes the first column; outlines are left out; NaN is an empty cell.
    notes : sequence of str
        Follow the table after an empty line, one row each, behind "# ".
    """
    table = neutralise_frame(_flat(frame)).to_csv(index=False, lineterminator="\r\n")
    lines = pd.Series([NOTE_MARK + _one_line(note) for note in notes], dtype=object)
    block = "\r\n" + lines.to_csv(index=False, header=False, lineterminator="\r\n") if len(lines) else ""
    return (table + block).encode("utf-8-sig")


def to_excel_bytes(sheets: Mapping[str, pd.DataFrame], notes: Sequence[str]) -> bytes:
    """Tables as an Excel workbook, and a last sheet "Source" with the notes.

    Parameters
    ----------
    sheets : Mapping of str to DataFrame
        Sheet name -> table; names are cut to 31 characters and made unique.
    notes : sequence of str

    Raises
    ------
    TooLargeError
        For more rows than a sheet of Excel holds.
    """
    book = Workbook(write_only=True)
    taken = {SOURCE_SHEET.casefold(), "history"}  # Excel keeps "History" to itself
    for name, frame in sheets.items():
        if len(frame) >= _EXCEL_ROWS_MAX:
            raise TooLargeError(
                f"The table has {len(frame):,} rows; Excel holds {_EXCEL_ROWS_MAX:,}. Take the CSV.",
                where=name,
            )
        title = _sheet_name(name, taken)
        taken.add(title.casefold())
        _add_table(book, title, _flat(frame))
    source = book.create_sheet(SOURCE_SHEET)
    source.column_dimensions["A"].width = 120
    for note in notes:
        source.append([_cell(note)])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _add_table(book: Workbook, title: str, frame: pd.DataFrame) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    header = [_cell(str(column)) for column in frame.columns]
    for position, text in enumerate(header, start=1):
        longest = max([len(str(text)), *(len(str(value)) for value in frame.iloc[:200, position - 1])])
        sheet.column_dimensions[get_column_letter(position)].width = min(longest + 2, _COLUMN_WIDTH_MAX)
    bold = [WriteOnlyCell(sheet, value=text) for text in header]
    for cell in bold:
        cell.font = Font(bold=True)
    sheet.append(bold)
    for row in frame.itertuples(index=False, name=None):
        sheet.append([_cell(value) for value in row])


def _cell(value: object) -> str | float | bool | datetime | None:
    """A value as Excel may hold it: numbers as numbers, text inert, everything unknown empty."""
    if isinstance(value, str):
        return neutralise(ILLEGAL_CHARACTERS_RE.sub("", value))[:_EXCEL_TEXT_MAX]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    item = value.item() if hasattr(value, "item") else value
    if isinstance(item, float) and not math.isfinite(item):
        return None
    if isinstance(item, bool | int | float):
        return item
    if isinstance(item, datetime):
        return item.replace(tzinfo=None)
    return _cell(str(item))


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Named index levels as columns, no outlines."""
    plain = (
        pd.DataFrame(frame.drop(columns=frame.geometry.name))
        if isinstance(frame, gpd.GeoDataFrame)
        else frame
    )
    return plain.reset_index() if any(plain.index.names) else plain.reset_index(drop=True)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sheet_name(name: str, taken: set[str]) -> str:
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip().strip("'")[:_SHEET_NAME_MAX] or "Table"
    title, number = clean, 2
    while title.casefold() in taken:
        suffix = f" {number}"
        title, number = clean[: _SHEET_NAME_MAX - len(suffix)] + suffix, number + 1
    return title


__all__ = (
    "NOTE_MARK",
    "SOURCE_SHEET",
    "to_csv_bytes",
    "to_excel_bytes",
    "to_geojson_bytes",
    "to_geopackage_bytes",
    "to_shapefile_zip_bytes",
)
