"""Delimited text to a table of text: encoding, delimiter and header found by looking at the values.

The mistake this prevents: the first row of a file without a header taken for one, or a row of
a title taken for the header, so that columns are matched to the wrong names.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import pandas as pd

from geodata.errors import DamagedFileError, TooLargeError, UnrecognisedFileError
from geodata.payload import Limits, Payload, RawTable
from geodata.text import clean_column, clean_text, one_line

DELIMITERS = (",", "\t", ";", "¬", "|")
_UNIT_SEPARATOR = "\x1f"
_SAMPLE_ROWS = 60
_AREA_CODE = r"\s*[EWSNK]\d{8}\s*"
_VALUE = re.compile(
    r"""^(?:
      [EWSNK]\d{8}                                   # an area code
    | [A-Z]{1,2}\d[A-Z\d]?\ +\d[A-Z]{2}              # a postcode
    | \d{4}-\d\d(?:-\d\d.*)?                         # a month or a day
    | -?[\d,]*\d\.\d+                                # a decimal
    | -?\d{5,}                                       # a long number
    | -?\d{1,3}(?:,\d{3})+ | -?\d+(?:\.\d+)?%        # a formatted number
    )$""",
    re.VERBOSE,
)


def parse_text(payload: Payload, limits: Limits) -> RawTable:
    """A table from delimited text.

    Raises
    ------
    DamagedFileError
        Not text, an unclosed quotation mark, a last line that ends half-way, or rows that have more cells
        than there are column names.
    TooLargeError
    UnrecognisedFileError
        When there is no table in the text.
    """
    text, notes = decode(payload)
    sample = _sample(text)
    delimiter = _sniff(sample)
    if len(delimiter.encode()) > 1:  # the reader takes one byte; no text here holds a unit separator
        text, delimiter = text.replace(delimiter, _UNIT_SEPARATOR), _UNIT_SEPARATOR
    grid = _grid(text, delimiter, payload, limits)
    _require_whole(text, delimiter, payload)
    table = table_from_grid(grid, payload, notes=notes)
    if table is None:
        raise UnrecognisedFileError("There is no table in this text file.", where=payload.name)
    if table.header_row:
        rows = csv.reader(io.StringIO(text[:400_000], newline=None), delimiter=delimiter)
        names = next(islice(rows, table.header_row - 1, None), [])
        _require_fitting(grid.iloc[table.header_row :], len(names), payload)
    return table


def decode(payload: Payload) -> tuple[str, tuple[str, ...]]:
    """The text of a payload and what had to be assumed to read it."""
    content = payload.content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return clean_text(content.decode("utf-16")), ("UTF-16 text",)
        except UnicodeDecodeError as error:
            raise DamagedFileError("The text is cut or damaged (UTF-16).", where=payload.name) from error
    if b"\0" in content[:65536]:
        raise UnrecognisedFileError(
            "This is neither text nor a format that is known here. CSV, Excel (.xlsx), GeoJSON, TopoJSON, "
            "GeoPackage, zipped shapefiles and zips of these can be imported.",
            where=payload.name,
        )
    try:
        return clean_text(content.decode("utf-8-sig")), ()
    except UnicodeDecodeError:
        pass
    try:
        return clean_text(content.decode("cp1252")), ("text in Windows-1252",)
    except UnicodeDecodeError:
        return clean_text(content.decode("latin-1")), ("text in Latin-1",)


def table_from_grid(
    grid: pd.DataFrame, payload: Payload, *, sheet: str = "", notes: Sequence[str] = ()
) -> RawTable | None:
    """A table from a grid of text (NaN or "" for blank): header found, empty edges cut off.

    Returns
    -------
    RawTable or None
        None when the grid holds fewer than two columns or no row at all.
    """
    if grid.empty:
        return None
    header_position = find_header(
        [[str(v) for v in row] for row in grid.head(_SAMPLE_ROWS).fillna("").to_numpy()]
    )
    below = grid.iloc[header_position + 1 :]
    body = pd.DataFrame({column: clean_column(below[column]) for column in grid.columns})
    header_cells = (
        [one_line(str(v)) for v in grid.iloc[header_position].fillna("")] if header_position >= 0 else []
    )
    filled = (body != "").to_numpy()
    # Only empty columns at the right edge go: in a file without a header the position is the name.
    n_columns = max(
        (i + 1 for i in range(body.shape[1]) if filled[:, i].any() or any(header_cells[i:])), default=0
    )
    if n_columns < 2:
        return None
    used = range(n_columns)
    full_rows = pd.Series(filled.any(axis=1), index=body.index)
    rows = pd.DataFrame({i: body.loc[full_rows, body.columns[i]] for i in used}).reset_index(drop=True)
    found = list(notes)
    if header_position > 0:
        found.append(f"header found on row {header_position + 1}")
    n_empty = len(body) - len(rows)
    if n_empty:
        found.append(f"{n_empty:,} empty rows left out")
    preamble = tuple(
        line
        for line in (
            one_line(" ".join(str(v) for v in row if str(v))) for row in _above(grid, header_position)
        )
        if line
    )
    return RawTable(
        name=payload.name,
        header=tuple(header_cells[i] for i in used) if header_position >= 0 else (),
        rows=rows,
        header_row=header_position + 1,
        notes=tuple(found),
        sheet=sheet,
        preamble=preamble,
        sha256=payload.sha256,
    )


def _require_fitting(below: pd.DataFrame, n_names: int, payload: Payload) -> None:
    """Refuse rows with more cells than there are column names: their figures stand under wrong names.

    Footnotes may have any number of commas, so a few longer rows count only where they hold an area code;
    where most rows are longer the names are shifted.
    """
    longer = below[(below.iloc[:, n_names:].fillna("") != "").any(axis=1)]
    if longer.empty:
        return
    coded = longer.apply(lambda column: column.str.fullmatch(_AREA_CODE).fillna(False)).any(axis=1)
    wrong = longer if 2 * len(longer) > len(below) else longer[coded]
    if not wrong.empty:
        raise DamagedFileError(
            f"Row {int(wrong.index[0]) + 1} has more cells than there are column names: a text or number "
            "with a comma in it needs quotation marks, or a column has no name. Put it right and import it "
            "again.",
            where=payload.name,
        )


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """Position of the header among the first rows; -1 when the first full row is data already.

    A header is the first row that is about as wide as the data and holds nothing that looks like a
    value (an area code, a postcode, a date, a decimal or a long number).
    """
    widths = [sum(1 for cell in row if cell.strip()) for row in rows]
    has_value = [any(_VALUE.match(cell.strip()) for cell in row) for row in rows]
    data_widths = sorted(w for w, value in zip(widths, has_value, strict=True) if value and w > 1)
    width = data_widths[len(data_widths) // 2] if data_widths else max(widths, default=0)
    for position, row_width in enumerate(widths):
        if row_width < 2 or row_width < 0.4 * width:
            continue
        return -1 if has_value[position] else position
    return -1


def _above(grid: pd.DataFrame, header_position: int) -> list[list[str]]:
    return [[str(v) for v in row] for row in grid.iloc[: max(header_position, 0)].fillna("").to_numpy()]


def _sample(text: str) -> list[str]:
    lines = io.StringIO(text[:400_000], newline=None).read().split("\n")[:_SAMPLE_ROWS]
    return [line for line in lines if line.strip()]


def _sniff(lines: Sequence[str]) -> str:
    """The delimiter that gives the widest rows most often."""

    def width(delimiter: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        best = max(counts, key=lambda w: (counts[w] * (w - 1), w), default=1)
        return counts[best] * (best - 1), best

    return max(DELIMITERS, key=width)


def _grid(text: str, delimiter: str, payload: Payload, limits: Limits) -> pd.DataFrame:
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # old Macs end lines with a bare return
    head = list(csv.reader(io.StringIO(text[:400_000]), delimiter=delimiter))[:2000]
    n_columns = max((len(row) for row in head), default=0)
    if n_columns > limits.n_columns_max:
        raise TooLargeError(
            f"The table has {n_columns:,} columns; the limit is {limits.n_columns_max:,}.", where=payload.name
        )
    try:
        grid = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(n_columns),
            dtype=str,
            keep_default_na=False,
            na_values=[],
            skip_blank_lines=False,
            nrows=limits.n_rows_max + 1,
            engine="c",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        if "EOF inside string" in str(error):
            raise DamagedFileError(
                "A quotation mark is never closed: the file is cut or damaged. Download it again.",
                where=payload.name,
            ) from error
        raise DamagedFileError(
            f"The rows do not have the same columns ({one_line(str(error))[:120]}). "
            "Save the table as a plain CSV and import it again.",
            where=payload.name,
        ) from error
    if len(grid) > limits.n_rows_max:
        raise TooLargeError(f"The table has more than {limits.n_rows_max:,} rows.", where=payload.name)
    return grid


def _require_whole(text: str, delimiter: str, payload: Payload) -> None:
    """A last line without a line end and with fewer cells than the lines before it was cut on its way."""
    lines = text[-200_000:].splitlines()
    if text.endswith(("\n", "\r")) or len(lines) < 4:
        return
    widths = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines[1:][-20:]]
    if widths[-1] < widths[-2] and len(set(widths[:-1])) == 1:
        raise DamagedFileError(
            "The last line ends half-way: the file is cut. Download it again.", where=payload.name
        )
