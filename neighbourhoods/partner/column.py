"""The columns of a partner's file that matter: names of its areas, and people registered.

The mistake this prevents: the wrong column taken for the names without a word. Where no column's name says
it, a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from geodata.errors import OptionError, VintageError
from geodata.geography import geography
from neighbourhoods.option.footprint_label import require_label

_NAMES = (
    *("partner_area", "footprint_name", "footprint", "name", "area_name", "label", "pcn_name", "pcn"),
    *("beat_name", "beat", "cluster_name", "cluster", "neighbourhood", "group", "title"),
)
_NAME_ENDS = ("name", "nm")
_VINTAGE = re.compile(r"20(\d\d)|(\d\d)")


def label_column(columns: Sequence[str], wanted: str, file_name: str) -> str:
    """The column of names: as asked, else by its name, else the only one there is.

    Raises
    ------
    OptionError
        When there is no such column, or nothing says which it is; lists the columns.
    """
    if columns.count(wanted) > 1:
        raise OptionError(f"There are two columns called {wanted!r}. Rename one.", where=file_name)
    if wanted:
        if wanted in columns:
            return wanted
        raise OptionError(
            f"There is no column {wanted!r}. The columns are: {', '.join(columns)}.", where=file_name
        )
    plain = {re.sub(r"[^a-z0-9]+", "_", c.lower()).strip("_"): c for c in reversed(columns)}
    found = next((plain[name] for name in _NAMES if name in plain), None)
    found = found or next((c for name, c in reversed(plain.items()) if name.endswith(_NAME_ENDS)), None)
    if found is None and len(columns) == 1:
        found = columns[0]
    if found is None:
        raise OptionError(
            "Say which column names the partner's areas (--column). "
            f"The columns are: {', '.join(columns) or 'none'}.",
            where=file_name,
        )
    return found


def label_texts(values: pd.Series, file_name: str) -> pd.Series:
    """Names as text, by row.

    Raises
    ------
    OptionError
        When a row has none, or it holds control characters.
    """
    labels = []
    for row, value in zip(values.index.tolist(), values.tolist(), strict=True):
        text = "" if pd.isna(value) else require_label(_text(value))
        if not text:
            raise OptionError(
                f"row {row + 1} names no partner's area. Fill it in, or take the row out.",
                where=file_name,
            )
        labels.append(text)
    return pd.Series(labels, index=values.index, dtype=object)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def registered_people(table: pd.DataFrame, column: str, columns: Sequence[str]) -> pd.Series:
    """Numbers of people; NaN where the cell is blank, and everywhere when no column is named.

    Raises
    ------
    OptionError
        When there is no such column, or a cell is no number of people.
    """
    if not column:
        return pd.Series(np.nan, index=table.index, dtype="float64")
    if column not in columns:
        raise OptionError(f"There is no column {column!r}. The columns are: {', '.join(columns)}.")
    text = table[column].astype(str).str.replace(",", "").str.strip()
    text = text.mask(text.isin(["", "nan", "None"]))
    numbers = pd.to_numeric(text, errors="coerce")
    odd = text[(numbers.isna() & text.notna()) | (numbers < 0)]
    if len(odd):
        raise OptionError(
            f"“{odd.iloc[0][:30]}” in row {odd.index.tolist()[0] + 1} of {column} is no number of people. "
            "Put it right or leave it blank."
        )
    return numbers.astype("float64")


def require_stated_vintage(header: str, geography_id: str, file_name: str) -> None:
    """A year in the column's name must be the year of the areas.

    Raises
    ------
    VintageError
        Names both.
    """
    year = _VINTAGE.search(header)
    vintage = geography(geography_id).vintage
    stated = (year.group(1) or year.group(2)) if year else ""
    if stated and vintage and not vintage.endswith(stated):
        raise VintageError(
            f"The column {header!r} says areas of 20{stated}; the workspace has "
            f"{geography(geography_id).plural}. Import boundaries of that year first.",
            where=file_name,
        )
