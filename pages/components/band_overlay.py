"""Bands of minutes round places as lines that a map draws over its areas, each with its minutes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from pages.components.area_map_state import Overlay
from pages.components.overlay import degrees_of

TOLERANCE_M = 6.0


def band_overlay(bands: gpd.GeoDataFrame) -> Overlay:
    """The edges of some bands, and "15 min" at the northern end of each.

    Parameters
    ----------
    bands : GeoDataFrame
        By minutes; polygons in EPSG:27700.
    """
    names: list[tuple[str, float, float]] = []
    lines: list[tuple[float, ...]] = []
    for minutes, whole in bands.geometry.items():
        band = shapely.simplify(whole, TOLERANCE_M)
        rings = shapely.get_parts(shapely.boundary(band))
        merged = shapely.get_parts(shapely.line_merge(rings))
        lines += [degrees_of(shapely.get_coordinates(part)) for part in merged]
        points = shapely.get_coordinates(band)
        if len(points):
            lon, lat = degrees_of(points[[np.argmax(points[:, 1])]])
            names.append((f"{minutes:g} min", lon, lat))
    return Overlay(tuple(names), tuple(lines), fine=True)
