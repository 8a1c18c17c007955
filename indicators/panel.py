"""The cells of one geography as dense arrays, so that a measure is a few column sums.

The mistake this prevents: unknown, suppressed and zero running together. Every cell of every area
carries a flag, and a sum takes the worst flag of its parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]

KNOWN, MISSING, SUPPRESSED = 0, 1, 2
STATUS_WORDS = np.array(["", "missing", "suppressed"], dtype=object)


@dataclass(frozen=True)
class TablePanel:
    """One table at one geography.

    Parameters
    ----------
    values : ndarray, columns x areas
        NaN where unknown.
    flags : ndarray of int8, columns x areas
        KNOWN, MISSING or SUPPRESSED.
    columns : dict of str to dict of str to int
        period -> cell -> row of `values`.
    """

    values: Floats
    flags: Flags
    columns: dict[str, dict[str, int]]

    def matching(self, period: str, names: tuple[str, ...]) -> list[int] | None:
        """Columns of the named cells in a period; None when one of them is not in it."""
        cells = self.columns.get(period, {})
        found: list[int] = []
        for name in names:
            if name.endswith("*"):
                group = [column for cell, column in cells.items() if cell.startswith(name[:-1])]
            else:
                group = [cells[name]] if name in cells else []
            if not group:
                return None
            found.extend(group)
        return found

    def periods_with(self, names: tuple[str, ...]) -> list[str]:
        """Periods that hold all the named cells, oldest first."""
        return sorted(period for period in self.columns if self.matching(period, names) is not None)


@dataclass(frozen=True)
class Panel:
    """All tables of one geography over one index of areas."""

    area_codes: pd.Index
    tables: dict[str, TablePanel]


def panels(
    cells: pd.DataFrame, codes_by_geography: dict[str, pd.Index], tables: frozenset[str]
) -> Iterator[tuple[str, Panel]]:
    """Split a cells frame into one panel per geography.

    Parameters
    ----------
    cells : DataFrame
        Columns table, geography, area_code, period, cell, value, status.
    codes_by_geography : dict of str to Index
        Areas of each geography where they are known; elsewhere those that occur in the cells.
    tables : frozenset of str
        Tables worth reading; others are left out.

    Yields
    ------
    geography, Panel
    """
    wanted = cells[cells["table"].isin(list(tables))]
    for geography, rows in wanted.groupby("geography", sort=True, observed=True):
        codes = codes_by_geography.get(str(geography))
        if codes is None:
            codes = pd.Index(sorted(set(rows["area_code"])), name="area_code")
        yield str(geography), Panel(codes, _tables(rows, codes))


def _tables(rows: pd.DataFrame, codes: pd.Index) -> dict[str, TablePanel]:
    table_of_row, table_names = pd.factorize(rows["table"])
    period_of_row, period_names = pd.factorize(rows["period"])
    cell_of_row, cell_names = pd.factorize(rows["cell"])
    area_of_code, unique_codes = pd.factorize(rows["area_code"])
    area = codes.get_indexer(pd.Index(unique_codes))[area_of_code]
    value = rows["value"].to_numpy(dtype=np.float64)
    flag = _flags(rows["status"], value)
    key = (table_of_row.astype(np.int64) * len(period_names) + period_of_row) * len(cell_names) + cell_of_row
    column, keys = pd.factorize(key)
    inside = area >= 0
    values = np.full((len(keys), len(codes)), np.nan)
    flags = np.full((len(keys), len(codes)), MISSING, dtype=np.int8)
    values[column[inside], area[inside]] = value[inside]
    flags[column[inside], area[inside]] = flag[inside]
    columns: dict[str, dict[str, dict[str, int]]] = {str(name): {} for name in table_names}
    for row, one_key in enumerate(np.asarray(keys)):
        rest, cell = divmod(int(one_key), len(cell_names))
        table, period = divmod(rest, len(period_names))
        periods = columns[str(table_names[table])]
        periods.setdefault(str(period_names[period]), {})[str(cell_names[cell])] = row
    return {name: TablePanel(values, flags, periods) for name, periods in columns.items()}


def _flags(status: pd.Series, value: Floats) -> Flags:
    code_of_row, words = pd.factorize(status)
    flag_of_word = np.array([SUPPRESSED if word == "suppressed" else KNOWN for word in words], dtype=np.int8)
    missing_word = np.array([word not in ("", "suppressed") for word in words], dtype=bool)
    flag = flag_of_word[code_of_row]
    missing = missing_word[code_of_row] | (np.isnan(value) & (flag == KNOWN))
    return np.where(missing, np.int8(MISSING), flag)
