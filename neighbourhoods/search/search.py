"""Good options where there are too many to go through: runs side by side, in a settled order.

First a random sample of options, then a run for every wish alone, then runs for the mix, then some for other
weights so that trade-offs can be seen. Numbers of steps and seeds decide what is found; a clock may only stop
it early, and then the result says so. The mistake this prevents: an option that cannot be made again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from threading import Event

import numpy as np
import pandas as pd

from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.town import Town
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search.crew import Site, Track, follow_all
from neighbourhoods.search.graph import ground_of
from neighbourhoods.search.pool import Footprints, Pool
from neighbourhoods.search.run import HEAT, Run, start_of, warm_up
from neighbourhoods.search.scale import Scales

Progress = Callable[[int, int, str], None]

KEPT_EVERY_S = 1.0
LEAST_GAIN = 1e-12
N_SAMPLE = 40  # options of the first sample
STEPS_TO_BEGIN, FEWEST_TO_BEGIN = 200, 2_000  # steps, for each area and more, to make one that is sound
SOLO_SHARE, MIX_SHARE = 0.3, 0.5  # of the steps; the rest looks at other weights
N_SOLO_RUNS, N_MIX_RUNS = 3, 6  # from other beginnings each
OTHER_SHARES = (0.15, 0.4, 0.6, 0.85)
TIE_SHARE = 0.01  # of compactness beside a wish alone: of equals the more compact
COOLER = 0.1  # first temperature of a run that starts from what there is now
MOST_FOR_ALL = 5_000  # areas, above which only the wishes that are weighed are looked at
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
    steps = STEPS_AT_121 * math.pow(max(n_areas / 121, 0.25), 0.55) * (0.8 + 0.1 * n_wishes)
    return 10_000 * math.ceil(steps / 10_000)


def seconds_of_steps(steps: int, n_areas: int) -> float:
    """About how long so many steps take on one core."""
    return steps * MICROSECONDS_A_STEP * math.pow(max(n_areas / 121, 0.5), 0.3) / 1e6


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
    """Numbers of footprints whose band can hold all people, locked footprints among them.

    None where what is locked cannot stand (out of the band, or against what is to be together or apart), or
    where a pair is to be both together and apart.
    """
    if not (problem.locked_are_sound and problem.pairs_are_sound):
        return ()
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
    watch = _Watch(progress, cancelled, keep, warm_up(), time.perf_counter(), seconds or float("inf"))
    search = _Search(Site(problem, town, ground_of(problem, town), may_enclose), weights, steps, seed, watch)
    search.look_for_all()
    search.pool.trim(weights, search.scales, settle=True)
    return search.found()


@dataclass(frozen=True)
class _Watch:
    """Whoever waits for a search."""

    progress: Progress | None
    cancelled: Callable[[], bool] | None
    keep: Callable[[Found], None] | None
    compile_s: float
    began: float
    seconds: float

    def wants_to_stop(self) -> bool:
        """Cancelled or out of time."""
        is_late = time.perf_counter() > self.began + self.seconds
        return is_late or (self.cancelled is not None and self.cancelled())


class _Search:
    """One search: its pool and scales, and the phases that fill them."""

    def __init__(
        self, site: Site, weights: Mapping[str, float], steps: int, seed: int, watch: _Watch
    ) -> None:
        self.site, self.weights, self.steps, self.watch = site, weights, steps, watch
        self.pool = Pool(site.problem, site.town, may_enclose=site.may_enclose)
        self.random = np.random.default_rng(seed)
        self.numbers = numbers_of(site.problem)
        self.starts = {n: start_of(site.ground, site.problem, site.town, n) for n in self.numbers}
        self.scales: dict[str, tuple[float, float]] = {}
        self.stop = Event()
        self.n_steps, self.kept_mix, self.kept_at = 0, float("inf"), float("-inf")

    def look_for_all(self) -> None:
        """All phases, one after the other."""
        if not self.numbers:
            return
        n_areas = len(self.site.problem.people)
        to_begin = STEPS_TO_BEGIN * n_areas + FEWEST_TO_BEGIN
        n_sample = max(min(N_SAMPLE, self.pool.room), 4)
        self.go(
            [self.run(n, {}, to_begin, i, heat=0.0) for n in self.numbers for i in range(n_sample)],
            "making a first sample of options",
            until_sound=True,
        )
        wishes = [
            one for one in measured_wishes(self.site.town) if one in self.weights or n_areas <= MOST_FOR_ALL
        ]
        middle = self.middle(wishes)
        parts = len(self.numbers)
        steps = round(self.steps * SOLO_SHARE / (parts * len(wishes) * N_SOLO_RUNS))
        alone = [{"compactness": TIE_SHARE / (abs(middle["compactness"]) or 1.0)} for _ in wishes]
        for one, costs in zip(wishes, alone, strict=True):
            costs[one] = 1 / (abs(middle[one]) or 1.0)
        self.go(
            [
                self.run(n, costs, steps, i)
                for n in self.numbers
                for i in range(N_SOLO_RUNS)
                for costs in alone
            ],
            "looking for the best by each wish alone",
        )
        if not len(self.pool.footprint):
            return
        self.fix_scales(wishes, middle)
        others = self.other_weights()
        share = MIX_SHARE if others else 1 - SOLO_SHARE
        steps = round(self.steps * share / (parts * N_MIX_RUNS))
        costs = self.costs(self.weights)
        self.go(
            [self.run(n, costs, steps, i) for n in self.numbers for i in range(N_MIX_RUNS)],
            "looking for the best by your wishes",
        )
        if others:
            steps = round(self.steps * (1 - SOLO_SHARE - MIX_SHARE) / (parts * len(others)))
            self.go(
                [
                    self.run(n, self.costs(one), steps, i)
                    for n in self.numbers
                    for i, one in enumerate(others)
                ],
                "looking at what each wish costs",
            )

    def run(self, n: int, costs: Mapping[str, float], steps: int, number: int, heat: float = HEAT) -> Run:
        """A run with a seed of its own; where few are to move, some start from the option they move from."""
        seed = int(self.random.integers(1 << 62))
        from_now = "as_now" in costs and (number % 2 == 0 or len(costs) <= 2) and self.starts[n] is not None
        start = self.starts[n] if from_now else None
        return Run(n, costs, max(steps, 1), seed, heat * COOLER if from_now else heat, start, number)

    def fix_scales(self, wishes: Sequence[str], middle: Mapping[str, float]) -> None:
        """0 is the best found for a wish alone, 1 the median of the first sample."""
        for one in wishes:
            values = self.pool.values(one)
            zero, end = float(values.min()), middle[one] or float(np.median(values))
            end = max(end, float(values.max())) if end <= zero else end
            self.scales[one] = (_plain(zero), _plain(end if end > zero else zero + max(abs(zero), 1.0)))
        self.pool.trim(self.weights, self.scales)

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
        return {one: _plain(np.median(self.pool.values(one))) if known else 0.0 for one in wishes}

    def go(self, runs: Sequence[Run], words: str, *, until_sound: bool = False) -> None:
        """Runs side by side; when all have ended their options go into the pool, in the order of the runs."""
        if self.stop.is_set():
            return
        tracks = follow_all(
            self.site,
            runs,
            self.stop,
            lambda tracks: self.look(tracks, words),
            n_kept=max(2 * self.pool.room // max(len(runs), 1), 1),
            until_sound=until_sound,
        )
        self.n_steps += sum(track.n_steps for track in tracks)
        self.pool.add(row for track in tracks for row in track.rows)
        self.pool.trim(self.weights, self.scales)

    def look(self, tracks: Sequence[Track], words: str) -> None:
        """Tell how far it is, keep what is best so far, and see whether to stop."""
        watch, now = self.watch, time.perf_counter()
        done = min(self.n_steps + sum(track.n_steps for track in tracks), self.steps)
        if watch.progress:
            watch.progress(done, self.steps, f"{words}; {len(self.pool.footprint):,} kept so far")
        if watch.wants_to_stop():
            self.stop.set()
        if watch.keep and self.scales and now > self.kept_at + KEPT_EVERY_S:
            pool = self.pool.copy()
            pool.add(track.best_row for track in tracks if track.best_row is not None)
            mix = float(pool.mix(self.weights, self.scales).min())
            if mix < self.kept_mix - LEAST_GAIN:
                self.kept_mix, self.kept_at = mix, now
                pool.trim(self.weights, self.scales, settle=True)
                watch.keep(
                    replace(self.found(), footprint=pool.footprint, scores=pool.scores, stopped_early=True)
                )

    def found(self) -> Found:
        """What is in the pool."""
        return Found(
            footprint=self.pool.footprint,
            scores=self.pool.scores,
            scales=dict(self.scales),
            n_steps=self.n_steps,
            stopped_early=self.stop.is_set(),
            runtime_s=time.perf_counter() - self.watch.began,
            compile_s=self.watch.compile_s,
        )


def _plain(value: float) -> float:
    """Nine digits of a number, in which all machines agree."""
    return float(f"{value:.9g}")
