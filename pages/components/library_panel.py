"""Beside the map: what the version in view is, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from geodata.geography import geography as geography_record
from neighbourhoods.option.option import STATUSES, FootprintOption
from neighbourhoods.option.version import OptionLine
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.date_words import moment
from pages.components.dialog import attempt, dialog_button
from pages.components.library_act import STATUS, WHO, WHY, change_status, pin, said, unpin
from pages.components.library_table import made_words, people_words
from pages.components.shell import entry


def show_panel(study: Study, line: OptionLine, version: FootprintOption) -> None:
    """Facts, rationale, status and pin."""
    number, as_now_id = line.number(version.id), study.as_now_id
    st.markdown(f"**{words.plain(version.name)}**, version {number} of {len(line.versions)}")
    by = f" by {words.plain(version.author)}" if version.author else ""
    st.markdown(
        f"{version.status.capitalize()}. Saved {moment(version.created)}{by}; made by: "
        f"{made_words(version)}. "
        f"{words.plural(len(version.footprint_ids), 'footprint')} of "
        f"{geography_record(version.geography).plural}, people: {people_words(study, version)}."
    )
    st.markdown(f"Why: {words.plain(version.rationale) or 'not said.'}")
    with st.container():  # holds its place, so that what stands below keeps the focus
        said()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        dialog_button("Change status", "library_status", version, lambda one: _status_form(study, one))
        if version.id == as_now_id:
            st.button(
                "Unpin", key="unpin", help="Leave no option pinned as now", on_click=unpin, args=(study,)
            )
        else:
            st.button("Pin as now", key="pin", on_click=pin, args=(study, version))
        if as_now_id and version.id != as_now_id and version.geography in study.geographies:
            st.page_link(
                entry("compare").script,
                label="Compare with as now",
                icon=entry("compare").icon,
                query_params={"options": f"{as_now_id},{version.id}"},
                width="content",
            )


def _status_form(study: Study, version: FootprintOption) -> None:
    others = [status for status in STATUSES if status != version.status]
    if st.session_state.get(STATUS) not in others:
        st.session_state[STATUS] = others[0]
    with st.form("library_status_form", border=False):
        st.selectbox("New status", others, key=STATUS)
        st.text_input("Who decided", key=WHO, persist_state="session")
        st.text_input("Why the status changes", key=WHY)
        st.form_submit_button(
            "Record status",
            key="library_record",
            type="primary",
            on_click=attempt,
            args=(lambda: change_status(study, version),),
        )
