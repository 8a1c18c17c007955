"""Tidy long tables: one row per date, area and variable, as the york/indicators tables come.

Wards and the authority stand in one file, sometimes for different years; a ward without a row stays unknown.
"All Ages" stands beside its bands, so nothing here is added up.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geodata.layouts.cell import Origin, cell_frame, parsed_cells
from geodata.layouts.cut import add_dropped, cut_to_authority, dropped_by
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import numbers
from geodata.layouts.table_row import filled_rows, slug, squeeze, table_layout, without_repeats
from geodata.payload import RawTable


@dataclass(frozen=True)
class _Subject:
    """A publication, told by the names of its variables."""

    table: str
    source_id: str
    words: tuple[str, ...]


_SUBJECTS = (
    _Subject("claimant_count", "claimant_count", ("claimant count",)),
    _Subject("hb_claimants", "dwp_housing_benefit", ("hb_claimants", "housing benefit")),
    _Subject("universal_credit", "dwp_stat_xplore", ("people on universal credit",)),
    _Subject("pip", "dwp_stat_xplore", ("cases with entitlement",)),
    _Subject("population_small_area", "ons_population_estimates", ("change over five years",)),
    _Subject("population_projection", "ons_population_estimates", ("projected growth",)),
    _Subject("gias", "dfe_gias", ("pupils eligible for free school meals",)),
    _Subject("qof_modelled", "nhs_qof", ("patients on long-term condition registers",)),
    _Subject("fuel_poverty", "desnz_fuel_poverty", ("fuel poverty", "fuel poor")),
    _Subject("population_estimates", "ons_population_estimates", ("number of persons",)),
    _Subject("households", "households_estimate", ("number of households",)),
)
_DATES = ("date", "month", "year")
_VALUE = "value"


def _date_column(raw: RawTable) -> str | None:
    return next((name for name in _DATES if raw.has(name)), None)


def _matches(raw: RawTable) -> bool:
    return raw.has("geography_code", "variable_name", _VALUE) and _date_column(raw) is not None


def _subject(variables: pd.Series) -> _Subject:
    """The first publication whose words stand in any variable's name; else a table of that name."""
    names = [name.casefold() for name in pd.unique(variables)]
    for subject in _SUBJECTS:
        if any(word in name for word in subject.words for name in names):
            return subject
    return _Subject(slug(sorted(names)[0]) if names else "table", "local", ())


def _cells(raw: RawTable, subject: _Subject) -> pd.Series:
    """Cell of each row: the variable, or "Aged 0-4" where the table is by age."""
    variables = raw.values("variable_name").map(squeeze)
    if not raw.has("age_band"):
        return variables
    ages = raw.values("age_band").map(squeeze)
    named = ages.where(~ages.str.match(r"\d"), "Aged " + ages)
    if subject.table == "population_estimates":
        return named
    return variables.where(ages == "", variables + ": " + named)


def _parse(raw: RawTable, context: Context) -> Parsed:
    rows, empty = filled_rows(raw)
    subject = _subject(raw.values("variable_name").loc[rows])
    date_name = _date_column(raw) or _DATES[0]
    dates = raw.values(date_name).str.strip()
    is_dated = dates.loc[rows].str.fullmatch(r"\d{4}(-\d\d(-\d\d)?|/\d\d)?")
    reasons = pd.Series("", index=rows, dtype=object).mask(~is_dated, "no date")
    dated = rows[is_dated.to_numpy()]
    codes = raw.values("geography_code").loc[dated]
    names = raw.values("geography_name").loc[dated] if raw.has("geography_name") else None
    cut = cut_to_authority(codes, context, names=names, where=raw.name)
    periods = "mid-" + dates if subject.table == "population_estimates" else dates.str.slice(0, 7)
    cells = _cells(raw, subject)
    value_at = raw.column(_VALUE) or 0
    keys = pd.DataFrame({"code": raw.values("geography_code"), "period": periods, "cell": cells})
    kept = without_repeats(raw, dated[cut.keep.to_numpy()], keys, [value_at])
    values, statuses = numbers(raw.rows.loc[kept, value_at], where=raw.name)
    long = pd.DataFrame(
        {"row": kept, "cell": cells.loc[kept].to_numpy(), "value": values, "status": statuses}
    )
    frame = cell_frame(long, table=subject.table, level=cut.geography, area_code=codes, period=periods)
    notes = [f"{date_name} gives the period"] if date_name != "date" else []
    by_level = frame.groupby("geography")["period"].unique()
    if len({tuple(sorted(periods_of)) for periods_of in by_level}) > 1:
        told = "; ".join(f"{level}: {', '.join(sorted(found))}" for level, found in by_level.items())
        notes.append(f"the levels are of different periods and are not compared ({told})")
    origin = Origin(
        subject.source_id,
        len(raw.rows),
        add_dropped(empty, dropped_by(reasons), cut.dropped),
        tuple(notes),
    )
    return parsed_cells(frame, raw, context, origin, len(kept))


TIDY = (table_layout("tidy_long", "Tidy table of indicators by area", _matches, _parse),)
