"""The points of each arc that a circle round it can touch: its ends, and the corners of its convex hull."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.arc import FloatArray, IntArray

LEAST_POINTS = 4  # a hull leaves out none of three


def arc_hulls(
    points: FloatArray, offsets: IntArray, lines: NDArray[np.object_]
) -> tuple[NDArray[np.complex128], IntArray]:
    """What of each arc matters for circles.

    Parameters
    ----------
    points : float (n_points, 2); offsets : int (n_arcs + 1,)
        Arc i is `points[offsets[i]:offsets[i + 1]]`.
    lines : LineString (n_arcs,)
        The same arcs.

    Returns
    -------
    complex (n,), int (n_arcs + 1,)
        x + iy from the mean of all points: an arc's first point, corners of its hull in any order, its last
        point. The hull's corners are points of the arc as they stand, so that no circle changes.
    """
    first, last = offsets[:-1], offsets[1:] - 1
    is_long = np.diff(offsets) >= LEAST_POINTS
    owner = np.repeat(np.arange(len(first)), np.diff(offsets))
    inner = np.ones(len(points), dtype=bool)
    inner[first] = inner[last] = False
    short = np.flatnonzero(inner & ~is_long[owner])

    hulls = shapely.convex_hull(lines[is_long])
    corner, hull = shapely.get_coordinates(hulls, return_index=True)
    arc = np.flatnonzero(is_long)[hull]
    is_end = (corner == points[first[arc]]).all(axis=1) | (corner == points[last[arc]]).all(axis=1)
    repeats = shapely.get_type_id(hulls)[hull] == shapely.GeometryType.POLYGON
    repeats[:-1] &= hull[1:] != hull[:-1]  # a ring ends where it began
    corner, arc = corner[~is_end & ~repeats], arc[~is_end & ~repeats]

    every_arc = np.arange(len(first))
    arc_of = np.concatenate([every_arc, owner[short], arc, every_arc])
    order = np.argsort(arc_of, kind="stable")
    xy = np.concatenate([points[first], points[short], corner, points[last]])[order] - points.mean(axis=0)
    return xy[:, 0] + 1j * xy[:, 1], np.concatenate([[0], np.cumsum(np.bincount(arc_of))])
