"""How far the figures reach: which indicators have a value for how many areas."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def coverage_by_indicator(rows_by_geography: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, int]]:
    """Areas with a figure, by indicator and geography.

    Parameters
    ----------
    rows_by_geography : Mapping of str to DataFrame
        Profile rows of each geography's own areas (columns indicator_id, value), without the
        authority's row and without figures that are modelled.

    Returns
    -------
    dict
        indicator id -> {geography: number of areas with a value}; absent where there is none.
    """
    found: dict[str, dict[str, int]] = {}
    for geography, rows in rows_by_geography.items():
        for indicator_id, n_areas in rows.loc[rows["value"].notna(), "indicator_id"].value_counts().items():
            found.setdefault(str(indicator_id), {})[geography] = int(n_areas)
    return found
