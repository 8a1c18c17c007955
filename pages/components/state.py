"""What a page remembers: keys, their defaults, and the address that restores them.

A page may be opened by a link before any other has run, so nothing here relies on values that
another page has set. Widgets that belong in the address are bound to it by their key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from neighbourhoods.option.draft import Draft
from neighbourhoods.study.study import Study
from pages.components.option_title import option_title
from pages.components.words import plain

OPTION_KEY = "option"
DRAFT_KEY = "draft_in_hand"
KEPT = "kept_"
SEEN = "seen_"
CARRIED = {
    "explore": ("indicator", "layer", "area"),
    "profile": ("layer", "area"),
    "compare": ("options", "indicator"),
    "options": ("version",),
    "portraits": ("option",),
    "test": ("option",),
    "access": ("option", "area"),
    "assets": ("asset",),
    "scenarios": ("scenario",),
}
RUN_OF_PAGE = {"generate": "generate", "hubs": "hubs", "outreach": "outreach", "scenarios": "mix"}


def draft_in_hand() -> Draft | None:
    """The unsaved drawing of this visitor, if there is one."""
    draft: Draft | None = st.session_state.get(DRAFT_KEY)
    return draft


def option_in_hand_words(study: Study) -> str:
    """One phrase for the bar: name, status, saved or not."""
    draft = draft_in_hand()
    if draft is not None and draft.is_changed:
        return f"Option in hand: {plain(draft.name or 'new option')}, not saved"
    option_id = st.query_params.get(OPTION_KEY) or st.session_state.get("option_in_hand")
    if not option_id:
        return "No option in hand"
    option = study.find_option(option_id)
    if option is not None and option.id == option_id:
        return f"Option in hand: {plain(option_title(study, option))}, {option.status}, saved"
    return "No option in hand"


def recall(key: str, choices: Collection[str], default: str | None = None) -> None:
    """Before a widget: take its value from the address, else from the page that the visitor comes from.

    A value that is no longer among the choices falls back to the default, so that an old link never
    breaks a page.
    """
    if came_by_history():
        value = st.query_params.get(key)
    elif key in st.session_state:
        value = st.session_state[key]
    else:
        value = st.query_params.get(key) or st.session_state.get(KEPT + key)
    # set anew in any case: a widget of another page with this key has left its value but no claim to it
    st.session_state[key] = value if value in choices else default


def newly_linked(key: str) -> str:
    """What the address says under a key, when a link or the browser's Back has brought it; else nothing.

    A page that reads its choice here must call `wrote_address` after it has written the address itself.
    """
    here = st.query_params.get(key, "")
    is_new = here != st.session_state.get(SEEN + key, "")
    st.session_state[SEEN + key] = here
    return here if is_new else ""


def wrote_address(*keys: str) -> None:
    """Note what the address says now, so that it is not taken for a link."""
    for key in keys:
        st.session_state[SEEN + key] = st.query_params.get(key, "")


def carried(url_path: str) -> dict[str, str]:
    """What a link to another page takes along, so that arriving there is one step of Back."""
    found = {}
    for key in CARRIED.get(url_path, ()):
        value = st.query_params.get(key) or st.session_state.get(KEPT + key)
        if value:
            found[key] = str(value)
    if run_id := st.session_state.get(run_key(RUN_OF_PAGE.get(url_path, ""))):
        found["run"] = str(run_id)
    return found


def run_key(kind: str) -> str:
    """Where the last run of a kind that this visitor looked at is remembered."""
    return f"{KEPT}run_{kind}"


def came_by_history() -> bool:
    """Whether this run answers the browser's Back or Forward: then the address alone counts."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def keep_setting(key: str, default: int) -> int:
    """A number that a visitor set on this page, kept while its widget is out of sight."""
    value = int(st.session_state.get(key, st.session_state.get(KEPT + key, default)))
    st.session_state[key] = st.session_state[KEPT + key] = value
    return value


def remember(defaults: Mapping[str, str | None], beside: Mapping[str, str] | None = None) -> None:
    """After the widgets: write what differs from the defaults into the address, all at once.

    One change of the address is one step of the browser's Back; a default says nothing and is not written.

    Parameters
    ----------
    beside : Mapping of str to str, optional
        What is written too as soon as anything is: defaults that will be others on another day.
    """
    address = st.query_params.to_dict()
    wanted = dict(address)
    if came_by_history():
        return  # writing now would take the visitor forward again
    for key, default in defaults.items():
        value = st.session_state.get(key)
        st.session_state[KEPT + key] = value
        if value and (value != default or key in address):
            wanted[key] = value
        else:
            wanted.pop(key, None)
    extra = beside or {}
    if any(key in wanted for key in defaults):
        wanted = {**extra, **wanted}
    if wanted != address:
        st.query_params.from_dict(wanted)
    wrote_address(*defaults, *extra)
