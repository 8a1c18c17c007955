"""The cells of one geography as dense arrays, so that a measure is a few column sums.

The mistake this prevents: unknown, suppressed and zero running together. Every cell of every area
carries a flag, and a sum takes the worst flag of its parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]

_TEXT_COLUMNS = ("table", "geography", "period", "cell", "area_code")
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
    cells: pd.DataFrame,
    codes_by_geography: Mapping[str, pd.Index],
    names_by_table: Mapping[str, frozenset[str]],
) -> Iterator[tuple[str, Panel]]:
    """Split a cells frame into one panel per geography.

    Parameters
    ----------
    cells : DataFrame
        Columns table, geography, area_code, period, cell, value, status.
    codes_by_geography : Mapping of str to Index
        Areas of each geography where they are known; elsewhere those that occur in the cells.
    names_by_table : Mapping of str to frozenset of str
        Tables and cells worth reading ("Dr*" reads all that begin so); others are left out.

    Yields
    ------
    geography, Panel
    """
    # Text becomes numbers once, for all rows; from here on only numbers are picked and sorted.
    coded = {
        name: pd.factorize(cells[name]) for name in ("table", "geography", "period", "cell", "area_code")
    }
    table, cell = coded["table"][0], coded["cell"][0]
    wanted = _wanted(coded["table"][1], coded["cell"][1], names_by_table)[table, cell]
    value = cells["value"].to_numpy(dtype=np.float64)
    flag = _flags(cells["status"], value)
    geography_of_row, geographies = coded["geography"]
    for number, geography in sorted(enumerate(geographies), key=lambda pair: str(pair[1])):
        rows = np.flatnonzero(wanted & (geography_of_row == number))
        if not len(rows):
            continue
        area_of_row = coded["area_code"][0][rows]
        area_codes = pd.Index(coded["area_code"][1])
        codes = codes_by_geography.get(str(geography))
        if codes is None:
            codes = pd.Index(area_codes[np.unique(area_of_row)].sort_values(), name="area_code")
        area = codes.get_indexer(area_codes)[area_of_row]
        inside = area >= 0
        rows, area = rows[inside], area[inside]
        column, columns = _columns(coded, rows)
        values = np.full((len(columns), len(codes)), np.nan)
        flags = np.full((len(columns), len(codes)), MISSING, dtype=np.int8)
        values[column, area] = value[rows]
        flags[column, area] = flag[rows]
        yield str(geography), Panel(codes, _tables(columns, values, flags))


def _wanted(
    tables: pd.Index, cells: pd.Index, names_by_table: Mapping[str, frozenset[str]]
) -> NDArray[np.bool_]:
    wanted = np.zeros((len(tables), len(cells)), dtype=bool)
    for row, table in enumerate(tables):
        for name in names_by_table.get(str(table), frozenset()):
            if name.endswith("*"):
                wanted[row] |= np.array([str(cell).startswith(name[:-1]) for cell in cells], dtype=bool)
            else:
                wanted[row, cells.get_indexer(pd.Index([name]))[0]] |= name in cells
    return wanted


def _columns(
    coded: Mapping[str, tuple[NDArray[np.intp], pd.Index]], rows: NDArray[np.intp]
) -> tuple[NDArray[np.intp], list[tuple[str, str, str]]]:
    """Number of the column of each row, and (table, period, cell) of each column."""
    (table, tables), (period, periods), (cell, cells) = (coded[name] for name in ("table", "period", "cell"))
    key = (table[rows].astype(np.int64) * len(periods) + period[rows]) * len(cells) + cell[rows]
    column, keys = pd.factorize(key)
    names = []
    for one in np.asarray(keys):
        rest, cell_number = divmod(int(one), len(cells))
        table_number, period_number = divmod(rest, len(periods))
        names.append((str(tables[table_number]), str(periods[period_number]), str(cells[cell_number])))
    return column, names


def _tables(columns: list[tuple[str, str, str]], values: Floats, flags: Flags) -> dict[str, TablePanel]:
    by_table: dict[str, dict[str, dict[str, int]]] = {}
    for row, (table, period, cell) in enumerate(columns):
        by_table.setdefault(table, {}).setdefault(period, {})[cell] = row
    return {name: TablePanel(values, flags, periods) for name, periods in by_table.items()}


def _flags(status: pd.Series, value: Floats) -> Flags:
    code_of_row, words = pd.factorize(status)
    flag_of_word = [{"": KNOWN, "suppressed": SUPPRESSED}.get(str(word), MISSING) for word in words]
    flag = np.array(flag_of_word, dtype=np.int8)[code_of_row]
    flag[np.isnan(value) & (flag == KNOWN)] = MISSING
    return flag
