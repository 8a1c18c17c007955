"""Draw: put areas into footprints by clicking or from a list, see what is broken, save as an option."""

from __future__ import annotations

import streamlit as st

from geodata.geography import geography as geography_record
from neighbourhoods.study.study import RESIDENTS
from pages.components import words
from pages.components.area_links import area_links
from pages.components.area_map import area_map
from pages.components.draw_panel import draw_controls, faults, finding_words, footprint_table
from pages.components.draw_panels import (
    edit_footprints,
    files_and_settings,
    place_from_list,
    saved_options_list,
)
from pages.components.drawing import apply_event, draft_map_state, draft_now
from pages.components.loaders import current_study, geometry_url
from pages.components.partner_overlay import overlay_words
from pages.components.shell import page_link, sample_notice
from pages.components.state import draft_in_hand, keep_setting

SAID_CHANGED = "drawing_said_changed"
HOW_TO_DRAW = """
- **By mouse**: choose a footprint above, then click areas into it. Hold Shift and drag, or use the brush, to
  paint many. Choose "Take out" to free areas. Scroll to zoom once the map has been clicked.
- **By keyboard**: Tab to the map; arrow keys move from area to area and say its name; Enter places it; plus
  and minus zoom; Escape leaves. Or place areas from the list in the next tab.
- **What is broken** is listed beside the map as you go: people over or under the band, pieces that are apart,
  one footprint inside another. Choose one to zoom to it.
- **Save option** keeps the drawing for everybody who uses this workspace. Nothing saved is ever overwritten.
"""

study = current_study()
if not study.geographies:
    st.title("Nothing to draw on yet")
    st.info("Import a boundary file of your wards or LSOAs to begin.")
    page_link("data", "Import files")
    st.stop()


@st.fragment
def drawing() -> None:
    """All that follows a click; only this part of the page runs again."""
    draft = draft_now(study)
    areas = study.areas(draft.geography)
    record = geography_record(draft.geography)
    target = float(keep_setting("target", study.target_population))
    tolerance = keep_setting("tolerance", 10) / 100
    drawn = draft.to_option(draft.name or "Drawing")
    evaluation = study.evaluate(drawn, target, tolerance)

    st.title(finding_words(draft, evaluation, record))
    st.caption(
        f"{words.plural(len(areas), record.label, record.plural)} of {study.authority_name}. Target "
        f"{target:,.0f} people in each footprint, give or take {tolerance:.0%}. Choose a footprint, then "
        "click; hold Shift and drag to brush."
    )
    sample_notice()
    picture, panel = st.columns([5, 4], gap="medium")
    with panel:
        draw_controls(study, draft)
        footprint_table(draft, evaluation)
        faults(evaluation)
    with picture:
        area_map(
            geometry_url(draft.geography),
            draft_map_state(study, draft),
            key=f"draw_{draft.geography}",
            height=480,
            label=f"Map of {study.authority_name}'s {record.plural} to place in footprints",
            on_event=apply_event,
        )
        people = words.number(float(evaluation.footprints["population"].sum()))
        n_used = words.plural(len(evaluation.footprints), "footprint")
        n_left = words.plural(len(draft.unassigned), record.label, record.plural)
        st.caption(f"In words: {people} people in {n_used}; {n_left} in none.{overlay_words(study)}")
    area_links(study, draft.geography)

    how, by_list, edit, library, files = st.tabs(
        ["How to draw", "Place areas from a list", "Edit footprints", "Saved options", "Files and settings"],
        key="draw_tabs",
        on_change="rerun",
    )
    if how.open:
        with how:
            st.markdown(HOW_TO_DRAW)
    if by_list.open:
        with by_list:
            place_from_list(study, draft)
    if edit.open:
        with edit:
            edit_footprints(draft)
    if library.open:
        with library:
            saved_options_list(study)
    if files.open:
        with files:
            files_and_settings(study, draft, drawn, f"Target {target:,.0f}, band {tolerance:.0%}.")
    if draft.is_changed != st.session_state.get(SAID_CHANGED, draft.is_changed):
        st.session_state[SAID_CHANGED] = draft.is_changed
        st.rerun()  # the bar on top says whether the drawing is saved
    st.session_state[SAID_CHANGED] = draft.is_changed
    for word in ("said", "fault"):  # shown now, and not lost to the run above that shows the bar anew
        st.session_state.pop(word, None)


drawing()
in_hand = draft_in_hand()
st.caption(study.source_sentence([RESIDENTS], in_hand.geography if in_hand else ""))
