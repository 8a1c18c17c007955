"""A run as it stands in the table, and what is true of it: a process that died cannot say so itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from geodata.run_process import is_dead

Status = Literal["waiting", "running", "finished", "failed", "cancelled"]
State = Literal["waiting", "running", "finished", "failed", "cancelled", "lost"]
ENDED = ("finished", "failed", "cancelled")


@dataclass(frozen=True)
class Run:
    """One piece of work.

    Parameters
    ----------
    id : str
        Short hex.
    kind : str
        Which work: "generate", "ensemble", "test", ...
    key : str
        Hash of kind, parameters and version of the method; runs of one key on one version of the data come
        to the same.
    params : Mapping
        What is asked, as plain JSON.
    form : Mapping
        How the page's controls stood when it was asked, for whoever opens it again; no part of the key.
    author : str
    status : Status
        As written; see `state` for what is true of it.
    wants_cancel : bool
    done, total : int
    doing : str
        What is being done, in words.
    message : str
        Why it failed, for a planner to act on.
    result_file : str
        Name of what it came to, or of the best so far; empty for none.
    version : int
        Version of the data it was started on.
    worker_id, pid, host : str, int, str
        The process that holds it.
    created, started, ended, heartbeat : float
        Seconds since 1970; 0 for not yet.
    """

    id: str
    kind: str
    key: str
    params: Mapping[str, object]
    form: Mapping[str, object]
    author: str
    status: Status
    wants_cancel: bool
    done: int
    total: int
    doing: str
    message: str
    result_file: str
    version: int
    worker_id: str
    pid: int
    host: str
    created: float
    started: float
    ended: float
    heartbeat: float

    @property
    def state(self) -> State:
        """Its status, or "lost" where the process that held it died."""
        if self.status == "running" and is_dead(self.pid, self.host, self.heartbeat):
            return "lost"
        return self.status

    @property
    def is_active(self) -> bool:
        """Whether it waits or goes on."""
        return self.state in ("waiting", "running")
