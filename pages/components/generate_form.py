"""What a planner asks of a generation: five controls in the order of use, the rest behind More."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geodata.geography import geography as geography_record
from neighbourhoods.generation.generate import usable_indicators
from neighbourhoods.need.index import STANDARDISATIONS
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components.generating import GEOGRAPHY, forget_areas
from pages.components.option_title import option_titles
from pages.components.wish_preset import (
    ask_future,
    ask_nearness,
    ask_partner,
    choose_preset,
    set_first_weights,
)


def _is_whole(study: Study, option: FootprintOption | None) -> bool:
    return option is not None and not study.evaluate(option).option["n_unassigned"]


def ask(
    study: Study, geography: str, saved: Mapping[str, FootprintOption], offered: Sequence[str]
) -> tuple[FootprintOption | None, DeltaGenerator]:
    """Draw the controls; the option that people would move from, if one is chosen, and where to put a button.

    That is above what is behind More: what is found stands above the fold even where all of More was used.
    """
    names = study.areas(geography)["area_name"].to_dict()
    set_first_weights()
    if len(offered) > 1:
        st.selectbox(
            "Made of",
            offered,
            key=GEOGRAPHY,
            format_func=lambda g: (
                geography_record(g).plural.capitalize()
                if geography_record(g).plural.islower()
                else geography_record(g).plural
            ),
            on_change=forget_areas,
            help="Of wards every way is found. Of smaller areas a search finds the best it can and says how "
            "much better any other could be.",
        )
    left, right = st.columns(2, gap="small")
    left.number_input("Neighbourhoods", 2, 12, key="generate_n")
    right.slider("Within, per cent of the target", 1, 25, key="generate_band")
    choose_preset()
    left, right = st.columns(2, gap="small")
    left.slider("Wish: even populations", 0, 5, key="generate_wish_balance")
    right.slider("Wish: compact, little border", 0, 5, key="generate_wish_compactness")
    action = st.container()
    with st.expander("More"):
        st.toggle("A target of my own, in place of an equal share", key="generate_use_target")
        st.number_input(
            "Target people in each", 500, 500_000, study.target_population, 1_000, key="generate_target"
        )
        st.toggle("A range of numbers", key="generate_range", help="Uses the target above.")
        if st.session_state["generate_range"]:
            st.number_input("Most neighbourhoods", 2, 12, 5, key="generate_n_max")
        st.multiselect("Keep together", list(names), key="generate_together", format_func=names.get)
        st.multiselect("Keep apart", list(names), key="generate_apart", format_func=names.get)
        as_now_id = st.selectbox(
            "Option people would move from",
            list(saved),
            index=0 if _is_whole(study, saved.get(study.as_now_id)) else None,  # as now comes first
            key="generate_as_now",
            placeholder="None" if saved else "None is saved yet",
            format_func=option_titles(study, saved.values()).get,
        )
        as_now = saved.get(as_now_id or "")
        if as_now is not None:
            st.multiselect(
                "Lock footprints of it",
                as_now.footprint_ids,
                key="generate_locked",
                format_func=as_now.footprint_name,
            )
            st.slider("Wish: few people move", 0, 5, key="generate_wish_as_now")
        ask_partner(study)
        ask_future(study, geography)
        ask_nearness()
        st.slider("Wish: few neighbours parted", 0, 5, key="generate_wish_cut_edges")
        st.slider("Wish: rounded outlines", 0, 5, key="generate_wish_round")
        st.multiselect(
            "Need index made of",
            usable_indicators(study, geography),
            key="generate_need",
            format_func=lambda i: study.catalogue[i].label,
            help="An indicator of which more is better counts the other way round.",
        )
        st.segmented_control(
            "Indicators made comparable by",
            list(STANDARDISATIONS),
            key="generate_standardise",
            required=True,
            default="z",
            format_func={"z": "z-scores", "rank": "Ranks"}.get,
            help="; ".join(STANDARDISATIONS.values()) + ".",
        )
        st.segmented_control(
            "Wish: neighbourhoods in need",
            ["alike", "distinct"],
            key="generate_in_need",
            format_func={"alike": "Alike", "distinct": "Distinct"}.get,
            disabled=not st.session_state["generate_need"],
            help="By the need index.",
        )
        for one in st.session_state["generate_need"]:
            st.slider(
                f"Weight of {study.catalogue[one].label}", 0.5, 5.0, 1.0, 0.5, key=f"generate_weight_{one}"
            )
        st.toggle("A neighbourhood may lie inside another", key="generate_inside")
    return as_now, action
