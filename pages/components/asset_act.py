"""What a person does to the register on the Assets page; acts run before the page is drawn again.

They leave a word of what they did, or why not; when one is refused the boxes keep what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.register.edit import (
    add_place,
    edit_place,
    merge_places,
    redo_change,
    remove_place,
    tell_apart,
    undo_change,
)
from neighbourhoods.register.register import name_of
from neighbourhoods.study.study import Study
from pages.components.state import KEPT
from pages.components.words import plain

ASSET = "asset"
AUTHOR, REASON = "asset_author", "asset_reason"
SAID, FAULT = "asset_said", "asset_fault"
ADD_ROUND = "asset_add_round"


def author_box() -> None:
    """Who makes the changes; asked once and kept."""
    st.session_state.setdefault(AUTHOR, st.session_state.get(KEPT + AUTHOR, ""))
    st.text_input("Your name", key=AUTHOR, help="Kept with every change that you make.")
    st.session_state[KEPT + AUTHOR] = st.session_state[AUTHOR]


def said() -> None:
    """Show what the last act did, or why it did not."""
    if done := st.session_state.pop(SAID, ""):
        st.success(done, icon=":material/check:")
    if fault := st.session_state.pop(FAULT, ""):
        st.error(fault, icon=":material/error:")


def look_at(place_id: str) -> None:
    """Choose a place."""
    st.session_state[ASSET] = place_id


def save_edit(study: Study, place_id: str, keys: Mapping[str, str], reason_key: str) -> None:
    """Keep what the form says; `keys` gives the box of each field."""
    given = {name: st.session_state.get(key) for name, key in keys.items()}

    def act() -> str:
        edit_place(study, place_id, given, author=_author(), reason=_text(reason_key))
        return f"{plain(str(given.get('name') or name_of(study, place_id)))} is changed."

    _do(act)


def save_new(study: Study, keys: Mapping[str, str], reason_key: str) -> None:
    """Add a place and choose it; the form is empty then."""
    given = {
        name: value for name, key in keys.items() if (value := st.session_state.get(key)) not in (None, "")
    }

    def act() -> str:
        look_at(add_place(study, given, author=_author(), reason=_text(reason_key)))
        st.session_state[ADD_ROUND] = st.session_state.get(ADD_ROUND, 0) + 1
        return f"{plain(str(given['name']))} is added to the register."

    _do(act)


def take_out(study: Study, place_id: str) -> None:
    """Take a place out of the register."""

    def act() -> str:
        name = name_of(study, place_id)
        remove_place(study, place_id, author=_author(), reason=_text(REASON))
        return f"{plain(name)} is taken out. It is listed under Changes, from where it can be brought back."

    _do(act)


def undo(study: Study, place_id: str) -> None:
    """Take the last change of a place back."""

    def act() -> str:
        undo_change(study, place_id, author=_author(), reason=_text(REASON))
        return f"The last change of {plain(name_of(study, place_id))} is taken back."

    _do(act)


def redo(study: Study, place_id: str) -> None:
    """Do again what was taken back."""

    def act() -> str:
        redo_change(study, place_id, author=_author(), reason=_text(REASON))
        return f"What was taken back of {plain(name_of(study, place_id))} is done again."

    _do(act)


def merge(study: Study, kept_id: str, merged_id: str, choices: Mapping[str, tuple[str, object]]) -> None:
    """Make one place of two; `choices`: the box of each field that differs, and the second place's value."""
    chosen = {name: value for name, (key, value) in choices.items() if st.session_state.get(key) == merged_id}

    def act() -> str:
        merge_places(study, kept_id, merged_id, chosen, author=_author(), reason=_text(REASON))
        look_at(kept_id)
        return f"{plain(name_of(study, merged_id))} is merged into {plain(name_of(study, kept_id))}."

    _do(act)


def keep_apart(study: Study, first_id: str, second_id: str) -> None:
    """Say that two places are not the same."""

    def act() -> str:
        tell_apart(study, first_id, second_id, author=_author(), reason=_text(REASON))
        return f"{plain(name_of(study, first_id))} and {plain(name_of(study, second_id))} stay two places."

    _do(act)


def _author() -> str:
    return _text(AUTHOR)


def _text(key: str) -> str:
    return str(st.session_state.get(key) or "")


def _do(act: Callable[[], str]) -> None:
    try:
        st.session_state[SAID] = act()
    except InputError as fault:
        st.session_state[FAULT] = str(fault)
