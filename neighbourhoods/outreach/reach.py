"""Minutes to the nearest service with the hubs alone, and with the stops of the bus beside them.

A stop counts like a hub, whatever its hours: the page says so beside every figure. The mistake this prevents:
a bus that is judged by another rule for journeys than the hubs that it adds to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.errors import InputError
from neighbourhoods.hub.ground import finest, limits_of
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.timetable_week import stop_order
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, AccessParams
from neighbourhoods.travel.matrix import nearest_places
from neighbourhoods.travel.starting_point import starting_points


def reach_without_and_with(study: Study, plan: OutreachPlan) -> tuple[Access, Access]:
    """How far everybody is from the nearest hub, and from the nearest of hubs and stops.

    Raises
    ------
    InputError
        When a hub is no longer among the places, or residents are not known.
    """
    asked = plan.params
    places = study.places()
    gone = [one for one in asked.hub_ids if one not in places.index]
    if gone:
        raise InputError(f"The hub {gone[0]!r} is no longer in the register. Find stops and rounds again.")
    hubs = places.loc[list(asked.hub_ids), ["name", "kind", "geometry"]]
    geography = finest(study)
    points = starting_points(study, geography)

    def nearest(of: gpd.GeoDataFrame) -> Access:
        xy = np.column_stack([of.geometry.x, of.geometry.y])
        found = nearest_places(study, points.xy, xy, asked.mode, asked.km_h)
        params = AccessParams(
            tuple(sorted(set(of["kind"].astype(str)))),
            geography,
            asked.mode,
            asked.km_h,
            limits_of(asked.far_minutes),
        )
        return Access(params, points, of, found.minutes, found.place, found.streets, found.is_straight)

    without = nearest(hubs)
    ids = stop_order(plan)
    if not ids:
        return without, without
    stops = plan.stops.loc[ids]
    standing = gpd.GeoDataFrame(
        {"name": stops["name"], "kind": stops["kind"]},
        geometry=gpd.points_from_xy(stops["x"], stops["y"]),
        crs=27700,
    )
    at_stops = nearest(standing)
    is_nearer = at_stops.minutes < without.minutes
    both = cast(gpd.GeoDataFrame, gpd.GeoDataFrame(pd.concat([hubs, standing]), crs=27700))
    kinds = tuple(sorted({*without.params.kinds, *at_stops.params.kinds}))
    return without, replace(
        without,
        params=replace(without.params, kinds=kinds),
        places=both,
        minutes=np.where(is_nearer, at_stops.minutes, without.minutes),
        nearest=np.where(is_nearer, len(hubs) + at_stops.nearest, without.nearest),
    )


def plan_geography(study: Study, plan: OutreachPlan) -> str:
    """The kind of area by which a plan counts need.

    Raises
    ------
    InputError
        When no loaded kind of area has all of its areas.
    """
    codes = set(plan.areas.index.astype(str))
    for geography in study.geographies:
        if codes <= set(study.outlines(geography).index.astype(str)):
            return geography
    raise InputError("The areas of this plan are no longer loaded. Find stops and rounds again.")
