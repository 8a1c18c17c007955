"""A plan for a bus as the tables of a GTFS feed.

The bus takes nobody anywhere, so the feed says at every call that one can neither board nor alight: a
journey planner then shows where it stands and sends nobody by it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geodata.errors import InputError
from geodata.gtfs_export import DAYS, gtfs_time
from neighbourhoods.outreach.line import Legs, round_key
from neighbourhoods.outreach.line_degree import driven_shapes, stop_degrees, straight_shapes
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.running import Running
from neighbourhoods.outreach.timetable_week import (
    round_title,
    rounds_in_order,
    service_label,
    stop_table,
    visits_of,
)

NO_CALL = "1"  # pickup_type and drop_off_type: nobody boards or alights
BUS_ROUTE = "3"
SHORT_NAME = "Outreach"  # some readers want one beside the long name


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
        (_route_id(one), _service_id(one), trip_id(one), round_title(plan, one), "0", trip_id(one))
        for _, one in rounds.iterrows()
    ]
    calls = pd.concat([_calls(plan, one) for _, one in rounds.iterrows()] or [pd.DataFrame()])
    ids = {trip_id(one): round_key(one) for _, one in rounds.iterrows()}
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


def round_ids(plan: OutreachPlan, one: pd.Series) -> list[str]:
    """Stops of a round in order, the depot at both ends."""
    depot = plan.params.depot_id
    return [depot, *visits_of(plan, one)["stop_id"].astype(str), depot]


def trip_id(one: pd.Series) -> str:
    """The trip that a round is in the feed."""
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
            "trip_id": trip_id(one),
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
