"""Ways on foot to bus stops, between them and from them: along the streets where they are loaded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.travel.straight_line import DETOUR, pairs_within
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import StreetNetwork

WALK_MINUTES = 15.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class StopWalk:
    """Walks round some stops, in whole seconds rounded up: a bus is missed by a second.

    Parameters
    ----------
    stops_xy : float (n_stops, 2)
        Metres in EPSG:27700.
    km_h : float
        Walking speed.
    streets : StreetNetwork, optional
        Open to walkers; None for a straight line times `DETOUR`.
    """

    def __init__(self, stops_xy: Floats, km_h: float, streets: StreetNetwork | None = None) -> None:
        self._stops_xy, self._km_h, self._streets = stops_xy, km_h, streets

    def from_stops(self, places_xy: Floats, minutes: float) -> tuple[Ints, Ints, Ints]:
        """Stop, place and seconds of every pair at most so many minutes apart."""
        return self._pairs(self._stops_xy, places_xy, minutes)

    def to_stops(self, points_xy: Floats, minutes: float = WALK_MINUTES) -> tuple[Ints, Ints, Ints]:
        """Begin (n_points + 1,), stop and seconds of the ways from each point to the stops near it."""
        return _in_rows(self._pairs(points_xy, self._stops_xy, minutes), len(points_xy))

    def changes(self, minutes: float, extra_s: int) -> tuple[Ints, Ints, Ints]:
        """The same from each stop to those near it, itself among them, and the time to change."""
        pairs = self._pairs(self._stops_xy, self._stops_xy, minutes)
        begin, stop, seconds = _in_rows(pairs, len(self._stops_xy))
        return begin, stop, seconds + extra_s

    def _pairs(self, from_xy: Floats, to_xy: Floats, minutes: float) -> tuple[Ints, Ints, Ints]:
        if self._streets is None:
            per_second = self._km_h * 1_000 / 3_600 / DETOUR  # straight metres
            first, second, metres = pairs_within(from_xy, to_xy, minutes * 60 * per_second)
            return first, second, np.ceil(metres / per_second).astype(np.int64)
        journeys = StreetJourneys(self._streets, from_xy, to_xy, self._km_h)
        first, second, found = journeys.within(minutes)
        return first, second, np.ceil(found * 60).astype(np.int64)


def _in_rows(pairs: tuple[Ints, Ints, Ints], n: int) -> tuple[Ints, Ints, Ints]:
    first, second, seconds = pairs
    order = np.argsort(first, kind="stable")
    begin = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=n))]).astype(np.int64)
    return begin, second[order], seconds[order]
