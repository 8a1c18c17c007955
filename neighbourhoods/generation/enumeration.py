"""Every way to make contiguous footprints of some areas within a band of people: all of them, none twice.

The areas are few (at most `MOST_AREAS`), so that "the best" and "better than 96% of what was possible" are
facts and not estimates. What is asked is a `Problem` of plain numbers; the search is compiled.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geodata.errors import TooLargeError
from neighbourhoods.generation import enumeration_kernel as kernel
from neighbourhoods.generation.enumeration_kernel import MOST_AREAS
from neighbourhoods.generation.mask_table import constraint_masks, from_the_edge, sums, unions
from neighbourhoods.generation.problem import MOST_OPTIONS, MOST_STEPS, SLACK, Problem

Floats = NDArray[np.float64]
Masks = NDArray[np.int64]
Footprints = NDArray[np.int8]

STEPS_AT_ONCE = 1_000_000
LEVEL = 2_000
PROBES = 10
DRAWS = 64
STACK = 256
FIRST_ROOM = 4_096


@dataclass(frozen=True, eq=False)
class Enumeration:
    """What a search found.

    Parameters
    ----------
    footprint : int8 (n_options, n_areas)
        Footprint of each area, numbered in the order in which areas come; options in order of these rows,
        so that the same problem always gives the same array. Locked footprints are numbered among them.
    is_complete : bool
        Whether nothing is missing: False when it was cancelled or there was no more room.
    n_steps : int
        Nodes of the search tree that were visited.
    runtime_s, compile_s : float
        Seconds of search, and seconds in which the program was compiled beforehand (about nought after the
        first time on a machine).
    """

    footprint: Footprints
    is_complete: bool
    n_steps: int
    runtime_s: float
    compile_s: float

    @property
    def n_options(self) -> int:
        """Number of ways."""
        return len(self.footprint)


Progress = Callable[[int, int, str], None]


def enumerate_options(
    problem: Problem,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    most_options: int = MOST_OPTIONS,
    most_steps: int = MOST_STEPS,
) -> Enumeration:
    """Every contiguous option that meets a problem.

    Parameters
    ----------
    progress : callable, optional
        Called with steps done, steps expected, and words.
    cancelled : callable, optional
        Asked about ten times a second; True ends the search with what was found, not complete.

    Raises
    ------
    TooLargeError
        When there are more than `MOST_AREAS` free areas, or the estimate is over `most_steps`.
    """
    compile_s = warm_up()
    expected = estimate_steps(problem)
    if expected > most_steps:
        raise TooLargeError(
            f"To go through every option would take about {expected:,.0f} steps; the limit is "
            f"{most_steps:,}. Narrow the band, lock a footprint or ask for areas to be kept together."
        )
    began = time.perf_counter()
    run = _Run(problem)
    n_steps, is_complete = 0, False
    for state, steps in run.go(mode=0, most_options=most_options):
        n_steps += steps
        if progress:
            progress(min(n_steps, int(expected)), max(int(expected), 1), f"{run.n_found:,} ways so far")
        is_complete = state == kernel.FINISHED
        if (cancelled and cancelled()) or n_steps > 4 * most_steps:
            break
    runtime_s = time.perf_counter() - began
    return Enumeration(run.options(), is_complete, n_steps, runtime_s, compile_s)


def has_option(problem: Problem, most_steps: int = 20_000_000) -> bool | None:
    """Whether there is any option at all; None when that was not settled in `most_steps`."""
    run = _Run(problem)
    done = 0
    for state, steps in run.go(mode=kernel.STOP_AT_FIRST, most_options=1):
        done += steps
        if state == kernel.FINISHED or run.n_found:
            return run.n_found > 0
        if done > most_steps:
            return None
    return run.n_found > 0


def smallest_tolerance(problem: Problem, most_steps: int = 40_000_000) -> tuple[float, bool] | None:
    """The least tolerance at which there is an option, and whether that is proven.

    The band is widened until there is an option, then each option that is found narrows it to less than
    that option's own worst deviation until there is none. None when no width of band helps.
    """
    tolerance = max(problem.tolerance, 0.01)
    widest = max(sum(problem.people) / problem.target, 1.0)
    while has_option(replace(problem, tolerance=tolerance)) is not True:
        if tolerance > widest:
            return None
        tolerance *= 2
    run = _Run(replace(problem, tolerance=tolerance))
    done, is_proven = 0, False
    for state, steps in run.go(mode=kernel.TIGHTEN, most_options=2):
        done += steps
        is_proven = state == kernel.FINISHED
        if done > most_steps:
            break
    people = np.asarray(problem.people)
    best = run.options()[0]
    sums = np.bincount(best, people)
    return float(np.abs(sums - problem.target).max() / problem.target), is_proven


def estimate_steps(problem: Problem, seed: int = 0) -> float:
    """How many nodes the search will visit, by random probes of its tree; 0 when none.

    The first `LEVEL` nodes or so are visited; below each of the last of them the tree is probed.

    Raises
    ------
    TooLargeError
        When there are more than `MOST_AREAS` free areas.
    """
    run = _Run(problem)
    if not run.top:
        return 0.0
    setting = (run.tables, run.people, run.band, run.n_wanted)
    level, n_above = kernel.widen(run.stack[:1].copy(), *setting, LEVEL)
    if not len(level):
        return float(n_above)
    draw = np.random.default_rng(seed)
    probed = [kernel.probe(level, draw.random((len(level), DRAWS)), *setting).sum() for _ in range(PROBES)]
    return float(n_above + np.mean(probed))


def warm_up() -> float:
    """Have the search compiled, or read from this user's cache; seconds that took."""
    began = time.perf_counter()
    tiny = Problem((1.0, 1.0), ((0, 1),), 2, 2, 1.0, 0.0)
    estimate_steps(tiny)
    has_option(tiny)
    return time.perf_counter() - began


