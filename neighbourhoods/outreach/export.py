"""A plan for a bus as files that others read: calendar events, routes, lines on a map."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.gpx_export import GpxPoint, GpxRoute
from geodata.icalendar_export import CalendarEvent
from neighbourhoods.outreach.gtfs_feed import round_ids, trip_id
from neighbourhoods.outreach.line import Legs, joined, round_key
from neighbourhoods.outreach.line_degree import line_degrees, stop_degrees
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.running import Running
from neighbourhoods.outreach.timetable_week import (
    hours_words,
    round_title,
    rounds_in_order,
    service_label,
    stop_hours,
    stop_sentences,
    stop_table,
    visits_of,
)


def calendar_events(plan: OutreachPlan, running: Running) -> list[CalendarEvent]:
    """One event for each stop, service, day and hour; twice where the weeks of a fortnight differ."""
    degrees, n_weeks = stop_degrees(plan), plan.params.n_weeks
    events = []
    for row in stop_hours(plan).to_dict("records"):
        every = len(row["weeks"]) == n_weeks
        for week in (0,) if every else row["weeks"]:
            days = running.dates_on(week, row["day"], 1 if every else n_weeks)
            if not days:
                continue
            name = str(plan.stops.loc[row["stop_id"], "name"])
            said = hours_words(row["day"], row["arrive_minute"], row["close_minute"], row["weeks"], n_weeks)
            key = f"{row['stop_id']}|{row['session_id']}|{row['day']}|{week}"
            minute = round(row["arrive_minute"])
            label = service_label(plan.params, row["session_id"])
            events.append(
                CalendarEvent(
                    uid=f"{hashlib.sha256(key.encode()).hexdigest()[:24]}@outreach",
                    first=datetime.combine(days[0], time()) + timedelta(minutes=minute),
                    last_day=days[-1],
                    minutes=round(row["close_minute"]) - minute,
                    every_weeks=1 if every else n_weeks,
                    summary=f"{label}: {name}",
                    location=name,
                    description=f"{said} at {name}. {running.operator}".strip(),
                    lat=float(degrees.loc[row["stop_id"], "lat"]),
                    lon=float(degrees.loc[row["stop_id"], "lon"]),
                )
            )
    return events


def calendar_stamp(running: Running) -> datetime:
    """When a calendar says that it was made: the first day, so that the same plan makes the same file."""
    return datetime.combine(running.first_day, time(), UTC)


def gpx_parts(plan: OutreachPlan, legs: Legs | None = None) -> tuple[list[GpxPoint], list[GpxRoute]]:
    """Waypoints of the stops, and one route for each round, from the depot back to it.

    Parameters
    ----------
    legs : mapping, optional
        Ways that are driven, as of `neighbourhoods.outreach.line.driven_legs`; routes then have a track.
    """
    degrees = stop_degrees(plan)

    def point(stop_id: str, said: str = "") -> GpxPoint:
        lon, lat = degrees.loc[[stop_id]].to_numpy(dtype=float)[0]
        return GpxPoint(str(plan.stops.loc[stop_id, "name"]), float(lat), float(lon), said)

    ids = list(stop_table(plan).index)
    waypoints = [point(one, "; ".join(stop_sentences(plan, one))) for one in ids]
    routes = [
        GpxRoute(
            round_title(plan, one),
            tuple(point(stop_id) for stop_id in round_ids(plan, one)),
            track=() if legs is None else tuple(map(tuple, line_degrees(joined(legs[round_key(one)])))),
        )
        for _, one in rounds_in_order(plan).iterrows()
    ]
    return [point(plan.params.depot_id, "Depot"), *waypoints], routes


def outreach_features(plan: OutreachPlan, legs: Legs | None = None) -> gpd.GeoDataFrame:
    """Stops as points and rounds as lines through them (EPSG:27700), by feature_id.

    Columns: what ("depot", "stop", "round"), name, hours, people (of need served; NaN for the depot).

    Parameters
    ----------
    legs : mapping, optional
        Ways that are driven, as of `neighbourhoods.outreach.line.driven_legs`; straight lines without them.
    """
    xy = plan.stops[["x", "y"]]
    table = stop_table(plan)
    depot = plan.params.depot_id
    rows = [(depot, "depot", str(plan.stops.loc[depot, "name"]), "", np.nan, shapely.Point(*xy.loc[depot]))]
    rows += [
        (f"stop:{one}", "stop", name, hours, people, shapely.Point(*xy.loc[one]))
        for one, name, hours, people in zip(
            map(str, table.index), table["name"], table["hours"], table["people"], strict=True
        )
    ]
    for _, one in rounds_in_order(plan).iterrows():
        straight = xy.loc[round_ids(plan, one)].to_numpy(dtype=float)
        line = shapely.LineString(straight if legs is None else joined(legs[round_key(one)]))
        people = float(visits_of(plan, one)["people"].sum(min_count=1))
        rows.append((trip_id(one), "round", round_title(plan, one), "", people, line))
    frame = pd.DataFrame(rows, columns=["feature_id", "what", "name", "hours", "people", "geometry"])
    found = gpd.GeoDataFrame(frame.set_index("feature_id"), geometry="geometry", crs=27700)
    return cast(gpd.GeoDataFrame, found)
