"""From published cells to one numerator and denominator per area and indicator.

The mistake this prevents: a figure made of two geographies, or of eleven months called a year.
Numerator and denominator are taken at the same geography or not at all; a month that is not loaded
makes the figure unknown, with the reason beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.indicator import Cells, Indicator
from indicators.month import month_number, month_text, span_length
from indicators.panel import KNOWN, MISSING, STATUS_WORDS, Flags, Floats, Panel, TablePanel, panels

OBSERVATION_COLUMNS = (
    "area_code",
    "indicator_id",
    "geography",
    "period",
    "numerator",
    "denominator",
    "status",
    "reason",
)

Columns: TypeAlias = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Measure:
    """One side of an indicator over all areas of a geography."""

    values: Floats
    flags: Flags
    period: str
    reason: str = ""


def observe(
    cells: pd.DataFrame,
    areas_by_geography: Mapping[str, pd.DataFrame],
    catalogue: Mapping[str, Indicator],
) -> pd.DataFrame:
    """Observations of every indicator at every geography that holds all its cells.

    Parameters
    ----------
    cells : DataFrame
        Columns table, geography, area_code, period, cell, value, status ("", "suppressed",
        "missing").
    areas_by_geography : Mapping of str to DataFrame
        Index area_code; column `km2` where sizes are known. An area without a cell gets a row with
        status "missing". A geography that is not in the mapping takes its areas from the cells.
    catalogue : Mapping of str to Indicator

    Returns
    -------
    DataFrame
        Columns area_code, indicator_id, geography, period, numerator, denominator, status, reason.
        For a score the numerator is score x weight and the denominator the weight; for a count the
        denominator is NaN. Status "" is known, "suppressed" (it beats "missing") or "missing"; both
        numbers are NaN unless known. `reason` says why, where that is more than an absent cell.
    """
    names: dict[str, frozenset[str]] = {}
    for part in (part for one in catalogue.values() for part in _parts(one)):
        for table, cells_named in _named(part):
            names[table] = names.get(table, frozenset()) | frozenset(cells_named)
    codes = {geography: frame.index for geography, frame in areas_by_geography.items()}
    parts = [
        part
        for geography, panel in panels(cells, codes, names)
        for part in _at_geography(geography, panel, areas_by_geography.get(geography), catalogue)
    ]
    if not parts:
        return pd.DataFrame({column: pd.Series(dtype=_dtype(column)) for column in OBSERVATION_COLUMNS})
    return pd.DataFrame(
        {name: np.concatenate([part[name] for part in parts]) for name in OBSERVATION_COLUMNS}
    )


def _at_geography(
    geography: str, panel: Panel, areas: pd.DataFrame | None, catalogue: Mapping[str, Indicator]
) -> list[Columns]:
    km2 = areas["km2"].to_numpy(dtype=np.float64) if areas is not None and "km2" in areas.columns else None
    codes = panel.area_codes.to_numpy(dtype=object)
    measured: dict[Cells, Measure | None] = {}

    def measure_of(part: Cells) -> Measure | None:
        if part not in measured:
            measured[part] = _measure(part, panel, km2)
        return measured[part]

    parts = []
    for indicator in catalogue.values():
        numerator = measure_of(indicator.numerator)
        denominator = measure_of(indicator.denominator) if indicator.denominator is not None else None
        if numerator is None or (indicator.denominator is not None and denominator is None):
            continue
        parts.append(_columns(indicator, geography, codes, numerator, denominator))
    return parts


def _columns(
    indicator: Indicator,
    geography: str,
    area_codes: NDArray[np.object_],
    numerator: Measure,
    denominator: Measure | None,
) -> Columns:
    """The rows of one indicator, column by column: one frame of all is made at the end."""
    top = numerator.values
    bottom = np.full(len(top), np.nan) if denominator is None else denominator.values
    flags = numerator.flags if denominator is None else np.maximum(numerator.flags, denominator.flags)
    if indicator.statistic == "score":
        top = top * bottom
    known = flags == KNOWN
    reasons = [one.reason for one in (numerator, denominator) if one is not None and one.reason]

    def all_rows(text: str) -> NDArray[np.object_]:
        return np.full(len(top), text, dtype=object)

    return {
        "area_code": area_codes,
        "indicator_id": all_rows(indicator.id),
        "geography": all_rows(geography),
        "period": all_rows(numerator.period),
        "numerator": np.where(known, top, np.nan),
        "denominator": np.where(known, bottom, np.nan),
        "status": STATUS_WORDS[flags],
        "reason": all_rows("; ".join(reasons)),
    }


def _measure(part: Cells, panel: Panel, km2: Floats | None) -> Measure | None:
    """The sum of the named cells over areas; None when the geography does not hold them."""
    if part.area_km2:
        if km2 is None:
            return None
        return Measure(km2, np.where(np.isnan(km2), MISSING, KNOWN).astype(np.int8), "")
    table = panel.tables.get(part.table)
    if table is None:
        return None
    names = part.add + part.subtract
    if part.months:
        found = _over_months(part, table)
    else:
        periods = [part.period] if part.period else table.periods_with(names)[-1:]
        found = _sum(part, table, periods, periods[0]) if periods else None
    if found is not None and part.where is not None:
        found = _restrict(found, part.where, panel)
    if found is not None and part.divide_by is not None:
        found = _divide(found, part.divide_by, panel)
    return found


def _sum(part: Cells, table: TablePanel, periods: list[str], label: str) -> Measure | None:
    plus: list[int] = []
    minus: list[int] = []
    for period in periods:
        added = table.matching(period, part.add)
        taken = table.matching(period, part.subtract)
        if added is None or taken is None:
            return None
        plus.extend(added)
        minus.extend(taken)
    values = table.values[plus].sum(axis=0)
    if minus:
        values = values - table.values[minus].sum(axis=0)
    return Measure(values, table.flags[plus + minus].max(axis=0), label)


def _over_months(part: Cells, table: TablePanel) -> Measure | None:
    """The newest run of `months` months that are all loaded; unknown when there is no such run."""
    periods = table.periods_with(part.add + part.subtract)
    numbered = [(month_number(period), period) for period in periods]
    months = {number: period for number, period in numbered if number is not None}
    for last in sorted(months, reverse=True):
        run = range(last - part.months + 1, last + 1)
        if all(month in months for month in run):
            label = f"{months[run[0]]} to {months[last]}"
            return _sum(part, table, [months[month] for month in run], label)
    spans = [period for period in periods if span_length(period) == part.months]
    if spans:
        return _sum(part, table, [spans[-1]], spans[-1])
    if not months:
        return None
    last = max(months)
    run = range(last - part.months + 1, last + 1)
    absent = [month_text(month) for month in run if month not in months]
    n_areas = table.values.shape[1]
    return Measure(
        np.full(n_areas, np.nan),
        np.full(n_areas, MISSING, dtype=np.int8),
        f"{month_text(run[0])} to {month_text(last)}",
        f"{len(absent)} of {part.months} months are not loaded: {', '.join(absent)}",
    )


def _restrict(found: Measure, where: tuple[str, str, float, float], panel: Panel) -> Measure | None:
    """The measure in areas whose other cell lies within the limits; a true zero elsewhere."""
    table_name, cell, low, high = where
    other = _measure(Cells(table_name, (cell,)), panel, None)
    if other is None:
        return None
    with np.errstate(invalid="ignore"):
        outside = (other.flags == KNOWN) & ((other.values < low) | (other.values > high))
    values = np.where(outside, 0.0, found.values)
    flags = np.where(outside, np.int8(KNOWN), np.maximum(found.flags, other.flags))
    return Measure(values, flags, found.period, found.reason)


def _divide(found: Measure, divide_by: tuple[str, str, float], panel: Panel) -> Measure | None:
    """The base of a published percentage: count / percentage x per; unknown where that is zero."""
    table_name, cell, per = divide_by
    same_period = found.period if panel.tables.get(table_name) is not None else ""
    other = _measure(Cells(table_name, (cell,), period=same_period), panel, None)
    if other is None:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        values = found.values / other.values * per
    zero = (other.flags == KNOWN) & (other.values == 0)
    flags = np.where(zero, np.int8(MISSING), other.flags)
    return Measure(values, np.maximum(found.flags, flags), found.period, found.reason)


def _parts(indicator: Indicator) -> list[Cells]:
    return [part for part in (indicator.numerator, indicator.denominator) if part is not None]


def _named(part: Cells) -> list[tuple[str, tuple[str, ...]]]:
    """Each table that a measure reads, with the cells it reads there."""
    named = [(part.table, part.add + part.subtract)]
    named += [(other[0], (other[1],)) for other in (part.where, part.divide_by) if other is not None]
    return named


def _dtype(column: str) -> str:
    return "float64" if column in ("numerator", "denominator") else "str"
