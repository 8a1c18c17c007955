"""Files of the bus for calendars, navigators, maps and journey planners; made when they are clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import streamlit as st

from geodata.errors import InputError
from geodata.export import to_geojson_bytes
from geodata.gpx_export import to_gpx_bytes
from geodata.gtfs_export import to_gtfs_bytes
from geodata.icalendar_export import to_icalendar_bytes
from neighbourhoods.outreach.export import calendar_events, calendar_stamp, gpx_parts, outreach_features
from neighbourhoods.outreach.gtfs_feed import gtfs_tables
from neighbourhoods.outreach.line import driven_legs
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.running import MOST_DAYS, Running
from neighbourhoods.study.study import Study

OPERATOR, URL, FIRST, LAST = "outreach_operator", "outreach_url", "outreach_first", "outreach_last"
YEAR_DAYS = 364


def operator_now(study: Study) -> str:
    """Who runs the bus, as it was typed in; the authority where nothing was."""
    return str(st.session_state.get(OPERATOR, "")).strip() or study.authority_name


def running_now(study: Study) -> Running:
    """Who runs the bus and from when, as it was typed in; a year from next Monday where nothing was."""
    monday = next_monday()
    first, last = st.session_state.get(FIRST), st.session_state.get(LAST)
    if not isinstance(first, date) or not isinstance(last, date) or last < first:
        first, last = monday, monday + timedelta(days=YEAR_DAYS - 1)
    return Running(operator_now(study), "", first, min(last, first + timedelta(days=MOST_DAYS)))


def next_monday() -> date:
    """The first day of the next week."""
    today = date.today()
    return today + timedelta(days=-today.weekday() + 7)


def show_downloads(study: Study, plan: OutreachPlan, notes: Sequence[str]) -> None:
    """Who runs the bus and from when, then one button for each file."""
    monday = next_monday()
    st.session_state.setdefault(OPERATOR, study.authority_name)
    left, right = st.columns(2, gap="small")
    operator = left.text_input("Who runs the bus", key=OPERATOR, persist_state="session")
    url = right.text_input(
        "Web address", key=URL, placeholder="https://", help="Needed for GTFS.", persist_state="session"
    )
    first = left.date_input("First day", monday, key=FIRST, format="DD/MM/YYYY", persist_state="session")
    year_on = monday + timedelta(days=YEAR_DAYS - 1)
    last = right.date_input("Last day", year_on, key=LAST, format="DD/MM/YYYY", persist_state="session")
    st.caption("Bank holidays are not left out: say on the posters when the bus does not come.")
    try:
        running = Running(operator, url.strip(), first, last)
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    name = f"Outreach bus, {study.authority_name}"
    try:
        gtfs_tables(plan, running)
        why = ""
    except InputError as fault:
        why = str(fault)
    with st.container(horizontal=True, gap="small"):
        _button(
            "Calendar",
            lambda: to_icalendar_bytes(calendar_events(plan, running), name, calendar_stamp(running)),
            "outreach.ics",
            "text/calendar",
        )
        _button(
            "Routes as GPX",
            lambda: to_gpx_bytes(name, *gpx_parts(plan, driven_legs(study, plan)), notes),
            "outreach.gpx",
            "application/gpx+xml",
        )
        _button(
            "Map as GeoJSON",
            lambda: to_geojson_bytes(outreach_features(plan, driven_legs(study, plan)), notes),
            "outreach.geojson",
            "application/geo+json",
        )
        _button(
            "Timetable as GTFS",
            lambda: to_gtfs_bytes(gtfs_tables(plan, running, driven_legs(study, plan))),
            "outreach_gtfs.zip",
            "application/zip",
            is_off=bool(why),
        )
    if why:
        st.caption(why)
    st.caption(
        "The calendar repeats by the clock in London. GTFS says at every stop that nobody boards or "
        "alights, so that a journey planner shows the bus and sends nobody by it. Lines follow the streets "
        "where all are loaded; else they are straight."
    )


def _button(
    label: str, make: Callable[[], bytes], file_name: str, mime: str, *, is_off: bool = False
) -> None:
    st.download_button(
        label,
        make,
        file_name=file_name,
        mime=mime,
        key=file_name,
        on_click="ignore",
        icon=":material/download:",
        disabled=is_off,
    )
