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
PAIRS = ((0, 1), (0, 2), (0, 3))
TRIPLES = ((0, 1, 2), (0, 1, 3), (0, 2, 3))


def smallest_circle_radius(points: Plane, offsets: IntArray) -> FloatArray:
    """Radius of the smallest circle that holds each group of points.

    Parameters
    ----------
    points : complex (n,)
        x + iy.
    offsets : int (n_groups + 1,)
        Group g is `points[offsets[g]:offsets[g + 1]]`; none is empty.

    Returns
    -------
    float (n_groups,)
        Exact. Each circle is held by two or three of its points; the point that lies farthest outside
        joins them and the circle of those four takes its place, until nothing lies outside. The radius
        grows each time, so this ends (Gartner, ESA 1999, LNCS 1643, pivoting on the farthest point).
    """
    z = points - points.mean()
    far, _ = _farthest(z, offsets, z[offsets[:-1]])
    opposite, _ = _farthest(z, offsets, far)
    held = np.stack([far, opposite, opposite], axis=1)  # three points, repeated where two do
    centre = (far + opposite) / 2
    square = _square(far - centre)
    open_groups = np.arange(len(far))
    for _ in range(MAX_ROUNDS):
        outside, distance = _farthest(z, offsets, centre[open_groups])
        grows = distance > square[open_groups] * (1 + TOLERANCE) + TOLERANCE
        if not grows.any():
            return np.sqrt(square)
        z, offsets = _keep(z, offsets, grows)
        open_groups, outside = open_groups[grows], outside[grows]
        four = np.concatenate([outside[:, None], held[open_groups]], axis=1)
        held[open_groups], centre[open_groups], square[open_groups] = _circle_of_four(four)
    group = np.repeat(np.arange(len(open_groups)), np.diff(offsets))
    lines = shapely.linestrings(np.stack([z.real, z.imag], axis=1), indices=group)
    square[open_groups] = shapely.minimum_bounding_radius(lines) ** 2
    return np.sqrt(square)


def _square(vector: Plane) -> FloatArray:
    return np.asarray(np.square(vector.real) + np.square(vector.imag))


def _farthest(z: Plane, offsets: IntArray, centre: Plane) -> tuple[Plane, FloatArray]:
    """Each group's point farthest from its centre, and the square of that distance."""
    n_points = np.diff(offsets)
    distance = _square(z - np.repeat(centre, n_points))
    most = np.maximum.reduceat(distance, offsets[:-1])
    reached = np.flatnonzero(distance == np.repeat(most, n_points))
    return z[reached[np.searchsorted(reached, offsets[:-1])]], most


def _keep(z: Plane, offsets: IntArray, groups: NDArray[np.bool_]) -> tuple[Plane, IntArray]:
    if groups.all():
        return z, offsets
    n_points = np.diff(offsets)
    return z[np.repeat(groups, n_points)], np.concatenate([[0], np.cumsum(n_points[groups])])


def _circle_of_four(four: Plane) -> tuple[Plane, Plane, FloatArray]:
    """Smallest circle of four points (n, 4) whose first is on it: its points, centre, squared radius."""
    a = four[:, 0]
    centres = [(four[:, i] + four[:, j]) / 2 for i, j in PAIRS]
    supports = [four[:, [i, j, j]] for i, j in PAIRS]
    with np.errstate(divide="ignore", invalid="ignore"):
        for i, j, k in TRIPLES:
            b, c = four[:, j] - a, four[:, k] - a
            middle = (b * _square(c) - c * _square(b)) / (b * c.conj() - b.conj() * c)
            centres.append(a + middle)
            supports.append(four[:, [i, j, k]])
        centre = np.stack(centres, axis=1)  # (n, 6)
        square = _square(centre - a[:, None])
        reach = _square(centre[:, :, None] - four[:, None]).max(axis=2)
        holds_all = reach <= square * (1 + 1e-9)
    best = np.argmin(np.where(holds_all, square, np.inf), axis=1)
    row = np.arange(len(four))
    return np.stack(supports, axis=1)[row, best], centre[row, best], square[row, best]
