"""Road lines to a graph: nodes where lines meet, edges between them.

Lines meet where they share a vertex, as OpenStreetMap draws junctions; lines that only cross do not meet, so
that a bridge is no way down to the road below it. Coordinates are rounded to 0.1 m before they are compared.
The mistake this prevents: a turn in mid-air.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

PER_M = 10  # steps of the grid that vertices are rounded to, in a metre

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StreetGraph:
    """Nodes and edges of a network.

    Parameters
    ----------
    n_nodes : int
    edge_from, edge_to : int (n_edges,)
        Nodes at the ends of each edge, in the direction in which its line is drawn; the same for a loop.
    edge_line : int (n_edges,)
        Row of the line that it is a part of.
    edge_m : float (n_edges,)
        Length along the line in metres.
    xy : float (n_vertices, 2)
        Vertices of all edges one after the other, metres in EPSG:27700.
    offsets : int (n_edges + 1,)
        Edge i has the vertices from offsets[i] to offsets[i + 1].
    """

    n_nodes: int
    edge_from: Ints
    edge_to: Ints
    edge_line: Ints
    edge_m: Floats
    xy: Floats
    offsets: Ints

    def lines(self) -> NDArray[np.object_]:
        """Each edge as a LineString."""
        index = np.repeat(np.arange(len(self.edge_m)), np.diff(self.offsets))
        found: NDArray[np.object_] = shapely.linestrings(self.xy, indices=index)
        return found


def build_graph(lines: NDArray[np.object_]) -> StreetGraph:
    """The graph of some LineStrings (EPSG:27700).

    A node stands at both ends of every line and wherever a vertex is shared, be it by two lines or twice by
    one. Lines shorter than the grid have no edge.
    """
    points, line = shapely.get_coordinates(lines, return_index=True)
    cell = np.rint(points * PER_M).astype(np.int64)
    is_step = np.ones(len(cell), dtype=bool)
    is_step[1:] = (cell[1:] != cell[:-1]).any(axis=1) | (line[1:] != line[:-1])
    cell, line = cell[is_step], line[is_step].astype(np.int64)
    long_enough = np.bincount(line, minlength=len(lines))[line] > 1
    cell, line = cell[long_enough], line[long_enough]
    _, vertex = np.unique(cell[:, 0] * (1 << 32) + cell[:, 1], return_inverse=True)
    first = np.ones(len(line), dtype=bool)
    first[1:] = line[1:] != line[:-1]
    last = np.roll(first, -1)
    stops = np.flatnonzero(first | last | (np.bincount(vertex)[vertex] > 1))
    begin = stops[~last[stops]]
    end = stops[~first[stops]]
    size = end - begin + 1
    offsets = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    flat = np.arange(offsets[-1]) + np.repeat(begin - offsets[:-1], size)
    xy = cell / PER_M
    step = np.zeros(len(xy))
    step[1:] = np.hypot(*(xy[1:] - xy[:-1]).T)
    along = np.cumsum(step)
    names, node = np.unique(vertex[np.concatenate([begin, end])], return_inverse=True)
    return StreetGraph(
        len(names),
        node[: len(begin)].astype(np.int64),
        node[len(begin) :].astype(np.int64),
        line[begin],
        along[end] - along[begin],
        xy[flat],
        offsets,
    )
