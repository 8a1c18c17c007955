"""Draw: put areas into footprints by clicking or from a list, see what is broken, save as an option."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.option import STATUSES
from neighbourhoods.option_library import save_option
from neighbourhoods.study import RESIDENTS
from pages.components import words
from pages.components.area_map import area_map
from pages.components.draw_panels import (
    edit_footprints,
    files_and_settings,
    place_from_list,
    saved_options_list,
)
from pages.components.drawing import (
    ACTIVE_KEY,
    TAKE_OUT,
    apply_event,
    begin,
    change,
    draft_map_state,
    draft_now,
    zoom_to,
)
from pages.components.loaders import current_study, geometry_url
from pages.components.shell import page_link, sample_notice
from pages.components.state import keep_setting

study = current_study()
if not study.geographies:
    st.title("Nothing to draw on yet")
    st.info("Import a boundary file of your wards or LSOAs to begin.")
    page_link("data", "Import files")
    st.stop()

draft = draft_now(study)
areas = study.areas(draft.geography)
record = geography_record(draft.geography)
target = float(keep_setting("target", study.target_population))
tolerance = keep_setting("tolerance", 10) / 100
drawn = draft.to_option(draft.name or "Drawing")
evaluation = study.evaluate(drawn, target, tolerance)
measures = evaluation.footprints.set_index("footprint_id")
by_footprint = measures.to_dict("index")


def deviation_words(footprint_id: str) -> str:
    """ "+4.2%"; empty for a footprint without areas."""
    deviation = by_footprint.get(footprint_id, {}).get("deviation_from_target", float("nan"))
    return "" if pd.isna(deviation) else f"{deviation:+.1%}"


def finding() -> str:
    """What the drawing comes to, in words."""
    n_left = len(draft.unassigned)
    n_used = len(measures)
    if n_left == len(areas):
        return f"Click {record.plural} into neighbourhoods"
    so_far = words.plural(n_used, "footprint")
    if n_left:
        return f"{so_far}; {words.plural(n_left, record.label, record.plural)} still to place"
    if not evaluation.violations:
        return f"{so_far}, nothing is broken"
    return f"{so_far}; {words.plural(len(evaluation.violations), 'thing')} to look at"


st.title(finding())
st.caption(
    f"{words.plural(len(areas), record.label, record.plural)} of {study.authority_name}. Target "
    f"{target:,.0f} people in each footprint, give or take {tolerance:.0%}. Choose a footprint, then click; "
    "hold Shift and drag to brush."
)
sample_notice()

picture, panel = st.columns([5, 4], gap="medium")

with panel:
    st.pills(
        "Place areas in",
        [*draft.footprint_ids, TAKE_OUT],
        key=ACTIVE_KEY,
        required=True,
        wrap=True,
        format_func=lambda i: draft.state.names.get(i, "Take out"),
    )
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", on_click=change, args=(lambda d: d.undo(),), disabled=not draft.can_undo)
        st.button("Redo", on_click=change, args=(lambda d: d.redo(),), disabled=not draft.can_redo)
        st.button("Add footprint", on_click=change, args=(lambda d: d.add_footprint(),))
        with st.popover("Save option", type="primary"):
            name = st.text_input("Name", value=draft.name, key=f"save_name_{draft.parent_id}")
            author = st.text_input("Who made it", key="save_author")
            rationale = st.text_area("Why these boundaries", key="save_rationale", height=90)
            status = st.selectbox("Status", STATUSES, key="save_status")
            if st.button("Save", type="primary", key="save_now"):
                try:
                    option = draft.to_option(name.strip(), author=author, rationale=rationale)
                    saved = save_option(study.store, option.with_changes(status=status))
                except InputError as fault:
                    st.error(str(fault))
                else:
                    begin(draft.saved_as(saved), saved.id)
                    st.session_state["said"] = f"Saved as {saved.name}."
                    st.rerun()
    if draft.is_changed:
        st.button("Discard changes", type="tertiary", on_click=change, args=(lambda d: d.discard(),))
    if draft.message:
        st.info(draft.message, icon=":material/info:")
    if said := st.session_state.pop("said", ""):
        st.success(said, icon=":material/check:")
    table = pd.DataFrame(
        [
            {
                "Footprint": draft.state.names[one] + (" (locked)" if one in draft.state.locked else ""),
                "People": by_footprint.get(one, {}).get("population", 0.0),
                "From target": deviation_words(one),
                "Areas": by_footprint.get(one, {}).get("n_areas", 0),
                "One piece": {True: "yes", False: "no"}.get(by_footprint.get(one, {}).get("contiguous"), ""),
            }
            for one in draft.footprint_ids
        ]
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(38 + 35 * len(table), 260),
        alt="Population and state of each footprint",
        column_config={
            "People": st.column_config.NumberColumn(format="localized"),
        },
    )
    broken = [v for v in evaluation.violations if v.kind != "unassigned"]
    if broken:
        st.markdown(f"**{words.plural(len(broken), 'thing')} to look at**")
    for number, violation in enumerate(broken[:6]):
        line, button = st.columns([4, 1], vertical_alignment="center")
        line.markdown(words.plain(violation.message))
        if violation.area_codes:
            button.button(
                "Zoom",
                key=f"zoom_{number}",
                help=f"Zoom to: {violation.message}",
                on_click=zoom_to,
                args=(violation.area_codes,),
            )
    if len(broken) > 6:
        st.caption(f"and {len(broken) - 6} more")

with picture:
    area_map(
        geometry_url(draft.geography),
        draft_map_state(study, draft),
        key=f"draw_{draft.geography}",
        height=480,
        label=f"Map of {study.authority_name}'s {record.plural} to place in footprints",
        on_event=apply_event,
    )
    st.caption(
        f"In words: {words.plural(len(measures), 'footprint')} hold "
        f"{words.number(float(measures['population'].sum()))} people; "
        f"{words.plural(len(draft.unassigned), record.label, record.plural)} in none."
    )

by_list, edit, library, files = st.tabs(
    ["Place areas from a list", "Edit footprints", "Saved options", "Files and settings"],
    key="draw_tabs",
    on_change="rerun",
)
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
st.caption(study.source_sentence([RESIDENTS], draft.geography))
