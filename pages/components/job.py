"""Work that takes more than a second: done beside the page, with progress and a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import streamlit as st

from geodata.errors import InputError

R = TypeVar("R")


@dataclass
class Job(Generic[R]):
    """One piece of work in a thread of its own.

    Parameters
    ----------
    label : str
        What is being done, in words.
    """

    label: str
    done: int = 0
    total: int = 1
    doing: str = ""
    result: R | None = None
    fault: BaseException | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    def start(self, work: Callable[[Job[R]], R]) -> None:
        """Begin; `work` is given the job so that it can report and see whether to stop."""

        def run() -> None:
            try:
                self.result = work(self)
            except BaseException as fault:  # noqa: BLE001  shown by show_job, never lost
                self.fault = fault
            finally:
                self.finished.set()

        threading.Thread(target=run, name=self.label, daemon=True).start()

    def report(self, done: int, total: int, doing: str) -> None:
        """Called by the work as it goes on."""
        self.done, self.total, self.doing = done, max(total, 1), doing


def show_job(key: str) -> None:
    """Progress and a cancel button for the job kept under `key`; the page runs again at its end."""
    job: Job[object] | None = st.session_state.get(key)
    if job is None or job.finished.is_set():
        return

    @st.fragment(run_every=0.5)
    def watch() -> None:
        if job.finished.is_set():
            st.rerun()
        share = min(job.done / job.total, 1.0)
        st.progress(share, text=f"{job.label}: {job.doing or 'starting'} ({job.done} of {job.total})")
        if st.button("Cancel", key=f"{key}_cancel", disabled=job.cancelled.is_set()):
            job.cancelled.set()

    watch()


def finished_job(key: str) -> Job[object] | None:
    """The job under `key` once it has ended; a fault of the person's file is shown in words."""
    job: Job[object] | None = st.session_state.get(key)
    if job is None or not job.finished.is_set():
        return None
    if isinstance(job.fault, InputError):
        st.error(str(job.fault), icon=":material/error:")
        return None
    if job.fault is not None:
        raise job.fault
    return job
