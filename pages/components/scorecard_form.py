"""What an option is held to on the Test page: the band beside it, the rest behind More."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

import streamlit as st

from neighbourhoods.generation.generate import usable_indicators
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components.option_title import option_titles

FIRST_NEED = ("imd", "bad_health", "income_dep")
BAND = 10
SAMPLES = (1_000, 2_000, 10_000)


def ask(study: Study, geography: str, saved: Mapping[str, FootprintOption]) -> None:
    """Draw the controls; `testing.params_now` reads them."""
    st.slider("Within, per cent of the target", 1, 50, BAND, key="test_band", persist_state="session")
    usable = usable_indicators(study, geography)
    st.session_state.setdefault("test_need", [one for one in FIRST_NEED if one in usable][:1])
    st.session_state["test_need"] = [one for one in st.session_state["test_need"] if one in usable]
    with st.expander("More: target, wishes, partners, what people move from"):
        left, right = st.columns(2, gap="small")
        left.toggle(
            "A target of my own",
            key="test_use_target",
            help="In place of an equal share of the authority.",
            persist_state="session",
        )
        right.number_input(
            "Target people in each",
            500,
            500_000,
            study.target_population,
            1_000,
            key="test_target",
            disabled=not st.session_state.get("test_use_target"),
            persist_state="session",
        )
        st.session_state.setdefault("test_as_now", _pinned(study, saved))
        st.selectbox(
            "Option people would move from",
            list(saved),
            index=None,
            key="test_as_now",
            placeholder="None" if saved else "None is saved yet",
            format_func=option_titles(study, saved.values()).get,
            persist_state="session",
        )
        sets = study.partner_sets()
        chosen = st.session_state.get("test_partners", [])
        st.session_state["test_partners"] = [one for one in chosen if one in sets]
        st.multiselect(
            "Partners' areas to lay it over",
            list(sets),
            key="test_partners",
            format_func=sets.get,
            placeholder="None",
            help="Areas of a partner (added on the Data page), or a saved option taken as such.",
            persist_state="session",
        )
        st.multiselect(
            "Need index made of",
            usable,
            key="test_need",
            format_func=lambda i: study.catalogue[i].label,
            persist_state="session",
        )
        _wishes(study, saved)
        st.session_state.setdefault("test_sampled", SAMPLES[1])
        st.segmented_control(
            "Options to draw by chance where there are too many ways to go through all",
            SAMPLES,
            key="test_sampled",
            required=True,
            format_func="{:,}".format,
            help="More take longer and make narrower limits.",
            persist_state="session",
        )
        st.toggle(
            "Minutes between residents",
            key="test_travel",
            help="Straight line x 1.3 at walking speed: an estimate.",
            persist_state="session",
        )


def _wishes(study: Study, saved: Mapping[str, FootprintOption]) -> None:
    """Weights of the mix by which single moves are ranked and the headline chooses."""
    state = st.session_state
    offered = [("balance", "Wish: even populations", 1), ("compactness", "Wish: compact, little border", 1)]
    if state["test_as_now"] in saved:
        offered.append(("as_now", "Wish: few people move", 0))
    if state["test_partners"]:
        offered.append(("partners", "Wish: in line with the first partner", 0))
    if study.has_sites:
        offered.append(("future", "Wish: even populations later", 0))
    for column, (wish_id, label, first) in zip(cycle(st.columns(2, gap="small")), offered, strict=False):
        column.slider(label, 0, 5, first, key=f"test_wish_{wish_id}", persist_state="session")
    st.segmented_control(
        "Wish: neighbourhoods in need",
        ["alike", "distinct"],
        key="test_in_need",
        format_func={"alike": "Alike", "distinct": "Distinct"}.get,
        disabled=not state["test_need"],
        persist_state="session",
    )


def _pinned(study: Study, saved: Mapping[str, FootprintOption]) -> str | None:
    """The option that is as now, where it leaves no area out."""
    now = saved.get(study.as_now_id)
    return now.id if now is not None and not study.evaluate(now).option["n_unassigned"] else None
