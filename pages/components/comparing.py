"""The search for what an option is compared with: at once, beside the page, or when it is asked for."""

from __future__ import annotations

import streamlit as st

from neighbourhoods.alternatives import Alternatives, alternatives, no_alternatives, steps_for
from neighbourhoods.enumeration import MOST_STEPS
from neighbourhoods.study import Study
from neighbourhoods.trial import Trial
from pages.components.job import Job, finished_job, show_job

JOB = "test_job"
JOB_KEY = "test_job_key"
STEPS_KEY = "test_steps"
PENDING = "Being compared with all ways."
STEPS_A_SECOND = 5_000_000
STEPS_AT_ONCE = 1_000_000  # about half a second, scores and all
SECONDS_AT_ONCE = 1.0
STEPS_UNASKED = 50_000_000  # about ten seconds: begun without being asked for


def steps_now(study: Study, trial: Trial, key: str) -> float:
    """Steps that going through all ways would take; estimated once for each card."""
    kept: tuple[str, float] = st.session_state.get(STEPS_KEY, ("", 0.0))
    if kept[0] != key:
        kept = (key, steps_for(study, trial))
        st.session_state[STEPS_KEY] = kept
    return kept[1]


def alternatives_now(study: Study, trial: Trial, key: str, steps: float) -> Alternatives:
    """What the option is compared with, as far as it is known at this moment.

    A search of some seconds begins by itself and can be stopped; a longer one waits for the button.
    """
    if steps > MOST_STEPS or trial.n_unassigned:
        return alternatives(study, trial)
    if st.session_state.get(JOB_KEY) != key:
        if steps > STEPS_UNASKED:
            return no_alternatives("Not compared with all ways yet.", trial.params.tolerance)
        begin_search(study, trial, key)
    if steps <= STEPS_AT_ONCE:
        st.session_state[JOB].finished.wait(SECONDS_AT_ONCE)
    job = finished_job(JOB)
    if job is not None and isinstance(job.result, Alternatives):
        return job.result
    return no_alternatives(PENDING, trial.params.tolerance)


def begin_search(study: Study, trial: Trial, key: str) -> None:
    """Look for all ways beside the page; a search that still runs is stopped."""
    old: Job[Alternatives] | None = st.session_state.get(JOB)
    if old is not None:
        old.cancelled.set()
    job: Job[Alternatives] = Job(label="Comparing with all ways")
    st.session_state[JOB], st.session_state[JOB_KEY] = job, key
    job.start(lambda j: alternatives(study, trial, progress=j.report, cancelled=j.cancelled.is_set))


def show_search(study: Study, trial: Trial, key: str, steps: float, among: Alternatives) -> None:
    """Progress of the search, or a button for one that takes long.

    Parameters
    ----------
    among : Alternatives
        What the page shows; it runs again when the search has ended since.
    """
    if st.session_state.get(JOB_KEY) == key:
        job: Job[Alternatives] = st.session_state[JOB]
        if among.note == PENDING and job.finished.is_set() and job.fault is None:
            st.rerun()
        show_job(JOB)
    elif STEPS_UNASKED < steps <= MOST_STEPS:
        st.button(
            f"Compare with all ways (about {round(steps / STEPS_A_SECOND):,} seconds)",
            on_click=begin_search,
            args=(study, trial, key),
        )
