"""From rows of a table to cells of the workspace: one value per area, period and published cell name.

Every statistics layout ends here, so that a repeated row, a missing area and the count of source rows
are treated alike in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.dataset import NewDataset
from geodata.geography import geography
from geodata.layouts.cut import REPEATED, add_dropped
from geodata.layouts.layout import Context, Parsed
from geodata.payload import RawTable
from geodata.provenance import Dropped, Provenance

COLUMNS = ("table", "geography", "area_code", "period", "cell", "value", "status")
NO_ROW = "no row, so unknown"
_N_NAMED_MAX = 5


@dataclass(frozen=True)
class Origin:
    """What a layout says of the whole file.

    Parameters
    ----------
    source_id : str
        Key into `geodata.source.SOURCES`.
    rows_in : int
    dropped : tuple of Dropped
    notes : tuple of str
    complete : bool
        True: an area of the authority that has no row is named in the notes (it stays unknown).
    """

    source_id: str
    rows_in: int
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    complete: bool = True


def parsed_cells(
    cells: pd.DataFrame,
    raw: RawTable,
    context: Context,
    origin: Origin,
    n_kept: int,
    *,
    key: pd.Series | None = None,
) -> Parsed:
    """Datasets of one file, one per table, geography and period (or `key`).

    Parameters
    ----------
    cells : DataFrame
        The seven columns of stored cells (`COLUMNS`); each (table, geography, area, period, cell) once.
    n_kept : int
        Source rows that are in `cells`. Rows that are neither kept nor dropped were exact repeats.
    key : Series of str, optional
        Last part of the dataset id of each cell, in place of the period: for publications that come
        as a whole series, of which a newer file replaces the older.
    """
    dropped = origin.dropped
    n_repeated = origin.rows_in - n_kept - sum(entry.n_rows for entry in dropped)
    if n_repeated:
        dropped = add_dropped(dropped, (Dropped(REPEATED, n_repeated),))
    frame = cells.loc[:, list(COLUMNS)]
    notes = origin.notes
    if origin.complete:
        notes = (*notes, *_unknown_areas(frame, context))
    datasets = []
    last = frame["period"] if key is None else key
    for (table, level, ending), part in frame.groupby([frame["table"], frame["geography"], last], sort=True):
        periods = sorted(pd.unique(part["period"]))
        provenance = Provenance(
            source_id=origin.source_id,
            file_name=raw.name,
            sha256=raw.sha256,
            period=periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}",
            retrieved=context.retrieved,
            rows_in=origin.rows_in,
            rows_kept=n_kept,
            dropped=dropped,
            notes=(*raw.notes, *notes),
        )
        ordered = part.sort_values(["cell", "area_code"], kind="stable").reset_index(drop=True)
        datasets.append(
            NewDataset(f"cells:{table}:{level}:{ending}", "cells", str(level), ordered, provenance)
        )
    levels = sorted({dataset.geography for dataset in datasets}, key=_by_size)
    return Parsed(tuple(datasets), origin.rows_in, n_kept, dropped, ", ".join(levels), (*raw.notes, *notes))


def cell_frame(
    long: pd.DataFrame,
    *,
    table: str | pd.Series,
    level: pd.Series,
    area_code: pd.Series,
    period: str | pd.Series,
) -> pd.DataFrame:
    """The seven columns from `wide_cells`, looking up each row's geography, code and period."""
    row = long["row"].to_numpy()

    def of_row(what: str | pd.Series) -> object:
        return what if isinstance(what, str) else what.loc[row].to_numpy()

    return pd.DataFrame(
        {
            "table": of_row(table),
            "geography": level.loc[row].to_numpy(),
            "area_code": area_code.loc[row].to_numpy(),
            "period": of_row(period),
            "cell": long["cell"].to_numpy(),
            "value": long["value"].to_numpy(dtype=np.float64),
            "status": long["status"].to_numpy(),
        }
    ).astype({"value": "float64"})


def _by_size(level: str) -> int:
    order = ("oa", "lsoa", "msoa", "ward", "lad")
    stem = level.rstrip("0123456789")
    return order.index(stem) if stem in order else len(order)


def _unknown_areas(cells: pd.DataFrame, context: Context) -> tuple[str, ...]:
    """A sentence for each geography in which areas of the authority have no row."""
    notes = []
    for level, part in cells.groupby("geography", sort=True):
        known = context.area_codes.get(str(level), frozenset())
        absent = sorted(known - set(part["area_code"]))
        if not absent or level == "lad":
            continue
        areas = context.areas.get(str(level))
        named = [
            f"{code} ({areas['area_name'].loc[code]!s})"
            if areas is not None and code in areas.index
            else code
            for code in absent[:_N_NAMED_MAX]
        ]
        more = f" and {len(absent) - _N_NAMED_MAX} more" if len(absent) > _N_NAMED_MAX else ""
        notes.append(
            f"{NO_ROW}: {len(absent)} of {len(known)} {geography(str(level)).plural}, "
            f"{', '.join(named)}{more}"
        )
    return tuple(notes)
