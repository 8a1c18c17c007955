"""Bounds against complete enumeration: never beaten, by any option, on any wish."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neighbourhoods.bound.border import BORDER_WISHES, border_bound, borders_of
from neighbourhoods.bound.bound import Bound, mix_bound, plain_bounds, value_within
from neighbourhoods.bound.column import N_LEVELS, Prices, raise_bound
from neighbourhoods.bound.frontier import Frontier, frontier_of, least_within, price
from neighbourhoods.bound.spectral import spectral_bound
from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import score_options
from neighbourhoods.measure.town import Town
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search.graph import ground_of
from neighbourhoods.search.search import measured_wishes, numbers_of
from tests.neighbourhoods.block_town import block_town, problem_of_town

TOWN = block_town(5, 4)


def every(problem: Problem) -> tuple[Town, np.ndarray, pd.DataFrame]:
    town = replace(TOWN, target=problem.target)
    found = enumerate_options(problem).footprint
    return town, found, score_options(found, town)


def bounds_of(problem: Problem, town: Town, found: np.ndarray, scores: pd.DataFrame) -> dict[str, Bound]:
    bounds = plain_bounds(problem, town, measured_wishes(town), numbers_of(problem))
    ground = ground_of(problem, town)
    for one in BORDER_WISHES:
        values = scores[WISHES[one].measure_id].to_numpy(dtype=float)
        bounds[one] = border_bound(
            one, problem, ground, borders_of(ground), numbers_of(problem), found, values, by_deviation=True
        )
    return bounds


@pytest.fixture(scope="module", params=[3, 4, 5])
def asked(request: pytest.FixtureRequest) -> tuple[Problem, np.ndarray, pd.DataFrame, dict[str, Bound]]:
    problem = problem_of_town(TOWN, request.param, 0.12)
    town, found, scores = every(problem)
    assert len(found) > 100
    return problem, found, scores, bounds_of(problem, town, found, scores)


@pytest.mark.parametrize("wish_id", list(WISHES))
def test_no_option_beats_a_bound(
    asked: tuple[Problem, np.ndarray, pd.DataFrame, dict[str, Bound]], wish_id: str
) -> None:
    _, _, scores, bounds = asked
    wish = WISHES[wish_id]
    values = scores[wish.measure_id].to_numpy(dtype=float)
    best = values.min() if wish.less_is_better else values.max()
    slack = 1e-9 * max(abs(best), 1.0)
    assert (
        bounds[wish_id].value <= best + slack
        if wish.less_is_better
        else bounds[wish_id].value >= best - slack
    )


@pytest.mark.parametrize("wish_id", list(BORDER_WISHES))
def test_no_option_of_little_deviation_beats_the_bound_for_it(
    asked: tuple[Problem, np.ndarray, pd.DataFrame, dict[str, Bound]], wish_id: str
) -> None:
    _, _, scores, bounds = asked
    values = scores[WISHES[wish_id].measure_id].to_numpy(dtype=float)
    within = [value for _, value in bounds[wish_id].within]
    assert (np.diff(within) <= 1e-9).all()
    for away, value in bounds[wish_id].within:
        some = values[(scores["max_deviation"] <= away).to_numpy()]
        assert value <= some.min(initial=np.inf) * (1 + 1e-9)


def test_the_bound_on_border_is_near_the_best_there_is(
    asked: tuple[Problem, np.ndarray, pd.DataFrame, dict[str, Bound]],
) -> None:
    _, _, scores, bounds = asked
    for one in BORDER_WISHES:
        assert bounds[one].value > 0.85 * scores[WISHES[one].measure_id].min()


@pytest.mark.parametrize(
    "weights", [{"balance": 1.0, "compactness": 1.0}, {one: 1.0 for one in WISHES if one != "distinct"}]
)
def test_no_option_has_a_smaller_mix_than_its_bound(
    asked: tuple[Problem, np.ndarray, pd.DataFrame, dict[str, Bound]], weights: dict[str, float]
) -> None:
    _, _, scores, bounds = asked
    mix, scales = np.zeros(len(scores)), {}
    for one, weight in weights.items():
        wish = WISHES[one]
        values = scores[wish.measure_id].to_numpy(dtype=float) * (1 if wish.less_is_better else -1)
        scales[one] = (float(values.min()), float(np.median(values)))
        mix += weight / sum(weights.values()) * (values - scales[one][0]) / (scales[one][1] - scales[one][0])
    assert mix_bound(bounds, weights, scales) <= mix.min() + 1e-9


def test_a_mix_is_bound_by_what_little_deviation_costs_in_border() -> None:
    """Up to 1% away 30 km at least, up to 2% 20 km: either 0 + 0.5, or more than 1% and 0.25."""
    bounds = {
        "balance": Bound("balance", 0.0, ""),
        "compactness": Bound("compactness", 20.0, "", ((0.01, 30.0), (0.02, 20.0))),
    }
    scales = {"balance": (0.0, 0.04), "compactness": (10.0, 30.0)}
    weights = {"balance": 1.0, "compactness": 1.0}
    assert mix_bound(bounds, weights, scales) == pytest.approx(min(0.5 * 0 + 0.5, 0.5 * 0.25 + 0.25))
    assert mix_bound(bounds, {"compactness": 1.0}, scales) == pytest.approx(0.5)
    assert value_within(bounds["compactness"], 0.015) == 20.0
    assert np.isnan(mix_bound(bounds, {"travel": 1.0}, scales))


@pytest.mark.parametrize(
    "changes",
    [
        {"locked": (frozenset({0, 1, 5, 6, 2}),)},
        {"together": (frozenset({0, 1}), frozenset({7, 19})), "apart": ((3, 4),)},
        {"n_max": 5, "tolerance": 0.3},
    ],
)
def test_bounds_hold_with_locks_sets_and_a_range_of_numbers(changes: dict[str, object]) -> None:
    problem = replace(problem_of_town(TOWN, 4, 0.25), **changes)  # type: ignore[arg-type]
    town, found, scores = every(problem)
    assert len(found)
    bounds = bounds_of(problem, town, found, scores)
    for one, bound in bounds.items():
        wish = WISHES[one]
        values = scores[wish.measure_id].to_numpy(dtype=float) * (1 if wish.less_is_better else -1)
        assert bound.value * (1 if wish.less_is_better else -1) <= values.min() + 1e-9 * abs(values.min())


def test_borders_over_a_line_that_no_footprint_crosses_are_parted_in_every_option() -> None:
    whole = problem_of_town(TOWN, 4, 0.3)
    line = {edge for edge in whole.edges if (edge[0] < 10) != (edge[1] < 10)}
    problem = replace(whole, edges=tuple(edge for edge in whole.edges if edge not in line))
    first, second, length = TOWN.topology.pairs
    borders = borders_of(ground_of(problem, TOWN))
    over = sum(m for a, b, m in zip(first, second, length, strict=True) if (a < 10) != (b < 10))
    assert borders.always[0] == pytest.approx(over * 1_000)


@st.composite
def towns(draw: st.DrawFn) -> tuple[Frontier, np.ndarray, np.ndarray]:
    n = draw(st.integers(2, 9))
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    edges = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=14, unique=True))
    people = np.array(draw(st.lists(st.integers(0, 400), min_size=n, max_size=n)), dtype=np.int64)
    first, second = np.array(edges, dtype=np.int64).T
    frontier = frontier_of(people, first, second)
    assert frontier is not None
    cost = np.array(
        draw(st.lists(st.integers(0, 50), min_size=len(edges), max_size=len(edges))), dtype=np.int64
    )
    worth = np.array(draw(st.lists(st.integers(-60, 60), min_size=n, max_size=n)), dtype=np.int64)
    return frontier, cost, worth


def sets_of(frontier: Frontier, cost: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People and costs of every set of nodes."""
    n = len(frontier.people)
    taken = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    cut = (taken[:, frontier.first] != taken[:, frontier.second]) @ cost
    return taken @ frontier.people, (cut - taken @ worth).astype(float)


