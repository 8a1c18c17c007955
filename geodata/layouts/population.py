"""Tidy tables with one row per LSOA: population by single year of age, and modelled loneliness."""

from __future__ import annotations

from geodata.layouts.census_tidy import code_column, wide_table
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.table_row import table_layout
from geodata.payload import RawTable

_AGES = ("total_population", *(str(age) for age in range(90)), "90+")


def _matches_ages(raw: RawTable) -> bool:
    return code_column(raw) is not None and raw.has(*_AGES)


def _parse_ages(raw: RawTable, context: Context) -> Parsed:
    found = code_column(raw)
    if found is None:
        raise KeyError("code column")
    return wide_table(
        raw,
        context,
        {i: name for i, name in enumerate(raw.header) if name in _AGES},
        table="population_single_year",
        source_id="ons_population_estimates",
        period="mid-2020",
        code_at=found[0],
        vintage=found[1],
        counts="counts",
        notes=("the table does not name its year: taken as mid-2020, the last estimate for LSOAs of 2011",)
        if found[1] == "11"
        else ("the table does not name its year: taken as mid-2020",),
    )


def _matches_loneliness(raw: RawTable) -> bool:
    return code_column(raw) is not None and raw.has("perc", "deciles") and len(raw.header) <= 4


def _parse_loneliness(raw: RawTable, context: Context) -> Parsed:
    found = code_column(raw)
    if found is None:
        raise KeyError("code column")
    return wide_table(
        raw,
        context,
        {i: name for i, name in enumerate(raw.header) if name in ("perc", "deciles")},
        table="loneliness_modelled",
        source_id="loneliness_brc",
        period="2020-21",
        code_at=found[0],
        vintage=found[1],
        notes=("modelled estimates: areas with the same profile share a value",),
    )


POPULATION = (
    table_layout(
        "population_ages", "Population by single year of age, tidy table", _matches_ages, _parse_ages
    ),
    table_layout("loneliness", "Modelled loneliness by LSOA", _matches_loneliness, _parse_loneliness),
)
