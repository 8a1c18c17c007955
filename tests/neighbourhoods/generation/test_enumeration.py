"""The enumeration against every set partition, published counts and York's real wards."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.adjacency import pieces
from geodata.errors import TooLargeError
from geodata.topology import build_topology
from neighbourhoods.generation.enumeration import (
    MOST_AREAS,
    enumerate_options,
    estimate_steps,
    has_option,
    smallest_tolerance,
)
from neighbourhoods.generation.problem import Problem
from tests.neighbourhoods.partition import brute_force, grid


def rows(problem: Problem) -> list[tuple[int, ...]]:
    """What the enumeration finds."""
    found = enumerate_options(problem)
    assert found.is_complete
    return [tuple(int(v) for v in row) for row in found.footprint]


def path(n: int) -> tuple[tuple[int, int], ...]:
    return tuple((i, i + 1) for i in range(n - 1))


@pytest.mark.parametrize("k", [1, 2, 3, 5, 9])
def test_a_path_is_cut_in_as_many_ways_as_its_links_can_be_chosen(k: int) -> None:
    """A path of n areas has n - 1 links; cutting k - 1 of them gives k footprints."""
    problem = Problem((1.0,) * 9, path(9), k, k, 9 / k, 10.0)
    assert len(rows(problem)) == comb(8, k - 1)


@pytest.mark.parametrize(
    ("width", "k", "published"),
    [(2, 2, 2), (3, 3, 10), (4, 4, 117), (5, 5, 4_006)],
)
def test_grids_are_cut_into_equal_footprints_in_the_published_number_of_ways(
    width: int, k: int, published: int
) -> None:
    """Partitions of an n x n grid into n connected parts of n cells: OEIS A172477 (1, 2, 10, 117, 4006)."""
    problem = Problem((1.0,) * width**2, grid(width, width), k, k, float(width), 0.0)
    assert len(rows(problem)) == published


@pytest.mark.parametrize(("width", "height"), [(3, 2), (3, 3)])
@pytest.mark.parametrize("n", [(2, 2), (3, 3), (2, 4)])
def test_grids_agree_with_every_set_partition(width: int, height: int, n: tuple[int, int]) -> None:
    people = tuple(float(1 + i * i % 5) for i in range(width * height))
    problem = Problem(people, grid(width, height), *n, sum(people) / n[0], 0.4)
    assert rows(problem) == brute_force(problem)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Any graph of up to eight areas, with any constraints."""
    n = draw(st.integers(1, 8))
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    some = st.lists(st.sampled_from(pairs), max_size=14, unique=True) if pairs else st.just([])
    people = tuple(float(p) for p in draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)))
    n_min = draw(st.integers(1, 4))
    few = st.lists(st.sampled_from(pairs), max_size=2, unique=True) if pairs else st.just([])
    locked = draw(st.sets(st.integers(0, n - 1), max_size=2))
    return Problem(
        people,
        tuple(draw(some)),
        n_min,
        n_min + draw(st.integers(0, 2)),
        max(sum(people), 1.0) / n_min,
        draw(st.sampled_from([0.0, 0.1, 0.5, 0.9, 3.0])),
        together=tuple(frozenset(pair) for pair in draw(few)),
        apart=tuple(draw(few)),
        locked=(frozenset(locked),) if len(locked) == 1 else (),
    )


@settings(max_examples=250, deadline=None)
@given(problems())
def test_any_small_graph_agrees_with_every_set_partition(problem: Problem) -> None:
    wanted = brute_force(problem)
    assert rows(problem) == wanted
    assert has_option(problem) is bool(wanted)


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_renumbering_the_areas_changes_nothing(problem: Problem, random: object) -> None:
    new = list(range(len(problem.people)))
    random.shuffle(new)  # type: ignore[attr-defined]
    other = replace(
        problem,
        people=tuple(problem.people[new.index(i)] for i in range(len(new))),
        edges=tuple((new[a], new[b]) for a, b in problem.edges),
        together=tuple(frozenset(new[i] for i in group) for group in problem.together),
        apart=tuple((new[a], new[b]) for a, b in problem.apart),
        locked=tuple(frozenset(new[i] for i in held) for held in problem.locked),
    )

    def sets(found: list[tuple[int, ...]], back: list[int]) -> set[frozenset[frozenset[int]]]:
        return {
            frozenset(frozenset(i for i in range(len(back)) if p[back[i]] == f) for f in set(p))
            for p in found
        }

    assert sets(rows(problem), list(range(len(new)))) == sets(rows(other), new)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_smallest_tolerance_is_the_least_worst_deviation_of_any_option(problem: Problem) -> None:
    anything = brute_force(replace(problem, tolerance=100.0))
    worst = [
        max(
            abs(sum(c for c, f in zip(problem.people, p, strict=True) if f == g) - problem.target)
            for g in set(p)
        )
        / problem.target
        for p in anything
    ]
    found = smallest_tolerance(replace(problem, tolerance=0.0))
    if not worst:
        assert found is None
    else:
        assert found == (pytest.approx(min(worst)), True)


