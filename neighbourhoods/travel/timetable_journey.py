"""Minutes by bus and on foot: a walk to a stop, a wait, a ride or up to three, and a walk to the place.

Worked out for several times of setting out and averaged, because whoever just misses a bus waits for the
next. On foot all the way counts wherever it is quicker. The mistake this prevents: a bus every two hours
that looks as good as one every ten minutes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import MissingDataError
from neighbourhoods.study.ground import Ground
from neighbourhoods.travel.matrix import (
    NearestPlaces,
    Progress,
    is_along_streets,
    kept,
    minutes_to_places,
    nearest_places,
    street_use,
)
from neighbourhoods.travel.stop_walk import WALK_MINUTES, StopWalk
from neighbourhoods.travel.straight_line import BUS, DETOUR
from neighbourhoods.travel.street_network import StreetNetwork
from neighbourhoods.travel.timetable import (
    NO_TIMETABLE,
    Timetable,
    days_words,
    timetable_days,
    timetable_feeds,
    timetable_of,
)

FROM_S, TO_S, EVERY_S = 10 * 3_600, 12 * 3_600, 600
LAST_S = 16 * 3_600  # a ride that departs later is of no use to whoever sets out by noon
CHANGE_S = 120
RIDES_MAX = 3
CHANGE_WALK_MINUTES = 5.0
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def start_times() -> Ints:
    """Seconds of the day at which people set out."""
    return np.arange(FROM_S, TO_S + 1, EVERY_S, dtype=np.int64)


def short_timetable_words(days: str) -> str:
    """When, in a sentence; the days as "2026-11-03", with commas between."""
    return (
        f"By bus and on foot on {days_words(days)}, the mean of journeys that set out from "
        f"{FROM_S // 3600}:00 to {TO_S // 3600}:00, waiting counted."
    )


def timetable_words(days: str, *, is_straight: bool = True) -> str:
    """When, and how often, in a sentence; the days as "2026-11-03", with commas between."""
    n = len(start_times())
    way = f"a straight line times {DETOUR:g}" if is_straight else "along the streets"
    return (
        f"By bus and on foot, the mean of {n} journeys that set out every {EVERY_S // 60} minutes from "
        f"{FROM_S // 3600}:00 to {TO_S // 3600}:00 on {days_words(days)}, waiting counted, with at most "
        f"{RIDES_MAX - 1} changes; up to {WALK_MINUTES:g} minutes on foot to or from a stop, {way}; or on "
        "foot all the way where that is quicker. The way back is not counted."
    )


def nearest_by_bus(
    study: Ground, points_xy: Floats, places_xy: Floats, km_h: float = 0.0, *, route: str = "best"
) -> NearestPlaces:
    """The place that each point reaches soonest, and the mean minutes.

    Parameters
    ----------
    points_xy, places_xy : float (n, 2), (m, 2)
        Metres in EPSG:27700.
    km_h : float
        Walking speed; 0 for the mode's own.
    route : str
        Key of `ROUTES`: how people walk, to stops, from stops and all the way.

    Raises
    ------
    MissingDataError
        When no timetable is loaded.
    """
    _require_timetable(study)
    on_foot = nearest_places(study, points_xy, places_xy, "walk", km_h, route=route)
    streets = None if on_foot.is_straight else study.street_network("walk")

    def work() -> dict[str, NDArray[np.generic]]:
        minutes, place = bus_minutes(
            timetable_of(study), points_xy, places_xy, on_foot, km_h or BUS.km_h, streets
        )
        return {"minutes": minutes, "place": place}

    found = kept(study, _asked(study, "bus", km_h, streets), (points_xy, places_xy, on_foot.minutes), work)
    minutes, place = found["minutes"].astype(float), found["place"].astype(np.int64)
    return NearestPlaces(minutes, place, on_foot.streets, on_foot.is_straight, timetable_days(study))


def minutes_by_bus(
    study: Ground,
    points_xy: Floats,
    places_xy: Floats,
    km_h: float = 0.0,
    *,
    route: str = "best",
    progress: Progress | None = None,
) -> Floats:
    """Mean minutes (n, m) from each point to each place; parameters and errors as of `nearest_by_bus`.

    Whoever goes to one of these places keeps to it; `nearest_by_bus` lets them take whichever is soonest at
    each time of setting out, and so never says more minutes than the least of these.

    Parameters
    ----------
    progress : callable, optional
        Called with the places done and all places; not at all where the minutes were kept.
    """
    _require_timetable(study)
    on_foot = minutes_to_places(study, points_xy, places_xy, "walk", km_h, route=route)
    is_along = is_along_streets(street_use(study, points_xy, "walk"), route)
    streets = study.street_network("walk") if is_along else None

    def work() -> dict[str, NDArray[np.generic]]:
        table = timetable_of(study)
        found = bus_matrix(table, points_xy, places_xy, on_foot, km_h or BUS.km_h, streets, progress)
        return {"minutes": found.astype(np.float32)}

    asked = _asked(study, "bus matrix", km_h, streets)
    return kept(study, asked, (points_xy, places_xy, on_foot), work)["minutes"].astype(float)


def _require_timetable(study: Ground) -> None:
    if not timetable_feeds(study):
        raise MissingDataError(NO_TIMETABLE)


def _asked(study: Ground, question: str, km_h: float, streets: StreetNetwork | None) -> tuple[object, ...]:
    contents = tuple(one.content for one in timetable_feeds(study))
    return question, km_h, contents, "straight" if streets is None else "streets"


def bus_minutes(
    table: Timetable,
    points_xy: Floats,
    places_xy: Floats,
    on_foot: NearestPlaces,
    km_h: float,
    streets: StreetNetwork | None = None,
) -> tuple[Floats, Ints]:
    """Mean minutes (n,) and the place that is reached most often, the first of equals (n,).

    Parameters
    ----------
    streets : StreetNetwork, optional
        What people walk along to stops and from them; None for a straight line.
    """
    from neighbourhoods.travel.timetable_kernel import NEVER, Links, arrivals, scan  # compiled

    walk = StopWalk(table.stops_xy, km_h, streets)
    stop, place, seconds = walk.from_stops(places_xy, WALK_MINUTES)
    order = np.lexsort((place, seconds, stop))[::-1]  # of several places the nearest is written last
    exit_seconds = np.full(len(table.stops_xy), NEVER, dtype=np.int64)
    exit_place = np.zeros(len(table.stops_xy), dtype=np.int64)
    exit_seconds[stop[order]], exit_place[stop[order]] = seconds[order], place[order]
    changes, access = Links(*walk.changes(CHANGE_WALK_MINUTES, CHANGE_S)), Links(*walk.to_stops(points_xy))
    n_trips = int(table.calls["trip"].max()) + 1
    profiles = scan(_rides(table.calls), changes, exit_seconds, exit_place, n_trips, RIDES_MAX)
    by_foot = np.rint(on_foot.minutes * 60).astype(np.int64)
    taken, reached = arrivals(profiles, access, by_foot, on_foot.place, start_times())
    return _mean_minutes(taken, by_foot, on_foot.minutes), _most_often(reached)


def bus_matrix(
    table: Timetable,
    points_xy: Floats,
    places_xy: Floats,
    on_foot: Floats,
    km_h: float,
    streets: StreetNetwork | None = None,
    progress: Progress | None = None,
) -> Floats:
    """Mean minutes (n, m) to each place on its own, given those on foot (n, m)."""
    from neighbourhoods.travel.timetable_kernel import NEVER, Links, arrivals, scan  # compiled

    walk = StopWalk(table.stops_xy, km_h, streets)
    stop, place, seconds = walk.from_stops(places_xy, WALK_MINUTES)
    changes, access = Links(*walk.changes(CHANGE_WALK_MINUTES, CHANGE_S)), Links(*walk.to_stops(points_xy))
    rides, n_trips = _rides(table.calls), int(table.calls["trip"].max()) + 1
    nowhere = np.zeros(len(table.stops_xy), dtype=np.int64)
    found = np.array(on_foot, dtype=float)
    for one in range(len(places_xy)):
        rows = place == one
        if rows.any():
            exits = np.full(len(table.stops_xy), NEVER, dtype=np.int64)
            exits[stop[rows]] = seconds[rows]
            profiles = scan(rides, changes, exits, nowhere, n_trips, RIDES_MAX)
            by_foot = np.rint(found[:, one] * 60).astype(np.int64)
            taken, _ = arrivals(profiles, access, by_foot, np.zeros_like(by_foot), start_times())
            found[:, one] = _mean_minutes(taken, by_foot, found[:, one])
        if progress:
            progress(one + 1, len(places_xy))
    return found


def _mean_minutes(taken: Ints, by_foot: Ints, minutes: Floats) -> Floats:
    """Mean over the times of setting out (n, n_starts), exact where everybody always walks."""
    return np.where((taken == by_foot[:, None]).all(axis=1), minutes, taken.mean(axis=1) / 60)


def _rides(calls: pd.DataFrame) -> tuple[NDArray[np.generic], ...]:
    from neighbourhoods.travel.timetable_kernel import Rides

    trip = calls["trip"].to_numpy(dtype=np.int64)
    begin = np.flatnonzero(trip[1:] == trip[:-1])
    departs = calls["departure_s"].to_numpy(dtype=np.int64)
    begin = begin[(departs[begin] >= FROM_S) & (departs[begin] <= LAST_S)]
    order = begin[np.lexsort((-begin, -departs[begin]))]  # of one trip at one time the later ride first
    stop = calls["stop"].to_numpy(dtype=np.int64)
    return Rides(
        departs[order],
        calls["arrival_s"].to_numpy(dtype=np.int64)[order + 1],
        stop[order],
        stop[order + 1],
        trip[order],
        calls["can_board"].to_numpy(dtype=bool)[order],
        calls["can_alight"].to_numpy(dtype=bool)[order + 1],
    )


def _most_often(place: Ints) -> Ints:
    """The value that stands most often in each row, the least of equals."""
    ordered = np.sort(place, axis=1)
    n = ordered.shape[1]
    best = ordered[:, 0].copy()
    most = np.zeros(len(ordered), dtype=np.int64)
    run = np.zeros(len(ordered), dtype=np.int64)
    for j in range(n):
        run = np.where(ordered[:, j] == ordered[:, j - 1], run + 1, 1) if j else np.ones_like(run)
        better = run > most
        most, best = np.where(better, run, most), np.where(better, ordered[:, j], best)
    return best
