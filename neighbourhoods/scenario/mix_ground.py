"""What the joint search stands on: need at points, which hubs and stops reach them, drives, and costs.

Worked out once for all hubs and all stops; the stops are those near any need, so that one list serves every
choice of hubs and the bound speaks of the same stops as the search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.errors import InputError
from neighbourhoods.hub.ground import candidates
from neighbourhoods.outreach.drive import Drives, outreach_drives
from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.plan import OutreachParams, StopWindow
from neighbourhoods.outreach.route import rounds_of
from neighbourhoods.outreach.stop import OutreachStops, outreach_stops
from neighbourhoods.outreach.task import CLOSED
from neighbourhoods.outreach.window import opening_windows, require_known_stops, stop_windows
from neighbourhoods.scenario.cost import hub_costs
from neighbourhoods.scenario.mix_params import MixParams, bus_params
from neighbourhoods.scenario.reach import need_at_points, need_points
from neighbourhoods.study.study import Study
from neighbourhoods.travel.matrix import minutes_to_places

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class MixGround:
    """Arrays of the joint search; points are those with any need.

    Parameters
    ----------
    need : OutreachNeed
        Of everybody, as the rule counts it, in one column.
    hub_ids : tuple of str
        Candidates.
    hub_minutes : float (n_points, n_hubs)
    hub_gbp : float (n_hubs,)
        A year.
    stops : OutreachStops
        With the share of need that each stop serves.
    drives : Drives
        Between the stops and the depot, which is last.
    depot : GeoDataFrame
        One row.
    opening : tuple of StopWindow
        Opening hours of stops that the register knows and the bus keeps.
    session_need : float (n_points, n_sessions), optional
        Need of the service on board in each session; that of the rule where it is left out.
    """

    need: OutreachNeed
    hub_ids: tuple[str, ...]
    hub_minutes: Floats
    hub_gbp: Floats
    stops: OutreachStops
    drives: Drives
    depot: gpd.GeoDataFrame
    opening: tuple[StopWindow, ...] = ()
    session_need: Floats | None = None

    @property
    def weight(self) -> Floats:
        """Need by point (n_points,)."""
        return np.asarray(self.need.need[:, 0])

    def covers(self, minutes: float) -> Flags:
        """Which hubs are near which points (n_points, n_hubs)."""
        return np.asarray(self.hub_minutes <= minutes)

    @property
    def near_stop(self) -> csr_array:
        """1 where a stop is near a point (n_stops, n_points)."""
        found = self.stops.reach.copy()
        found.data = np.ones_like(found.data)
        return csr_array(found)


def mix_ground(study: Study, params: MixParams) -> MixGround:
    """Journeys, drives and costs for the joint search.

    Raises
    ------
    InputError
        When a place, a kind or a figure that is asked for is not there.
    """
    places = candidates(study, params.kinds)
    hub_ids = tuple(str(one) for one in places.index)
    for one in (*params.fixed, *params.closed):
        if one not in places.index:
            raise InputError(f"There is no place {one!r} among those that could house a hub.")
    points = need_points(study)
    by_point = need_at_points(study, params.rule.service_id, points)
    if not (by_point > 0).any():
        raise InputError("Nobody has the need that is counted; choose another service.")
    asked = bus_params(params, hub_ids, max(params.n_vehicles_max, 1), params.shifts[-1])
    require_known_stops(asked, {*study.places().index, *(one.id for one in asked.own_stops)})
    by_session = np.column_stack([need_at_points(study, one.service_id, points) for one in asked.sessions])
    kept = np.flatnonzero((by_point > 0) | (by_session > 0).any(axis=1))
    xy, rule = points.xy[kept], params.rule
    hubs_xy = np.column_stack([places.geometry.x, places.geometry.y])
    minutes = minutes_to_places(study, xy, hubs_xy, rule.mode, rule.km_h)
    need = OutreachNeed(
        xy,
        points.row[kept],
        by_point[kept][:, None],
        pd.Index(points.area_codes),
        points.geography,
        minutes.min(axis=1),
    )
    every = outreach_stops(study, asked, need)
    opening = opening_windows(asked, every.places)
    stops = open_stops(with_hours(asked, opening), every)
    return MixGround(
        need,
        hub_ids,
        np.where(np.isfinite(minutes), minutes, np.inf),
        hub_costs(study, hub_ids, params.hub_costs)["gbp_year"].to_numpy(dtype=float),
        stops,
        outreach_drives(study, asked, stops.xy, [str(one) for one in stops.places.index]),
        study.places().loc[[params.depot_id]],
        opening,
        by_session[kept],
    )


def with_hours(asked: OutreachParams, opening: tuple[StopWindow, ...]) -> OutreachParams:
    """The same with opening hours among the windows of stops."""
    return replace(asked, windows=(*asked.windows, *opening))


def open_stops(asked: OutreachParams, stops: OutreachStops) -> OutreachStops:
    """Those of the stops where a vehicle may stand for a visit in any round.

    Raises
    ------
    InputError
        When there is none.
    """
    rounds = rounds_of(replace(asked, n_vehicles=1))
    days = np.array([one.day for one in rounds], dtype=np.int64)
    begin, end = (
        np.array([float(getattr(asked.sessions[one.session], name)) for one in rounds])
        for name in ("start_minute", "end_minute")
    )
    ids = [str(one) for one in stops.places.index]
    rows = np.flatnonzero((stop_windows(asked, ids, days, begin, end)["hours"] != CLOSED).any(axis=1))
    if not len(rows):
        raise InputError(
            "No place where the bus may stand is open for as long as a visit in any of its sessions. Choose "
            "other hours, or more kinds of place."
        )
    return OutreachStops(stops.places.iloc[rows], csr_array(stops.reach[rows]), stops.n_thinned)