def test_a_link_joins_what_a_river_parts() -> None:
    two_shores = ((0, 1), (2, 3))
    problem = Problem((1.0,) * 4, two_shores, 1, 1, 4.0, 0.0)
    assert rows(problem) == []
    assert rows(replace(problem, edges=(*two_shores, (1, 2)))) == [(0, 0, 0, 0)]


def test_at_the_edge_of_the_band_is_inside_and_just_beyond_is_not() -> None:
    edges = path(2)
    assert rows(Problem((95.0, 105.0), edges, 2, 2, 100.0, 0.05)) == [(0, 1)]
    assert rows(Problem((94.9, 105.1), edges, 2, 2, 100.0, 0.05)) == []


def test_a_full_store_and_a_cancelled_search_do_not_claim_to_be_complete() -> None:
    problem = Problem((1.0,) * 16, grid(4, 4), 4, 4, 4.0, 0.5)
    everything = enumerate_options(problem)
    assert everything.n_options > 100
    some = enumerate_options(problem, most_options=100)
    assert (some.n_options, some.is_complete) == (100, False)
    big = Problem((1.0,) * 25, grid(5, 5), 5, 5, 5.0, 0.2)
    assert not enumerate_options(big, cancelled=lambda: True).is_complete


def test_too_many_areas_or_steps_are_refused_before_the_search() -> None:
    many = MOST_AREAS + 1
    with pytest.raises(TooLargeError, match=f"up to {MOST_AREAS} areas; there are {many}"):
        enumerate_options(Problem((1.0,) * many, path(many), 2, 2, many / 2, 0.1))
    with pytest.raises(TooLargeError, match="the limit is 10"):
        enumerate_options(Problem((1.0,) * 16, grid(4, 4), 4, 4, 4.0, 0.5), most_steps=10)


@pytest.mark.parametrize("k", [3, 4, 5])
def test_estimate_is_within_a_factor_of_two_of_the_steps_taken(k: int) -> None:
    problem = Problem((1.0,) * 20, grid(5, 4), k, k, 20 / k, 0.25)
    steps = enumerate_options(problem).n_steps
    assert steps / 2 < estimate_steps(problem) < 2 * steps


@pytest.fixture(scope="module")
def york(york_wards: gpd.GeoDataFrame) -> tuple[Problem, gpd.GeoDataFrame]:
    topology = build_topology(york_wards)
    first, second, _ = topology.pairs
    people = tuple(york_wards["population"])
    edges = tuple(zip(first.tolist(), second.tolist(), strict=True))
    return Problem(people, edges, 4, 4, sum(people) / 4, 0.05), york_wards


def test_every_option_of_york_is_in_one_piece_and_in_band(york: tuple[Problem, gpd.GeoDataFrame]) -> None:
    problem, wards = york
    topology = build_topology(wards)
    found = enumerate_options(problem)
    people = np.asarray(problem.people)
    assert found.n_options > 1_000
    assert len(np.unique(found.footprint, axis=0)) == found.n_options
    low, high = problem.band
    for row in found.footprint:
        assert pieces(topology, row.astype(np.int32))[0] == 4
        sums = np.bincount(row, people)
        assert low <= sums.min()
        assert sums.max() <= high


def test_york_gives_the_same_array_every_time(york: tuple[Problem, gpd.GeoDataFrame]) -> None:
    problem, _ = york
    assert np.array_equal(enumerate_options(problem).footprint, enumerate_options(problem).footprint)
