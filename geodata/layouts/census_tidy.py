"""Census tables that reach councils in other shapes than the bulk download.

Long tables of the humaniverse packages (households by deprivation, type and room), Quick Statistics of
2011 put together from one file per category, and age by single year for MSOAs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from geodata.errors import DamagedFileError
from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.cut import add_dropped, cut_to_authority
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import numbers
from geodata.layouts.table_row import (
    Counts,
    at,
    filled_rows,
    require_counts,
    table_layout,
    wide_cells,
    without_repeats,
)
from geodata.payload import RawTable

TABLE_BY_CATEGORY = {"deprivation_dimensions": "ts011", "type": "dwelling_type", "occupancy_rating": "ts052"}
_TOTAL = "total_households"
_CODE_COLUMN = re.compile(r"^(oa|lsoa|msoa)(\d\d)_?(?:code|cd)$", re.IGNORECASE)
_QUICK = re.compile(r"^([a-z]{2}\d{3}[a-z]{0,2}?)(\d{3,4})\b", re.IGNORECASE)


def code_column(raw: RawTable) -> tuple[int, str] | None:
    """Position and vintage ("21") of a column such as lsoa21_code; None when there is none."""
    for position, name in enumerate(raw.header):
        found = _CODE_COLUMN.match(name)
        if found:
            return position, found.group(2)
    return None


def wide_table(
    raw: RawTable,
    context: Context,
    figures: Mapping[int, str],
    *,
    table: str,
    source_id: str,
    period: str,
    code_at: int,
    vintage: str,
    blank: str = "missing",
    counts: Counts = "",
    notes: tuple[str, ...] = (),
) -> Parsed:
    """A table with one row per area and one column per cell.

    Parameters
    ----------
    figures : Mapping of int to str
        Position of each figure column to its cell name.
    code_at : int
        Position of the area code.
    vintage : str
        "21" or "11".
    blank, counts : str
        As in `wide_cells`.
    """
    rows, empty = filled_rows(raw)
    codes = raw.rows.loc[rows, code_at]
    cut = cut_to_authority(codes, context, vintage=vintage, where=raw.name)
    keys = codes.to_frame("code").reindex(raw.rows.index)
    kept = without_repeats(raw, rows[cut.keep.to_numpy()], keys, list(figures))
    long = wide_cells(raw, kept, figures, blank=blank, counts=counts)
    cells = cell_frame(long, table=table, level=cut.geography, area_code=codes, period=period)
    origin = Origin(source_id, len(raw.rows), add_dropped(empty, cut.dropped), notes)
    return parsed_cells(cells, raw, context, origin, len(kept))


def _category(raw: RawTable) -> str | None:
    return next((name for name in TABLE_BY_CATEGORY if raw.has(name)), None)


def _matches_long(raw: RawTable) -> bool:
    return code_column(raw) is not None and raw.has(_TOTAL, "n") and _category(raw) is not None


def _parse_long(raw: RawTable, context: Context) -> Parsed:
    found, category = code_column(raw), _category(raw)
    if found is None or category is None:
        raise KeyError("code or category column")
    table = TABLE_BY_CATEGORY[category]
    rows, empty = filled_rows(raw)
    codes = raw.rows.loc[rows, found[0]]
    cut = cut_to_authority(codes, context, vintage=found[1], where=raw.name)
    figures = [at(raw, "n"), at(raw, _TOTAL)]
    keys = pd.DataFrame({"code": codes, "cell": raw.values(category)}).reindex(raw.rows.index)
    kept = without_repeats(raw, rows[cut.keep.to_numpy()], keys, figures)
    parts = []
    for text, name in ((raw.values("n"), raw.values(category)), (raw.values(_TOTAL), None)):
        values, statuses = numbers(text.loc[kept], where=raw.name)
        require_counts(values, text.loc[kept], "whole", where=raw.name)
        cell = _TOTAL if name is None else name.loc[kept].to_numpy()
        parts.append(pd.DataFrame({"row": kept, "cell": cell, "value": values, "status": statuses}))
    cells = cell_frame(
        pd.concat(parts, ignore_index=True), table=table, level=cut.geography, area_code=codes, period="2021"
    )
    cells = cells.drop_duplicates(ignore_index=True)
    clash = cells.duplicated(["area_code", "cell"])
    if clash.any():
        raise DamagedFileError(
            f"{cells.loc[clash, 'area_code'].iloc[0]} has two totals of households. "
            "Put the file right and import it again.",
            where=raw.name,
        )
    origin = Origin("ons_census_2021", len(raw.rows), add_dropped(empty, cut.dropped))
    return parsed_cells(cells, raw, context, origin, len(kept))


def _quick_columns(raw: RawTable) -> dict[int, str]:
    return {
        position: name
        for position, name in enumerate(raw.header)
        if _QUICK.match(name) or name.casefold() == "total"
    }


def _quick_table(raw: RawTable) -> str:
    tables = {found.group(1).lower() for name in raw.header if (found := _QUICK.match(name))}
    return tables.pop() if len(tables) == 1 else ""


def _matches_quick(raw: RawTable) -> bool:
    if not raw.has("GEOGRAPHY_CODE"):
        return False
    return _quick_table(raw) != "" and len(_quick_columns(raw)) >= len(raw.header) - 2


def _parse_quick(raw: RawTable, context: Context) -> Parsed:
    return wide_table(
        raw,
        context,
        _quick_columns(raw),
        table=_quick_table(raw),
        source_id="ons_census_2011",
        period="2011",
        code_at=at(raw, "GEOGRAPHY_CODE"),
        vintage="11",
        counts="whole",
    )


def _age_columns(raw: RawTable) -> dict[int, str]:
    return {
        position: name
        for position, name in enumerate(raw.header)
        if re.fullmatch(r"(?i)total|aged (under )?\d+ years?( and over)?", name)
    }


def _matches_ages(raw: RawTable) -> bool:
    return (
        code_column(raw) is not None and raw.has("Aged under 1 year", "Total") and len(_age_columns(raw)) > 50
    )


def _parse_ages(raw: RawTable, context: Context) -> Parsed:
    found = code_column(raw)
    if found is None:
        raise KeyError("code column")
    return wide_table(
        raw,
        context,
        _age_columns(raw),
        table="census_age_single_year",
        source_id="ons_census_2021" if found[1] == "21" else "ons_census_2011",
        period="2021" if found[1] == "21" else "2011",
        code_at=found[0],
        vintage=found[1],
        counts="whole",
    )


CENSUS_TIDY = (
    table_layout("census_long", "Census 2021 households, long table", _matches_long, _parse_long),
    table_layout("census_2011", "Census 2011 Quick Statistics", _matches_quick, _parse_quick),
    table_layout("census_ages", "Census age by single year", _matches_ages, _parse_ages),
)
