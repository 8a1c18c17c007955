"""Options drawn by chance from all that meet a problem, with a distribution that is known and said in words.

Few areas: pair redraw, every option as likely as any other. Many: reversible recombination, options weighed
by the spanning trees of their footprints, so that compact ones come up more often. A percentile is a share
of *that* distribution, so the words go wherever the percentile goes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.generation.enumeration_kernel import MOST_AREAS
from neighbourhoods.generation.problem import Problem
from neighbourhoods.sample.sampler_blocks import Blocks, no_blocks
from neighbourhoods.sample.sampler_graph import (
    Border,
    bits_of,
    graph_of,
    nodes_of,
    place_of,
    rules_of,
    surround_of,
)
from neighbourhoods.sample.sampler_kernel import renumber
from neighbourhoods.sample.sampler_method import DISTRIBUTION as DISTRIBUTION
from neighbourhoods.sample.sampler_method import VERSION as VERSION
from neighbourhoods.sample.sampler_method import Method as Method
from neighbourhoods.sample.sampler_origin import first_labels, possible_numbers
from neighbourhoods.sample.sampler_recombine import recombine
from neighbourhoods.sample.sampler_redraw import N_COUNTS, redraw

Rows = NDArray[np.int16]
Words = NDArray[np.uint64]

FEW_IN_A_PAIR = 14
COUNTS = ("n_steps", "n_changed", "n_refused", "n_left")


@dataclass(frozen=True, eq=False)
class SamplerState:
    """Where a chain stands; from the same state the same options follow.

    Parameters
    ----------
    chance : uint64 (4,)
        State of the chain's own source of chance.
    footprint : int16 (n_areas,)
        Footprint of each area, the locked ones first; not numbered in any settled order.
    """

    chance: Words
    footprint: Rows


@dataclass(frozen=True, eq=False)
class Stretch:
    """What came of some steps.

    Parameters
    ----------
    state : SamplerState
        Where the chain stands afterwards.
    footprint : int16 (n_draws, n_areas)
        Options drawn, footprints numbered in the order of their first areas.
    counts : int64 (4,)
        Steps, and among them those that changed the option, those refused for a constraint and those that had
        nothing to put in its place; by `COUNTS`.
    """

    state: SamplerState
    footprint: Rows
    counts: NDArray[np.int64]


def method_for(problem: Problem) -> Method:
    """The sampler that suits the size: all ways to divide two footprints must be few enough to go through."""
    numbers = possible_numbers(problem) or (problem.n_min,)
    n_free, fewest = len(problem.free), numbers[0] - len(problem.locked)
    is_small = 2 * n_free <= FEW_IN_A_PAIR * fewest or len(numbers) > 1
    return "redraw" if is_small and n_free <= MOST_AREAS else "recombination"


def chance_of_chain(seed: int, chain: int) -> Words:
    """Where the chance of one chain begins; chains of one seed have nothing to do with each other."""
    words = np.random.SeedSequence(seed, spawn_key=(chain,)).generate_state(4, np.uint64)
    return words.astype(np.uint64)


def warm_up(method: Method) -> float:
    """Have a sampler compiled, or read from this user's cache; seconds that took."""
    began = time.perf_counter()
    square = Problem((1.0,) * 4, ((0, 1), (1, 2), (2, 3), (0, 3)), 2, 2, 2.0, 0.0)
    every = np.ones(4, dtype=bool)
    sampler = Sampler(square, Border(np.array([0]), np.array([1]), every), method)
    start = sampler.start(chance_of_chain(0, 0))
    if start is not None:
        sampler.advance(start, 1, 1)
    return time.perf_counter() - began


