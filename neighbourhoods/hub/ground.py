"""What a plan for hubs stands on: starting points, places, and the minutes between all of them.

Worked out once, so that what a plan would be with one hub less is a minimum over a few columns and no journey
is worked out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from geodata.layouts.venue import CANDIDATE
from neighbourhoods.hub.params import HubParams
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, AccessParams
from neighbourhoods.travel.matrix import StreetUse, is_along_streets, minutes_to_places, street_use
from neighbourhoods.travel.starting_point import StartingPoints, starting_points
from neighbourhoods.travel.straight_line import BUS
from neighbourhoods.travel.timetable import timetable_days
from neighbourhoods.travel.timetable_journey import minutes_by_bus

BUS_STOP = "bus_stop"


@dataclass(frozen=True, eq=False)
class HubGround:
    """Journeys from where people live to every place that could house a hub.

    Parameters
    ----------
    geography : str
        Kind of area that is shown.
    points : StartingPoints
    places : GeoDataFrame
        By place_id.
    minutes : float32 (n_points, n_places)
    streets : StreetUse, optional
    is_straight : bool
    day : str
        By bus the days whose timetables were taken.
    """

    geography: str
    points: StartingPoints
    places: gpd.GeoDataFrame
    minutes: NDArray[np.float32]
    streets: StreetUse | None
    is_straight: bool
    day: str = ""

    def reach(self, params: HubParams, chosen: Collection[str]) -> Access:
        """How far everybody is from the nearest of some hubs, as the Access page would say it.

        Raises
        ------
        InputError
            When none of them is among the places.
        """
        rows = np.flatnonzero(self.places.index.isin(list(chosen)))
        if not len(rows):
            raise InputError("None of the places that are to count is loaded.")
        minutes = self.minutes[:, rows]
        nearest = np.argmin(np.where(np.isnan(minutes), np.inf, minutes), axis=1)
        return Access(
            AccessParams(
                params.kinds,
                self.geography,
                params.mode,
                params.km_h,
                limits_of(params.minutes),
                open_at=params.open_at,
            ),
            self.points,
            self.places.iloc[rows],
            minutes[np.arange(len(minutes)), nearest].astype(float),
            nearest.astype(np.int64),
            self.streets,
            self.is_straight,
            self.day,
        )


def hub_ground(
    study: Study, params: HubParams, progress: Callable[[int, int], None] | None = None
) -> HubGround:
    """Journeys to all places of the kinds that are asked for.

    Parameters
    ----------
    progress : callable, optional
        Called with the places done and all places.

    Raises
    ------
    InputError
        When a kind has no place, residents are not known, no road that is loaded is open to the mode, or
        the bus is asked for and no timetable is loaded.
    """
    places = candidates(study, params.kinds)
    geography = finest(study)
    points = starting_points(study, geography)
    xy = np.column_stack([places.geometry.x, places.geometry.y])
    on_road = "walk" if params.mode == BUS.id else params.mode
    use = street_use(study, points.xy, on_road)
    if params.mode == BUS.id:
        minutes = minutes_by_bus(study, points.xy, xy, params.km_h, progress=progress)
    else:
        minutes = minutes_to_places(study, points.xy, xy, params.mode, params.km_h, progress=progress)
    return HubGround(
        geography,
        points,
        places,
        minutes.astype(np.float32),
        use,
        not is_along_streets(use, "best"),
        timetable_days(study) if params.mode == BUS.id else "",
    )


def candidates(study: Study, kinds: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Places that could house a hub, by place_id.

    Raises
    ------
    InputError
        When a kind has no place.
    """
    places = study.places()
    lacking = sorted(set(kinds) - set(places["kind"]))
    if lacking:
        loaded = ", ".join(sorted(study.place_kinds)) or "none"
        raise InputError(f"No place of the kind {lacking[0]!r} is loaded; loaded are {loaded}.")
    return places[places["kind"].isin(kinds)]


def finest(study: Study) -> str:
    """The kind of area whose people are counted: wards, or what is smaller inside them.

    Raises
    ------
    InputError
        When residents are known for none.
    """
    known = [g for g in study.geographies if study.population(g).notna().all()]
    if not known:
        raise InputError("Residents are not known for any kind of area; import a population table.")
    return known[0]


def limits_of(minutes: float) -> tuple[float, ...]:
    """Limits for tables: 10, 15 and 20 minutes, and the one that is asked for."""
    return tuple(sorted({10.0, 15.0, 20.0, minutes}))


def cost_columns(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """What each place costs in pounds, by place_id: running (a year), opening; NaN where nobody knows.

    Opening costs are those of candidates; whatever is open already opens for nothing.
    """
    nothing = pd.Series(np.nan, index=places.index)
    running = places.get("running_cost_gbp", nothing)
    opening = places.get("opening_cost_gbp", nothing)
    is_new = places["status"] == CANDIDATE
    return pd.DataFrame({"running": running, "opening": opening.fillna(0.0).where(is_new, 0.0)})


def open_now(places: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Ids of the places that are open already: all but candidates."""
    return tuple(str(one) for one in places.index[places["status"] != CANDIDATE])


def services_of(places: gpd.GeoDataFrame) -> pd.Series:
    """By place_id, the services that a place names and its kind, in small letters (frozensets)."""
    named = places.get("services", pd.Series("", index=places.index)).fillna("").astype(str)
    kinds = places["kind"].astype(str).str.replace("_", " ")
    split = named.str.lower().str.split(r"[;,|/]", regex=True)
    found = [
        frozenset({one.strip() for one in words if one.strip()} | {kind.lower()})
        for words, kind in zip(split, kinds, strict=True)
    ]
    return pd.Series(found, index=places.index)
