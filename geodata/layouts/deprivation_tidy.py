"""Indices of Deprivation as the humaniverse packages give them: one row per LSOA, tidied column names."""

from __future__ import annotations

import re

import pandas as pd

from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.census_tidy import code_column
from geodata.layouts.cut import add_dropped, cut_to_authority
from geodata.layouts.deprivation import YEAR_BY_VINTAGE, dataset_key
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import SUPPRESSED
from geodata.layouts.table_row import filled_rows, table_layout, wide_cells, without_repeats
from geodata.payload import RawTable

_INDEX = re.compile(r"^[A-Z][A-Za-z_]*_(score|rank|decile)$")
_SUBDOMAIN = re.compile(r"^[a-z_]+_(score|rank|decile)$")
_NUMERATOR = "income_domain_numerator"


def _kind(raw: RawTable) -> str:
    """ "scores", "ranks", "subdomains", "indicators", or "" when it is none of them."""
    names = [name for name in raw.header if name]
    if raw.has(_NUMERATOR):
        return "indicators"
    if raw.has("IMD_rank") and sum(bool(_INDEX.match(name)) for name in names) == len(names) - 1:
        return "scores" if raw.has("IMD_score") else "ranks"
    if raw.has("adult_skills_score") and sum(bool(_SUBDOMAIN.match(n)) for n in names) == len(names) - 1:
        return "subdomains"
    return ""


def _matches(raw: RawTable) -> bool:
    found = code_column(raw)
    return found is not None and found[1] in YEAR_BY_VINTAGE and _kind(raw) != ""


def _parse(raw: RawTable, context: Context) -> Parsed:
    found = code_column(raw)
    if found is None:
        raise KeyError("code column")
    code_at, vintage = found
    year = YEAR_BY_VINTAGE[vintage]
    rows, empty = filled_rows(raw)
    codes = raw.rows.loc[rows, code_at]
    cut = cut_to_authority(codes, context, vintage=vintage, where=raw.name)
    figures = {i: name for i, name in enumerate(raw.header) if name and i != code_at}
    keys = codes.to_frame("code").reindex(raw.rows.index)
    kept = without_repeats(raw, rows[cut.keep.to_numpy()], keys, list(figures))
    cells: pd.DataFrame = cell_frame(
        wide_cells(raw, kept, figures, blank=SUPPRESSED),
        table=f"iod{year}_{_kind(raw)}",
        level=cut.geography,
        area_code=codes,
        period=year,
    )
    origin = Origin(f"mhclg_iod_{year}", len(raw.rows), add_dropped(empty, cut.dropped))
    return parsed_cells(cells, raw, context, origin, len(kept), key=dataset_key(cells))


DEPRIVATION_TIDY = (table_layout("iod_tidy", "Indices of Deprivation, tidy table", _matches, _parse),)
