"""A Dask cluster does tasks as this process would, also when one of its workers is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from distributed import LocalCluster

from geodata.cluster import ClusterError, ClusterPool
from geodata.errors import InputError
from tests.geodata.test_task_pool import all_of, first_of, refuses, times


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler and two workers, each a process of its own, reachable from this machine only."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as made:
        yield made


def test_cluster_answers_and_a_worker_that_is_killed_is_made_up_for(cluster: Any) -> None:
    pool = ClusterPool(times, 3, cluster.scheduler_address)
    try:
        assert pool.n_workers == 2
        kill = lambda: os.kill(cluster.workers[0].pid, signal.SIGKILL)  # noqa: E731
        assert all_of(pool, list(range(40)), after_first=kill) == {task: 3 * task for task in range(40)}
    finally:
        pool.close()


def test_fault_in_the_work_is_told_in_its_own_words(cluster: Any) -> None:
    pool = ClusterPool(refuses, 0, cluster.scheduler_address)
    try:
        pool.submit(5)
        with pytest.raises(InputError, match="5 cannot be done"):
            first_of(pool)
    finally:
        pool.close()


def test_scheduler_without_workers_is_refused_in_words() -> None:
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as bare,
        pytest.raises(ClusterError, match="has no workers"),
    ):
        ClusterPool(times, 3, bare.scheduler_address)


def test_address_without_a_scheduler_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.cluster.REACH_S", 0.5)
    with pytest.raises(ClusterError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:1;"):
        ClusterPool(times, 3, "tcp://127.0.0.1:1")
