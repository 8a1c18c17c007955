"""Where a bus may stand, and how much of the need each stop reaches.

A stop is worth 1 at its door and 0 at `stop_minutes` from it, falling evenly between: who lives half as far
counts for half. Bus stops are many and stand in pairs, so that of those within `APART_M` of each other only
the one that reaches most need stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.spatial import cKDTree

from geodata.errors import InputError
from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.own_stop import OWN_KIND, has_all, lacking_words, with_own
from neighbourhoods.outreach.plan import OutreachParams
from neighbourhoods.study.study import Study
from neighbourhoods.travel.matrix import minutes_to_places
from neighbourhoods.travel.straight_line import TRAVEL_MODES

APART_M = 200.0
BUS_STOP = "bus_stop"
N_TOGETHER = 256  # stops whose journeys are worked out at a time

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class OutreachStops:
    """Stops that a bus may use.

    Parameters
    ----------
    places : GeoDataFrame
        By place_id; points that a planner set among them.
    reach : csr_array (n_stops, n_points)
        Share of the need at a point that a stop serves, above 0 and up to 1.
    n_thinned : int
        Bus stops that were left out for another near them.
    """

    places: gpd.GeoDataFrame
    reach: csr_array
    n_thinned: int

    @property
    def xy(self) -> Floats:
        """Metres in EPSG:27700 (n_stops, 2)."""
        return np.column_stack([self.places.geometry.x, self.places.geometry.y])


def outreach_stops(study: Study, params: OutreachParams, need: OutreachNeed) -> OutreachStops:
    """Stops that reach any need, and those of fixed visits.

    Raises
    ------
    InputError
        When a kind has no place, a fixed stop is not loaded or is forbidden, no place has what is asked for,
        or no stop reaches anybody.
    """
    places = with_own(study.places(), params.own_stops)
    lacking = sorted(set(params.stop_kinds) - set(places["kind"]))
    if lacking:
        loaded = ", ".join(sorted(study.place_kinds)) or "none"
        raise InputError(f"No place of the kind {lacking[0]!r} is loaded; loaded are {loaded}.")
    fixed = list(dict.fromkeys(one.stop_id for one in params.fixed))
    for one in fixed:
        if one not in places.index:
            raise InputError(f"The stop {one!r} of a fixed visit is not in the register of places.")
        if one in params.forbidden:
            raise InputError(
                f"The stop {one!r} is both forbidden and visited; take it out of one of the two."
            )
    is_offered = places["kind"].isin([*params.stop_kinds, OWN_KIND]) & ~places.index.isin(params.forbidden)
    is_asked = is_offered & has_all(places, params.stop_needs)
    if not is_asked.any():
        raise InputError(
            "No place has what is asked of a stop: "
            f"{lacking_words(places[is_offered], params.stop_needs) or 'all are forbidden.'} Say in the "
            "register what is known of places, or ask for less."
        )
    asked = places[is_asked | places.index.isin(fixed)]
    near = _near_need(asked, params, need)
    kept = thinned(asked, near, APART_M, fixed)
    stops = asked.iloc[kept]
    reach = _reach(study, params, need, stops)
    serves = (np.diff(reach.indptr) > 0) | stops.index.isin(fixed)
    if not (np.diff(reach.indptr) > 0).any():
        raise InputError(
            f"Nobody who is more than {params.far_minutes:g} minutes from every hub lives within "
            f"{params.stop_minutes:g} minutes of a place where the bus may stand. Choose more kinds of "
            "place, or other minutes."
        )
    rows = np.flatnonzero(serves)
    return OutreachStops(stops.iloc[rows], reach[rows], len(asked) - len(kept))


def stops_at(study: Study, params: OutreachParams, need: OutreachNeed, ids: Sequence[str]) -> OutreachStops:
    """Some places and points, whatever they have and whomever they reach, in the order given.

    Raises
    ------
    InputError
        When one is neither in the register nor among the points.
    """
    places = with_own(study.places(), params.own_stops)
    gone = [one for one in ids if one not in places.index]
    if gone:
        raise InputError(f"The stop {gone[0]!r} is not in the register of places any more.")
    stops = places.loc[list(ids)]
    return OutreachStops(stops, _reach(study, params, need, stops), 0)


def offered_places(study: Study, params: OutreachParams) -> gpd.GeoDataFrame:
    """Places and points at which the bus may stand by their kind, whatever they have."""
    places = with_own(study.places(), params.own_stops)
    is_offered = places["kind"].isin([*params.stop_kinds, OWN_KIND]) & ~places.index.isin(params.forbidden)
    return places[is_offered]


def decay(minutes: Floats, stop_minutes: float) -> Floats:
    """What a journey to a stop is worth: 1 at its door, falling evenly to 0 at `stop_minutes`."""
    return np.clip(1.0 - minutes / stop_minutes, 0.0, 1.0)


def thinned(places: gpd.GeoDataFrame, worth: Floats, apart_m: float, keep: list[str]) -> Ints:
    """Rows of all places but those bus stops that have a better one within `apart_m`, in rising order.

    Parameters
    ----------
    worth : float (n_places,)
        A higher one is better; of equals the first.
    keep : list of str
        Ids that stay in any case.
    """
    is_bus_stop = (places["kind"] == BUS_STOP).to_numpy() & ~places.index.isin(keep)
    rows = np.flatnonzero(is_bus_stop)
    if not len(rows):
        return np.arange(len(places))
    xy = np.column_stack([places.geometry.x, places.geometry.y])[rows]
    neighbours = cKDTree(xy).query_ball_point(xy, apart_m)
    is_kept, is_gone = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for one in np.argsort(-worth[rows], kind="stable"):
        if not is_gone[one]:
            is_gone[neighbours[one]] = True
            is_kept[one] = True
    return np.sort(np.concatenate([np.flatnonzero(~is_bus_stop), rows[is_kept]]))


def _near_need(places: gpd.GeoDataFrame, params: OutreachParams, need: OutreachNeed) -> Floats:
    """Need around each place in a straight line, by which one of several bus stops is chosen."""
    xy = np.column_stack([places.geometry.x, places.geometry.y])
    metre_minutes = 60 / (1_000 * (params.km_h or TRAVEL_MODES[params.mode].km_h))
    if not len(need.xy):
        return np.zeros(len(places))
    near = cKDTree(xy).sparse_distance_matrix(
        cKDTree(need.xy), params.stop_minutes / metre_minutes, output_type="coo_matrix"
    )
    worth = decay(near.data * metre_minutes, params.stop_minutes) * need.need.sum(axis=1)[near.col]
    return np.bincount(near.row, worth, len(places)).astype(float)


def _reach(study: Study, params: OutreachParams, need: OutreachNeed, stops: gpd.GeoDataFrame) -> csr_array:
    """Shares of need (n_stops, n_points) that stops serve; some stops at a time, so that memory holds."""
    xy = np.column_stack([stops.geometry.x, stops.geometry.y])
    parts = []
    for first in range(0, len(xy), N_TOGETHER):
        minutes = minutes_to_places(study, need.xy, xy[first : first + N_TOGETHER], params.mode, params.km_h)
        worth = decay(np.where(np.isfinite(minutes), minutes, np.inf), params.stop_minutes)
        parts.append(csr_array(worth.T))
    found = csr_array(vstack(parts, format="csr"))
    found.eliminate_zeros()
    return found


def stop_table(stops: gpd.GeoDataFrame) -> pd.DataFrame:
    """The columns of a plan's stops, by stop_id."""
    return pd.DataFrame(
        {
            "name": stops["name"].astype(str),
            "kind": stops["kind"].astype(str),
            "x": stops.geometry.x.astype(float),
            "y": stops.geometry.y.astype(float),
        }
    ).rename_axis("stop_id")
