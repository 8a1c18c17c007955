"""When community groups can hire the bus, and what an hour of it costs."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.icalendar_export import to_icalendar_bytes
from neighbourhoods.outreach.booking import booking_events, bookings_json, standing_bookings
from neighbourhoods.outreach.case import business_case
from neighbourhoods.outreach.export import calendar_stamp
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachPlan
from neighbourhoods.outreach.slot import (
    HireCost,
    HireTerms,
    hire_cost,
    hire_slots,
    length_words,
    slot_events,
    slots_json,
)
from neighbourhoods.outreach.timetable_week import clock, week_words
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.outreach_booking import booking_form, show_bookings
from pages.components.outreach_case_tab import assumption_lines, case_values, money
from pages.components.outreach_download import running_now
from pages.components.shown_table import shown_table

DRIVERS = {
    False: "The driver of the day, for what the rounds leave of the shift",
    True: "Another driver, for up to a shift",
}
HOURS = [clock(minute) for minute in range(6 * 60, 24 * 60, 30)]


@st.fragment
def show_hire(
    study: Study, plan: OutreachPlan, notes: Sequence[str], *, plan_id: str, is_edited: bool
) -> None:
    """The hours in which the bus may be hired, the slots and their bookings, and what a hire hour costs.

    Parameters
    ----------
    plan_id : str
        Names the saved plan or the run that is in view; bookings are kept under it.
    is_edited : bool
        Whether changes by hand are not saved: then nothing can be booked, for they may yet be taken back.
    """
    state = st.session_state
    state.setdefault("outreach_hire_days", [0, 1, 2, 3, 4, 5])
    state.setdefault("outreach_hire_from", "08:00")
    state.setdefault("outreach_hire_until", "22:00")
    first, second, third, fourth = st.columns([3, 1, 1, 1], gap="small")
    days = first.multiselect(
        "Days of hire", range(7), key="outreach_hire_days", format_func=lambda day: DAY_NAMES[day][:3]
    )
    start = second.selectbox("Hire from", HOURS, key="outreach_hire_from")
    end = third.selectbox("Hire until", HOURS, key="outreach_hire_until")
    least = fourth.number_input("Shortest hire, hours", 0.5, 8.0, 2.0, step=0.5, key="outreach_hire_least")
    is_other = st.selectbox(
        "Driver",
        list(DRIVERS),
        key="outreach_hire_driver",
        format_func=DRIVERS.get,
        help="A shift lasts as long as is asked of the rounds.",
    )
    try:
        terms = HireTerms(
            tuple(sorted(days)),
            _minute(start),
            _minute(end),
            round(60 * float(least)),
            is_other_driver=bool(is_other),
        )
        values = case_values()
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    bookings = standing_bookings(study.store, study.authority_code, plan_id)
    slots = hire_slots(plan, terms, bookings)
    cost = hire_cost(business_case(plan, values), values)
    st.markdown(f"**{hire_words(plan, slots, cost)}**")
    st.caption(
        f"{terms.turn_minutes} minutes are kept between a round and a hire. A shift lasts "
        f"{plan.params.shift_minutes / 60:g} hours. Hours that are booked are not among the slots; "
        "those booked for one date only are, for they are free on all others."
    )
    running = running_now(study)
    lines = [*notes, *assumption_lines(values)]
    if not slots.empty:
        shown_table(slot_table(plan, slots), "outreach_hire", "When the bus is free for hire, by day", lines)
        if is_edited:
            st.info("Save the plan as changed by hand before hours of it are booked.", icon=":material/info:")
        else:
            booking_form(study, plan, plan_id, terms, slots, running)
    show_bookings(study, plan, bookings, terms, lines)
    if slots.empty and not bookings:
        return
    events = [*slot_events(plan, terms, bookings, running), *booking_events(plan, bookings, running)]
    document = {**slots_json(plan, slots, cost), "bookings": bookings_json(plan, bookings), "notes": lines}
    name = f"Outreach bus for hire, {study.authority_name}"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Slots and bookings as a calendar",
            lambda: to_icalendar_bytes(events, name, calendar_stamp(running)),
            file_name="outreach_hire.ics",
            mime="text/calendar",
            key="outreach_hire_ics",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Slots and bookings as JSON",
            lambda: json.dumps(document, indent=1),
            file_name="outreach_hire.json",
            mime="application/json",
            key="outreach_hire_json",
            on_click="ignore",
            icon=":material/download:",
        )


def hire_words(plan: OutreachPlan, slots: pd.DataFrame, cost: HireCost) -> str:
    """How many slots there are, how long together, and what an hour costs, in two sentences."""
    if slots.empty:
        return "The bus is not free for as long as the shortest hire on any of these days."
    cycle = "a week" if plan.params.n_weeks == 1 else "a fortnight"
    longest = length_words(float(slots["minutes"].max()))
    said = f"{words.plural(len(slots), 'slot')} {cycle} for hire, the longest {longest}. "
    if pd.isna(cost.extra_gbp):
        return f"{said}What an hour costs is not known until every price of the business case is filled in."
    return (
        f"{said}An hour of hire costs the council about {money(cost.extra_gbp)} for driver and energy, "
        f"{money(cost.full_gbp)} with a share of the vehicle."
    )


def slot_table(plan: OutreachPlan, slots: pd.DataFrame) -> pd.DataFrame:
    """One row for each slot, as it is read."""
    return pd.DataFrame(
        {
            **(
                {"Week": [week_words(int(one), 2) for one in slots["week"]]}
                if plan.params.n_weeks > 1
                else {}
            ),
            "Day": [DAY_NAMES[int(one)] for one in slots["day"]],
            **({"Vehicle": slots["vehicle"] + 1} if plan.params.n_vehicles > 1 else {}),
            "From": slots["start_minute"].map(clock),
            "Until": slots["end_minute"].map(clock),
            "Longest hire": slots["minutes"].map(length_words),
            "Begins in the": slots["part"],
        }
    )


def _minute(hour: str) -> int:
    hours, minutes = hour.split(":")
    return int(hours) * 60 + int(minutes)
