"""Which areas are neighbours, and over how many metres of border.

Neighbours share a border (rook); touching at a corner is not enough. Links that stand for a bridge, a
ferry or the nearest shore are neighbours of their own kind with no shared border.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.arc import IntArray, RowArray
from geodata.topology import Topology


def adjacency(topology: Topology) -> pd.DataFrame:
    """Every pair of neighbours, both ways round.

    Returns
    -------
    DataFrame
        Index (focal, neighbour), sorted by row; `shared_border_m` (0.0 for links) and `kind` ("border",
        "island", "river" or "manual").
    """
    first, second, length = topology.pairs
    link_a, link_b = topology.link_rows
    a = np.concatenate([first, second, link_a, link_b])
    b = np.concatenate([second, first, link_b, link_a])
    shared = np.concatenate([length, length, np.zeros(2 * len(link_a))])
    kind = np.concatenate(
        [np.repeat("border", 2 * len(first)), np.tile(topology.links["kind"].to_numpy(), 2)]
    )
    order = np.lexsort((b, a))
    codes = topology.area_codes
    index = pd.MultiIndex.from_arrays([codes[a[order]], codes[b[order]]], names=["focal", "neighbour"])
    return pd.DataFrame({"shared_border_m": shared[order], "kind": kind[order].astype(str)}, index=index)


def pieces(topology: Topology, footprint_index: RowArray) -> tuple[int, IntArray]:
    """Pieces that footprints fall into, walking over borders and links within a footprint.

    Parameters
    ----------
    footprint_index : int (n_areas,)
        Footprint of each area, from 0; negative where unassigned.

    Returns
    -------
    (int, int (n_areas,))
        How many pieces there are, and the piece of each area. Unassigned areas are pieces of their own.
    """
    row, neighbour, offsets = topology.neighbours
    home = footprint_index[row]
    together = (home == footprint_index[neighbour]) & (home >= 0)
    reached = np.where(together, neighbour, row)  # a step out of the footprint leads nowhere
    n = topology.n_areas
    graph = csr_array((np.ones(len(row)), reached, offsets), shape=(n, n))
    n_pieces, piece = connected_components(graph, connection="strong")  # steps go both ways
    return int(n_pieces), piece.astype(np.int64)


def pieces_in_doubt(
    topology: Topology, footprint_index: RowArray, n_footprints: int, is_simple: NDArray[np.bool_]
) -> tuple[IntArray, IntArray]:
    """Pieces of each footprint, walking only through those that may be in several.

    Parameters
    ----------
    is_simple : bool (n_footprints,)
        True for footprints that are in one piece by their outline; see `geodata.hole.Rings`.

    Returns
    -------
    (int (n_footprints,), int (n_areas,))
        How many pieces each footprint is in; and the piece of each area, of which only those of the
        footprints that are not simple differ from the number of the footprint.
    """
    n_pieces = is_simple.astype(np.int64)
    piece = footprint_index.astype(np.int64)
    if is_simple.all():
        return n_pieces, piece
    in_doubt = np.append(~is_simple, False)  # the last stands for unassigned areas
    rows = np.flatnonzero(in_doubt[np.maximum(footprint_index, -1)])
    number = np.full(topology.n_areas, -1)
    number[rows] = np.arange(len(rows))
    row, neighbour, _ = topology.neighbours
    steps = np.flatnonzero((footprint_index[row] == footprint_index[neighbour]) & (number[row] >= 0))
    at, to = number[row[steps]], number[neighbour[steps]]
    graph = csr_array((np.ones(len(at)), (at, to)), shape=(len(rows), len(rows)))
    n_found, found = connected_components(graph, connection="strong")  # steps go both ways
    piece[rows] = n_footprints + found
    return n_pieces + n_pieces_by_footprint(found, n_found, footprint_index[rows], n_footprints), piece


def n_pieces_by_footprint(
    piece: IntArray, n_pieces: int, footprint_index: RowArray, n_footprints: int
) -> IntArray:
    """How many pieces each footprint is in: 1 is contiguous, 0 is a footprint without areas."""
    footprint_of_piece = np.full(n_pieces, -1)
    footprint_of_piece[piece] = footprint_index
    return np.bincount(footprint_of_piece[footprint_of_piece >= 0], minlength=n_footprints)


def is_contiguous(topology: Topology, footprint_index: RowArray, n_footprints: int) -> np.ndarray:
    """True for each footprint that is in exactly one piece."""
    n_pieces, piece = pieces(topology, footprint_index)
    whole: np.ndarray = n_pieces_by_footprint(piece, n_pieces, footprint_index, n_footprints) == 1
    return whole
