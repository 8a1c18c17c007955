"""Needs beside assets: who needs what where, how much of it is within reach, and where the two do not meet.

Assets per 1,000 people in need are worked out in two steps (two-step floating catchment areas: Luo and Wang,
Environment and Planning B 30, 2003): each asset is shared among all people in need within reach of it, and an
area has the shares of all assets within reach of the people who live there. So the shares of all areas add up
to the assets, and an asset that many need counts for less. The mistake this prevents: a city centre in which
the same library is counted for every street as if nobody else used it.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from geodata.layouts.venue import CANDIDATE
from indicators.indicator import Indicator
from neighbourhoods.register.register import BUS_STOP
from neighbourhoods.register.theme import Theme, theme, why_it_counts
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, AccessParams, access, concentration_index
from neighbourhoods.travel.matrix import minutes_to_places
from neighbourhoods.travel.starting_point import StartingPoints, starting_points

Floats = NDArray[np.float64]
MINUTES = 15.0
NOT_OPEN = (CANDIDATE, "temporarily closed")
THIRD = 1 / 3
MISMATCH, NO_MISMATCH, NOT_KNOWN = "high need, few assets", "no", "not known"


@dataclass(frozen=True)
class NeedParams:
    """What is asked.

    Parameters
    ----------
    theme_id : str
        Key of `THEMES`.
    geography : str
        Kind of area that is shown.
    need_id : str
        One of the theme's indicators; empty for the first that has figures for these areas.
    minutes : float
        On foot, within which an asset is in reach.
    """

    theme_id: str
    geography: str
    need_id: str = ""
    minutes: float = MINUTES

    def __post_init__(self) -> None:
        if not 0 < self.minutes < float("inf"):
            raise InputError(f"Minutes within reach must be above nought, not {self.minutes}.")


@dataclass(frozen=True, eq=False)
class NeedAssets:
    """Needs and assets of a theme, area by area.

    Parameters
    ----------
    params : NeedParams
    theme : Theme
    need : Indicator
        What measures the need.
    counts_residents : bool
        The need is a score, of which nobody is a count: assets are shared among all residents.
    assets : GeoDataFrame
        By place_id: name, kind, why (it counts).
    access : Access or None
        Minutes to the nearest asset; None without assets.
    by_area : DataFrame
        By area_code: area_name, need_count, need_value (NaN where not known), suppressed, n_within (mean
        number of assets within reach of the people in need), minutes (their mean to the nearest),
        assets_per_1000 (of the people in need), need_rank and asset_rank (1 is the most), mismatch.
    is_spread : bool
        Counts are not published for the areas of the starting points: those of the areas shown were spread
        over them by residents.
    """

    params: NeedParams
    theme: Theme
    need: Indicator
    counts_residents: bool
    assets: gpd.GeoDataFrame
    access: Access | None
    by_area: pd.DataFrame
    is_spread: bool

    @property
    def mismatched(self) -> pd.DataFrame:
        """Areas of high need with few assets, the most people in need first."""
        rows = self.by_area[self.by_area["mismatch"] == MISMATCH]
        return rows.sort_values("need_count", ascending=False, kind="stable")


def theme_needs(study: Study, theme_id: str, geography: str) -> tuple[str, ...]:
    """Indicators of a theme's need that have a figure for any area of a kind, in the theme's order."""
    rows = study.profile(geography)
    known = set(rows.loc[rows["value"].notna() & (rows["area_code"] != study.authority_code), "indicator_id"])
    return tuple(one for one in theme(theme_id).needs if one in known)


def theme_assets(study: Study, theme_id: str) -> gpd.GeoDataFrame:
    """Places that are assets for a theme, with why; candidates and what is closed for now do not count."""
    places = study.places()
    places = places[(places["kind"] != BUS_STOP) & ~places["status"].isin(NOT_OPEN)]
    why = why_it_counts(theme(theme_id), places)
    return places.assign(why=why)[why != ""]


def need_assets(study: Study, params: NeedParams) -> NeedAssets:
    """Needs and assets of a theme.

    Raises
    ------
    InputError
        For an unknown theme, an indicator that is not the theme's, or one without figures for these areas.
    """
    wanted = theme(params.theme_id)
    offered = theme_needs(study, params.theme_id, params.geography)
    if params.need_id and params.need_id not in wanted.needs:
        raise InputError(
            f"{params.need_id!r} does not measure the need of {wanted.label.lower()}; one of these does: "
            f"{', '.join(wanted.needs)}."
        )
    if not offered or (params.need_id and params.need_id not in offered):
        named = ", ".join(study.catalogue[one].label for one in wanted.needs if one in study.catalogue)
        raise InputError(
            f"No figures are loaded for these areas of what measures the need ({wanted.label}): {named}. "
            "Import one of these publications, or choose other areas."
        )
    need = study.catalogue[params.need_id or offered[0]]
    assets = theme_assets(study, params.theme_id)
    points = starting_points(study, params.geography)
    areas = study.areas(params.geography)
    group = _group(study, points, params.geography, areas.index)
    counts, is_spread = _people_in_need(study, need, params.geography, points, group)
    found = None
    if len(assets):
        kinds = tuple(sorted(map(str, assets["kind"].unique())))
        found = access(
            study,
            AccessParams(kinds, params.geography, limits=(params.minutes,)),
            only=tuple(map(str, assets.index)),
        )
    frame = _need_frame(study, need, params.geography)
    frame = frame.join(
        _supply(study, points, counts, group, assets, params.minutes, len(areas)).set_index(areas.index)
    )
    frame = _ranked(frame)
    return NeedAssets(params, wanted, need, need.statistic == "score", assets, found, frame, is_spread)


def assets_concentration(study: Study, found: NeedAssets) -> float:
    """Concentration index of minutes to the nearest asset against deprivation; NaN where not known."""
    return float("nan") if found.access is None else concentration_index(study, found.access)


def catchment_shares(in_need: Floats, within: NDArray[np.bool_]) -> Floats:
    """Assets per person in need at each starting point.

    Parameters
    ----------
    in_need : float (n_points,)
        People in need who start there.
    within : bool (n_points, n_assets)
        Whether an asset is within reach.

    Returns
    -------
    float (n_points,)
        Sum over assets within reach of 1 / people in need within reach of that asset; an asset that nobody
        in need can reach counts for nobody.
    """
    demand = in_need @ within
    share = np.divide(1.0, demand, out=np.zeros_like(demand), where=demand > 0)
    return np.asarray(within @ share, dtype=float)


def _need_frame(study: Study, need: Indicator, geography: str) -> pd.DataFrame:
    areas = study.areas(geography)
    rows = study.profile(geography)
    rows = rows[rows["indicator_id"] == need.id].set_index("area_code").reindex(areas.index)
    suppressed = rows["suppressed"].eq(True)
    value = rows["value"].where(~suppressed).astype(float)
    count = (
        areas["population"].astype(float) if need.statistic == "score" else rows["numerator"].astype(float)
    )
    return pd.DataFrame(
        {
            "area_name": areas["area_name"],
            "need_count": count.where(value.notna()),
            "need_value": value,
            "suppressed": suppressed,
        },
        index=areas.index,
    )


def _group(study: Study, points: StartingPoints, geography: str, codes: pd.Index) -> NDArray[np.int64]:
    """Position of the shown area of each area of the starting points; -1 for none."""
    if points.geography == geography:
        return np.asarray(codes.get_indexer(points.area_codes), dtype=np.int64)
    into = study.fit(points.geography, geography).assignment.reindex(points.area_codes)
    return np.asarray(codes.get_indexer(pd.Index(into)), dtype=np.int64)


def _people_in_need(
    study: Study, need: Indicator, geography: str, points: StartingPoints, group: NDArray[np.int64]
) -> tuple[Floats, bool]:
    """People in need by area of the starting points, NaN where nobody knows; and whether they were spread."""
    if points.geography != geography:
        own = _need_frame(study, need, points.geography)["need_count"].reindex(points.area_codes)
        if own.notna().all():
            return own.to_numpy(dtype=float), False
    shown = _need_frame(study, need, geography)["need_count"].to_numpy(dtype=float)
    if points.geography == geography:
        return shown[group], False
    people = np.nan_to_num(points.population)
    placed = group >= 0
    total = np.bincount(group[placed], people[placed], len(shown))
    counts = np.full(len(people), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        counts[placed] = shown[group[placed]] * people[placed] / total[group[placed]]
    return counts, True


def _supply(
    study: Study,
    points: StartingPoints,
    counts: Floats,
    group: NDArray[np.int64],
    assets: gpd.GeoDataFrame,
    minutes: float,
    n_areas: int,
) -> pd.DataFrame:
    """What is within reach by shown area: n_within, minutes, assets_per_1000."""
    if assets.empty:
        nothing = np.zeros(n_areas)
        return pd.DataFrame(
            {"n_within": nothing, "minutes": np.full(n_areas, np.nan), "assets_per_1000": nothing}
        )
    xy = np.column_stack([assets.geometry.x, assets.geometry.y])
    to_asset = minutes_to_places(study, points.xy, xy, "walk")
    within = to_asset <= minutes
    in_need = np.nan_to_num(counts)[points.row] * points.share
    everybody = np.nan_to_num(points.population)[points.row] * points.share
    at = group[points.row]
    nobody = np.bincount(at[at >= 0], in_need[at >= 0], n_areas) == 0
    weight = np.where(nobody[at], everybody, in_need)  # where none are known, as all residents have it
    placed = at >= 0
    total = np.bincount(at[placed], weight[placed], n_areas)

    def mean(values: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.bincount(at[placed], (weight * values)[placed], n_areas) / total)

    return pd.DataFrame(
        {
            "n_within": mean(within.sum(axis=1).astype(float)),
            "minutes": mean(np.fmin.reduce(to_asset, axis=1)),
            "assets_per_1000": 1_000 * mean(catchment_shares(in_need, within)),
        }
    )


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """With ranks, and whether need is in the top third and assets in the bottom third of the areas known.

    Of equals all are in a third as soon as one is.
    """
    known = frame["need_value"].notna() & frame["assets_per_1000"].notna()
    n = int(known.sum())
    need, assets = frame["need_value"].where(known), frame["assets_per_1000"].where(known)
    high = need.rank(ascending=False, method="min") <= n * THIRD
    few = assets.rank(ascending=True, method="min") <= n * THIRD
    found = frame.assign(
        need_rank=need.rank(ascending=False, method="min"),
        asset_rank=assets.rank(ascending=False, method="min"),
    )
    found["mismatch"] = np.where(~known, NOT_KNOWN, np.where(high & few, MISMATCH, NO_MISMATCH))
    return found
