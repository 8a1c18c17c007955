"""Booking free hours of the bus: boxes beside the slots, the bookings that stand, and cancelling one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from geodata.booking_table import cancel_booking, day_words
from geodata.errors import InputError
from neighbourhoods.outreach.booking import Booking, booking_words
from neighbourhoods.outreach.hire import book_hire, broken_bookings
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachPlan
from neighbourhoods.outreach.running import Running
from neighbourhoods.outreach.slot import HireTerms, length_words, slot_words
from neighbourhoods.outreach.timetable_week import clock, week_words
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.shown_table import shown_table

SLOT, GROUP, NOTE, AUTHOR = (f"outreach_book_{one}" for one in ("slot", "group", "note", "author"))
CANCEL = "outreach_book_cancel"
STEP_MINUTES = 15
_SAID = "outreach_book_said"


def booking_form(
    study: Study, plan: OutreachPlan, plan_id: str, terms: HireTerms, slots: pd.DataFrame, running: Running
) -> None:
    """Boxes for one booking: a slot, hours within it, how often, the group, and who records it."""
    rows = {
        f"{row['week']}.{row['day']}.{row['vehicle']}.{row['start_minute']}": row
        for row in slots.to_dict("records")
    }
    if st.session_state.get(SLOT) not in rows:
        st.session_state.pop(SLOT, None)
    with st.container(border=True):
        st.markdown("**Book**")
        left, start_box, end_box = st.columns([4, 1, 1], gap="small")
        chosen = left.selectbox(
            "Slot", list(rows), key=SLOT, format_func=lambda one: slot_words(plan, pd.Series(rows[one]))
        )
        slot = rows[chosen]
        first, last, longest = (int(slot[name]) for name in ("start_minute", "end_minute", "minutes"))
        starts = hour_steps(first, last - terms.least_minutes)
        start = start_box.selectbox(
            "From", starts, format_func=clock, key=f"outreach_book_from_{chosen}_{last}_{terms.least_minutes}"
        )
        ends = hour_steps(start + terms.least_minutes, min(last, start + longest))
        end = end_box.selectbox(
            "To", ends, format_func=clock, key=f"outreach_book_to_{chosen}_{start}_{ends[0]}_{ends[-1]}"
        )
        cycle = "week" if plan.params.n_weeks == 1 else "fortnight"
        days = running.dates_on(int(slot["week"]), int(slot["day"]), plan.params.n_weeks)
        dates = [one.isoformat() for one in days if one >= date.today()]
        when_box, group_box, note_box, author_box = st.columns(4, gap="small")
        on = when_box.selectbox(
            "When",
            ["", *dates],
            key=f"outreach_book_on_{slot['week']}_{slot['day']}",
            format_func=lambda one: f"{day_words(one)} only" if one else f"Every {cycle}",
        )
        group_box.text_input(
            "Group", key=GROUP, max_chars=120, help="The name of an organisation, not of a person."
        )
        note_box.text_input("Note (may be left empty)", key=NOTE, max_chars=200)
        author_box.text_input("Recorded by (may be left empty)", key=AUTHOR, persist_state="session")
        wanted = Booking(
            id="",
            plan_id=plan_id,
            week=int(slot["week"]),
            day=int(slot["day"]),
            vehicle=int(slot["vehicle"]),
            start_minute=start,
            end_minute=end,
            group="",
            on_date=on or "",
        )
        st.button("Book", key="outreach_book", on_click=_book, args=(study, plan, terms, wanted))
        st.caption(
            f"A booking holds every {cycle} until it is cancelled, or on one date. Of a group only its name "
            "is kept: no person's name, address or telephone number. Bookings belong to the plan in view. A "
            "plan that is saved from it takes them along; a new search begins without them."
        )


def show_bookings(
    study: Study,
    plan: OutreachPlan,
    bookings: Sequence[Booking],
    terms: HireTerms,
    notes: Sequence[str],
) -> None:
    """What was said last, bookings that a round now overlaps, the table of bookings, and cancelling one."""
    said, is_good = st.session_state.pop(_SAID, ("", True))
    if said:
        (st.success if is_good else st.error)(words.plain(said), icon=":material/info:")
    for _, broken in broken_bookings(plan, bookings, terms):
        st.warning(words.plain(broken), icon=":material/warning:")
    if not bookings:
        st.caption("Nothing is booked.")
        return
    st.markdown(f"**{words.plural(len(bookings), 'booking')}**")
    shown_table(booking_table(plan, bookings), "outreach_bookings", "Bookings of the bus, by day", notes)
    by_id = {one.id: one for one in bookings}
    if st.session_state.get(CANCEL) not in by_id:
        st.session_state.pop(CANCEL, None)
    chosen = st.selectbox(
        "Booking to cancel", list(by_id), key=CANCEL, format_func=lambda one: booking_words(plan, by_id[one])
    )
    st.button("Cancel booking", key="outreach_unbook", on_click=_cancel, args=(study, plan, by_id[chosen]))


def booking_table(plan: OutreachPlan, bookings: Sequence[Booking]) -> pd.DataFrame:
    """One row for each booking, as it is read."""
    cycle = "week" if plan.params.n_weeks == 1 else "fortnight"
    has_weeks, has_vehicles = plan.params.n_weeks > 1, plan.params.n_vehicles > 1
    return pd.DataFrame(
        [
            {
                **({"Week": week_words(one.week, plan.params.n_weeks)} if has_weeks else {}),
                "Day": DAY_NAMES[one.day],
                "Held": f"{day_words(one.on_date)} only" if one.on_date else f"Every {cycle}",
                **({"Vehicle": one.vehicle + 1} if has_vehicles else {}),
                "From": clock(one.start_minute),
                "Until": clock(one.end_minute),
                "Length": length_words(one.minutes),
                "Group": one.group,
                "Note": one.note,
                "Recorded by": one.author,
                "Recorded on": one.created[:10],
            }
            for one in bookings
        ]
    )


def hour_steps(first: int, last: int) -> list[int]:
    """Minutes that are offered: the first, every quarter of an hour after it, and the last."""
    quarters = range(-(-first // STEP_MINUTES) * STEP_MINUTES, last, STEP_MINUTES)
    return sorted({first, *quarters, last})


def _book(study: Study, plan: OutreachPlan, terms: HireTerms, wanted: Booking) -> None:
    group, note, author = (str(st.session_state.get(one, "")) for one in (GROUP, NOTE, AUTHOR))
    booking = replace(wanted, group=group, note=note, author=author)
    try:
        book_hire(study.store, study.authority_code, plan, terms, booking)
    except InputError as fault:
        st.session_state[_SAID] = (str(fault), False)
        return
    st.session_state[_SAID] = (f"Booked for {booking_words(plan, booking)}.", True)
    st.session_state[GROUP] = st.session_state[NOTE] = ""


def _cancel(study: Study, plan: OutreachPlan, booking: Booking) -> None:
    author = str(st.session_state.get(AUTHOR, ""))
    code = study.authority_code
    try:
        cancel_booking(study.store, booking.id, authority_code=code, plan_id=booking.plan_id, author=author)
    except InputError as fault:
        st.session_state[_SAID] = (str(fault), False)
        return
    st.session_state[_SAID] = (f"Cancelled: {booking_words(plan, booking)}.", True)
