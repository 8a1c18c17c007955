"""Small towns by chance with a bus in them, and every plan that there is for it, in plain Python."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, permutations, product

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.spatial.distance import cdist

from neighbourhoods.outreach.drive import Drives, forbid_drives
from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.plan import OutreachParams, Session
from neighbourhoods.outreach.route import Round, RouteTask, route_task
from neighbourhoods.outreach.search import Rounds
from neighbourhoods.outreach.stop import OutreachStops
from neighbourhoods.outreach.table import visit_tables

DAY = Session("advice", "everyone", (0, 2), 540, 720)
EVENING = Session("youth", "youth", (2,), 1020, 1140)
ASKED = OutreachParams(
    ("hub",),
    (DAY,),
    ("library",),
    "depot",
    shift_minutes=180,
    dwell_minutes=40,
    break_minutes=20,
    break_after_minutes=120,
    repeat_worth=0.4,
)


def case(seed: int, params: OutreachParams = ASKED, n_stops: int = 4, n_points: int = 12) -> RouteTask:
    """A town of points and stops on a square of some kilometres, the depot at its middle."""
    return case_parts(seed, params, n_stops, n_points)[0]


def case_parts(
    seed: int, params: OutreachParams = ASKED, n_stops: int = 4, n_points: int = 12
) -> tuple[RouteTask, OutreachStops, OutreachNeed]:
    """The same with its stops and its need."""
    random = np.random.default_rng(seed)
    stops, points = random.random((n_stops, 2)) * 6_000, random.random((n_points, 2)) * 6_000
    n_sessions = len(params.sessions)
    areas = pd.Index(["A", "B", "C"], name="area_code")
    need = OutreachNeed(
        points,
        np.arange(n_points) % 3,
        random.integers(1, 50, (n_points, n_sessions)).astype(float),
        areas,
        "ward",
        np.full(n_points, 60.0),
    )
    reach = np.clip(1 - cdist(stops, points) / 3_000, 0, 1)
    ids = [f"s{k}" for k in range(n_stops)]
    places = gpd.GeoDataFrame(
        {"name": ids, "kind": "library"},
        geometry=gpd.points_from_xy(*stops.T),
        index=pd.Index(ids, name="place_id"),
        crs=27700,
    )
    every = np.concatenate([stops, [[3_000.0, 3_000.0]]])
    km = cdist(every, every) / 1_000
    minutes = np.ceil(km * 3)
    drives = Drives(
        minutes, km, True, forbid_drives(minutes, params.forbidden_drives, [*ids, params.depot_id])
    )
    standing = OutreachStops(places, csr_array(reach), 0)
    return route_task(params, need, standing, drives, ids), standing, need


def round_minutes(route: RouteTask, stops: tuple[int, ...]) -> float:
    """Minutes of a round without hours that are fixed, the rest among them."""
    if not stops:
        return 0.0
    params, drive = route.params, route.drives.minutes
    ways = sum(drive[a, b] for a, b in zip((-1, *stops), (*stops, -1), strict=True))
    minutes = float(ways + params.dwell_minutes * len(stops))
    return minutes + params.break_minutes if minutes > params.break_after_minutes else minutes


def worth(route: RouteTask, rounds: tuple[tuple[int, ...], ...]) -> float:
    """Need served by rounds of stops: in each layer a point counts by its best stop."""
    total = 0.0
    for session, gain in enumerate(route.gain):
        counts = [0] * route.n_stops
        for one, stops in zip(route.rounds, rounds, strict=True):
            for stop in stops:
                counts[stop] += one.session == session
        table = gain.toarray()
        for layer in range(max(counts)):
            best = table[[k for k, n in enumerate(counts) if n > layer]].max(axis=0)
            total += route.params.repeat_worth**layer * float(best.sum())
    return total


def best_of_all(route: RouteTask) -> float:
    """The most that any plan serves; for rounds of one vehicle."""
    params = route.params
    each = []
    for one in route.rounds:
        limit = params.sessions[one.session].minutes
        each.append(
            [
                stops
                for n in range(route.n_stops + 1)
                for stops in permutations(range(route.n_stops), n)
                if round_minutes(route, stops) <= limit and list(stops) == _cheapest(route, stops)
            ]
        )
    best = 0.0
    for rounds in product(*each):
        by_day: dict[int, float] = {}
        for one, stops in zip(route.rounds, rounds, strict=True):
            by_day[one.day] = by_day.get(one.day, 0.0) + round_minutes(route, stops)
        if max(by_day.values()) <= params.shift_minutes:
            best = max(best, worth(route, rounds))
    return best


def _cheapest(route: RouteTask, stops: tuple[int, ...]) -> list[int]:
    """The shortest order of some stops; of equals the first."""
    return list(min(permutations(sorted(stops)), key=lambda one: round_minutes(route, one)))


def best_of_windows(route: RouteTask) -> float:
    """The same where stops have windows and nobody rests; every minute is tried to leave the depot at."""
    each = []
    for one in route.rounds:
        sets = [
            stops
            for n in range(route.n_stops + 1)
            for stops in combinations(range(route.n_stops), n)
            if any(_is_open_to(route, one, order) for order in permutations(stops))
        ]
        each.append(sets)
    return max(worth(route, rounds) for rounds in product(*each))


def _is_open_to(route: RouteTask, one: Round, order: tuple[int, ...]) -> bool:
    params, drive = route.params, route.drives.minutes
    session = params.sessions[one.session]
    for leave in range(session.start_minute, session.end_minute):
        t, before = float(leave), -1
        for stop in order:
            t += drive[before, stop]
            own = [w for w in params.windows if w.stop_id == f"s{stop}" and w.day in (-1, one.day)]
            if any(w.stop_id == f"s{stop}" for w in params.windows):
                starts = [max(t, w.open_minute) for w in own]
                t = min(
                    (
                        s
                        for s, w in zip(starts, own, strict=True)
                        if s + params.dwell_minutes <= w.close_minute
                    ),
                    default=np.inf,
                )
            t += params.dwell_minutes
            before = stop
        end = t + drive[before, -1] if order else leave
        if end <= min(session.end_minute, leave + params.shift_minutes):
            return True
    return False


def require_drivable(route: RouteTask, rounds: Rounds) -> None:
    """No shift, window, dwell, range or forbidden drive is broken; every hour follows from the one before."""
    params, driver = route.params, ["week", "day", "vehicle"]
    visits, rows = visit_tables(route, rounds.visits, [f"s{k}" for k in range(route.n_stops)])
    assert (visits["depart_minute"] - visits["arrive_minute"] >= params.dwell_minutes).all()
    for visit in visits.itertuples():
        own = [one for one in params.windows if one.stop_id == visit.stop_id]
        open_days = [one for one in own if one.day in (-1, visit.day)]
        assert not own or all(  # windows may overlap: each minute lies in one
            any(one.open_minute <= minute < one.close_minute for one in open_days)
            for minute in range(int(visit.arrive_minute), int(np.ceil(visit.depart_minute)))
        )
    for keys, row in rows.set_index([*driver, "session_id"]).iterrows():
        own = visits[(visits[[*driver, "session_id"]] == list(keys)).all(axis=1)]  # type: ignore[call-overload]
        session = next(one for one in params.sessions if one.id == keys[3])
        assert keys[1] in session.days
        assert row["leave_minute"] >= session.start_minute
        assert row["return_minute"] <= session.end_minute
        before = [row["leave_minute"], *own["depart_minute"]]
        waits = own["arrive_minute"].to_numpy() - np.array(before[:-1]) - own["drive_minutes"]
        assert (waits >= 0).all() if params.windows else (waits == 0).all()
        home = row["drive_minutes"] - own["drive_minutes"].sum()
        assert row["return_minute"] == before[-1] + home
        assert own["place"].tolist() == list(range(int(row["n_visits"])))
        assert own["stop_id"].is_unique
        length = row["return_minute"] - row["leave_minute"]
        least = row["drive_minutes"] + params.dwell_minutes * row["n_visits"]
        assert length >= least + (params.break_minutes if least > params.break_after_minutes else 0)
        assert row["drive_km"] <= params.range_km + 1e-9
        way = ["depot", *own["stop_id"], "depot"]
        for pair in pairwise(way):
            assert pair not in params.forbidden_drives
            assert pair[::-1] not in params.forbidden_drives
    for _, day in rows.groupby(driver):
        last, since, spent = 0, 0.0, 0
        for leave, back, km in day[["leave_minute", "return_minute", "drive_km"]].itertuples(index=False):
            if since > 0 and since + km > params.range_km + 1e-9:
                last, spent, since = last + params.refuel_minutes, spent + params.refuel_minutes, 0.0
            assert leave >= last
            last, since, spent = back, since + km, spent + back - leave
        assert spent <= params.shift_minutes


def stops_of(route: RouteTask, visits: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Rounds of visits as rounds of stops."""
    return tuple(tuple(int(route.task.visit_stop[v]) for v in row) for row in visits)


def with_params(**changes: object) -> OutreachParams:
    """What is asked, with some of it changed."""
    return replace(ASKED, **changes)  # type: ignore[arg-type]
