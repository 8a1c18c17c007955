"""What breaks in a plan that was changed by hand: each fault in words, with by how much.

A plan that the search found breaks nothing, and an edit that breaks nothing says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from neighbourhoods.outreach.edit import EditedPlan, HandVisit, rounds_of_visits
from neighbourhoods.outreach.edit_range import refuellings
from neighbourhoods.outreach.edit_table import windows_on
from neighbourhoods.outreach.own_stop import HOURS, NO, QUALITIES, YES
from neighbourhoods.outreach.plan import DAY_NAMES, LEAST_DWELL_MINUTES, OutreachPlan
from neighbourhoods.outreach.timetable_week import (
    clock,
    minutes_words,
    service_label,
    sheet_fault,
    week_words,
)
from neighbourhoods.outreach.window import opening_windows


@dataclass(frozen=True)
class EditFault:
    """One thing that is broken.

    Parameters
    ----------
    kind : str
        "shift", "session", "day", "late", "together", "window", "dwell", "break", "quality", "drive",
        "range", "twice" or "need".
    words : str
        What, where, and by how much.
    by : float
        Minutes, kilometres or people beyond what may be; NaN where there is no measure.
    """

    kind: str
    words: str
    by: float


def edit_faults(edited: EditedPlan, qualities: pd.DataFrame) -> tuple[EditFault, ...]:
    """All that is broken, in the order of the week.

    Parameters
    ----------
    qualities : DataFrame
        By stop_id, as of `quality_table`; a stop that is not in it is passed over. Its hours are kept to
        where the search would keep to them.
    """
    found = [
        *_round_faults(edited),
        *_refuel_faults(edited.plan),
        *_shift_faults(edited.plan),
        *_together_faults(edited.plan),
        *_visit_faults(_with_opening_hours(edited, qualities)),
        *_twice_faults(edited),
        *_quality_faults(edited, qualities),
        *_need_faults(edited.plan),
    ]
    return tuple({one.words: one for one in found}.values())  # by their words: NaN is never equal to itself


def _with_opening_hours(edited: EditedPlan, qualities: pd.DataFrame) -> EditedPlan:
    """The plan with the register's opening hours among its windows."""
    opening = opening_windows(edited.params, qualities.rename(columns={"hours": HOURS}))
    params = replace(edited.params, windows=(*edited.params.windows, *opening))
    return replace(edited, plan=replace(edited.plan, params=params))


def new_faults(before: Sequence[EditFault], after: Sequence[EditFault]) -> tuple[EditFault, ...]:
    """What is broken now and was not before, or not by as much."""
    known = {(one.kind, one.words) for one in before}
    return tuple(one for one in after if (one.kind, one.words) not in known)


def _when(plan: OutreachPlan, week: int, day: int, vehicle: int) -> str:
    said = DAY_NAMES[day] if plan.params.n_weeks == 1 else f"{DAY_NAMES[day]} of week {week + 1}"
    return said if plan.params.n_vehicles == 1 else f"{said}, vehicle {vehicle + 1}"


def _name(plan: OutreachPlan, stop_id: str) -> str:
    return str(plan.stops["name"].loc[stop_id])


def _round_faults(edited: EditedPlan) -> Iterator[EditFault]:
    """Rounds outside their session, without the break, or beyond the range."""
    plan, params = edited.plan, edited.params
    sessions = {one.id: one for one in params.sessions}
    for row in plan.rounds.to_dict("records"):
        session = sessions[str(row["session_id"])]
        when = _when(plan, int(row["week"]), int(row["day"]), int(row["vehicle"]))
        label = service_label(params, session.id).lower()
        if int(row["day"]) not in session.days:
            yield EditFault(
                "day", f"{when}: {label} does not run on {DAY_NAMES[int(row['day'])]}s.", float("nan")
            )
        early = session.start_minute - float(row["leave_minute"])
        if early > 0:
            yield EditFault(
                "session",
                f"{when}: the bus leaves at {clock(row['leave_minute'])}, {minutes_words(early)} before the "
                f"session of {label} begins at {clock(session.start_minute)}.",
                early,
            )
        late = float(row["return_minute"]) - session.end_minute
        if late > 0:
            yield EditFault(
                "session",
                f"{when}: the bus is back at {clock(row['return_minute'])}, {minutes_words(late)} after the "
                f"session of {label} ends at {clock(session.end_minute)}.",
                late,
            )
        one = pd.Series(row)
        if sheet_fault(plan, one):
            yield EditFault(
                "break",
                f"{when}: the round from {clock(row['leave_minute'])} to {clock(row['return_minute'])} "
                f"has no room for the driver's break of {params.break_minutes} minutes.",
                float(params.break_minutes),
            )
        beyond = float(row["drive_km"]) - params.range_km
        if beyond > 0:
            yield EditFault(
                "range",
                f"{when}: the round drives {row['drive_km']:,.0f} km, {beyond:,.0f} km beyond the range of "
                f"{params.range_km:,.0f} km.",
                beyond,
            )


