"""Good options where there are too many to go through: runs side by side, in a settled order.

First a random sample of options, then a run for every wish alone, then runs for the mix, then some for other
weights so that trade-offs can be seen. Numbers of steps and seeds decide what is found; a clock may only stop
it early, and then the result says so. The mistake this prevents: an option that cannot be made again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import combinations
from threading import Event

import numpy as np
import pandas as pd

from neighbourhoods.option_score import Town
from neighbourhoods.problem import Problem
from neighbourhoods.search_graph import Ground, ground_of
from neighbourhoods.search_pool import Footprints, Pool, Scales, scale_between, scaled_mix
from neighbourhoods.search_run import HEAT, Run, aim_of, start_of, warm_up, windows
from neighbourhoods.wish import WISHES

Progress = Callable[[int, int, str], None]

MOST_THREADS = 4
POLLED_S = 0.2
KEPT_EVERY_S = 1.0
N_SAMPLE, STEPS_TO_BEGIN = 40, 200  # options of the first sample; steps for each area to make one sound
SOLO_SHARE, MIX_SHARE = 0.3, 0.5  # of the steps; the rest looks at other weights
N_MIX_RUNS = 6
OTHER_SHARES = (0.15, 0.4, 0.6, 0.85)
TIE_SHARE = 0.01  # of compactness beside a wish alone: of equals the more compact
STEPS_AT_121 = 4_000_000
MICROSECONDS_A_STEP = 2.5  # at 121 areas


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found.

    Parameters
    ----------
    footprint : int16 (n_options, n_areas)
        Distinct options that meet all constraints, in a settled order.
    scores : DataFrame
        As `option_score.score_options`.
    scales : mapping of str to (float, float)
        Of each wish: what counts as 0 and as 1 in a mix, less always better (see `search_pool`).
    n_steps : int
    stopped_early : bool
        Cancelled, or out of time: a longer search might have found other options.
    runtime_s, compile_s : float
    """

    footprint: Footprints
    scores: pd.DataFrame
    scales: Scales
    n_steps: int
    stopped_early: bool
    runtime_s: float
    compile_s: float


def default_steps(n_areas: int, n_wishes: int) -> int:
    """Steps of a search when none are given: about ten seconds at 121 areas, a minute at 3,200."""
    return int(STEPS_AT_121 * max(n_areas / 121, 0.25) ** 0.55 * (0.8 + 0.1 * n_wishes))


def seconds_of_steps(steps: int, n_areas: int) -> float:
    """About how long so many steps take on one core."""
    return float(steps * MICROSECONDS_A_STEP * max(n_areas / 121, 0.5) ** 0.3 / 1e6)


def measured_wishes(town: Town) -> tuple[str, ...]:
    """Wishes that can be measured in a town."""
    known = {
        "people_who_move": town.as_now,
        "need_index_spread": town.need,
        "people_outside_partner": town.partner,
        "travel_minutes_mean": town.travel_minutes,
        "max_deviation_future": town.future_people,
    }
    return tuple(one for one, wish in WISHES.items() if known.get(wish.measure_id, True) is not None)


def numbers_of(problem: Problem) -> tuple[int, ...]:
    """Numbers of footprints whose band can hold all people, locked footprints among them."""
    low, high = problem.band
    total, slack = sum(problem.people), 1e-9 * problem.target
    numbers = range(max(problem.n_min, len(problem.locked), 1), problem.n_max + 1)
    return tuple(n for n in numbers if n * (low - slack) <= total <= n * (high + slack))


def search_options(
    problem: Problem,
    town: Town,
    weights: Mapping[str, float],
    *,
    steps: int,
    seed: int = 0,
    may_enclose: bool = False,
    seconds: float | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    keep: Callable[[Found], None] | None = None,
) -> Found:
    """Good options of a problem; none when none was met.

    Parameters
    ----------
    weights : mapping of str to float
        Wish ids and weights above nought.
    steps : int
        Changes of an option that are tried, in all.
    may_enclose : bool
        Whether a footprint may lie inside another.
    seconds : float, optional
        Stop after so long, whatever the steps.
    progress : callable, optional
        Called with steps done, steps in all, and words, a few times a second.
    cancelled : callable, optional
        Asked as often; True ends the search with what was found.
    keep : callable, optional
        Called with what was found so far when the best by mix is better than before, at most once a second.
    """
    compile_s = warm_up()
    search = _Search(problem, town, weights, steps, seed, may_enclose)
    search.progress, search.cancelled, search.keep = progress, cancelled, keep
    search.began, search.compile_s = time.perf_counter(), compile_s
    search.deadline = None if seconds is None else search.began + seconds
    search.look_for_all()
    search.pool.trim(weights, search.scales, settle=True)
    return search.found()


