"""What lies inside each footprint: the smallest areas that have a figure, so that an average hides no pocket.

The mistake this prevents: a calm average over one small area in great need and many in little. An area stands
out only when its interval lies clear of the interval of all the rest of its footprint together; an indicator
with a suppressed or unknown area in the footprint tells no pocket there, since the rest would not be whole.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geodata.errors import InputError
from indicators.comparison import WORSE, judge
from indicators.indicator import Indicator
from indicators.interval import LEVEL_95, LEVEL_998, interval
from indicators.target import FINENESS
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

KEYS = ["indicator_id", "footprint_id"]
COLUMNS = (
    "indicator_id",
    "area_code",
    "period",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "lower_998",
    "upper_998",
    "suppressed",
)


def inside_rows(study: Study, option: FootprintOption) -> pd.DataFrame:
    """Figures of the smallest areas inside the footprints, each indicator at its finest publication.

    Returns
    -------
    DataFrame
        The columns of a profile, with area_name, geography and footprint_id. Kinds of area that do not lie
        inside the option's own, and small areas that are made up, are left out.
    """
    known = study.observations()
    known = known[known["numerator"].notna()]
    held = {
        str(g): frozenset(map(str, part.unique())) for g, part in known.groupby("geography")["indicator_id"]
    }
    taken: set[str] = set()
    parts = []
    for geography in kinds_inside(option.geography, study.geographies):
        ids = held.get(geography, frozenset()) - taken
        if not ids:
            continue
        try:
            footprint = study.in_geography(option, geography).assignment
        except InputError:  # nothing joins these areas to the option's: the next coarser kind is tried
            continue
        rows = study.profile(geography)
        rows = rows[rows["indicator_id"].isin(ids) & rows["area_code"].isin(footprint)]
        names = area_names(study, geography)
        parts.append(
            rows[list(COLUMNS)].assign(
                area_name=names.reindex(rows["area_code"]).to_numpy(),
                geography=geography,
                footprint_id=rows["area_code"].map(footprint),
            )
        )
        taken |= ids
    columns = [*COLUMNS, "area_name", "geography", "footprint_id"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def kinds_inside(geography: str, loaded: tuple[str, ...]) -> list[str]:
    """Kinds of area that can lie inside `geography`, finest first; made-up ones only for themselves."""
    if geography not in FINENESS:
        return [geography]
    finer = FINENESS[: FINENESS.index(geography) + 1]
    return [g for g in finer if g in loaded and (g != "synthetic" or g == geography)]


def area_names(study: Study, geography: str) -> pd.Series:
    """Names of areas; small areas carry their ward's, since few know what "York 018B" is."""
    names: pd.Series = study.areas(geography)["area_name"]
    wards = study.wards(geography)
    if wards is None:
        return names
    ward_names = wards.map(study.areas("ward")["area_name"]).reindex(names.index)
    full: pd.Series = names.where(ward_names.isna(), names + " (" + ward_names.astype(str) + ")")
    return full


