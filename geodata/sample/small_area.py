"""Synthetic small areas: wards cut into parts of like size, for trying what finer areas allow.

They are made up. Only the sums are real: the parts of a ward cover it exactly and hold its residents
exactly, so a footprint of whole wards has the same residents whichever areas it is drawn from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Outlines = NDArray[np.object_]

_ROUNDS = 12
# The plastic number's powers: the steps of the R2 sequence, which fills a square evenly.
_R2 = np.array([0.7548776662466927, 0.5698402909980532])


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to `weights` that add up to `total` (largest remainders).

    Of equal remainders the earlier is rounded up. Weights are positive.
    """
    exact = np.asarray(weights, dtype=float) * total / float(np.sum(weights))
    parts = np.floor(exact).astype(int)
    by_remainder = np.argsort(parts - exact, kind="stable")
    parts[by_remainder[: total - int(parts.sum())]] += 1
    return [int(part) for part in parts]


def split_residents(total: int, n_parts: int) -> list[int]:
    """Residents of each part of a ward: in proportion 9 : 10 : 11 in turn, adding up exactly."""
    return share_out(total, [9 + k % 3 for k in range(n_parts)])


def split_outline(outline: shapely.Polygon, n_parts: int) -> Outlines:
    """Cut an outline into parts of like size.

    Points of the R2 sequence are moved to the middle of their Voronoi cells twelve times (Lloyd's
    algorithm); the parts are their cells inside the outline, from north-west to south-east.

    Returns
    -------
    (n_parts,) array of Polygon or MultiPolygon
        They cover the outline without overlap.
    """
    if n_parts == 1:
        return np.array([outline])
    points = _even_points(outline, n_parts)
    for _ in range(_ROUNDS):
        points = shapely.centroid(_cells(points, outline))
    parts = _cells(points, outline)
    order = np.lexsort((shapely.get_x(points), -shapely.get_y(points).round(-3)))
    return np.asarray(parts[order])


def _cells(points: Outlines, outline: shapely.Polygon) -> Outlines:
    """The Voronoi cell of each point inside the outline, in the points' order."""
    cells = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline, ordered=True)
    return np.asarray(shapely.intersection(shapely.get_parts(cells), outline))


def _even_points(outline: shapely.Polygon, n_points: int) -> Outlines:
    """The first points of the R2 sequence over the bounding box that lie inside the outline."""
    low, high = np.array(outline.bounds[:2]), np.array(outline.bounds[2:])
    steps = np.arange(1, 50 * n_points + 1)[:, None]
    candidates = shapely.points(low + (0.5 + steps * _R2) % 1 * (high - low))
    return np.asarray(candidates[shapely.contains(outline, candidates)][:n_points])
