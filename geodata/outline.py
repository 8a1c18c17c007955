"""Outlines of footprints out of shared arcs: their lengths, lines, shapes and circles, without a union.

An arc belongs to a footprint's outline when its two sides lie in different footprints. Everything here
takes `footprint_index`: for each area, in the topology's order, the number of its footprint from 0, and a
negative number where it is unassigned; what lies beyond the map is treated like unassigned land.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.arc import FloatArray, IntArray, RowArray
from geodata.circle import smallest_circle_radius
from geodata.topology import Topology


@dataclass(frozen=True, eq=False)
class HalfArcs:
    """Each outline arc once for every footprint it bounds, walked with the footprint on the left.

    Parameters
    ----------
    owner, other : int32
        The footprint, and the one across (-1 for none).
    arc : int64
    backwards : bool
        True where the arc is walked from its last point to its first.
    """

    owner: RowArray
    other: RowArray
    arc: IntArray
    backwards: NDArray[np.bool_]


def sides(topology: Topology, footprint_index: RowArray) -> tuple[RowArray, RowArray]:
    """Footprint on the left and on the right of each arc; -1 where there is none."""
    padded = np.append(np.maximum(footprint_index, -1), np.int32(-1))  # row -1 is the outside
    left, right = topology.arc_sides
    return padded[left], padded[right]


def outline_arcs(topology: Topology, footprint_index: RowArray) -> NDArray[np.bool_]:
    """True for each arc that is drawn: its two sides differ."""
    left, right = sides(topology, footprint_index)
    differ: NDArray[np.bool_] = left != right
    return differ


def perimeter_m(
    topology: Topology, footprint_index: RowArray, n_footprints: int, half: HalfArcs | None = None
) -> FloatArray:
    """Length of each footprint's outline in metres, holes and separate pieces included."""
    half = half or half_arcs(topology, footprint_index)
    length = np.bincount(half.owner, topology.arc_length_m[half.arc], minlength=n_footprints)
    return length.astype(np.float64)


def shared_border_m(topology: Topology, footprint_index: RowArray, half: HalfArcs | None = None) -> float:
    """Length of border between footprints, each metre once; the outer edge is not counted."""
    half = half or half_arcs(topology, footprint_index)
    between = (half.other >= 0) & ~half.backwards
    return float(topology.arc_length_m[half.arc[between]].sum())


def half_arcs(topology: Topology, footprint_index: RowArray) -> HalfArcs:
    """The outlines of all footprints; every measure below may be given it, to find it once only."""
    left, right = sides(topology, footprint_index)
    differ = left != right
    a = np.flatnonzero(differ & (left >= 0))
    b = np.flatnonzero(differ & (right >= 0))
    return HalfArcs(
        np.concatenate([left[a], right[b]]),
        np.concatenate([right[a], left[b]]),
        np.concatenate([a, b]),
        np.repeat([False, True], [len(a), len(b)]),
    )


def outlines(topology: Topology, footprint_index: RowArray, n_footprints: int) -> NDArray[np.object_]:
    """One MultiLineString per footprint, to draw; empty for a footprint without areas."""
    half = half_arcs(topology, footprint_index)
    order = np.argsort(half.owner, kind="stable")
    lines = np.full(n_footprints, shapely.MultiLineString(), dtype=object)
    if len(order):
        shapely.multilinestrings(topology.arc_lines[half.arc[order]], indices=half.owner[order], out=lines)
    return lines


def outline_polygons(topology: Topology, footprint_index: RowArray, n_footprints: int) -> NDArray[np.object_]:
    """One (Multi)Polygon per footprint, with its holes; slower than lines and meant for exports.

    Areas are joined as a coverage: following lines alone goes wrong where an outline touches itself.
    """
    areas = area_shapes(topology)
    shapes = np.full(n_footprints, shapely.MultiPolygon(), dtype=object)
    for number in np.unique(footprint_index[footprint_index >= 0]).tolist():
        shapes[number] = shapely.coverage_union_all(areas[footprint_index == number])
    return shapes


