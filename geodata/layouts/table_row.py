"""The rows of a published table: columns by name, empty and repeated rows counted, figures as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import DamagedFileError
from geodata.layouts.cut import EMPTY
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.number import MISSING, numbers
from geodata.payload import Raw, RawTable
from geodata.provenance import Dropped

Counts: TypeAlias = Literal["", "counts", "whole"]


def table_layout(
    layout_id: str,
    label: str,
    matches: Callable[[RawTable], bool],
    parse: Callable[[RawTable, Context], Parsed],
) -> Layout:
    """A statistics layout for tables only: outlines never match."""

    def is_match(raw: Raw) -> bool:
        return isinstance(raw, RawTable) and matches(raw)

    def parse_table(raw: Raw, context: Context) -> Parsed:
        if not isinstance(raw, RawTable):
            raise TypeError(f"{layout_id} reads tables")
        return parse(raw, context)

    return Layout(layout_id, label, 2, is_match, parse_table)


def at(raw: RawTable, name: str) -> int:
    """Position of a column that the layout has matched on.

    Raises
    ------
    KeyError
        When it is absent.
    """
    position = raw.column(name)
    if position is None:
        raise KeyError(name)
    return position


def slug(text: str) -> str:
    """Lower case words joined by underscores; "%" reads "percent"."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower().replace("%", " percent ")).strip("_")


def squeeze(text: str) -> str:
    """White space of any kind and length to single blanks."""
    return " ".join(text.split())


def filled_rows(raw: RawTable) -> tuple[pd.Index, tuple[Dropped, ...]]:
    """Rows that hold anything at all, and the count of those that do not."""
    is_empty = (raw.rows == "").all(axis=1)
    n_empty = int(is_empty.sum())
    return raw.rows.index[~is_empty], ((Dropped(EMPTY, n_empty),) if n_empty else ())


def wide_cells(
    raw: RawTable,
    rows: pd.Index,
    columns: Mapping[int, str],
    *,
    blank: str = MISSING,
    counts: Counts = "",
) -> pd.DataFrame:
    """One row per (source row, cell): columns row, cell, value, status.

    Parameters
    ----------
    raw : RawTable
    rows : Index
        Rows to take.
    columns : Mapping of int to str
        Position of each figure column to its cell name.
    blank : str
        Status of an empty cell.
    counts : str
        "counts" where no figure can be below nought, "whole" where it is a whole number besides; else "".

    Raises
    ------
    DamagedFileError
        When a text is no number, or no such count.
    """
    part = raw.rows.loc[rows, list(columns)]
    long = part.melt(ignore_index=False, var_name="position", value_name="text")
    values, statuses = numbers(long["text"], blank=blank, where=raw.name)
    require_counts(values, long["text"], counts, where=raw.name)
    return pd.DataFrame(
        {
            "row": long.index.to_numpy(),
            "cell": long["position"].map(dict(columns)).to_numpy(),
            "value": values,
            "status": statuses,
        }
    )


def require_counts(values: NDArray[np.float64], texts: pd.Series, counts: Counts, *, where: str) -> None:
    """Refuse a figure that cannot be a count of people, households or homes.

    Parameters
    ----------
    values : float array
        NaN where nothing is known.
    texts : Series of str
        The same as they stand in the file; the index is the data row, from 0.
    counts : str
        As in `wide_cells`.

    Raises
    ------
    DamagedFileError
        Names the text and its row.
    """
    if not counts:
        return
    wrong = values < 0
    if counts == "whole":
        wrong |= np.isfinite(values) & (values % 1 != 0)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        wanted = "whole numbers, nought or more" if counts == "whole" else "nought or more"
        raise DamagedFileError(
            f"“{texts.iloc[place]}” stands where a count is expected (data row "
            f"{int(texts.index[place]) + 1}); counts are {wanted}. "
            "Put the number right, or leave the cell blank, and import the file again.",
            where=where,
        )


def without_repeats(raw: RawTable, rows: pd.Index, keys: pd.DataFrame, figures: Sequence[int]) -> pd.Index:
    """The rows without exact repeats.

    Parameters
    ----------
    rows : Index
        Rows that are kept so far.
    keys : DataFrame
        What identifies a row, aligned with `raw.rows`.
    figures : sequence of int
        Columns that hold the figures: two rows of one key must agree in them.

    Raises
    ------
    DamagedFileError
        When two rows of one key differ: nobody can say which is right.
    """
    of_key = keys.loc[rows].reset_index(drop=True)
    n_keys = of_key.shape[1]
    both = pd.concat([of_key, raw.rows.loc[rows, list(figures)].reset_index(drop=True)], axis=1)
    both.columns = pd.RangeIndex(both.shape[1])
    repeated = both.duplicated().to_numpy()
    clash = both[~repeated].duplicated(subset=list(range(n_keys)))
    if clash.any():
        place = int(clash[clash].index[0])
        named = ", ".join(str(v) for v in of_key.iloc[place])
        raise DamagedFileError(
            f"Two rows for {named} hold different figures. Keep the right one and import the file again.",
            where=raw.name,
        )
    return rows[~repeated]
