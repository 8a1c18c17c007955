"""A plan and what a person does to it: each edit makes a new plan (`edit_step`).

An edit is never refused for what it breaks: `edit_fault` says what that is, and a person decides. The mistake
this prevents: a page that changes a timetable under the hands of those who have it on their wall.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from geodata.errors import InputError
from neighbourhoods.outreach.own_stop import OwnStop
from neighbourhoods.outreach.plan import (
    FixedVisit,
    OutreachParams,
    OutreachPlan,
)

MOVE, MOVE_STOP, HOUR, HOLD = "move", "move_stop", "hour", "hold"
SWAP, OUT, ADD = "swap", "out", "add"
FORBID_STOP, FORBID_DRIVE, FORBID_ROAD, POINT = "forbid_stop", "forbid_drive", "forbid_road", "point"
WINDOW = "window"

RoundKey = tuple[int, int, int, str]


@dataclass(frozen=True)
class Edit:
    """One thing that a person does to a plan.

    Parameters
    ----------
    kind : str
        "move" a visit to `to_id`; "move_stop": all visits of `stop_id` to `to_id`; give a visit an "hour" (on
        `day`, `minute` and `vehicle`); "hold" a visit as it is; "swap" `day` and `to_day`; take a visit
        "out"; "add" one; "forbid_stop"; "forbid_drive" between `stop_id` and `to_id`; "forbid_road" at (x,
        y); set a "point"; say in a "window" when one may stand at `stop_id`, on `day` (-1 for every one) from
        `minute` to `until`.
    visit_id : int
    stop_id, to_id, session_id : str
    week, day, to_day, vehicle, minute, until : int
        A minute below nought: where it costs least to drive.
    x, y : float
    own : OwnStop, optional
        A point that `to_id` or `stop_id` names and that the plan does not know yet.
    """

    kind: str
    visit_id: int = -1
    stop_id: str = ""
    to_id: str = ""
    session_id: str = ""
    week: int = 0
    day: int = 0
    to_day: int = 0
    vehicle: int = 0
    minute: int = -1
    until: int = -1
    x: float = 0.0
    y: float = 0.0
    own: OwnStop | None = None


@dataclass(frozen=True)
class HandVisit:
    """One visit: where, in which round, its own hour (below nought for none), and whether it is held."""

    id: int
    stop_id: str
    session_id: str
    week: int
    day: int
    vehicle: int
    at_minute: int = -1
    is_fixed: bool = False

    @property
    def round(self) -> RoundKey:
        """The round that it belongs to."""
        return (self.week, self.day, self.vehicle, self.session_id)


@dataclass(frozen=True, eq=False)
class EditedPlan:
    """A plan with the visits that make it, one for each row of its table of visits."""

    plan: OutreachPlan
    visits: tuple[HandVisit, ...]
    next_id: int

    @property
    def params(self) -> OutreachParams:
        """What is asked, with what was forbidden or set by hand."""
        return self.plan.params

    def visit(self, visit_id: int) -> HandVisit:
        """A visit by its id; raises InputError when it was taken out."""
        found = next((one for one in self.visits if one.id == visit_id), None)
        if found is None:
            raise InputError("This visit is not in the plan any more; undo, or choose another.")
        return found

    def arrive(self, visit_id: int) -> float:
        """When a visit begins."""
        at = [one.id for one in self.visits].index(visit_id)
        return float(self.plan.visits["arrive_minute"].iloc[at])


def unedited(plan: OutreachPlan) -> EditedPlan:
    """A plan as it was worked out, ready to be edited."""
    held = {(one.stop_id, one.session_id, one.week, one.day): one.arrive_minute for one in plan.params.fixed}
    visits = []
    for k, row in enumerate(plan.visits.to_dict("records")):
        key = (str(row["stop_id"]), str(row["session_id"]), int(row["week"]), int(row["day"]))
        visits.append(HandVisit(k, *key, int(row["vehicle"]), held.get(key, -1), key in held))
    return EditedPlan(plan, tuple(visits), len(visits))


def stop_ids(edited: EditedPlan, edits: Iterable[Edit] = ()) -> tuple[str, ...]:
    """Every stop that a plan and some edits of it name, in order; the depot is not one of them."""
    named = [one.stop_id for one in edited.visits]
    for edit in edits:
        named += [one for one in (edit.stop_id, edit.to_id) if one]
    return tuple(sorted(set(named)))


def params_around(edited: EditedPlan) -> OutreachParams:
    """What to ask for so that everything that is not held is worked out anew."""
    fixed = tuple(
        FixedVisit(one.stop_id, one.session_id, one.day, one.at_minute, one.week)
        for one in edited.visits
        if one.is_fixed
    )
    return replace(edited.params, fixed=fixed)


def held_plan(edited: EditedPlan) -> OutreachPlan:
    """The plan as it stands, with the visits that are held among what is asked, so that they stay held."""
    return replace(edited.plan, params=params_around(edited))


def rounds_of_visits(params: OutreachParams, visits: Iterable[HandVisit]) -> dict[RoundKey, list[HandVisit]]:
    """Visits by round, the rounds in the order in which they are driven."""
    start = {one.id: (one.start_minute, k) for k, one in enumerate(params.sessions)}
    found: dict[RoundKey, list[HandVisit]] = {}
    for one in sorted(visits, key=lambda v: (*v.round[:3], start[v.session_id])):
        found.setdefault(one.round, []).append(one)
    return found
