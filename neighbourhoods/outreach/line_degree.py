"""Ways that a bus drives in degrees, and as the shapes of a GTFS feed.

The kilometres of a leg are spread along its line as they are counted in the calls of its trip, so that
distances at stops and along shapes agree.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from neighbourhoods.outreach.line import Legs, RoundKey
from neighbourhoods.outreach.plan import OutreachPlan

Floats = NDArray[np.float64]
_TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)
SHAPE_COLUMNS = ["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence", "shape_dist_traveled"]


def line_degrees(xy: Floats) -> Floats:
    """Latitude and longitude (n, 2) of points in EPSG:27700, to six places."""
    lon, lat = _TO_DEGREES.transform(xy[:, 0], xy[:, 1])
    return np.round(np.column_stack([lat, lon]), 6)


def straight_shapes(calls: pd.DataFrame, degrees: pd.DataFrame) -> pd.DataFrame:
    """Straight lines from stop to stop of each trip."""
    where = degrees.loc[calls["stop_id"]]
    return pd.DataFrame(
        {
            "shape_id": calls["trip_id"].to_numpy(),
            "shape_pt_lat": where["lat"].to_numpy(),
            "shape_pt_lon": where["lon"].to_numpy(),
            "shape_pt_sequence": calls["stop_sequence"].to_numpy(),
            "shape_dist_traveled": calls["shape_dist_traveled"].to_numpy(),
        }
    )


def driven_shapes(calls: pd.DataFrame, key_by_trip: Mapping[str, RoundKey], legs: Legs) -> pd.DataFrame:
    """Ways of each trip, given the calls of all trips and the round that each of them is."""
    tables = []
    for trip_id, key in key_by_trip.items():
        km = calls.loc[calls["trip_id"] == trip_id, "shape_dist_traveled"].to_numpy(dtype=float)
        points, far = [], []
        for k, leg in enumerate(legs[key]):
            metres = np.concatenate([[0.0], np.hypot(*np.diff(leg, axis=0).T).cumsum()])
            points.append(leg)
            far.append(km[k] + (km[k + 1] - km[k]) * metres / max(metres[-1], 1e-9))
        degrees = line_degrees(np.concatenate(points))
        dist = np.maximum.accumulate(np.round(np.concatenate(far), 3))
        table = pd.DataFrame(degrees, columns=["shape_pt_lat", "shape_pt_lon"])
        table = table.assign(shape_id=trip_id, shape_dist_traveled=dist)
        table = table.drop_duplicates(["shape_pt_lat", "shape_pt_lon", "shape_dist_traveled"])
        tables.append(table.assign(shape_pt_sequence=range(1, len(table) + 1)))
    return pd.concat(tables, ignore_index=True)[SHAPE_COLUMNS]


def stop_degrees(plan: OutreachPlan) -> pd.DataFrame:
    """Longitude and latitude (lon, lat) by stop_id."""
    degrees = line_degrees(plan.stops[["x", "y"]].to_numpy(dtype=float))
    return pd.DataFrame(degrees[:, ::-1], index=plan.stops.index, columns=["lon", "lat"])