def area_shapes(topology: Topology) -> NDArray[np.object_]:
    """One MultiPolygon per area, put together again from its arcs."""
    arc = np.where(topology.ring_arcs < 0, ~topology.ring_arcs, topology.ring_arcs)
    back = topology.ring_arcs < 0
    n_steps = np.diff(topology.arc_offsets)[arc] - 1  # without the last point: the next arc begins there
    first = np.where(back, topology.arc_offsets[arc + 1] - 1, topology.arc_offsets[arc])
    along = np.arange(n_steps.sum()) - np.repeat(np.cumsum(n_steps) - n_steps, n_steps)
    points = topology.arc_points[
        np.repeat(first, n_steps) + np.repeat(np.where(back, -1, 1), n_steps) * along
    ]
    ring = np.repeat(np.arange(len(topology.ring_polygon)), np.diff(topology.ring_offsets))
    rings = shapely.linearrings(points, indices=np.repeat(ring, n_steps))
    polygons = shapely.polygons(rings, indices=topology.ring_polygon)
    shapes: NDArray[np.object_] = shapely.multipolygons(polygons, indices=topology.polygon_area)
    return shapes


def enclosed_by(
    topology: Topology, footprint_index: RowArray, n_footprints: int, half: HalfArcs | None = None
) -> IntArray:
    """For each footprint the one other that surrounds it wholly, or -1."""
    half = half or half_arcs(topology, footprint_index)
    outer = np.full(n_footprints, -1, dtype=np.int64)
    outer[half.owner] = half.other  # any one of those across
    outer[half.owner[half.other != outer[half.owner]]] = -1
    return outer


def bounding_radius_m(
    topology: Topology, footprint_index: RowArray, n_footprints: int, half: HalfArcs | None = None
) -> FloatArray:
    """Radius in metres of the smallest circle round each footprint; NaN for one without areas."""
    half = half or half_arcs(topology, footprint_index)
    radius = np.full(n_footprints, np.nan)
    if len(half.arc) == 0:
        return radius
    owner = half.owner.astype(np.uint16 if n_footprints < 65_536 else np.int64)
    order = owner.argsort(kind="stable")
    side = (half.arc + len(topology.arc_left) * half.backwards)[order]
    hull, hull_offsets = topology.side_hulls
    first = hull_offsets[side]
    n_points = hull_offsets[side + 1] - first
    ends = n_points.cumsum()
    points = hull[np.repeat(first - (ends - n_points), n_points) + np.arange(ends[-1])]
    bounds = owner[order].searchsorted(np.arange(n_footprints + 1, dtype=owner.dtype))
    offsets = np.append(0, ends)[bounds]
    present = offsets[1:] > offsets[:-1]
    radius[present] = smallest_circle_radius(points, offsets[np.append(present, True)])
    return radius


def move_area(
    topology: Topology, footprint_index: RowArray, perimeter_m: FloatArray, row: int, to: int
) -> tuple[RowArray, FloatArray]:
    """Footprints and their perimeters after one area has changed place; two perimeters change.

    Parameters
    ----------
    perimeter_m : float (n_footprints,)
        Perimeters before, as `perimeter_m` gives them.
    row : int
        The area that moves.
    to : int
        Its new footprint; negative to leave it unassigned.

    Returns
    -------
    New arrays; the arguments are not changed. Sums of any count change by the same two rows:
    ``sums[before] -= counts[row]; sums[to] += counts[row]``.
    """
    before = int(footprint_index[row])
    index, perimeter = footprint_index.copy(), perimeter_m.copy()
    index[row] = to
    if before == to or (before < 0 and to < 0):
        return index, perimeter
    arcs, offsets = topology.arcs_of_area
    for arc in arcs[offsets[row] : offsets[row + 1]].tolist():
        a, b = int(topology.arc_left[arc]), int(topology.arc_right[arc])
        across = b if a == row else a
        other = int(footprint_index[across]) if across >= 0 else -1
        length = topology.arc_length_m[arc]
        if before >= 0:
            perimeter[before] += length if other == before else -length
        if to >= 0:
            perimeter[to] += -length if other == to else length
    return index, perimeter
