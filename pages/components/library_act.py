"""What a person does to a saved version: look at it, give it a status, pin it, restore it.

Acts run before the page is drawn again and leave a word of what they did, or why not.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.option.library import pin_option, restore_version, set_option_status, unpin_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.version import OptionLine
from neighbourhoods.study.study import Study
from pages.components.dialog import typed

VERSION_KEY = "version"
RESTORING = "library_restoring"
STATUS, WHO, WHY = "library_status", "library_who", "library_why"
_SAID, _FAULT = "library_said", "library_fault"


def look_at(option_id: str) -> None:
    """Put one version on the map."""
    st.session_state[VERSION_KEY] = option_id
    st.session_state.pop(RESTORING, None)


def ask_to_restore(option_id: str) -> None:
    """Open the form for one version; an empty id closes it."""
    st.session_state[RESTORING] = option_id


def restore(study: Study, line: OptionLine, option_id: str) -> None:
    """Save a new version that is equal to this one, and look at it."""

    def act() -> str:
        new = restore_version(
            study.store,
            option_id,
            author=str(st.session_state.get("restore_who", "")),
            reason=str(st.session_state.get("restore_why", "")),
        )
        look_at(new.id)
        return (
            f"Version {len(line.versions) + 1} of {line.name} is saved. It is equal to version "
            f"{line.number(option_id)}; nothing was removed."
        )

    _do(act)


def change_status(study: Study, option: FootprintOption) -> None:
    """Give a version the status that was chosen, with who and why.

    Raises
    ------
    InputError
        Where it is not said who decided, and why.
    """
    status = typed(STATUS)
    set_option_status(study.store, option.id, status, typed(WHO), typed(WHY))
    st.session_state[_SAID] = f"{option.name} is {status}; who and why are recorded."


def pin(study: Study, option: FootprintOption) -> None:
    """Pin a version as now."""

    def act() -> str:
        pin_option(study.store, option.id)
        return f"{option.name} is pinned as now: it comes first wherever options are chosen."

    _do(act)


def unpin(study: Study) -> None:
    """Leave no option pinned."""

    def act() -> str:
        unpin_option(study.store)
        return "No option is pinned as now."

    _do(act)


def said() -> None:
    """Show what the last act did, or why it did not."""
    if done := st.session_state.pop(_SAID, ""):
        st.success(done, icon=":material/check:")
    if fault := st.session_state.pop(_FAULT, ""):
        st.error(fault, icon=":material/error:")


def _do(act: Callable[[], str]) -> None:
    try:
        st.session_state[_SAID] = act()
    except InputError as fault:
        st.session_state[_FAULT] = str(fault)
