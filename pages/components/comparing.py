"""The search for what an option is compared with: begun by itself where it takes seconds, found again later.

What is looked for follows from what the page shows, so that a reload, a colleague or an undone move comes
upon what was found before.
"""

from __future__ import annotations

import streamlit as st

from geodata.run_record import Run
from neighbourhoods.generation.problem import MOST_STEPS
from neighbourhoods.scorecard.alternatives import Alternatives, no_alternatives
from neighbourhoods.scorecard.alternatives_search import alternatives_params, is_ready, steps_for
from neighbourhoods.scorecard.trial import Trial
from neighbourhoods.study.study import Study
from pages.components.loaders import run_result
from pages.components.run_view import ask_for_run, finished_result, run_now, show_run

KIND = "alternatives"
ASKED = "test_asked"
PENDING = "Being compared with what else is possible."
LOOK_SECONDS = 1.0
STEPS_A_SECOND = 5_000_000
STEPS_AT_ONCE = 1_000_000  # about half a second, scores and all: done before the page answers
STEPS_UNASKED = 50_000_000  # about ten seconds: begun without being asked for


def alternatives_now(study: Study, trial: Trial, key: str) -> Alternatives:
    """What the option is compared with, as far as it is known at this moment."""
    asked: tuple[str, str] = st.session_state.get(ASKED, ("", ""))
    if asked[0] != key:
        begin_search(study, trial, key, STEPS_UNASKED)
        asked = st.session_state[ASKED]
    run = run_now(asked[1])
    if run is not None and run.is_active and run.result_file:
        result = run_result(run)  # a sample, while the best beside it is looked for
    elif run is None or run.is_active:
        return no_alternatives(PENDING, trial.params.tolerance)
    else:
        result = finished_result(asked[1])
    if isinstance(result, Alternatives):
        return result
    return no_alternatives("Not compared with all ways: the search was stopped.", trial.params.tolerance)


def begin_search(study: Study, trial: Trial, key: str, most_steps: int) -> None:
    """Look for all ways: at once where that is quick, else in a process beside the app."""
    params = alternatives_params(trial.option, trial.params, most_steps)
    is_quick = is_ready() and steps_for(study, trial) <= STEPS_AT_ONCE
    st.session_state[ASKED] = (key, ask_for_run(KIND, params, at_once=is_quick))


def show_search(study: Study, trial: Trial, key: str, among: Alternatives) -> None:
    """Progress of the search, or a button for one that takes long or was stopped."""
    run = run_now(st.session_state[ASKED][1])
    if run is not None:
        if among.note == PENDING and (run.result_file or not run.is_active):
            st.rerun()  # it has come to something since
        show_run(run)
        if among.note == PENDING:
            _watch_for_a_sample(run.id)
    is_long = STEPS_UNASKED < among.n_steps_expected <= MOST_STEPS
    if among.kind == "none" and (is_long or _was_stopped(run)):
        seconds = round(among.n_steps_expected / STEPS_A_SECOND)
        st.button(
            f"Compare with all ways (about {seconds:,} seconds)" if is_long else "Compare with all ways",
            on_click=begin_search,
            args=(study, trial, key, MOST_STEPS),
        )


@st.fragment(run_every=LOOK_SECONDS)
def _watch_for_a_sample(run_id: str) -> None:
    """Show a sample as soon as it is drawn, while the best beside it is looked for."""
    run = run_now(run_id)
    if run is not None and run.is_active and run.result_file:
        st.rerun()


def _was_stopped(run: Run | None) -> bool:
    return run is not None and run.state == "cancelled"