class Sampler:
    """One problem made ready for drawing.

    Parameters
    ----------
    problem : Problem
    border : Border or None
        With it no footprint may lie inside another; None allows that.
    method : "redraw" or "recombination", optional
        By size when left out.

    Raises
    ------
    InputError
        When redraw is asked for more areas than it can take, or recombination for more than one number of
        footprints.
    """

    def __init__(self, problem: Problem, border: Border | None = None, method: Method | None = None) -> None:
        self.problem = problem
        self.method = method or method_for(problem)
        if self.method == "redraw" and len(problem.free) > MOST_AREAS:
            raise InputError(
                f"Options are redrawn by pairs for up to {MOST_AREAS} areas; there are {len(problem.free)}. "
                "Use recombination."
            )
        self._nodes = nodes_of(problem)
        place = place_of(problem, self._nodes)
        self._graph = graph_of(problem, place, len(self._nodes))
        self._surround = surround_of(problem, place, border)
        numbers = possible_numbers(problem)
        if self.method == "recombination" and len(numbers) > 1:
            raise InputError(
                "Recombination draws options with one number of footprints, and here there may be "
                f"{numbers[0]} to {numbers[-1]}. Ask for one of these, or narrow the band."
            )
        if self.method == "redraw":
            self._order = list(bits_of(problem))
            self._rules = rules_of(problem, tuple(self._order), numbers)
            place = place_of(problem, [[area] for area in self._order])
            self._around_bits = surround_of(problem, place, border)
        self._blocks: Blocks | None = None

    def start(self, chance: Words) -> SamplerState | None:
        """A first option by chance, unlike that of another chain; None when none was found."""
        chance = chance.copy()
        label = first_labels(self.problem, self._nodes, self._graph, self._surround, chance)
        if label is None:
            return None
        return SamplerState(chance, self._whole(label[None, :], self._nodes)[0])

    def advance(self, state: SamplerState, n_draws: int, thin: int) -> Stretch:
        """Go on from a state; it is left as it was."""
        chance = state.chance.copy()
        counts = np.zeros(N_COUNTS, dtype=np.int64)
        n_locked = len(self.problem.locked)
        if self.method == "redraw":
            nodes = [[area] for area in self._order]
            rows = self._redraw(chance, state.footprint, n_draws, thin, counts)
        else:
            nodes = self._nodes
            rows = np.zeros((n_draws, len(self._nodes)), dtype=np.int16)
            label = state.footprint[[areas[0] for areas in self._nodes]].astype(np.int64) - n_locked
            n_footprints = int(label.max(initial=-1)) + 1
            args = (self._graph, self._surround, n_draws, thin, rows, counts)
            recombine(chance, label, n_footprints, *args)
        footprint = self._whole(rows, nodes)
        after = SamplerState(chance, footprint[-1].copy() if n_draws else state.footprint)
        renumber(footprint)
        return Stretch(after, footprint, counts)

    def _redraw(
        self, chance: Words, footprint: Rows, n_draws: int, thin: int, counts: NDArray[np.int64]
    ) -> Rows:
        if self._blocks is None:
            self._blocks = no_blocks()
        label = footprint[self._order].astype(np.int64) - len(self.problem.locked)
        n_parts = int(label.max(initial=-1)) + 1
        parts = np.zeros(max(int(self._rules.n_wanted[1]), 1) + 1, dtype=np.int64)
        for bit, part in enumerate(label.tolist()):
            parts[part] |= 1 << bit
        rows = np.zeros((n_draws, len(self._order)), dtype=np.int16)
        args = (self._around_bits, self._blocks, n_draws, thin, rows, counts)
        redraw(chance, parts, n_parts, self._rules, *args)
        return rows

    def _whole(self, rows: NDArray[np.signedinteger], nodes: list[list[int]]) -> Rows:
        """Footprints of nodes or bits as footprints of all areas, the locked ones first."""
        whole = np.zeros((len(rows), len(self.problem.people)), dtype=np.int16)
        for number, held in enumerate(self.problem.locked):
            whole[:, sorted(held)] = number
        for node, areas in enumerate(nodes):
            whole[:, areas] = rows[:, node, None] + len(self.problem.locked)
        return whole
