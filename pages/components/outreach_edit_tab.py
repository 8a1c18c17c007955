"""The plan of the bus changed by hand, from boxes: everything that dragging on the map does, and more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.outreach import edit as acts
from neighbourhoods.outreach.edit import Edit
from neighbourhoods.outreach.own_stop import OWN_KIND, QUALITIES, with_own
from neighbourhoods.outreach.plan import DAY_NAMES
from neighbourhoods.outreach.stop import BUS_STOP, offered_places
from neighbourhoods.outreach.timetable_week import service_label, week_words
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.outreach_edit_state import InHand, do
from pages.components.outreach_edit_words import edit_words, stop_names, visit_titles
from pages.components.outreach_point import ACT, PIN_ACTS, PIN_X, PIN_Y, own_stop
from pages.components.shown_table import shown_table

ACTS = {
    acts.MOVE: "Move a visit to another place",
    acts.MOVE_STOP: "Move a stop with all its visits",
    acts.HOUR: "Fix the day and hour of a visit",
    acts.HOLD: "Hold a visit as it is",
    acts.SWAP: "Swap two days",
    acts.OUT: "Take a visit out",
    acts.ADD: "Add a visit",
    acts.POINT: "Set a point of your own",
    acts.WINDOW: "Say when one may stand at a stop",
    acts.FORBID_STOP: "Forbid a stop",
    acts.FORBID_DRIVE: "Forbid the drive between two stops",
    acts.FORBID_ROAD: "Forbid a road at a point",
}
ANSWER_WORDS = {"": "Not known", "yes": "Yes", "no": "No"}
N_NEAR = 15


def show_edit(study: Study, now: InHand, notes: Sequence[str]) -> None:
    """Boxes for one edit, then all that is broken and all that was done."""
    st.caption(
        "Stops can be dragged on the map: to a place within 150 metres, else to a point of their own. "
        "Rounds that a change leaves alone keep their hours. Nothing is refused: what breaks is said."
    )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        act = st.selectbox(
            "What to change", list(ACTS), key=ACT, format_func=ACTS.get, persist_state="session"
        )
    with right:
        try:
            edit = _asked(study, now, act)
        except InputError as fault:
            st.error(words.plain(str(fault)), icon=":material/error:")
            edit = None
    with left:
        st.button(
            "Change the plan",
            type="primary",
            key="outreach_change",
            disabled=edit is None,
            on_click=do,
            args=(study, now, edit),
        )
    if now.faults:
        shown_table(
            pd.DataFrame({"What is broken": [one.words for one in now.faults]}),
            "outreach_faults",
            "All that is broken in the plan as it stands",
            notes,
        )
    else:
        st.markdown("Nothing is broken in the plan as it stands.")
    if now.edits:
        shown_table(
            pd.DataFrame(
                {
                    "Number": range(1, len(now.edits) + 1),
                    "Change": [edit_words(now, one) for one in now.edits],
                }
            ),
            "outreach_changes",
            "Changes by hand, in the order in which they were made",
            notes,
        )


def _asked(study: Study, now: InHand, act: str) -> Edit | None:
    """The edit that the boxes ask for; None while something is missing."""
    visits, names = visit_titles(now.edited), stop_names(now)
    used = list(dict.fromkeys(one.stop_id for one in now.edited.visits))
    if act in (acts.MOVE, acts.HOUR, acts.HOLD, acts.OUT):
        visit = st.selectbox("Visit", list(visits), key="outreach_edit_visit", format_func=visits.get)
        if visit is None:
            return None
        one = now.edited.visit(visit)
        if act == acts.MOVE:
            to = _place_box(study, now, one.stop_id)
            return None if to is None else Edit(act, visit, to_id=to)
        if act == acts.HOUR:
            day, minute, vehicle = _hour_boxes(now, one.day, now.edited.arrive(visit), one.vehicle)
            return Edit(act, visit, day=day, minute=minute, vehicle=vehicle)
        return Edit(act, visit)
    if act in (acts.MOVE_STOP, acts.FORBID_STOP, acts.FORBID_DRIVE, acts.WINDOW):
        stop = st.selectbox("Stop", used, key="outreach_edit_stop", format_func=names.get)
        if stop is None:
            return None
        if act == acts.FORBID_STOP:
            return Edit(act, stop_id=stop)
        if act == acts.WINDOW:
            return _window_boxes(stop)
        if act == acts.FORBID_DRIVE:
            others = [one for one in used if one != stop]
            other = st.selectbox("And", others, key="outreach_edit_other", format_func=names.get)
            return None if other is None else Edit(act, stop_id=stop, to_id=other)
        to = _place_box(study, now, stop)
        return None if to is None else Edit(act, stop_id=stop, to_id=to)
    if act == acts.SWAP:
        one, other = st.columns(2, gap="small")
        first = one.selectbox("Day", range(7), key="outreach_edit_day", format_func=DAY_NAMES.__getitem__)
        second = other.selectbox(
            "With", range(7), index=1, key="outreach_edit_with", format_func=DAY_NAMES.__getitem__
        )
        return None if first == second else Edit(act, day=first, to_day=second)
    if act == acts.ADD:
        return _add_boxes(study, now)
    return _point_boxes(study, now, act)


def _add_boxes(study: Study, now: InHand) -> Edit | None:
    params = now.edited.params
    to = _place_box(study, now, "", "Stop")
    sessions = [one.id for one in params.sessions]
    session = sessions[0]
    if len(sessions) > 1:
        session = st.selectbox(
            "On board",
            sessions,
            key="outreach_edit_session",
            format_func=lambda one: service_label(params, one),
        )
    week = 0
    if params.n_weeks > 1:
        week = st.selectbox(
            "Week", range(2), key="outreach_edit_week", format_func=lambda one: week_words(one, 2)
        )
    first = next(one for one in params.sessions if one.id == session)
    day, minute, vehicle = _hour_boxes(now, first.days[0], -1, 0)
    if to is None:
        return None
    return Edit(acts.ADD, stop_id=to, session_id=session, week=week, day=day, minute=minute, vehicle=vehicle)


def _hour_boxes(now: InHand, day: int, minute: float, vehicle: int) -> tuple[int, int, int]:
    """Day, hour (empty: where it costs least to drive) and vehicle."""
    mark = f"{day}_{round(minute)}_{vehicle}"  # another visit brings its own hour
    left, middle, right = st.columns(3, gap="small")
    days = left.selectbox(
        "Day", range(7), index=day, key=f"outreach_edit_on_{mark}", format_func=DAY_NAMES.__getitem__
    )
    first = None if minute < 0 else time(*divmod(round(minute), 60))
    hour = middle.time_input(
        "Hour",
        first,
        key=f"outreach_edit_at_{mark}",
        step=300,
        help="When the visit begins. Empty: where it costs least to drive.",
    )
    n_vehicles = now.edited.params.n_vehicles
    bus = vehicle + 1
    if n_vehicles > 1:
        bus = right.number_input("Vehicle", 1, n_vehicles, vehicle + 1, key=f"outreach_edit_bus_{mark}")
    return int(days), -1 if hour is None else hour.hour * 60 + hour.minute, int(bus) - 1


def _window_boxes(stop: str) -> Edit | None:
    left, middle, right = st.columns(3, gap="small")
    day = left.selectbox(
        "On",
        range(-1, 7),
        key="outreach_edit_window_day",
        format_func=lambda one: "Every day" if one < 0 else DAY_NAMES[one],
    )
    opens = middle.time_input("From", time(9), key="outreach_edit_opens", step=900)
    closes = right.time_input("Until", time(17), key="outreach_edit_closes", step=900)
    if opens is None or closes is None:
        return None
    if closes <= opens:
        raise InputError("It must close after it opens.")
    return Edit(
        acts.WINDOW,
        stop_id=stop,
        day=int(day),
        minute=opens.hour * 60 + opens.minute,
        until=closes.hour * 60 + closes.minute,
    )


def _point_boxes(study: Study, now: InHand, act: str) -> Edit | None:
    """A point on the map: by a click on it, or by easting and northing."""
    assert act in PIN_ACTS
    st.caption("Click on the map, or give easting and northing in metres of the British National Grid.")
    left, right = st.columns(2, gap="small")
    st.session_state.setdefault(PIN_X, None)
    st.session_state.setdefault(PIN_Y, None)
    x = left.number_input("Easting", 0, 700_000, key=PIN_X, step=10)
    y = right.number_input("Northing", 0, 1_300_000, key=PIN_Y, step=10)
    answers = {}
    name = ""
    if act == acts.POINT:
        name = left.text_input("Name", key="outreach_point_name", max_chars=80)
        right.text_input("Who sets it", key="save_author", persist_state="session")
        columns = st.columns(len(QUALITIES), gap="small")
        for column, quality in zip(columns, QUALITIES.values(), strict=True):
            answers[quality.id] = column.selectbox(
                quality.label,
                list(ANSWER_WORDS),
                key=f"outreach_point_{quality.id}",
                format_func=ANSWER_WORDS.get,
            )
        answers["hours"] = st.text_input("Hours", key="outreach_point_hours", max_chars=120)
    if x is None or y is None:
        return None
    if act == acts.FORBID_ROAD:
        return Edit(act, x=float(x), y=float(y))
    own = own_stop(study, now.edited.params, x, y, name, answers)
    return Edit(act, own=own)


def _place_box(study: Study, now: InHand, stop_id: str, label: str = "To") -> str | None:
    """Where a visit may go: points, places of the kinds that were asked for, and what is nearest to it."""
    params = now.edited.params
    places = offered_places(study, params)
    every = with_own(study.places(), params.own_stops)
    ids = [str(one) for one in places.index[places["kind"] != BUS_STOP]]
    ids += [one.stop_id for one in now.edited.visits]
    if stop_id in every.index:
        at = every.geometry.loc[stop_id]
        metres = np.hypot(every.geometry.x.to_numpy() - at.x, every.geometry.y.to_numpy() - at.y)
        ids = [str(every.index[k]) for k in np.argsort(metres, kind="stable")[1 : N_NEAR + 1]] + ids
    offered = [one for one in dict.fromkeys(ids) if one in every.index and one != stop_id]
    points = set(every.index[every["kind"] == OWN_KIND])
    names = every["name"].astype(str)
    return st.selectbox(
        label,
        offered,
        key=f"outreach_edit_to_{stop_id}",
        format_func=lambda one: f"{names.loc[one]} (point set by hand)" if one in points else names.loc[one],
        help="The nearest places come first.",
    )
