"""Who is within reach of a scenario: minutes to the nearest hub, to the nearest stop, and of either.

Everything is worked out at the points where people live and summed with their need. The mistake this
prevents: an area said to be served because a stop stands somewhere in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.hub.ground import finest, limits_of
from neighbourhoods.outreach.need import service_need
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.scenario.library import standing_hubs
from neighbourhoods.scenario.scenario import ReachRule, Scenario, weekly_stops
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, AccessParams, access
from neighbourhoods.travel.matrix import nearest_places
from neighbourhoods.travel.starting_point import StartingPoints, starting_points

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ScenarioReach:
    """Journeys of one scenario.

    Parameters
    ----------
    rule : ReachRule
    hubs : Access
        To the nearest hub.
    either : Access
        To the nearest of hubs and stops that are visited every week; as `hubs` without a bus.
    stop_minutes : float (n_points,)
        To the nearest such stop; infinite where there is none.
    need, people : float (n_points,)
        Need of the rule's service, and residents, at each point.
    """

    rule: ReachRule
    hubs: Access
    either: Access
    stop_minutes: Floats
    need: Floats
    people: Floats

    @property
    def is_near_hub(self) -> Flags:
        """Points within the rule's minutes of a hub."""
        return self.hubs.minutes <= self.rule.minutes

    @property
    def is_near_stop(self) -> Flags:
        """Points nearer to a stop than the rule's minutes: at so many the bus counts a stop for nothing."""
        return self.stop_minutes < self.rule.stop_minutes

    @property
    def is_reached(self) -> Flags:
        """Points within reach of either."""
        return self.is_near_hub | self.is_near_stop


def scenario_reach(study: Study, scenario: Scenario, rule: ReachRule | None = None) -> ScenarioReach:
    """Who is within reach of a scenario.

    Parameters
    ----------
    rule : ReachRule, optional
        By which it is judged; its own where it is left out.

    Raises
    ------
    InputError
        When none of its hubs is in the register, or a figure that the service needs is not known.
    """
    judged = rule or scenario.rule
    hubs = hub_access(study, standing_hubs(study, scenario), judged)
    points = hubs.points
    either, at_stops = _with_stops(study, hubs, scenario.bus_plan, judged)
    return ScenarioReach(
        judged, hubs, either, at_stops, need_at_points(study, judged.service_id, points), people_at(points)
    )


def hub_access(study: Study, hub_ids: tuple[str, ...], rule: ReachRule) -> Access:
    """How far everybody is from the nearest of some hubs that are in the register."""
    kinds = tuple(sorted({str(one) for one in study.places()["kind"].loc[list(hub_ids)]}))
    params = AccessParams(kinds, finest(study), rule.mode, rule.km_h, limits_of(rule.minutes))
    return access(study, params, only=hub_ids)


def need_points(study: Study) -> StartingPoints:
    """The points at which need is counted."""
    return starting_points(study, finest(study))


def need_at_points(study: Study, service_id: str, points: StartingPoints) -> Floats:
    """Need of a service at each point, an area's spread over its points; unknown is refused, never nought."""
    return np.asarray(points.share * service_need(study, service_id, points)[points.row], dtype=float)


def people_at(points: StartingPoints) -> Floats:
    """Residents at each point; none where the area's number is not known."""
    return np.asarray(points.share * np.nan_to_num(points.population)[points.row], dtype=float)


def _with_stops(
    study: Study, hubs: Access, plan: OutreachPlan | None, rule: ReachRule
) -> tuple[Access, Floats]:
    stops = None if plan is None else weekly_stops(plan)
    if stops is None or stops.empty:
        return hubs, np.full(len(hubs.minutes), np.inf)
    xy = stops[["x", "y"]].to_numpy(dtype=float)
    found = nearest_places(study, hubs.points.xy, xy, rule.mode, rule.km_h)
    is_nearer = found.minutes < hubs.minutes
    standing = gpd.GeoDataFrame(
        {"name": stops["name"], "kind": stops["kind"]},
        geometry=gpd.points_from_xy(stops["x"], stops["y"]),
        crs=27700,
    )
    both = pd.concat([hubs.places[["name", "kind", "geometry"]], standing])
    kinds = tuple(sorted({*hubs.params.kinds, *stops["kind"].astype(str)}))
    either = replace(
        hubs,
        params=replace(hubs.params, kinds=kinds),
        places=cast(gpd.GeoDataFrame, gpd.GeoDataFrame(both, crs=27700)),
        minutes=np.where(is_nearer, found.minutes, hubs.minutes),
        nearest=np.where(is_nearer, len(hubs.places) + found.place, hubs.nearest),
    )
    return either, np.where(np.isfinite(found.minutes), found.minutes, np.inf)
