"""Outlines of somebody else's areas as lines that a map draws over ours."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from pages.components.area_map_state import Overlay

TOLERANCE_M = 20.0
DECIMALS = 5
_TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)


def overlay_of(outlines: gpd.GeoDataFrame) -> Overlay:
    """The lines of some outlines, each border once, and their names, the largest first.

    Parameters
    ----------
    outlines : GeoDataFrame
        Index of names; polygons in EPSG:27700. Points that change a line by less than 20 m are left out.
    """
    shapes = outlines.geometry.to_numpy()
    fits = shapely.coverage_is_valid(shapes)
    simple = shapely.coverage_simplify(shapes, TOLERANCE_M) if fits else shapely.simplify(shapes, TOLERANCE_M)
    merged = shapely.line_merge(shapely.union_all(shapely.boundary(simple)))
    lines = tuple(degrees_of(shapely.get_coordinates(line)) for line in shapely.get_parts(merged))
    largest = np.argsort(-shapely.area(shapes), kind="stable")
    points = degrees_of(shapely.get_coordinates(shapely.point_on_surface(shapes[largest])))
    names = [str(outlines.index[i]) for i in largest]
    return Overlay(tuple(zip(names, points[::2], points[1::2], strict=True)), lines)


def degrees_of(points: np.ndarray) -> tuple[float, ...]:
    """Longitude, latitude, longitude, … of points (n, 2) in EPSG:27700."""
    lon, lat = _TO_DEGREES.transform(points[:, 0], points[:, 1])
    return tuple(np.round(np.column_stack([lon, lat]), DECIMALS).ravel().tolist())