def spread_inside(inside: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> pd.DataFrame:
    """Lowest and highest area of each footprint and indicator, by name.

    Returns
    -------
    DataFrame
        Index indicator_id, footprint_id; lowest_area, lowest, highest_area, highest, n_areas, n_known. Areas
        without a figure, and those whose figure is suppressed, are in n_areas only. Counts are not compared
        and have no row.
    """
    compared = [one for one, record in catalogue.items() if record.statistic != "count"]
    rows = inside[inside["indicator_id"].isin(compared)]
    n_areas = rows.groupby(KEYS, sort=False).size().rename("n_areas")
    shown = rows[rows["value"].notna() & ~rows["suppressed"].astype(bool)]
    ordered = shown.sort_values("value", kind="stable").groupby(KEYS, sort=False)
    low, high = ordered.first(), ordered.last()
    return pd.DataFrame(
        {
            "lowest_area": low["area_name"],
            "lowest": low["value"],
            "highest_area": high["area_name"],
            "highest": high["value"],
            "n_areas": n_areas.reindex(low.index),
            "n_known": ordered.size(),
        }
    )


def spread_between(inside: pd.DataFrame) -> pd.Series:
    """Standard deviation of each indicator between all small areas, weighted by the people counted."""
    rows = inside[inside["value"].notna() & (inside["denominator"] > 0)]
    return weighted_spread(rows)


def weighted_spread(rows: pd.DataFrame) -> pd.Series:
    """By indicator_id: standard deviation of `value`, weighted by `denominator`; nought for a single row."""
    weight, value = rows["denominator"].astype(float), rows["value"].astype(float)
    by = rows["indicator_id"]
    mean = (weight * value).groupby(by, sort=False).sum() / weight.groupby(by, sort=False).sum()
    away: pd.Series = weight * (value - mean.reindex(by).to_numpy()) ** 2
    variance: pd.Series = away.groupby(by, sort=False).sum() / weight.groupby(by, sort=False).sum()
    return variance**0.5


def pockets(inside: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> pd.DataFrame:
    """Areas that stand out from the rest of their footprint, the most telling first.

    Returns
    -------
    DataFrame
        Rows of `inside` with rest (the figure of all other areas of the footprint together), rest_lower,
        rest_upper (95% limits), deviation (standard deviations between areas), judgement ("worse", "better"
        or ""). An area's 99.8% interval lies clear of the rest's: many areas are tried. Those that are worse
        where polarity is agreed come first, crime after other things, what nobody judges last.
    """
    usable = [one for one, i in catalogue.items() if i.interval != "none" and i.numerator.where is None]
    rows = inside[inside["indicator_id"].isin(usable)].copy()
    whole = rows["value"].notna() & rows["lower_998"].notna() & ~rows["suppressed"].astype(bool)
    by = [rows[key] for key in KEYS]
    rows = rows[whole.groupby(by).transform("all") & (whole.groupby(by).transform("size") > 1)]
    if rows.empty:
        return rows.assign(rest=[], rest_lower=[], rest_upper=[], deviation=[], judgement=[])
    grouped = rows.groupby(KEYS)
    numerator = grouped["numerator"].transform("sum") - rows["numerator"]
    denominator = grouped["denominator"].transform("sum") - rows["denominator"]
    multiplier = rows["indicator_id"].map(lambda one: catalogue[one].multiplier).astype(float)
    rows["rest"] = numerator / denominator.where(denominator > 0) * multiplier
    limits = {name: np.full(len(rows), np.nan) for name in ("rest_lower", "rest_upper", "low", "high")}
    statistic = rows["indicator_id"].map(lambda one: catalogue[one].statistic)
    for kind in ("proportion", "rate"):
        here = (statistic == kind).to_numpy()
        sums = (numerator[here], denominator[here], multiplier[here])
        limits["rest_lower"][here], limits["rest_upper"][here] = interval(kind, *sums, LEVEL_95)
        limits["low"][here], limits["high"][here] = interval(kind, *sums, LEVEL_998)
    rows["rest_lower"], rows["rest_upper"] = limits["rest_lower"], limits["rest_upper"]
    spread = spread_between(inside).reindex(rows["indicator_id"]).to_numpy()
    rows["deviation"] = (rows["value"] - rows["rest"]) / spread
    above, below = rows["lower_998"] > limits["high"], rows["upper_998"] < limits["low"]
    rows = rows[(above | below) & np.isfinite(rows["deviation"])]
    word = np.where(rows["deviation"] > 0, "higher", "lower")
    judged = [judge(w, catalogue[i].polarity) for w, i in zip(word, rows["indicator_id"], strict=True)]
    rows["judgement"] = [j if j in ("better", "worse") else "" for j in judged]
    order = [_tier(catalogue[i], j) for i, j in zip(rows["indicator_id"], rows["judgement"], strict=True)]
    size = -rows["deviation"].abs().to_numpy()
    found: pd.DataFrame = rows.iloc[np.lexsort((size, order))]
    return found


def _tier(indicator: Indicator, judgement: str) -> int:
    if judgement == WORSE:
        return 1 if indicator.domain == "crime" else 0
    return 3 if judgement else 2
