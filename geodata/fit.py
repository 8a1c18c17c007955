"""The best honest way to carry figures from one kind of area to another, with what is in the workspace.

In this order: areas that nest, the published lookup, a chain of two lookups over another vintage,
population-weighted centroids, inner points. Postcodes are used when asked for. Figures of large areas
go to smaller ones only when "modelled" is asked for. Two vintages are never joined by their codes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geodata.errors import MissingDataError
from geodata.fit_method import (
    chain,
    columns_for,
    fit_by_centroid,
    fit_by_lookup,
    fit_by_postcodes,
    fit_exact,
    fit_modelled,
    fit_parts_by_population,
)
from geodata.geography import GEOGRAPHIES, geography
from geodata.membership import Fit, Method, vintage_error
from geodata.straddle import SLIVER_SHARE, postcode_counts, shares_by_outline

__all__ = [
    "Fit",
    "FitSource",
    "Method",
    "chain",
    "choose_fit",
    "columns_for",
    "fit_by_centroid",
    "fit_by_lookup",
    "fit_by_postcodes",
    "fit_exact",
    "fit_modelled",
    "fit_parts_by_population",
]

SIZE_ORDER = ("oa", "lsoa", "synthetic", "msoa", "ward", "lad")
NESTED_SHARE = 0.9
NESTS = {("oa", "lsoa"), ("oa", "msoa"), ("lsoa", "msoa")}


class FitSource(Protocol):
    """What is needed of a store."""

    def settings(self) -> dict[str, str]: ...
    def areas(self, geography: str) -> gpd.GeoDataFrame | None: ...
    def lookup(self, from_geography: str, to_geography: str) -> pd.DataFrame | None: ...
    def centroids(self, geography: str) -> pd.DataFrame | None: ...
    def postcodes(self) -> pd.DataFrame | None: ...


def choose_fit(
    store: FitSource,
    from_geography: str,
    to_geography: str,
    *,
    prefer: Method | None = None,
    modelled: bool = False,
    population_by_area: pd.Series | None = None,
) -> Fit:
    """The fit to use between two geographies of a workspace.

    Parameters
    ----------
    prefer : str, optional
        "by postcode" or "best fit by centroid" in place of the published lookup, where the data are there.
    modelled : bool
        Allow figures of large areas to be spread over smaller ones by population.
    population_by_area : pd.Series, optional
        People in each from-area, for the share near the line; by default what the store's areas say.

    Raises
    ------
    VintageError
        When the two are vintages of one geography, or their codes differ, and no lookup joins them.
    MissingDataError
        When boundaries or populations are missing, or only a modelled fit is possible and not asked for.
    """
    codes = _codes(store, from_geography)
    if from_geography == to_geography:
        return fit_exact(from_geography, to_geography, pd.Series(codes, index=codes))
    if to_geography == "lad":
        authority = store.settings().get("authority_code", "")
        if not authority:
            raise MissingDataError("The workspace has no authority yet: import boundaries first.")
        return fit_exact(from_geography, to_geography, pd.Series(authority, index=codes))
    same_kind = _kind(from_geography) == _kind(to_geography)
    if same_kind and _vintage(from_geography) != _vintage(to_geography):
        fit = _between_vintages(store, from_geography, to_geography, codes)
        target = store.areas(to_geography) if modelled else None
        return fit if target is None else fit_parts_by_population(fit, target["population"])
    if _is_coarser(from_geography, to_geography):
        return _spread(store, from_geography, to_geography, modelled)
    fit, touches = _upwards(store, from_geography, to_geography, codes, prefer)
    from_areas = store.areas(from_geography)
    if touches is None or from_areas is None:
        return fit
    people = from_areas["population"] if population_by_area is None else population_by_area
    return fit.with_straddling(touches, from_areas.index, people)


def _upwards(
    store: FitSource, small: str, large: str, codes: pd.Index, prefer: Method | None
) -> tuple[Fit, csr_array | None]:
    """The fit, and which from-areas reach into which to-areas where that is still to be weighed."""
    from_areas, to_areas = store.areas(small), store.areas(large)
    lookup = store.lookup(small, large)
    if to_areas is None:
        if lookup is None:
            raise MissingDataError(f"There are no boundaries of {geography(large).plural}: import them.")
        to_codes = pd.Index(sorted(set(lookup["to_code"])))
        return fit_by_lookup(small, large, lookup, from_codes=codes, to_codes=to_codes), None
    if from_areas is not None and _nest(small, large):
        nested = _nested(small, large, from_areas, to_areas)
        if nested is not None:
            return nested, None
    postcodes = store.postcodes()
    fit: Fit | None = None
    if prefer == "by postcode" and postcodes is not None and from_areas is not None:
        fit = fit_by_postcodes(small, large, postcodes, from_areas, to_areas)
    elif prefer != "best fit by centroid":
        fit = _published(store, small, large, codes, to_areas.index)
    if fit is None:
        fit = _by_points(store, small, large, to_areas)
    if from_areas is None:
        return fit, None
    if postcodes is None or postcodes.empty:
        return fit, shares_by_outline(from_areas, to_areas) > SLIVER_SHARE
    return fit, postcode_counts(large, postcodes, from_areas, to_areas) > 0


def _published(store: FitSource, small: str, large: str, codes: pd.Index, to_codes: pd.Index) -> Fit | None:
    """By the published lookup, or by two over another vintage of the small areas; None without them."""
    lookup = store.lookup(small, large)
    if lookup is not None and lookup["to_code"].isin(to_codes).any():
        return fit_by_lookup(small, large, lookup, from_codes=codes, to_codes=to_codes)
    for year in ("21", "11"):
        middle = f"{_kind(small)}{year}"
        onward = store.lookup(middle, large)
        if middle == small or onward is None or not onward["to_code"].isin(to_codes).any():
            continue
        between = pd.Index(sorted(set(onward["from_code"])))
        first = _between_vintages(store, small, middle, codes, between)
        return chain(first, fit_by_lookup(middle, large, onward, from_codes=between, to_codes=to_codes))
    return None


def _by_points(store: FitSource, small: str, large: str, to_areas: gpd.GeoDataFrame) -> Fit:
    centroids = store.centroids(small)
    if centroids is not None:
        return fit_by_centroid(small, large, centroids, to_areas)
    from_areas = store.areas(small)
    if from_areas is None:
        raise vintage_error(small, large, "neither a lookup, nor centroids, nor boundaries are loaded")
    inner = from_areas.geometry.representative_point()
    points = pd.DataFrame({"x": inner.x, "y": inner.y}, index=from_areas.index)
    note = "by a point inside each area: population-weighted centroids are not loaded"
    return replace(fit_by_centroid(small, large, points, to_areas), notes=(note,))


def _nested(small: str, large: str, from_areas: gpd.GeoDataFrame, to_areas: gpd.GeoDataFrame) -> Fit | None:
    """An exact fit when every from-area has nine tenths of its land in one to-area; otherwise None.

    Census areas nest by definition; what is missing is the difference of two generalised outlines.
    """
    share = shares_by_outline(from_areas, to_areas).tocsc()
    if np.asarray(share.max(axis=0).todense()).min() < NESTED_SHARE:
        return None
    row = np.asarray(share.argmax(axis=0)).ravel()
    return fit_exact(small, large, pd.Series(to_areas.index[row].to_numpy(), index=from_areas.index))


def _between_vintages(
    store: FitSource, one: str, other: str, codes: pd.Index, to_codes: pd.Index | None = None
) -> Fit:
    lookup = store.lookup(one, other)
    if lookup is None:
        back = store.lookup(other, one)
        if back is None:
            raise vintage_error(one, other, "they are two vintages and no lookup between them is loaded")
        lookup = back.rename(columns={"from_code": "to_code", "to_code": "from_code"})
        lookup["weight"] = 1.0 / lookup.groupby("from_code")["to_code"].transform("size")
    if to_codes is None:
        areas = store.areas(other)
        to_codes = pd.Index(sorted(set(lookup["to_code"]))) if areas is None else areas.index
    return fit_by_lookup(one, other, lookup, from_codes=codes, to_codes=to_codes)


def _spread(store: FitSource, coarse: str, fine: str, modelled: bool) -> Fit:
    if not modelled:
        raise MissingDataError(
            f"These figures are published for {geography(coarse).plural} only; for "
            f"{geography(fine).plural} they could only be modelled."
        )
    vintages = (fine, "lsoa21", "lsoa11", "synthetic", "oa21", "oa11")
    for small in dict.fromkeys(vintages):
        areas = store.areas(small)
        if areas is None or _is_coarser(small, fine) or not _is_coarser(coarse, small):
            continue
        if areas["population"].isna().all():
            continue
        onward = None if small == fine else choose_fit(store, small, fine)
        return fit_modelled(choose_fit(store, small, coarse), areas["population"], onward)
    raise MissingDataError(
        f"To model figures of {geography(coarse).plural}, boundaries and populations of smaller areas are "
        "needed: import LSOA boundaries and a census table."
    )


def _codes(store: FitSource, geography_id: str) -> pd.Index:
    for frame in (store.areas(geography_id), store.centroids(geography_id)):
        if frame is not None:
            codes: pd.Index = pd.Index(frame.index)
            return codes
    for other in GEOGRAPHIES:
        lookup = store.lookup(geography_id, other)
        if lookup is not None:
            known: pd.Index = pd.Index(sorted(set(lookup["from_code"])))
            return known
    raise MissingDataError(f"There are no boundaries of {geography(geography_id).plural}: import them.")


def _nest(small: str, large: str) -> bool:
    return (_kind(small), _kind(large)) in NESTS and _vintage(small) == _vintage(large)


def _kind(geography_id: str) -> str:
    return geography_id.rstrip("0123456789")


def _vintage(geography_id: str) -> str:
    return geography_id.removeprefix(_kind(geography_id))


def _is_coarser(one: str, other: str) -> bool:
    """Are areas of `one` too large to be placed in areas of `other` as wholes?"""
    order = SIZE_ORDER.index
    a, b = order(_kind(one)), order(_kind(other))
    return a > b or (_kind(one), _kind(other)) == ("msoa", "ward")
