"""What a page remembers: keys, their defaults, and the address that restores them.

A page may be opened by a link before any other has run, so nothing here relies on values that
another page has set. Widgets that belong in the address are bound to it by their key.
"""

from __future__ import annotations

import streamlit as st

from neighbourhoods.draft import Draft
from neighbourhoods.study import Study
from pages.components.words import plain

OPTION_KEY = "option"
DRAFT_KEY = "draft_in_hand"


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
    for option in study.options():
        if option.id == option_id:
            return f"Option in hand: {plain(option.name)}, {option.status}, saved"
    return "No option in hand"
