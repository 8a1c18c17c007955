"""From polygons that fit together to the arcs between them.

Every ring is cut into segments; a segment met from two areas is a border. Segments are found again by
hashing their end points in numpy, and strung into arcs along the rings they came from, so that no step
is a loop over areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import InputError

IntArray: TypeAlias = NDArray[np.int64]
RowArray: TypeAlias = NDArray[np.int32]
FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Arcs:
    """The arrays of a `geodata.topology.Topology` that describe its arcs; see there."""

    arc_left: RowArray
    arc_right: RowArray
    arc_length_m: FloatArray
    arc_points: FloatArray
    arc_offsets: IntArray
    arc_start: IntArray
    arc_end: IntArray
    ring_arcs: RowArray
    ring_offsets: IntArray
    ring_polygon: RowArray
    polygon_area: RowArray


def build_arcs(shapes: NDArray[np.object_]) -> Arcs:
    """Arcs of polygons that form a coverage (neighbours meet in the same points; nothing overlaps).

    Raises
    ------
    InputError
        When some border is used more than twice, or twice from the same side.
    """
    polygons, polygon_area = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, ring_polygon = shapely.get_rings(polygons, return_index=True)
    points, point_ring = shapely.get_coordinates(rings, return_index=True)
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (point_ring[1:] != point_ring[:-1]) | (points[1:] != points[:-1]).any(axis=1)
    points, point_ring = points[keep], point_ring[keep]

    vertex, n_vertices = _number_vertices(points)
    starts = np.flatnonzero(point_ring[:-1] == point_ring[1:])  # each is a segment to the next point
    tail, head, ring = vertex[starts], vertex[starts + 1], point_ring[starts]
    area = polygon_area[ring_polygon[ring]]
    key = np.minimum(tail, head) * n_vertices + np.maximum(tail, head)
    order = np.argsort(key, kind="stable")
    new = np.concatenate([[True], key[order[1:]] != key[order[:-1]]])
    segment = np.empty(len(starts), dtype=np.int64)  # number of the border segment, whichever its side
    segment[order] = np.cumsum(new) - 1
    _require_coverage(order, new, tail, area)

    once = order[new]
    degree = np.bincount(tail[once], minlength=n_vertices) + np.bincount(head[once], minlength=n_vertices)
    walk, run_start = _runs(ring, degree[tail] != 2, len(rings))

    # A run of segments between junctions is one side of one arc; both sides hold the same segments.
    run_length = np.diff(np.append(run_start, len(walk)))
    run_end = run_start + run_length - 1
    _, first_run, arc_of_run = np.unique(
        np.minimum.reduceat(segment[walk], run_start), return_index=True, return_inverse=True
    )
    n_runs, n_arcs = len(run_start), len(first_run)
    is_first = np.zeros(n_runs, dtype=bool)
    is_first[first_run] = True
    run_area = area[walk[run_start]]
    right = np.full(n_arcs, -1, dtype=np.int32)
    right[arc_of_run[~is_first]] = run_area[~is_first]

    length = run_length[first_run]
    offsets = np.concatenate([[0], np.cumsum(length + 1)])
    owner = np.repeat(np.arange(n_arcs), length)
    along = walk[run_start[first_run][owner] + _count_within(length)]  # segments of the arcs, in order
    arc_points = np.empty((offsets[-1], 2))
    is_last = np.zeros(offsets[-1], dtype=bool)
    is_last[offsets[1:] - 1] = True
    arc_points[~is_last] = points[starts[along]]
    arc_points[is_last] = points[starts[walk[run_end[first_run]]] + 1]
    step = np.hypot(*(points[starts[along] + 1] - points[starts[along]]).T)
    run_ring = ring[walk[run_start]]
    return Arcs(
        arc_left=run_area[first_run].astype(np.int32),
        arc_right=right,
        arc_length_m=np.bincount(owner, step, minlength=n_arcs).astype(np.float64),
        arc_points=arc_points,
        arc_offsets=offsets,
        arc_start=tail[walk[run_start]][first_run],
        arc_end=head[walk[run_end]][first_run],
        ring_arcs=np.where(is_first, arc_of_run, ~arc_of_run).astype(np.int32),
        ring_offsets=np.concatenate([[0], np.cumsum(np.bincount(run_ring, minlength=len(rings)))]),
        ring_polygon=ring_polygon.astype(np.int32),
        polygon_area=polygon_area.astype(np.int32),
    )


def _count_within(length: IntArray) -> IntArray:
    """0, 1, ... within each group of the given lengths."""
    return np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)


def _number_vertices(points: FloatArray) -> tuple[IntArray, int]:
    """Same place, same number. Coordinates are compared bit for bit through one mixed 64-bit key."""
    bits = (points + 0.0).view(np.uint64)  # + 0.0 makes -0.0 into 0.0
    mixed = bits[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= (bits[:, 1] ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    _, first, number = np.unique(mixed, return_index=True, return_inverse=True)
    if not np.array_equal(points[first[number]], points):  # two places with one key: compare in full
        _, number = np.unique(points, axis=0, return_inverse=True)
    number = number.astype(np.int64).ravel()
    return number, int(number.max()) + 1


def _require_coverage(order: IntArray, new: NDArray[np.bool_], tail: IntArray, area: IntArray) -> None:
    """A segment may be met twice at the most: by two areas, in opposite directions."""
    second = np.flatnonzero(~new)
    here, before = order[second], order[second - 1]
    if (~new[second - 1]).any() or (tail[here] == tail[before]).any() or (area[here] == area[before]).any():
        raise InputError("The outlines overlap in a way that cannot be repaired: check for repeated areas.")


def _runs(ring: IntArray, at_node: NDArray[np.bool_], n_rings: int) -> tuple[IntArray, IntArray]:
    """Order of segments with each ring turned to begin at a junction, and where each run begins."""
    n = np.bincount(ring, minlength=n_rings)
    offset = np.concatenate([[0], np.cumsum(n)])[:-1]
    position = np.arange(len(ring)) - offset[ring]
    turn = np.zeros(n_rings, dtype=np.int64)
    nodes = np.flatnonzero(at_node)[::-1]  # written last: the first junction of each ring
    turn[ring[nodes]] = position[nodes]
    walk = offset[ring] + (position + turn[ring]) % n[ring]
    return walk, np.flatnonzero((position == 0) | at_node[walk])
