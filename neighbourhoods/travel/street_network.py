"""The streets that one way of travelling may use, and where points come on to them.

A point is put on the nearest edge and not on the nearest junction, so that a house in the middle of a long
road is not moved to its end. What cannot be reached from the rest is left out and its length is said. The
mistake this prevents: a place on a cut-off scrap of road that nobody seems able to reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from geodata.errors import InputError
from geodata.street_graph import StreetGraph
from neighbourhoods.travel.straight_line import TRAVEL_MODES
from neighbourhoods.travel.street_speed import edge_km_h

ROAD_LIMIT_M = 500.0  # a point further from any road is not put on one

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class NoRoadError(InputError):
    """No road that is loaded is open to a way of travelling."""


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """Edges of one way of travelling, all of them within reach of each other.

    Parameters
    ----------
    mode : str
        Key of `TRAVEL_MODES`.
    n_nodes : int
    edge_from, edge_to : int (n_edges,)
    edge_m, minutes : float (n_edges,)
        Length, and time from end to end at the mode's own speed.
    forward, backward : bool (n_edges,)
        Whether an edge is open from `edge_from` to `edge_to`, and the other way.
    lines : LineString (n_edges,)
    tree : STRtree
        Of the lines.
    kept_share : float
        Length of these edges over that of all that this mode may use.
    """

    mode: str
    n_nodes: int
    edge_from: Ints
    edge_to: Ints
    edge_m: Floats
    minutes: Floats
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    lines: NDArray[np.object_]
    tree: shapely.STRtree
    kept_share: float


@dataclass(frozen=True, eq=False)
class OnStreet:
    """Points on a network.

    Parameters
    ----------
    edge : int (n,)
        -1 where no road is within `ROAD_LIMIT_M`.
    along : float (n,)
        Share of the edge's length from its beginning, 0 to 1.
    away_m : float (n,)
        Straight metres to the edge; NaN where there is none.
    """

    edge: Ints
    along: Floats
    away_m: Floats

    @property
    def is_far(self) -> NDArray[np.bool_]:
        """Points without a road near them."""
        return np.asarray(self.edge < 0)

    def is_off(self, limit_m: float) -> NDArray[np.bool_]:
        """Points further than a limit, at most `ROAD_LIMIT_M`, from any road."""
        return np.asarray(~(self.away_m <= limit_m))


def street_network(graph: StreetGraph, ways: pd.DataFrame, mode: str) -> StreetNetwork:
    """The largest part of a graph in which a mode can get from everywhere to everywhere.

    Parameters
    ----------
    graph : StreetGraph
    ways : DataFrame
        By line of the graph: the columns of a `roads` dataset.
    mode : str
        "walk", "cycle" or "drive".

    Raises
    ------
    NoRoadError
        When no road is open to the mode.
    """
    forward_column, backward_column = (
        ("walk", "walk") if mode == "walk" else (f"{mode}_forward", f"{mode}_backward")
    )
    forward = ways[forward_column].to_numpy(dtype=bool)[graph.edge_line]
    backward = ways[backward_column].to_numpy(dtype=bool)[graph.edge_line]
    is_open = forward | backward
    if not is_open.any():
        raise NoRoadError(
            f"No road that is loaded is open to {TRAVEL_MODES[mode].label.lower()}. Import a network "
            "that has such roads, or choose the straight line."
        )
    n = graph.n_nodes
    rows = np.concatenate([graph.edge_from[forward], graph.edge_to[backward]])
    columns = np.concatenate([graph.edge_to[forward], graph.edge_from[backward]])
    links = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    _, part = connected_components(links, directed=True, connection="strong")
    inside = is_open & (part[graph.edge_from] == part[graph.edge_to])
    if not inside.any():
        raise NoRoadError(
            f"No road that is loaded can be used both there and back, {TRAVEL_MODES[mode].label.lower()}. "
            "Import a whole network, or choose the straight line."
        )
    length = np.bincount(part[graph.edge_from[inside]], graph.edge_m[inside])
    kept = np.flatnonzero(inside & (part[graph.edge_from] == int(np.argmax(length))))
    names, node = np.unique(np.concatenate([graph.edge_from[kept], graph.edge_to[kept]]), return_inverse=True)
    lines = graph.lines()[kept]
    return StreetNetwork(
        mode,
        len(names),
        node[: len(kept)].astype(np.int64),
        node[len(kept) :].astype(np.int64),
        graph.edge_m[kept],
        graph.edge_m[kept] / (edge_km_h(ways, mode)[graph.edge_line[kept]] * 1_000 / 60),
        forward[kept],
        backward[kept],
        lines,
        shapely.STRtree(lines),
        float(graph.edge_m[kept].sum() / graph.edge_m[is_open].sum()),
    )


def put_on_street(network: StreetNetwork, xy: Floats) -> OnStreet:
    """The nearest edge of each point within `ROAD_LIMIT_M`, and the place on it.

    Parameters
    ----------
    xy : float (n, 2)
        Metres in EPSG:27700.
    """
    points = shapely.points(xy)
    (point, edge), metres = network.tree.query_nearest(
        points, max_distance=ROAD_LIMIT_M, return_distance=True, all_matches=False
    )
    found = OnStreet(np.full(len(xy), -1, dtype=np.int64), np.zeros(len(xy)), np.full(len(xy), np.nan))
    found.edge[point] = edge
    found.away_m[point] = metres
    found.along[point] = shapely.line_locate_point(network.lines[edge], points[point], normalized=True)
    return found