class _Track:
    """What one run met so far; written by its thread, read by the one that waits."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.n_steps = 0
        self.rows: list[Footprints] = []
        self.best_cost = np.inf
        self.best_row: Footprints | None = None

    def follow(self, ground: Ground, search: _Search, n_kept: int, *, until_sound: bool) -> None:
        aim = aim_of(ground, search.problem, search.town, self.run, may_enclose=search.may_enclose)
        group: dict[int, tuple[float, Footprints]] = {}
        for n_steps, nodes, cost in windows(ground, aim, self.run, search.stop.is_set):
            place = n_kept * self.n_steps // self.run.steps
            self.n_steps += n_steps
            if nodes is None:
                continue
            row = nodes[ground.node_of_area].astype(np.int16)
            if place not in group or cost < group[place][0]:
                group[place] = cost, row
            if cost < self.best_cost:
                self.best_cost, self.best_row = cost, row
            if until_sound:
                break
        self.rows = [row for _, row in group.values()]


class _Search:
    """One search: its pool and scales, and the runs that fill them."""

    progress: Progress | None
    cancelled: Callable[[], bool] | None
    keep: Callable[[Found], None] | None
    began: float
    compile_s: float
    deadline: float | None

    def __init__(
        self,
        problem: Problem,
        town: Town,
        weights: Mapping[str, float],
        steps: int,
        seed: int,
        may_enclose: bool,
    ) -> None:
        self.problem, self.town, self.weights = problem, town, weights
        self.steps, self.may_enclose = steps, may_enclose
        self.ground = ground_of(problem, town)
        self.pool = Pool(problem, town, may_enclose=may_enclose)
        self.random = np.random.default_rng(seed)
        self.numbers = numbers_of(problem)
        self.starts = {n: start_of(self.ground, problem, town, n) for n in self.numbers}
        self.scales: dict[str, tuple[float, float]] = {}
        self.stop = Event()
        self.n_steps, self.kept_mix, self.kept_at = 0, np.inf, -np.inf

    def look_for_all(self) -> None:
        """All phases, one after the other."""
        if not self.numbers:
            return
        n_areas = len(self.problem.people)
        n_sample = max(min(N_SAMPLE, self.pool.room), 4)
        to_begin = STEPS_TO_BEGIN * n_areas + 2_000
        sample = [self.run(n, {}, to_begin, i, heat=0.0) for n in self.numbers for i in range(n_sample)]
        self.go(sample, "making a first sample of options", until_sound=True)
        wishes = [one for one in measured_wishes(self.town) if one in self.weights or n_areas <= 5_000]
        middle = self.middle(wishes)
        each = len(self.numbers)
        solo_steps = int(self.steps * SOLO_SHARE / (each * len(wishes)))
        spans = {one: max(abs(middle[one]), 1e-12) for one in wishes}
        solos = [
            self.run(n, {"compactness": TIE_SHARE / spans["compactness"], one: 1 / spans[one]}, solo_steps, i)
            for n in self.numbers
            for i, one in enumerate(wishes)
        ]
        self.go(solos, "looking for the best by each wish alone")
        if not len(self.pool.footprint):
            return
        if not middle["compactness"]:
            middle = self.middle(wishes)
        self.scales = {one: scale_between(float(self.pool.values(one).min()), middle[one]) for one in wishes}
        self.pool.trim(self.weights, self.scales)
        others = list(self.other_weights())
        mix_steps = int(self.steps * (MIX_SHARE if others else 1 - SOLO_SHARE) / (each * N_MIX_RUNS))
        mixes = [
            self.run(n, self.costs(self.weights), mix_steps, i)
            for n in self.numbers
            for i in range(N_MIX_RUNS)
        ]
        self.go(mixes, "looking for the best by your wishes")
        self.pool.trim(self.weights, self.scales)
        if others:
            other_steps = int(self.steps * (1 - SOLO_SHARE - MIX_SHARE) / (each * len(others)))
            runs = [
                self.run(n, self.costs(weights), other_steps, i)
                for n in self.numbers
                for i, weights in enumerate(others)
            ]
            self.go(runs, "looking at what each wish costs")

    def run(self, n: int, costs: Mapping[str, float], steps: int, number: int, heat: float = HEAT) -> Run:
        """A run with a seed of its own; every other one starts from the option that people move from."""
        seed = int(self.random.integers(1 << 62))
        from_now = "as_now" in costs and (number % 2 == 0 or len(costs) <= 2)
        return Run(n, costs, max(steps, 1), seed, heat, self.starts[n] if from_now else None, number)

    def costs(self, weights: Mapping[str, float]) -> dict[str, float]:
        """What a unit of each measure costs, so that the mix is the cost."""
        total = sum(weights.values())
        return {
            one: weight / total / (self.scales[one][1] - self.scales[one][0])
            for one, weight in weights.items()
        }

    def other_weights(self) -> list[dict[str, float]]:
        """Weights that lean to one of two wishes, for each two of the three that weigh most."""
        first = sorted(self.weights, key=lambda one: -self.weights[one])[:3]
        return [{a: share, b: 1 - share} for a, b in combinations(first, 2) for share in OTHER_SHARES]

    def middle(self, wishes: Sequence[str]) -> dict[str, float]:
        """Median of what is in the pool; nought when nothing is."""
        known = len(self.pool.footprint) > 0
        return {one: float(np.median(self.pool.values(one))) if known else 0.0 for one in wishes}

    def go(self, runs: Sequence[Run], words: str, *, until_sound: bool = False) -> None:
        """Runs side by side; when all have ended their options go into the pool, in the order of the runs."""
        if self.stop.is_set():
            return
        tracks = [_Track(run) for run in runs]
        n_kept = max(2 * self.pool.room // max(len(runs), 1), 1)
        with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as threads:
            waiting = {
                threads.submit(track.follow, self.ground, self, n_kept, until_sound=until_sound)
                for track in tracks
            }
            try:
                while waiting:
                    done, waiting = wait(waiting, POLLED_S)
                    for future in done:
                        future.result()
                    self.look(tracks, words)
            finally:
                self.stop_if(bool(waiting))
        self.n_steps += sum(track.n_steps for track in tracks)
        self.pool.add(row for track in tracks for row in track.rows)
        self.look([], words)

    def stop_if(self, is_broken_off: bool) -> None:
        """Have the threads stop soon."""
        if is_broken_off:
            self.stop.set()

    def look(self, tracks: Sequence[_Track], words: str) -> None:
        """Tell how far it is, keep what is best so far, and see whether to stop."""
        now = time.perf_counter()
        n_steps = self.n_steps + sum(track.n_steps for track in tracks)
        if self.progress:
            self.progress(
                min(n_steps, self.steps), self.steps, f"{words}; {len(self.pool.footprint):,} kept so far"
            )
        if (self.cancelled and self.cancelled()) or (self.deadline is not None and now > self.deadline):
            self.stop.set()
        if self.keep and self.scales and now > self.kept_at + KEPT_EVERY_S:
            pool = self.pool.copy()
            pool.add(track.best_row for track in tracks if track.best_row is not None)
            mix = float(self.mix(pool).min())
            if mix < self.kept_mix - 1e-12:
                self.kept_mix, self.kept_at = mix, now
                pool.trim(self.weights, self.scales, settle=True)
                self.keep(
                    replace(self.found(), footprint=pool.footprint, scores=pool.scores, stopped_early=True)
                )

    def mix(self, pool: Pool) -> np.ndarray:
        """Of every option in a pool."""
        return scaled_mix({one: pool.values(one) for one in self.weights}, self.weights, self.scales)

    def found(self) -> Found:
        """What is in the pool."""
        return Found(
            footprint=self.pool.footprint,
            scores=self.pool.scores,
            scales=dict(self.scales),
            n_steps=self.n_steps,
            stopped_early=self.stop.is_set(),
            runtime_s=time.perf_counter() - self.began,
            compile_s=self.compile_s,
        )
