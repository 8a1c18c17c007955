"""English Indices of Deprivation as published: Files 1, 3, 7 and 8, of 2019 (LSOA 2011) and 2025 (LSOA 2021).

Headers differ by year, carry trailing blanks and are sometimes cut at 80 characters, so each is recognised
by how it begins and stored under one canonical name ("Income_score"). Ranks and deciles are stored
for display by area; nothing here adds or averages them.
"""

from __future__ import annotations

import re

import pandas as pd

from geodata.layouts.cell import (
    Origin,
    cell_frame,
    filled_rows,
    parsed_cells,
    slug,
    table_layout,
    wide_cells,
    without_repeats,
)
from geodata.layouts.cut import add_dropped, cut_to_authority
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import SUPPRESSED
from geodata.payload import RawTable

YEAR_BY_VINTAGE = {"11": "2019", "21": "2025"}
_CODE = re.compile(r"^lsoa code \((2011|2021)\)$", re.IGNORECASE)
_LAD_CODE = re.compile(r"^local authority district code \(\d{4}\)$", re.IGNORECASE)
_LAD_NAME = re.compile(r"^local authority district name \(\d{4}\)$", re.IGNORECASE)
_SUBJECTS = (  # beginning of a header in lower case, canonical name, group
    ("index of multiple deprivation (imd)", "IMD", "imd"),
    ("income deprivation affecting children", "IDACI", "supplementary"),
    ("idaci", "IDACI", "supplementary"),
    ("income deprivation affecting older people", "IDAOPI", "supplementary"),
    ("idaopi", "IDAOPI", "supplementary"),
    ("children and young people sub-domain", "children_and_young_people", "subdomains"),
    ("adult skills sub-domain", "adult_skills", "subdomains"),
    ("geographical barriers sub-domain", "geographical_barriers", "subdomains"),
    ("wider barriers sub-domain", "wider_barriers", "subdomains"),
    ("indoors sub-domain", "indoors", "subdomains"),
    ("outdoors sub-domain", "outdoors", "subdomains"),
    ("income", "Income", "domains"),
    ("employment", "Employment", "domains"),
    ("education, skills and training", "Education", "domains"),
    ("health deprivation and disability", "Health", "domains"),
    ("crime", "Crime", "domains"),
    ("barriers to housing and services", "Barriers", "domains"),
    ("living environment", "Environment", "domains"),
)
_BARRIERS = {"2019": "Housing_and_Access", "2025": "Housing_and_Services"}
_POPULATIONS = (
    ("total population", "population_total"),
    ("dependent children", "population_dependent_children"),
    ("older population", "population_older"),
    ("working age population", "population_working_age"),
)
_KIND = re.compile(r"\b(score|rank|decile)\b", re.IGNORECASE)
_INDICATOR_GROUPS = (  # words in an indicator's name, and the sheet of File 8 that holds it
    ("income", ("income_domain", "idaci", "idaopi")),
    ("employment", ("employment_domain",)),
    ("education", ("education", "pupil", "adult_skills", "staying_on", "absence", "key_stage", "attainment")),
    ("health", ("morbidity", "illness", "mental_health", "life_lost", "mood_and_anxiety")),
    (
        "crime",
        ("violence", "burglary", "theft", "criminal_damage", "stalking", "public_order", "anti_social"),
    ),
    ("living", ("condition", "heating", "traffic", "air_quality", "noise", "energy_performance", "outdoor")),
)


def canonical(header: str, year: str) -> tuple[str, str] | None:
    """Cell name and group ("imd", "domains", ...) of a published header; None when it is no index of ours.

    Parameters
    ----------
    header : str
        "Income Score (rate)", perhaps cut off or with trailing blanks.
    year : str
        "2019" or "2025": one domain changed its name.
    """
    text = header.strip().casefold()
    population = next((name for start, name in _POPULATIONS if text.startswith(start)), None)
    if population:
        return population, "population"
    subject = next(((name, group) for start, name, group in _SUBJECTS if text.startswith(start)), None)
    kind = _KIND.search(text)
    if subject is None or kind is None:
        return None
    name, group = subject
    name = _BARRIERS[year] if name == "Barriers" else name
    return f"{name}_{kind.group(1).lower()}", group


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


def tables_of(names: dict[int, tuple[str, str]], year: str) -> dict[str, dict[int, str]]:
    """Which table each column goes to: table id -> {position: cell}.

    File 7 fills the tables that Files 1 and 3 fill by themselves, with the same cells, so that whichever
    comes last replaces the other whole.
    """
    by_group: dict[str, dict[int, str]] = {}
    for position, (name, group) in names.items():
        by_group.setdefault(group, {})[position] = name
    imd = {i: name for i, name in by_group.get("imd", {}).items() if not name.endswith("_score")}
    domains = {**by_group.get("imd", {}), **by_group.get("domains", {})}
    supplementary = by_group.get("supplementary", {})
    scores = {i: name for i, name in supplementary.items() if name.endswith("_score")}
    prefix = f"iod{year}_"
    tables: dict[str, dict[int, str]] = {}
    if "domains" in by_group and "imd" not in by_group:  # the trimmed File 7a: incomes only
        return {prefix + "income": {**by_group["domains"], **supplementary}}
    if "domains" in by_group:
        tables[prefix + "scores"] = domains
    if supplementary:
        ranks = {i: name for i, name in supplementary.items() if i not in scores}
        tables[prefix + "supplementary"] = {**imd, **ranks}
        tables[prefix + "supplementary_scores"] = scores
    if "domains" in by_group or not supplementary:
        tables[prefix + "imd"] = imd
    tables[prefix + "subdomains"] = by_group.get("subdomains", {})
    tables[prefix + "population"] = by_group.get("population", {})
    return {table: columns for table, columns in tables.items() if columns}


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


def indicator_group(name: str) -> str:
    """Sheet of File 8 that holds an indicator: "income", ..., "barriers" where none of the others does."""
    return next(
        (group for group, words in _INDICATOR_GROUPS if any(word in name for word in words)), "barriers"
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
