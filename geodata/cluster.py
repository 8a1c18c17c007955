"""Tasks for a Dask cluster that runs somewhere already, reached by the address of its scheduler.

The scheduler keeps what is shared and every task until it is answered, so a worker that dies is made up for
there. Workers need this same program installed. Dask is imported only when an address is given.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from importlib import import_module
from typing import Any, Generic, TypeVar

from geodata.errors import InputError
from geodata.task_pool import MOST_LOSSES, WorkerLostError

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

REACH_S, ALONE_S = 10.0, 60.0


class ClusterError(InputError):
    """The cluster cannot be reached, or its workers cannot do the work."""


class ClusterPool(Generic[S, T, R]):
    """The workers of a Dask scheduler.

    Parameters
    ----------
    work : callable
        A function of a module that the workers can import.
    shared : object
        Sent once, as a task of its own, so that the scheduler can have it made again.
    address : str
        Such as "tcp://10.0.0.5:8786".

    Raises
    ------
    ClusterError
        When there is no scheduler at the address, or it has no workers.
    """

    def __init__(self, work: Callable[[S, T], R], shared: S, address: str) -> None:
        distributed = _distributed()
        self._work, self._address = work, address
        try:
            self._client = distributed.Client(address, timeout=REACH_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as fault:
            raise ClusterError(
                f"There is no Dask scheduler at {address}; start one with `dask scheduler`, then workers."
            ) from fault
        self.n_workers = max(sum(self._client.ncores().values()), 1)
        if not self._client.ncores():
            self._client.close()
            raise ClusterError(f"The scheduler at {address} has no workers; start some with `dask worker`.")
        self._shared: Any = self._client.submit(_same, shared, pure=False, retries=MOST_LOSSES)
        self._tasks: dict[Any, T] = {}
        self._seen_at = time.monotonic()

    def submit(self, task: T) -> None:
        """Give a task to the scheduler."""
        future = self._client.submit(self._work, self._shared, task, pure=False, retries=MOST_LOSSES)
        self._tasks[future] = task

    def finished(self, timeout_s: float) -> list[tuple[T, R]]:
        """What is done.

        Raises
        ------
        WorkerLostError
            When workers ended again and again on the same task.
        ClusterError
            When the scheduler has gone away, or workers have not got this program.
        """
        distributed = _distributed()
        try:
            with self._client.as_current():
                done, _ = distributed.wait(
                    list(self._tasks), timeout=timeout_s, return_when="FIRST_COMPLETED"
                )
        except (distributed.TimeoutError, TimeoutError):
            self._require_someone()
            return []
        return [(self._tasks.pop(future), self._result(future)) for future in done]

    def close(self) -> None:
        """Withdraw what is not done; the cluster itself goes on."""
        if self._client.status == "running":
            self._client.cancel([*self._tasks, self._shared])
        self._client.close()

    def _result(self, future: Any) -> R:
        try:
            result: R = future.result()
        except _distributed().KilledWorker as fault:
            raise WorkerLostError(
                "Workers of the cluster ended again and again without an answer; they may be short of memory."
            ) from fault
        except (CancelledError, OSError) as fault:
            raise self._gone() from fault
        except ImportError as fault:
            raise ClusterError(
                f"A worker of the cluster lacks a part of this program ({fault}). Install it there too."
            ) from fault
        return result

    def _require_someone(self) -> None:
        if self._client.status != "running":
            raise self._gone()
        if self._client.ncores():
            self._seen_at = time.monotonic()
        elif time.monotonic() - self._seen_at > ALONE_S:
            raise ClusterError(
                f"The scheduler at {self._address} has no workers left; what --checkpoint kept is not lost."
            )

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"The scheduler at {self._address} has gone away; what --checkpoint kept is not lost."
        )


def _distributed() -> Any:
    """The library, whose own account of lost connections is not for a planner."""
    library = import_module("distributed")
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return library


def _same(value: S) -> S:
    return value
