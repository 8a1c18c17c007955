"""Outlines of footprints out of shared arcs: their lengths, lines, holes and circles, without a union.

An arc belongs to a footprint's outline when its two sides lie in different footprints. Everything here
takes `footprint_index`: for each area, in the topology's order, the number of its footprint from 0, and a
negative number where it is unassigned; what lies beyond the map is treated like unassigned land.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.arc import FloatArray, IntArray, RowArray
from geodata.topology import Topology


def sides(topology: Topology, footprint_index: RowArray) -> tuple[RowArray, RowArray]:
    """Footprint on the left and on the right of each arc; -1 where there is none."""
    padded = np.append(np.maximum(footprint_index, -1), -1).astype(np.int32)  # row -1 is the outside
    return padded[topology.arc_left], padded[topology.arc_right]


def outline_arcs(topology: Topology, footprint_index: RowArray) -> NDArray[np.bool_]:
    """True for each arc that is drawn: its two sides differ."""
    left, right = sides(topology, footprint_index)
    differ: NDArray[np.bool_] = left != right
    return differ


def perimeter_m(topology: Topology, footprint_index: RowArray, n_footprints: int) -> FloatArray:
    """Length of each footprint's outline in metres, holes and separate pieces included."""
    owner, _, arc, _ = half_arcs(topology, footprint_index)
    return np.bincount(owner, topology.arc_length_m[arc], minlength=n_footprints).astype(np.float64)


def shared_border_m(topology: Topology, footprint_index: RowArray) -> float:
    """Length of border between footprints, each metre once; the outer edge is not counted."""
    left, right = sides(topology, footprint_index)
    between = (left != right) & (left >= 0) & (right >= 0)
    return float(topology.arc_length_m[between].sum())


def half_arcs(
    topology: Topology, footprint_index: RowArray
) -> tuple[RowArray, RowArray, IntArray, NDArray[np.bool_]]:
    """Each outline arc once for every footprint it bounds, walked with the footprint on the left.

    Returns
    -------
    owner, other : int32
        The footprint, and the one across (-1 for none).
    arc : int64
    backwards : bool
        True where the arc is walked from its last point to its first.
    """
    left, right = sides(topology, footprint_index)
    a = np.flatnonzero((left != right) & (left >= 0))
    b = np.flatnonzero((left != right) & (right >= 0))
    return (
        np.concatenate([left[a], right[b]]),
        np.concatenate([right[a], left[b]]),
        np.concatenate([a, b]),
        np.repeat([False, True], [len(a), len(b)]),
    )


def outlines(topology: Topology, footprint_index: RowArray, n_footprints: int) -> NDArray[np.object_]:
    """One MultiLineString per footprint, to draw; empty for a footprint without areas."""
    owner, _, arc, _ = half_arcs(topology, footprint_index)
    order = np.argsort(owner, kind="stable")
    lines = np.full(n_footprints, shapely.MultiLineString(), dtype=object)
    if len(arc):
        shapely.multilinestrings(topology.arc_lines[arc[order]], indices=owner[order], out=lines)
    return lines


def outline_polygons(topology: Topology, footprint_index: RowArray, n_footprints: int) -> NDArray[np.object_]:
    """One (Multi)Polygon per footprint, with its holes; slower than lines and meant for exports."""
    shapes: NDArray[np.object_] = shapely.build_area(outlines(topology, footprint_index, n_footprints))
    return shapes


def holes(topology: Topology, footprint_index: RowArray, n_footprints: int) -> IntArray:
    """How many holes each footprint has: stretches of other land that it closes in.

    The outline is followed from arc to arc; a closed walk that turns clockwise (its shoelace sum is
    negative) goes round a hole. Where an outline touches itself in a point, land that meets only in that
    point counts as closed off.
    """
    owner, _, arc, backwards = half_arcs(topology, footprint_index)
    n = len(arc)
    if n == 0:
        return np.zeros(n_footprints, dtype=np.int64)
    start = np.where(backwards, topology.arc_end[arc], topology.arc_start[arc])
    end = np.where(backwards, topology.arc_start[arc], topology.arc_end[arc])
    at_first, at_last = topology.arc_angles
    leaves = np.where(backwards, at_last[arc], at_first[arc])
    arrives = np.where(backwards, at_first[arc], at_last[arc])  # seen from the junction it comes to

    # At each junction, going round anticlockwise, a footprint's arcs leave and arrive in turn; an arrival
    # is followed by the next departure, so that two pieces of other land are never taken for one.
    key = np.concatenate([owner, owner]).astype(np.int64) * (int(max(start.max(), end.max())) + 1)
    key += np.concatenate([start, end])
    order = np.lexsort((np.concatenate([leaves, arrives]), key))
    group = np.concatenate([[True], key[order[1:]] != key[order[:-1]]])
    first = np.flatnonzero(group)
    last = np.append(first[1:], 2 * n) - 1
    following = np.arange(1, 2 * n + 1)
    following[last] = first
    arrival = order >= n
    came, goes = order[arrival] - n, order[following[arrival]]
    _, walk = connected_components(csr_array((np.ones(n, dtype=np.int8), (came, goes)), shape=(n, n)))
    size = np.bincount(walk, np.where(backwards, -1.0, 1.0) * topology.arc_shoelace_m2[arc])
    owner_of_walk = np.zeros(len(size), dtype=np.int64)
    owner_of_walk[walk] = owner
    return np.bincount(owner_of_walk[size < 0], minlength=n_footprints)


def enclosed_by(topology: Topology, footprint_index: RowArray, n_footprints: int) -> IntArray:
    """For each footprint the one other that surrounds it wholly, or -1."""
    owner, other, _, _ = half_arcs(topology, footprint_index)
    least = np.full(n_footprints, n_footprints, dtype=np.int64)
    most = np.full(n_footprints, -1, dtype=np.int64)
    np.minimum.at(least, owner, other)
    np.maximum.at(most, owner, other)
    return np.where(least == most, most, -1)


def bounding_radius_m(topology: Topology, footprint_index: RowArray, n_footprints: int) -> FloatArray:
    """Radius in metres of the smallest circle round each footprint; NaN for one without areas."""
    owner, _, arc, _ = half_arcs(topology, footprint_index)
    radius = np.full(n_footprints, np.nan)
    if len(arc) == 0:
        return radius
    order = np.argsort(owner, kind="stable")
    owner, arc = owner[order], arc[order]
    n_points = np.diff(topology.arc_offsets)[arc]
    skipped = topology.arc_offsets[arc] - np.concatenate([[0], np.cumsum(n_points)[:-1]])
    points = topology.arc_points[np.repeat(skipped, n_points) + np.arange(n_points.sum())]
    present, line = np.unique(np.repeat(owner, n_points), return_inverse=True)
    # Strung into one line per footprint: quicker to make than points, and the circle is the same.
    radius[present] = shapely.minimum_bounding_radius(shapely.linestrings(points, indices=line))
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
