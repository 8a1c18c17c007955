"""Draw: put areas into footprints by clicking or from a list, see what is broken, save as an option."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.export import to_csv_bytes
from geodata.geography import geography as geography_record
from geodata.map_export import to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes
from neighbourhoods.draft import draft_of, new_draft
from neighbourhoods.export import option_note
from neighbourhoods.option import STATUSES
from neighbourhoods.option_file import option_frame
from neighbourhoods.option_library import save_option, set_option_status
from neighbourhoods.study import RESIDENTS
from pages.components import words
from pages.components.area_map import area_map
from pages.components.drawing import (
    ACTIVE_KEY,
    TAKE_OUT,
    apply_event,
    begin,
    change,
    draft_map_state,
    draft_now,
    option_from_file,
    zoom_to,
)
from pages.components.fitting import fitting_words
from pages.components.loaders import current_study, geometry_url
from pages.components.shell import page_link, sample_notice

study = current_study()
if not study.geographies:
    st.title("Nothing to draw on yet")
    st.info("Import a boundary file of your wards or LSOAs to begin.")
    page_link("data", "Import files")
    st.stop()

draft = draft_now(study)
areas = study.areas(draft.geography)
record = geography_record(draft.geography)
target = float(st.session_state.setdefault("target", study.target_population))
tolerance = float(st.session_state.setdefault("tolerance", 10)) / 100
drawn = draft.to_option(draft.name or "Drawing")
evaluation = study.evaluate(drawn, target, tolerance)
measures = evaluation.footprints.set_index("footprint_id")


def deviation_words(footprint_id: str) -> str:
    """ "+4.2%"; empty for a footprint without areas."""
    deviation = float(measures["deviation_from_target"].get(footprint_id, float("nan")))
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
                "People": measures["population"].get(one, 0.0),
                "From target": deviation_words(one),
                "Areas": int(measures["n_areas"].get(one, 0)),
                "One piece": {True: "yes", False: "no"}.get(measures["contiguous"].get(one), ""),
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
    ["Place areas from a list", "Edit footprints", "Saved options", "Files and settings"]
)

with by_list:
    residents = areas["population"]

    def place_listed() -> None:
        """Place the areas that were chosen in the list."""
        codes = st.session_state["listed_areas"]
        into = st.session_state[ACTIVE_KEY]
        change(lambda d: d.assign(codes, into) if into else d.unassign(codes))
        st.session_state["listed_areas"] = []

    st.multiselect(
        f"Choose {record.plural}",
        list(areas.index),
        key="listed_areas",
        format_func=lambda c: (
            f"{areas.at[c, 'area_name']} "
            f"({draft.state.names.get(draft.assignment.get(c, ''), 'no footprint')})"
        ),
    )
    into = draft.state.names.get(st.session_state[ACTIVE_KEY], "")
    st.button(
        f"Place in {into}" if into else "Take out of their footprints",
        on_click=place_listed,
        disabled=not st.session_state["listed_areas"],
    )
    listing = pd.DataFrame(
        {
            "Area": areas["area_name"],
            "People": residents,
            "Footprint": [
                draft.state.names.get(draft.assignment.get(c, ""), "no footprint") for c in areas.index
            ],
        }
    )
    st.dataframe(
        listing.rename_axis("Code"),
        alt="Every area with its people and footprint",
        height=320,
        column_config={"People": st.column_config.NumberColumn(format="localized")},
    )

with edit:
    for one in draft.footprint_ids:
        title, colour, lock, remove = st.columns([4, 1, 1, 1], vertical_alignment="bottom")
        title.text_input(
            f"Name of {draft.state.names[one]}",
            value=draft.state.names[one],
            key=f"name_{one}_{draft.state.names[one]}",
            on_change=lambda i, k: change(lambda d: d.rename(i, st.session_state[k])),
            args=(one, f"name_{one}_{draft.state.names[one]}"),
        )
        colour.color_picker(
            f"Colour of {draft.state.names[one]}",
            value=draft.state.colours[one],
            key=f"colour_{one}_{draft.state.colours[one]}",
            on_change=lambda i, k: change(lambda d: d.recolour(i, st.session_state[k])),
            args=(one, f"colour_{one}_{draft.state.colours[one]}"),
            label_visibility="collapsed",
        )
        is_locked = one in draft.state.locked
        lock.button(
            "Unlock" if is_locked else "Lock",
            key=f"lock_{one}",
            help=f"{'Unlock' if is_locked else 'Lock'} {draft.state.names[one]}",
            on_click=change,
            args=(lambda d, i=one, on=not is_locked: d.lock(i, locked=on),),
        )
        remove.button(
            "Remove",
            key=f"remove_{one}",
            help=f"Remove {draft.state.names[one]}; its areas become free",
            on_click=change,
            args=(lambda d, i=one: d.remove_footprint(i),),
        )

with library:
    saved_options = study.options()
    if not saved_options:
        st.markdown("Saved options will be listed here. Draw one, then choose Save option.")
    for option in saved_options:
        about, state, opener = st.columns([4, 2, 1], vertical_alignment="center")
        about.markdown(
            f"**{words.plain(option.name)}**, {words.plural(len(option.footprint_ids), 'footprint')} of "
            f"{geography_record(option.geography).plural}, {option.created[:10]}"
            + (f", {words.plain(option.author)}" if option.author else "")
            + (f". {words.plain(option.rationale)}" if option.rationale else "")
        )
        state.selectbox(
            f"Status of {option.name}",
            STATUSES,
            index=STATUSES.index(option.status),
            key=f"status_{option.id}",
            on_change=lambda i: set_option_status(study.store, i, st.session_state[f"status_{i}"]),
            args=(option.id,),
            label_visibility="collapsed",
        )
        opener.button(
            "Open",
            key=f"open_{option.id}",
            help=f"Open {option.name}; an unsaved drawing is put away",
            on_click=lambda o: begin(draft_of(o, study.areas(o.geography).index), o.id),
            args=(option,),
            disabled=option.geography not in study.geographies,
        )

with files:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Begin again**")
        geography = st.selectbox(
            "Kind of area",
            study.geographies,
            format_func=lambda g: geography_record(g).plural,
            key="fit_to",
        )
        n_first = st.number_input("Footprints to begin with", 1, 40, 4, key="n_first")
        st.button(
            "Begin a new drawing",
            on_click=lambda: begin(new_draft(geography, study.areas(geography).index, int(n_first))),
        )
        st.number_input("Target people in each footprint", 500, 500_000, step=1_000, key="target")
        st.slider("Band around the target, per cent", 1, 50, key="tolerance")
        st.toggle("Street map behind", key="streets", help="Needs the internet; fetched from OpenStreetMap.")
    with right:
        st.markdown("**Open a file**")
        upload = st.file_uploader(
            "CSV with area codes and a footprint column, or polygons (GeoJSON, GeoPackage, zipped shapefile)",
            type=["csv", "geojson", "json", "gpkg", "zip"],
            key="option_file",
        )
        if st.button("Open this file", disabled=upload is None) and upload is not None:
            try:
                option, report = option_from_file(study, upload.name, upload.getvalue())
            except InputError as fault:
                st.error(str(fault), icon=":material/error:")
            else:
                begin(draft_of(option, study.areas(option.geography).index))
                st.session_state["said"] = (
                    fitting_words(report, areas) if report else f"Opened {upload.name}."
                )
                st.rerun()
        st.markdown("**Take it with you**")
        notes = [*study.source_lines(), option_note(drawn), f"Target {target:,.0f}, band {tolerance:.0%}."]
        file_name = (draft.name or "option").replace(" ", "_")
        with st.container(horizontal=True, gap="small"):
            for label, suffix, make in (
                ("CSV", "csv", lambda: to_csv_bytes(option_frame(drawn, areas), notes)),
                ("GeoJSON", "geojson", lambda: to_geojson_bytes(study.footprint_areas(drawn), notes)),
                ("GeoPackage", "gpkg", lambda: to_geopackage_bytes(study.footprint_areas(drawn), notes)),
                ("Shapefile", "zip", lambda: to_shapefile_zip_bytes(study.footprint_areas(drawn), notes)),
            ):
                st.download_button(
                    f"Option as {label}",
                    make,
                    file_name=f"{file_name}.{suffix}",
                    key=f"option_{suffix}",
                    on_click="ignore",
                    disabled=not len(measures),
                )
st.caption(study.source_sentence([RESIDENTS], draft.geography))
