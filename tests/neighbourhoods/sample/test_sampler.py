"""Both samplers against every option there is: what comes out, and how often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from geodata.errors import InputError
from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.problem import Problem
from neighbourhoods.sample.sampler import Method, Sampler, SamplerState, chance_of_chain, method_for
from neighbourhoods.sample.sampler_graph import Border, graph_of, nodes_of, place_of
from neighbourhoods.sample.sampler_kernel import draw_below, draw_word
from neighbourhoods.sample.sampler_tree import draw_tree, even_links, most_even_links, no_tree
from tests.neighbourhoods.partition import Partition, grid, meets

METHODS: tuple[Method, ...] = ("redraw", "recombination")
UNEVEN = tuple(float(1 + i * i % 5) for i in range(12))
N_DRAWS = 25_000
THIN: dict[Method, int] = {"redraw": 12, "recombination": 60}


def uneven(k: int, **other: object) -> Problem:
    """A grid of 4 x 3 areas with 1 to 5 people each, in a wide band."""
    return replace(Problem(UNEVEN, grid(4, 3), k, k, sum(UNEVEN) / k, 0.4), **other)  # type: ignore[arg-type]


def options(problem: Problem) -> list[Partition]:
    """Every option, by the enumeration, which has proofs of its own."""
    return [tuple(row) for row in enumerate_options(problem).footprint.tolist()]


def drawn(sampler: Sampler) -> Counter[Partition]:
    start = sampler.start(chance_of_chain(1, 0))
    assert start is not None
    found = sampler.advance(start, N_DRAWS, THIN[sampler.method]).footprint
    return Counter(tuple(row) for row in found.tolist())


def fits(counted: Counter[Partition], weight: dict[Partition, float]) -> float:
    """Chance of counts so far from the weights or further, by chi-square."""
    assert set(counted) <= set(weight)
    n, whole = sum(counted.values()), sum(weight.values())
    expected = {one: n * w / whole for one, w in weight.items()}
    assert min(expected.values()) > 5, "too few draws for chi-square"
    away = sum((counted[one] - e) ** 2 / e for one, e in expected.items())
    return float(chi2.sf(away, len(weight) - 1))


def n_spanning_trees(areas: list[int], edges: tuple[tuple[int, int], ...]) -> float:
    """Kirchhoff's theorem: any cofactor of the Laplacian."""
    place = {area: i for i, area in enumerate(areas)}
    laplacian = np.zeros((len(areas), len(areas)))
    for a, b in edges:
        if a in place and b in place:
            i, j = place[a], place[b]
            laplacian[i, i] += 1
            laplacian[j, j] += 1
            laplacian[i, j] = laplacian[j, i] = -1
    return float(np.linalg.det(laplacian[1:, 1:])) if len(areas) > 1 else 1.0


def tree_weight(option: Partition, edges: tuple[tuple[int, int], ...]) -> float:
    held = [[a for a, f in enumerate(option) if f == footprint] for footprint in set(option)]
    return float(np.prod([n_spanning_trees(areas, edges) for areas in held]))


def test_chance_is_the_published_generator() -> None:
    """First words of xoshiro256++ from the state 1, 2, 3, 4, as the authors' C program prints them."""
    chance = np.array([1, 2, 3, 4], dtype=np.uint64)
    assert [int(draw_word(chance)) for _ in range(5)] == [
        41943041,
        58720359,
        3588806011781223,
        3591011842654386,
        9228616714210784205,
    ]


def test_whole_numbers_are_drawn_evenly() -> None:
    chance = chance_of_chain(1, 0)
    counted = Counter(draw_below(chance, 7) for _ in range(14_000))
    away = sum((counted[i] - 2_000) ** 2 / 2_000 for i in range(7))
    assert chi2.sf(away, 6) > 0.001


@pytest.mark.parametrize("k", [2, 3])
def test_redraw_is_uniform_over_every_option(k: int) -> None:
    problem = uneven(k)
    assert fits(drawn(Sampler(problem, method="redraw")), dict.fromkeys(options(problem), 1.0)) > 0.001


@pytest.mark.parametrize("numbers", [(2, 3), (3, 5)])
def test_redraw_is_uniform_where_the_number_of_footprints_may_change(numbers: tuple[int, int]) -> None:
    problem = uneven(numbers[0], n_max=numbers[1])
    every = options(problem)
    assert {max(option) + 1 for option in every} >= {numbers[0], numbers[0] + 1}
    assert fits(drawn(Sampler(problem, method="redraw")), dict.fromkeys(every, 1.0)) > 0.001


@pytest.mark.parametrize("k", [2, 3])
def test_recombination_weighs_options_by_their_spanning_trees(k: int) -> None:
    problem = uneven(k)
    weight = {option: tree_weight(option, problem.edges) for option in options(problem)}
    counted = drawn(Sampler(problem, method="recombination"))
    assert fits(counted, weight) > 0.001
    assert fits(counted, dict.fromkeys(weight, 1.0)) < 1e-6  # the test can tell the two apart


