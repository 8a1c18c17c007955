"""Illustrative outlines: a power diagram of known points, never a tracing of anybody's boundary.

Each ward holds one or more points (its centre, its settlements) and one weight; a place on the map
belongs to the ward whose point is nearest after the weight is taken off the squared distance. The
weights are found so that every ward has the size it has in fact, so densities are right although
the lines are not. The mistake this prevents: a drawn line that looks official and is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import ConvexHull
from shapely.affinity import scale

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Outlines = NDArray[np.object_]

AREA_TOLERANCE = 0.001
_SMOOTHING_M = 2_000.0
_SIMPLIFICATION_M = 20.0
_FAR_M = 100_000.0
_OUTSIDE = -1


@dataclass(frozen=True)
class _Cell:
    """A convex cell: corners in order, and for each side (corner k to k + 1) the site beyond it."""

    corners: Floats
    beyond: Ints


def authority_outline(points: Floats, owner: Ints, area_m2: Floats) -> shapely.Polygon:
    """A smooth outline around the points with the authority's true size.

    Each point is the middle of a disc; the discs of one owner have the owner's size together. Their
    union is closed over gaps up to 4 km wide (the hull is taken where that leaves it in pieces), its
    holes are filled, and it is scaled to the sum of `area_m2`.

    Parameters
    ----------
    points : (n, 2) array
        Metres, EPSG:27700.
    owner : (n,) array
        Row number in `area_m2` of the ward each point belongs to.
    area_m2 : (m,) array
    """
    radius_m = np.sqrt(area_m2[owner] / np.bincount(owner)[owner] / np.pi)
    discs = shapely.union_all(shapely.buffer(shapely.points(points), radius_m))
    closed = shapely.buffer(shapely.buffer(discs, _SMOOTHING_M), -_SMOOTHING_M)
    whole = closed if closed.geom_type == "Polygon" else closed.convex_hull
    filled = shapely.simplify(shapely.Polygon(whole.exterior), _SIMPLIFICATION_M)
    factor = float(np.sqrt(area_m2.sum() / filled.area))
    return scale(filled, factor, factor)


def power_diagram(points: Floats, weights_m2: Floats) -> list[_Cell]:
    """The power (weighted Voronoi) cell of each point, cut off 100 km beyond the points.

    Neighbours come from the lower convex hull of the points lifted to height |p|^2 - w; each cell is
    the intersection of the half-planes that face its neighbours. See F. Aurenhammer, "Power diagrams:
    properties, algorithms and applications", SIAM Journal on Computing 16 (1987).

    Parameters
    ----------
    points : (n, 2) array
        Metres.
    weights_m2 : (n,) array
        A larger weight gives a larger cell.

    Returns
    -------
    list of n cells
        A point that is overwhelmed by its neighbours has a cell without corners.
    """
    centred = points - points.mean(axis=0)
    height = (centred**2).sum(axis=1) - weights_m2
    low, high = centred.min(axis=0) - _FAR_M, centred.max(axis=0) + _FAR_M
    frame = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    cells = []
    for site, neighbours in enumerate(_lower_hull_neighbours(centred, height)):
        corners, beyond = frame, np.full(4, _OUTSIDE)
        for other in neighbours:
            normal = 2 * (centred[other] - centred[site])
            corners, beyond = _cut(corners, beyond, normal, height[other] - height[site], other)
        cells.append(_Cell(corners + points.mean(axis=0), beyond))
    return cells


def ward_outlines(points: Floats, owner: Ints, area_m2: Floats) -> Outlines:
    """Outlines of the wards: each the union of its points' power cells, each of its true size.

    The weights solve "size of ward = its true size" by damped Newton steps; the derivative of one
    ward's size by another's weight is the length of their border over twice the distance of the
    points. See J. Kitagawa, Q. Mérigot and B. Thibert, "Convergence of a Newton algorithm for
    semi-discrete optimal transport", Journal of the European Mathematical Society 21 (2019).

    Parameters
    ----------
    points, owner, area_m2
        As in `authority_outline`.

    Returns
    -------
    (m,) array of Polygon or MultiPolygon
        Sizes within a thousandth of `area_m2`. Edges of neighbours are not yet matched vertex for
        vertex: `shapely.coverage_clean` does that.

    Raises
    ------
    ArithmeticError
        When no weights with these sizes are found.
    """
    outline = authority_outline(points, owner, area_m2)
    weights = np.zeros(len(area_m2))
    for _ in range(30):
        cells = power_diagram(points, weights[owner])
        pieces = _within(cells, outline)
        size = np.bincount(owner, shapely.area(pieces), minlength=len(area_m2))
        if np.abs(size / area_m2 - 1).max() < AREA_TOLERANCE:
            return np.array([shapely.union_all(pieces[owner == ward]) for ward in range(len(area_m2))])
        slope = _slope(points, owner, cells, outline, len(area_m2))
        step = np.asarray(np.linalg.lstsq(slope, area_m2 - size, rcond=None)[0], dtype=np.float64)
        weights = weights + _damping(points, owner, area_m2, outline, weights, step) * step
    raise ArithmeticError("no power diagram with these sizes was found in 30 steps")


def _damping(
    points: Floats, owner: Ints, area_m2: Floats, outline: shapely.Polygon, weights: Floats, step: Floats
) -> float:
    """The largest of 1, 1/2, 1/4, ... of a step that leaves no ward with under a fifth of its size."""
    fraction = 1.0
    while fraction > 1e-3:
        pieces = _within(power_diagram(points, (weights + fraction * step)[owner]), outline)
        size = np.bincount(owner, shapely.area(pieces), minlength=len(area_m2))
        if (size > 0.2 * area_m2).all():
            return fraction
        fraction /= 2
    return fraction


def _slope(points: Floats, owner: Ints, cells: list[_Cell], outline: shapely.Polygon, n_wards: int) -> Floats:
    """Change of each ward's size (rows) for a unit of each ward's weight (columns)."""
    sides = [
        (site, int(beyond), cell.corners[k], cell.corners[(k + 1) % len(cell.corners)])
        for site, cell in enumerate(cells)
        for k, beyond in enumerate(cell.beyond)
        if beyond > site and owner[beyond] != owner[site]
    ]
    lines = shapely.linestrings([[start, end] for _, _, start, end in sides])
    length_m = shapely.length(shapely.intersection(lines, outline))
    one = np.array([side[0] for side in sides])
    other = np.array([side[1] for side in sides])
    flow = length_m / (2 * np.linalg.norm(points[one] - points[other], axis=1))
    slope = np.zeros((n_wards, n_wards))
    np.add.at(slope, (owner[one], owner[other]), -flow)
    slope = slope + slope.T
    return slope - np.diag(slope.sum(axis=1))


def _within(cells: list[_Cell], outline: shapely.Polygon) -> Outlines:
    """Each cell's part inside the outline."""
    polygons = [
        shapely.Polygon(cell.corners) if len(cell.corners) > 2 else shapely.Polygon() for cell in cells
    ]
    return np.asarray(shapely.intersection(np.array(polygons, dtype=object), outline))


