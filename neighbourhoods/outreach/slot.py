"""When the bus is free for hire: round its rounds, within the hours of vehicle and driver.

A driver has one shift a day: unless another one comes, a hire can have what the rounds leave of it. The
mistake this prevents: an evening that is offered to a club after the driver has been out for all of the day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from geodata.errors import InputError
from geodata.icalendar_export import CalendarEvent
from neighbourhoods.outreach.booking import Booking, bookings_on
from neighbourhoods.outreach.case import BusinessCase, CaseValues
from neighbourhoods.outreach.line_degree import stop_degrees
from neighbourhoods.outreach.plan import DAY_NAMES, MOST_MINUTE, OutreachPlan
from neighbourhoods.outreach.running import Running
from neighbourhoods.outreach.timetable_week import clock, week_words

SLOT_COLUMNS = ("week", "day", "vehicle", "start_minute", "end_minute", "minutes", "part")
PARTS = ((12 * 60, "morning"), (17 * 60, "afternoon"), (MOST_MINUTE, "evening"))


@dataclass(frozen=True)
class HireTerms:
    """When the bus may be hired.

    Parameters
    ----------
    days : tuple of int
        0 for Monday to 6 for Sunday.
    from_minute, until_minute : int
        The vehicle leaves the depot no sooner, and is back no later.
    least_minutes : int
        No shorter hire.
    turn_minutes : int
        Between a round and a hire, at the depot.
    is_other_driver : bool
        Whether another driver takes the hire, for up to a shift; else the one of the day, for what the rounds
        leave of the shift.
    """

    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    from_minute: int = 8 * 60
    until_minute: int = 22 * 60
    least_minutes: int = 120
    turn_minutes: int = 30
    is_other_driver: bool = False

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(range(len(DAY_NAMES))):
            raise InputError("Choose at least one day on which the bus can be hired.")
        if not 0 <= self.from_minute < self.until_minute <= MOST_MINUTE:
            raise InputError("Hire must end after it begins, within one day.")
        if self.least_minutes < 1 or self.turn_minutes < 0:
            raise InputError("A hire lasts a minute or more, and turning round takes no less than nought.")


@dataclass(frozen=True)
class HireCost:
    """What an hour of hire costs, in pounds; NaN where an assumption is not known.

    Parameters
    ----------
    driver_gbp, energy_gbp, vehicle_gbp : float
        The driver's hour; energy for as many kilometres an hour as the rounds drive; a share of the
        vehicle, which is its year over the hours of the rounds.
    """

    driver_gbp: float
    energy_gbp: float
    vehicle_gbp: float

    @property
    def extra_gbp(self) -> float:
        """What the council pays more because of the hire: driver and energy."""
        return self.driver_gbp + self.energy_gbp

    @property
    def full_gbp(self) -> float:
        """The same with a share of the vehicle."""
        return self.extra_gbp + self.vehicle_gbp


def hire_slots(
    plan: OutreachPlan, terms: HireTerms, bookings: Sequence[Booking] = (), *, on_date: str = ""
) -> pd.DataFrame:
    """When each vehicle is free and its driver has hours left, in the order of the week.

    Parameters
    ----------
    bookings : sequence of Booking
        Those that stand: their hours are cut out, and taken off the shift that is left for the day. One hire
        may begin when another ends, for both begin and end at the depot.
    on_date : str
        The date (ISO) whose bookings count beside those that come again; those of other dates never do.

    Returns
    -------
    DataFrame
        `SLOT_COLUMNS`: the slot lies between `start_minute` and `end_minute`; `minutes` is the longest hire
        in it, which the rest of the driver's shift may make shorter; `part` of the day in which it begins.
    """
    rows = []
    for week in range(plan.params.n_weeks):
        for day in terms.days:
            for vehicle in range(plan.params.n_vehicles):
                of = plan.rounds
                of = of[(of["week"] == week) & (of["day"] == day) & (of["vehicle"] == vehicle)]
                of = of.sort_values("leave_minute", kind="stable")
                out = 0 if terms.is_other_driver else int((of["return_minute"] - of["leave_minute"]).sum())
                booked = [one for one in bookings_on(bookings, on_date) if one.is_on(week, day, vehicle)]
                left = plan.params.shift_minutes - out - sum(one.minutes for one in booked)
                for start, end in _gaps(of, terms, booked):
                    minutes = min(end - start, left)
                    if minutes >= terms.least_minutes:
                        rows.append((week, day, vehicle, start, end, minutes, part_of_day(start)))
    return pd.DataFrame(rows, columns=list(SLOT_COLUMNS))


def hire_cost(case: BusinessCase, values: CaseValues) -> HireCost:
    """An hour of hire under the assumptions of the business case.

    Energy = km a year / vehicle hours a year x pounds a km; vehicle = pounds a year of all vehicles / vehicle
    hours a year. A hire is taken to drive as much in an hour as the rounds do.
    """
    hours = case.vehicle_hours if case.vehicle_hours > 0 else float("nan")
    return HireCost(
        values.driver_gbp_hour, case.km / hours * values.energy_gbp_km, case.costs["vehicle"] / hours
    )


def slot_words(plan: OutreachPlan, slot: pd.Series) -> str:
    """ "Friday, 16:30 to 22:00, up to 3 hours 30 minutes"."""
    week = "" if plan.params.n_weeks == 1 else f"{week_words(int(slot['week']), plan.params.n_weeks)}, "
    vehicle = "" if plan.params.n_vehicles == 1 else f", vehicle {int(slot['vehicle']) + 1}"
    hours = f"{clock(slot['start_minute'])} to {clock(slot['end_minute'])}"
    return f"{week}{DAY_NAMES[int(slot['day'])]}{vehicle}, {hours}, up to {length_words(slot['minutes'])}"


def length_words(minutes: float) -> str:
    """ "3 hours 30 minutes"."""
    hours, rest = divmod(round(minutes), 60)
    said = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    return " ".join([*said, *([f"{rest} minutes"] if rest or not hours else [])])


def part_of_day(minute: int) -> str:
    """Morning, afternoon or evening."""
    return next(name for until, name in PARTS if minute < until or until == MOST_MINUTE)


def slot_events(
    plan: OutreachPlan, terms: HireTerms, bookings: Sequence[Booking], running: Running
) -> list[CalendarEvent]:
    """One event for each slot, that comes again with the cycle; at the depot.

    On a date that has bookings of its own the slots of its day are those that these leave, once.
    """
    dated = sorted({one.on_date for one in bookings if one.on_date})
    taken = {on: {(b.week, b.day, b.vehicle) for b in bookings if b.on_date == on} for on in dated}
    events = []
    for row in hire_slots(plan, terms, bookings).to_dict("records"):
        key = (int(row["week"]), int(row["day"]), int(row["vehicle"]))
        days = running.dates_on(key[0], key[1], plan.params.n_weeks)
        but = {date.fromisoformat(on) for on in dated if key in taken[on]}
        events += _slot_event(plan, row, running, days, tuple(one for one in days if one in but))
    for on in dated:
        for row in hire_slots(plan, terms, bookings, on_date=on).to_dict("records"):
            if (int(row["week"]), int(row["day"]), int(row["vehicle"])) in taken[on]:
                events += _slot_event(plan, row, running, [date.fromisoformat(on)], (), on)
    return events


def _slot_event(
    plan: OutreachPlan,
    slot: dict[Any, Any],
    running: Running,
    days: Sequence[date],
    but: tuple[date, ...],
    on: str = "",
) -> list[CalendarEvent]:
    """The event of one slot; none where it comes on no day."""
    if not days or len(days) == len(but):
        return []
    depot = plan.params.depot_id
    name = str(plan.stops.loc[depot, "name"])
    lon, lat = map(float, stop_degrees(plan).loc[[depot]].to_numpy(dtype=float)[0])
    start = int(slot["start_minute"])
    key = f"hire|{slot['week']}|{slot['day']}|{slot['vehicle']}|{start}" + (f"|{on}" if on else "")
    return [
        CalendarEvent(
            uid=f"{hashlib.sha256(key.encode()).hexdigest()[:24]}@outreach",
            first=datetime.combine(days[0], time()) + timedelta(minutes=start),
            last_day=days[-1],
            minutes=int(slot["end_minute"]) - start,
            every_weeks=0 if on else plan.params.n_weeks,
            summary="Bus free for hire",
            location=name,
            description=f"{slot_words(plan, pd.Series(slot))}. {running.operator}".strip(),
            lat=lat,
            lon=lon,
            except_days=but,
        )
    ]


def slots_json(plan: OutreachPlan, slots: pd.DataFrame, cost: HireCost) -> dict[str, object]:
    """Slots for scripts.

    Keys
    ----
    slots (week from 0, day 0 for Monday, vehicle from 0, start_minute, end_minute, minutes, part, words),
    n_weeks, extra_gbp_hour, full_gbp_hour (null where an assumption is not known).
    """

    def known(value: float) -> float | None:
        return None if pd.isna(value) else round(value, 2)

    rows = [{**slot.to_dict(), "words": slot_words(plan, slot)} for _, slot in slots.iterrows()]
    return {
        "slots": rows,
        "n_weeks": plan.params.n_weeks,
        "extra_gbp_hour": known(cost.extra_gbp),
        "full_gbp_hour": known(cost.full_gbp),
    }


def _gaps(rounds: pd.DataFrame, terms: HireTerms, booked: Sequence[Booking]) -> list[tuple[int, int]]:
    """Free time of a vehicle on one day: rounds with their turning round cut out, and bookings without."""
    leaves, returns = rounds["leave_minute"], rounds["return_minute"]
    taken = [
        (int(leave) - terms.turn_minutes, int(back) + terms.turn_minutes)
        for leave, back in zip(leaves, returns, strict=True)
    ]
    taken += [(one.start_minute, one.end_minute) for one in booked]
    found, free = [], terms.from_minute
    for start, end in sorted(taken):
        until = min(start, terms.until_minute)
        if until > free:
            found.append((free, until))
        free = max(free, end)
    if terms.until_minute > free:
        found.append((free, terms.until_minute))
    return found
