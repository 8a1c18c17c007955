"""What must hold of every siting, whatever its numbers; and one that is added up by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from neighbourhoods.siting.measure import covered_share, kappa_of, kolm_pollak, mean_minutes, worst_mean
from neighbourhoods.siting.median import ready
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.siting import site_hubs
from neighbourhoods.siting.stability import near_optimal_share
from neighbourhoods.siting.trade_off import AS_NOW, trade_off
from neighbourhoods.siting.what_if import what_if
from tests.neighbourhoods.siting.siting_case import best_value, case

PARAMS = SitingParams(minutes_max=10.0, covered_share=0.7, kappa=0.1, seed=5)


def town(n: int, m: int, p: int, seed: int, shift: float = 0.0) -> SitingProblem:
    random = np.random.default_rng(seed)
    areas, candidates = random.random((n, 2)) * 30 + shift, random.random((m, 2)) * 30 + shift
    minutes = np.hypot(*(areas[:, None] - candidates[None]).transpose(2, 0, 1))
    ids = tuple(f"a{k}" for k in range(n)), tuple(f"c{k}" for k in range(m))
    return SitingProblem(*ids, random.integers(1, 100, n).astype(float), minutes.astype(np.float32), n_hubs=p)


def row(**more: Any) -> SitingProblem:
    """Five areas in a row, 10 minutes apart, each a candidate; need 4, 1, 1, 1, 3, so 10 in all.

        a --10-- b --10-- c --10-- d --10-- e
        4        1        1        1        3

    Two hubs at a and e: b and d 10 minutes, c 20, which is 40 / 10 = 4 minutes on average.
    """
    at = np.arange(5.0) * 10
    minutes = np.abs(at[:, None] - at[None]).astype(np.float32)
    demand = np.array([4.0, 1.0, 1.0, 1.0, 3.0])
    return SitingProblem(tuple("abcde"), tuple("abcde"), demand, minutes, **({"n_hubs": 2} | more))


def test_row_of_five_by_hand() -> None:
    found = site_hubs(row(), "p_median")
    assert (found.chosen, found.value, found.bound) == (("a", "e"), 4.0, 4.0)
    assert found.minutes_by_area.tolist() == [0, 10, 20, 10, 0]
    assert found.is_proven


@pytest.mark.parametrize(
    ("objective_id", "params", "value"),
    [
        ("max_coverage", SitingParams(minutes_max=10.0), 1.0),  # b covers a and c, e covers d
        ("max_coverage", SitingParams(minutes_max=9.0), 0.7),  # a and e themselves
        ("set_cover", SitingParams(minutes_max=10.0, covered_share=0.9), 2.0),
        ("set_cover", SitingParams(minutes_max=10.0, covered_share=0.5), 1.0),  # a and b: 5 of 10
        ("set_cover", SitingParams(minutes_max=9.0, covered_share=0.91), 5.0),
        ("p_center", SitingParams(), 10.0),  # b and d, or b and e
        ("equity", SitingParams(worst_share=0.3, tolerance=0.0), 10.0),  # b, and d or e: three of 10 have 10
    ],
)
def test_other_objectives_on_the_row_by_hand(objective_id: str, params: SitingParams, value: float) -> None:
    problem = replace(row(), n_hubs=None) if objective_id == "set_cover" else row()
    found = site_hubs(problem, objective_id, params)
    assert found.value == pytest.approx(value)
    assert found.is_proven


def test_hubs_with_room_for_five_each_by_hand() -> None:
    """Hubs at a and e, as without limits; c, as far from both, goes where there is room: a has 5, e has 5."""
    problem = row(capacity=np.full(5, 5.0))
    found = site_hubs(problem, "p_median")
    assert found.value == pytest.approx(4.0)  # a: a, b (5); e: c, d, e (5)
    assert found.hub_by_area.tolist() == [0, 0, 4, 4, 4]
    with pytest.raises(SitingError, match="room"):
        site_hubs(row(capacity=np.full(5, 4.0)), "p_median")


def test_too_many_pairs_with_capacities_are_refused() -> None:
    problem = replace(town(2_100, 200, 3, 0), capacity=np.full(200, 1e9))
    with pytest.raises(SitingError, match=r"up to 400,000 pairs .* 420,000"):
        site_hubs(problem, "p_center")


@pytest.mark.parametrize("objective_id", OBJECTIVES)
def test_same_seed_has_the_same_plan(objective_id: str) -> None:
    problem = town(60, 25, 4, 1)
    problem = replace(problem, n_hubs=None) if objective_id == "set_cover" else problem
    first, second = (site_hubs(problem, objective_id, PARAMS) for _ in range(2))
    assert first.chosen == second.chosen
    assert first.value == second.value
    assert np.array_equal(first.hub_by_area, second.hub_by_area)


@pytest.mark.parametrize("objective_id", OBJECTIVES)
def test_order_of_areas_and_candidates_does_not_matter(objective_id: str) -> None:
    problem = town(40, 20, 3, 2)
    problem = replace(problem, n_hubs=None) if objective_id == "set_cover" else problem
    random = np.random.default_rng(7)
    a, c = random.permutation(40), random.permutation(20)
    other = replace(
        problem,
        area_ids=tuple(problem.area_ids[k] for k in a),
        candidate_ids=tuple(problem.candidate_ids[k] for k in c),
        demand=problem.demand[a],
        people=problem.demand[a],
        travel_minutes=problem.travel_minutes[a][:, c],
    )
    first, second = (site_hubs(one, objective_id, PARAMS) for one in (problem, other))
    assert second.value == pytest.approx(first.value, rel=2e-3 if objective_id == "equity" else 1e-6)
    if objective_id == "p_median":
        assert set(second.chosen) == set(first.chosen)


def test_moving_all_points_together_changes_nothing() -> None:
    first, second = (site_hubs(town(50, 20, 4, 3, shift), "p_median") for shift in (0.0, 64.0))
    assert first.chosen == second.chosen
    assert second.value == pytest.approx(first.value, rel=1e-5)


def test_added_hub_never_lengthens_a_journey() -> None:
    problem = town(60, 20, 4, 4)
    chosen = site_hubs(problem, "p_median").chosen
    for one in set(problem.candidate_ids) - set(chosen):
        found = what_if(problem, chosen, add=[one])
        assert (found.change_minutes <= 0).all()
        assert found.people_who_lose == 0
        back = what_if(problem, found.after, close=[one])
        assert np.array_equal(back.change_minutes, -found.change_minutes)


def test_moved_hub_by_hand() -> None:
    """e's hub moves to c: c gains 20 minutes, b stays with a, d stays 10, e's three people lose 20."""
    found = what_if(row(), ["a", "e"], close=["e"], add=["c"])
    assert found.change_minutes.tolist() == [0, 0, -20, 0, 20]
    assert (found.people_who_gain, found.people_who_lose) == (1.0, 3.0)
    assert (found.mean_before, found.mean_after) == (4.0, 8.0)
    assert found.people_by_hub.tolist() == [5.0, 5.0]


def test_what_if_counts_those_who_reach_no_hub_any_more() -> None:
    minutes = np.array([[1, np.nan], [np.nan, 1]], dtype=np.float32)
    problem = SitingProblem(("a", "b"), ("x", "y"), np.array([2.0, 3.0]), minutes, n_hubs=2)
    found = what_if(problem, ["x", "y"], close=["y"])
    assert found.change_minutes.tolist() == [0.0, np.inf]
    assert found.people_who_lose == 3.0
    assert np.isnan(found.mean_after)


def test_what_if_names_hubs_that_are_too_small() -> None:
    found = what_if(row(capacity=np.full(5, 6.0)), ["a", "e"], close=["e"], add=["d"])
    assert found.over_capacity == ()
    assert what_if(row(capacity=np.full(5, 6.0)), ["a", "e"], close=["e"], add=["b"]).over_capacity == ()
    assert what_if(row(capacity=np.full(5, 6.0)), ["a", "e"], close=["e"]).over_capacity == ("a",)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"close": ["c"]}, "c cannot be closed"),
        ({"add": ["a"]}, "a cannot be added"),
        ({"close": ["a", "e"]}, "one"),
    ],
)
def test_impossible_changes_are_refused(change: dict[str, list[str]], named: str) -> None:
    with pytest.raises(SitingError, match=named):
        what_if(row(), ["a", "e"], **change)


def test_trade_off_falls_with_every_hub_and_holds_the_plan_as_now() -> None:
    problem = replace(
        town(60, 20, 1, 6),
        existing=frozenset({"c3", "c7"}),
        running_cost_gbp=np.full(20, 100.0),
        opening_cost_gbp=np.full(20, 10.0),
    )
    found = trade_off(problem, range(1, 8))
    values = [one.value for one in found[:-1]]
    assert len(values) == 7
    assert (np.diff(values) < 0).all()
    assert all(one.is_proven for one in found[:-1])
    for n_hubs, one in enumerate(found[:-1], start=1):
        assert one.value == pytest.approx(site_hubs(replace(problem, n_hubs=n_hubs), "p_median").value)
    now = found[-1]
    assert (now.method, now.chosen, now.cost_gbp) == (AS_NOW, ("c3", "c7"), 200.0)
    assert now.value == what_if(problem, ["c3"], add=["c7"]).mean_after
    assert now.value >= found[1].value
    assert not now.is_proven


def test_trade_off_leaves_out_numbers_that_cannot_be() -> None:
    problem = case(1, "footprints")
    found = trade_off(problem, [1, 2, 3])
    assert [len(one.chosen) for one in found] == [2, 3]
    with pytest.raises(SitingError, match="number of hubs"):
        trade_off(problem, [1])


def test_stability_is_certain_of_a_hub_that_no_need_can_move() -> None:
    """Two far towns with one central candidate each, and small ones around: centres are in every plan."""
    at = np.array([0.0, -1, 1, 100, 99, 101])
    minutes = np.abs(at[:, None] - at[None]).astype(np.float32)
    demand = np.array([50.0, 1, 1, 50, 1, 1])
    problem = SitingProblem(tuple("abcdef"), tuple("abcdef"), demand, minutes, n_hubs=2)
    found = near_optimal_share(problem, within=0.5, n_draws=20)
    assert found.shares.loc[["a", "d"], ["near_share", "draw_share"]].eq(1.0).all(axis=None)
    assert found.best_again == 1.0
    assert found.regret == 0.0


def test_stability_counts_all_near_plans_one_exchange_away() -> None:
    """One hub on the row: b 4.. by hand a: 0+1+2+3+12 = 18, b: 4+0+1+2+9 = 16, c: 8+1+0+1+6 = 16, d: 18."""
    found = near_optimal_share(row(n_hubs=1), within=0.13, n_draws=0)
    assert found.n_near == 4
    assert found.shares["near_share"].tolist() == [0.25, 0.25, 0.25, 0.25, 0.0]
    assert near_optimal_share(row(n_hubs=1), within=0.12, n_draws=0).n_near == 2


def test_stability_is_the_same_for_the_same_seed() -> None:
    problem = town(60, 20, 4, 8)
    first, second = (near_optimal_share(problem, n_draws=10, seed=2).shares for _ in range(2))
    assert first.equals(second)
    assert first["draw_share"].sum() == pytest.approx(4)


def test_bound_without_branching_is_never_over_the_optimum() -> None:
    for seed in range(20):
        problem = case(seed, n=10, m=10, p=3)
        answer = ready(problem).solve(seed, 0)
        assert answer.bound <= best_value(problem, "p_median") * problem.demand.sum() * (1 + 1e-9)
        assert answer.bound > 0.8 * answer.cost


def test_a_stopped_search_says_what_is_known() -> None:
    problem = town(200, 80, 5, 9)
    whole = site_hubs(problem, "p_median")
    stopped = site_hubs(problem, "p_median", SitingParams(n_nodes=0), is_stopped=lambda: True)
    assert whole.is_proven
    assert stopped.bound <= whole.value <= stopped.value


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"fixed": {"a"}, "closed": {"a"}}, "a must be open and may not"),
        ({"fixed": {"a", "b", "c"}}, "3 candidates are fixed, but at most 2"),
        ({"closed": set("abcde")}, "Every candidate is closed"),
        ({"fixed": {"x"}}, "fixed names x"),
        ({"demand": np.array([1.0, -1, 1, 1, 1])}, "demand is negative or unknown for b"),
        ({"demand": np.zeros(5)}, "No area has any demand"),
        ({"travel_minutes": np.zeros((5, 4))}, "5 areas and 5 candidates"),
        ({"travel_minutes": np.full((5, 5), np.nan)}, "can reach no candidate"),
        ({"unreached_minutes": 39.0}, "longest journey takes 40"),
        ({"distance_min_m": 10.0}, "needs distance_m"),
        ({"footprint_by_candidate": list("AABBB"), "closed": {"a", "b"}}, "Footprint A has no candidate"),
        ({"n_hubs": 0}, "ask for 1 or more"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(SitingError, match=named):
        replace(row(), **changes)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"running_cost_gbp": np.full(5, 10.0), "budget_gbp": 9.0}, "the budget"),
        ({"footprint_by_candidate": list("ABCDD")}, "a hub in every footprint"),
        ({"one_of": ({"a"}, {"b"}, {"c"})}, "services that must be housed"),
        ({"together": (("a", "b"),), "fixed": {"a", "c"}}, "candidates that belong together"),
        (
            {"distance_m": np.ones((5, 5)), "distance_min_m": 5.0, "fixed": {"a", "b"}},
            "the least distance between new hubs",
        ),
        ({"n_hubs": None}, "state n_hubs or budget_gbp"),
    ],
)
def test_what_cannot_be_met_says_what_would_help(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(SitingError, match=named):
        site_hubs(replace(row(), **changes), "p_median")


def test_share_that_no_candidates_cover_is_refused_with_what_they_cover() -> None:
    with pytest.raises(SitingError, match=r"cover 90\.0% of people"):
        site_hubs(
            replace(row(), n_hubs=None, closed=frozenset("bcd")),
            "set_cover",
            SitingParams(minutes_max=10.0, covered_share=0.95),
        )


def test_settings_that_are_missing_or_wrong_are_refused() -> None:
    with pytest.raises(SitingError, match="needs minutes_max"):
        site_hubs(row(), "max_coverage")
    with pytest.raises(SitingError, match="no objective p_mean"):
        site_hubs(row(), "p_mean")
    with pytest.raises(SitingError, match="covered_share"):
        SitingParams(covered_share=95)


@pytest.mark.parametrize("record", OBJECTIVES.values(), ids=OBJECTIVES)
def test_every_objective_is_told(record: Any) -> None:
    assert record.label
    assert record.unit
    assert record.source[-4:].isdigit()


def test_kolm_pollak_is_the_mean_where_all_have_the_same_and_over_it_elsewhere() -> None:
    """Half 0, half 10 minutes, kappa 0.1: 10 ln((1 + e) / 2) = 6.201."""
    demand = np.ones(2)
    assert kolm_pollak(np.array([7.0, 7.0]), demand, 0.3) == pytest.approx(7.0)
    assert kolm_pollak(np.array([0.0, 10.0]), demand, 0.1) == pytest.approx(10 * np.log((1 + np.e) / 2))
    assert kappa_of(np.array([0.0, 10.0]), demand, 2.0) == pytest.approx(2 * 10 / 100)


def test_worst_share_counts_the_area_on_the_limit_in_part() -> None:
    """Worst 30% of 10: all 2 with 20 minutes, 1 of the 4 with 10: (40 + 10) / 3; everybody: the mean."""
    minutes, demand = np.array([20.0, 10.0, 5.0]), np.array([2.0, 4.0, 4.0])
    assert worst_mean(minutes, demand, 0.3) == pytest.approx(50 / 3)
    assert worst_mean(minutes, demand, 1.0) == pytest.approx(mean_minutes(minutes, demand)) == 10.0


def test_area_on_the_limit_of_minutes_is_covered() -> None:
    minutes = np.array([9.999, 10.0, 10.001, np.nan])
    assert covered_share(minutes, np.array([1.0, 2.0, 3.0, 4.0]), 10.0) == pytest.approx(0.3)