def test_recombination_weighs_areas_that_touch_and_stay_together_as_one() -> None:
    """The trees are those of the graph in which areas 0, 1 and 5 are one node."""
    problem = uneven(3, together=(frozenset({0, 1}), frozenset({1, 5})))
    edges = {tuple(sorted(0 if area in (0, 1, 5) else area for area in edge)) for edge in problem.edges}
    merged = tuple((a, b) for a, b in edges if a != b)
    weight = {}
    for option in options(problem):
        alone = tuple(-1 if area in (1, 5) else f for area, f in enumerate(option))
        held = [[a for a, f in enumerate(alone) if f == footprint] for footprint in set(option)]
        weight[option] = float(np.prod([n_spanning_trees(areas, merged) for areas in held]))
    assert fits(drawn(Sampler(problem, method="recombination")), weight) > 0.001


def test_redraw_is_uniform_under_constraints() -> None:
    problem = uneven(
        4, tolerance=0.6, together=(frozenset({0, 2}),), apart=((1, 4),), locked=(frozenset({7, 11}),)
    )
    every = options(problem)
    assert len(every) > 10
    assert fits(drawn(Sampler(problem, method="redraw")), dict.fromkeys(every, 1.0)) > 0.001


def is_inside_another(option: Partition, edges: tuple[tuple[int, int], ...], on_edge: set[int]) -> bool:
    """Whether some footprint off the edge has one neighbour only."""
    for footprint in set(option):
        beside = {option[b] for a, b in edges if option[a] == footprint != option[b]}
        beside |= {option[a] for a, b in edges if option[b] == footprint != option[a]}
        touches = any(option[area] == footprint for area in on_edge)
        if len(beside) == 1 and not touches:
            return True
    return False


@pytest.mark.parametrize("method", METHODS)
def test_no_footprint_inside_another_leaves_the_rest_as_likely_as_before(method: Method) -> None:
    edges = grid(4, 3)
    on_edge = np.array([area not in (5, 6) for area in range(12)])
    first, second = np.array(edges).T
    problem = Problem((1.0,) * 12, edges, 2, 2, 6.0, 0.7)
    outside = set(np.flatnonzero(on_edge).tolist())
    every = options(problem)
    kept = [option for option in every if not is_inside_another(option, edges, outside)]
    assert 0 < len(every) - len(kept) < len(every)
    weight = {o: 1.0 if method == "redraw" else tree_weight(o, edges) for o in kept}
    assert fits(drawn(Sampler(problem, Border(first, second, on_edge), method)), weight) > 0.001


def test_spanning_trees_are_as_likely_as_each_other() -> None:
    """A grid of 3 x 3 has 192 spanning trees."""
    problem = Problem((1.0,) * 9, grid(3, 3), 2, 2, 4.5, 1.0)
    nodes = nodes_of(problem)
    graph = graph_of(problem, place_of(problem, nodes), 9)
    tree, chance, piece = no_tree(9), chance_of_chain(2, 0), np.ones(9, dtype=np.int64)
    counted: Counter[frozenset[frozenset[int]]] = Counter()
    n = 192 * 60
    for _ in range(n):
        draw_tree(chance, np.arange(9), piece, graph, tree)
        counted[frozenset(frozenset((a, int(tree.parent[a]))) for a in range(1, 9))] += 1
    assert len(counted) == 192
    assert chi2.sf(sum((c - 60) ** 2 / 60 for c in counted.values()), 191) > 0.001


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=9, max_size=9), st.sampled_from([0.05, 0.15, 0.3, 0.6, 0.95]))
def test_no_tree_has_more_even_links_than_the_bound(numbers: list[int], tolerance: float) -> None:
    """All 192 spanning trees of a grid of 3 x 3."""
    people = tuple(float(p) for p in numbers)
    problem = Problem(people, grid(3, 3), 2, 2, max(sum(people), 1.0) / 2, tolerance)
    graph = graph_of(problem, place_of(problem, nodes_of(problem)), 9)
    bound = most_even_links(9, sum(people), np.ones(9, dtype=np.int64), graph)
    tree, low, high = no_tree(9), graph.band[0], graph.band[1]
    for links in combinations(problem.edges, 8):
        if not _hang_below_nought(links, people, tree.order, tree.parent, tree.within):
            continue
        assert even_links(9, low, high, tree) <= bound


