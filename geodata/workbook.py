"""Excel workbooks to tables of text: values only, nothing is computed, links are not followed.

The sizes of the parts are checked before the XML is parsed; a formula that was never computed
stays as its text, so that it is not mistaken for a blank cell.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from geodata.archive import zip_members
from geodata.errors import DamagedFileError, TooLargeError, UnrecognisedFileError, UnsafeFileError
from geodata.payload import Limits, Payload, RawTable
from geodata.raw_table import table_from_grid

_EMPTY_ROWS_MAX = 10_000


def parse_workbook(payload: Payload, limits: Limits) -> list[RawTable]:
    """One table per sheet that holds one; sheets of notes are passed over.

    Raises
    ------
    DamagedFileError, UnsafeFileError, TooLargeError
    UnrecognisedFileError
        When no sheet holds a table, or the file is no Excel workbook.
    """
    parts = zip_members(payload.content, payload.name, limits)
    if "xl/workbook.xml" not in parts:
        raise UnrecognisedFileError(
            "This is a document, but not an Excel workbook (.xlsx). Save the table as .xlsx or CSV.",
            where=payload.name,
        )
    _require_plain_xml(parts, payload)
    has_formulas = any(b"<f" in part for key, part in parts.items() if key.startswith("xl/worksheets/"))
    grids = _grids(payload, limits, computed=True)
    if has_formulas:
        written = _grids(payload, limits, computed=False)
        grids = {title: _with_formulas(grid, written[title]) for title, grid in grids.items()}
    tables = [
        table
        for title, grid in grids.items()
        if (table := table_from_grid(grid, payload, sheet=title, notes=(f"sheet “{title}”",))) is not None
        and len(table.rows) > 0
        and table.header
    ]
    if not tables:
        raise UnrecognisedFileError("No sheet of this workbook holds a table.", where=payload.name)
    return tables


def _require_plain_xml(parts: Mapping[str, bytes], payload: Payload) -> None:
    for key, part in parts.items():
        if key.endswith((".xml", ".rels")) and (b"<!ENTITY" in part or b"<!DOCTYPE" in part[:4096]):
            raise UnsafeFileError(
                "The workbook's XML declares entities, which a spreadsheet never does. Nothing was read.",
                where=payload.name,
            )


def _grids(payload: Payload, limits: Limits, *, computed: bool) -> dict[str, pd.DataFrame]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that are not read
            book = openpyxl.load_workbook(
                io.BytesIO(payload.content), read_only=True, data_only=computed, keep_links=False
            )
            try:
                return {
                    sheet.title: _grid(sheet.iter_rows(values_only=True), sheet, payload, limits)
                    for sheet in book.worksheets
                }
            finally:
                book.close()
    except (InvalidFileException, ParseError, OSError, KeyError, ValueError, IndexError, TypeError) as error:
        raise DamagedFileError(
            f"The workbook cannot be read ({str(error)[:120]}). Save it again from Excel and import that.",
            where=payload.name,
        ) from error


def _grid(
    rows: Iterator[tuple[object, ...]], sheet: object, payload: Payload, limits: Limits
) -> pd.DataFrame:
    kept: list[list[str]] = []
    n_empty = 0
    width = 0
    for row in rows:
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        n_empty = 0 if cells else n_empty + 1
        if n_empty > _EMPTY_ROWS_MAX:
            break
        width = max(width, len(cells))
        if len(kept) >= limits.n_rows_max or width > limits.n_columns_max:
            raise TooLargeError(
                f"The sheet “{getattr(sheet, 'title', '')}” is larger than {limits.n_rows_max:,} rows "
                f"or {limits.n_columns_max:,} columns.",
                where=payload.name,
            )
        kept.append(cells)
    while kept and not kept[-1]:
        kept.pop()
    return pd.DataFrame([cells + [""] * (width - len(cells)) for cells in kept], dtype=str)


def _with_formulas(values: pd.DataFrame, written: pd.DataFrame) -> pd.DataFrame:
    written = written.reindex(
        index=values.index.union(written.index), columns=values.columns.union(written.columns)
    )
    values = values.reindex(index=written.index, columns=written.columns).fillna("")
    uncomputed = (values == "") & written.fillna("").apply(lambda column: column.str.startswith("="))
    return values.mask(uncomputed, written)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.hour == value.minute == value.second == 0:
        return value.date().isoformat()
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)
