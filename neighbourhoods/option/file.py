"""An option as a table: one row for each area, checked against the areas of the workspace.

The mistake this prevents: an area that silently falls out of an option, or into two footprints.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

import geopandas as gpd
import pandas as pd

from geodata.errors import DamagedFileError, OptionError, TooLargeError
from geodata.formula import restore
from geodata.geography import geography
from neighbourhoods.option.footprint_label import require_label
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.polygon import FittingReport, fit_option_polygons
from neighbourhoods.study.area_code import N_NAMED, find_code_column, require_geography, some_of

FOOTPRINT_COLUMNS = ("footprint", "footprint_id", "neighbourhood", "group")
NAME_COLUMN = "footprint_name"
BYTES_MAX = 20_000_000
_DELIMITERS = ",;\t"


def parse_option_csv(
    content: bytes,
    areas_by_geography: Mapping[str, pd.DataFrame],
    *,
    name: str,
    author: str = "",
    draft: bool = False,
) -> FootprintOption:
    """An option from a CSV with a column of area codes and a column of footprints.

    Parameters
    ----------
    content : bytes
        UTF-8 (with or without byte-order mark), UTF-16 or Windows-1252; any line ends; comma, semicolon
        or tab. The code column may have any name; the footprint column is one of `FOOTPRINT_COLUMNS`,
        names may stand in `footprint_name`. Rows that hold only "# ..." are notes.
    areas_by_geography : Mapping of str to DataFrame
        The workspace's areas, indexed by area_code, by geography.
    name, author : str
        Of the option.
    draft : bool
        Allow areas that are missing or have an empty footprint: they are unassigned.

    Raises
    ------
    OptionError
        Faulty rows (twice, unknown, empty, control characters) by row and code; missing areas by code.
    VintageError, MissingDataError
        Codes of another vintage or kind than the workspace's areas.
    DamagedFileError, TooLargeError
        Bytes that are no table.
    """
    header, rows = _read_rows(content)
    names = ["_".join(restore(text).strip().lower().split()) for text in header]
    footprint_at = _footprint_column(names, header)
    name_at = names.index(NAME_COLUMN) if NAME_COLUMN in names else None
    known = frozenset(str(code) for frame in areas_by_geography.values() for code in frame.index)
    skip = {footprint_at} | ({name_at} if name_at is not None else set())
    code_at = find_code_column(header, list(rows.values()), skip, known)

    row_by_code: dict[str, int] = {}
    assignment: dict[str, str] = {}
    footprint_names: dict[str, str] = {}
    faults: list[str] = []
    for number, row in rows.items():
        code = row[code_at].strip().upper()
        try:
            footprint = require_label(restore(row[footprint_at].strip()))
            label = require_label(restore(row[name_at].strip())) if name_at is not None else ""
            _require_row(number, code, footprint, row_by_code, draft)
            if footprint and label and footprint_names.setdefault(footprint, label) != label:
                raise OptionError(f"footprint {footprint!r} has a second name here ({label!r}).")
        except OptionError as fault:
            faults.append(f"row {number}{f' ({code})' if code else ''}: {fault.message}")
            continue
        row_by_code[code] = number
        if footprint:
            assignment[code] = footprint
    if faults:
        raise OptionError(_listed(faults))
    chosen = require_geography(row_by_code, header[code_at], areas_by_geography)
    codes = [str(code) for code in areas_by_geography[chosen].index]
    missing = [code for code in codes if code not in row_by_code]
    if missing and not draft:
        raise OptionError(
            f"{len(missing)} of {len(codes):,} {geography(chosen).plural} are missing: {some_of(missing)}. "
            "Add them, or import the file as a draft."
        )
    if not assignment:
        raise OptionError("No area of this file has a footprint.")
    return FootprintOption(
        id="",
        name=name,
        geography=chosen,
        assignment={code: assignment[code] for code in codes if code in assignment},
        footprint_names={id_: label for id_, label in footprint_names.items() if label != id_},
        author=author,
        made_by="imported",
    )


def option_frame(option: FootprintOption, areas: pd.DataFrame) -> pd.DataFrame:
    """The option as a table that `parse_option_csv` reads back.

    Returns
    -------
    DataFrame
        area_code, area_name, footprint, footprint_name; one row per area in the order of `areas`;
        footprint and name are empty for unassigned areas.

    Raises
    ------
    OptionError
        When the option names areas that are not among `areas`.
    """
    foreign = sorted(set(option.assignment) - set(areas.index))
    if foreign:
        raise OptionError(f"The option {option.name!r} names areas without an outline: {some_of(foreign)}.")
    footprints = [option.assignment.get(str(code), "") for code in areas.index]
    return pd.DataFrame(
        {
            "area_code": areas.index.astype(str),
            "area_name": areas["area_name"].to_numpy(),
            "footprint": footprints,
            "footprint_name": [option.footprint_name(id_) if id_ else "" for id_ in footprints],
        }
    )


def option_areas(option: FootprintOption, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`option_frame` with the outline of each area, for the map formats.

    Raises
    ------
    OptionError
        As `option_frame`.
    """
    return gpd.GeoDataFrame(option_frame(option, areas), geometry=areas.geometry.to_numpy(), crs=areas.crs)


def _read_rows(content: bytes) -> tuple[list[str], dict[int, list[str]]]:
    """Header, and rows by their number as a spreadsheet counts; empty rows and notes are left out."""
    if len(content) > BYTES_MAX:
        raise TooLargeError(f"The file has {len(content):,} bytes; an option has at most {BYTES_MAX:,}.")
    text = _decode(content)
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        table = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise DamagedFileError(f"The file is no whole CSV table ({fault}). Save it again as CSV.") from fault
    filled = {
        number: row
        for number, row in enumerate(table, start=1)
        if any(map(str.strip, row)) and not _is_note(row)
    }
    if not filled:
        raise OptionError("The file is empty.")
    header = filled.pop(min(filled))
    for number, row in filled.items():
        if any(map(str.strip, row[len(header) :])):
            raise OptionError(f"row {number} has more cells than the header. Quote cells that hold a comma.")
    width = len(header)
    return header, {number: (row + [""] * width)[:width] for number, row in filled.items()}


def _decode(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DamagedFileError("The file is not text. Save the table as CSV and import that.")


def _is_note(row: Sequence[str]) -> bool:
    return row[0].lstrip().startswith("#") and not any(map(str.strip, row[1:]))


def _footprint_column(names: Sequence[str], header: Sequence[str]) -> int:
    for wanted in FOOTPRINT_COLUMNS:
        if names.count(wanted) > 1:
            raise OptionError(f"There are two columns called {wanted!r}. Rename one.")
        if wanted in names:
            return names.index(wanted)
    raise OptionError(
        f"There is no column called {' or '.join(FOOTPRINT_COLUMNS)}. The columns are: {', '.join(header)}."
    )


def _require_row(number: int, code: str, footprint: str, row_by_code: Mapping[str, int], draft: bool) -> None:
    if not code:
        raise OptionError("there is no area code.")
    if code in row_by_code:
        raise OptionError(f"the area stands twice, also in row {row_by_code[code]}.")
    if not footprint and not draft:
        raise OptionError("the footprint is empty. Fill it, or import the file as a draft.")


def _listed(faults: Sequence[str]) -> str:
    more = f" And {len(faults) - N_NAMED:,} rows more." if len(faults) > N_NAMED else ""
    return " ".join(faults[:N_NAMED]) + more


__all__ = (
    "FOOTPRINT_COLUMNS",
    "FittingReport",
    "fit_option_polygons",
    "option_areas",
    "option_frame",
    "parse_option_csv",
)
