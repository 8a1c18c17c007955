"""Columns that hold official area codes: told by the header's published spellings, or by the values.

"WD25CD", "wd17cd", "F_LSOA11CD", "ward24_code", "LADCD_ACTIVE" and "LSOA code (2021)" all say a level and,
most of them, a year. A column of any other name is known by what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geodata.payload import Raw, RawFeatures

_LEVEL = {
    "OA": "oa",
    "LSOA": "lsoa",
    "MSOA": "msoa",
    "WD": "ward",
    "WARD": "ward",
    "LAD": "lad",
    "LTLA": "lad",
}
_PREFIX = {"E00": "oa", "W00": "oa", "E01": "lsoa", "W01": "lsoa", "E02": "msoa", "W02": "msoa"}
_PREFIX |= {"E05": "ward", "W05": "ward"} | dict.fromkeys(
    ("E06", "E07", "E08", "E09", "W06", "S12", "N09"), "lad"
)
_CENSUS = ("oa", "lsoa", "msoa")
_CODE = re.compile(
    r"^(?:F_)?(OA|LSOA|MSOA|WD|WARD|LAD|LTLA)_?(\d\d)?_?(?:CD|_?CODE)(?:_ACTIVE)?$", re.IGNORECASE
)
_LONG_CODE = re.compile(r"^(OA|LSOA|MSOA|ward|Local Authority District) code \((20)?(\d\d)\)$", re.IGNORECASE)
_NAME = re.compile(r"^(OA|LSOA|MSOA|WD|WARD|LAD|LTLA)_?(\d\d)?_?(?:NM|_?NAME)(?:_ACTIVE)?$", re.IGNORECASE)
_LONG_NAME = re.compile(_LONG_CODE.pattern.replace("code", "name"), re.IGNORECASE)
AREA_CODE = re.compile(r"^[EWSN]\d{8}$")


@dataclass(frozen=True)
class CodeColumn:
    """One column of area codes.

    Parameters
    ----------
    key : int or str
        Position in a table; name in a layer.
    level : str
        "oa", "lsoa", "msoa", "ward" or "lad".
    year : str
        "21", "25"; "" where the header does not say.
    named : bool
        False when only the values tell.
    """

    key: int | str
    level: str
    year: str
    named: bool = True

    @property
    def geography(self) -> str:
        """Geography id; wards and districts carry no year; census areas without a year give ""."""
        if self.level in _CENSUS:
            return self.level + self.year if self.year in ("11", "21") else ""
        return self.level


def keys_of(raw: Raw) -> list[tuple[int | str, str]]:
    """(key, header text) of each column but the geometry."""
    if isinstance(raw, RawFeatures):
        return [(str(c), str(c)) for c in raw.frame.columns if str(c) != raw.frame.geometry.name]
    return list(enumerate(raw.header)) if raw.header else [(i, "") for i in range(raw.rows.shape[1])]


def values_of(raw: Raw, key: int | str) -> pd.Series:
    """One column as text."""
    frame = raw.frame if isinstance(raw, RawFeatures) else raw.rows
    return frame[key].astype(str)


def code_columns(raw: Raw) -> tuple[CodeColumn, ...]:
    """Columns whose header says that they hold area codes, and whose values do not deny it."""
    found = []
    for key, text in keys_of(raw):
        told = _level_told(text, _CODE, _LONG_CODE)
        if told is None:
            continue
        level, year = told
        if level_of_values(values_of(raw, key).head(200)) in (level, ""):
            found.append(CodeColumn(key, level, year))
    return tuple(found)


def _level_named(text: str) -> tuple[str, str] | None:
    return _level_told(text, _NAME, _LONG_NAME)


def _level_told(text: str, short: re.Pattern[str], long: re.Pattern[str]) -> tuple[str, str] | None:
    """Level and year ("" when absent) that a header says, in the short spelling or the long one."""
    if match := short.match(text):
        return _LEVEL[match.group(1).upper()], match.group(2) or ""
    if match := long.match(text):
        is_lad = match.group(1).lower().startswith("local")
        return ("lad" if is_lad else _LEVEL[match.group(1).upper()]), match.group(3)
    return None


def unnamed_code_column(raw: Raw) -> CodeColumn | None:
    """A column of any other name in which every value is a code of one level; the year from a name column."""
    for key, _ in keys_of(raw):
        values = values_of(raw, key)
        level = level_of_values(values.head(500))
        if level and level_of_values(values) == level:
            years = {named[1] for _, text in keys_of(raw) if (named := _level_named(text)) and named[1]}
            return CodeColumn(key, level, years.pop() if len(years) == 1 else "", named=False)
    return None


def level_of_values(values: pd.Series) -> str:
    """Level of the codes in a column; "" when they are blank, mixed or not codes."""
    filled = values[(values != "") & (values != "None") & (values != "nan")]
    if filled.empty or not filled.str.fullmatch(AREA_CODE.pattern).all():
        return ""
    levels = {_PREFIX.get(prefix, "") for prefix in filled.str.slice(0, 3).unique()}
    return levels.pop() if len(levels) == 1 else ""


def name_key(raw: Raw, column: CodeColumn) -> int | str | None:
    """Column of names beside a code column: same level and year, else same level; None when there is none."""
    named = [
        (key, found[1])
        for key, text in keys_of(raw)
        if (found := _level_named(text)) and found[0] == column.level
    ]
    exact = [key for key, year in named if year == column.year]
    return exact[0] if exact else (named[0][0] if named else None)


def lad_column(columns: Sequence[CodeColumn]) -> CodeColumn | None:
    """The district column; of several, the one without a year ("LADCD_ACTIVE") last."""
    lads = [c for c in columns if c.level == "lad"]
    return max(lads, key=lambda c: c.year) if lads else None


def vintage_of(codes: pd.Series, level: str, known: Mapping[str, frozenset[str]]) -> str:
    """Year of census codes whose header gives none: whose known codes cover most of them; "" when unknown."""
    present = set(codes)
    covered = {year: len(present & known.get(level + year, frozenset())) for year in ("21", "11")}
    best = max(covered, key=lambda year: (covered[year], year))
    return best if covered[best] else ""


def column_where(raw: Raw, test: Callable[[str], bool]) -> int | str | None:
    """First column whose header passes the test."""
    return next((key for key, text in keys_of(raw) if test(text)), None)
