"""Where journeys begin: the points at which the residents of an area are taken to live.

An area is not a point. Where postcodes are loaded its residents are spread evenly over its postcodes, so that
a long rural area can be partly near a place and partly far from it; else all start at its centre. The mistake
this prevents: an area said to be wholly within 15 minutes because its middle is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.geography import geography as geography_record
from neighbourhoods.study.study import Study

SYNTHETIC = "synthetic"
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StartingPoints:
    """Points of all areas of one kind.

    Parameters
    ----------
    geography : str
        The smallest kind of area whose residents are known.
    area_codes : Index (n_areas,)
    population : float (n_areas,)
        Residents; NaN where nobody knows.
    row : int (n_points,)
        Place of each point's area in `area_codes`.
    share : float (n_points,)
        Of the area's residents who start here; they add up to 1 in each area.
    xy : float (n_points, 2)
        Metres in EPSG:27700.
    how : str
        In words: "population-weighted centroids of LSOAs (2021)".
    """

    geography: str
    area_codes: pd.Index
    population: Floats
    row: Ints
    share: Floats
    xy: Floats
    how: str

    def by_area(self, values: Floats) -> Floats:
        """Mean over an area's residents of a value by point: (n_points,) or (n_points, m) to areas."""
        return np.asarray(self._shares @ values)

    @cached_property
    def _shares(self) -> csr_array:
        """Areas by points: each area's shares."""
        shape = (len(self.area_codes), len(self.row))
        return csr_array((self.share, (self.row, np.arange(len(self.row)))), shape=shape)


def starting_points(study: Study, geography: str) -> StartingPoints:
    """Where journeys of the residents of some kind of area begin.

    Raises
    ------
    MissingDataError
        When no outlines of that geography are loaded.
    """
    base = study.counting_geography(geography)
    if base == SYNTHETIC:  # where real areas are shown, made-up ones say nothing
        base = geography
    return study.kept(("starting_points", base), lambda: _starting_points(study, base))


def _starting_points(study: Study, base: str) -> StartingPoints:
    areas = study.areas(base)
    plural = geography_record(base).plural
    centres = study.centres(base)
    inner = areas.geometry.representative_point()
    xy = np.column_stack([inner.x, inner.y])
    how = f"points inside {plural}"
    if centres is not None:
        known = centres.reindex(areas.index)[["x", "y"]].to_numpy(dtype=float)
        xy = np.where(np.isnan(known), xy, known)
        how = f"population-weighted centroids of {plural}"
    row, share = np.arange(len(areas), dtype=np.int64), np.ones(len(areas))
    postcodes = study.postcodes()
    if postcodes is not None and len(postcodes) > len(areas):
        row, xy = _spread(areas, postcodes, xy)
        share = 1.0 / np.bincount(row, minlength=len(areas))[row]
        how = f"postcodes, over which the residents of each of the {plural} are spread evenly"
    population = areas["population"].to_numpy(dtype=float)
    return StartingPoints(base, areas.index, population, row, share, xy, how)


def _spread(areas: gpd.GeoDataFrame, postcodes: pd.DataFrame, centre: Floats) -> tuple[Ints, Floats]:
    """Postcodes in their areas; the centre of an area without any."""
    xy = postcodes[["x", "y"]].dropna().to_numpy(dtype=float)
    points = shapely.points(xy)
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="within")
    _, first = np.unique(point, return_index=True)  # on a common border: in one of them
    point, area = point[first], area[first]
    bare = np.setdiff1d(np.arange(len(areas)), area)
    row = np.concatenate([area, bare]).astype(np.int64)
    where = np.concatenate([xy[point], centre[bare]])
    order = np.argsort(row, kind="stable")
    return row[order], where[order]
