"""A plan for a bus as files that others read: GTFS tables, calendar events, routes, lines on a map.

Every file is made from the plan and three things that a person states: who runs it, the first day and the
last. The bus takes nobody anywhere, so the feed says at every call that one can neither board nor alight: a
journey planner then shows where it stands and sends nobody by it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.errors import InputError
from geodata.gpx_export import GpxPoint, GpxRoute
from geodata.gtfs_export import DAYS, gtfs_time
from geodata.icalendar_export import CalendarEvent
from neighbourhoods.outreach.line import Legs, joined, round_key
from neighbourhoods.outreach.line_degree import driven_shapes, line_degrees, straight_shapes
from neighbourhoods.outreach.plan import OutreachPlan
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

NO_CALL = "1"  # pickup_type and drop_off_type: nobody boards or alights
BUS_ROUTE = "3"
SHORT_NAME = "Outreach"  # some readers want one beside the long name
MOST_DAYS = 3 * 366


@dataclass(frozen=True)
class Running:
    """Who runs the bus, and from when to when.

    Parameters
    ----------
    operator, url : str
        Name and web address, as the public knows them.
    first_day, last_day : date
        Week 1 is the week of the first day.
    """

    operator: str
    url: str
    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if not self.first_day <= self.last_day <= self.first_day + timedelta(days=MOST_DAYS):
            raise InputError("The last day must come after the first, and within three years of it.")

    def require_public(self) -> Running:
        """The same; raises InputError where a feed could not say whose it is."""
        if not self.operator.strip() or not self.url.startswith(("http://", "https://")):
            raise InputError(
                "A GTFS feed names who runs the bus and a web address that begins with https://."
            )
        return self

    def first_on(self, week: int, day: int) -> date:
        """The first day of service on a day of a week of the cycle."""
        monday = self.first_day - timedelta(days=self.first_day.weekday())
        return monday + timedelta(days=7 * week + day)

    def dates_on(self, week: int, day: int, n_weeks: int) -> list[date]:
        """Every day of service on a day of a week of the cycle."""
        one, found = self.first_on(week, day), []
        while one <= self.last_day:
            if one >= self.first_day:
                found.append(one)
            one += timedelta(days=7 * n_weeks)
        return found

    def week_of(self, on: date, n_weeks: int) -> int:
        """The week of the cycle in which a date lies; raises InputError outside the days of service."""
        if not self.first_day <= on <= self.last_day:
            raise InputError(
                f"{on.day} {on:%B %Y} is outside the weeks of the plan, {self.first_day.day} "
                f"{self.first_day:%B %Y} to {self.last_day.day} {self.last_day:%B %Y}."
            )
        return (on - self.first_on(0, 0)).days // 7 % n_weeks


def stop_degrees(plan: OutreachPlan) -> pd.DataFrame:
    """Longitude and latitude (lon, lat) by stop_id."""
    degrees = line_degrees(plan.stops[["x", "y"]].to_numpy(dtype=float))
    return pd.DataFrame(degrees[:, ::-1], index=plan.stops.index, columns=["lon", "lat"])


def stop_code(stop_id: str) -> str:
    """The NaPTAN code of a bus stop; empty for any other place."""
    kind, _, code = stop_id.partition(":")
    return code if kind == "bus_stop" else ""


def gtfs_tables(plan: OutreachPlan, running: Running, legs: Legs | None = None) -> dict[str, pd.DataFrame]:
    """A plan as the tables of a GTFS feed: one trip for each round, from the depot back to it.

    Weekly rounds run by `calendar`; those of a fortnight by their dates, for GTFS knows no second week.

    Parameters
    ----------
    legs : mapping, optional
        Ways that are driven, as of `neighbourhoods.outreach.line.driven_legs`; straight lines without them.

    Raises
    ------
    InputError
        Without a name and web address, for a plan without rounds, or when none runs within the days given.
    """
    running.require_public()
    rounds = rounds_in_order(plan)
    used = [plan.params.depot_id, *stop_table(plan).index]
    degrees = stop_degrees(plan).loc[list(dict.fromkeys(used))]
    trips = [
        (_route_id(one), _service_id(one), _trip_id(one), round_title(plan, one), "0", _trip_id(one))
        for _, one in rounds.iterrows()
    ]
    calls = pd.concat([_calls(plan, one) for _, one in rounds.iterrows()] or [pd.DataFrame()])
    ids = {_trip_id(one): round_key(one) for _, one in rounds.iterrows()}
    sessions = dict.fromkeys(rounds["session_id"].astype(str))
    spoken = f"{running.first_day:%Y%m%d}"
    return {
        "agency": pd.DataFrame(
            [("outreach", running.operator, running.url, "Europe/London", "en")],
            columns=["agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"],
        ),
        "stops": pd.DataFrame(
            {
                "stop_id": degrees.index.astype(str),
                "stop_code": [stop_code(str(one)) for one in degrees.index],
                "stop_name": plan.stops.loc[degrees.index, "name"].astype(str).to_numpy(),
                "stop_lat": [f"{one:.6f}" for one in degrees["lat"]],
                "stop_lon": [f"{one:.6f}" for one in degrees["lon"]],
            }
        ),
        "routes": pd.DataFrame(
            [
                (
                    f"outreach_{one}",
                    "outreach",
                    f"{SHORT_NAME} {n}",
                    service_label(plan.params, one),
                    BUS_ROUTE,
                )
                for n, one in enumerate(sessions, start=1)
            ],
            columns=["route_id", "agency_id", "route_short_name", "route_long_name", "route_type"],
        ),
        "trips": pd.DataFrame(
            trips,
            columns=["route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id"],
        ),
        "stop_times": calls,
        "shapes": straight_shapes(calls, degrees) if legs is None else driven_shapes(calls, ids, legs),
        **_service_tables(plan, rounds, running),
        "feed_info": pd.DataFrame(
            [(running.operator, running.url, "en-GB", spoken, f"{running.last_day:%Y%m%d}", spoken)],
            columns=[
                "feed_publisher_name",
                "feed_publisher_url",
                "feed_lang",
                "feed_start_date",
                "feed_end_date",
                "feed_version",
            ],
        ),
    }


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
            tuple(point(stop_id) for stop_id in _round_ids(plan, one)),
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
        straight = xy.loc[_round_ids(plan, one)].to_numpy(dtype=float)
        line = shapely.LineString(straight if legs is None else joined(legs[round_key(one)]))
        people = float(visits_of(plan, one)["people"].sum(min_count=1))
        rows.append((_trip_id(one), "round", round_title(plan, one), "", people, line))
    frame = pd.DataFrame(rows, columns=["feature_id", "what", "name", "hours", "people", "geometry"])
    found = gpd.GeoDataFrame(frame.set_index("feature_id"), geometry="geometry", crs=27700)
    return cast(gpd.GeoDataFrame, found)


def _round_ids(plan: OutreachPlan, one: pd.Series) -> list[str]:
    """Stops of a round in order, the depot at both ends."""
    depot = plan.params.depot_id
    return [depot, *visits_of(plan, one)["stop_id"].astype(str), depot]


def _trip_id(one: pd.Series) -> str:
    return f"{_service_id(one)}_v{int(one['vehicle']) + 1}_{one['session_id']}"


def _route_id(one: pd.Series) -> str:
    return f"outreach_{one['session_id']}"


def _service_id(one: pd.Series) -> str:
    return f"week{int(one['week']) + 1}_{DAYS[int(one['day'])]}"


def _calls(plan: OutreachPlan, one: pd.Series) -> pd.DataFrame:
    """Rows of stop_times of one round; distances are kilometres from the depot."""
    visits, depot = visits_of(plan, one), plan.params.depot_id
    leave, back = gtfs_time(one["leave_minute"]), gtfs_time(one["return_minute"])
    km = [0.0, *visits["drive_km"].astype(float).cumsum(), float(one["drive_km"])]
    n_calls = len(km)
    return pd.DataFrame(
        {
            "trip_id": _trip_id(one),
            "arrival_time": [leave, *visits["arrive_minute"].map(gtfs_time), back],
            "departure_time": [leave, *visits["depart_minute"].map(gtfs_time), back],
            "stop_id": [depot, *visits["stop_id"].astype(str), depot],
            "stop_sequence": range(1, n_calls + 1),
            "pickup_type": NO_CALL,
            "drop_off_type": NO_CALL,
            "shape_dist_traveled": np.round(np.maximum.accumulate(km), 3),
        }
    )


def _service_tables(plan: OutreachPlan, rounds: pd.DataFrame, running: Running) -> dict[str, pd.DataFrame]:
    """When services run: `calendar` for rounds of a week, `calendar_dates` for those of a fortnight."""
    days = rounds[["week", "day"]].drop_duplicates()
    dates = {
        _service_id(one): (
            int(one["day"]),
            running.dates_on(int(one["week"]), int(one["day"]), plan.params.n_weeks),
        )
        for _, one in days.iterrows()
    }
    if not all(found for _, found in dates.values()):
        raise InputError("Some round does not run once between the first day and the last; give more days.")
    if plan.params.n_weeks == 1:
        start, end = f"{running.first_day:%Y%m%d}", f"{running.last_day:%Y%m%d}"
        weekly = [
            (service_id, *("1" if day == on else "0" for day in range(len(DAYS))), start, end)
            for service_id, (on, _) in dates.items()
        ]
        return {"calendar": pd.DataFrame(weekly, columns=["service_id", *DAYS, "start_date", "end_date"])}
    listed = [(service_id, f"{one:%Y%m%d}", "1") for service_id, (_, found) in dates.items() for one in found]
    return {"calendar_dates": pd.DataFrame(listed, columns=["service_id", "date", "exception_type"])}
