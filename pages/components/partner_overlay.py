"""Lines of a partner's areas over the drawing: which set, kept while the visitor is on other pages."""

from __future__ import annotations

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map_state import Overlay
from pages.components.loaders import current_study, partner_overlay

KEY = "overlay_partner"


def choose_overlay(study: Study) -> None:
    """Which partner's lines to show on the map, if any."""
    sets = study.partner_sets()
    st.selectbox(
        "Lines of a partner",
        list(sets),
        index=None,
        key=KEY,
        placeholder="None" if sets else "None is loaded yet: add a set on the Data page",
        format_func=lambda one: sets.get(one, one),
        help="Drawn as dashed lines with names over the map. A saved option may be shown too.",
        persist_state="session",
    )


def overlay_in_hand(geography: str) -> Overlay | None:
    """The lines that were chosen; none when the set is gone or cannot be drawn."""
    study = current_study()
    chosen = st.session_state.get(KEY)
    if not chosen or chosen not in study.partner_sets():
        return None
    try:
        return partner_overlay(study.version, chosen, geography)
    except InputError as fault:
        st.session_state["fault"] = str(fault)
        return None


def overlay_words(study: Study) -> str:
    """What the dashed lines are, for those who read the map's caption."""
    chosen = st.session_state.get(KEY)
    name = study.partner_sets().get(chosen) if chosen else ""
    return f" Dashed: the lines of {words.plain(name)}." if name else ""
