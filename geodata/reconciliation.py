"""Do the areas add up to what was published for the authority? The difference is shown, never hidden.

Census tables are perturbed at source, so sums differ from published totals by a few: that is to be seen,
not corrected. Percentages, ranks and the like do not add up and are left out.
"""

from __future__ import annotations

import re

import pandas as pd

COLUMNS = (
    "table",
    "cell",
    "geography",
    "period",
    "sum_of_areas",
    "published",
    "difference",
    "n_areas",
    "n_unknown",
    "published_in",
)
_NOT_ADDITIVE = re.compile(
    r"%|(?<![a-z])(?:per\s?cent|rates?(?![a-z])|rank|decile|score|proportion|average|median|mean(?![a-z])|ratio)"
    r"|^perc$|_indicator$",
    re.IGNORECASE,
)
_UNIVERSE = re.compile(r"^.*?:\s*Total:\s*(All .+)$")
_KEYS = ["table", "cell", "period"]


def reconcile(cells: pd.DataFrame) -> pd.DataFrame:
    """Sums of areas against the authority's own published rows.

    Parameters
    ----------
    cells : DataFrame
        Stored cells (table, geography, area_code, period, cell, value, status), the authority's rows with
        geography "lad".

    Returns
    -------
    DataFrame
        `COLUMNS`; one row per cell, period and geography with a published figure. `published_in` names the
        table of the figure: the cell's own, or another table of the same census with the same population
        ("All usual residents"). `n_unknown` areas had no known value and are not in the sum.
    """
    additive = cells[~cells["cell"].str.contains(_NOT_ADDITIVE)]
    authority = additive[(additive["geography"] == "lad") & additive["value"].notna()]
    areas = additive[additive["geography"] != "lad"]
    if areas.empty or authority.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    sums = (
        areas.groupby([*_KEYS, "geography"], sort=True)
        .agg(
            sum_of_areas=("value", "sum"),
            n_areas=("area_code", "nunique"),
            n_known=("value", "count"),
            n_rows=("value", "size"),
        )
        .reset_index()
    )
    sums["n_unknown"] = sums["n_rows"] - sums["n_known"]
    own = authority.drop_duplicates(_KEYS)[[*_KEYS, "value"]].rename(columns={"value": "published"})
    own["published_in"] = own["table"]
    joined = sums.merge(own, on=_KEYS, how="left")
    joined = _from_same_universe(joined, authority)
    joined = joined[joined["published"].notna()].copy()
    joined["difference"] = joined["sum_of_areas"] - joined["published"]
    return joined[list(COLUMNS)].reset_index(drop=True)


def _from_same_universe(joined: pd.DataFrame, authority: pd.DataFrame) -> pd.DataFrame:
    """A total without a published row of its own takes that of another table over the same people."""
    totals = authority.assign(universe=authority["cell"].str.extract(_UNIVERSE, expand=False))
    totals = totals[totals["universe"].notna()].sort_values("table").drop_duplicates(["universe", "period"])
    if totals.empty:
        return joined
    universe = joined["cell"].str.extract(_UNIVERSE, expand=False)
    universe = universe.where(joined["cell"] != "Age: Total", "All usual residents")
    keys = pd.MultiIndex.from_arrays([universe.fillna(""), joined["period"]])
    found = totals.set_index(["universe", "period"])[["value", "table"]].reindex(keys)
    lacks = joined["published"].isna().to_numpy() & found["value"].notna().to_numpy()
    joined = joined.copy()
    joined.loc[lacks, "published"] = found["value"].to_numpy()[lacks]
    joined.loc[lacks, "published_in"] = found["table"].to_numpy()[lacks]
    return joined
