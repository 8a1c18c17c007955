"""A booking of the bus by a group: the same hours each week of the cycle until it is cancelled, or one date.

A group's name is kept, and nothing of any person: whoever takes bookings keeps contacts elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from geodata.booking_table import day_words, list_booking_rows, standing_rows
from geodata.icalendar_export import CalendarEvent
from geodata.store import Store
from neighbourhoods.outreach.line_degree import stop_degrees
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachPlan
from neighbourhoods.outreach.running import Running
from neighbourhoods.outreach.timetable_week import clock, week_words


@dataclass(frozen=True)
class Booking:
    """Hours that a group has.

    Parameters
    ----------
    id : str
        Empty until it is recorded.
    plan_id : str
        Of the saved plan or the run whose free hours are booked.
    week, day, vehicle : int
        Week of the cycle from 0, 0 for Monday, vehicle from 0.
    start_minute, end_minute : int
        After midnight; the vehicle leaves the depot no sooner and is back no later.
    group : str
        Name of an organisation.
    note, author, created : str
        Author: who recorded it; created in UTC.
    on_date : str
        The one date on which it holds (ISO), a `day` of the `week`; empty where it comes again.
    """

    id: str
    plan_id: str
    week: int
    day: int
    vehicle: int
    start_minute: int
    end_minute: int
    group: str
    note: str = ""
    author: str = ""
    created: str = ""
    on_date: str = ""

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return self.end_minute - self.start_minute

    def is_on(self, week: int, day: int, vehicle: int) -> bool:
        """Whether it takes a vehicle on a day of a week, on one date at least."""
        return (self.week, self.day, self.vehicle) == (week, day, vehicle)


def booking_of(row: Mapping[str, Any]) -> Booking:
    """A recorded row, keys as of `geodata.booking_table.BOOKING_FIELDS`, as a booking."""
    return Booking(
        id=str(row["id"]),
        plan_id=str(row["plan_id"]),
        week=int(row["week"]),
        day=int(row["day"]),
        vehicle=int(row["vehicle"]),
        start_minute=int(row["start_minute"]),
        end_minute=int(row["end_minute"]),
        group=str(row["group_name"]),
        note=str(row["note"]),
        author=str(row["author"]),
        created=str(row["created"]),
        on_date=str(row["on_date"]),
    )


def standing_bookings(store: Store, authority_code: str, plan_id: str) -> tuple[Booking, ...]:
    """Bookings of a plan that nobody has cancelled, in the order of the week."""
    found = [booking_of(row) for row in standing_rows(list_booking_rows(store, authority_code, plan_id))]
    return tuple(
        sorted(found, key=lambda one: (one.week, one.day, one.on_date, one.start_minute, one.vehicle))
    )


def bookings_on(bookings: Sequence[Booking], on_date: str) -> list[Booking]:
    """Those that come again, and those of one date (ISO); without a date those that come again alone."""
    return [one for one in bookings if one.on_date in ("", on_date)]


def booking_words(plan: OutreachPlan, booking: Booking) -> str:
    """ "Scouts: Friday, 16:30 to 19:00"; "Scouts: Friday 4 December 2026, 16:30 to 19:00"."""
    n_weeks = plan.params.n_weeks
    week = "" if n_weeks == 1 or booking.on_date else f"{week_words(booking.week, n_weeks)}, "
    vehicle = "" if plan.params.n_vehicles == 1 else f", vehicle {booking.vehicle + 1}"
    on = f" {day_words(booking.on_date)}" if booking.on_date else ""
    hours = f"{clock(booking.start_minute)} to {clock(booking.end_minute)}"
    return f"{booking.group}: {week}{DAY_NAMES[booking.day]}{on}{vehicle}, {hours}"


def booking_events(plan: OutreachPlan, bookings: Sequence[Booking], running: Running) -> list[CalendarEvent]:
    """One event for each booking, that comes again with the cycle or on its one date; at the depot."""
    depot = plan.params.depot_id
    name = str(plan.stops.loc[depot, "name"])
    lon, lat = map(float, stop_degrees(plan).loc[[depot]].to_numpy(dtype=float)[0])
    events = []
    for one in bookings:
        days = (
            [date.fromisoformat(one.on_date)]
            if one.on_date
            else running.dates_on(one.week, one.day, plan.params.n_weeks)
        )
        if not days:
            continue
        events.append(
            CalendarEvent(
                uid=f"{hashlib.sha256(f'booking|{one.id}'.encode()).hexdigest()[:24]}@outreach",
                first=datetime.combine(days[0], time()) + timedelta(minutes=one.start_minute),
                last_day=days[-1],
                minutes=one.minutes,
                every_weeks=0 if one.on_date else plan.params.n_weeks,
                summary=f"Bus booked: {one.group}",
                location=name,
                description=". ".join(filter(None, (booking_words(plan, one), one.note, running.operator))),
                lat=lat,
                lon=lon,
            )
        )
    return events


def bookings_json(plan: OutreachPlan, bookings: Sequence[Booking]) -> list[dict[str, object]]:
    """Bookings for scripts: the fields of `Booking`, and `words`."""
    return [{**asdict(one), "words": booking_words(plan, one)} for one in bookings]
