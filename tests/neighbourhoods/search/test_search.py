"""The search against complete enumeration, its constraints, and its promise to repeat itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import score_options
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search import crew as search_crew
from neighbourhoods.search.pool import FEWEST_KEPT, Pool, in_order_of_areas
from neighbourhoods.search.scale import scaled_mix
from neighbourhoods.search.search import (
    Found,
    default_steps,
    measured_wishes,
    numbers_of,
    search_options,
    seconds_of_steps,
)
from tests.neighbourhoods.block_town import block_town, problem_of_town
from tests.neighbourhoods.partition import meets

TOWN = block_town(5, 4)
STEPS = 40_000


def signed(scores: pd.DataFrame, wish_id: str) -> np.ndarray:
    wish = WISHES[wish_id]
    values = scores[wish.measure_id].to_numpy(dtype=float)
    return values if wish.less_is_better else -values


@pytest.fixture(scope="module", params=[3, 4, 5])
def both(request: pytest.FixtureRequest) -> tuple[Found, pd.DataFrame]:
    """What a search found, and the scores of every option there is."""
    problem = problem_of_town(TOWN, request.param, 0.12)
    town = replace(TOWN, target=problem.target)
    every = enumerate_options(problem).footprint
    scores = score_options(every, town)
    scores = scores[scores["n_enclosed"] == 0]
    assert len(scores) > 100
    return search_options(problem, town, {"balance": 1.0, "compactness": 2.0}, steps=1_500_000), scores


@pytest.mark.parametrize("wish_id", list(WISHES))
def test_the_best_there_is_by_each_wish_is_found(both: tuple[Found, pd.DataFrame], wish_id: str) -> None:
    found, every = both
    assert signed(found.scores, wish_id).min() == pytest.approx(signed(every, wish_id).min(), rel=1e-9)


def test_the_best_mix_there_is_is_found(both: tuple[Found, pd.DataFrame]) -> None:
    found, every = both
    weights = {"balance": 1.0, "compactness": 2.0}
    mixes = [
        scaled_mix({one: signed(scores, one) for one in weights}, weights, found.scales).min()
        for scores in (found.scores, every)
    ]
    assert mixes[0] == pytest.approx(mixes[1])


def test_on_its_scale_a_wish_has_nought_at_its_best_and_one_in_the_middle_of_a_sample(
    both: tuple[Found, pd.DataFrame],
) -> None:
    found, every = both
    assert set(found.scales) == set(measured_wishes(TOWN))
    for one, (zero, end) in found.scales.items():
        values = signed(every, one)
        assert values.min() <= zero * (1 + 1e-8) if zero > 0 else True
        assert zero < end <= values.max() + abs(values.max()) * 1e-8


@st.composite
def requests(draw: st.DrawFn) -> Problem:
    """Any constraints on the town of blocks."""
    n = draw(st.integers(2, 4))
    pairs = st.tuples(st.integers(0, 19), st.integers(0, 19)).filter(lambda pair: pair[0] < pair[1])
    few = st.lists(pairs, max_size=2, unique=True)
    locked = draw(st.sampled_from([(), (frozenset({0, 1, 5, 6}),), (frozenset({15, 16, 17}),)]))
    left_out = draw(st.lists(st.integers(0, 30), max_size=4, unique=True))
    problem = problem_of_town(
        TOWN,
        n,
        draw(st.sampled_from([0.1, 0.3, 0.6])),
        together=tuple(frozenset(pair) for pair in draw(few)),
        apart=tuple(draw(few)),
        locked=locked,
    )
    inside = [edge for edge in problem.edges if any(set(edge) <= held for held in locked)]
    edges = tuple(edge for i, edge in enumerate(problem.edges) if i not in left_out or edge in inside)
    return replace(problem, edges=edges, n_max=n + draw(st.integers(0, 1)))


@pytest.mark.parametrize(
    "together", [(frozenset({2, 3}),), (frozenset({2, 7}), frozenset({7, 8}), frozenset({8, 3}))]
)
def test_what_is_to_be_together_and_apart_has_no_option(together: tuple[frozenset[int], ...]) -> None:
    problem = problem_of_town(TOWN, 2, 0.3, together=together, apart=((2, 3),))
    assert len(search_options(problem, TOWN, {"compactness": 1.0}, steps=6_000).footprint) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(requests(), st.integers(0, 5))
def test_no_option_ever_leaves_a_constraint_unmet(problem: Problem, seed: int) -> None:
    town = replace(TOWN, target=problem.target)
    found = search_options(problem, town, {"compactness": 1.0, "as_now": 1.0}, steps=6_000, seed=seed)
    for row in found.footprint[:: max(len(found.footprint) // 40, 1)]:
        assert meets(tuple(row.tolist()), problem)
    assert (found.scores.get("n_enclosed", pd.Series(dtype=float)) == 0).all()
    assert len(np.unique(found.footprint, axis=0)) == len(found.footprint)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(requests())
def test_what_can_be_done_is_found(problem: Problem) -> None:
    """Where there are options, without counting those with a footprint inside another, some are found."""
    town = replace(TOWN, target=problem.target)
    every = enumerate_options(problem)
    sound = (score_options(every.footprint, town)["n_enclosed"] == 0).any() if every.n_options else False
    found = search_options(problem, town, {"compactness": 1.0}, steps=20_000)
    assert (len(found.footprint) > 0) == bool(sound)


def same(a: Found, b: Found) -> bool:
    return np.array_equal(a.footprint, b.footprint) and a.scores.equals(b.scores) and a.scales == b.scales


def test_the_same_seed_gives_the_same_options_however_many_threads_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, weights = problem_of_town(TOWN, 4, 0.15), {"balance": 1.0, "travel": 1.0}
    first = search_options(problem, TOWN, weights, steps=STEPS, seed=3)
    monkeypatch.setattr(search_crew, "MOST_THREADS", 1)
    assert same(first, search_options(problem, TOWN, weights, steps=STEPS, seed=3))
    assert not same(first, search_options(problem, TOWN, weights, steps=STEPS, seed=4))


def test_areas_in_another_order_have_the_same_best() -> None:
    problem = problem_of_town(TOWN, 4, 0.1)
    order = np.random.default_rng(1).permutation(20)
    new = np.argsort(order)
    turned = replace(
        problem,
        people=tuple(np.array(problem.people)[order]),
        edges=tuple((int(new[a]), int(new[b])) for a, b in problem.edges),
    )
    frame = TOWN.topology
    left, right = (np.where(side < 0, -1, new[side]) for side in (frame.arc_left, frame.arc_right))
    topology = replace(
        frame,
        area_codes=frame.area_codes[order],
        area_m2=frame.area_m2[order],
        arc_left=left.astype(np.int32),
        arc_right=right.astype(np.int32),
    )
    bests = []
    for one, asked in (
        (TOWN, problem),
        (replace(TOWN, topology=topology, people=TOWN.people[order]), turned),
    ):
        plain = replace(one, as_now=None, need=None, partner=None, travel_minutes=None, future_people=None)
        found = search_options(asked, plain, {"compactness": 1.0}, steps=2 * STEPS)
        bests.append([signed(found.scores, wish).min() for wish in measured_wishes(plain)])
    assert bests[0] == pytest.approx(bests[1])


def test_a_run_that_is_cancelled_or_late_keeps_what_it_found_and_says_so() -> None:
    problem = problem_of_town(TOWN, 4, 0.15)
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 3

    some = search_options(problem, TOWN, {"compactness": 1.0}, steps=10**8, cancelled=cancelled)
    assert some.stopped_early
    assert some.n_steps < 10**8
    late = search_options(problem, TOWN, {"compactness": 1.0}, steps=10**8, seconds=1e-3)
    assert late.stopped_early
    assert not search_options(problem, TOWN, {"compactness": 1.0}, steps=1_000).stopped_early


def test_what_is_kept_on_the_way_only_gets_better_and_progress_ends_with_all_steps() -> None:
    problem, weights = problem_of_town(TOWN, 4, 0.15), {"compactness": 1.0}
    kept: list[Found] = []
    told: list[tuple[int, int, str]] = []
    found = search_options(
        problem, TOWN, weights, steps=STEPS, keep=kept.append, progress=lambda *said: told.append(said)
    )
    bests = [signed(one.scores, "compactness").min() for one in [*kept, found]]
    assert kept
    assert (np.diff(bests) <= 0).all()
    done = [one[0] for one in told]
    assert done == sorted(done)
    assert told[-1][0] == told[-1][1] == STEPS


def test_an_option_that_people_move_from_is_where_a_search_for_few_moves_begins() -> None:
    problem = problem_of_town(TOWN, 4, 0.6)
    found = search_options(problem, TOWN, {"as_now": 1.0}, steps=STEPS)
    assert found.scores["people_who_move"].min() == 0


def test_numbers_of_footprints_that_cannot_hold_all_people_are_not_looked_for() -> None:
    problem = replace(problem_of_town(TOWN, 4, 0.1), n_min=2, n_max=6)
    assert numbers_of(problem) == (4,)
    assert numbers_of(replace(problem, tolerance=0.3)) == (4, 5)


def test_a_pool_keeps_the_best_of_each_wish_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of_town(TOWN, 3, 0.12)
    town = replace(TOWN, target=problem.target)
    every = enumerate_options(problem).footprint
    pool = Pool(problem, town, may_enclose=True)
    pool.room = 40
    pool.add(every)
    best = {one: pool.values(one).min() for one in measured_wishes(town)}
    scales = {one: (value, value + 1.0) for one, value in best.items()}
    pool.trim({"balance": 1.0, "compactness": 1.0}, scales)
    assert len(pool.footprint) == 40
    assert {one: pool.values(one).min() for one in best} == best


def test_options_are_kept_once_and_numbered_by_their_first_areas() -> None:
    problem = problem_of_town(TOWN, 2, 5.0)
    pool = Pool(problem, TOWN, may_enclose=True)
    row = np.array([1] * 10 + [0] * 10)
    assert pool.add([row, 1 - row]) == 1
    assert pool.footprint.tolist() == [[0] * 10 + [1] * 10]
    assert in_order_of_areas(np.array([5, 2, 5, 9])).tolist() == [0, 1, 0, 2]


def test_large_towns_keep_fewer_options_and_steps_grow_with_areas() -> None:
    assert Pool(problem_of_town(TOWN, 2, 5.0), TOWN, may_enclose=True).room > FEWEST_KEPT
    assert default_steps(121, 2) < default_steps(3_200, 2) < default_steps(35_000, 2)
    assert seconds_of_steps(2_000, 121) == pytest.approx(2 * seconds_of_steps(1_000, 121))
