"""Both samplers against the complete enumeration of York's wards, measure by measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.ensemble import MEASURES, components, draw, ground, largest_difference, tree_weights
from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import score_options
from neighbourhoods.sample.sampler import Method
from tests.neighbourhoods.partition import brute_force, grid

BEYOND_CHANCE = 1.95  # Kolmogorov and Smirnov: independent draws differ by this / sqrt(n) once in 1,000 times


@pytest.mark.parametrize("method", ["redraw", "recombination"])
def test_shares_of_drawn_options_are_those_of_all_options_on_every_measure(
    york_data: Path, method: Method
) -> None:
    """Four footprints of whole wards within 10%; recombination is weighed by spanning trees."""
    town, edges = ground(york_data, "ward_E06000014", "WD25CD")
    problem = Problem(tuple(town.people), edges, 4, 4, town.target, 0.1)
    every = enumerate_options(problem).footprint
    weight = np.ones(len(every)) if method == "redraw" else tree_weights(every, edges)
    drawn = draw(problem, method, 1_000)[0]
    exact, scores = score_options(every, town), score_options(drawn.astype(np.int8), town)
    for one in MEASURES:
        away = largest_difference(exact[one].to_numpy(float), weight, scores[one].to_numpy(float))
        assert away < BEYOND_CHANCE / np.sqrt(len(drawn)), one


@pytest.mark.parametrize("k", [3, 4, 5, 6])
def test_redrawing_up_to_four_footprints_reaches_every_option_of_york(york_data: Path, k: int) -> None:
    """Pairs alone do not where the band is narrow, which is why more are taken up at times."""
    town, edges = ground(york_data, "ward_E06000014", "WD25CD")
    problem = Problem(tuple(town.people), edges, k, k, town.people.sum() / k, 0.05)
    every = enumerate_options(problem).footprint
    assert components(every, tuple(range(2, min(k, 4) + 1))).tolist() == [len(every)]
    assert (len(components(every, (2,))) > 1) == (k > 3)


@pytest.mark.parametrize("at_once", [(2,), (2, 3), (3,)])
def test_sets_of_options_are_those_that_a_walk_reaches(at_once: tuple[int, ...]) -> None:
    """A step leads from one option to another when all but so many footprints are the same."""
    problem = Problem((1.0,) * 12, grid(4, 3), 4, 4, 3.0, 0.0)
    every = brute_force(Problem((1.0,) * 9, grid(3, 3), 3, 3, 3.0, 0.0))
    if at_once != (3,):
        every = [tuple(row) for row in enumerate_options(problem).footprint.tolist()]
    k = max(every[0]) + 1
    sets = [frozenset(frozenset(i for i, f in enumerate(o) if f == g) for g in range(k)) for o in every]
    waiting, sizes, unseen = [], [], set(range(len(sets)))
    while unseen:
        waiting, size = [unseen.pop()], 1
        while waiting:
            here = sets[waiting.pop()]
            near = {
                i for i in unseen if k - len(here & sets[i]) <= max(at_once) and k - len(here & sets[i]) >= 2
            }
            unseen -= near
            waiting += near
            size += len(near)
        sizes.append(size)
    assert components(np.array(every, dtype=np.int8), at_once).tolist() == sorted(sizes, reverse=True)


def test_largest_difference_of_four_numbers() -> None:
    """Of 1 and 2 with weights 1 and 3 a quarter is at most 1; of the draws 1, 1, 2, 2 a half."""
    away = largest_difference(np.array([2.0, 1.0]), np.array([3.0, 1.0]), np.array([1.0, 1.0, 2.0, 2.0]))
    assert away == pytest.approx(0.25)
