"""One instance as plain arrays, what an option of it is worth, and a rival at work in a process of its own.

A rival gets the same numbers as the project's search and nothing else of it. It may hang or take all memory
there is, so it runs in a process that is ended after a while; it is then said not to have finished.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.app_server import processor_s

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PAUSE_S = 20.0  # beyond its time, for a process to start, to load its packages and to end
BUSY = 5.0  # seconds by the clock that one of a processor may take on a busy machine
POLLED_S = 0.5
SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Task:
    """What a rival is asked.

    Parameters
    ----------
    people : float64 (n_areas,)
        Whole numbers.
    first, second : int64 (n_pairs,)
        Areas that share a border.
    xy : float64 (n_areas, 2)
        A point in each area.
    n : int
        Footprints.
    tolerance : float
    cost : float64 (n_pairs,)
        What parting each pair adds to the measure that is to be small: metres, or 1.
    seconds : float
        Of a processor, for each seed.
    seeds : tuple of int
    """

    people: Floats
    first: Ints
    second: Ints
    xy: Floats
    n: int
    tolerance: float
    cost: Floats
    seconds: float
    seeds: tuple[int, ...]

    @property
    def target(self) -> float:
        """People in each footprint if all had the same."""
        return float(self.people.sum()) / self.n

    def worth(self, row: NDArray[np.integer]) -> tuple[int, float]:
        """The less the better: options that meet all by what is to be small, then the others by deviation.

        Parameters
        ----------
        row : int (n_areas,)
            Footprint of each area, from 0.
        """
        away = self.deviation(row)
        if away > self.tolerance + SLACK or self.n_pieces(row) != self.n or len(np.unique(row)) != self.n:
            return 1, away
        return 0, float(self.cost[row[self.first] != row[self.second]].sum())

    def deviation(self, row: NDArray[np.integer]) -> float:
        """Largest deviation from the target, as a share; an empty footprint deviates by all."""
        held = np.bincount(row, self.people, minlength=self.n)
        return float(np.abs(held - self.target).max()) / self.target

    def n_pieces(self, row: NDArray[np.integer]) -> int:
        """Pieces that the footprints are in."""
        same = row[self.first] == row[self.second]
        ends = (self.first[same], self.second[same])
        links = coo_array((np.ones(int(same.sum())), ends), shape=(len(row), len(row)))
        return int(connected_components(links, directed=False)[0])


@dataclass(frozen=True, eq=False)
class Answer:
    """The best that a rival came to.

    Parameters
    ----------
    row : int (n_areas,)
    seconds : float
        Of a processor, without the loading of packages.
    words : str
        What was done in that time.
    """

    row: NDArray[np.integer]
    seconds: float
    words: str


Solve = Callable[[Task], Answer]


class Best:
    """The best option of those it is shown."""

    def __init__(self, task: Task) -> None:
        self.task, self.began = task, time.process_time()
        self.row: NDArray[np.integer] | None = None
        self.worth = (2, 0.0)

    @property
    def seconds(self) -> float:
        """Of a processor since the beginning."""
        return time.process_time() - self.began

    def see(self, row: NDArray[np.integer]) -> None:
        """Look at one option."""
        worth = self.task.worth(row)
        if self.row is None or worth < self.worth:
            self.row, self.worth = row, worth

    def answer(self, words: str) -> Answer:
        """What it came to."""
        if self.row is None:
            raise RuntimeError("made no option")
        return Answer(self.row, self.seconds, words)


def answered(solve: Solve, task: Task, patience_s: float) -> Answer | str:
    """What a rival comes to in a process of its own, or in words why there is nothing.

    Parameters
    ----------
    patience_s : float
        Seconds of a processor after which its process is ended.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(solve, task, theirs), daemon=True)
    process.start()
    theirs.close()
    began, patience_s = time.perf_counter(), patience_s + PAUSE_S
    try:
        while not ours.poll(POLLED_S):
            waited_s = (time.perf_counter() - began) / BUSY
            if max(waited_s, processor_s(process.pid or 0)) > patience_s:
                return f"not finished in {patience_s:.0f} s"
        found: Answer | str = ours.recv()
    except EOFError:
        return "its process ended without an answer"
    finally:
        process.kill()
        process.join()
        ours.close()
    return found


def _work(solve: Solve, task: Task, end: Connection) -> None:
    try:
        end.send(solve(task))
    except Exception as fault:  # noqa: BLE001 - whatever a rival raises is its row of the table
        end.send(f"{type(fault).__name__}: {str(fault).splitlines()[0][:80] if str(fault) else ''}")
