"""An option while it is changed: every sum is what it would be afresh, whatever was moved before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import score_options
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search import state_kernel as kernel
from neighbourhoods.search.graph import PEOPLE, SIZE, Ground, ground_of, merged
from neighbourhoods.search.kernel import may_leave
from neighbourhoods.search.run import Run, aim_of, beginning
from neighbourhoods.search.state_kernel import FOOTPRINT, N_BOUNDARY, State
from neighbourhoods.search.tree_kernel import draw, move_over, recombine, undo
from tests.neighbourhoods.block_town import block_town, problem_of_town
from tests.neighbourhoods.partition import is_in_one_piece

TOWN = block_town(6, 5)
PROBLEM = problem_of_town(TOWN, 4, 0.2, apart=((0, 29), (3, 4)), together=(frozenset({10, 20}),))
GROUND = ground_of(PROBLEM, TOWN)
EVERYTHING = Run(4, {one: 0.1 * (i + 1) for i, one in enumerate(WISHES) if one != "distinct"}, 1_000, 7)


def fresh(seed: int = 7) -> tuple[kernel.Aim, State, np.ndarray]:
    aim = aim_of(GROUND, PROBLEM, TOWN, EVERYTHING, may_enclose=False)
    begun = beginning(GROUND, aim, Run(4, EVERYTHING.weights, 1_000, seed))
    assert begun is not None
    state, waiting = begun
    return aim, state, waiting


def snapshot(state: State) -> list[object]:
    """All that is summed up; the order of the boundary's list does not matter."""
    n = state.whole[N_BOUNDARY]
    return [
        state.at[FOOTPRINT].tolist(),
        state.at[kernel.N_OUT].tolist(),
        sorted(state.at[kernel.BOUNDARY, :n].tolist()),
        state.sums.tolist(),
        state.touch.tolist(),
        state.reach.tolist(),
        state.whole.tolist(),
    ]


def afresh(aim: kernel.Aim, state: State) -> list[object]:
    match = state.sums[:, kernel.MATCH]
    return snapshot(kernel.new_state(GROUND.graph, aim, state.at[FOOTPRINT, : GROUND.n], 0, match))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, GROUND.n - 1), st.integers(0, 3)), max_size=40))
def test_sums_after_any_moves_are_those_of_the_option_afresh(moves: list[tuple[int, int]]) -> None:
    aim, state, _ = fresh()
    for node, footprint in moves:
        if state.at[FOOTPRINT, node] != footprint:
            move_over(GROUND.graph, aim, state, node, footprint)
    assert snapshot(state) == afresh(aim, state)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, GROUND.n - 1), st.integers(0, 3), st.integers(0, 50))
def test_an_area_moved_and_moved_back_changes_nothing(node: int, footprint: int, seed: int) -> None:
    aim, state, _ = fresh(seed)
    before, home = snapshot(state), int(state.at[FOOTPRINT, node])
    if home != footprint:
        move_over(GROUND.graph, aim, state, node, footprint)
        move_over(GROUND.graph, aim, state, node, home)
    assert snapshot(state) == before


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_a_recombination_leaves_two_footprints_in_one_piece_and_can_be_undone(seed: int) -> None:
    aim, state, waiting = fresh(seed)
    before = snapshot(state)
    u = int(state.at[kernel.BOUNDARY, 0])
    beside = GROUND.graph.nb[GROUND.graph.off[u] : GROUND.graph.off[u + 1]]
    g = next(int(state.at[FOOTPRINT, v]) for v in beside if state.at[FOOTPRINT, v] != state.at[FOOTPRINT, u])
    n_moved = recombine(GROUND.graph, aim, state, waiting, u, g)
    assert snapshot(state) == afresh(aim, state)
    assert all(in_one_piece(state, f) for f in range(4))
    undo(GROUND.graph, aim, state, n_moved)
    assert snapshot(state) == before


def in_one_piece(state: State, footprint: int) -> bool:
    areas = set(np.flatnonzero(state.at[FOOTPRINT, : GROUND.n] == footprint).tolist())
    return is_in_one_piece(areas, node_edges(GROUND))


def node_edges(ground: Ground) -> tuple[tuple[int, int], ...]:
    graph = ground.graph
    source = np.repeat(np.arange(ground.n), np.diff(graph.off))
    return tuple(zip(source.tolist(), graph.nb.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, GROUND.n - 1))
