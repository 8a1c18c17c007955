"""Which areas lie across a line, by the postcodes in them or by their outlines."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

SLIVER_SHARE = 0.01  # generalised outlines of two sources never agree better than this


def containing(points: NDArray[np.object_], areas: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Row of the area that holds each point; -1 for none; the first where a point lies on a border."""
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    place = np.full(len(points), len(areas), dtype=np.int64)
    np.minimum.at(place, point, area)
    return np.where(place == len(areas), -1, place)


def postcode_counts(
    to_geography: str, postcodes: pd.DataFrame, from_areas: gpd.GeoDataFrame, to_areas: gpd.GeoDataFrame
) -> csr_array:
    """Number of postcodes in each pair of areas (to-areas x from-areas).

    Wards are taken from the ward code that Code-Point Open gives each postcode where those codes are the
    wards in use; everything else from the point. Postcodes that lie in neither are not counted.
    """
    points = shapely.points(postcodes[["x", "y"]].to_numpy(dtype=float))
    column = containing(points, from_areas)
    row = np.full(len(points), -1, dtype=np.int64)
    if to_geography == "ward":
        row = to_areas.index.get_indexer(pd.Index(postcodes["ward_code"].astype(str)))
    if not (row >= 0).any():
        row = containing(points, to_areas)
    known = (row >= 0) & (column >= 0)
    shape = (len(to_areas), len(from_areas))
    return csr_array((np.ones(int(known.sum())), (row[known], column[known])), shape=shape)


def postcode_agreement(
    count: csr_array, assigned_row: NDArray[np.int64]
) -> tuple[float, NDArray[np.float64]]:
    """How well a best fit places postcodes.

    Parameters
    ----------
    count : csr_array (n_to, n_from)
        As `postcode_counts` gives it.
    assigned_row : int (n_from,)
        The to-area each from-area is given to; -1 for none.

    Returns
    -------
    (float, float (n_to,))
        Share of all postcodes that end in the to-area they lie in, and the same for each to-area's own.
    """
    cells = count.tocoo()
    right = np.where(assigned_row[cells.col] == cells.row, cells.data, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_area = (
            np.bincount(cells.row, right, minlength=count.shape[0]) / np.asarray(count.sum(axis=1)).ravel()
        )
    return float(right.sum() / cells.data.sum()), by_area


def shares_by_outline(from_areas: gpd.GeoDataFrame, to_areas: gpd.GeoDataFrame) -> csr_array:
    """Share of each from-area's land in each to-area (to-areas x from-areas)."""
    small, large = from_areas.geometry.to_numpy(), to_areas.geometry.to_numpy()
    column, row = shapely.STRtree(large).query(small, predicate="intersects")
    share = shapely.area(shapely.intersection(small[column], large[row])) / shapely.area(small)[column]
    return csr_array((share, (row, column)), shape=(len(large), len(small)))
