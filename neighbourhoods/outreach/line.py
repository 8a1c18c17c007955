"""The way that a bus drives from stop to stop: along the streets where rounds were timed along them.

The quickest way over the same streets as the minutes of the timetable, what is forbidden left out. From a
stop to its road, and where there is no road near, the line is straight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from neighbourhoods.outreach.drive import drives_along_streets, driving_network
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.timetable_week import rounds_in_order, visits_of
from neighbourhoods.study.study import Study
from neighbourhoods.travel.street_network import OnStreet, StreetNetwork, put_on_street

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RoundKey = tuple[int, int, int, str]  # week, day, vehicle, session_id
Legs = Mapping[RoundKey, tuple[Floats, ...]]


def round_key(one: pd.Series) -> RoundKey:
    """What tells a row of `OutreachPlan.rounds` from the others."""
    return int(one["week"]), int(one["day"]), int(one["vehicle"]), str(one["session_id"])


def driven_lines(study: Study, plan: OutreachPlan) -> dict[RoundKey, Floats]:
    """By round its whole way from the depot and back, as points (n, 2) in EPSG:27700."""
    return {key: joined(legs) for key, legs in driven_legs(study, plan).items()}


def driven_legs(study: Study, plan: OutreachPlan) -> dict[RoundKey, tuple[Floats, ...]]:
    """By round the ways to each of its visits and back to the depot, each as points (n, 2) in EPSG:27700.

    Raises
    ------
    InputError
        When a road that is forbidden is no longer among the streets.
    """
    depot = plan.params.depot_id
    ways = {}
    for _, one in rounds_in_order(plan).iterrows():
        stops = [depot, *visits_of(plan, one)["stop_id"].astype(str), depot]
        ways[round_key(one)] = list(pairwise(stops))
    ids = list(dict.fromkeys(stop for way in ways.values() for pair in way for stop in pair))
    xy = plan.stops.loc[ids, ["x", "y"]].to_numpy(dtype=float)
    row = {one: k for k, one in enumerate(ids)}
    pairs = sorted({(row[a], row[b]) for way in ways.values() for a, b in way})
    if len(ids) and drives_along_streets(study, xy):
        found = street_lines(driving_network(study, plan.params.forbidden_roads), xy, pairs)
    else:
        found = {(a, b): xy[[a, b]] for a, b in pairs}
    return {key: tuple(found[row[a], row[b]] for a, b in way) for key, way in ways.items()}


def joined(legs: tuple[Floats, ...]) -> Floats:
    """Legs as one line; points that follow themselves are left out."""
    points = np.concatenate(legs)
    is_new = np.ones(len(points), dtype=bool)
    is_new[1:] = (points[1:] != points[:-1]).any(axis=1)
    kept = points[is_new]
    return kept if len(kept) > 1 else np.repeat(kept, 2, axis=0)


def street_lines(
    network: StreetNetwork, xy: Floats, pairs: list[tuple[int, int]]
) -> dict[tuple[int, int], Floats]:
    """The quickest ways between some places, each as points (n, 2) from the one place to the other.

    Parameters
    ----------
    xy : float (n_places, 2)
        Metres in EPSG:27700.
    pairs : list of (int, int)
        Rows of the places, from and to.
    """
    on = put_on_street(network, xy)
    ways, found = _Ways.of(network), dict[tuple[int, int], Floats]()
    for a in dict.fromkeys(a for a, _ in pairs):
        tree = None if on.edge[a] < 0 else _Tree.of(network, ways, on, a)
        for b in (b for one, b in pairs if one == a):
            between = None if tree is None or on.edge[b] < 0 or a == b else tree.line_to(b)
            parts = [xy[[a]], *([] if between is None else [between]), xy[[b]]]
            found[a, b] = np.concatenate(parts)
    return found


@dataclass(frozen=True, eq=False)
class _Ways:
    """Directed edges by their ends, of two between the same junctions the quicker one."""

    key: Ints  # from * n_nodes + to, rising
    edge: Ints
    is_turned: NDArray[np.bool_]
    graph: csr_array

    @classmethod
    def of(cls, network: StreetNetwork) -> _Ways:
        n, edges = network.n_nodes, np.arange(len(network.edge_m))
        ahead, back = network.forward, network.backward
        begin = np.concatenate([network.edge_from[ahead], network.edge_to[back]])
        end = np.concatenate([network.edge_to[ahead], network.edge_from[back]])
        edge = np.concatenate([edges[ahead], edges[back]])
        is_turned = np.concatenate([np.zeros(ahead.sum(), dtype=bool), np.ones(back.sum(), dtype=bool)])
        key = begin * n + end
        order = np.lexsort((network.minutes[edge], key))
        first = order[np.concatenate([[True], np.diff(key[order]) > 0])] if len(order) else order
        minutes = np.maximum(network.minutes[edge[first]], 1e-9)  # a stored nought would be no road at all
        graph = csr_array((minutes, (begin[first], end[first])), shape=(n, n))
        return cls(key[first], edge[first], is_turned[first], graph)


@dataclass(frozen=True, eq=False)
class _Tree:
    """Quickest ways from one place over all streets."""

    network: StreetNetwork
    ways: _Ways
    on: OnStreet
    a: int
    minutes: Floats  # (2, n_nodes): over the beginning of the place's edge, and over its end
    before: Ints  # (2, n_nodes)

    @classmethod
    def of(cls, network: StreetNetwork, ways: _Ways, on: OnStreet, a: int) -> _Tree:
        ends = [int(network.edge_from[on.edge[a]]), int(network.edge_to[on.edge[a]])]
        minutes, before = dijkstra(ways.graph, indices=ends, return_predecessors=True)
        return cls(network, ways, on, a, np.asarray(minutes), np.asarray(before, dtype=np.int64))

    def line_to(self, b: int) -> Floats | None:
        """Points from where the place is on its road to where the other is; None where there is no way."""
        net, on, a = self.network, self.on, self.a
        first, last = int(on.edge[a]), int(on.edge[b])
        at, onto = float(on.along[a]), float(on.along[b])
        best, way = float("inf"), (-1, -1)
        if first == last and (onto == at or (net.forward if onto > at else net.backward)[first]):
            best = abs(onto - at) * float(net.minutes[first])
        leave = (
            (at if net.backward[first] or at <= 0 else np.inf),
            (1 - at if net.forward[first] or at >= 1 else np.inf),
        )
        come = (
            (onto if net.forward[last] or onto <= 0 else np.inf),
            (1 - onto if net.backward[last] or onto >= 1 else np.inf),
        )
        ends = int(net.edge_from[last]), int(net.edge_to[last])
        for i in range(2):
            for j in range(2):
                minutes = leave[i] * float(net.minutes[first]) + float(self.minutes[i, ends[j]])
                minutes += come[j] * float(net.minutes[last])
                if minutes < best:
                    best, way = minutes, (i, j)
        if not np.isfinite(best):
            return None
        if way == (-1, -1):
            return _part(net, first, at, onto)
        i, j = way
        parts = [
            _part(net, first, at, float(i)),
            *self._between(i, ends[j]),
            _part(net, last, float(j), onto),
        ]
        return np.concatenate(parts)

    def _between(self, i: int, node: int) -> list[Floats]:
        """Lines of the streets from an end of the place's edge to a junction."""
        found = []
        while self.before[i, node] >= 0:
            before = int(self.before[i, node])
            k = int(np.searchsorted(self.ways.key, before * self.network.n_nodes + node))
            points = shapely.get_coordinates(self.network.lines[self.ways.edge[k]])
            found.append(points[::-1] if self.ways.is_turned[k] else points)
            node = before
        return found[::-1]


def _part(network: StreetNetwork, edge: int, begin: float, end: float) -> Floats:
    """Points of a part of a street, in the direction of travel."""
    line = substring(network.lines[edge], begin, end, normalized=True)
    return np.asarray(shapely.get_coordinates(line), dtype=float)