def test_a_node_may_leave_exactly_when_the_others_stay_in_one_piece(seed: int, node: int) -> None:
    _, state, _ = fresh(seed)
    mine = int(state.at[FOOTPRINT, node])
    others = set(np.flatnonzero(state.at[FOOTPRINT, : GROUND.n] == mine).tolist()) - {node}
    wanted = bool(others) and is_in_one_piece(others, node_edges(GROUND))
    assert may_leave(GROUND.graph, state, node) == wanted


@pytest.mark.parametrize("wish_id", [one for one in WISHES if one != "distinct"])
def test_what_an_option_costs_in_the_search_is_what_its_score_says(wish_id: str) -> None:
    """With a weight of one on one wish the cost is the measure, to the fineness of whole numbers."""
    problem = problem_of_town(TOWN, 4, 5.0)
    ground = ground_of(problem, TOWN)
    run = Run(4, {wish_id: 1.0}, 1_000, 3)
    aim = aim_of(ground, problem, TOWN, run, may_enclose=True)
    begun = beginning(ground, aim, run)
    assert begun is not None
    state = begun[0]
    state.sums[:, kernel.MATCH] = [0, 1, 2, 3]
    row = state.at[FOOTPRINT, : ground.n][ground.node_of_area]
    if wish_id == "as_now":  # matched by number, as is set above: as many as are where they were
        row = np.asarray(TOWN.as_now)
        state.at[FOOTPRINT, : ground.n] = row
    kernel.add_up(ground.graph, aim, state)
    cost = kernel.price(aim, state, state.whole, -1, -1)
    wish = WISHES[wish_id]
    score = float(score_options(row.astype(np.int16)[None, :], TOWN)[wish.measure_id].iloc[0])
    if wish_id == "balance":  # the mean deviation stands beside the largest
        sums = np.bincount(row, TOWN.people)
        score += kernel.GUIDE * float(np.abs(sums - TOWN.target).mean()) / TOWN.target
    if wish_id == "future":
        sums, target = np.bincount(row, np.asarray(TOWN.future_people)), TOWN.future_target
        score += kernel.GUIDE * float(np.abs(sums - target).mean()) / target
    if wish_id in ("as_now", "partners"):  # counted as those who stay, and those inside
        score -= float(TOWN.people.sum())
    assert cost == pytest.approx(score if wish.less_is_better else -score, rel=1e-5)


def test_areas_that_are_to_be_together_are_one_node_where_they_touch() -> None:
    problem = problem_of_town(TOWN, 4, 0.2, together=(frozenset({0, 1, 7}), frozenset({10, 28})))
    ground = ground_of(problem, TOWN)
    assert len({int(ground.node_of_area[area]) for area in (0, 1, 7)}) == 1
    assert ground.node_of_area[10] != ground.node_of_area[28]
    assert ground.n == 28
    assert ground.graph.node[:, PEOPLE].sum() == sum(problem.people)


def test_nodes_put_together_have_the_sums_of_both() -> None:
    onto = np.arange(GROUND.n) // 2
    halved = merged(GROUND, onto)
    assert halved.graph.node[:, PEOPLE].tolist() == np.bincount(onto, GROUND.graph.node[:, PEOPLE]).tolist()
    assert (halved.graph.node[:, SIZE] == 1).all()
    whole = np.zeros(halved.n, dtype=np.int64)
    aim = aim_of(halved, PROBLEM, TOWN, Run(1, {"compactness": 1.0}, 1, 0), may_enclose=True)
    one = kernel.new_state(halved.graph, aim, whole, 0)
    assert one.whole[kernel.BORDER] == 0
    assert one.sums[0, kernel.OUTLINE] == GROUND.graph.node[:, kernel.OUTSIDE].sum()
    assert one.sums[0, kernel.AMONG] == GROUND.graph.travel.sum()


def test_the_generator_draws_the_published_numbers() -> None:
    """splitmix64 from 0 gives e220a8397b1dcdaf first (Vigna's reference code); the top 31 bits are used."""
    random = np.array([0], dtype=np.uint64)
    assert draw(random, 1 << 31) == 0xE220A8397B1DCDAF >> 33
    assert draw(random, 1 << 31) == 0x6E789E6AA1B965F4 >> 33


def test_a_problem_in_thousandths_of_people_keeps_its_band() -> None:
    problem = Problem((1.5, 2.25, 1.5, 2.25), ((0, 1), (1, 2), (2, 3)), 2, 2, 3.75, 0.0)
    town = block_town(4, 1, n_footprints=2)
    ground = ground_of(problem, town)
    assert ground.limits(problem) == (3_750, 3_750, 3_750)
