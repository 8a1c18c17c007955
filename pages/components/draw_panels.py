"""The parts under the drawing: areas from a list, edit footprints, saved options, files and settings."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.export import to_csv_bytes
from geodata.geography import geography as geography_record
from geodata.map_export import to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes
from neighbourhoods.option.draft import Draft, draft_of, new_draft
from neighbourhoods.option.file import option_frame
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.export import option_note
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.drawing import ACTIVE_KEY, begin, change, option_from_file
from pages.components.fitting import fitting_words
from pages.components.option_title import option_titles
from pages.components.partner_overlay import choose_overlay
from pages.components.shell import page_link
from pages.components.state import DRAFT_KEY


def place_from_list(study: Study, draft: Draft) -> None:
    """Everything the map does to areas, without the map."""
    areas = study.areas(draft.geography)
    record = geography_record(draft.geography)
    footprints = [draft.state.names.get(draft.assignment.get(c, ""), "no footprint") for c in areas.index]
    named = {
        c: f"{name} ({footprint})"
        for c, name, footprint in zip(areas.index, areas["area_name"], footprints, strict=True)
    }

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
        format_func=named.__getitem__,
    )
    into = draft.state.names.get(st.session_state[ACTIVE_KEY], "")
    st.button(
        f"Place in {words.plain(into)}" if into else "Take out of their footprints",
        on_click=place_listed,
        disabled=not st.session_state["listed_areas"],
    )
    listing = pd.DataFrame(
        {
            "Area": areas["area_name"],
            "People": areas["population"],
            "Footprint": footprints,
        }
    )
    st.dataframe(
        listing.rename_axis("Code"),
        alt="Every area with its people and footprint",
        height=320,
        column_config={"People": st.column_config.NumberColumn(format="localized")},
    )


def edit_footprints(draft: Draft) -> None:
    """Names, colours, locks."""
    st.caption("Names are saved with the option; colours and locks help while you draw.")
    for one in draft.footprint_ids:
        title, colour, lock, remove = st.columns([4, 1, 1, 1], vertical_alignment="bottom")
        title.text_input(
            f"Name of {draft.state.names[one]}",
            value=draft.state.names[one],
            key=f"name_{one}_{draft.state.names[one]}",
            on_change=_rename,
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
            help=f"{'Unlock' if is_locked else 'Lock'} {words.plain(draft.state.names[one])}",
            on_click=change,
            args=(lambda d, i=one, on=not is_locked: d.lock(i, locked=on),),
        )
        remove.button(
            "Remove",
            key=f"remove_{one}",
            help=f"Remove {words.plain(draft.state.names[one])}; its areas become free",
            on_click=change,
            args=(lambda d, i=one: d.remove_footprint(i),),
        )


def _rename(footprint_id: str, key: str) -> None:
    """Take a name from its box; one that is refused leaves the box, for the footprint keeps its own."""
    change(lambda draft: draft.rename(footprint_id, st.session_state[key]))
    draft: Draft = st.session_state[DRAFT_KEY]
    if draft.message:
        st.session_state[key] = draft.state.names[footprint_id]


def saved_options_list(study: Study) -> None:
    """The saved options to open one; what became of each is on the page of options."""
    saved_options = study.options()
    if not saved_options:
        st.markdown("Saved options will be listed here. Draw one, then choose Save option.")
        return
    titles = option_titles(study, saved_options)
    page_link("options", "Versions, status, restore and as now are on the Options page")
    for option in saved_options:
        about, opener = st.columns([6, 1], vertical_alignment="center")
        about.markdown(
            f"**{words.plain(titles[option.id])}**, {option.status}, "
            f"{words.plural(len(option.footprint_ids), 'footprint')} of "
            f"{geography_record(option.geography).plural}, {option.created[:10]}"
            + (f", {words.plain(option.author)}" if option.author else "")
            + (f". {words.plain(option.rationale)}" if option.rationale else "")
        )
        opener.button(
            "Open",
            key=f"open_{option.id}",
            help=f"Open {words.plain(option.name)}; an unsaved drawing is put away and can be brought back",
            on_click=lambda o: begin(draft_of(o, study.areas(o.geography).index), o.id),
            args=(option,),
            disabled=option.geography not in study.geographies,
        )


def _open_file(study: Study) -> None:
    upload = st.session_state.get("option_file")
    if upload is None:
        return
    try:
        option, report = option_from_file(study, upload.name, upload.getvalue())
    except InputError as fault:
        st.session_state["fault"] = str(fault)
        return
    areas = study.areas(option.geography)
    begin(draft_of(option, areas.index))
    st.session_state["said"] = fitting_words(report, areas) if report else f"Opened {upload.name}."


def files_and_settings(study: Study, draft: Draft, drawn: FootprintOption, settings: str) -> None:
    """Begin again, open a file, take the drawing away.

    Parameters
    ----------
    settings : str
        Target and band, as a line inside exports.
    """
    areas = study.areas(draft.geography)
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
        st.number_input(
            "Target people in each footprint", 500, 500_000, step=1_000, key="target", persist_state="session"
        )
        st.slider("Band around the target, per cent", 1, 50, key="tolerance")
        st.toggle(
            "Street map behind",
            key="streets",
            help="Needs the internet; fetched from OpenStreetMap.",
            persist_state="session",
        )
        choose_overlay(study)
    with right:
        st.markdown("**Open a file**")
        upload = st.file_uploader(
            "CSV with area codes and a footprint column, or polygons (GeoJSON, GeoPackage, zipped shapefile)",
            type=["csv", "geojson", "json", "gpkg", "zip"],
            key="option_file",
        )
        st.button("Open this file", disabled=upload is None, on_click=_open_file, args=(study,))
        st.markdown("**Take it with you**")
        notes = [*study.source_lines(), option_note(drawn), settings]
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
                    disabled=not drawn.assignment,
                )
