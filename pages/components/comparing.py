"""The search for what an option is compared with: beside the page, begun by itself where it takes seconds."""

from __future__ import annotations

import streamlit as st

from neighbourhoods.alternatives import Alternatives, alternatives, no_alternatives
from neighbourhoods.enumeration import MOST_STEPS
from neighbourhoods.study import Study
from neighbourhoods.trial import Trial
from pages.components.job import Job, finished_job, show_job

JOB = "test_job"
JOB_KEY = "test_job_key"
PENDING = "Being compared with all ways."
STEPS_A_SECOND = 5_000_000
STEPS_UNASKED = 50_000_000  # about ten seconds: begun without being asked for
SECONDS_AT_ONCE = 1.0


def alternatives_now(study: Study, trial: Trial, key: str) -> Alternatives:
    """What the option is compared with, as far as it is known at this moment.

    A search of some seconds begins by itself and can be stopped; a longer one waits for the button.
    """
    if st.session_state.get(JOB_KEY) != key:
        begin_search(study, trial, key, STEPS_UNASKED)
        st.session_state[JOB].finished.wait(SECONDS_AT_ONCE)
    job = finished_job(JOB)
    if job is not None and isinstance(job.result, Alternatives):
        return job.result
    return no_alternatives(PENDING, trial.params.tolerance)


def begin_search(study: Study, trial: Trial, key: str, most_steps: float) -> None:
    """Look for all ways beside the page; a search that still runs is stopped."""
    old: Job[Alternatives] | None = st.session_state.get(JOB)
    if old is not None:
        old.cancelled.set()
    job: Job[Alternatives] = Job(label="Comparing with all ways")
    st.session_state[JOB], st.session_state[JOB_KEY] = job, key
    job.start(
        lambda j: alternatives(
            study, trial, most_steps=most_steps, progress=j.report, cancelled=j.cancelled.is_set
        )
    )


def show_search(study: Study, trial: Trial, key: str, among: Alternatives) -> None:
    """Progress of the search, or a button for one that takes long.

    Parameters
    ----------
    among : Alternatives
        What the page shows; it runs again when the search has ended since.
    """
    job: Job[Alternatives] = st.session_state[JOB]
    if among.note == PENDING and job.finished.is_set() and job.fault is None:
        st.rerun()
    show_job(JOB)
    if among.kind == "none" and STEPS_UNASKED < among.n_steps_expected <= MOST_STEPS:
        seconds = round(among.n_steps_expected / STEPS_A_SECOND)
        st.button(
            f"Compare with all ways (about {seconds:,} seconds)",
            on_click=begin_search,
            args=(study, trial, key, MOST_STEPS),
        )
