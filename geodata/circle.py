"""The smallest circle round each of many groups of points, all groups at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.arc import FloatArray, IntArray

Plane: TypeAlias = NDArray[np.complex128]  # x + iy: a point in one number

MAX_ROUNDS = 60
TOLERANCE = 1e-12  # of the squared radius
ROUNDING = 1e-9
# Of the first of four points and three more: who holds each circle that can be drawn through two or three.
HOLDERS = np.array([(0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 1, 2), (0, 2, 3), (0, 3, 1)])
NEXT = np.array([1, 2, 0])  # of three points, the other one in each of the last three circles


def smallest_circle_radius(points: Plane, offsets: IntArray) -> FloatArray:
    """Radius of the smallest circle that holds each group of points.

    Parameters
    ----------
    points : complex (n,)
        x + iy, from an origin in their midst.
    offsets : int (n_groups + 1,)
        Group g is `points[offsets[g]:offsets[g + 1]]`; none is empty.

    Returns
    -------
    float (n_groups,)
        Exact. Each circle is held by two or three of its points; the point that lies farthest outside
        joins them and the circle of those four takes its place, until nothing lies outside. The radius
        grows each time, so this ends (Gartner, ESA 1999, LNCS 1643, pivoting on the farthest point).
    """
    z, n_points = points, np.diff(offsets)
    middle = np.asarray(np.add.reduceat(z, offsets[:-1]) / n_points, dtype=np.complex128)
    far = _first_at(z, offsets, n_points, *_distance(z, offsets, n_points, middle))
    opposite = _first_at(z, offsets, n_points, *_distance(z, offsets, n_points, far))
    held = np.stack([far, opposite, opposite], axis=1)  # three points, repeated where two do
    centre = (far + opposite) / 2
    square = _square(far - centre)
    open_groups = np.arange(len(far))
    for _ in range(MAX_ROUNDS):
        distance, most = _distance(z, offsets, n_points, centre[open_groups])
        now = square[open_groups]
        grows = most > now * (1 + TOLERANCE) + TOLERANCE
        if not grows.any():
            return np.sqrt(square)
        outside = _first_at(z, offsets, n_points, distance, most)[grows]
        inner = np.repeat(np.where(grows, _inner_square(now, most), np.inf), n_points)
        stays = np.flatnonzero(distance >= inner)
        bounds = stays.searchsorted(offsets)
        z, n_points = z[stays], np.diff(bounds)[grows]
        offsets = bounds[np.append(grows, True)]  # of a group that is closed nothing stays
        open_groups = open_groups[grows]
        four = np.concatenate([outside[:, None], held[open_groups]], axis=1)
        held[open_groups], centre[open_groups], square[open_groups] = _circle_of_four(four)
    group = np.repeat(np.arange(len(open_groups)), n_points)
    lines = shapely.linestrings(np.stack([z.real, z.imag], axis=1), indices=group)
    square[open_groups] = shapely.minimum_bounding_radius(lines) ** 2
    return np.sqrt(square)


def _square(vector: Plane) -> FloatArray:
    return np.asarray(np.square(vector.real) + np.square(vector.imag))


def _distance(
    z: Plane, offsets: IntArray, n_points: IntArray, centre: Plane
) -> tuple[FloatArray, FloatArray]:
    """Square of each point's distance from its group's centre, and the largest in each group."""
    distance = _square(z - np.repeat(centre, n_points))
    return distance, np.maximum.reduceat(distance, offsets[:-1])


def _first_at(
    z: Plane, offsets: IntArray, n_points: IntArray, distance: FloatArray, sought: FloatArray
) -> Plane:
    """Each group's first point at the distance that is sought."""
    reached = np.flatnonzero(distance == np.repeat(sought, n_points))
    return z[reached[reached.searchsorted(offsets[:-1])]]


def _inner_square(square: FloatArray, most: FloatArray) -> FloatArray:
    """Square of the distance from the present centre within which no point can hold the final circle.

    The final circle is no smaller than the present one, of radius r; and when the farthest point is at D
    from the present centre, the final centre is within sqrt(D^2 - r^2) of it, since on any side of its
    centre the smallest circle meets a point. So what is nearer than r - sqrt(D^2 - r^2) is inside for good.
    """
    inner = np.sqrt(square) - np.sqrt(np.maximum(most - square, 0.0))
    return np.asarray(np.square(np.maximum(inner, 0.0) * (1 - ROUNDING)))


def _circle_of_four(four: Plane) -> tuple[Plane, Plane, FloatArray]:
    """Smallest circle of four points (n, 4) whose first is on it: its points, centre, squared radius."""
    b = (four[:, 1:] - four[:, :1]).T.copy()  # from the first point, which lies on every circle tried: (3, n)
    bb = _square(b)
    c, cc = b[NEXT], bb[NEXT]
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        turn = 1j * (0.5 / (b.conj() * c).imag)
        # centres: halfway to a point, or as far from two points as from the first
        to = np.concatenate([b / 2, (b * cc - c * bb) * turn])
        square = _square(to)  # (6, n)
        # |centre - point|^2 - |centre|^2 = |point|^2 - 2 centre . point: above nought lies outside
        beyond = bb - 2 * (to[:, None] * b.conj()).real
        holds_all = beyond.max(axis=1) <= square * ROUNDING
    best = np.where(holds_all, square, np.inf).argmin(axis=0)
    row = np.arange(len(four))
    return four[row[:, None], HOLDERS[best]], four[:, 0] + to[best, row], square[best, row]
