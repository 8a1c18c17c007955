"""The rounds that a plan may have, as arrays for the search; fixed visits put where they belong.

A round is one session of one vehicle on one day. Rounds of fewer vehicles or of a shorter shift are the same
rounds, fewer of them or shorter, so that what was found for less can begin the search for more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, coo_array, csr_array, hstack

from geodata.errors import InputError
from neighbourhoods.outreach.drive import Drives
from neighbourhoods.outreach.insert_kernel import cheapest
from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachParams
from neighbourhoods.outreach.route_kernel import room_of
from neighbourhoods.outreach.search import desk_for, empty, items_of, most_visits
from neighbourhoods.outreach.stop import OutreachStops
from neighbourhoods.outreach.task import IN_PART, Task
from neighbourhoods.outreach.window import require_open, stop_windows
from neighbourhoods.outreach.worth_kernel import insert

Floats = NDArray[np.float64]
Visits = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Round:
    """One round: week, day, vehicle from 0, and the place of its session in what is asked."""

    week: int
    day: int
    vehicle: int
    session: int


@dataclass(frozen=True, eq=False)
class RouteTask:
    """All that the search needs.

    Parameters
    ----------
    params : OutreachParams
    rounds : tuple of Round
    gain : tuple of csr_array (n_stops, n_points)
        By session, need that a first visit serves.
    must : csr_array (n_items, n_musts)
        Which items reach an area that may not be left out; 1 where they do.
    must_names : tuple of (int, int)
        Of these areas: its place in the areas, and the session's.
    drives : Drives
    task : Task
    """

    params: OutreachParams
    rounds: tuple[Round, ...]
    gain: tuple[csr_array, ...]
    must: csr_array
    must_names: tuple[tuple[int, int], ...]
    drives: Drives
    task: Task

    @property
    def n_stops(self) -> int:
        """Stops, the depot not among them."""
        return len(self.drives.minutes) - 1


def rounds_of(params: OutreachParams) -> tuple[Round, ...]:
    """Rounds in the order in which they are driven; those of one driver's day are together."""
    order = sorted(range(len(params.sessions)), key=lambda k: (params.sessions[k].start_minute, k))
    return tuple(
        Round(week, day, vehicle, session)
        for week in range(params.n_weeks)
        for day in range(len(DAY_NAMES))
        for vehicle in range(params.n_vehicles)
        for session in order
        if day in params.sessions[session].days
    )


def layer_worth(params: OutreachParams) -> Floats:
    """What the first, second, … visit of a stop in one cycle is worth of the first."""
    n = params.n_weeks * max(len(one.days) for one in params.sessions)
    worth = params.repeat_worth ** np.arange(n, dtype=float)
    return np.asarray(worth[worth > 0])


def route_task(
    params: OutreachParams, need: OutreachNeed, stops: OutreachStops, drives: Drives, stop_ids: list[str]
) -> RouteTask:
    """Arrays of what is asked.

    Parameters
    ----------
    stop_ids : list of str
        Of the stops, in the order of their reach and drives.

    Raises
    ------
    InputError
        When no stop reaches an area that may not be left out.
    """
    rounds = rounds_of(params)
    gain = tuple(_without_zeros(stops.reach * need.need[:, k][None, :]) for k in range(len(params.sessions)))
    worth = layer_worth(params)
    must, names = _must(params, need, gain)
    whole = float(sum(one.max(axis=0).sum() for one in gain) * worth.sum())
    every = csr_array(hstack([block_diag(gain, format="csr"), must * (10.0 * whole + 1.0)], format="csr"))
    kept = np.flatnonzero(np.bincount(every.indices, minlength=every.shape[1]))
    n_stops, n_sessions = len(stop_ids), len(params.sessions)
    n_items = n_stops * n_sessions
    fixed = [
        (
            [one.id for one in params.sessions].index(visit.session_id) * n_stops
            + stop_ids.index(visit.stop_id)
        )
        for visit in params.fixed
    ]
    items = np.concatenate([np.arange(n_items), np.array(fixed, dtype=np.int64)]).astype(np.int64)
    groups = list(dict.fromkeys((one.week, one.day, one.vehicle) for one in rounds))
    sittings = list(dict.fromkeys((one.week, one.day, one.session) for one in rounds))
    group = np.array([groups.index((one.week, one.day, one.vehicle)) for one in rounds], dtype=np.int64)
    session = np.array([one.session for one in rounds], dtype=np.int64)
    days = np.array([one.day for one in rounds], dtype=np.int64)
    require_open(params)
    earliest = np.array([float(params.sessions[k].start_minute) for k in session])
    latest = np.array([float(params.sessions[k].end_minute) for k in session])
    windows = stop_windows(params, stop_ids, days, earliest, latest)
    is_timed = any(one.arrive_minute >= 0 for one in params.fixed)
    task = Task(
        **items_of(every[:, kept]),
        is_must=kept >= every.shape[1] - must.shape[1],
        item_session=np.repeat(np.arange(n_sessions, dtype=np.int64), n_stops),
        visit_item=items,
        visit_stop=items % n_stops,
        visit_at=np.array([-1.0] * n_items + [float(one.arrive_minute) for one in params.fixed]),
        drive=np.ascontiguousarray(drives.minutes, dtype=float),
        km=np.ascontiguousarray(drives.km, dtype=float),
        dwell=float(params.dwell_minutes),
        round_session=session,
        round_group=group,
        round_sitting=np.array(
            [sittings.index((one.week, one.day, one.session)) for one in rounds], dtype=np.int64
        ),
        round_day=days,
        earliest=earliest,
        latest=latest,
        by_group=np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(groups)))]).astype(np.int64),
        group_round=np.arange(len(rounds), dtype=np.int64),
        shift=float(params.shift_minutes),
        rest=float(params.break_minutes),
        rest_after=float(params.break_after_minutes),
        worth=worth,
        **windows,
        range_km=float(params.range_km),
        refuel=float(params.refuel_minutes),
        is_strict=bool(
            is_timed
            or np.any(windows["hours"] == IN_PART)
            or np.isfinite(params.range_km)
            or drives.has_forbidden
        ),
    )
    return RouteTask(params, rounds, gain, must, names, drives, task)