def _refuel_faults(plan: OutreachPlan) -> Iterator[EditFault]:
    """Days whose rounds together are longer than the range, with too little time to refuel between them."""
    params = plan.params
    for one in refuellings(plan):
        short = params.refuel_minutes - one.minutes
        if short > 0:
            yield EditFault(
                "range",
                f"{_when(plan, one.week, one.day, one.vehicle)}: the rounds drive {one.km:,.1f} km together, "
                f"and the range is {params.range_km:,.1f} km. Refuelling takes "
                f"{minutes_words(params.refuel_minutes)}; from {clock(one.back_minute)} to "
                f"{clock(one.leave_minute)} it has {minutes_words(one.minutes)}.",
                short,
            )


def _shift_faults(plan: OutreachPlan) -> Iterator[EditFault]:
    """Drivers who are out for longer than their shift, refuelling between rounds among it."""
    out: dict[tuple[int, int, int], float] = {}
    for row in plan.rounds.to_dict("records"):
        driver = (int(row["week"]), int(row["day"]), int(row["vehicle"]))
        out[driver] = out.get(driver, 0.0) + float(row["return_minute"] - row["leave_minute"])
    for one in refuellings(plan):
        out[one.week, one.day, one.vehicle] += plan.params.refuel_minutes
    for driver, minutes in out.items():
        beyond = minutes - plan.params.shift_minutes
        if beyond > 0:
            yield EditFault(
                "shift",
                f"{_when(plan, *driver)}: the driver is out for "
                f"{minutes_words(minutes)}, {minutes_words(beyond)} beyond the shift of "
                f"{minutes_words(plan.params.shift_minutes)}.",
                beyond,
            )


def _together_faults(plan: OutreachPlan) -> Iterator[EditFault]:
    """A vehicle that would have to be in two places at once."""
    order = plan.rounds.sort_values(["week", "day", "vehicle", "leave_minute"], kind="stable")
    for one, other in pairwise(order.to_dict("records")):
        if (one["week"], one["day"], one["vehicle"]) != (other["week"], other["day"], other["vehicle"]):
            continue
        by = float(one["return_minute"]) - float(other["leave_minute"])
        if by > 0:
            yield EditFault(
                "together",
                f"{_when(plan, int(one['week']), int(one['day']), int(one['vehicle']))}: two places at once. "
                f"The bus is back at {clock(one['return_minute'])} and should have left again at "
                f"{clock(other['leave_minute'])}, {minutes_words(by)} sooner.",
                by,
            )


