"""What one edit does to a plan: to what is asked, to its visits, and so to its tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from geodata.errors import InputError
from neighbourhoods.outreach.edit import (
    ADD,
    FORBID_DRIVE,
    FORBID_ROAD,
    FORBID_STOP,
    HOLD,
    HOUR,
    MOVE,
    MOVE_STOP,
    OUT,
    POINT,
    SWAP,
    WINDOW,
    Edit,
    EditedPlan,
    HandVisit,
    rounds_of_visits,
    stop_ids,
)
from neighbourhoods.outreach.edit_ground import EditGround
from neighbourhoods.outreach.edit_table import told
from neighbourhoods.outreach.plan import (
    ForbiddenRoad,
    OutreachParams,
    StopWindow,
)

GroundOf = Callable[[OutreachParams, tuple[str, ...]], EditGround]


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
    return EditedPlan(told(ground, params, ordered, edited), ordered, next_id)


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
