"""One area changes footprint: what such moves are, and the sums over footprints that they change.

A move changes two rows of any sum. The mistake this prevents: adding up a whole authority again for each of
thousands of moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.topology import Topology

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Moves:
    """Areas that change footprint, one in each move.

    Parameters
    ----------
    area : int (n_moves,)
        Rows of areas in the topology's order.
    before, after : int (n_moves,)
        Footprints from 0; `before` may be -1, where the area is unassigned. The same twice is no move.
    """

    area: Numbers
    before: Numbers
    after: Numbers

    def __len__(self) -> int:
        return len(self.area)

    def __getitem__(self, which: slice | Numbers) -> Moves:
        return Moves(self.area[which], self.before[which], self.after[which])


@dataclass(frozen=True, eq=False)
class Beside:
    """Borders of areas with footprints; the last column is land outside or unassigned.

    Parameters
    ----------
    metres : float (n_areas, n_footprints + 1)
    count : float (n_areas, n_footprints + 1)
        Neighbours over a border in each footprint; the outside is one more of the last.
    """

    metres: Floats
    count: Floats


def beside_of(topology: Topology, index: Rows, k: int) -> Beside:
    """Borders of every area with every footprint of an option."""
    n = topology.n_areas
    column = np.where(index < 0, k, index).astype(np.int64)
    belongs = csr_array((np.ones(n), (np.arange(n), column)), shape=(n, k + 1))
    first, second, length = topology.pairs
    ends = (np.concatenate([first, second]), np.concatenate([second, first]))
    metres = (csr_array((np.tile(length, 2), ends), shape=(n, n)) @ belongs).toarray()
    count = (csr_array((np.ones(len(ends[0])), ends), shape=(n, n)) @ belongs).toarray()
    outer = (topology.arc_left < 0) | (topology.arc_right < 0)
    owner = np.maximum(topology.arc_left, topology.arc_right)[outer]
    outside = np.bincount(owner, topology.arc_length_m[outer], minlength=n)
    metres[:, k] += outside
    count[:, k] += outside > 0
    return Beside(np.asarray(metres, dtype=np.float64), np.asarray(count, dtype=np.float64))


def sums_after(values: Floats, sums: Floats, moves: Moves) -> Floats:
    """Sums over footprints after each move (n_moves, n_footprints).

    Parameters
    ----------
    values : float (n_areas,)
    sums : float (n_footprints,)
        Sums before.
    """
    every = np.arange(len(moves))
    after = np.tile(sums, (len(moves), 1))
    after[every, moves.after] += values[moves.area]
    held = moves.before >= 0
    after[every[held], moves.before[held]] -= values[moves.area[held]]
    return after


def sums_of(values: Floats, index: Rows, k: int) -> Floats:
    """Sums over footprints; unassigned areas are in none."""
    held = index >= 0
    return np.bincount(index[held], values[held], minlength=k).astype(np.float64)
