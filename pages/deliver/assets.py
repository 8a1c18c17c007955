"""Assets: every place in one register, edited with its history; duplicates; needs beside assets by theme."""

from __future__ import annotations

import streamlit as st

from geodata.geography import geography as geography_record
from neighbourhoods.register.register import register_frame, register_source_lines
from pages.components import words
from pages.components.area_map import area_map
from pages.components.area_map_event import MapEvent
from pages.components.asset_act import ASSET, author_box, look_at, said
from pages.components.asset_change import show_changes
from pages.components.asset_form import add_form, edit_form, show_history
from pages.components.asset_method import METHOD
from pages.components.asset_need import Said, show_needs
from pages.components.asset_pair import show_pairs
from pages.components.asset_table import (
    UNKNOWN,
    AssetFilter,
    area_by_place,
    asset_map_state,
    coverage_words,
    filled_columns,
    filtered,
    finding_words,
    register_table,
)
from pages.components.download import map_downloads, table_downloads
from pages.components.loaders import current_study, duplicates_now, geometry_url
from pages.components.map_state import PLACE_KINDS
from pages.components.print_table import print_table
from pages.components.shell import page_link, sample_notice
from pages.components.state import KEPT, newly_linked, recall, remember

ROW, HEADER, MOST_HEIGHT = 35, 38, 300
ALL = ""

study = current_study()
frame = register_frame(study)
if frame.empty or not study.geographies:
    st.title("No places are in the register yet")
    st.caption("Every library, surgery, school, venue and other place, with what is known of it.")
    sample_notice()
    st.info("Import boundaries and a list of places to begin; a register of your own venues will do.")
    page_link("data", "Import files")
    st.stop()

headline = st.container()
said()

wanted = newly_linked(ASSET) or st.session_state.get(ASSET) or st.session_state.get(KEPT + ASSET)
st.session_state[ASSET] = wanted if wanted in frame.index else ""
sources = register_source_lines(study)
register_tab, need_tab, pair_tab, change_tab, method_tab = st.tabs(
    ["Register", "Needs and assets", "Duplicates", "Changes", "How this is worked out"],
    key="assets_tabs",
    on_change="rerun",
)
finding = Said(finding_words(study, frame), coverage_words(study, frame), sources)


def choose_on_map(event: MapEvent) -> None:
    """A place that was clicked is chosen; an area narrows the list to it."""
    if event.place is not None:
        look_at(event.place)
    elif event.selected is not None:
        st.session_state["asset_area"] = event.selected


def choose_row() -> None:
    """Choose the place whose row was chosen."""
    rows = st.session_state[table_key]["selection"]["rows"]
    if rows:
        look_at(str(table.index[rows[0]]))


def choose_place() -> None:
    """Choose the place that was chosen from the list."""
    look_at(st.session_state["asset_box"] or "")


if register_tab.open:
    geography = study.geographies[0]
    areas = study.outlines(geography)
    area_of = area_by_place(study, frame, geography)
    with register_tab:
        picture, controls = st.columns([5, 2], gap="medium")
    with controls:
        kinds = [k for k in PLACE_KINDS if (frame["kind"] == k).any()]
        recall("asset_kind", [ALL, *kinds], ALL)
        kind = st.selectbox(
            "Kind",
            [ALL, *kinds],
            key="asset_kind",
            format_func=lambda k: PLACE_KINDS[k].label if k else "All kinds",
        )
        statuses = sorted(frame["status"].unique())
        recall("asset_status", [ALL, *statuses], ALL)
        status = st.selectbox(
            "Status", [ALL, *statuses], key="asset_status", format_func=lambda s: s or "Every status"
        )
        recall("asset_area", [ALL, *areas.index], ALL)
        area = st.selectbox(
            geography_record(geography).label.capitalize(),
            [ALL, *areas.index],
            key="asset_area",
            format_func=lambda c: str(areas.loc[c, "area_name"]) if c else "All, or click the map",
        )
        with st.expander("More"):
            owners = sorted(set(frame["owner"]) - {""})
            owner = st.selectbox(
                "Owner",
                [ALL, *owners, UNKNOWN],
                key="asset_owner",
                format_func=lambda o: o or "Every owner",
            )
            text = st.text_input("Name or service", key="asset_text")
    shown = filtered(frame, AssetFilter(kind, status, owner, area, text), area_of)
    table = register_table(study, shown)
    with controls:
        titles = {
            str(i): f"{name}, {postcode}" if postcode else str(name)
            for i, name, postcode in zip(table.index, table["Place"], table["Postcode"], strict=True)
        }
        st.session_state["asset_box"] = st.session_state[ASSET] if st.session_state[ASSET] in titles else None
        st.selectbox(
            "Place",
            list(titles),
            key="asset_box",
            index=None,
            format_func=titles.get,
            placeholder="Choose, or click the map",
            on_change=choose_place,
        )
    remember({ASSET: "", "asset_kind": ALL, "asset_status": ALL, "asset_area": ALL})
    chosen = st.session_state[ASSET]
    with picture:
        area_map(
            geometry_url(geography),
            asset_map_state(study, geography, shown, picked=chosen, area=area),
            key=f"assets_{geography}",
            height=400,
            label=f"Map of {study.authority_name}: places of the register",
            on_event=choose_on_map,
        )
        st.caption(
            f"{words.plural(len(shown), 'place')} shown of {len(frame):,}. Click a place to change it, or an "
            "area to list the places in it."
        )
    with register_tab:
        table_key = f"asset_table_{hash(tuple(table.index))}"  # when rows change, none is chosen
        st.dataframe(
            table,
            hide_index=True,
            height=min(HEADER + ROW * max(len(table), 1), MOST_HEIGHT),
            key=table_key,
            column_order=filled_columns(table),
            on_select=choose_row,
            selection_mode="single-row",
            alt="The register of places; choose a row to change a place",
        )
        print_table(table[filled_columns(table)])
        if chosen:
            st.subheader(words.plain(str(frame.loc[chosen, "name"])))
            author_box()
            show_history(study, chosen)
            edit_form(study, chosen)
        with st.expander("Add a place", expanded=not chosen and frame.empty):
            if not chosen:
                author_box()
            add_form(study)
            page_link("data", "Import a list of places instead")
        table_downloads(table, "register", sources, key="register")
        map_downloads(lambda: shown.drop(columns="bus_stop_m"), "register", sources, key="register_map")

if need_tab.open:
    with need_tab:
        finding = show_needs(study)

if pair_tab.open:
    with pair_tab:
        show_pairs(study, duplicates_now(study.version), sources)

if change_tab.open:
    with change_tab:
        show_changes(study, sources)

with method_tab:
    st.markdown(METHOD)
with headline:
    st.title(finding.title)
    st.caption(finding.caption)
    sample_notice()
st.caption(" ".join(["Source:", *finding.sources]))
