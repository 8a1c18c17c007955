"""Sums over areas against published totals, by indicator."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from indicators.indicator import Cells, Indicator

COLUMNS = (
    "indicator_id",
    "geography",
    "period",
    "sum_of_areas",
    "published",
    "difference",
    "n_areas",
    "n_unknown",
)
_SUMS, _COUNTS = ["sum_of_areas", "published"], ["n_areas", "n_unknown"]


def reconcile_indicators(by_cell: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> pd.DataFrame:
    """Numerators summed over areas beside the numerators published for the authority.

    Parameters
    ----------
    by_cell : DataFrame
        Columns table, cell, geography, period, sum_of_areas, published, n_areas, n_unknown: sums and
        published totals of single cells, areas that have a row, and those of them without a known value.
    catalogue : Mapping of str to Indicator
        Scores have no sum, and figures bound to a condition or to months are not published whole.

    Returns
    -------
    DataFrame
        Columns indicator_id, geography, period, sum_of_areas, published, difference (sum less
        published), n_areas, n_unknown; one row for each indicator, geography and period whose cells are
        all there.
    """
    cells = {
        key: group.set_index("cell")[_SUMS + _COUNTS]
        for key, group in by_cell.groupby(["table", "geography", "period"], sort=True)
    }
    rows = []
    for indicator in catalogue.values():
        part = indicator.numerator
        if indicator.statistic == "score" or not _is_plain(part):
            continue
        for (table, geography, period), sums in cells.items():
            wanted = [*part.add, *part.subtract]
            if table != part.table or not set(wanted) <= set(sums.index):
                continue
            total = sums.loc[list(part.add), _SUMS].sum() - sums.loc[list(part.subtract), _SUMS].sum()
            rows.append(
                (
                    indicator.id,
                    geography,
                    period,
                    float(total["sum_of_areas"]),
                    float(total["published"]),
                    float(total["sum_of_areas"] - total["published"]),
                    int(sums.loc[wanted, "n_areas"].min()),
                    int(sums.loc[wanted, "n_unknown"].max()),
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def newest_of_each(rows: pd.DataFrame) -> pd.DataFrame:
    """The newest period of each indicator and geography: what is read first of a long series."""
    return rows.sort_values("period").groupby(["indicator_id", "geography"]).tail(1).sort_index()


def _is_plain(part: Cells) -> bool:
    return not (part.months or part.where or part.area_km2 or part.divide_by) and bool(part.add)
