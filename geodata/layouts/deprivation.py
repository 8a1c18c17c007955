"""English Indices of Deprivation as published: Files 1, 3, 7 and 8, of 2019 (LSOA 2011) and 2025 (LSOA 2021).

Headers differ by year, carry trailing blanks and are sometimes cut at 80 characters, so each is recognised
by how it begins and stored under one canonical name ("Income_score"). Ranks and deciles are stored
for display by area; nothing here adds or averages them.
"""

from __future__ import annotations

import re

import pandas as pd

from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.cut import add_dropped, cut_to_authority
from geodata.layouts.deprivation_header import canonical, indicator_group, tables_of
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import SUPPRESSED
from geodata.layouts.table_row import filled_rows, slug, table_layout, wide_cells, without_repeats
from geodata.payload import RawTable

YEAR_BY_VINTAGE = {"11": "2019", "21": "2025"}
_CODE = re.compile(r"^lsoa code \((2011|2021)\)$", re.IGNORECASE)
_LAD_CODE = re.compile(r"^local authority district code \(\d{4}\)$", re.IGNORECASE)
_LAD_NAME = re.compile(r"^local authority district name \(\d{4}\)$", re.IGNORECASE)


def _code_at(raw: RawTable) -> tuple[int, str] | None:
    for position, header in enumerate(raw.header):
        found = _CODE.match(header.strip())
        if found:
            return position, found.group(1)[2:]
    return None


def _index_columns(raw: RawTable, year: str) -> dict[int, tuple[str, str]]:
    return {i: known for i, header in enumerate(raw.header) if (known := canonical(header, year))}


def _matches_index(raw: RawTable) -> bool:
    found = _code_at(raw)
    return found is not None and any(
        group != "population" for _, group in _index_columns(raw, YEAR_BY_VINTAGE[found[1]]).values()
    )


def _parse_index(raw: RawTable, context: Context) -> Parsed:
    _, vintage = _required_code(raw)
    year = YEAR_BY_VINTAGE[vintage]
    return _parse_tables(raw, context, tables_of(_index_columns(raw, year), year), year)


def _indicator_columns(raw: RawTable) -> dict[int, str]:
    keys = (_CODE, _LAD_CODE, _LAD_NAME, re.compile(r"^lsoa name \(\d{4}\)$", re.IGNORECASE))
    return {
        i: slug(header)
        for i, header in enumerate(raw.header)
        if header.strip() and not any(key.match(header.strip()) for key in keys)
    }


def _matches_indicators(raw: RawTable) -> bool:
    """A sheet of File 8: keyed like the others, its columns are indicators and no scores or ranks."""
    if (
        _matches_index(raw)
        or _code_at(raw) is None
        or not any(_LAD_CODE.match(h.strip()) for h in raw.header)
    ):
        return False
    names = _indicator_columns(raw).values()
    return any(
        re.search(r"(indicator|numerator|ratio|rate|life_lost|score|speeds|rooms|bedrooms)", n) for n in names
    )


def _parse_indicators(raw: RawTable, context: Context) -> Parsed:
    _, vintage = _required_code(raw)
    year = YEAR_BY_VINTAGE[vintage]
    return _parse_tables(raw, context, {f"iod{year}_indicators": _indicator_columns(raw)}, year)


def _required_code(raw: RawTable) -> tuple[int, str]:
    found = _code_at(raw)
    if found is None:
        raise KeyError("LSOA code")
    return found


def _parse_tables(raw: RawTable, context: Context, tables: dict[str, dict[int, str]], year: str) -> Parsed:
    code_at, vintage = _required_code(raw)
    rows, empty = filled_rows(raw)
    codes = raw.rows.loc[rows, code_at]
    lad_at = next((i for i, header in enumerate(raw.header) if _LAD_CODE.match(header.strip())), None)
    name_at = next((i for i, header in enumerate(raw.header) if _LAD_NAME.match(header.strip())), None)
    cut = cut_to_authority(
        codes,
        context,
        vintage=vintage,
        lad_codes=None if lad_at is None else raw.rows.loc[rows, lad_at],
        names=None if name_at is None else raw.rows.loc[rows, name_at],
        where=raw.name,
    )
    keys = codes.to_frame("code").reindex(raw.rows.index)
    every = sorted({position for columns in tables.values() for position in columns})
    kept = without_repeats(raw, rows[cut.keep.to_numpy()], keys, every)
    cells = pd.concat(
        [
            cell_frame(
                wide_cells(raw, kept, columns, blank=SUPPRESSED),
                table=table,
                level=cut.geography,
                area_code=codes,
                period=year,
            )
            for table, columns in tables.items()
        ],
        ignore_index=True,
    )
    origin = Origin(f"mhclg_iod_{year}", len(raw.rows), add_dropped(empty, cut.dropped))
    return parsed_cells(cells, raw, context, origin, len(kept), key=dataset_key(cells))


def dataset_key(cells: pd.DataFrame) -> pd.Series:
    """Last part of each cell's dataset id: the period, and for indicators the sheet they come from.

    File 8 holds one sheet for each domain: read one after another they must not replace each other.
    """
    is_indicator = cells["table"].str.endswith("_indicators")
    return cells["period"].where(~is_indicator, cells["period"] + ":" + cells["cell"].map(indicator_group))


DEPRIVATION = (
    table_layout("iod_index", "Indices of Deprivation (File 1, 3 or 7)", _matches_index, _parse_index),
    table_layout(
        "iod_indicators",
        "Indices of Deprivation, underlying indicators (File 8)",
        _matches_indicators,
        _parse_indicators,
    ),
)
