"""Maps of the options in a row, moving together, hatched where areas change footprint."""

from __future__ import annotations

import streamlit as st

from geodata.geography import geography as geography_record
from pages.components import words
from pages.components.area_map import area_map
from pages.components.compare_choice import Compared
from pages.components.loaders import geometry_url
from pages.components.map_state import comparison_map_state, letter_words
from pages.components.shell import page_link

WIDE, NARROW = 380, 320  # pixels high, beside one other map or more


def show_maps(compared: Compared) -> None:
    """One map for each option, with a line of what differs."""
    first = compared.first
    columns = st.columns(len(compared.options), gap="small")
    for column, option in zip(columns, compared.options, strict=True):
        with column:
            title = compared.title(option)
            st.markdown(f"**{words.plain(title)}**")
            comparison = compared.comparisons.get(option.id)
            area_map(
                geometry_url(option.geography),
                comparison_map_state(compared.study, option, first, comparison),
                key=f"compare_{option.id}",
                height=WIDE if len(columns) <= 2 else NARROW,
                group="compare",
                label=f"Footprints of {title}"
                + ("" if comparison is None else f"; hatched where they differ from {compared.title(first)}"),
            )
            n_footprints = words.plural(len(option.footprint_ids), "footprint")
            said = (
                f"{n_footprints}. The others are compared with it."
                if comparison is None
                else f"{n_footprints}. Hatched: {words.number(comparison.people_who_move)} people in "
                f"{words.plural(comparison.n_areas_that_move, 'area')} change footprint. Made of "
                f"{geography_record(option.geography).plural}."
            )
            letters = letter_words([option.footprint_name(i) for i in option.footprint_ids])
            st.caption(words.plain(f"{said} {letters}".strip()))
            page_link("test", "Test this option", carrying={"option": option.id})