@settings(max_examples=80, deadline=None)
@given(towns(), st.integers(0, 1_500), st.integers(0, 1_500))
def test_the_cheapest_set_is_that_of_all_sets_when_people_are_counted_one_by_one(
    town: tuple[Frontier, np.ndarray, np.ndarray], a: int, b: int
) -> None:
    low, high = min(a, b), max(a, b, 1)
    people, costs = sets_of(*town)
    within = costs[(people >= low) & (people <= high)]
    priced = price(*town, low, high, n_columns=high, n_sets=5)
    assert least_within([priced], low, high) == within.min(initial=np.inf)
    for taken in priced.sets:
        sum_of = int(taken @ town[0].people)
        assert low <= sum_of <= high
    if len(within):
        best = priced.sets[0]
        cut = (best[town[0].first] != best[town[0].second]) @ town[1] - best @ town[2]
        assert cut == within.min()


@settings(max_examples=120, deadline=None)
@given(towns(), st.integers(0, 1_500), st.integers(1, 1_500), st.integers(1, 40), st.integers(-3, 3))
def test_a_coarse_count_of_people_never_misses_a_set(
    town: tuple[Frontier, np.ndarray, np.ndarray], a: int, b: int, n_columns: int, lean: int
) -> None:
    low, high = min(a, b), max(a, b)
    people, costs = sets_of(*town)
    within = costs[(people >= low) & (people <= high)]
    runs = [price(*town, low, high, n_columns=n_columns, n_sets=0, lean=one) for one in (0, lean)]
    assert least_within(runs, low, high) <= within.min(initial=np.inf)
    assert least_within(runs, low, high) >= least_within(runs[:1], low, high)


def test_a_path_of_equal_areas_is_parted_at_its_cheapest_links() -> None:
    """Nine areas in a row into three of three: the third and sixth links must be cut, and are cheapest."""
    people, first = np.full(9, 10, dtype=np.int64), np.arange(8)
    frontier = frontier_of(people, first, first + 1)
    assert frontier is not None
    prices = Prices(frontier, np.array([9.0, 9, 5, 9, 9, 7, 9, 9]), 3, 30.0, 0.0)
    prices.add(np.arange(9) // 3 == np.arange(3)[:, None])
    raise_bound(prices, np.inf)
    assert prices.bound == pytest.approx(np.full(N_LEVELS, 12.0), rel=1e-3)


def test_eigenvalues_bound_the_border_of_every_option(
    asked: tuple[Problem, np.ndarray, pd.DataFrame, dict[str, Bound]],
) -> None:
    problem, _, scores, _ = asked
    first, second, length = TOWN.topology.pairs
    people = np.asarray(problem.people)
    found = spectral_bound(people, first, second, length, problem.n_min, problem.band[0])
    assert 0.2 * scores["shared_border_m"].min() < found <= scores["shared_border_m"].min()


def test_equal_people_to_a_whole_person_by_hand() -> None:
    """11 people in two footprints: one has 6 or more, half a person from 5.5."""
    problem = Problem((1.0, 4.0, 2.0, 4.0), ((0, 1), (1, 2), (2, 3)), 2, 2, 5.5, 0.5)
    town = replace(block_town(4, 1, n_footprints=2), people=np.array(problem.people), target=5.5)
    found = plain_bounds(problem, town, ("balance",), (2,))
    assert found["balance"].value == pytest.approx(0.5 / 5.5)
