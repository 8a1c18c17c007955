"""Holes of footprints, counted along their outlines without building a polygon."""

from __future__ import annotations

import numpy as np

from geodata.arc import IntArray, RowArray
from geodata.outline import HalfArcs, half_arcs
from geodata.topology import Topology


def holes(
    topology: Topology, footprint_index: RowArray, n_footprints: int, half: HalfArcs | None = None
) -> IntArray:
    """How many holes each footprint has: stretches of other land that it closes in.

    The outline is followed from arc to arc; a closed walk that turns clockwise (its shoelace sum is
    negative) goes round a hole. Where an outline touches itself in a point, land that meets only in that
    point counts as closed off.
    """
    half = half or half_arcs(topology, footprint_index)
    n = len(half.arc)
    if n == 0:
        return np.zeros(n_footprints, dtype=np.int64)
    walk = _walks(_next_half_arc(topology, half), int(np.bincount(half.owner).max()))
    signed_m2 = np.where(half.backwards, -1.0, 1.0) * topology.arc_shoelace_m2[half.arc]
    size = np.bincount(walk, signed_m2, minlength=n)
    return np.bincount(half.owner[size < 0], minlength=n_footprints)


def _walks(following: IntArray, longest: int) -> IntArray:
    """The lowest number on each half-arc's closed walk, found in steps twice as long each time.

    No walk has more half-arcs than `longest`.
    """
    lowest, ahead = np.arange(len(following)), following
    for _ in range(longest.bit_length()):
        lowest = np.minimum(lowest, lowest[ahead])
        ahead = ahead[ahead]
    return lowest


def _next_half_arc(topology: Topology, half: HalfArcs) -> IntArray:
    """The half-arc that each is followed by on its footprint's outline."""
    start, end = topology.arc_start[half.arc], topology.arc_end[half.arc]
    start, end = np.where(half.backwards, end, start), np.where(half.backwards, start, end)
    first_key = half.owner.astype(np.int64) * (int(topology.arc_start.max() + topology.arc_end.max()) + 1)
    departs, arrives = _order(first_key + start), _order(first_key + end)
    following = np.empty(len(start), dtype=np.int64)
    following[arrives] = departs  # a footprint leaves each junction as often as it comes to it
    key = (first_key + start)[departs]
    same = key[1:] == key[:-1]
    if same.any():
        pinched = np.zeros(len(key), dtype=bool)
        pinched[1:] |= same
        pinched[:-1] |= same
        _turn_at_pinches(topology, half, departs[pinched], arrives[pinched], key[pinched], following)
    return following


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
