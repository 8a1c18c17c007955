"""Work handed out in tasks: to this process, to processes on this machine, or to a cluster by its address.

A task is a plain value; whoever does it holds the same `shared` value and the same function, so what comes
back does not depend on who did it or when. A worker that dies takes nothing with it: its tasks are given out
again. The mistake this prevents is a result that differs with the number of workers.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any, Generic, Protocol, TypeVar

from geodata.errors import InputError

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

MOST_LOSSES = 5  # of one task in a row, before it is said that the task itself ends its worker


class WorkerLostError(InputError):
    """Workers ended again and again on the same task."""


class TaskPool(Protocol[T, R]):
    """Someone who does tasks."""

    n_workers: int

    def submit(self, task: T) -> None:
        """Give a task out."""
        ...

    def finished(self, timeout_s: float) -> list[tuple[T, R]]:
        """What was done since the last call, waiting so long for the first; a fault in the work is raised."""
        ...

    def close(self) -> None:
        """Give up what is not begun, and let the workers go."""
        ...


class InlinePool(Generic[S, T, R]):
    """This process, one task at each call of `finished`."""

    n_workers = 1

    def __init__(self, work: Callable[[S, T], R], shared: S) -> None:
        self._work, self._shared = work, shared
        self._waiting: list[T] = []

    def submit(self, task: T) -> None:
        """Put a task at the end of the line."""
        self._waiting.append(task)

    def finished(self, timeout_s: float) -> list[tuple[T, R]]:
        """Do the first task in line, however long it takes."""
        if not self._waiting:
            return []
        task = self._waiting.pop(0)
        return [(task, self._work(self._shared, task))]

    def close(self) -> None:
        """Forget what waits."""
        self._waiting.clear()


class LocalPool(Generic[S, T, R]):
    """Processes on this machine; when one dies all are made anew and what was under way is done again."""

    def __init__(self, work: Callable[[S, T], R], shared: S, n_workers: int | None = None) -> None:
        self.n_workers = n_workers or n_cores()
        self._work, self._shared = work, shared
        self._losses: dict[int, int] = {}
        self._tasks: dict[Future[R], T] = {}
        self._executor = self._made()

    def submit(self, task: T) -> None:
        """Give a task to the next process that is free."""
        try:
            self._tasks[self._executor.submit(_do, task)] = task
        except BrokenProcessPool:
            self._renew()
            self._tasks[self._executor.submit(_do, task)] = task

    def finished(self, timeout_s: float) -> list[tuple[T, R]]:
        """What is done; tasks of a process that died are given out again.

        Raises
        ------
        WorkerLostError
            When the same task was lost `MOST_LOSSES` times.
        """
        done, _ = wait(self._tasks, timeout_s, FIRST_COMPLETED)
        results, lost = [], []
        for future in done:
            task = self._tasks.pop(future)
            try:
                results.append((task, future.result()))
                self._losses.pop(id(task), None)
            except BrokenProcessPool:
                lost.append(task)
        if lost:
            lost += self._tasks.values()
            self._tasks.clear()
            self._renew()
            for task in lost:
                self._losses[id(task)] = self._losses.get(id(task), 0) + 1
                if self._losses[id(task)] > MOST_LOSSES:
                    raise WorkerLostError(
                        f"Worker processes ended {MOST_LOSSES} times without an answer; the machine may be "
                        "short of memory. Use fewer workers (--workers 1)."
                    )
                self.submit(task)
        return results

    def close(self) -> None:
        """Wait for what is under way, which is short, and end the processes."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _made(self) -> ProcessPoolExecutor:
        held = (self._work, self._shared)
        return ProcessPoolExecutor(self.n_workers, get_context("spawn"), initializer=_hold, initargs=held)

    def _renew(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._made()


def n_cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_HELD: list[tuple[Callable[..., Any], Any]] = []  # in a worker: what it does, and what it shares


def _hold(work: Callable[..., object], shared: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked is told, and ends the workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _HELD[:] = [(work, shared)]


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Any) -> Any:
    work, shared = _HELD[0]
    return work(shared, task)
