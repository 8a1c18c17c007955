"""What an option is held to on the Test page: the band beside it, the rest behind More."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from neighbourhoods.generate import usable_indicators
from neighbourhoods.option import FootprintOption
from neighbourhoods.study import Study
from pages.components.option_title import option_title

FIRST_NEED = ("imd", "bad_health", "income_dep")
BAND = 10


def ask(study: Study, geography: str, saved: Mapping[str, FootprintOption]) -> None:
    """Draw the controls; `testing.params_now` reads them."""
    st.slider("Within, per cent of the target", 1, 50, BAND, key="test_band", persist_state="session")
    usable = usable_indicators(study, geography)
    st.session_state.setdefault("test_need", [one for one in FIRST_NEED if one in usable][:1])
    st.session_state["test_need"] = [one for one in st.session_state["test_need"] if one in usable]
    with st.expander("More: target, wishes, partners, what people move from"):
        st.toggle(
            "A target of my own, in place of an equal share", key="test_use_target", persist_state="session"
        )
        st.number_input(
            "Target people in each",
            500,
            500_000,
            study.target_population,
            1_000,
            key="test_target",
            persist_state="session",
        )
        st.slider("Wish: even populations", 0, 5, 1, key="test_wish_balance", persist_state="session")
        st.slider(
            "Wish: compact, little border", 0, 5, 1, key="test_wish_compactness", persist_state="session"
        )
        st.multiselect(
            "Need index made of",
            usable,
            key="test_need",
            format_func=lambda i: study.catalogue[i].label,
            persist_state="session",
        )
        st.segmented_control(
            "Wish: neighbourhoods in need",
            ["alike", "distinct"],
            key="test_in_need",
            format_func={"alike": "Alike", "distinct": "Distinct"}.get,
            disabled=not st.session_state["test_need"],
            persist_state="session",
        )
        st.session_state.setdefault("test_as_now", _pinned(study, saved))
        st.selectbox(
            "Option people would move from",
            list(saved),
            index=None,
            key="test_as_now",
            placeholder="None" if saved else "None is saved yet",
            format_func=lambda i: option_title(study, saved[i]),
            persist_state="session",
        )
        if st.session_state["test_as_now"] in saved:
            st.slider("Wish: few people move", 0, 5, 0, key="test_wish_as_now", persist_state="session")
        sets = study.partner_sets()
        st.session_state["test_partners"] = [
            i for i in st.session_state.get("test_partners", []) if i in sets
        ]
        st.multiselect(
            "Partners' areas to lay it over",
            list(sets),
            key="test_partners",
            format_func=sets.get,
            placeholder="None",
            help="Areas of a partner (added on the Data page), or a saved option taken as such.",
            persist_state="session",
        )
        if st.session_state["test_partners"]:
            st.slider(
                "Wish: in line with the first partner",
                0,
                5,
                0,
                key="test_wish_partners",
                persist_state="session",
            )
        if study.has_sites:
            st.slider(
                "Wish: even populations later", 0, 5, 0, key="test_wish_future", persist_state="session"
            )
        st.toggle(
            "Minutes between residents",
            key="test_travel",
            help="Straight line x 1.3 at walking speed: an estimate.",
            persist_state="session",
        )


def _pinned(study: Study, saved: Mapping[str, FootprintOption]) -> str | None:
    """The option that is as now, where it leaves no area out."""
    now = saved.get(study.as_now_id)
    return now.id if now is not None and not study.evaluate(now).option["n_unassigned"] else None
