"""The real app on loopback, with its memory and its time on the processor; only what was started is ended."""

from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 90
N_CORES = 2
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class App:
    """A running app: address, process, and how long it took to answer."""

    url: str
    pid: int
    start_s: float


def machine() -> str:
    """Cores and versions, for the head of a table."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {system}"


def memory_mb(pid: int | str = "self", *, peak: bool = False) -> float:
    """Resident memory of a process in megabytes, or the most it has had; NaN where /proc is missing."""
    field = "VmHWM:" if peak else "VmRSS:"
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # no /proc on this system, or the process has ended
        return float("nan")
    return next((int(line.split()[1]) / 1_024 for line in lines if line.startswith(field)), float("nan"))


def processor_s(pid: int) -> float:
    """Seconds that a process has had on a core; NaN where /proc is missing."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # no /proc on this system, or the process has ended
        return float("nan")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def end_cleanly_when_told() -> None:
    """Let a request to end (SIGTERM) unwind, so that the app that was started is ended too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@contextmanager
def running_app(workspace: Path, *, log: Path | None = None) -> Iterator[App]:
    """Start the app on a free port of loopback, on two cores at the most; end it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "pages.components.serve"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    environment = {**os.environ, "NEIGHBOURHOODS_WORKSPACE": str(workspace)}
    began = time.perf_counter()
    with (log or Path(os.devnull)).open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _keep_to_cores(process.pid)
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield App(f"http://127.0.0.1:{port}", process.pid, time.perf_counter() - began)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=20)


def _keep_to_cores(pid: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, sorted(os.sched_getaffinity(0))[:N_CORES])


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit("the app stopped at its start")
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.02)
        else:
            return
    raise SystemExit(f"the app did not answer within {START_SECONDS} s")
