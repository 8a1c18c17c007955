"""The points of each arc that a circle round a footprint can touch, on the arc's left side and on its right.

A corner of a footprint's convex hull is a corner of the hull of each of its areas that has that point.
So of an arc that bounds a footprint only corners of the hull of the area behind it matter.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.arc import FloatArray, IntArray, RowArray


def side_hulls(
    points: FloatArray, offsets: IntArray, lines: NDArray[np.object_], sides: tuple[RowArray, RowArray]
) -> tuple[NDArray[np.complex128], IntArray]:
    """What of each arc matters for circles, for each of its two sides.

    Parameters
    ----------
    points : float (n_points, 2); offsets : int (n_arcs + 1,)
        Arc i is `points[offsets[i]:offsets[i + 1]]`.
    lines : LineString (n_arcs,)
        The same arcs.
    sides : two int (n_arcs,)
        Area on the left and on the right of each arc; negative for none.

    Returns
    -------
    complex (n,), int (2 n_arcs + 1,)
        x + iy from the mean of all points: for the left side of each arc, then for the right side of each,
        the corners of the convex hull of the area there that lie on the arc, without the point at which the
        arc ends when it is walked with that area on its left: the next arc begins there. Points stand as
        they are, so that no circle changes.
    """
    n_arcs, n = len(lines), len(points)
    area = np.concatenate(sides)
    borders = np.flatnonzero(area >= 0)
    borders = borders[np.argsort(area[borders], kind="stable")]
    _, group = np.unique(area[borders], return_inverse=True)
    hulls = shapely.convex_hull(shapely.multilinestrings(lines[borders % n_arcs], indices=group))
    corner, hull = shapely.get_coordinates(hulls, return_index=True)

    group_of_side = np.full(2 * n_arcs, -1)
    group_of_side[borders] = group
    known, place = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True)
    at = np.searchsorted(known, corner[:, 0] + 1j * corner[:, 1])
    of_any = np.flatnonzero(np.isin(place, at))
    arc = np.repeat(np.arange(n_arcs), np.diff(offsets))[of_any]
    side = np.concatenate([arc, n_arcs + arc])
    row = np.concatenate([of_any, of_any])
    is_end = np.concatenate([np.isin(of_any, offsets[1:] - 1), np.isin(of_any, offsets[:-1])])
    is_corner = np.isin(group_of_side[side] * n + place[row], hull * n + at)
    kept = is_corner & ~is_end & (group_of_side[side] >= 0)
    xy = points[row[kept]] - points.mean(axis=0)
    n_by_side = np.bincount(side[kept], minlength=2 * n_arcs)
    return xy[:, 0] + 1j * xy[:, 1], np.concatenate([[0], np.cumsum(n_by_side)])
