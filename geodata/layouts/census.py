"""Census tables of the Nomis bulk download: date, geography, geography code, then one column per cell.

A table is told by the label in front of its columns ("General health: ..."), a level by the codes. Subtotals
stand beside their parts, so cells are kept by name and nobody adds up all columns.
"""

from __future__ import annotations

import re

import pandas as pd

from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.cut import add_dropped, cut_to_authority
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.table_row import filled_rows, slug, table_layout, wide_cells, without_repeats
from geodata.payload import RawTable

TABLE_BY_LABEL = {
    "residence type": "ts001",
    "household composition": "ts003",
    "household deprivation": "ts011",
    "household size": "ts017",
    "ethnic group": "ts021",
    "household language": "ts025",
    "multiple main languages in household": "ts025",
    "proficiency in english language": "ts029",
    "religion": "ts030",
    "general health": "ts037",
    "disability": "ts038",
    "provision of unpaid care": "ts039",
    "number of disabled people in household": "ts040",
    "number of households": "ts041",
    "accommodation type": "ts044",
    "number of cars or vans": "ts045",
    "car or van availability": "ts045",
    "occupancy rating for bedrooms": "ts052",
    "tenure of household": "ts054",
    "national statistics socio-economic classification (ns-sec)": "ts062",
    "economic activity status": "ts066",
    "highest level of qualification": "ts067",
}
_AGE_TABLES = (  # TS007 in its three widths share the label "Age"
    ("ts007", "aged 5 years"),
    ("ts007b", "aged 10 to 15 years"),
    ("ts007a", "aged 10 to 14 years"),
)
# Two tables also come tidied, with shorter names: one set of cells, whichever door they come through.
_OCCUPANCY = {
    "+2 or more": "+2 or more (under-occupied)",
    "+1": "+1 (under-occupied)",
    "0": "0 (ideal)",
    "-1": "-1 (overcrowded)",
    "-2 or less": "-2 or less (overcrowded)",
}
# Tables that are not known here may hold densities or medians, which are seldom whole.
KNOWN_TABLES = frozenset({*TABLE_BY_LABEL.values(), *(table for table, _ in _AGE_TABLES)})
_KEYS = ("date", "geography", "geography code")
_NOT_FIGURES = {*_KEYS, "rural urban", ""}
_VALUE_SUFFIX = re.compile(r"\s*;\s*measures:\s*value\s*$", re.IGNORECASE)


def _figure_columns(raw: RawTable) -> dict[int, str]:
    return {
        position: _VALUE_SUFFIX.sub("", name)
        for position, name in enumerate(raw.header)
        if name.casefold() not in _NOT_FIGURES
    }


def table_of(names: list[str]) -> str:
    """Table id from the labels of its columns: "ts037"; a slug of the label where it is not known here."""
    label = names[0].split(":")[0].strip().casefold()
    if label == "age":
        cells = {name.split(":")[-1].strip().casefold() for name in names}
        return next((table for table, sign in _AGE_TABLES if sign in cells), "ts007a")
    return TABLE_BY_LABEL.get(label, slug(label))


def canonical_cell(table: str, name: str) -> str:
    """The stored name of a cell; only TS011 and TS052 differ from what is published."""
    if table not in ("ts011", "ts052"):
        return name
    last = name.split(":")[-1].strip()
    if "total" in name.casefold().split(":")[1].strip():
        return "total_households"
    return _OCCUPANCY.get(last, last) if table == "ts052" else last


def _matches(raw: RawTable) -> bool:
    if not raw.has(*_KEYS):
        return False
    names = list(_figure_columns(raw).values())
    return bool(names) and sum(":" in name for name in names) >= len(names) / 2


def _parse(raw: RawTable, context: Context) -> Parsed:
    rows, empty = filled_rows(raw)
    codes = raw.values("geography code").loc[rows]
    dates = raw.values("date").loc[rows].str.extract(r"(\d{4})", expand=False).fillna("")
    is_2011 = bool(len(dates)) and bool((dates == "2011").all())
    cut = cut_to_authority(
        codes,
        context,
        vintage="11" if is_2011 else "21",
        names=raw.values("geography").loc[rows],
        where=raw.name,
    )
    figures = _figure_columns(raw)
    table = table_of(list(figures.values()))
    keys = pd.DataFrame({"code": codes, "date": dates}).reindex(raw.rows.index)
    kept = without_repeats(raw, rows[cut.keep.to_numpy()], keys, list(figures))
    named = {position: canonical_cell(table, name) for position, name in figures.items()}
    long = wide_cells(raw, kept, named, counts="whole" if table in KNOWN_TABLES else "counts")
    cells = cell_frame(long, table=table, level=cut.geography, area_code=codes, period=dates)
    origin = Origin(
        "ons_census_2011" if is_2011 else "ons_census_2021",
        len(raw.rows),
        add_dropped(empty, cut.dropped),
        () if len(kept) else ("every row is of a level above the authority, or of another country",),
    )
    return parsed_cells(cells, raw, context, origin, len(kept))


CENSUS = (table_layout("census_bulk", "Census table (Nomis bulk CSV)", _matches, _parse),)
