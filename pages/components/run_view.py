"""Long work on a page: asked for, watched, cancelled and found again by the address.

The page holds nothing of it but an id in the address (`run=ID`): a reload, another tab or a colleague with
the link sees the same progress and the same result.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial

import streamlit as st

from geodata.errors import InputError
from geodata.run_process import this_process
from geodata.run_record import Run
from geodata.run_shelf import drop_run, forget_runs
from geodata.run_table import (
    ask_to_cancel,
    claim_run,
    get_run,
    list_runs,
    n_before,
    put_run,
    start_again,
)
from geodata.worker_table import list_workers, require_worker
from neighbourhoods.run.run import RUN_KINDS, run_kind
from neighbourhoods.run.work import do_run
from pages.components import words
from pages.components.dialog import AUTHOR, attempt, dialog_button
from pages.components.loaders import current_store, current_study, run_result
from pages.components.state import run_key

RUN = "run"
LOOK_SECONDS = 0.4
N_EARLIER = 8
_SEEN = "run_best_seen"
LONG_START_SECONDS = 6
STATE_WORDS = {
    "waiting": "waiting",
    "running": "going on",
    "finished": "finished",
    "failed": "failed",
    "cancelled": "cancelled",
    "lost": "stopped unexpectedly",
}


def begin_run(
    kind_id: str, params: object, *, form: Mapping[str, object] | None = None, at_once: bool = False
) -> str:
    """Ask for a run and put it in the address; the id of it.

    Parameters
    ----------
    params : object
        Of the dataclass of this kind.
    form : Mapping, optional
        How the controls stand, as plain JSON.
    at_once : bool
        Work it out before this returns: for what takes half a second. It is kept like any other.
    """
    run_id = ask_for_run(kind_id, params, form=form, at_once=at_once)
    open_run(kind_id, run_id)
    return run_id


def ask_for_run(
    kind_id: str, params: object, *, form: Mapping[str, object] | None = None, at_once: bool = False
) -> str:
    """Ask for a run that the page finds again by what it shows, with no word in the address; the id of it.

    Where the same was asked before on the same data, that run is given. Parameters as `begin_run`.
    """
    study, store, kind = current_study(), current_store(), run_kind(kind_id)
    document = kind.params_to_json(params)
    author = str(st.session_state.get(AUTHOR, ""))

    def put() -> Run:
        return put_run(
            store,
            kind_id,
            document,
            version=study.version,
            method=kind.method,
            author=author,
            form=form,
            same_since=study.version if kind.rests_on_places else study.same_figures_since,
        )

    run = put()
    if run.status == "finished" and not _is_readable(run):
        drop_run(store, run.id)
        run = put()
    if run.status == "waiting" and at_once:
        holder = this_process()
        claimed = claim_run(store, holder, version=study.version, run_id=run.id)
        if claimed is not None:
            do_run(store, claimed, holder, study)
            forget_runs(store)
    elif run.status == "waiting":
        require_worker(store, run)
    return run.id


def open_run(kind_id: str, run_id: str) -> None:
    """Show a run: put it in the address, and in the links of other pages to this one."""
    st.query_params[RUN] = run_id
    st.session_state[run_key(kind_id)] = run_id


def run_in_view(kind_id: str) -> Run | None:
    """The run of this kind that the address names; None when it names none or one that is not kept."""
    run = run_now(st.query_params.get(RUN, ""))
    if run is None or run.kind != kind_id:
        return None
    st.session_state[run_key(kind_id)] = run.id
    return run


def make_ready() -> None:
    """Have a worker load what it needs, as a page is likely to ask for a long run next."""
    require_worker(current_store())


def show_run(seen: Run, *, shows_best: bool = False) -> None:
    """Progress and a way to cancel, or to start again what stopped; nothing once it has ended well.

    Parameters
    ----------
    seen : Run
        As the page has it: where it has ended since, the page is drawn again.
    shows_best : bool
        Whether the page shows the best so far, and is drawn again when there is a better one.
    """
    run = run_now(seen.id)
    if seen.is_active and (run is None or not run.is_active):
        st.rerun()
    if run is not None and run.is_active:
        _watch(seen.id, shows_best=shows_best)
    elif run is not None and run.state == "lost":
        best = " The best that it had found is kept." if run.result_file else ""
        st.warning(
            f"{run_kind(run.kind).label} stopped unexpectedly after {_elapsed(run)}.{best} "
            "Nothing that was saved is touched.",
            icon=":material/warning:",
        )
        st.button("Start it again", on_click=_start_again, args=(seen.id,), key=f"start_{seen.id}")


def finished_result(run_id: str) -> object | None:
    """What a run came to, or the best it had when it was stopped; why there is nothing is said in words."""
    run = run_now(run_id)
    if run is None or run.is_active:
        return None
    if run.state == "failed":
        st.error(run.message, icon=":material/error:")
    elif run.state == "cancelled" and not run.result_file:
        st.info("Stopped before anything was found. Nothing is lost: start again when you are ready.")
    if not run.result_file:
        return None
    try:
        return run_result(run)
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return None


def best_so_far(run_id: str) -> object | None:
    """What a run that is going on has kept up to now; None where that is nothing yet."""
    run = run_now(run_id)
    if run is None or not run.is_active or not run.result_file:
        return None
    st.session_state[_SEEN] = run.result_file
    try:
        return run_result(run)
    except InputError:  # a better one took its place in between; the next look finds it
        return None


def earlier_runs(kind_id: str) -> None:
    """A list, behind a button, of what was asked before by whoever works here."""
    dialog_button("Earlier runs", f"earlier_{kind_id}", kind_id, _list_earlier)


def _list_earlier(kind_id: str) -> None:
    runs = list_runs(current_store(), kind_id, n_most=N_EARLIER)
    if not runs:
        st.caption("Nothing was asked for yet. What you find stays here, for colleagues too.")
    for run in runs:
        said, way_in = st.columns([4, 1], vertical_alignment="center")
        said.markdown(f"{words.plain(asked_in_words(run))}  \n{_when(run)}, {STATE_WORDS[run.state]}")
        open_it = partial(_open_alone, kind_id, run.id)
        way_in.button("Open", key=f"open_{run.id}", on_click=attempt, args=(open_it,))


def asked_in_words(run: Run) -> str:
    """What was asked of a run, in a phrase."""
    try:
        kind = run_kind(run.kind)
        return kind.in_words(kind.params_from_json(run.params))
    except InputError:
        return "Asked of another version of this software"


@st.fragment(run_every=LOOK_SECONDS)
def _watch(run_id: str, *, shows_best: bool) -> None:
    run = run_now(run_id)
    if run is None or not run.is_active:
        st.rerun()
    if shows_best and run.result_file and st.session_state.get(_SEEN) != run.result_file:
        st.session_state[_SEEN] = run.result_file
        st.rerun()
    label = RUN_KINDS[run.kind].label
    if run.status == "waiting":
        if not list_workers(current_store()):  # the one that was to take it is gone
            require_worker(current_store(), run)
        before = n_before(current_store(), run)
        turn = f"waits for {words.plural(before, 'other run')} to end" if before else "starting"
        st.progress(0.0, text=f"{label}: {turn}")
    else:
        late = ""
        if not run.doing and time.time() - run.started > LONG_START_SECONDS:
            late = "; the first on a computer takes half a minute to prepare"
        doing = f"{run.doing} ({run.done:,} of {run.total:,})" if run.doing else f"starting{late}"
        share = min(run.done / run.total, 1.0) if run.total else 0.0
        st.progress(share, text=f"{label}: {doing}, {_elapsed(run)}")
    st.button(
        "Cancel",
        key=f"cancel_{run_id}",
        disabled=run.wants_cancel,
        on_click=ask_to_cancel,
        args=(current_store(), run_id),
    )


def _open_alone(kind_id: str, run_id: str) -> None:
    """Open a run as its bare link would: with its own settings, not those now in the address."""
    st.query_params.clear()
    open_run(kind_id, run_id)


def _start_again(run_id: str) -> None:
    store = current_store()
    require_worker(store, start_again(store, run_id))


def _is_readable(run: Run) -> bool:
    """Whether what was found before is still there, whole and of this version of the software."""
    try:
        run_result(run)
    except InputError:
        return False
    return True


def run_now(run_id: str) -> Run | None:
    """A run as it stands at this moment; None when it is not kept."""
    if not run_id:
        return None
    try:
        return get_run(current_store(), run_id)
    except InputError:
        return None


def _elapsed(run: Run) -> str:
    until = run.ended or (time.time() if run.is_active else run.heartbeat)
    seconds = round(max(until - run.started, 0.0))
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s"


def _when(run: Run) -> str:
    at = datetime.fromtimestamp(run.created)
    day = "today" if at.date() == datetime.now().date() else f"{at.day} {at:%B %Y}"
    return f"{day} at {at:%H:%M}"
