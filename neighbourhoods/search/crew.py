"""Runs of a search side by side, one on each thread; what they met, in the order of the runs.

Which thread does a run, and when, changes nothing: a run depends on nothing but itself, and results are
taken in the order in which the runs were given. Only a wish to stop comes from outside.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.town import Town
from neighbourhoods.search.graph import Ground
from neighbourhoods.search.run import Run, aim_of, windows

Footprints = NDArray[np.int16]
MOST_THREADS = 4
POLLED_S = 0.2


@dataclass(frozen=True, eq=False)
class Site:
    """What all runs of a search have in common.

    Parameters
    ----------
    problem : Problem
    town : Town
    ground : Ground
    may_enclose : bool
        Whether a footprint may lie inside another.
    """

    problem: Problem
    town: Town
    ground: Ground
    may_enclose: bool


class Track:
    """What one run met so far; written by its thread, read by the one that waits.

    Parameters
    ----------
    run : Run
    n_kept : int
        Options to keep, each the best of its stretch of the run.
    until_sound : bool
        Whether to end with the first option that meets all that is asked.
    """

    def __init__(self, run: Run, n_kept: int, *, until_sound: bool) -> None:
        self.run, self.n_kept, self.until_sound = run, n_kept, until_sound
        self.n_steps = 0
        self.rows: list[Footprints] = []
        self.best_cost = float("inf")
        self.best_row: Footprints | None = None

    def follow(self, site: Site, stop: Event) -> None:
        """Go through the run."""
        ground = site.ground
        aim = aim_of(ground, site.problem, site.town, self.run, may_enclose=site.may_enclose)
        best_of: dict[int, tuple[float, Footprints]] = {}
        for n_steps, nodes, cost in windows(ground, aim, self.run, stop.is_set):
            stretch = self.n_kept * self.n_steps // self.run.steps
            self.n_steps += n_steps
            if nodes is None:
                continue
            row = nodes[ground.node_of_area].astype(np.int16)
            if stretch not in best_of or cost < best_of[stretch][0]:
                best_of[stretch] = cost, row
            if cost < self.best_cost:
                self.best_cost, self.best_row = cost, row
            if self.until_sound:
                break
        self.rows = [row for _, row in best_of.values()]


def follow_all(
    site: Site,
    runs: Sequence[Run],
    stop: Event,
    look: Callable[[Sequence[Track]], None],
    *,
    n_kept: int,
    until_sound: bool = False,
) -> list[Track]:
    """All runs to their end, or until `stop` is set.

    Parameters
    ----------
    look : callable
        Called a few times a second with the tracks as they are; may set `stop`.
    n_kept : int
        Options that each run keeps.
    """
    tracks = [Track(run, n_kept, until_sound=until_sound) for run in runs]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as threads:
        waiting = {threads.submit(track.follow, site, stop) for track in tracks}
        try:
            while waiting:
                done, waiting = wait(waiting, POLLED_S)
                for one in done:
                    one.result()
                look(tracks)
        except BaseException:
            stop.set()  # whatever broke it off, the other threads must not go on
            raise
    return tracks
