"""Processes beside the app: how one is started, and whether it still lives.

A process is told from another by host and number; on another host only its heartbeat can speak for it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from geodata.run_file import log_name, run_folder

WORKER_MODULE = "neighbourhoods.run.worker"
STALE_SECONDS = 20.0
STALE_HERE_SECONDS = 60.0  # a process of this machine that still runs may only be slow to say so
STAY_SECONDS = 120.0
MOST_WORKERS = "NEIGHBOURHOODS_WORKERS"
IDLE_SECONDS = "NEIGHBOURHOODS_IDLE_SECONDS"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_CODE = Path(__file__).resolve().parents[1]

_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Holder:
    """The process that holds a run, by an id that no other ever has, its number and its host."""

    id: str
    pid: int
    host: str


def this_process(worker_id: str = "") -> Holder:
    """The process that asks, as a holder."""
    return Holder(worker_id or uuid4().hex[:12], os.getpid(), _host())


def is_dead(pid: int, host: str, heartbeat: float, now: float | None = None) -> bool:
    """Whether a process is gone: at once where that can be seen, else when it is not heard of for long.

    Parameters
    ----------
    heartbeat : float
        When it was last heard of, in seconds since 1970.
    """
    silent_s = (time.time() if now is None else now) - heartbeat
    if host != _host():
        return silent_s > STALE_SECONDS
    return silent_s > STALE_HERE_SECONDS or not _is_running(pid)


def most_workers() -> int:
    """How many may work at once: NEIGHBOURHOODS_WORKERS, else one for each core."""
    given = os.environ.get(MOST_WORKERS, "")
    return max(int(given) if given.isdecimal() else os.cpu_count() or 1, 1)


def idle_seconds() -> float:
    """How long a worker stays when nothing waits: NEIGHBOURHOODS_IDLE_SECONDS, else two minutes."""
    given = os.environ.get(IDLE_SECONDS, "")
    return float(given) if given.isdecimal() else STAY_SECONDS


def start_worker(root: Path, run_id: str = "", worker_id: str = "") -> Holder:
    """Start a worker that outlives the app, in a session of its own.

    Parameters
    ----------
    root : Path
        The workspace folder.
    run_id : str
        The run that it does first; empty for whatever waits.
    worker_id : str
        Its id in the table of workers; empty for a new one.
    """
    worker_id = worker_id or uuid4().hex[:12]
    threads = str(max((os.cpu_count() or 1) - 1, 1))
    command = [sys.executable, "-m", WORKER_MODULE, "--workspace", str(root.resolve()), "--worker", worker_id]
    log = run_folder(root) / log_name(run_id or "worker")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--run", run_id] if run_id else command,
            cwd=_CODE,
            env={**dict.fromkeys(_THREADS, threads), **os.environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[process.pid] = process
    return Holder(worker_id, process.pid, _host())


def log_here(root: Path, run_id: str) -> None:
    """Send what this process prints to the log of a run, a crash of compiled code included."""
    descriptor = os.open(run_folder(root) / log_name(run_id), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        for stream in (1, 2):
            os.dup2(descriptor, stream)
    finally:
        os.close(descriptor)


def _is_running(pid: int) -> bool:
    for child in [one for one, process in _children.items() if process.poll() is not None]:
        _children.pop(child, None)  # asked for its status, so that it does not stay on as a zombie
        if child == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives and belongs to somebody else
        return True
    return True


@lru_cache(maxsize=1)
def _host() -> str:
    return socket.gethostname()
