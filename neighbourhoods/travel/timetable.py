"""The bus timetables that are loaded: every feed on its own, and all of them as one day of rides.

Feeds of neighbouring regions are used together, and from a bus of one to a bus of another people change as
they do elsewhere. Each feed stands for every day by its own typical Tuesday.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from geodata.layouts.timetable import CALLS, STOPS, day_words
from neighbourhoods.study.ground import Ground
from neighbourhoods.travel.straight_line import BUS, TRAVEL_MODES

NO_TIMETABLE = (
    "No bus timetable is loaded. Import a GTFS feed: a zip with stops.txt, stop_times.txt, trips.txt, "
    "routes.txt and calendar.txt, such as your region's from the Bus Open Data Service."
)

Floats = NDArray[np.float64]


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


@dataclass(frozen=True)
class TimetableFeed:
    """One feed that is loaded.

    Parameters
    ----------
    id : str
        What it is removed by; a feed from a file of the same name takes its place.
    file_name, date : str
        The date as "2026-11-03".
    stops_id, calls_id : str
        Datasets of the workspace.
    content : str
        Hash of what it holds.
    """

    id: str
    file_name: str
    date: str
    stops_id: str
    calls_id: str
    content: str


def timetable_feeds(study: Ground) -> tuple[TimetableFeed, ...]:
    """The feeds that are loaded, in order of id."""
    found = []
    for one in study.datasets:
        if one.id == CALLS or one.id.startswith(f"{CALLS}:"):
            name = one.id.removeprefix(CALLS).removeprefix(":")
            found.append(
                TimetableFeed(
                    name or "timetable",
                    one.provenance.file_name,
                    one.extra["date"],
                    one.id.replace(CALLS, STOPS, 1),
                    one.id,
                    one.extra["content"],
                )
            )
    return tuple(found)


def remove_feed(study: Ground, feed_id: str) -> TimetableFeed:
    """Take one feed out of the workspace; the others stay.

    Raises
    ------
    InputError
        When there is none of this id.
    """
    feeds = {one.id: one for one in timetable_feeds(study)}
    if feed_id not in feeds:
        loaded = ", ".join(feeds) or "none"
        raise InputError(f"No bus timetable {feed_id!r} is loaded; loaded are {loaded}.")
    one = feeds[feed_id]
    study.store.remove(one.calls_id)
    study.store.remove(one.stops_id)
    return one


def timetable_of(study: Ground) -> Timetable:
    """All feeds as one: stops one after another, trips counted on."""
    stops, calls = [], []
    n_stops = n_trips = 0
    for feed in timetable_feeds(study):
        stops.append(study.store.read(feed.stops_id)[["x", "y"]].to_numpy(dtype=float))
        table = study.store.read(feed.calls_id)
        calls.append(table.assign(stop=table["stop"] + n_stops, trip=table["trip"] + n_trips))
        n_stops += len(stops[-1])
        n_trips = int(calls[-1]["trip"].max()) + 1
    return Timetable(np.concatenate(stops), pd.concat(calls, ignore_index=True))


def timetable_days(study: Ground) -> str:
    """The days whose timetables are taken: "2026-11-03", or several with commas."""
    return ",".join(sorted({one.date for one in timetable_feeds(study)}))


def days_words(days: str) -> str:
    """ "Tuesday 3 November 2026", or several with "and" (each feed has its own)."""
    return " and ".join(day_words(pd.Timestamp(one)) for one in days.split(","))


def offered_modes(study: Ground) -> list[str]:
    """Ways to travel that what is loaded allows: by bus only where there is a timetable."""
    return [*TRAVEL_MODES, *([BUS.id] if timetable_feeds(study) else [])]
