"""From where a place is within reach: the ground that people can come from in so many minutes.

Along streets the ground is a strip to both sides of every stretch of road from which the nearest place is in
reach; in a straight line it is a circle. People are never counted by it, but by their own minutes: a strip
has a width that is a matter of drawing.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from neighbourhoods.study.ground import Ground
from neighbourhoods.travel.access import Access
from neighbourhoods.travel.straight_line import BUS, DETOUR
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import StreetNetwork

STRIP_M = 80.0  # to each side of a road: about the depth of the plots along it
POINT_M = 150.0
HOLE_M2 = 60_000.0  # a block of houses between streets that are all reached
SIMPLE_M = 12.0

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


def reach_bands(study: Ground, found: Access) -> gpd.GeoDataFrame:
    """The ground within each limit of the nearest of the places that count.

    Parameters
    ----------
    found : Access

    Returns
    -------
    GeoDataFrame
        By minutes (the limits, rising): geometry, (multi)polygons in EPSG:27700, each within the next.
    """
    limits = found.params.limits
    xy = np.column_stack([found.places.geometry.x, found.places.geometry.y])
    if found.params.mode == BUS.id:
        bands = [_round_points(found, xy, limit) for limit in limits]
    elif found.is_straight:
        m_per_minute = found.params.speed_km_h * 1_000 / 60 / DETOUR
        bands = [
            shapely.union_all(shapely.buffer(shapely.points(xy), limit * m_per_minute)) for limit in limits
        ]
    else:
        bands = list(_along_streets(study.street_network(found.params.mode), xy, found))
    index = pd.Index([float(limit) for limit in limits], name="minutes")
    return gpd.GeoDataFrame(geometry=bands, index=index, crs="EPSG:27700")


def _round_points(found: Access, places_xy: Floats, limit: float) -> shapely.Geometry:
    """Circles round the starting points that are in reach: by bus the ground lies scattered round stops."""
    near = found.points.xy[found.minutes <= limit]
    shapes = shapely.buffer(shapely.points(np.concatenate([near, places_xy])), POINT_M, quad_segs=4)
    return shapely.union_all(shapes)


def _along_streets(network: StreetNetwork, places_xy: Floats, found: Access) -> Iterator[shapely.Geometry]:
    journeys = StreetJourneys(network, np.zeros((0, 2)), places_xy, found.params.km_h)
    is_far = journeys.places.is_far
    m_per_minute = found.params.speed_km_h * 1_000 / 60 / DETOUR
    apart = shapely.points(places_xy)
    ground: shapely.Geometry = shapely.MultiPolygon()
    drawn: shapely.Geometry = shapely.MultiPolygon()
    whole_before = np.zeros(len(network.edge_m), dtype=bool)
    for limit in found.params.limits:
        parts, whole = reached_parts(network, journeys, limit)
        stretches = np.array([*network.lines[whole & ~whole_before], *parts], dtype=object)
        radius = np.where(is_far, limit * m_per_minute, np.minimum(STRIP_M, limit * m_per_minute))
        strips = shapely.buffer(shapely.simplify(stretches, 5.0), STRIP_M, quad_segs=2)
        ground = shapely.union_all([ground, *strips, *shapely.buffer(apart, radius)])
        drawn = shapely.union(_simple(ground), drawn)  # each within the next, however they are simplified
        whole_before = whole
        yield drawn


def reached_parts(
    network: StreetNetwork, journeys: StreetJourneys, limit: float
) -> tuple[list[shapely.LineString], NDArray[np.bool_]]:
    """Stretches of road from which one of the places is within a limit.

    Returns
    -------
    parts : list of LineString
        Of edges that are reached in part.
    whole : bool (n_edges,)
        Edges that are reached from end to end.
    """
    at_nodes = journeys.minutes_at_nodes()
    minutes = journeys.edge_minutes
    left = np.maximum(limit - at_nodes, 0.0)
    share = np.maximum(minutes, 1e-9)
    near_begin = np.where(network.backward, np.minimum(left[network.edge_from] / share, 1.0), 0.0)
    near_end = np.where(network.forward, np.minimum(left[network.edge_to] / share, 1.0), 0.0)
    whole = near_begin + near_end >= 1.0
    parts = [
        substring(network.lines[edge], low, high, normalized=True)
        for edge, low, high in _intervals(network, journeys, limit, near_begin, near_end, whole)
    ]
    return [part for part in parts if part.length > 0], whole


def _intervals(
    network: StreetNetwork,
    journeys: StreetJourneys,
    limit: float,
    near_begin: Floats,
    near_end: Floats,
    whole: NDArray[np.bool_],
) -> Iterator[tuple[int, float, float]]:
    """Edge, and the shares of its length between which a place is in reach: at its ends, round places."""
    for edge in np.flatnonzero(~whole & (near_begin > 0)):
        yield int(edge), 0.0, float(near_begin[edge])
    for edge in np.flatnonzero(~whole & (near_end > 0)):
        yield int(edge), float(1 - near_end[edge]), 1.0
    places, left = journeys.places, limit - journeys.minutes_to_road
    for place in np.flatnonzero(~places.is_far & (left > 0) & ~whole[places.edge]):
        on, along = int(places.edge[place]), float(places.along[place])
        reach = float(left[place] / max(journeys.edge_minutes[on], 1e-9))
        before = reach if network.forward[on] else 0.0  # whoever drives forward comes from before it
        after = reach if network.backward[on] else 0.0
        yield on, max(along - before, 0.0), min(along + after, 1.0)


def _simple(shape: shapely.Geometry) -> shapely.Geometry:
    """With fewer points, and without holes the size of a block."""
    polygons = []
    for polygon in shapely.get_parts(shapely.simplify(shape, SIMPLE_M)):
        holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= HOLE_M2]
        polygons.append(shapely.Polygon(polygon.exterior, holes))
    return shapely.union_all(shapely.make_valid(np.array(polygons, dtype=object)))
