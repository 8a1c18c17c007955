"""Homes by site and year, out of whichever way a council writes them, and every faulty row by name.

Three ways are known: one column for each year; homes a year with a first and a last year; homes in all with
a first and a last year, spread evenly. A row that cannot be understood is named and never left out: homes
that go missing would be found out only when the people have moved in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.errors import InputError
from geodata.layouts.column import keys_of, values_of
from geodata.layouts.site_column import SiteColumns, is_financial_year, year_of
from geodata.payload import Raw

YEAR_MIN, YEAR_MAX = 1990, 2100
PEOPLE_PER_HOME_MAX = 10.0
_BLANK = ("", "nan", "None", "NaN", "<NA>", "-", "–")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_DAY = re.compile(r"((?:19|20)\d\d)-\d\d-\d\d")


class RowFaultError(InputError):
    """What is wrong with one row, and what to do."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """Homes of every row.

    Parameters
    ----------
    names : Series of str
        Of the sites.
    homes : DataFrame
        Index as the rows; one column for each year, earliest first, none left out between; nought where
        nothing is built.
    people_per_home : Series of float
        NaN where the row leaves it open.
    faults : Mapping
        Row index to what is wrong with it.
    notes : tuple of str
    """

    names: pd.Series
    homes: pd.DataFrame
    people_per_home: pd.Series
    faults: Mapping[int, str]
    notes: tuple[str, ...]


def text_of(raw: Raw, columns: SiteColumns, role: str, rows: pd.Index) -> pd.Series:
    """A role's column as text; blanks where no column has it."""
    if not columns.has(role):
        return pd.Series("", index=rows, dtype=object)
    values = values_of(raw, columns.by_role[role]).loc[rows].str.strip()
    return values.mask(values.isin(_BLANK), "")


def schedule(raw: Raw, columns: SiteColumns, rows: pd.Index) -> Schedule:
    """Homes by year of each of these rows."""
    texts = {role: text_of(raw, columns, role, rows) for role in ("per_year", "total", "first", "last")}
    by_year = {
        year: values_of(raw, key).loc[rows].str.strip().replace(list(_BLANK), "")
        for key, year in columns.years.items()
    }
    names, sizes = text_of(raw, columns, "name", rows), text_of(raw, columns, "people_per_home", rows)
    homes: dict[int, dict[int, float]] = {}
    people_per_home = pd.Series(np.nan, index=rows, dtype="float64")
    faults: dict[int, str] = {}
    n_spread = n_other_total = 0
    for row in rows:
        try:
            if not names[row]:
                raise RowFaultError("there is no name of the site; give it one")
            people_per_home[row] = _people(sizes[row])
            given = {role: text[row] for role, text in texts.items()}
            cells = {year: text[row] for year, text in by_year.items()}
            homes[row], is_spread, is_other = _homes(given, cells)
            n_spread, n_other_total = n_spread + is_spread, n_other_total + is_other
        except RowFaultError as fault:
            faults[row] = str(fault)
    notes = []
    if n_spread:
        notes.append(f"{n_spread} site(s) give homes in all: spread evenly from the first year to the last")
    if n_other_total:
        notes.append(f"{n_other_total} site(s) give another total than their years add up to: years are used")
    if any(map(is_financial_year, _year_texts(raw, columns, rows))):
        notes.append("a year written 2026/27 counts for the year it ends in")
    return Schedule(names, _frame(homes, rows), people_per_home, faults, tuple(notes))


def _homes(given: Mapping[str, str], cells: Mapping[int, str]) -> tuple[dict[int, float], bool, bool]:
    """Homes by year of one row; whether a total was spread; whether a total disagrees with the years."""
    filled = {year: _number(text, f"homes in {year}") for year, text in cells.items() if text}
    total = _number(given["total"], "homes") if given["total"] else None
    if filled:
        if given["per_year"]:
            raise RowFaultError("homes stand both by year and as homes a year; keep one of the two")
        summed = sum(filled.values())
        return filled, False, total is not None and abs(total - summed) > 0.5
    if not given["per_year"] and total is None:
        raise RowFaultError("there are no homes; fill in homes by year, or homes a year or in all")
    first, last = _year(given["first"], "first"), _year(given["last"], "last")
    if last < first:
        raise RowFaultError(f"the last year, {last}, is before the first, {first}; put them right")
    n_years = last - first + 1
    if not given["per_year"]:
        return dict.fromkeys(range(first, last + 1), float(total or 0) / n_years), True, False
    per_year = _number(given["per_year"], "homes a year")
    if total is not None and abs(per_year * n_years - total) > 0.5:
        raise RowFaultError(
            f"{per_year:g} homes a year for {n_years} years are {per_year * n_years:,.0f}, but {total:,.0f} "
            "stand as the homes in all; keep one of the two"
        )
    return dict.fromkeys(range(first, last + 1), per_year), False, False


def _number(text: str, what: str) -> float:
    plain = text.replace(",", "").strip()
    if not _NUMBER.fullmatch(plain):
        raise RowFaultError(f"“{text[:30]}” stands for {what}; write a number")
    if float(plain) < 0:
        raise RowFaultError(f"{what} is below nought ({text[:30]}); write new homes only")
    return float(plain)


def _people(text: str) -> float:
    if not text:
        return float("nan")
    people = _number(text, "people per home")
    if not 0 < people <= PEOPLE_PER_HOME_MAX:
        raise RowFaultError(f"{people:g} people per home cannot be; write a number such as 2.3")
    return people


def _year(text: str, which: str) -> int:
    if not text:
        raise RowFaultError(f"the {which} year is missing; give the first and the last year")
    day = _DAY.match(text)
    year = int(day.group(1)) if day else year_of(text.removesuffix(".0"))
    if year is None or not YEAR_MIN <= year <= YEAR_MAX:
        raise RowFaultError(f"“{text[:30]}” stands for the {which} year; write it as 2026 or 2026/27")
    return year


def _frame(homes: Mapping[int, Mapping[int, float]], rows: pd.Index) -> pd.DataFrame:
    years = [year for by_year in homes.values() for year in by_year]
    columns = pd.RangeIndex(min(years), max(years) + 1) if years else pd.RangeIndex(0)
    frame = pd.DataFrame(0.0, index=rows, columns=columns)
    for row, by_year in homes.items():
        for year, number in by_year.items():
            frame.loc[row, year] = number
    return frame


def _year_texts(raw: Raw, columns: SiteColumns, rows: pd.Index) -> list[str]:
    """Every year as it is written, in headers and cells."""
    headers = [text for key, text in keys_of(raw) if key in columns.years]
    return headers + [text for role in ("first", "last") for text in text_of(raw, columns, role, rows)]
