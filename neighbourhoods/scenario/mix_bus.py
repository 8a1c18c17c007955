"""The bus beside some hubs: rounds that bring most need within reach, and no visit more than is needed.

Need counts once, at the first stop that is near in any session; a visit that only comes again is worth
nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from neighbourhoods.outreach.drive import Drives
from neighbourhoods.outreach.need import OutreachNeed
from neighbourhoods.outreach.outreach import plain_value
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan, StopWindow
from neighbourhoods.outreach.route import RouteTask, Visits, route_task
from neighbourhoods.outreach.search import can_hold, items_of, search_rounds
from neighbourhoods.outreach.stop import OutreachStops, stop_table
from neighbourhoods.outreach.table import area_table, served_by_point, visit_tables
from neighbourhoods.scenario.mix_bound import point_classes
from neighbourhoods.scenario.mix_ground import MixGround, with_hours
from neighbourhoods.scenario.mix_params import MixParams, bus_params

Floats = NDArray[np.float64]
N_STEPS = 300
METHOD = (
    "found beside the hubs by the joint search; how much more another plan could serve was not worked out"
)


@dataclass(frozen=True, eq=False)
class BusTask:
    """What the hubs leave to the bus.

    Parameters
    ----------
    hub_ids : tuple of str
    need : OutreachNeed
        Of those far from every hub.
    stops : OutreachStops
        Near any of them; 1 where a stop is near a point.
    worth : csr_array (n_stops, n_points)
        What the Outreach page counts: less, the longer the way.
    drives : Drives
    opening : tuple of StopWindow
    session_need : float (n_points, n_sessions)
    """

    hub_ids: tuple[str, ...]
    need: OutreachNeed
    stops: OutreachStops
    worth: csr_array
    drives: Drives
    opening: tuple[StopWindow, ...]
    session_need: Floats

    @property
    def ids(self) -> list[str]:
        """Of the stops."""
        return [str(one) for one in self.stops.places.index]

    def route(self, params: OutreachParams) -> RouteTask:
        """Arrays for the search: need within reach of a stop, once; points near the same stops are one.

        A stop brings the same need within reach whatever the session in which it is visited, so that the
        items of all sessions share the points.
        """
        near, need = csr_array(self.stops.reach.T), self.need
        first, place = point_classes(near)
        weight = np.bincount(place[place >= 0], need.need[place >= 0, 0], len(first)).astype(float)
        columns = np.repeat(weight[:, None], len(params.sessions), axis=1)
        merged = replace(need, xy=need.xy[first], row=need.row[first], need=columns)
        stops = replace(self.stops, reach=csr_array(near[first].T))
        held = replace(with_hours(params, self.opening), repeat_worth=0.0)
        route = route_task(held, merged, stops, self.drives, self.ids)
        shared = csr_array(vstack(route.gain, format="csr"))
        kept = np.flatnonzero(np.bincount(shared.indices, minlength=shared.shape[1]))
        no_must = np.zeros(len(kept), dtype=np.bool_)
        return replace(route, task=route.task._replace(**items_of(shared[:, kept]), is_must=no_must))


def bus_task(ground: MixGround, params: MixParams, hubs: NDArray[np.int64]) -> BusTask | None:
    """What some hubs leave to the bus; None where they leave nobody that a stop is near."""
    far = np.flatnonzero(~ground.covers(params.rule.minutes)[:, hubs].any(axis=1))
    near = csr_array(ground.near_stop[:, far])
    rows = np.flatnonzero(np.diff(near.indptr) > 0)
    if not len(rows):
        return None
    every = ground.need
    need = OutreachNeed(
        every.xy[far],
        every.row[far],
        every.need[far],
        every.area_codes,
        every.geography,
        every.minutes_to_hub[far],
    )
    with_depot = np.append(rows, len(ground.drives.minutes) - 1)
    cut = np.ix_(with_depot, with_depot)
    drives = replace(ground.drives, minutes=ground.drives.minutes[cut], km=ground.drives.km[cut])
    stops = OutreachStops(ground.stops.places.iloc[rows], csr_array(near[rows]), ground.stops.n_thinned)
    worth = csr_array(ground.stops.reach[rows][:, far])
    n_sessions = 1 if params.bus is None else len(params.bus.sessions)
    told = np.repeat(every.need, n_sessions, axis=1) if ground.session_need is None else ground.session_need
    hub_ids = tuple(ground.hub_ids[int(k)] for k in hubs)
    return BusTask(hub_ids, need, stops, worth, drives, ground.opening, told[far])


def best_visits(
    bus: BusTask,
    asked: OutreachParams,
    less: Sequence[tuple[RouteTask, Visits]],
    cancelled: Callable[[], bool],
) -> tuple[RouteTask, Visits]:
    """The rounds that bring most need within reach; never fewer people than those for fewer hours.

    Parameters
    ----------
    less : sequence of (RouteTask, Visits)
        What was found for no longer a shift and no more vehicles; the search begins with the best of it.
    """
    route = replace(bus.route(asked), params=asked)
    start: Visits = tuple(() for _ in route.rounds)
    if less:
        found = max(less, key=lambda one: reached_need(*one))
        known = dict(zip(found[0].rounds, found[1], strict=True))
        start = tuple(known.get(one, ()) for one in route.rounds)
    seed = (asked.seed, asked.n_vehicles, asked.shift_minutes)
    rounds = search_rounds(route.task, start, seed=seed, n_steps=N_STEPS, is_over=cancelled)
    return route, rounds.visits


def trimmed(route: RouteTask, visits: Visits, spare: float) -> Visits:
    """The same without visits that are not needed: in all they bring no more need within reach than `spare`.

    The visit goes first that saves most minutes for what it loses. One stays without which the rounds could
    not be driven: the break that is taken there, or a drive that is forbidden.
    """
    gain, drive = route.gain[0], route.task.drive
    need = np.asarray(gain.max(axis=0).toarray()).ravel()
    rows = [list(row) for row in visits]
    times = np.zeros(gain.shape[1])
    for stop in (int(route.task.visit_stop[v]) for row in rows for v in row):
        times[gain.indices[gain.indptr[stop] : gain.indptr[stop + 1]]] += 1
    while True:
        options = []
        for r, row in enumerate(rows):
            for k, v in enumerate(row):
                stop = int(route.task.visit_stop[v])
                points = gain.indices[gain.indptr[stop] : gain.indptr[stop + 1]]
                loss = float(need[points][times[points] == 1].sum())
                if loss <= spare + 1e-9:
                    a = -1 if k == 0 else int(route.task.visit_stop[row[k - 1]])
                    b = -1 if k == len(row) - 1 else int(route.task.visit_stop[row[k + 1]])
                    past = 0.0 if a == b == -1 else float(drive[a, b])
                    saved = route.task.dwell + float(drive[a, stop] + drive[stop, b]) - past
                    options.append((loss / max(saved, 1e-9), r, k, loss, points))
        if not options:
            return tuple(tuple(row) for row in rows)
        for _, r, k, loss, points in sorted(options, key=lambda one: one[:3]):
            fewer = [[v for at, v in enumerate(row) if (q, at) != (r, k)] for q, row in enumerate(rows)]
            if not route.task.is_strict or can_hold(route.task, tuple(map(tuple, fewer))):
                rows = fewer
                times[points] -= 1
                spare -= loss
                break
        else:
            return tuple(tuple(row) for row in rows)


def bus_plan(ground: MixGround, bus: BusTask, visits: Visits, shown: OutreachParams) -> OutreachPlan:
    """Rounds as a plan that the Outreach page can show; its people are counted as that page counts them."""
    stops = OutreachStops(bus.stops.places, bus.worth, bus.stops.n_thinned)
    need = replace(bus.need, need=bus.session_need)
    held = route_task(with_hours(shown, bus.opening), need, stops, bus.drives, bus.ids)
    counted = replace(held, params=shown)
    visit_table, round_table = visit_tables(counted, visits, bus.ids)
    used = stop_table(bus.stops.places[bus.stops.places.index.isin(visit_table["stop_id"])])
    depot = stop_table(ground.depot)
    table = used if depot.index[0] in used.index else pd.concat([used, depot])
    unknown = float("nan")
    return OutreachPlan(
        shown,
        table,
        visit_table,
        round_table,
        area_table(need, shown, served_by_point(counted, visits)),
        plain_value(counted, visits),
        unknown,
        unknown,
        METHOD,
        0.0,
    )


def reached_need(route: RouteTask, visits: Visits) -> float:
    """Need that the visits bring within reach."""
    stops = np.unique([int(route.task.visit_stop[v]) for row in visits for v in row]).astype(np.int64)
    return float(route.gain[0][stops].max(axis=0).sum()) if len(stops) else 0.0


def shown_params(params: MixParams, bus: BusTask, n_vehicles: int, shift: int) -> OutreachParams:
    """What is asked of the bus beside the hubs that it was found for."""
    return bus_params(params, bus.hub_ids, n_vehicles, shift)
