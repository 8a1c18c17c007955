"""Who lives in small areas that reach over a line between footprints.

The mistake this prevents: a figure for a footprint that looks exact although some of its people were counted
next door, because their small area lies across the line.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.straddle import SLIVER_SHARE, postcode_counts, shares_by_outline

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def touching(
    geography: str, from_areas: gpd.GeoDataFrame, to_areas: gpd.GeoDataFrame, postcodes: pd.DataFrame | None
) -> csr_array:
    """Whether each small area reaches into each area of `geography` (to-areas x from-areas).

    By postcodes where they are loaded, else by outlines.
    """
    if postcodes is None or postcodes.empty:
        return csr_array(shares_by_outline(from_areas, to_areas) > SLIVER_SHARE)
    return csr_array(postcode_counts(geography, postcodes, from_areas, to_areas) > 0)


def people_across(
    touches: csr_array, footprint_index: NDArray[np.intp], n_footprints: int, people: Floats
) -> tuple[Floats, Floats, Flags]:
    """People near each footprint's line.

    Parameters
    ----------
    touches : csr_array of bool (to-areas, from-areas)
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
    placed = np.flatnonzero(footprint_index >= 0)
    shape = (n_footprints, touches.shape[0])
    members = csr_array((np.ones(len(placed)), (footprint_index[placed], placed)), shape=shape)
    reaches = np.asarray((members @ touches.astype(np.float64) > 0).toarray(), dtype=np.bool_)
    crosses = reaches.sum(axis=0) > 1
    people_in, over = (reaches.astype(np.float64) @ p for p in (people, np.where(crosses, people, 0.0)))
    return people_in, over, crosses
