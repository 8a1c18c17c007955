"""Compiled scan of a timetable from its last ride to its first: when is a place reached, from every stop.

The connection scan for profiles (Dibbelt, Pajor, Strasser and Wagner, Connection Scan Algorithm, ACM Journal
of Experimental Algorithmics 23, 2018), with one profile for each number of rides. Of a profile only those
departures are kept that arrive earlier than every later one, so the last entry not before a time is the best.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.compiled import compiler

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

compiled = compiler(__file__)

NEVER = 1 << 40


class Rides(NamedTuple):
    """Rides from one stop to the next, those that depart last first.

    Parameters
    ----------
    departure, arrival : int64 (n_rides,)
        Seconds of the day.
    from_stop, to_stop, trip : int64 (n_rides,)
    can_board, can_alight : bool (n_rides,)
        At the stop it departs from, at the stop it arrives at.
    """

    departure: Ints
    arrival: Ints
    from_stop: Ints
    to_stop: Ints
    trip: Ints
    can_board: Flags
    can_alight: Flags


class Links(NamedTuple):
    """Ways on foot from each of some beginnings to stops.

    Parameters
    ----------
    begin : int64 (n + 1,)
        Those of i are begin[i] to begin[i + 1] of
    stop, seconds : int64 (n_links,)
    """

    begin: Ints
    stop: Ints
    seconds: Ints


class Profiles(NamedTuple):
    """By number of rides less one and by stop: departures, falling, with their arrivals and places.

    Parameters
    ----------
    begin : int64 (n_stops + 1,)
        Room of each stop.
    n_kept : int64 (n_rides_max, n_stops)
    departure, arrival, place : int64 (n_rides_max, room)
    """

    begin: Ints
    n_kept: Ints
    departure: Ints
    arrival: Ints
    place: Ints


@compiled
def entry_at(departure: Ints, begin: int, count: int, when: int) -> int:
    """Position of the last entry that departs at `when` or later; -1 for none."""
    low, high = 0, count  # entries before `low` depart in time
    while low < high:
        middle = (low + high) // 2
        if departure[begin + middle] >= when:
            low = middle + 1
        else:
            high = middle
    return begin + low - 1 if low else -1


@compiled
def scan(
    rides: Rides, changes: Links, exit_seconds: Ints, exit_place: Ints, n_trips: int, n_rides_max: int
) -> Profiles:
    """Profiles of all stops towards the nearest place in time.

    Parameters
    ----------
    changes : Links
        From each stop to those where one may change, itself among them; seconds hold the time to change.
    exit_seconds, exit_place : int64 (n_stops,)
        Way on foot from each stop to its nearest place, or `NEVER`.
    """
    n_stops = len(exit_seconds)
    begin = np.zeros(n_stops + 1, np.int64)
    for i in range(len(rides.from_stop)):
        begin[rides.from_stop[i] + 1] += 1
    begin = np.cumsum(begin)
    room = len(rides.from_stop)
    count = np.zeros((n_rides_max, n_stops), np.int64)
    departure = np.zeros((n_rides_max, room), np.int64)
    arrival = np.zeros((n_rides_max, room), np.int64)
    place = np.zeros((n_rides_max, room), np.int64)
    on_trip = np.full((n_trips, n_rides_max), NEVER, np.int64)
    trip_place = np.full((n_trips, n_rides_max), -1, np.int64)
    for i in range(room):
        trip, there, back = rides.trip[i], rides.to_stop[i], rides.from_stop[i]
        for k in range(n_rides_max):
            best, which = on_trip[trip, k], trip_place[trip, k]
            if rides.can_alight[i]:
                if rides.arrival[i] + exit_seconds[there] < best:
                    best, which = rides.arrival[i] + exit_seconds[there], exit_place[there]
                if k > 0:
                    for j in range(changes.begin[there], changes.begin[there + 1]):
                        stop = changes.stop[j]
                        at = entry_at(
                            departure[k - 1],
                            begin[stop],
                            count[k - 1, stop],
                            rides.arrival[i] + changes.seconds[j],
                        )
                        if at >= 0 and arrival[k - 1, at] < best:
                            best, which = arrival[k - 1, at], place[k - 1, at]
            if best >= NEVER:
                continue
            on_trip[trip, k], trip_place[trip, k] = best, which
            if not rides.can_board[i]:
                continue
            end = begin[back] + count[k, back]
            if count[k, back] and arrival[k, end - 1] <= best:
                continue
            if count[k, back] and departure[k, end - 1] == rides.departure[i]:
                end -= 1
            else:
                count[k, back] += 1
            departure[k, end], arrival[k, end], place[k, end] = rides.departure[i], best, which
    return Profiles(begin, count, departure, arrival, place)


@compiled
def arrivals(
    profiles: Profiles, access: Links, walk_seconds: Ints, walk_place: Ints, starts: Ints
) -> tuple[Ints, Ints]:
    """Seconds under way (n_points, n_starts) and the place that is reached, on foot where that is quicker.

    Parameters
    ----------
    access : Links
        From each point to the stops it can walk to.
    walk_seconds, walk_place : int64 (n_points,)
        On foot all the way.
    starts : int64 (n_starts,)
        Seconds of the day at which one sets out.
    """
    n_points, last = len(walk_seconds), profiles.departure.shape[0] - 1
    seconds = np.zeros((n_points, len(starts)), np.int64)
    place = np.zeros((n_points, len(starts)), np.int64)
    for point in range(n_points):
        for j in range(len(starts)):
            best, which = walk_seconds[point], walk_place[point]
            for link in range(access.begin[point], access.begin[point + 1]):
                stop = access.stop[link]
                at = entry_at(
                    profiles.departure[last],
                    profiles.begin[stop],
                    profiles.n_kept[last, stop],
                    starts[j] + access.seconds[link],
                )
                if at >= 0 and profiles.arrival[last, at] - starts[j] < best:
                    best, which = profiles.arrival[last, at] - starts[j], profiles.place[last, at]
            seconds[point, j], place[point, j] = best, which
    return seconds, place
