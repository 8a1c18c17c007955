"""Edits of the bus and its visits in words."""

from __future__ import annotations

import numpy as np

from neighbourhoods.outreach import edit as acts
from neighbourhoods.outreach.edit import Edit, EditedPlan
from neighbourhoods.outreach.plan import DAY_NAMES
from neighbourhoods.outreach.timetable_week import clock, week_words
from pages.components.outreach_edit_state import InHand


def visit_titles(edited: EditedPlan) -> dict[int, str]:
    """ "Monday 10:15, Ash Hall" by the id of each visit, in the order of the week."""
    plan, found = edited.plan, {}
    for one, minute in zip(edited.visits, plan.visits["arrive_minute"], strict=True):
        week = "" if plan.params.n_weeks == 1 else f"{week_words(one.week, plan.params.n_weeks)}, "
        bus = "" if plan.params.n_vehicles == 1 else f", vehicle {one.vehicle + 1}"
        name = plan.stops["name"].loc[one.stop_id]
        found[one.id] = (
            (one.week, one.day, minute),
            f"{week}{DAY_NAMES[one.day]} {clock(minute)}, {name}{bus}",
        )
    return {key: said for key, (_, said) in sorted(found.items(), key=lambda pair: pair[1][0])}


def stop_names(now: InHand) -> dict[str, str]:
    """Names of every stop that the plan has, had, or that was set by hand."""
    own = {one.id: one.name for one in now.edited.params.own_stops}
    return own | now.base.stops["name"].astype(str).to_dict() | now.plan.stops["name"].astype(str).to_dict()


def edit_words(now: InHand, edit: Edit) -> str:
    """What an edit did."""
    names = stop_names(now)
    if edit.own is not None:
        names[edit.own.id] = edit.own.name
    visits = visit_titles(now.edited)
    stop, to = names.get(edit.stop_id, edit.stop_id), names.get(edit.to_id, edit.to_id)
    visit = visits.get(edit.visit_id, "a visit that is not in the plan any more")
    day, other = DAY_NAMES[edit.day], DAY_NAMES[edit.to_day]
    hour = clock(edit.minute) if edit.minute >= 0 else "where it costs least to drive"
    until = clock(edit.until) if edit.until >= 0 else ""
    every = "every day" if edit.day < 0 else f"{day}s"
    return {
        acts.MOVE: f"a visit moved to {to}",
        acts.MOVE_STOP: f"all visits of {stop} moved to {to}",
        acts.HOUR: f"{visit}: fixed",
        acts.HOLD: f"{visit}: held as it is",
        acts.SWAP: f"{day} and {other} swapped",
        acts.OUT: "a visit taken out",
        acts.ADD: f"a visit of {stop} added on {day}, {hour}",
        acts.FORBID_STOP: f"{stop} forbidden",
        acts.FORBID_DRIVE: f"the drive between {stop} and {to} forbidden",
        acts.FORBID_ROAD: f"the road at {edit.x:.0f}, {edit.y:.0f} forbidden",
        acts.POINT: f"the point {edit.own.name if edit.own else ''} set",
        acts.WINDOW: f"one may stand at {stop} on {every} from {hour} to {until}",
    }[edit.kind]


def effect_words(before: float, after: float) -> str:
    """How many people of need more or fewer are near a stop than in the plan as it was worked out."""
    if np.isnan(before) or np.isnan(after):
        return "Whom it serves is not known."
    more = round(after) - round(before)
    if more == 0:
        return f"It serves {after:,.0f} people of need, as many as before."
    return (
        f"It serves {after:,.0f} people of need, {abs(more):,} {'more' if more > 0 else 'fewer'} than before."
    )
