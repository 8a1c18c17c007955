"""The joint search against every mix there is; its bound is never above the cheapest."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_array

from geodata.errors import InputError
from neighbourhoods.outreach.case import CaseValues
from neighbourhoods.outreach.drive import NEVER_MINUTES, Drives, forbid_drives
from neighbourhoods.outreach.plan import FixedVisit, ForbiddenRoad, OutreachParams, Session, StopWindow
from neighbourhoods.run.codec import from_parts, to_parts
from neighbourhoods.run.run import RUN_KINDS
from neighbourhoods.scenario.cost import HubCosts
from neighbourhoods.scenario.mix import search_mix
from neighbourhoods.scenario.mix_bound import least_share, point_classes
from neighbourhoods.scenario.mix_bus import bus_task, trimmed
from neighbourhoods.scenario.mix_ground import MixGround, open_stops
from neighbourhoods.scenario.mix_limit import kept_lines, left_out_lines
from neighbourhoods.scenario.mix_params import MixParams, ScenarioMix, bus_params, week_minutes
from neighbourhoods.scenario.report import mix_finding, mix_json, mix_proof
from tests.neighbourhoods.scenario.mix_case import ASKED, cheapest_of_all, town

SEEDS = range(8)


def test_the_bound_is_never_above_the_cheapest_of_all_and_the_search_finds_nearly_always_that() -> None:
    n_exact = n_possible = 0
    for seed in SEEDS:
        ground = town(seed)
        found, best = search_mix(ground, ASKED), cheapest_of_all(ground, ASKED)
        assert found.bound_gbp <= best * (1 + 1e-6)
        if found.cheapest is None:
            assert np.isinf(best)
            continue
        assert best * (1 - 1e-9) <= found.cheapest.cost_gbp <= best * 1.005
        n_possible += 1
        n_exact += found.cheapest.cost_gbp == pytest.approx(best)
    assert n_possible >= 6
    assert n_exact >= n_possible - 2


def test_every_mix_is_what_its_hubs_and_its_bus_cost_and_the_bus_of_the_best_can_be_taken_over() -> None:
    asked = replace(ASKED, share=0.9)
    ground = next(t for t in map(town, SEEDS) if (m := search_mix(t, asked).cheapest) and m.n_vehicles)
    found = search_mix(ground, asked)
    best = found.cheapest
    assert best is not None
    assert found.plan is not None
    of_hubs = [ground.hub_gbp[ground.hub_ids.index(one)] for one in best.hub_ids]
    assert best.hub_gbp == pytest.approx(sum(of_hubs))
    reach = ground.stops.reach.toarray()
    rows = [ground.stops.places.index.get_loc(one) for one in found.plan.visits["stop_id"]]
    near = (ground.hub_minutes <= 15)[:, [ground.hub_ids.index(one) for one in best.hub_ids]].any(axis=1)
    reached = near | (reach[rows] > 0).any(axis=0)
    assert best.share == pytest.approx(ground.weight[reached].sum() / ground.weight.sum())
    assert best.share >= 0.9 - 1e-9
    assert set(found.plan.params.hub_ids) == set(best.hub_ids)


def test_mixes_stand_in_order_of_cost_and_the_front_rises() -> None:
    found = search_mix(town(3), replace(ASKED, share=0.99))
    costs = [one.cost_gbp for one in found.mixes]
    assert costs == sorted(costs)
    shares = [found.mixes[place].share for place in found.front]
    assert shares == sorted(set(shares))


def test_fixed_hubs_are_in_every_mix_and_closed_ones_in_none() -> None:
    found = search_mix(town(2), replace(ASKED, fixed=("h1",), closed=("h0",)))
    assert all("h1" in one.hub_ids and "h0" not in one.hub_ids for one in found.mixes)


def test_a_share_that_nothing_reaches_is_said_and_proven() -> None:
    ground = town(1)
    far = replace(ground, hub_minutes=np.full_like(ground.hub_minutes, 99.0))
    found = search_mix(far, replace(ASKED, share=1.0, n_vehicles_max=0))
    assert found.cheapest is None
    assert np.isinf(found.bound_gbp)
    assert mix_proof(found).startswith("Proven: no mix")
    assert "No mix" in mix_finding(found)


def test_what_is_cancelled_keeps_what_it_found_and_proves_nothing() -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 6

    found = search_mix(town(1), ASKED, cancelled=cancelled)
    assert found.mixes
    assert (found.is_whole, found.bound_gbp) == (False, 0.0)
    assert "stopped" in mix_proof(found)


def test_the_same_seed_gives_the_same_mixes_and_they_are_kept_as_a_run() -> None:
    first, second = search_mix(town(4), ASKED), search_mix(town(4), ASKED)
    assert first.mixes == second.mixes
    kind = RUN_KINDS["mix"]
    again = from_parts(to_parts(first), ScenarioMix)
    assert (again.mixes, again.best, again.bound_by_n) == (first.mixes, first.best, first.bound_by_n)
    assert kind.params_from_json(kind.params_to_json(ASKED)) == ASKED
    assert mix_json(first)["bound_gbp"] == first.bound_gbp


def test_progress_reaches_its_end() -> None:
    said: list[tuple[int, int]] = []
    search_mix(town(1), ASKED, progress=lambda done, total, _: said.append((done, total)))
    assert (said[0], said[-1]) == ((0, 3), (3, 3))


def test_a_stop_costs_half_of_its_two_shortest_ways_at_the_least() -> None:
    drive = np.array([[0.0, 4.0, 6.0], [2.0, 0.0, 8.0], [10.0, 12.0, 0.0]])
    # from stop 0: 4 is shortest, to it 2; from stop 1: 2, to it 4
    assert least_share(drive).tolist() == [3.0, 3.0]


def test_points_near_the_same_hubs_and_stops_are_one() -> None:
    first, place = point_classes(csr_array(np.array([[1, 0], [1, 1], [0, 0], [1, 0]])))
    assert (first.tolist(), place.tolist()) == ([0, 1], [0, 1, -1, 0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"share": 0.0}, "above 0"),
        ({"share": 1.01}, "above 0"),
        ({"fixed": ("a", "b", "c", "d")}, "at least 4 hubs"),
        ({"fixed": ("a",), "closed": ("a",)}, "cannot both"),
        ({"kinds": ()}, "at least one kind"),
        ({"n_vehicles_max": -1}, "none or more"),
        ({"shifts": (420, 240)}, "rising"),
        ({"hub_costs": HubCosts(running_gbp_year=float("nan"))}, "fill in"),
        ({"case": CaseValues(driver_gbp_hour=float("nan"))}, "driver an hour"),
    ],
)
def test_what_contradicts_itself_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(ASKED, **changes)  # type: ignore[arg-type]


def test_uptake_may_stay_unknown_as_no_cost_rests_on_it() -> None:
    asked: MixParams = replace(ASKED, case=CaseValues(uptake_share=float("nan")))
    assert search_mix(town(1), asked).mixes


def bus_of(*sessions: Session, **changes: object) -> OutreachParams:
    """What is asked of a bus of the toy town."""
    first = OutreachParams(("h0",), sessions, ("venue",), "depot", dwell_minutes=ASKED.dwell_minutes)
    return replace(first, **changes)  # type: ignore[arg-type]


DAY, EVENING = Session("day", "everyone", (0,), 540, 660), Session("late", "youth", (0,), 1_020, 1_140)


def bused(seed: int, bus: OutreachParams, share: float = 0.9) -> tuple[MixGround, ScenarioMix]:
    """What is found in a town for a bus, with need that only a bus can bring within reach."""
    ground = town(seed)
    need = np.repeat(ground.need.need, len(bus.sessions), axis=1)
    ids = [*(str(one) for one in ground.stops.places.index), "depot"]
    minutes = ground.drives.minutes.copy()
    is_any = forbid_drives(minutes, bus.forbidden_drives, ids)
    drives = replace(ground.drives, minutes=minutes, has_forbidden=is_any)
    ground = replace(ground, session_need=need, drives=drives)
    far = replace(ground, hub_minutes=np.where(np.arange(14)[:, None] < 7, ground.hub_minutes, 99.0))
    return far, search_mix(far, replace(ASKED, bus=bus, share=share, n_hubs_max=1))


def most_bus(found: ScenarioMix) -> float:
    """The most need that any mix brings within reach."""
    return max(one.share for one in found.mixes)


def test_an_evening_session_brings_more_within_reach_and_counts_nobody_twice() -> None:
    days = [most_bus(bused(seed, bus_of(DAY), 0.99)[1]) for seed in SEEDS]
    both_most = [most_bus(bused(seed, bus_of(DAY, EVENING), 0.99)[1]) for seed in SEEDS]
    assert all(b >= a - 1e-9 for a, b in zip(days, both_most, strict=True))
    seed = int(np.argmax(np.subtract(both_most, days)))
    assert both_most[seed] > days[seed] + 0.02
    ground, both = bused(seed, bus_of(DAY, EVENING), days[seed] + 0.01)  # the day alone cannot do it
    assert both.plan is not None
    assert both.cheapest is not None
    assert both.bound_gbp <= both.cheapest.cost_gbp + 1e-6
    visits = both.plan.visits
    late = visits[visits["session_id"] == "late"]
    assert len(late)
    assert ((late["arrive_minute"] >= 1_020) & (late["depart_minute"] <= 1_140)).all()
    assert {"served_day", "served_late"} <= set(both.plan.areas.columns)
    rows = [ground.stops.places.index.get_loc(one) for one in visits["stop_id"]]
    near = (ground.hub_minutes <= 15)[:, [ground.hub_ids.index(one) for one in both.cheapest.hub_ids]]
    reached = near.any(axis=1) | (ground.stops.reach.toarray()[rows] > 0).any(axis=0)
    assert both.cheapest.share == pytest.approx(ground.weight[reached].sum() / ground.weight.sum())


def test_forbidden_drives_and_hours_of_stops_hold_in_every_mix() -> None:
    long = replace(DAY, end_minute=840)
    n_paired = n_held = 0
    for seed in range(3):
        _, free = bused(seed, bus_of(long), 0.5)
        if free.plan is None or len(free.plan.visits) < 2:
            continue
        first, second = free.plan.visits["stop_id"].iloc[:2]
        n_paired += 1
        held = bus_of(
            long, forbidden_drives=((first, second),), windows=(StopWindow(str(first), -1, 780, 840),)
        )
        _, found = bused(seed, held, 0.5)
        assert found.bound_gbp <= (found.cheapest.cost_gbp if found.cheapest else np.inf) + 1e-6
        if found.plan is None:
            continue
        rows = found.plan.visits.reset_index(drop=True)
        ways = set(map(frozenset, pairwise(rows["stop_id"])))
        assert frozenset((first, second)) not in ways
        at_first = rows[rows["stop_id"] == first]
        assert (at_first["arrive_minute"] >= 780).all()
        n_held += 1
    assert n_paired >= 1
    assert n_held >= 1


def test_a_visit_is_not_given_up_where_a_drive_past_it_is_forbidden() -> None:
    ground = town(1)
    minutes = np.full((5, 5), 10.0)
    np.fill_diagonal(minutes, 0.0)
    minutes[0, 2] = minutes[2, 0] = NEVER_MINUTES
    ground = replace(ground, drives=Drives(minutes, minutes, True, has_forbidden=True))
    far = replace(ground, hub_minutes=np.full_like(ground.hub_minutes, 99.0))
    asked = replace(ASKED, bus=bus_of(replace(DAY, end_minute=1_000)))
    task = bus_task(far, asked, np.array([0]))
    assert task is not None
    assert len(task.ids) == 4
    route = task.route(bus_params(asked, ("h0",), 1, 400))
    (row,) = trimmed(route, ((0, 1, 2),), 0.0)
    assert list(row) in ([0, 1, 2], [0, 1], [1, 2], [0], [1], [2])
    all_spare = trimmed(route, ((0, 1, 2),), 1e9)
    assert all_spare == ((),)
    (kept,) = trimmed(replace(route, gain=(spared(route.gain[0], 1),)), ((0, 1, 2),), 0.0)
    assert list(kept) == [0, 1, 2]


def spared(gain: csr_array, stop: int) -> csr_array:
    """Every stop of the first three with need of its own, but one that adds nothing."""
    rows = np.zeros(gain.shape)
    for k in range(3):
        rows[k, k] = 0.0 if k == stop else 1.0
    return csr_array(rows)


def test_a_stop_that_is_open_in_no_session_is_not_used() -> None:
    stops = town(0).stops
    shut = bus_of(DAY, windows=(StopWindow("s1", 0, 500, 579), StopWindow("s2", 0, 500, 580)))
    assert list(open_stops(shut, stops).places.index) == ["s0", "s2", "s3"]
    every = replace(shut, windows=tuple(StopWindow(f"s{k}", 1, 540, 660) for k in range(4)))
    with pytest.raises(InputError, match="open for as long as a visit"):
        open_stops(every, stops)


def test_hours_of_a_week_are_those_of_the_sessions_or_of_the_shift() -> None:
    assert week_minutes(replace(ASKED, shifts=(240,))) == 240
    asked = replace(ASKED, bus=bus_of(replace(DAY, days=(0, 1)), EVENING), shifts=(150,))
    assert week_minutes(asked) == 150 + 120  # Monday has 240 minutes, Tuesday 120


def test_what_is_kept_of_the_bus_and_what_is_left_out_is_said() -> None:
    bus = bus_of(
        replace(DAY, days=(0, 1, 2, 3, 4)),
        replace(EVENING, days=(1, 3)),
        n_weeks=2,
        fixed=(FixedVisit("s1", "day", 0, 600),),
        forbidden_roads=(ForbiddenRoad(1.0, 2.0),),
        forbidden_drives=(("s1", "s2"), ("s2", "s3"), ("s2", "s1")),
        windows=(StopWindow("s1", 0, 540, 600), StopWindow("s1", 1, 540, 600)),
    )
    asked = replace(ASKED, bus=bus)
    kept, left = kept_lines(asked), left_out_lines(asked)
    assert "on Monday to Friday, 09:00 to 11:00" in kept[0]
    assert "on Tuesday and Thursday, 17:00 to 19:00 (youth work)" in kept[0]
    assert kept[1] == "It keeps to 1 forbidden road, 2 forbidden drives and 1 stop's own hours."
    assert left[0].startswith("1 visit that is held in stop or hour may go elsewhere")
    assert "every week, not every fortnight" in left[1]
    assert len(left) == 3
    shown = mix_json(search_mix(town(1), replace(asked, n_hubs_max=1, n_vehicles_max=0)))
    assert (shown["kept"], shown["left_out"]) == (list(kept), list(left))
    assert shown["params"]["bus"]["range_km"] is None  # type: ignore[index]
    assert "no road, drive or stop is forbidden" in left_out_lines(ASKED)[0]
    assert RUN_KINDS["mix"].params_from_json(RUN_KINDS["mix"].params_to_json(asked)) == asked
