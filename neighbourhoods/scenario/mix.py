"""The joint search: the cheapest mix of hubs and a bus that brings a share of need within reach.

For every number of hubs a few sets are tried (those that a relaxed joint model takes, those that cover most,
those with the shortest mean journey; all where they are few), and beside each a bus of every number of
vehicles and hours; where it reaches more than is asked, shifts are shortened and visits given up again. Of a
number of hubs that is proven dearer than what was found, one set is tried, for the picture of cost against
reach. What is found is a mix that can be driven; the bound says how much cheaper any other could be. No other
sets of hubs are tried, so that the cheapest is proven only where the two meet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.outreach.case import business_case
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.route import RouteTask, Visits
from neighbourhoods.outreach.window import hours_words
from neighbourhoods.scenario.mix_bound import MixBound, bound_mix, mix_model
from neighbourhoods.scenario.mix_bus import (
    BusTask,
    best_visits,
    bus_plan,
    bus_task,
    reached_need,
    shown_params,
    trimmed,
)
from neighbourhoods.scenario.mix_ground import MixGround, mix_ground
from neighbourhoods.scenario.mix_params import Mix, MixParams, ScenarioMix, bus_params
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingProblem
from neighbourhoods.siting.siting import site_hubs
from neighbourhoods.study.study import Study

FEW_SETS = 12
N_HALVINGS = 4

Progress = Callable[[int, int, str], None]
Places = NDArray[np.int64]
Found = tuple[Mix, OutreachPlan | None]


def suggest_mix(
    study: Study,
    params: MixParams,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ScenarioMix:
    """The cheapest mix that is found, every mix that was looked at, and a bound on all others.

    Parameters
    ----------
    progress : callable, optional
        Called with what is done, what all is, and what is being done.
    cancelled : callable, optional
        Where it says so, what was found by then is the answer, and no bound is given.

    Raises
    ------
    InputError
        When a place or figure that is asked for is not there.
    """
    if progress:
        progress(0, 1, "working out journeys to hubs and stops")
    return search_mix(mix_ground(study, params), params, progress=progress, cancelled=cancelled)


def search_mix(
    ground: MixGround,
    params: MixParams,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ScenarioMix:
    """The same on journeys that are known."""
    began = time.perf_counter()
    is_stopped = cancelled or (lambda: False)
    least = max(1, len(params.fixed))
    most = min(params.n_hubs_max, len(ground.hub_ids) - len(params.closed))
    numbers = range(least, most + 1)
    model = mix_model(ground, params)
    found: list[Found] = []
    bounds: list[float] = []
    for place, n_hubs in enumerate(numbers):
        if is_stopped():
            break
        if progress:
            progress(place, len(numbers), f"trying {n_hubs} hubs with and without a bus")
        bound = bound_mix(model, ground, params, n_hubs)
        bounds.append(bound.gbp)
        enough = [mix.cost_gbp for mix, _ in found if mix.share >= params.share - 1e-9]
        is_dearer = bound.gbp >= min(enough, default=np.inf)
        for hubs in _hub_sets(ground, params, n_hubs, bound, is_stopped):
            found += _mixes(ground, params, hubs, is_stopped)
            if is_dearer:  # for the picture alone
                break
    is_whole = len(bounds) == len(numbers) and not is_stopped()
    if progress:
        progress(len(numbers), len(numbers), "done")
    ordered = sorted(found, key=lambda one: (one[0].cost_gbp, -one[0].share))
    best = next((k for k, (mix, _) in enumerate(ordered) if mix.share >= params.share - 1e-9), -1)
    return ScenarioMix(
        params,
        tuple(mix for mix, _ in ordered),
        best,
        ordered[best][1] if best >= 0 else None,
        min(bounds, default=0.0) if is_whole else 0.0,
        tuple(bounds),
        float(model.weight.sum() / ground.weight.sum()),
        len(ground.hub_ids),
        len(ground.stops.places),
        is_whole,
        "for each number of hubs the sets of a relaxed joint model, of maximal coverage and of the p-median; "
        f"rounds by ruin and recreate; {ground.stops.n_thinned:,} bus stops left out for one near them; "
        f"drives {'in a straight line' if ground.drives.is_straight else 'along streets'}; "
        f"{hours_words(bus_params(params, ground.hub_ids, 1, params.shifts[-1]), ground.opening)}",
        time.perf_counter() - began,
    )


def _hub_sets(
    ground: MixGround, params: MixParams, n_hubs: int, bound: MixBound, is_stopped: Callable[[], bool]
) -> Iterator[Places]:
    """Sets of hubs to try, each once; all where they are few."""
    free = [k for k, one in enumerate(ground.hub_ids) if one not in (*params.fixed, *params.closed)]
    held = [ground.hub_ids.index(one) for one in params.fixed]
    if comb(len(free), n_hubs - len(held)) <= FEW_SETS:
        for more in combinations(free, n_hubs - len(held)):
            yield np.array(sorted([*held, *more]), dtype=np.int64)
        return
    problem = SitingProblem(
        tuple(map(str, range(len(ground.weight)))),
        ground.hub_ids,
        ground.weight,
        ground.hub_minutes.astype(np.float32),
        n_hubs,
        fixed=params.fixed,
        closed=params.closed,
        unreached_minutes=float(
            np.max(ground.hub_minutes, where=np.isfinite(ground.hub_minutes), initial=1.0)
        )
        + 1,
    )
    settings = SitingParams(
        minutes_max=params.rule.minutes, seed=params.seed, time_limit_s=params.bound_seconds
    )
    sets = [bound.hubs] if len(bound.hubs) == n_hubs else []
    for objective in ("max_coverage", "p_median"):
        if not is_stopped():
            plan = site_hubs(problem, objective, settings, is_stopped)
            sets.append(np.array(sorted(ground.hub_ids.index(one) for one in plan.chosen), dtype=np.int64))
    seen = set()
    for one in sets:
        key = tuple(one.tolist())
        if key and key not in seen:
            seen.add(key)
            yield one


def _mixes(
    ground: MixGround, params: MixParams, hubs: Places, is_stopped: Callable[[], bool]
) -> Iterator[Found]:
    """One set of hubs alone, and with a bus of every number of vehicles and hours."""
    whole = float(ground.weight.sum())
    near = float(ground.weight[ground.covers(params.rule.minutes)[:, hubs].any(axis=1)].sum())
    hub_gbp = float(ground.hub_gbp[hubs].sum())
    hub_ids = tuple(ground.hub_ids[int(k)] for k in hubs)
    yield Mix(hub_ids, 0, 0, 0, 0.0, near / whole, hub_gbp, 0.0), None
    bus = bus_task(ground, params, hubs)
    if bus is None:
        return
    known: dict[tuple[int, int], tuple[RouteTask, Visits]] = {}
    for n_vehicles in range(1, params.n_vehicles_max + 1):
        for shift in params.shifts:
            if is_stopped():
                return
            asked = shown_params(params, bus, n_vehicles, shift)
            less = [known[v, s] for v, s in known if v <= n_vehicles and s <= shift]
            route, visits = best_visits(bus, asked, less, is_stopped)
            known[n_vehicles, shift] = (route, visits)
            if not any(visits):
                continue
            reached = near + reached_need(route, visits)
            wanted = params.share * whole
            left = trimmed(route, visits, 0.0)
            plan = bus_plan(ground, bus, left, asked)
            yield _mix(params, hub_ids, hub_gbp, plan, (near + reached_need(route, left)) / whole), plan
            if reached < wanted - 1e-9:
                continue
            for tried, tight in _tighter(bus, params, known, (n_vehicles, shift), wanted - near, is_stopped):
                plan = bus_plan(ground, bus, tight, tried.params)
                yield _mix(params, hub_ids, hub_gbp, plan, (near + reached_need(tried, tight)) / whole), plan


def _tighter(
    bus: BusTask,
    params: MixParams,
    known: dict[tuple[int, int], tuple[RouteTask, Visits]],
    level: tuple[int, int],
    wanted: float,
    is_stopped: Callable[[], bool],
) -> Iterator[tuple[RouteTask, Visits]]:
    """Rounds that bring just so much need within reach: visits given up, and shifts halved in on."""
    n_vehicles, high = level
    route, visits = known[level]
    yield route, trimmed(route, visits, reached_need(route, visits) - wanted)
    shorter = [s for v, s in known if v == n_vehicles and s < high and reached_need(*known[v, s]) < wanted]
    low = max(shorter, default=params.dwell_minutes)
    for _ in range(N_HALVINGS):
        middle = (low + high) // 2
        if is_stopped() or middle in (low, high):
            return
        asked = shown_params(params, bus, n_vehicles, middle)
        less = [known[v, s] for v, s in known if v <= n_vehicles and s <= middle]
        route, visits = best_visits(bus, asked, less, is_stopped)
        reached = reached_need(route, visits)
        if reached >= wanted - 1e-9:
            high = middle
            yield route, trimmed(route, visits, reached - wanted)
        else:
            low = middle


def _mix(
    params: MixParams, hub_ids: tuple[str, ...], hub_gbp: float, plan: OutreachPlan, share: float
) -> Mix:
    case = business_case(plan, params.case)
    asked = plan.params
    return Mix(
        hub_ids,
        case.n_vehicles,
        asked.shift_minutes,
        int(plan.visits["stop_id"].nunique()),
        case.vehicle_hours / params.case.weeks_year if params.case.weeks_year > 0 else 0.0,
        share,
        hub_gbp,
        case.cost_gbp,
    )
