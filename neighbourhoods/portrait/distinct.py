"""Where each footprint lies against the authority, on every indicator, and which differences tell most.

The mistake this prevents: a claim that chance could have made. With many indicators tried at once some 95%
intervals leave the authority's value out by chance alone, so that claims then rest on 99.8% limits; and a
footprint is called the highest only when its interval overlaps with no other's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.comparison import HIGHER, LOWER, compare
from indicators.indicator import Cells, Indicator
from indicators.interval import LEVEL_95, LEVEL_998
from neighbourhoods.need.index import OVERALL, is_deprivation_part

Words = NDArray[np.object_]
MANY = 20  # from so many indicators one would be expected to lie clear at 95% by chance
MOST_IN_DOMAIN = 2
ALIKE = 0.9
FEWEST_AREAS = 5  # a correlation over fewer says nothing
SUPERSEDED = ("oa11", "lsoa11", "msoa11")  # kinds of area of an earlier census, whose figures are old


def level_for(n_tested: int) -> float:
    """Level of the limits that claims rest on: 95% for few indicators, 99.8% from twenty."""
    return LEVEL_998 if n_tested >= MANY else LEVEL_95


def differences(
    rows: pd.DataFrame, spread: pd.Series, catalogue: Mapping[str, Indicator], authority_code: str
) -> pd.DataFrame:
    """Each footprint's figures beside the authority's, as differences in standard deviations between areas.

    Parameters
    ----------
    rows : DataFrame
        As `Study.profile_option` gives them.
    spread : Series
        By indicator_id: standard deviation between areas, in the indicator's unit.
    catalogue : Mapping of str to Indicator
    authority_code : str

    Returns
    -------
    DataFrame
        The rows of footprints, with reference (the authority's value), difference, difference_lower,
        difference_upper (from the 95% limits), tested (has limits and a reference), comparison ("higher",
        "lower", "similar" or "not compared", by the limits of `level_for`), standing ("highest", "lowest" of
        all footprints, or ""). Counts are never compared.
    """
    is_authority = rows["footprint_id"] == authority_code
    reference = rows[is_authority].set_index("indicator_id")["value"]
    found = rows[~is_authority].reset_index(drop=True)
    counts = [one for one, record in catalogue.items() if record.statistic == "count"]
    found["reference"] = found["indicator_id"].map(reference).astype(float)
    found.loc[found["indicator_id"].isin(counts), "reference"] = np.nan
    scale = found["indicator_id"].map(spread.where(spread > 0)).astype(float)
    for name, column in (("", "value"), ("_lower", "lower"), ("_upper", "upper")):
        found[f"difference{name}"] = (found[column] - found["reference"]) / scale
    found["tested"] = found["lower"].notna() & found["reference"].notna()
    level = level_for(found.loc[found["tested"], "indicator_id"].nunique())
    low, high = ("lower_998", "upper_998") if level == LEVEL_998 else ("lower", "upper")
    found["comparison"] = compare(found[low], found[high], found["reference"])
    found["comparison"] = _as_written(found, catalogue)
    found["standing"] = _standing(found, low, high)
    return found


def most_telling(
    found: pd.DataFrame,
    footprint_id: str,
    catalogue: Mapping[str, Indicator],
    correlation: pd.DataFrame,
    n: int,
) -> list[str]:
    """The clear differences of one footprint that tell most, the largest first: at most two a domain.

    Figures of an earlier census are left to the table.

    Parameters
    ----------
    found : DataFrame
        As `differences` gives it.
    correlation : DataFrame
        Between indicators across areas; of two that say the same (see `says_the_same`) one is told.
    n : int
        How many at most.
    """
    own = found[(found["footprint_id"] == footprint_id) & found["comparison"].isin([HIGHER, LOWER])]
    own = own[np.isfinite(own["difference"])]
    order = own.iloc[np.argsort(-own["difference"].abs().to_numpy(), kind="stable")]
    chosen: list[str] = []
    for one in map(str, order["indicator_id"]):
        domains = [catalogue[other].domain for other in chosen]
        if len(chosen) == n or domains.count(catalogue[one].domain) == MOST_IN_DOMAIN:
            continue
        if catalogue[one].geography in SUPERSEDED:
            continue
        if not any(says_the_same(catalogue[one], catalogue[other], correlation) for other in chosen):
            chosen.append(one)
    return chosen


def says_the_same(first: Indicator, second: Indicator, correlation: pd.DataFrame) -> bool:
    """Whether two indicators count the same people, go up and down together, or one is part of the other."""
    overall = [one for one in (first, second) if one.id in OVERALL]
    if len(overall) == 2 or (overall and (is_deprivation_part(first) or is_deprivation_part(second))):
        return True
    if _share_cells(first.numerator, second.numerator):
        return True
    if first.id in correlation.index and second.id in correlation.columns:
        return bool(abs(float(str(correlation.at[first.id, second.id]))) > ALIKE)
    return False


def correlation_between(rows: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Correlation of indicators across areas; empty where there are too few areas to say.

    Parameters
    ----------
    rows : DataFrame
        indicator_id, area_code, value.
    """
    values = rows[rows["indicator_id"].isin(ids)].pivot(
        index="area_code", columns="indicator_id", values="value"
    )
    return values.corr(min_periods=FEWEST_AREAS) if len(values) >= FEWEST_AREAS else pd.DataFrame()


def _as_written(found: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> pd.Series:
    """A difference that rounding hides is "similar": the words would contradict the numbers beside them."""
    places = found["indicator_id"].map(lambda one: catalogue[one].decimals).to_numpy()
    lower, upper, reference = (
        np.array([np.round(v, p) for v, p in zip(found[c], places, strict=True)])
        for c in ("lower", "upper", "reference")
    )
    kept = np.where(found["comparison"] == HIGHER, lower > reference, upper < reference)
    is_claim = found["comparison"].isin([HIGHER, LOWER])
    return found["comparison"].where(~is_claim | kept, "similar")


def _standing(found: pd.DataFrame, low: str, high: str) -> Words:
    """ "highest" or "lowest" where a footprint's limits lie beyond all others', each of them known."""
    standing = np.full(len(found), "", dtype=object)
    lower, upper = found[low].to_numpy(dtype=float), found[high].to_numpy(dtype=float)
    tested = found["tested"].to_numpy(dtype=bool)
    for indices in found.groupby("indicator_id", sort=False).indices.values():
        rows = np.asarray(indices, dtype=np.intp)
        if len(rows) < 2 or not tested[rows].all():
            continue
        by_lower, by_upper = rows[np.argsort(-lower[rows])], rows[np.argsort(upper[rows])]
        first, last = by_lower[0], by_upper[0]
        if lower[first] > upper[rows[rows != first]].max():
            standing[first] = "highest"
        if upper[last] < lower[rows[rows != last]].min():
            standing[last] = "lowest"
    return standing


def _share_cells(first: Cells, second: Cells) -> bool:
    if (first.table, first.where) != (second.table, second.where):
        return False
    return any(_holds(first, name) for name in second.add) or any(_holds(second, name) for name in first.add)


def _holds(cells: Cells, name: str) -> bool:
    """Whether a cell is among those added; a total less some cells holds all the others."""
    if cells.subtract:
        return name not in cells.subtract
    return any(name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in cells.add)