def with_less(route: RouteTask, n_vehicles: int, shift_minutes: float) -> tuple[RouteTask, NDArray[np.int64]]:
    """The same with fewer vehicles and a shorter shift, and which of the rounds are left."""
    rows = np.array([k for k, one in enumerate(route.rounds) if one.vehicle < n_vehicles], dtype=np.int64)
    task = route.task
    groups, group = np.unique(task.round_group[rows], return_inverse=True)
    less = task._replace(
        round_session=task.round_session[rows],
        round_group=group.astype(np.int64),
        round_sitting=task.round_sitting[rows],
        round_day=task.round_day[rows],
        hours=np.ascontiguousarray(task.hours[:, rows]),
        earliest=task.earliest[rows],
        latest=task.latest[rows],
        by_group=np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(groups)))]).astype(np.int64),
        group_round=np.arange(len(rows), dtype=np.int64),
        shift=float(shift_minutes),
    )
    return replace(route, rounds=tuple(route.rounds[k] for k in rows), task=less), rows


def fixed_rounds(route: RouteTask) -> Visits:
    """Rounds of nothing but the fixed visits, each where it costs least.

    Raises
    ------
    InputError
        When one does not fit, or is asked for on a day on which its session does not run, or twice.
    """
    params, task = route.params, route.task
    n_most = max(most_visits(task), 1)
    drawn = empty(task, n_most)
    desk = desk_for(drawn)
    ids = [one.id for one in params.sessions]
    order = sorted(
        range(len(params.fixed)),
        key=lambda k: (params.fixed[k].arrive_minute < 0, params.fixed[k].arrive_minute),
    )
    for k in order:
        visit, v = params.fixed[k], len(task.item_session) + k
        session = ids.index(visit.session_id)
        named = f"The fixed visit of {visit.stop_id} on {DAY_NAMES[visit.day]} ({visit.session_id})"
        rows = [
            r
            for r, one in enumerate(route.rounds)
            if (one.week, one.day, one.session) == (visit.week, visit.day, session)
        ]
        if not rows:
            raise InputError(f"{named} is on a day on which that session does not run.")
        if drawn.sits[task.visit_item[v], task.round_sitting[rows[0]]]:
            raise InputError(f"{named} is asked for twice.")
        found = [(cheapest(task, drawn, v, r, room_of(task, drawn, r), 0.0, desk), r) for r in rows]
        able = [(minutes, r, at) for (at, minutes), r in found if at >= 0]
        if not able:
            raise InputError(
                f"{named} does not fit into the hours of that day. Give it another hour, lengthen the "
                "session, the shift or the hours of its stop, or fix fewer visits."
            )
        _, r, at = min(able)
        insert(task, drawn, v, r, at)
    return tuple(tuple(int(v) for v in row[:n]) for row, n in zip(drawn.visit, drawn.length, strict=True))


def _must(
    params: OutreachParams, need: OutreachNeed, gain: tuple[csr_array, ...]
) -> tuple[csr_array, tuple[tuple[int, int], ...]]:
    """Which items reach each area and session whose need is above what may be left out."""
    n_stops = gain[0].shape[0]
    by_area = need.by_area
    wanted = [(int(a), int(k)) for a, k in np.argwhere(by_area > params.must_serve_need)]
    rows, columns = [], []
    for column, (area, session) in enumerate(wanted):
        points = np.flatnonzero(need.row == area)
        able = np.flatnonzero(np.asarray(gain[session][:, points].sum(axis=1)).ravel() > 0)
        if not len(able):
            raise InputError(
                f"No place where the bus may stand is within {params.stop_minutes:g} minutes of those in "
                f"{need.area_codes[area]}, whose need ({by_area[area, session]:,.0f}) is above "
                f"{params.must_serve_need:,.0f}. Choose more kinds of place, or leave it out."
            )
        rows += (session * n_stops + able).tolist()
        columns += [column] * len(able)
    shape = (n_stops * len(gain), len(wanted))
    return csr_array(coo_array((np.ones(len(rows)), (rows, columns)), shape=shape)), tuple(wanted)


def _without_zeros(table: csr_array) -> csr_array:
    found = csr_array(table)
    found.eliminate_zeros()
    return found
