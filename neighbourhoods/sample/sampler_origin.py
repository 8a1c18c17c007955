"""Where a chain begins: an option by chance, far from where the others begin.

Areas are cut along random trees; where that finds nothing and areas are few, the enumeration is asked for a
few options of the same areas in another order. None means that nothing was found, not that there is nothing.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.generation.enumeration import enumerate_options
from neighbourhoods.generation.enumeration_kernel import MOST_AREAS
from neighbourhoods.generation.problem import SLACK, Problem
from neighbourhoods.sample.sampler_graph import islands_of
from neighbourhoods.sample.sampler_kernel import Surround, Words, has_enclosed
from neighbourhoods.sample.sampler_start import first_option
from neighbourhoods.sample.sampler_tree import Graph

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_NODES_DRAWN, MOST_WHERE_FEW = 20_000_000, 100_000
FEWEST_TREES = 1_000
MOST_LOOKED_AT = 200
MOST_ROUNDS = 40


def possible_numbers(problem: Problem) -> tuple[int, ...]:
    """Numbers of footprints, the locked ones among them, that the people allow."""
    low, high = problem.band
    free = sum(problem.people[area] for area in problem.free)
    locked = len(problem.locked)
    slack = SLACK * problem.target * max(problem.n_max, 1)
    return tuple(
        n
        for n in range(max(problem.n_min, locked), problem.n_max + 1)
        if (n - locked) * low - slack <= free <= (n - locked) * high + slack
        and (n > locked) == bool(problem.free)
    )


def first_labels(
    problem: Problem, nodes: list[list[int]], graph: Graph, surround: Surround, chance: Words
) -> Integers | None:
    """Footprint of each node, the locked ones not counted; None when none was found.

    Parameters
    ----------
    nodes : list of list of int
        Areas of each node of `graph`.
    chance : uint64 (4,)
        Changed.
    """
    numbers = possible_numbers(problem)
    if not numbers or not (problem.locked_are_sound and problem.pairs_are_sound):
        return None
    label = np.zeros(len(nodes), dtype=np.int64)
    if not nodes:
        return label
    draw = np.random.default_rng(chance)
    number = int(draw.choice(numbers)) - len(problem.locked)
    island = islands_of(graph)
    wanted = _by_island(draw, np.bincount(island, graph.people).astype(np.float64), number, graph.band)
    is_few = len(problem.free) <= MOST_AREAS
    most_nodes = max(MOST_WHERE_FEW if is_few else MOST_NODES_DRAWN, FEWEST_TREES * len(nodes))
    if wanted is not None and first_option(chance, island, wanted, graph, surround, most_nodes, label):
        return label
    if not is_few:
        return None
    for row in _some_options(problem, draw.permutation(len(problem.people)).tolist()):
        label = np.array([row[areas[0]] for areas in nodes])
        label = np.unique(label, return_inverse=True)[1].astype(np.int64)
        if not (surround.is_forbidden and has_enclosed(label, int(label.max()) + 1, surround)):
            return label
    return None


def _by_island(draw: np.random.Generator, people: Floats, number: int, band: Floats) -> Integers | None:
    """How many footprints each island has, by chance among what its people allow; None when nothing fits."""
    low, high = float(band[0]), float(band[1])
    fewest = [max(ceil(p / high), 1) for p in people]
    most = [floor(p / low) if low > 0 else number for p in people]
    wanted: list[int] = []
    for island in range(len(people)):
        rest = number - sum(wanted)
        least = max(fewest[island], rest - sum(most[island + 1 :]))
        largest = min(most[island], rest - sum(fewest[island + 1 :]))
        if least > largest:
            return None
        wanted.append(int(draw.integers(least, largest + 1)))
    return np.array(wanted, dtype=np.int64)


def _some_options(problem: Problem, order: list[int]) -> Integers:
    """Options that the enumeration finds first when areas come in some other order (n, n_areas)."""
    place = {area: number for number, area in enumerate(order)}

    def moved(areas: frozenset[int]) -> frozenset[int]:
        return frozenset(place[area] for area in areas)

    other = replace(
        problem,
        people=tuple(problem.people[area] for area in order),
        edges=tuple((place[a], place[b]) for a, b in problem.edges),
        together=tuple(moved(group) for group in problem.together),
        apart=tuple((place[a], place[b]) for a, b in problem.apart),
        locked=tuple(moved(held) for held in problem.locked),
    )
    rounds = iter(range(MOST_ROUNDS))
    found = enumerate_options(
        other,
        most_options=MOST_LOOKED_AT,
        most_steps=1 << 62,
        cancelled=lambda: next(rounds, None) is None,
    )
    back = np.empty((found.n_options, len(order)), dtype=np.int64)
    back[:, order] = found.footprint
    return back