def _visit_faults(edited: EditedPlan) -> Iterator[EditFault]:
    """Visits that are late, too short, outside the windows of their stop, or led to by a forbidden drive."""
    plan, params = edited.plan, edited.params
    no_drive = {frozenset(pair) for pair in params.forbidden_drives}
    rows = dict(zip((one.id for one in edited.visits), plan.visits.to_dict("records"), strict=True))
    for (week, day, vehicle, _), visits in rounds_of_visits(params, edited.visits).items():
        when = _when(plan, week, day, vehicle)
        for one in visits:
            arrive, depart = float(rows[one.id]["arrive_minute"]), float(rows[one.id]["depart_minute"])
            close = min(arrive + params.dwell_minutes, depart)
            name = _name(plan, one.stop_id)
            if one.at_minute >= 0 and arrive > one.at_minute:
                yield EditFault(
                    "late",
                    f"{when}: two places at once. {name} is fixed for {clock(one.at_minute)}, and the bus "
                    f"cannot be there before {clock(arrive)}, {minutes_words(arrive - one.at_minute)} late.",
                    arrive - one.at_minute,
                )
            if close - arrive < params.dwell_minutes:
                least = min(params.dwell_minutes, LEAST_DWELL_MINUTES)
                under = (
                    f", {minutes_words(least - close + arrive)} under the {least:g} that a stop must last"
                    if close - arrive < least
                    else f", {minutes_words(params.dwell_minutes - close + arrive)} less than asked"
                )
                yield EditFault(
                    "dwell",
                    f"{when}: the bus stands at {name} for {minutes_words(close - arrive)}{under}.",
                    params.dwell_minutes - close + arrive,
                )
            yield from _window_fault(edited, one, when, arrive, close)
        for one, other in pairwise(visits):
            if frozenset((one.stop_id, other.stop_id)) in no_drive:
                yield EditFault(
                    "drive",
                    f"{when}: the bus drives from {_name(plan, one.stop_id)} to "
                    f"{_name(plan, other.stop_id)}, which is forbidden.",
                    float("nan"),
                )


def _window_fault(
    edited: EditedPlan, one: HandVisit, when: str, arrive: float, close: float
) -> Iterator[EditFault]:
    params, name = edited.params, _name(edited.plan, one.stop_id)
    if not any(window.stop_id == one.stop_id for window in params.windows):
        return
    windows = windows_on(params, one.stop_id, one.day)
    if not windows:
        yield EditFault(
            "window", f"{when}: one may not stand at {name} on {DAY_NAMES[one.day]}s.", float("nan")
        )
        return
    missed = [max(opens - arrive, 0) + max(close - closes, 0) for opens, closes in windows]
    if min(missed) > 0:
        said = " and ".join(f"{clock(a)} to {clock(b)}" for a, b in sorted(windows))
        yield EditFault(
            "window",
            f"{when}: {name} is visited from {clock(arrive)} to {clock(close)}; one may stand there from "
            f"{said}. {minutes_words(min(missed))} fall outside.",
            min(missed),
        )


def _twice_faults(edited: EditedPlan) -> Iterator[EditFault]:
    """A stop that is visited twice in one session of one day."""
    seen: set[tuple[object, ...]] = set()
    for one in edited.visits:
        key = (one.week, one.day, one.session_id, one.stop_id)
        if key in seen:
            week = "" if edited.params.n_weeks == 1 else f" of {week_words(one.week, 2).lower()}"
            yield EditFault(
                "twice",
                f"{DAY_NAMES[one.day]}{week}: {_name(edited.plan, one.stop_id)} is visited twice in one "
                "session. Take one visit out, or give it to another day.",
                float("nan"),
            )
        seen.add(key)


def _quality_faults(edited: EditedPlan, qualities: pd.DataFrame) -> Iterator[EditFault]:
    """Stops where permission was refused, or that lack what is asked of every stop."""
    for stop_id in dict.fromkeys(one.stop_id for one in edited.visits):
        if stop_id not in qualities.index:
            continue
        known, lacking = qualities.loc[stop_id], []
        for quality in QUALITIES.values():
            answer = str(known[quality.id])
            is_refused = quality.id == "permission" and answer == NO
            if is_refused or (quality.id in edited.params.stop_needs and answer != YES):
                lacking.append(quality.lacking if answer == NO else f"{quality.lacking} that is known of")
        if lacking:
            yield EditFault(
                "quality", f"{_name(edited.plan, stop_id)} has {' and '.join(lacking)}.", float("nan")
            )


def _need_faults(plan: OutreachPlan) -> Iterator[EditFault]:
    """Areas that may not be left out and are."""
    limit = plan.params.must_serve_need
    if not np.isfinite(limit):
        return
    for session in plan.params.sessions:
        need, served = plan.areas[f"need_{session.id}"], plan.areas[f"served_{session.id}"]
        left = plan.areas.index[(need > limit) & ~(served > 0)]
        if len(left):
            people = float(need.loc[left].sum())
            yield EditFault(
                "need",
                f"{service_label(plan.params, session.id)}: {len(left)} of the areas with more than "
                f"{limit:,.0f} people of need {'is' if len(left) == 1 else 'are'} left out, with "
                f"{people:,.0f} people.",
                people,
            )
