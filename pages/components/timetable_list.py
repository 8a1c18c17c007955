"""The bus timetables that are loaded, each with the button that takes it out."""

from __future__ import annotations

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.study.study import Study
from neighbourhoods.travel.timetable import days_words, remove_feed, timetable_feeds
from pages.components import words

FAULT = "timetable_fault"


def timetable_list(study: Study) -> None:
    """Name, day and button of every feed; nothing where none is loaded."""
    if fault := st.session_state.pop(FAULT, ""):
        st.error(fault, icon=":material/error:")
    for feed in timetable_feeds(study):
        name = words.plain(feed.file_name)
        st.markdown(f"Bus timetable: {name}, {days_words(feed.date)}.")
        st.button(f"Remove {name}", key=f"timetable_{feed.id}", on_click=_remove, args=(study, feed.id))


def _remove(study: Study, feed_id: str) -> None:
    try:
        remove_feed(study, feed_id)
    except InputError as fault:  # somebody else has just removed it
        st.session_state[FAULT] = str(fault)
