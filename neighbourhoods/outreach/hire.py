"""Booking hours in which the bus is free: refused, in words, where they are not.

The mistake this prevents: a group that stands before an empty depot, for the bus was promised twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd

from geodata.booking_table import Rows, day_words, put_booking
from geodata.errors import InputError
from geodata.store import Store
from neighbourhoods.outreach.booking import Booking, booking_of, booking_words, standing_bookings
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachPlan
from neighbourhoods.outreach.slot import HireTerms, hire_slots, length_words
from neighbourhoods.outreach.timetable_week import clock

_CONTACT = re.compile(r"@|\d(?:[\s()-]*\d){8}")  # an e-mail address, or a telephone number of nine digits


def book_hire(
    store: Store, authority_code: str, plan: OutreachPlan, terms: HireTerms, booking: Booking
) -> str:
    """Record a booking; returns its id. The `id` and `created` of what is given are not looked at.

    Raises
    ------
    InputError
        Without a group's name, with a person's contact, or where the hours overlap a round or another
        booking, lie outside the free hours, or are shorter or longer than a hire may be; or for a date that
        is past, or lies on another day of the week.
    """
    if _CONTACT.search(booking.group) or _CONTACT.search(booking.note):
        raise InputError(
            "Leave out e-mail addresses and telephone numbers: only the name of a group is kept. "
            "Nothing was booked."
        )

    _require_date(booking)

    def require_free(rows: Rows) -> None:
        _require_free(plan, terms, booking, [booking_of(row) for row in rows])

    return put_booking(
        store,
        authority_code=authority_code,
        plan_id=booking.plan_id,
        week=booking.week,
        day=booking.day,
        vehicle=booking.vehicle,
        start_minute=booking.start_minute,
        end_minute=booking.end_minute,
        group_name=booking.group,
        note=booking.note,
        author=booking.author,
        on_date=booking.on_date,
        require_free=require_free,
    )


def carry_bookings(store: Store, authority_code: str, from_plan: str, to_plan: str) -> int:
    """Record the bookings of one plan for another too, as when it is saved; returns how many.

    None is left out because of a round of the other plan: `broken_bookings` names those.
    """
    found = standing_bookings(store, authority_code, from_plan)
    for one in found:
        put_booking(
            store,
            authority_code=authority_code,
            plan_id=to_plan,
            week=one.week,
            day=one.day,
            vehicle=one.vehicle,
            start_minute=one.start_minute,
            end_minute=one.end_minute,
            group_name=one.group,
            note=one.note,
            author=one.author,
            on_date=one.on_date,
        )
    return len(found)


def broken_bookings(
    plan: OutreachPlan, bookings: Sequence[Booking], terms: HireTerms
) -> list[tuple[Booking, str]]:
    """Bookings that a round of the plan as it now stands overlaps, each with that in words."""
    found = []
    for one in bookings:
        clash = _round_clash(plan, one, terms)
        if clash:
            found.append((one, f"{booking_words(plan, one)}, but {clash}."))
    return found


def _require_free(
    plan: OutreachPlan, terms: HireTerms, booking: Booking, standing: Sequence[Booking]
) -> None:
    clash = _round_clash(plan, booking, terms)
    if clash:
        raise InputError(f"These hours are not free: {clash}. Nothing was booked.")
    if booking.minutes < terms.least_minutes:
        raise InputError(f"The shortest hire is {length_words(terms.least_minutes)}; nothing was booked.")
    same = [one for one in standing if one.is_on(booking.week, booking.day, booking.vehicle)]
    for on in [booking.on_date] if booking.on_date else sorted({"", *(one.on_date for one in same)}):
        _require_slot(plan, terms, booking, hire_slots(plan, terms, same, on_date=on))


def _require_date(booking: Booking) -> None:
    """Do nothing where the one date of a booking, if it has one, is to come and lies on its day."""
    if not booking.on_date:
        return
    try:
        on = date.fromisoformat(booking.on_date)
    except ValueError as fault:
        raise InputError("A date is written YYYY-MM-DD; nothing was booked.") from fault
    if on < date.today():
        raise InputError(f"{day_words(booking.on_date)} is past; nothing was booked.")
    if on.weekday() != booking.day:
        raise InputError(
            f"{day_words(booking.on_date)} is a {DAY_NAMES[on.weekday()]}, not a {DAY_NAMES[booking.day]}; "
            "nothing was booked."
        )


def _require_slot(plan: OutreachPlan, terms: HireTerms, booking: Booking, slots: pd.DataFrame) -> None:
    for name in ("week", "day", "vehicle"):
        slots = slots[slots[name] == getattr(booking, name)]
    starts, ends = slots["start_minute"], slots["end_minute"]
    slots = slots[(starts <= booking.start_minute) & (booking.end_minute <= ends)]
    if slots.empty:
        raise InputError(
            f"{DAY_NAMES[booking.day]}, {clock(booking.start_minute)} to {clock(booking.end_minute)}, lies "
            "outside the slots for hire; nothing was booked. Choose hours within one slot."
        )
    longest = int(slots["minutes"].iloc[0])
    if booking.minutes > longest:
        raise InputError(
            f"The driver has {length_words(longest)} left on this day; nothing was booked. "
            "Choose a shorter hire, or another driver."
        )


def _round_clash(plan: OutreachPlan, booking: Booking, terms: HireTerms) -> str:
    """The round, with its turning round, that some of the hours lie in; empty for none."""
    for row in plan.rounds.to_dict("records"):
        if not booking.is_on(int(row["week"]), int(row["day"]), int(row["vehicle"])):
            continue
        leave, back = int(row["leave_minute"]), int(row["return_minute"])
        is_before = booking.end_minute <= leave - terms.turn_minutes
        if not is_before and booking.start_minute < back + terms.turn_minutes:
            return (
                f"the bus is on a round from {clock(leave)} to {clock(back)}, with "
                f"{length_words(terms.turn_minutes)} kept before and after"
            )
    return ""
