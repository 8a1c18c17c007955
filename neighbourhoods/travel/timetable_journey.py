"""Minutes by bus and on foot: a walk to a stop, a wait, a ride or up to three, and a walk to the place.

Worked out for several times of setting out and averaged, because whoever just misses a bus waits for the
next. On foot all the way counts wherever it is quicker. The mistake this prevents: a bus every two hours
that looks as good as one every ten minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.dataset import Dataset
from geodata.errors import MissingDataError
from geodata.layouts.timetable import CALLS, STOPS, day_words
from neighbourhoods.study.ground import Ground
from neighbourhoods.travel.matrix import NearestPlaces, kept, nearest_places
from neighbourhoods.travel.straight_line import BUS, DETOUR, TRAVEL_MODES

FROM_S, TO_S, EVERY_S = 10 * 3_600, 12 * 3_600, 600
LAST_S = 16 * 3_600  # a ride that departs later is of no use to whoever sets out by noon
CHANGE_S = 120
RIDES_MAX = 3
WALK_MINUTES, CHANGE_WALK_MINUTES = 15.0, 5.0
NO_TIMETABLE = (
    "No bus timetable is loaded. Import a GTFS feed: a zip with stops.txt, stop_times.txt, trips.txt, "
    "routes.txt and calendar.txt, such as your region's from the Bus Open Data Service."
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Timetable:
    """Calls of one day.

    Parameters
    ----------
    stops_xy : float (n_stops, 2)
        Metres in EPSG:27700.
    calls : DataFrame
        In order of trips: trip, stop, arrival_s, departure_s, can_board, can_alight.
    """

    stops_xy: Floats
    calls: pd.DataFrame


def timetable_dataset(study: Ground) -> Dataset | None:
    """The calls that are loaded; None when no timetable is."""
    return next((d for d in study.datasets if d.id == CALLS), None)


def offered_modes(study: Ground) -> list[str]:
    """Ways to travel that what is loaded allows: by bus only where there is a timetable."""
    return [*TRAVEL_MODES, *([BUS.id] if timetable_dataset(study) else [])]


def start_times() -> Ints:
    """Seconds of the day at which people set out."""
    return np.arange(FROM_S, TO_S + 1, EVERY_S, dtype=np.int64)


def short_timetable_words(date: str) -> str:
    """When, in a sentence; the date as "2026-11-03"."""
    return (
        f"By bus and on foot on {day_words(pd.Timestamp(date))}, the mean of journeys that set out from "
        f"{FROM_S // 3600}:00 to {TO_S // 3600}:00, waiting counted."
    )


def timetable_words(date: str) -> str:
    """When, and how often, in a sentence; the date as "2026-11-03"."""
    day = day_words(pd.Timestamp(date))
    n = len(start_times())
    return (
        f"By bus and on foot, the mean of {n} journeys that set out every {EVERY_S // 60} minutes from "
        f"{FROM_S // 3600}:00 to {TO_S // 3600}:00 on {day}, waiting counted, with at most {RIDES_MAX - 1} "
        f"changes; up to {WALK_MINUTES:g} minutes on foot to or from a stop, a straight line times "
        f"{DETOUR:g}; or on foot all the way where that is quicker."
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
        Key of `ROUTES`: how whoever walks all the way walks.

    Raises
    ------
    MissingDataError
        When no timetable is loaded.
    """
    dataset = timetable_dataset(study)
    if dataset is None:
        raise MissingDataError(NO_TIMETABLE)
    on_foot = nearest_places(study, points_xy, places_xy, "walk", km_h, route=route)

    def work() -> dict[str, NDArray[np.generic]]:
        table = Timetable(study.store.read(STOPS)[["x", "y"]].to_numpy(dtype=float), study.store.read(CALLS))
        minutes, place = bus_minutes(table, points_xy, places_xy, on_foot, km_h or BUS.km_h)
        return {"minutes": minutes, "place": place}

    asked = ("bus", km_h, dataset.extra["content"])
    found = kept(study, asked, (points_xy, places_xy, on_foot.minutes), work)
    minutes, place = found["minutes"].astype(float), found["place"].astype(np.int64)
    return NearestPlaces(minutes, place, on_foot.streets, on_foot.is_straight, dataset.extra["date"])


def bus_minutes(
    table: Timetable, points_xy: Floats, places_xy: Floats, on_foot: NearestPlaces, km_h: float
) -> tuple[Floats, Ints]:
    """Mean minutes (n,) and the place that is reached most often, the first of equals (n,)."""
    from neighbourhoods.travel.timetable_kernel import NEVER, Links, arrivals, scan  # compiled

    per_second = km_h * 1_000 / 3_600 / DETOUR  # straight metres
    stops = cKDTree(table.stops_xy)
    changes = _links(table.stops_xy, stops, CHANGE_WALK_MINUTES, per_second, CHANGE_S)
    access = _links(points_xy, stops, WALK_MINUTES, per_second, 0)
    metres, which = cKDTree(places_xy).query(table.stops_xy)
    seconds = np.ceil(np.asarray(metres) / per_second).astype(np.int64)
    in_reach = seconds <= WALK_MINUTES * 60
    n_trips = int(table.calls["trip"].max()) + 1
    profiles = scan(
        _rides(table.calls),
        Links(*changes),
        np.where(in_reach, seconds, NEVER),
        np.asarray(which, dtype=np.int64),
        n_trips,
        RIDES_MAX,
    )
    walk = np.rint(on_foot.minutes * 60).astype(np.int64)
    taken, place = arrivals(profiles, Links(*access), walk, on_foot.place, start_times())
    is_walk = (taken == walk[:, None]).all(axis=1)
    minutes = np.where(is_walk, on_foot.minutes, taken.mean(axis=1) / 60)
    return minutes, _most_often(place)


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


def _links(
    from_xy: Floats, stops: cKDTree, minutes: float, per_second: float, extra_s: int
) -> tuple[Ints, Ints, Ints]:
    """Begin, stop and seconds of the ways on foot from each point to the stops within some minutes."""
    lists = stops.query_ball_point(from_xy, minutes * 60 * per_second)
    size = np.array([len(one) for one in lists], dtype=np.int64)
    begin = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    stop = np.fromiter((one for found in lists for one in found), dtype=np.int64, count=int(begin[-1]))
    metres = np.hypot(*(np.repeat(from_xy, size, axis=0) - stops.data[stop]).T)
    return begin, stop, np.ceil(metres / per_second).astype(np.int64) + extra_s


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
