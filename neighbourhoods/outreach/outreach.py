"""An outreach bus: who is far from hubs, where it stands, which stops it visits when, and how good that is.

More hours or vehicles never serve less: the search for a plan begins with the best that was found for an
hour less, and for a vehicle less, each by as many steps as if it were asked for itself. This holds from any
whole number of hours to any longer shift; a limit of time that is met ends it, and the plan says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from geodata.errors import InputError
from neighbourhoods.outreach.balance import balanced
from neighbourhoods.outreach.bound import BoundTask, DriverDay, upper_bound
from neighbourhoods.outreach.drive import outreach_drives
from neighbourhoods.outreach.need import OutreachNeed, outreach_need
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan
from neighbourhoods.outreach.route import RouteTask, Visits, fixed_rounds, route_task, with_less
from neighbourhoods.outreach.search import Rounds, can_hold, search_rounds, warm_up, worth_of
from neighbourhoods.outreach.stop import APART_M, outreach_stops
from neighbourhoods.outreach.table import area_table, served_by_point, stops_of, visit_tables
from neighbourhoods.outreach.window import hours_words, opening_windows, require_known_stops
from neighbourhoods.study.study import Study

N_STEPS = 1_200  # for each shift and number of vehicles on the way
RUNG_MINUTES = 60.0
N_TOLD = 100

Progress = Callable[[int, int, str], None]


def suggest_outreach(
    study: Study,
    params: OutreachParams,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> OutreachPlan:
    """The best rounds that are found, with a bound on all others.

    `time_limit_s` is of the search alone; journeys and the bound take their own time.

    Parameters
    ----------
    progress : callable, optional
        Called with what is done, what all is, and what is being done.
    cancelled : callable, optional
        Where it says so, the plan is the best so far.

    Raises
    ------
    InputError
        When what is asked cannot be met, naming what clashes.
    """
    began = time.perf_counter()

    def say(done: int, doing: str) -> None:
        if progress:
            progress(done, N_TOLD, doing)

    require_known_stops(params, {*study.places().index, *(one.id for one in params.own_stops)})
    say(0, "finding who is far from every hub")
    need = outreach_need(study, params)
    if not len(need.xy):
        raise InputError(
            f"Nobody is more than {params.far_minutes:g} minutes from every hub: there is no one for the "
            "bus. Lower the minutes, or choose fewer hubs."
        )
    say(5, "finding where the bus may stand")
    stops = outreach_stops(study, params, need)
    ids = [str(one) for one in stops.places.index]
    drives = outreach_drives(study, params, stops.xy, ids)
    opening = opening_windows(params, stops.places)
    held = replace(params, windows=(*params.windows, *opening))
    route = route_task(held, need, stops, drives, ids)
    say(15, f"choosing among {len(ids):,} stops")
    found, ladder = best_rounds(route, lambda share: say(15 + int(70 * share), "drawing rounds"), cancelled)
    if not any(found.visits):
        raise InputError(
            "No place can be driven to and served within these hours. Lengthen the sessions or the shift, or "
            "stay shorter at each stop."
        )
    require_musts(route, need, found)
    visits = balanced(route, found.visits)
    say(90, "bounding what any plan could serve")
    value = plain_value(route, visits)
    bound = upper_bound(bound_task(route), value)
    if bound < value * (1 - 1e-6):
        raise AssertionError(f"a plan worth {value} was found above the bound {bound}")
    bound = max(bound, value)  # but for rounding
    visit_table, round_table = visit_tables(route, visits, ids)
    method = (
        f"ruin and recreate, {found.n_steps:,} steps for each of {ladder} shifts and numbers of vehicles; "
        f"{len(ids):,} stops to choose from, {stops.n_thinned:,} bus stops left out for one within "
        f"{APART_M:g} m; drives {'in a straight line' if drives.is_straight else 'along streets'}; "
        f"{hours_words(params, opening)}"
    )
    if not found.is_whole:
        method += "; ended early by the limit of time, so that the same seed may give another plan"
    say(N_TOLD, "done")
    return OutreachPlan(
        params,
        stops_of(study, stops.places, params, visit_table),
        visit_table,
        round_table,
        area_table(need, params, served_by_point(route, visits)),
        value,
        bound,
        (bound - value) / bound if bound > 0 else 0.0,
        method,
        time.perf_counter() - began,
    )


def best_rounds(
    route: RouteTask,
    told: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] | None = None,
    n_steps: int = N_STEPS,
) -> tuple[Rounds, int]:
    """The best rounds by way of shorter shifts and fewer vehicles, and how many of these were looked at.

    Raises
    ------
    InputError
        When the fixed visits do not fit.
    """
    params = route.params
    warm_up()  # so that no limit of time is spent on compiling
    until = time.perf_counter() + params.time_limit_s
    shifts = shift_rungs(route)
    grid = [(v, shift) for v in range(1, params.n_vehicles + 1) for shift in shifts]

    def is_stopped() -> bool:
        return time.perf_counter() > until or (cancelled is not None and cancelled())

    fixed_rounds(route)  # what does not fit at all is refused at once
    n_cut = 0
    known: dict[tuple[int, float], Rounds] = {}
    for at, (n_vehicles, shift) in enumerate(grid):
        is_last = at == len(grid) - 1
        if is_stopped() and not is_last:
            n_cut += 1
            continue
        less, _ = with_less(route, n_vehicles, shift)
        try:
            starts = [fixed_rounds(less)]
        except InputError:  # too short a shift for the fixed visits; it is only on the way
            continue
        for (v, s), other in known.items():
            if v <= n_vehicles and s <= shift:
                starts.append(_into(less, route, v, other))
        start = max(starts, key=lambda one: worth_of(less.task, one))

        def note(step: int, at: int = at) -> None:
            told((at + step / n_steps) / len(grid))

        seed = (params.seed, n_vehicles, int(shift))
        found = search_rounds(less.task, start, seed=seed, n_steps=n_steps, is_over=is_stopped, told=note)
        n_cut += not found.is_whole
        known[n_vehicles, shift] = found
    last = known[grid[-1]]
    return Rounds(last.visits, last.value, last.n_steps, n_cut == 0), len(known)


def shift_rungs(route: RouteTask) -> list[float]:
    """Shifts on the way to the one that is asked for: whole hours, and last the longest of any use."""
    params = route.params
    longest = max(
        sum(one.minutes for one in params.sessions if day in one.days)
        for day in {day for one in params.sessions for day in one.days}
    )
    last = float(min(params.shift_minutes, longest))
    least = float(params.dwell_minutes + (route.task.drive[-1, :-1] + route.task.drive[:-1, -1]).min())
    hours = np.arange(RUNG_MINUTES, last, RUNG_MINUTES)
    return [float(one) for one in hours if one >= least] + [last]


def plain_value(route: RouteTask, visits: Visits) -> float:
    """Need served by rounds, each visit by its worth; that an area may not be left out adds nothing."""
    return float((served_by_point(route, visits, all_layers=True)).sum())


def bound_task(route: RouteTask) -> BoundTask:
    """What the bound is asked for."""
    params, task = route.params, route.task
    days = []
    for group in range(len(task.by_group) - 1):
        minutes = [0.0] * len(params.sessions)
        for r in range(task.by_group[group], task.by_group[group + 1]):
            minutes[route.rounds[r].session] = float(task.latest[r] - task.earliest[r])
        days.append(DriverDay(tuple(minutes), task.shift))
    return BoundTask(
        route.gain,
        tuple(params.n_weeks * len(one.days) for one in params.sessions),
        task.worth,
        task.drive,
        task.dwell,
        task.rest,
        task.rest_after,
        days,
    )


def _into(less: RouteTask, route: RouteTask, n_vehicles: int, found: Rounds) -> Visits:
    """Rounds of fewer vehicles as rounds of more."""
    rounds = [one for one in route.rounds if one.vehicle < n_vehicles]
    by_round = dict(zip(rounds, found.visits, strict=True))
    visits = tuple(by_round.get(one, ()) for one in less.rounds)
    if not can_hold(less.task, visits):
        raise AssertionError("rounds of a shorter shift must fit into a longer one")
    return visits


def require_musts(route: RouteTask, need: OutreachNeed, found: Rounds) -> None:
    """Do nothing where every area that may not be left out is served.

    Raises
    ------
    InputError
        When one is not, naming some.
    """
    if not route.must_names:
        return
    items = np.unique([route.task.visit_item[v] for row in found.visits for v in row]).astype(np.int64)
    reached = np.asarray(route.must[items].sum(axis=0)).ravel() > 0
    left = [name for name, is_reached in zip(route.must_names, reached, strict=True) if not is_reached]
    if left:
        named = ", ".join(
            f"{need.area_codes[area]} ({route.params.sessions[session].id})" for area, session in left[:3]
        )
        raise InputError(
            f"No rounds were found that leave out none of the {len(route.must_names)} areas with need above "
            f"{route.params.must_serve_need:,.0f}: {len(left)} stay without a visit ({named}"
            f"{', …' if len(left) > 3 else ''}). Give more hours or vehicles, or raise that number."
        )
