"""Pairs of areas that count as neighbours although they share no border.

An island, or a ward beyond a river, would otherwise be "apart" in every footprint. Each such link is a
row that a person can see, with names and a distance in metres, never a silent exception. Those made here
are what the outlines say; what people say of pairs is kept in `geodata.link_table`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay

from geodata.channel import faces_over_channel, shore
from geodata.errors import OptionError

if TYPE_CHECKING:
    from geodata.topology import Topology

LinkKind = Literal["island", "river", "manual"]
LINK_WORDS: dict[str, str] = {
    "river": "across a river or channel",
    "island": "to an island",
    "manual": "by hand",
}
LINK_COLUMNS = ("focal", "neighbour", "kind", "length_m", "distance_m", "focal_name", "neighbour_name")


def add_link(topology: Topology, focal: str, neighbour: str, kind: LinkKind = "manual") -> Topology:
    """A topology in which two areas count as neighbours because a person says so.

    Raises
    ------
    OptionError
        When a code is unknown or both are the same. A pair that is joined already is left as it is.
    """
    rows = topology.row_by_code
    for code in (focal, neighbour):
        if code not in rows:
            raise OptionError(f"There is no area {code} to link: check the code.")
    if focal == neighbour:
        raise OptionError(f"{focal} cannot be linked to itself.")
    a, b = sorted((rows[focal], rows[neighbour]))
    first, second, _ = topology.pairs
    linked = set(zip(*(np.sort(np.stack(topology.link_rows), axis=0)).tolist(), strict=True))
    if (a, b) in linked or ((first == a) & (second == b)).any():
        return topology
    row = _link_frame(topology, np.array([[a, b]]), [kind])
    links = row if topology.links.empty else pd.concat([topology.links, row], ignore_index=True)
    return replace(topology, links=links)


def automatic_links(topology: Topology) -> pd.DataFrame:
    """The fewest, shortest links that bring all areas into one piece; no rows when they are already.

    The shortest tree over the pieces, from a Delaunay triangulation of their outer points (which holds
    the Euclidean minimum spanning tree: Toussaint 1980, Pattern Recognition 12(4), 261-268). A link is of
    kind "river" where the two pieces face each other across a channel (`geodata.channel`), else "island".
    """
    first, second, _ = topology.pairs
    n = topology.n_areas
    graph = csr_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(n, n))
    n_pieces, piece = connected_components(graph, directed=False)
    if n_pieces == 1:
        return _link_frame(topology, np.empty((0, 2), dtype=np.int64), [])

    outer = (topology.arc_left < 0) | (topology.arc_right < 0)
    owner_of_arc = np.maximum(topology.arc_left, topology.arc_right)
    per_point = np.repeat(np.arange(len(outer)), np.diff(topology.arc_offsets))
    points = topology.arc_points[outer[per_point]]
    owner = owner_of_arc[per_point[outer[per_point]]]
    edges = _delaunay_edges(points - points.mean(axis=0))
    apart = piece[owner[edges[:, 0]]] != piece[owner[edges[:, 1]]]
    edges = edges[apart]
    gap = np.hypot(*(points[edges[:, 0]] - points[edges[:, 1]]).T)
    a, b = owner[edges[:, 0]], owner[edges[:, 1]]
    order = np.lexsort((np.maximum(a, b), np.minimum(a, b), gap))
    pair = np.sort(np.stack([piece[a], piece[b]], axis=1)[order], axis=1)
    _, nearest = np.unique(pair[:, 0].astype(np.int64) * n_pieces + pair[:, 1], return_index=True)
    best = order[nearest]
    weight = csr_array(
        (gap[best] + 1e-6, (pair[nearest, 0], pair[nearest, 1])),  # a gap of nought is still a link
        shape=(n_pieces, n_pieces),
    )
    tree = minimum_spanning_tree(weight).tocoo()
    chosen = {(int(r), int(c)) for r, c in zip(tree.row, tree.col, strict=True)}
    kept = [e for e, p in zip(best, pair[nearest].tolist(), strict=True) if tuple(p) in chosen]
    rows = np.sort(np.stack([a[kept], b[kept]], axis=1), axis=1)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    piece_of_arc = np.where(outer, piece[owner_of_arc], -1)
    shores = {
        one: shore(topology.arc_lines[piece_of_arc == one]) for one in np.unique(piece[rows.ravel()]).tolist()
    }
    kinds: list[LinkKind] = [
        "river" if faces_over_channel(shores[one], shores[other]) else "island"
        for one, other in piece[rows].tolist()
    ]
    return _link_frame(topology, rows, kinds)


def _delaunay_edges(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Edges of the triangulation, with points left out of it (repeats) joined to their nearest vertex."""
    mesh = Delaunay(points)
    corners = mesh.simplices
    edges = np.concatenate(
        [corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]], mesh.coplanar[:, [0, 2]]]
    )
    return edges.astype(np.int64)


def _link_frame(topology: Topology, rows: NDArray[np.int64], kinds: Sequence[LinkKind]) -> pd.DataFrame:
    codes, names = topology.area_codes, topology.area_names
    a, b = rows[:, 0], rows[:, 1]
    return pd.DataFrame(
        {
            "focal": codes[a].astype(str),
            "neighbour": codes[b].astype(str),
            "kind": pd.Series(kinds, dtype=str),
            "length_m": np.zeros(len(rows)),
            "distance_m": np.array([_distance_m(topology, int(i), int(j)) for i, j in rows], dtype=float),
            "focal_name": names[a].astype(str),
            "neighbour_name": names[b].astype(str),
        },
        columns=list(LINK_COLUMNS),
    )


def _distance_m(topology: Topology, first: int, second: int) -> float:
    """Shortest distance between the outlines of two areas."""
    arcs, offsets = topology.arcs_of_area
    outlines = [
        shapely.multilinestrings(topology.arc_lines[arcs[offsets[row] : offsets[row + 1]]])
        for row in (first, second)
    ]
    return float(shapely.distance(outlines[0], outlines[1]))
