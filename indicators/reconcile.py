"""Sums over areas against published totals, by indicator."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from indicators.indicator import Cells, Indicator

COLUMNS = ("indicator_id", "geography", "period", "sum_of_areas", "published", "difference")


def reconcile_indicators(by_cell: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> pd.DataFrame:
    """Numerators summed over areas beside the numerators published for the authority.

    Parameters
    ----------
    by_cell : DataFrame
        Columns table, cell, geography, period, sum_of_areas, published: sums and published totals of
        single cells.
    catalogue : Mapping of str to Indicator
        Scores have no sum, and figures bound to a condition or to months are not published whole.

    Returns
    -------
    DataFrame
        Columns indicator_id, geography, period, sum_of_areas, published, difference (sum less
        published); one row for each indicator, geography and period whose cells are all there.
    """
    cells = {
        key: group.set_index("cell")[["sum_of_areas", "published"]]
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
            total = sums.loc[list(part.add)].sum() - sums.loc[list(part.subtract)].sum()
            rows.append(
                (
                    indicator.id,
                    geography,
                    period,
                    float(total["sum_of_areas"]),
                    float(total["published"]),
                    float(total["sum_of_areas"] - total["published"]),
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _is_plain(part: Cells) -> bool:
    return not (part.months or part.where or part.area_km2 or part.divide_by) and bool(part.add)
