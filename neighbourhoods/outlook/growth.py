"""Residents in years to come: today's residents plus the people of the homes that will have been built.

Nothing else changes: no births, deaths, moves or smaller households, so this is no projection. It answers one
question, whether footprints that are even today stay so when the sites are built. The mistake this prevents:
a forecast that nobody made, taken for one.
"""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.errors import MissingDataError
from geodata.layouts.development_site import EDGE_M
from neighbourhoods.measure.violation import names_in_words

HORIZONS = (0, 5, 10, 15)
MEANING = "today's residents plus the people of new homes; births, deaths and moves are left out"
_YEAR = re.compile(r"(?:19|20)\d\d")


def base_year_of(period: str) -> int:
    """The year that population figures are of: 2021 for "2021", 2024 for "mid-2024".

    Raises
    ------
    MissingDataError
        When the period names no year.
    """
    years = _YEAR.findall(period)
    if not years:
        raise MissingDataError(
            f"The population figures name no year (“{period}”), so that homes cannot be counted from it. "
            "Import a population table with its year."
        )
    return int(years[-1])


def year_columns(sites: pd.DataFrame) -> dict[str, int]:
    """Columns of homes by year, and the year of each."""
    return {str(c): int(str(c)) for c in sites.columns if str(c).isdecimal()}


def homes_built(sites: pd.DataFrame, base_year: int, years: int) -> pd.Series:
    """Homes of each site that are built after the base year and by so many years later.

    Homes of the base year and before are taken to be lived in already: their people are today's residents.
    """
    wanted = [c for c, year in year_columns(sites).items() if base_year < year <= base_year + years]
    return sites[wanted].sum(axis=1).rename("homes")


def people_to_come(sites: pd.DataFrame, base_year: int, years: int, people_per_home: float) -> pd.Series:
    """People who will live in those homes, by site.

    Parameters
    ----------
    people_per_home : float
        For sites that leave it open; NaN where nothing says.

    Raises
    ------
    MissingDataError
        Names the sites that leave it open when nothing says.
    """
    homes = homes_built(sites, base_year, years)
    size = sites["people_per_home"].fillna(people_per_home)
    open_sites = sites.index[size.isna()]
    if len(open_sites):
        names = sites.loc[open_sites, "site_name"].astype(str).tolist()
        raise MissingDataError(
            f"People per home are not given for {names_in_words(names)}, and no census table of households "
            "is loaded to take the authority's average from. Fill them in, or import Census table TS041, "
            "TS017 or TS054."
        )
    return (homes * size).rename("people")


def area_of_sites(sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.Series:
    """Area code of each site: the area that it lies in, else the nearest within 50 m; None beyond.

    On a border the first area in order has it.
    """
    points, outlines = sites.geometry.to_numpy(), areas.geometry.to_numpy()
    tree = shapely.STRtree(outlines)
    place = np.full(len(points), len(outlines), dtype=np.int64)
    point, area = tree.query(points, predicate="intersects")
    np.minimum.at(place, point, area)
    lost = np.flatnonzero(place == len(outlines))
    if len(lost):
        near = tree.query_nearest(points[lost], max_distance=EDGE_M, all_matches=False)
        place[lost[near[0]]] = near[1]
    codes = [*map(str, areas.index), None]
    return pd.Series([codes[i] for i in place], index=sites.index, dtype=object, name="area_code")


def people_added(people_by_site: pd.Series, area_by_site: pd.Series, area_codes: pd.Index) -> pd.Series:
    """People who come to each area; nought where nothing is built. Sites in no area are not counted."""
    placed = area_by_site.notna()
    summed = people_by_site[placed].groupby(area_by_site[placed].astype(str)).sum()
    return summed.reindex(area_codes, fill_value=0.0).astype(float)
