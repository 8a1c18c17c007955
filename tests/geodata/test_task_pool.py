"""Tasks come back whoever does them, and a worker that dies takes none with it."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable

import pytest

from geodata import task_pool
from geodata.errors import InputError
from geodata.task_pool import InlinePool, LocalPool, TaskPool, WorkerLostError, n_cores

Pool = TaskPool[int, tuple[int, int]]


def times(shared: int, task: int) -> tuple[int, int]:
    time.sleep(0.05)
    return shared * task, os.getpid()


def ends_its_worker(shared: int, task: int) -> tuple[int, int]:
    os._exit(9)


def refuses(shared: int, task: int) -> tuple[int, int]:
    raise InputError(f"{task} cannot be done")


def all_of(pool: Pool, tasks: list[int], after_first: Callable[[], None] = lambda: None) -> dict[int, int]:
    """Answers by task."""
    for task in tasks:
        pool.submit(task)
    found: dict[int, int] = {}
    while len(found) < len(tasks):
        had_none = not found
        found |= {task: answer for task, (answer, _) in pool.finished(0.2)}
        if had_none and found:
            after_first()
    return found


def first_of(pool: Pool) -> tuple[int, tuple[int, int]]:
    """The first answer, however long it takes."""
    while not (found := pool.finished(0.2)):
        pass
    return found[0]


def test_tasks_are_done_here_one_at_each_call() -> None:
    pool = InlinePool(times, 3)
    pool.submit(1)
    pool.submit(2)
    assert pool.finished(0) == [(1, (3, os.getpid()))]
    assert pool.finished(0) == [(2, (6, os.getpid()))]
    assert pool.finished(0) == []


def test_processes_answer_as_this_one_does_and_one_that_is_killed_is_made_up_for() -> None:
    pool = LocalPool(times, 3, 2)
    try:
        kill = lambda: multiprocessing.active_children()[0].kill()  # noqa: E731
        assert all_of(pool, list(range(20)), after_first=kill) == {task: 3 * task for task in range(20)}
    finally:
        pool.close()


def test_fault_in_the_work_is_told_in_its_own_words() -> None:
    pool = LocalPool(refuses, 0, 1)
    try:
        pool.submit(5)
        with pytest.raises(InputError, match="5 cannot be done"):
            first_of(pool)
    finally:
        pool.close()


def test_task_that_ends_every_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_pool, "MOST_LOSSES", 1)
    pool = LocalPool(ends_its_worker, 0, 1)
    try:
        pool.submit(1)
        with pytest.raises(WorkerLostError, match="fewer workers"):
            first_of(pool)
    finally:
        pool.close()


def test_there_is_a_core() -> None:
    assert n_cores() >= 1
