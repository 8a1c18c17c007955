"""Closed walks along footprints' outlines: how many shells and holes, without building a polygon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.arc import IntArray, RowArray
from geodata.outline import HalfArcs, half_arcs
from geodata.topology import Topology


@dataclass(frozen=True, eq=False)
class Rings:
    """The closed walks that each footprint's outline falls into.

    Parameters
    ----------
    n_shells, n_holes : int (n_footprints,)
        Walks with land inside, and walks round other land that the footprint closes in.
    touches_itself : bool (n_footprints,)
        True where an outline comes twice to one point.
    """

    n_shells: IntArray
    n_holes: IntArray
    touches_itself: NDArray[np.bool_]

    @property
    def is_simple(self) -> NDArray[np.bool_]:
        """One shell that never touches itself: all areas in it hang together over borders."""
        simple: NDArray[np.bool_] = (self.n_shells == 1) & ~self.touches_itself
        return simple


def rings(
    topology: Topology, footprint_index: RowArray, n_footprints: int, half: HalfArcs | None = None
) -> Rings:
    """Shells and holes of each footprint.

    The outline is followed from arc to arc; a closed walk that turns clockwise (its shoelace sum is
    negative) goes round a hole. Where an outline touches itself in a point, land that meets only in that
    point counts as closed off.
    """
    half = half or half_arcs(topology, footprint_index)
    n = len(half.arc)
    touches = np.zeros(n_footprints, dtype=np.bool_)
    if n == 0:
        none = np.zeros(n_footprints, dtype=np.int64)
        return Rings(none, none, touches)
    following, twice = _next_half_arc(topology, half)
    touches[half.owner[twice]] = True
    walk = _walks(following, int(np.bincount(half.owner).max()))
    signed_m2 = (1.0 - 2.0 * half.backwards) * topology.arc_shoelace_m2[half.arc]
    size = np.bincount(walk, signed_m2, minlength=n)
    shells, inner = np.bincount(half.owner[size > 0], minlength=n_footprints), half.owner[size < 0]
    return Rings(shells, np.bincount(inner, minlength=n_footprints), touches)


def holes(topology: Topology, footprint_index: RowArray, n_footprints: int) -> IntArray:
    """How many holes each footprint has: stretches of other land that it closes in."""
    return rings(topology, footprint_index, n_footprints).n_holes


def _walks(following: IntArray, longest: int) -> IntArray:
    """The lowest number on each half-arc's closed walk, found in steps twice as long each time.

    No walk has more half-arcs than `longest`.
    """
    lowest, ahead = np.arange(len(following)), following
    for _ in range(longest.bit_length()):
        lowest = np.minimum(lowest, lowest.take(ahead))
        ahead = ahead.take(ahead)
    return lowest


def _next_half_arc(topology: Topology, half: HalfArcs) -> tuple[IntArray, IntArray]:
    """The half-arc that each is followed by on its footprint's outline, and those where it touches itself."""
    start, end = topology.arc_start[half.arc], topology.arc_end[half.arc]
    start, end = np.where(half.backwards, end, start), np.where(half.backwards, start, end)
    first_key = half.owner.astype(np.int64) * (int(topology.arc_start.max() + topology.arc_end.max()) + 1)
    departs, arrives = _order(first_key + start), _order(first_key + end)
    following = np.empty(len(start), dtype=np.int64)
    following[arrives] = departs  # a footprint leaves each junction as often as it comes to it
    key = (first_key + start)[departs]
    same = key[1:] == key[:-1]
    if not same.any():
        return following, departs[:0]
    pinched = np.append(False, same) | np.append(same, False)
    _turn_at_pinches(topology, half, departs[pinched], arrives[pinched], key[pinched], following)
    return following, departs[pinched]


def _order(key: IntArray) -> IntArray:
    """What puts the keys in order: each carries its place in its low bits, since plain sorting is quicker.

    Ten thousand footprints with a million sides between a hundred million corners are within 63 bits.
    """
    n_bits = len(key).bit_length()
    return np.sort((key << n_bits) | np.arange(len(key))) & ((1 << n_bits) - 1)


def _turn_at_pinches(
    topology: Topology,
    half: HalfArcs,
    departs: IntArray,
    arrives: IntArray,
    key: IntArray,
    following: IntArray,
) -> None:
    """Set what follows an arrival where an outline touches itself.

    Round such a junction, anticlockwise, a footprint's arcs leave and arrive in turn; an arrival is
    followed by the next departure, so that two stretches of other land are never taken for one.
    """
    at_first, at_last = topology.arc_angles
    leaving = np.where(half.backwards[departs], at_last[half.arc[departs]], at_first[half.arc[departs]])
    coming = np.where(half.backwards[arrives], at_first[half.arc[arrives]], at_last[half.arc[arrives]])
    n = len(key)
    order = np.lexsort((np.concatenate([leaving, coming]), np.concatenate([key, key])))
    junction = np.concatenate([key, key])[order]
    first = np.flatnonzero(np.concatenate([[True], junction[1:] != junction[:-1]]))
    after = np.arange(1, 2 * n + 1)
    after[np.append(first[1:], 2 * n) - 1] = first
    arrival = order >= n
    following[arrives[order[arrival] - n]] = departs[order[after[arrival]]]
