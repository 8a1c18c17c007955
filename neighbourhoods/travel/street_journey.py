"""Minutes over a street network from points to places: on foot to the road, along it, on foot from it.

Places are fewer than points, so the search runs backwards from the places, one-way streets turned round.
Whoever is nearer to the place than to the roads goes straight, on foot. A point or place without a road near
it is reached in a straight line and counted, so that no journey is unknown or taken for what it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from neighbourhoods.travel.straight_line import (
    TRAVEL_MODES,
    WALKING_KM_H,
    minutes_of_metres,
    minutes_to_points,
    pairs_within,
)
from neighbourhoods.travel.street_network import StreetNetwork, put_on_street

BATCH = 64  # places searched from at once: bounds the memory, and lets progress be told

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Shortcuts:
    """Pairs whose quickest way may lead past no junction: point, place, minutes."""

    point: Ints
    place: Ints
    minutes: Floats


class StreetJourneys:
    """Journeys from some points to some places.

    Parameters
    ----------
    network : StreetNetwork
    points_xy, places_xy : float (n, 2), (m, 2)
        Metres in EPSG:27700.
    km_h : float
        Speed that was asked for; 0 for the mode's own.

    Attributes
    ----------
    points, places : OnStreet
    edge_minutes : float (n_edges,)
        From end to end at the speed that was asked for.
    """

    def __init__(
        self, network: StreetNetwork, points_xy: Floats, places_xy: Floats, km_h: float = 0.0
    ) -> None:
        self._network = network
        self._points_xy, self._places_xy = points_xy, places_xy
        own = TRAVEL_MODES[network.mode].km_h
        self._km_h = km_h or own
        self.edge_minutes = network.minutes * (own / self._km_h)
        self._foot_km_h = self._km_h if network.mode == "walk" else WALKING_KM_H
        self.points = put_on_street(network, points_xy)
        self.places = put_on_street(network, places_xy)

    def matrix(self, progress: Callable[[int, int], None] | None = None) -> Floats:
        """Minutes (n, m), all of them known.

        Parameters
        ----------
        progress : callable, optional
            Called with the places done and all places.
        """
        straight = minutes_to_points(self._points_xy, self._places_xy, km_h=self._km_h)
        far, placed = self.points.is_far, np.flatnonzero(~self.places.is_far)
        near = np.flatnonzero(~far)
        found = straight
        for begin in range(0, len(placed), BATCH):
            batch = placed[begin : begin + BATCH]
            if len(near):
                found[np.ix_(near, batch)] = self._from_nodes(self._from_places(batch), near).T
            if progress:
                progress(min(begin + BATCH, len(placed)), len(placed))
        short = self._shortcuts()
        np.minimum.at(found, (short.point, short.place), short.minutes)
        return found

    def nearest(self) -> tuple[Floats, Ints]:
        """Minutes (n,) to the nearest place and its row (n,): the least of `matrix` by one search."""
        minutes = np.full(len(self._points_xy), np.inf)
        place = np.zeros(len(self._points_xy), dtype=np.int64)

        def better(rows: Ints, offered: Floats, places: Ints) -> None:
            order = np.argsort(-offered, kind="stable")  # of several offers the least is written last
            rows, offered, places = rows[order], offered[order], places[order]
            wins = offered < minutes[rows]
            minutes[rows[wins]], place[rows[wins]] = offered[wins], places[wins]

        far, lost = self.points.is_far, self.places.is_far
        near = np.flatnonzero(~far)
        if (~lost).any() and len(near):
            placed = np.flatnonzero(~lost)
            at_nodes, source = self._nearest_at_nodes(placed)
            offered = self._ways(near)
            nodes = self._ends(near)
            total = at_nodes[nodes] + offered
            side = np.argmin(total, axis=0)
            pick = np.arange(len(near))
            better(near, total[side, pick] + self._away(near), placed[source[nodes[side, pick]]])
        short = self._shortcuts()
        better(short.point, short.minutes, short.place)
        for rows, places in ((np.flatnonzero(far), np.arange(len(lost))), (near, np.flatnonzero(lost))):
            if len(rows) and len(places):
                metres, which = cKDTree(self._places_xy[places]).query(self._points_xy[rows])
                better(rows, minutes_of_metres(np.asarray(metres), km_h=self._km_h), places[which])
        return minutes, place

    def within(self, limit: float) -> tuple[Ints, Ints, Floats]:
        """Pairs at most so many minutes apart: point, place, minutes, in order of points and then places."""
        far, lost = self.points.is_far, self.places.is_far
        near, placed = np.flatnonzero(~far), np.flatnonzero(~lost)
        found = [self._shortcuts()]
        for begin in range(0, len(placed), BATCH):
            batch = placed[begin : begin + BATCH]
            minutes = self._from_nodes(self._from_places(batch, limit), near)
            which, row = np.nonzero(minutes <= limit)
            found.append(_Shortcuts(near[row], batch[which], minutes[which, row]))
        metres = limit / float(minutes_of_metres(np.ones(1), km_h=self._km_h)[0])
        for rows, places in ((np.flatnonzero(far), np.arange(len(lost))), (near, np.flatnonzero(lost))):
            if len(rows) and len(places):
                point, place, away = pairs_within(self._points_xy[rows], self._places_xy[places], metres)
                minutes = minutes_of_metres(away, km_h=self._km_h)
                found.append(_Shortcuts(rows[point], places[place], minutes))
        point = np.concatenate([one.point for one in found])
        place = np.concatenate([one.place for one in found])
        minutes = np.concatenate([one.minutes for one in found])
        order = np.lexsort((minutes, place, point))
        point, place, minutes = point[order], place[order], minutes[order]
        first = np.ones(len(point), dtype=bool)
        first[1:] = (point[1:] != point[:-1]) | (place[1:] != place[:-1])
        first &= minutes <= limit
        return point[first], place[first], minutes[first]

    def minutes_at_nodes(self) -> Floats:
        """Minutes (n_nodes,) from each junction to the nearest of the places that a road leads to."""
        placed = np.flatnonzero(~self.places.is_far)
        if not len(placed):
            return np.full(self._network.n_nodes, np.inf)
        return self._nearest_at_nodes(placed)[0]

    @property
    def minutes_to_road(self) -> Floats:
        """Minutes (m,) on foot from each place to its road; NaN where there is none."""
        return minutes_of_metres(self.places.away_m, km_h=self._foot_km_h)

    def _away(self, rows: Ints) -> Floats:
        """Minutes on foot from points to their road."""
        return minutes_of_metres(self.points.away_m[rows], km_h=self._foot_km_h)

    def _ends(self, rows: Ints) -> Ints:
        """Junctions (2, n) at the beginning and the end of the points' edges."""
        edge = self.points.edge[rows]
        return np.stack([self._network.edge_from[edge], self._network.edge_to[edge]])

    def _ways(self, rows: Ints) -> Floats:
        """Minutes (2, n) from points to the beginning and the end of their edges; inf against one-way.

        A point at an end of its edge is at the junction, whichever way the edge may be travelled.
        """
        edge, along = self.points.edge[rows], self.points.along[rows]
        net = self._network
        minutes = self.edge_minutes[edge]
        return np.stack(
            [
                np.where(net.backward[edge] | (along <= 0), minutes * along, np.inf),
                np.where(net.forward[edge] | (along >= 1), minutes * (1 - along), np.inf),
            ]
        )

    def _from_nodes(self, at_nodes: Floats, rows: Ints) -> Floats:
        """Minutes (k, n) of points, by the better end of their edges, given those of nodes (k, n_nodes)."""
        ends, ways = self._ends(rows), self._ways(rows)
        best = np.minimum(at_nodes[:, ends[0]] + ways[0], at_nodes[:, ends[1]] + ways[1])
        return np.asarray(best + self._away(rows))

    def _backwards(self, places: Ints) -> sparse.csr_array:
        """The network turned round, and a node for each place that leads to the ends of its edge."""
        net = self._network
        minutes = self.edge_minutes
        edge, along = self.places.edge[places], self.places.along[places]
        walk = self.minutes_to_road[places]
        own = net.n_nodes + np.arange(len(places))
        to_begin = net.forward[edge] | (along <= 0)  # arrived at from the beginning of its edge
        to_end = net.backward[edge] | (along >= 1)
        rows = np.concatenate(
            [net.edge_to[net.forward], net.edge_from[net.backward], own[to_begin], own[to_end]]
        )
        columns = np.concatenate(
            [
                net.edge_from[net.forward],
                net.edge_to[net.backward],
                net.edge_from[edge[to_begin]],
                net.edge_to[edge[to_end]],
            ]
        )
        weights = np.concatenate(
            [
                minutes[net.forward],
                minutes[net.backward],
                (walk + minutes[edge] * along)[to_begin],
                (walk + minutes[edge] * (1 - along))[to_end],
            ]
        )
        n = net.n_nodes + len(places)
        order = np.lexsort((weights, columns, rows))  # of two roads between the same junctions the quicker
        rows, columns, weights = rows[order], columns[order], weights[order]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
        weights = np.maximum(weights[first], 1e-9)  # a stored nought would be no road at all
        return sparse.csr_array((weights, (rows[first], columns[first])), shape=(n, n))

    def _from_places(self, places: Ints, limit: float = np.inf) -> Floats:
        """Minutes (n_places, n_nodes) from every junction to each of some places; inf beyond the limit."""
        n = self._network.n_nodes
        found = dijkstra(self._backwards(places), indices=n + np.arange(len(places)), limit=limit)
        return np.asarray(found[:, :n])

    def _nearest_at_nodes(self, places: Ints) -> tuple[Floats, Ints]:
        """Minutes (n_nodes,) from every junction to the nearest of some places, and which of them it is."""
        n = self._network.n_nodes
        found, _, source = dijkstra(
            self._backwards(places),
            indices=n + np.arange(len(places)),
            min_only=True,
            return_predecessors=True,
        )
        return np.asarray(found[:n]), np.asarray(source[:n] - n, dtype=np.int64)

    def _shortcuts(self) -> _Shortcuts:
        """Pairs on one edge, and pairs nearer to each other than to their roads."""
        edge_pairs, straight_pairs = self._on_one_edge(), self._nearer_than_roads()
        return _Shortcuts(
            np.concatenate([edge_pairs.point, straight_pairs.point]),
            np.concatenate([edge_pairs.place, straight_pairs.place]),
            np.concatenate([edge_pairs.minutes, straight_pairs.minutes]),
        )

    def _on_one_edge(self) -> _Shortcuts:
        net = self._network
        placed = np.flatnonzero(~self.places.is_far)
        near = np.flatnonzero(~self.points.is_far)
        order = placed[np.argsort(self.places.edge[placed], kind="stable")]
        edges = self.places.edge[order]
        low = np.searchsorted(edges, self.points.edge[near], "left")
        n_on = np.searchsorted(edges, self.points.edge[near], "right") - low
        point = np.repeat(near, n_on)
        place = order[
            np.repeat(low - np.concatenate([[0], np.cumsum(n_on)[:-1]]), n_on) + np.arange(n_on.sum())
        ]
        edge = self.points.edge[point]
        ahead = self.places.along[place] - self.points.along[point]
        is_open = (ahead == 0) | np.where(ahead > 0, net.forward[edge], net.backward[edge])
        metres = self.points.away_m[point] + self.places.away_m[place]
        minutes = np.abs(ahead) * self.edge_minutes[edge] + minutes_of_metres(metres, km_h=self._foot_km_h)
        return _Shortcuts(point[is_open], place[is_open], minutes[is_open])

    def _nearer_than_roads(self) -> _Shortcuts:
        placed, near = np.flatnonzero(~self.places.is_far), np.flatnonzero(~self.points.is_far)
        none = np.zeros(0, dtype=np.int64)
        if not len(placed) or not len(near):
            return _Shortcuts(none, none, np.zeros(0))
        reach = self.points.away_m[near] + float(self.places.away_m[placed].max())
        lists = cKDTree(self._places_xy[placed]).query_ball_point(self._points_xy[near], reach)
        point = np.repeat(near, [len(one) for one in lists])
        place = placed[np.concatenate([none, *(np.asarray(one, dtype=np.int64) for one in lists)])]
        metres = np.hypot(*(self._points_xy[point] - self._places_xy[place]).T)
        nearer = metres <= self.points.away_m[point] + self.places.away_m[place]
        minutes = minutes_of_metres(metres[nearer], km_h=self._foot_km_h)
        return _Shortcuts(point[nearer], place[nearer], minutes)
