"""A GTFS feed of one town, written by hand: three stops in a row, a bus line and a train."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import shapely

from tests.geodata.file_fixture import X0, Y0, zipped

CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "weekday,1,1,1,1,1,0,0,20261101,20261130\n"
    "saturday,0,0,0,0,0,1,0,20261101,20261130\n"
)
CALENDAR_DATES = "service_id,date,exception_type\nweekday,20261103,2\nextra,20261117,1\n"
ROUTES = "route_id,agency_id,route_short_name,route_type\nbus,a,1,3\ntrain,a,T,2\n"
TRIPS = (
    "route_id,service_id,trip_id\nbus,weekday,b1\nbus,weekday,b2\nbus,saturday,s1\n"
    "train,weekday,t1\nbus,extra,e1\n"
)
STOP_TIMES = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    "b1,10:05:00,10:05:00,west,1,0,1\n"
    "b1,,,middle,2,0,0\n"
    "b1,10:25:00,10:25:00,east,3,1,0\n"
    "b2,24:05:00,24:05:00,west,1,0,0\n"
    "b2,24:20:00,24:21:00,east,2,0,0\n"
    "b2,25:00:00,25:00:00,far,3,0,0\n"
    "s1,10:00:00,10:00:00,west,1,0,0\n"
    "s1,10:10:00,10:10:00,east,2,0,0\n"
    "t1,10:00:00,10:00:00,west,1,0,0\n"
    "t1,10:02:00,10:02:00,east,2,0,0\n"
    "e1,11:00:00,11:00:00,west,1,0,0\n"
    "e1,11:10:00,11:10:00,east,2,0,0\n"
)
PLACES = {"west": (0, 500), "middle": (1_500, 500), "east": (2_900, 500), "far": (60_000, 500)}


def stops_table(places: Mapping[str, tuple[float, float]] = PLACES) -> str:
    """stops.txt of stops in metres from the corner of Toytown."""
    points = gpd.GeoSeries([shapely.Point(X0 + x, Y0 + y) for x, y in places.values()], crs="EPSG:27700")
    rows = [
        f'{name},"Stop, {name}",{point.y:.7f},{point.x:.7f}'
        for name, point in zip(places, points.to_crs("EPSG:4326"), strict=True)
    ]
    return "\n".join(["stop_id,stop_name,stop_lat,stop_lon", *rows]) + "\n"


def gtfs(**changes: str | None) -> bytes:
    """The feed with some of its tables (by name without ".txt") changed, or left out with None."""
    tables: dict[str, str | None] = {
        "agency": "agency_id,agency_name\na,Buses\n",
        "stops": stops_table(),
        "routes": ROUTES,
        "trips": TRIPS,
        "stop_times": STOP_TIMES,
        "calendar": CALENDAR,
        "calendar_dates": CALENDAR_DATES,
        **changes,
    }
    return zipped({f"{name}.txt": text for name, text in tables.items() if text is not None})