def _lower_hull_neighbours(points: Floats, height: Floats) -> list[list[int]]:
    """For each point those that share an edge of the lower hull with it, in order of number."""
    hull = ConvexHull(np.column_stack([points, height]) / [1e3, 1e3, 1e6])
    neighbours: list[set[int]] = [set() for _ in points]
    for facet in hull.simplices[hull.equations[:, 2] < 0]:
        for corner in facet:
            neighbours[corner].update(int(other) for other in facet if other != corner)
    return [sorted(found) for found in neighbours]


def _cut(corners: Floats, beyond: Ints, normal: Floats, limit: float, label: int) -> tuple[Floats, Ints]:
    """The part of a convex polygon where normal . x <= limit; the new side is labelled."""
    excess = corners @ normal - limit
    kept: list[Floats] = []
    labels: list[int] = []
    for k in range(len(corners)):
        after = (k + 1) % len(corners)
        if excess[k] <= 0:
            kept.append(corners[k])
            labels.append(int(beyond[k]))
        if (excess[k] <= 0) != (excess[after] <= 0):
            share = excess[k] / (excess[k] - excess[after])
            kept.append(corners[k] + share * (corners[after] - corners[k]))
            labels.append(label if excess[k] <= 0 else int(beyond[k]))
    return np.array(kept).reshape(-1, 2), np.array(labels, dtype=np.int64)
