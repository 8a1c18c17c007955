"""A plan changed by hand: each edit makes a new plan, with hours along its rounds and whom it serves.

An edit is never refused for what it breaks: `edit_fault` says what that is, and a person decides. Rounds that
an edit leaves alone keep their hours to the minute. The mistake this prevents: a page that changes a
timetable under the hands of those who have it on their wall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from geodata.errors import InputError
from neighbourhoods.outreach.edit_clock import RoundHours, round_hours
from neighbourhoods.outreach.edit_ground import EditGround
from neighbourhoods.outreach.edit_range import is_refuelled
from neighbourhoods.outreach.own_stop import OwnStop
from neighbourhoods.outreach.plan import (
    ROUND_COLUMNS,
    VISIT_COLUMNS,
    FixedVisit,
    ForbiddenRoad,
    OutreachParams,
    OutreachPlan,
    StopWindow,
)
from neighbourhoods.outreach.route import layer_worth
from neighbourhoods.outreach.table import area_table
from neighbourhoods.outreach.window import windows_by_day

BY_HAND = "changed by hand"
MOVE, MOVE_STOP, HOUR, HOLD = "move", "move_stop", "hour", "hold"
SWAP, OUT, ADD = "swap", "out", "add"
FORBID_STOP, FORBID_DRIVE, FORBID_ROAD, POINT = "forbid_stop", "forbid_drive", "forbid_road", "point"
WINDOW = "window"

GroundOf = Callable[[OutreachParams, tuple[str, ...]], EditGround]
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


def edited_by(edited: EditedPlan, edits: Sequence[Edit], ground_of: GroundOf) -> EditedPlan:
    """A plan after some edits, one after the other; without any the very plan that was given.

    Raises
    ------
    InputError
        When an edit names a visit that is not there, or a stop that is not known or cannot be driven to.
    """
    for edit in edits:
        edited = apply_edit(edited, edit, ground_of)
    return edited


def apply_edit(edited: EditedPlan, edit: Edit, ground_of: GroundOf) -> EditedPlan:
    """The plan after one edit; raises as `edited_by`."""
    params = _asked_after(edited.params, edit)
    ground = ground_of(params, stop_ids(edited, [edit]))
    visits, next_id = _visits_after(edited, edit, ground), edited.next_id + (edit.kind == ADD)
    ordered = tuple(one for row in rounds_of_visits(params, visits).values() for one in row)
    return EditedPlan(_told(ground, params, ordered, edited), ordered, next_id)


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


def visit_people(
    ground: EditGround, params: OutreachParams, visits: Sequence[HandVisit]
) -> tuple[np.ndarray, np.ndarray]:
    """People of need served by each visit, and by first visits at each point and session.

    The first visits of all stops make the first layer, the second ones the next, each at its worth; in a
    layer a point counts at the best of its stops, so that the people of all visits add up to the value.
    """
    worth, n_stops = layer_worth(params), len(ground.ids)
    served = np.zeros((len(ground.need.xy), len(params.sessions)))
    people = np.zeros(len(visits))
    for k, session in enumerate(params.sessions):
        gain = ground.reach.toarray() * ground.need.need[:, k][None, :]
        n_of, nth = np.zeros(n_stops, dtype=int), {}
        for at, one in enumerate(visits):
            if one.session_id == session.id:
                row = ground.row(one.stop_id)
                nth[at] = (row, int(n_of[row]))
                n_of[row] += 1
        for layer in range(min(int(n_of.max(initial=0)), len(worth))):
            rows = np.flatnonzero(n_of > layer)
            best = gain[rows].argmax(axis=0)
            most = gain[rows].max(axis=0)
            by_stop = np.zeros(n_stops)
            by_stop[rows] = np.bincount(best, most, len(rows)) * worth[layer]
            for at, (row, number) in nth.items():
                if number == layer:
                    people[at] = by_stop[row]
            if layer == 0:
                served[:, k] = most
    return people, served


def _asked_after(params: OutreachParams, edit: Edit) -> OutreachParams:
    """What is asked once an edit is done."""
    if edit.own is not None and edit.own.id not in {one.id for one in params.own_stops}:
        params = replace(params, own_stops=(*params.own_stops, edit.own))
    if edit.kind == FORBID_STOP and edit.stop_id not in params.forbidden:
        return replace(params, forbidden=(*params.forbidden, edit.stop_id))
    if edit.kind == FORBID_DRIVE:
        drive = (edit.stop_id, edit.to_id)
        if not {drive, drive[::-1]} & set(params.forbidden_drives):
            params = replace(params, forbidden_drives=(*params.forbidden_drives, drive))
        return params
    if edit.kind == WINDOW:
        window = StopWindow(edit.stop_id, edit.day, edit.minute, edit.until)
        return replace(params, windows=(*params.windows, window))
    if edit.kind == FORBID_ROAD:
        return replace(params, forbidden_roads=(*params.forbidden_roads, ForbiddenRoad(edit.x, edit.y)))
    return params


def _visits_after(edited: EditedPlan, edit: Edit, ground: EditGround) -> tuple[HandVisit, ...]:
    visits = edited.visits
    if edit.kind == MOVE:
        wanted = edited.visit(edit.visit_id)
        moved = replace(wanted, stop_id=edit.to_id, is_fixed=True)
        return tuple(moved if one.id == wanted.id else one for one in visits)
    if edit.kind == MOVE_STOP:
        return tuple(
            replace(one, stop_id=edit.to_id, is_fixed=True) if one.stop_id == edit.stop_id else one
            for one in visits
        )
    if edit.kind == HOLD:
        at = round(edited.arrive(edit.visit_id))
        return tuple(
            replace(one, at_minute=at, is_fixed=True) if one.id == edit.visit_id else one for one in visits
        )
    if edit.kind == HOUR:
        one = replace(
            edited.visit(edit.visit_id),
            day=edit.day,
            vehicle=edit.vehicle,
            at_minute=edit.minute,
            is_fixed=True,
        )
        return _put(edited, ground, tuple(v for v in visits if v.id != one.id), one)
    if edit.kind == ADD:
        new = HandVisit(
            edited.next_id,
            edit.stop_id,
            edit.session_id,
            edit.week,
            edit.day,
            edit.vehicle,
            edit.minute,
            True,
        )
        return _put(edited, ground, visits, new)
    if edit.kind == SWAP:
        other = {edit.day: edit.to_day, edit.to_day: edit.day}
        return tuple(
            replace(one, day=other[one.day], is_fixed=True) if one.day in other else one for one in visits
        )
    if edit.kind == OUT:
        edited.visit(edit.visit_id)
        return tuple(one for one in visits if one.id != edit.visit_id)
    if edit.kind == FORBID_STOP:
        return tuple(one for one in visits if one.stop_id != edit.stop_id)
    if edit.kind in (FORBID_DRIVE, FORBID_ROAD, POINT, WINDOW):
        return visits
    raise InputError(f"There is no edit called {edit.kind!r}.")


def _put(
    edited: EditedPlan, ground: EditGround, others: tuple[HandVisit, ...], new: HandVisit
) -> tuple[HandVisit, ...]:
    """A visit put into its round: by its hour, or where the way to it is shortest."""
    row = [one for one in others if one.round == new.round]
    if new.at_minute >= 0:
        before = [one for one in row if edited.arrive(one.id) < new.at_minute]
        at = len(before)
    else:
        ids = [ground.depot_id, *(one.stop_id for one in row), ground.depot_id]
        more = [
            ground.minutes(a, new.stop_id) + ground.minutes(new.stop_id, b) - ground.minutes(a, b)
            for a, b in pairwise(ids)
        ]
        at = int(np.argmin(more))
    row = [*row[:at], new, *row[at:]]
    return (*(one for one in others if one.round != new.round), *row)


def rounds_of_visits(params: OutreachParams, visits: Iterable[HandVisit]) -> dict[RoundKey, list[HandVisit]]:
    """Visits by round, the rounds in the order in which they are driven."""
    start = {one.id: (one.start_minute, k) for k, one in enumerate(params.sessions)}
    found: dict[RoundKey, list[HandVisit]] = {}
    for one in sorted(visits, key=lambda v: (*v.round[:3], start[v.session_id])):
        found.setdefault(one.round, []).append(one)
    return found


def windows_on(params: OutreachParams, stop_id: str, day: int) -> tuple[tuple[int, int], ...]:
    """When one may stand at a stop on a day; none where it is open all day, or closed on that day."""
    by_day = windows_by_day(params).get(stop_id)
    return () if by_day is None else tuple((int(opens), int(closes)) for opens, closes in by_day[day])


def _told(
    ground: EditGround, params: OutreachParams, visits: tuple[HandVisit, ...], before: EditedPlan
) -> OutreachPlan:
    """The tables of a plan from its visits; a round that is as before keeps its rows."""
    sessions = {one.id: one for one in params.sessions}
    old = rounds_of_visits(before.params, before.visits)
    rows_of = {
        one.id: row for one, row in zip(before.visits, before.plan.visits.to_dict("records"), strict=True)
    }
    round_of = {
        (int(r["week"]), int(r["day"]), int(r["vehicle"]), str(r["session_id"])): r
        for r in before.plan.rounds.to_dict("records")
    }
    ordered: list[HandVisit] = []
    visit_rows: list[dict[Any, Any]] = []
    round_rows: list[dict[Any, Any]] = []
    free: dict[tuple[int, int, int], float] = {}
    since: dict[tuple[int, int, int], float] = {}
    for key, row in rounds_of_visits(params, visits).items():
        ordered += row
        ids = [ground.depot_id, *(one.stop_id for one in row), ground.depot_id]
        ways = list(pairwise(ids))
        driver, session = key[:3], sessions[key[3]]
        km = [ground.km(a, b) for a, b in ways]
        if is_refuelled(params, since.get(driver, 0.0), sum(km)):
            free[driver] += params.refuel_minutes
            since[driver] = 0.0
        since[driver] = since.get(driver, 0.0) + sum(km)
        earliest = max(free.get(driver, 0.0), float(session.start_minute))
        known = round_of.get(key)
        is_as_before = (
            known is not None
            and old.get(key) == row
            and _is_driven_as(ground, ways, [rows_of[one.id] for one in row], known)
            and float(known["leave_minute"]) >= free.get(driver, 0.0)
        )
        if is_as_before and known is not None:
            visit_rows += [rows_of[one.id] for one in row]
            round_rows.append(known)
            free[driver] = float(known["return_minute"])
            continue
        hours = round_hours(
            [ground.minutes(a, b) for a, b in ways],
            [one.at_minute for one in row],
            [windows_on(params, one.stop_id, one.day) for one in row],
            params,
            earliest,
        )
        free[driver] = hours.end
        visit_rows += _visit_rows(key, row, hours, km)
        round_rows.append(
            dict(
                zip(
                    ROUND_COLUMNS,
                    (*key, int(hours.leave), int(hours.end), int(sum(hours.drives)), sum(km), len(row)),
                    strict=True,
                )
            )
        )
    people, served = visit_people(ground, params, ordered)
    visit_table = pd.DataFrame(visit_rows, columns=list(VISIT_COLUMNS)).assign(people=people)
    used = [one for one in ground.stops.index if one in set(visit_table["stop_id"]) | {params.depot_id}]
    plan = before.plan
    method = plan.method if plan.method.endswith(BY_HAND) else f"{plan.method}; {BY_HAND}"
    return replace(
        plan,
        params=params,
        stops=ground.stops.loc[used],
        visits=visit_table,
        rounds=pd.DataFrame(round_rows, columns=list(ROUND_COLUMNS)),
        areas=area_table(ground.need, params, served),
        value=float(people.sum()),
        bound=float("nan"),
        gap=float("nan"),
        method=method,
    )


def _visit_rows(
    key: RoundKey, row: Sequence[HandVisit], hours: RoundHours, km: Sequence[float]
) -> list[dict[Any, Any]]:
    return [
        dict(
            zip(
                VISIT_COLUMNS,
                (
                    *key,
                    place,
                    one.stop_id,
                    int(hours.arrive[place]),
                    int(hours.depart[place]),
                    int(hours.drives[place]),
                    km[place],
                    0.0,
                ),
                strict=True,
            )
        )
        for place, one in enumerate(row)
    ]


def _is_driven_as(
    ground: EditGround,
    ways: Sequence[tuple[str, str]],
    rows: Sequence[dict[Any, Any]],
    known: dict[Any, Any],
) -> bool:
    """Whether every drive of a round takes as long as it did."""
    minutes = [ground.minutes(a, b) for a, b in ways]
    to_visits = [float(row["drive_minutes"]) for row in rows]
    return minutes[:-1] == to_visits and sum(minutes) == float(known["drive_minutes"])
