"""Who lives in small areas that reach over a line between footprints.

The mistake this prevents: a figure for a footprint that looks exact although some of its people were counted
next door, because their small area lies across the line.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.straddle import SLIVER_SHARE, postcode_counts, shares_by_outline

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def touching(
    geography: str, from_areas: gpd.GeoDataFrame, to_areas: gpd.GeoDataFrame, postcodes: pd.DataFrame | None
) -> Flags:
    """Whether each small area reaches into each area of `geography` (to-areas x from-areas).

    By postcodes where they are loaded, else by outlines.
    """
    if postcodes is None or postcodes.empty:
        return np.asarray((shares_by_outline(from_areas, to_areas) > SLIVER_SHARE).toarray(), dtype=np.bool_)
    counts = postcode_counts(geography, postcodes, from_areas, to_areas)
    return np.asarray((counts > 0).toarray(), dtype=np.bool_)


def people_across(
    touches: Flags, footprint_index: NDArray[np.intp], n_footprints: int, people: Floats
) -> tuple[Floats, Floats, Flags]:
    """People near each footprint's line.

    Parameters
    ----------
    touches : ndarray of bool (to-areas, from-areas)
        As `touching` gives it.
    footprint_index : ndarray of int (to-areas,)
        Number of each to-area's footprint; -1 where unassigned.
    n_footprints : int
    people : ndarray (from-areas,)

    Returns
    -------
    all_people, over : ndarray (footprints,)
        People in all small areas that reach into a footprint, wherever they are counted, and of them those
        in areas that reach into another too.
    crosses : ndarray of bool (from-areas,)
    """
    reaches = np.zeros((n_footprints, touches.shape[1]), dtype=bool)
    placed = np.flatnonzero(footprint_index >= 0)
    np.logical_or.at(reaches, footprint_index[placed], touches[placed])
    crosses = reaches.sum(axis=0) > 1
    return reaches @ people, reaches @ np.where(crosses, people, 0.0), crosses