def _hang_below_nought(
    links: tuple[tuple[int, int], ...],
    people: tuple[float, ...],
    order: np.ndarray,
    parent: np.ndarray,
    within: np.ndarray,
) -> bool:
    """Write the tree that some links make, with node 0 as its root; False when they make none."""
    order[0], parent[0], n = 0, -1, 1
    seen = {0}
    while n < len(people):
        hanging = [(b, a) for a, b in links if a in seen and b not in seen]
        hanging += [(a, b) for a, b in links if b in seen and a not in seen]
        if not hanging:
            return False
        node, above = hanging[0]
        order[n], parent[node], n = node, above, n + 1
        seen.add(node)
    within[:] = people
    for node in order[:0:-1]:
        within[parent[node]] += within[node]
    return True


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A grid of 3 x 3 or 4 x 2 with any constraints."""
    width, height = draw(st.sampled_from([(3, 3), (4, 2)]))
    n = width * height
    pairs = list(combinations(range(n), 2))
    people = tuple(float(p) for p in draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)))
    k = draw(st.integers(1, 4))
    few = st.lists(st.sampled_from(pairs), max_size=2, unique=True)
    locked = draw(st.sets(st.integers(0, n - 1), max_size=2))
    cut = draw(st.sets(st.sampled_from(grid(width, height)), max_size=3))
    return Problem(
        people,
        tuple(edge for edge in grid(width, height) if edge not in cut),
        k,
        k,
        sum(people) / k,
        draw(st.sampled_from([0.1, 0.3, 0.6, 0.9])),
        together=tuple(frozenset(pair) for pair in draw(few)),
        apart=tuple(draw(few)),
        locked=(frozenset(locked),) if len(locked) == 1 else (),
    )


@settings(max_examples=120, deadline=None)
@given(problems(), st.sampled_from(METHODS), st.integers(0, 9))
def test_what_is_drawn_is_an_option_whatever_is_asked(problem: Problem, method: Method, seed: int) -> None:
    every = set(options(problem))
    sampler = Sampler(problem, method=method)
    start = sampler.start(chance_of_chain(seed, 0))
    assert (start is None) == (not every)
    if start is not None:
        found = sampler.advance(start, 40, 5).footprint
        assert {tuple(row) for row in found.tolist()} <= every


@pytest.mark.parametrize("method", METHODS)
def test_going_on_from_a_kept_state_gives_what_an_unbroken_run_gives(method: Method) -> None:
    start = Sampler(uneven(3), method=method).start(chance_of_chain(4, 2))
    assert start is not None
    unbroken = Sampler(uneven(3), method=method).advance(start, 50, 7)
    first = Sampler(uneven(3), method=method).advance(start, 20, 7)
    kept = SamplerState(first.state.chance.copy(), first.state.footprint.copy())
    second = Sampler(uneven(3), method=method).advance(kept, 30, 7)
    both = np.concatenate([first.footprint, second.footprint])
    assert np.array_equal(both, unbroken.footprint)
    assert np.array_equal(first.counts + second.counts, unbroken.counts)
    assert np.array_equal(second.state.chance, unbroken.state.chance)


def test_chains_of_one_seed_begin_and_go_on_apart() -> None:
    sampler = Sampler(uneven(3))
    starts = [sampler.start(chance_of_chain(0, chain)) for chain in range(8)]
    assert len({tuple(s.footprint) for s in starts if s is not None}) > 4
    again = sampler.start(chance_of_chain(0, 3))
    assert again is not None
    assert starts[3] is not None
    assert np.array_equal(again.footprint, starts[3].footprint)


def test_size_decides_the_method() -> None:
    assert method_for(uneven(2)) == "redraw"
    long = Problem((1.0,) * 40, tuple((i, i + 1) for i in range(39)), 4, 4, 10.0, 0.2)
    assert method_for(long) == "recombination"
    with pytest.raises(InputError, match="up to 32 areas; there are 40"):
        Sampler(long, method="redraw")


def test_recombination_refuses_a_range_of_numbers_and_says_which() -> None:
    with pytest.raises(InputError, match="there may be 2 to 3"):
        Sampler(uneven(2, n_max=3, tolerance=0.5), method="recombination")


def test_many_areas_keep_to_everything_that_is_asked() -> None:
    """A grid of 10 x 10 with a locked corner, areas together that do not touch, and areas apart."""
    edges = grid(10, 10)
    people = tuple(float(1 + i * i % 3) for i in range(100))
    locked = frozenset(y * 10 + x for y in range(4) for x in range(4))
    others = sum(people) - sum(people[area] for area in locked)
    on_edge = np.array([i // 10 in (0, 9) or i % 10 in (0, 9) for i in range(100)])
    first, second = np.array(edges).T
    problem = Problem(
        people,
        edges,
        6,
        6,
        others / 5,
        0.2,
        together=(frozenset({99, 78}), frozenset({60, 70})),
        apart=((9, 19), (55, 56)),
        locked=(locked,),
    )
    sampler = Sampler(problem, Border(first, second, on_edge))
    assert sampler.method == "recombination"
    start = sampler.start(chance_of_chain(0, 0))
    assert start is not None
    stretch = sampler.advance(start, 60, 200)
    outside = set(np.flatnonzero(on_edge).tolist())
    found = [tuple(row) for row in stretch.footprint.tolist()]
    assert all(meets(option, problem) for option in found)
    assert not any(is_inside_another(option, edges, outside) for option in found)
    assert len(set(found)) > 50
    assert stretch.counts[2] > 0  # some were refused


@pytest.mark.parametrize("k", [4, 20])
def test_first_options_are_found_in_a_narrow_band(k: int) -> None:
    problem = Problem((100.0, 101.0, 99.0, 100.0) * 100, grid(20, 20), k, k, 40_000.0 / k, 0.02)
    starts = [Sampler(problem).start(chance_of_chain(0, chain)) for chain in range(3)]
    for start in starts:
        assert start is not None
        assert meets(tuple(start.footprint.tolist()), problem)
