"""The joint search against every mix there is; its bound is never above the cheapest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from geodata.errors import InputError
from neighbourhoods.outreach.case import CaseValues
from neighbourhoods.run.codec import from_parts, to_parts
from neighbourhoods.run.run import RUN_KINDS
from neighbourhoods.scenario.cost import HubCosts
from neighbourhoods.scenario.mix import search_mix
from neighbourhoods.scenario.mix_bound import least_share, point_classes
from neighbourhoods.scenario.mix_params import MixParams, ScenarioMix
from neighbourhoods.scenario.report import mix_finding, mix_json, mix_proof
from tests.neighbourhoods.mix_case import ASKED, cheapest_of_all, town

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