class _Run:
    """One search: its tables, its stack, and what it found so far."""

    def __init__(self, problem: Problem) -> None:
        free = problem.free
        if len(free) > MOST_AREAS:
            raise TooLargeError(
                f"Every option can be gone through for up to {MOST_AREAS} areas; there are {len(free)}. "
                "Use larger areas (wards) or lock footprints."
            )
        self.problem = problem
        self.order = from_the_edge(free, problem.edges)
        position = {area: bit for bit, area in enumerate(self.order)}
        self.tables = np.stack([unions(masks) for masks in constraint_masks(problem, position)])
        self.people = sums([problem.people[area] for area in self.order])
        low, high = problem.band
        slack = SLACK * problem.target
        self.band = np.array([max(low - slack, 0.0), high + slack])
        locked = len(problem.locked)
        self.n_wanted = np.array([max(problem.n_min - locked, 0), problem.n_max - locked], dtype=np.int64)
        self.free = (1 << len(free)) - 1
        self.n_found = 0
        self.found = np.zeros((0, len(free)), dtype=np.int8)
        self.stack = np.zeros((STACK, kernel.NODE_FIELDS), dtype=np.int64)
        self.parts = np.zeros(2 * MOST_AREAS, dtype=np.int64)
        self.top = int(self._may_begin())
        if self.top:
            self.stack[0] = (self.free & ~1, 1, 0, 0)

    def go(self, *, mode: int, most_options: int) -> Iterator[tuple[int, int]]:
        """Search in stretches; after each its state and steps are given, so that one may stop."""
        if not self.free:
            self.n_found = int(self.n_wanted[0] == 0 and self.problem.locked_are_sound)
            self.found = np.zeros((self.n_found, 0), dtype=np.int8)
            yield kernel.FINISHED, 0
            return
        self.found = np.zeros((min(FIRST_ROOM, most_options), self.found.shape[1]), dtype=np.int8)
        while True:
            state, self.top, self.n_found, steps = kernel.search(
                self.stack,
                self.parts,
                self.top,
                self.tables,
                self.people,
                self.band,
                self.n_wanted,
                self.found,
                self.n_found,
                self.problem.target,
                mode,
                STEPS_AT_ONCE,
            )
            if state == kernel.FULL and len(self.found) < most_options:
                room = min(len(self.found), most_options - len(self.found))
                self.found = np.concatenate([self.found, np.zeros_like(self.found[:room])])
                state = kernel.RUNNING
            yield state, steps
            if state != kernel.RUNNING:
                return

    def options(self) -> Footprints:
        """What was found, areas in their own order, footprints and options in a settled order."""
        whole = np.zeros((self.n_found, len(self.problem.people)), dtype=np.int8)
        whole[:, list(self.order)] = self.found[: self.n_found] + len(self.problem.locked)
        for number, areas in enumerate(self.problem.locked):
            whole[:, sorted(areas)] = number
        return in_order(whole)

    def _may_begin(self) -> bool:
        fewest, most = self.n_wanted
        if not self.free or most < 1 or not self.problem.locked_are_sound:
            return False
        return bool(kernel.can_be_split(self.free, max(fewest, 1), most, self.tables, self.people, self.band))


def in_order(footprint: Footprints) -> Footprints:
    """Footprints numbered in the order of their first areas, then options in the order of their rows."""
    n_options, n_areas = footprint.shape
    if not n_options:
        return footprint
    every = np.arange(n_options)
    number = np.full((n_options, n_areas + 1), -1, dtype=np.int8)
    following = np.zeros(n_options, dtype=np.int8)
    settled = np.empty_like(footprint)
    for area in range(n_areas):
        now = number[every, footprint[:, area]]
        is_new = now < 0
        now = np.where(is_new, following, now)
        number[every, footprint[:, area]] = now
        following += is_new
        settled[:, area] = now
    keys = []
    for first in range(0, n_areas, 12):  # twelve areas of five bits in each key
        key = np.zeros(n_options, dtype=np.int64)
        for area in range(first, min(first + 12, n_areas)):
            key = (key << 5) | settled[:, area]
        keys.append(key)
    return np.ascontiguousarray(settled[np.lexsort(keys[::-1])])
