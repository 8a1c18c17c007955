"""Bounds and the model that has no other part in common with the search: neither may contradict the other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neighbourhoods.siting.assign import Room, solve_assignment
from neighbourhoods.siting.core import Costs, whole_node
from neighbourhoods.siting.kernel import interchange, plan_cost
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingProblem
from neighbourhoods.siting.relaxation_kernel import near_lists, select, worths
from neighbourhoods.siting.room_bound_kernel import knapsack
from neighbourhoods.siting.rows import minimal, near_groups, packed, rows_of, status_of
from neighbourhoods.siting.siting import site_hubs
from neighbourhoods.siting.start import Choice, Plans
from neighbourhoods.siting.tree import grown
from tests.neighbourhoods.siting.siting_case import best_value, case


def middling(seed: int, n: int = 70, m: int = 30, p: int = 5) -> SitingProblem:
    """A problem too large to count through, with a budget and a least distance."""
    random = np.random.default_rng(seed)
    areas, candidates = random.random((n, 2)) * 30, random.random((m, 2)) * 30
    minutes = np.hypot(*(areas[:, None] - candidates[None]).transpose(2, 0, 1)).astype(np.float32)
    metres = np.hypot(*(candidates[:, None] - candidates[None]).transpose(2, 0, 1)) * 80
    ids = tuple(f"a{k}" for k in range(n)), tuple(f"c{k}" for k in range(m))
    return SitingProblem(
        *ids,
        random.integers(1, 100, n).astype(float),
        minutes,
        n_hubs=p,
        running_cost_gbp=random.integers(5, 30, m).astype(float),
        budget_gbp=70.0,
        distance_m=metres,
        distance_min_m=700.0,
    )


@pytest.mark.parametrize("seed", range(4))
def test_branching_and_the_integer_model_agree(seed: int) -> None:
    problem = middling(seed)
    found = site_hubs(problem, "p_median")
    n, m = problem.travel_minutes.shape
    rows = rows_of(problem, reach=True)
    room = Room(
        np.ones((n, m), dtype=bool), problem.demand, np.full(m, np.inf), rows, status_of(problem), 5, 60.0
    )
    model = solve_assignment(room, problem.demand[:, None] * problem.travel_minutes.astype(float), None)
    assert found.is_proven
    assert found.value * problem.demand.sum() == pytest.approx(model.value, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_capacities_are_never_exceeded_and_everybody_has_a_hub(seed: int) -> None:
    plain = replace(middling(seed), budget_gbp=None)
    problem = replace(plain, capacity=np.full(30, plain.demand.sum() / 5 * 1.2))
    found = site_hubs(problem, "p_median", SitingParams(time_limit_s=4.0))
    load = np.bincount(found.hub_by_area, problem.demand, 30)
    assert (load <= problem.capacity + 1e-6).all()
    assert set(np.flatnonzero(load)) <= {problem.place_by_id[one] for one in found.chosen}
    assert found.value >= site_hubs(plain, "p_median").value - 1e-9
    assert found.bound <= found.value
    assert found.gap < 0.02


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_000), st.lists(st.floats(0, 60), min_size=8, max_size=8))
def test_no_prices_have_a_bound_over_the_optimum(seed: int, given_prices: list[float]) -> None:
    problem = replace(case(seed), demand=np.random.default_rng(seed).integers(1, 9, 8).astype(float))
    cost = np.ascontiguousarray(problem.travel_minutes.T)
    lists = near_lists(cost, np.full(8, 1e9), False)
    status, worth, chosen = np.zeros(8, dtype=np.int8), np.empty(8), np.zeros(8, dtype=np.int8)
    bound = worths(lists, problem.demand, packed([], 8), np.array(given_prices), np.zeros(0), worth)
    bound += select(worth, status, 3, chosen)[0]
    assert bound <= best_value(problem, "p_median") * problem.demand.sum() * (1 + 1e-9)
    assert chosen.sum() <= 3


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1_000))
def test_what_is_settled_leaves_every_better_plan(seed: int) -> None:
    """From a plan by chance: all plans that cost less lie within what the ascent leaves open."""
    problem = replace(case(seed), demand=np.random.default_rng(seed).integers(1, 9, 8).astype(float))
    cost = np.ascontiguousarray(problem.travel_minutes.T)
    rows = packed([], 8)
    costs = Costs(problem.demand, cost, 1e3, np.inf)
    choice = Choice(problem.demand, cost, rows, np.zeros(8, dtype=np.int8), 3)
    first = np.random.default_rng(seed).choice(8, 3, replace=False).astype(np.int64)
    plans = Plans()
    plans.add(first, plan_cost(cost, problem.demand, first))
    before = plans.cost
    node = grown(whole_node(costs, choice, rows, first), choice, rows, plans, False, 100, 0.1, 0.0)
    for plan in combinations(range(8), 3):
        value = plan_cost(cost, problem.demand, np.array(plan))
        if value < min(plans.cost, before) * (1 - 1e-6):
            assert node is not None
            assert all(node.status[j] >= 0 for j in plan)
            assert all(j in plan for j in np.flatnonzero(node.status == 1))


def test_interchange_ends_where_no_exchange_helps() -> None:
    problem = middling(9)
    cost = np.ascontiguousarray(problem.travel_minutes.T)
    chosen, status = np.arange(5), np.zeros(30, dtype=np.int8)
    value, n, _ = interchange(cost, problem.demand, packed([], 30), status, chosen, 5, np.arange(30))
    assert n == 5
    assert value == pytest.approx(plan_cost(cost, problem.demand, chosen))
    for place in range(5):
        for new in set(range(30)) - set(chosen.tolist()):
            other = chosen.copy()
            other[place] = new
            assert plan_cost(cost, problem.demand, other) >= value * (1 - 1e-9)


def test_groups_hold_every_pair_that_is_too_near_and_no_other() -> None:
    problem = middling(3)
    assert problem.distance_m is not None
    pairs = {pair for group in near_groups(problem) for pair in combinations(group.tolist(), 2)}
    metres = problem.distance_m
    assert pairs == {(a, b) for a, b in combinations(range(30), 2) if metres[a, b] < problem.distance_min_m}


def test_existing_hubs_may_stand_as_near_as_they_do() -> None:
    problem = replace(middling(3), existing=frozenset(f"c{k}" for k in range(30)))
    assert near_groups(problem) == []


def test_sets_that_hold_another_set_are_left_out() -> None:
    sets = np.array([[1, 1, 0], [0, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    assert minimal(np.unique(sets, axis=0)).tolist() == [[False, True, False], [True, False, True]]


def test_knapsack_takes_a_part_of_the_last_that_fits() -> None:
    """6 for 2 people, 4 for 2, 3 for 3; room for 3: all of the first, half of the second."""
    gain, people = np.array([4.0, 6.0, 3.0]), np.array([2.0, 2.0, 3.0])
    assert knapsack(gain, people, 3, 3.0) == (8.0, 2.0, 0.5)
    assert knapsack(gain, people, 3, 7.0) == (13.0, 0.0, 1.0)
