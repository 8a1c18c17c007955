"""What was done by hand to the plan of the bus in view: kept in the address, undone and done again.

The address names what was worked out and every edit since, so that a reload, the browser's Back or a
colleague with the link sees the same plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.outreach.edit import Edit, EditedPlan
from neighbourhoods.outreach.edit_fault import EditFault, edit_faults, new_faults
from neighbourhoods.outreach.edit_text import edits_from_text, edits_to_text
from neighbourhoods.outreach.own_stop import quality_table
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.study.study import Study
from pages.components.loaders import outreach_edited

EDITS = "edits"
REDO, SAID = "outreach_redo", "outreach_edit_said"


@dataclass(frozen=True, eq=False)
class InHand:
    """The plan in view with what was done to it.

    Parameters
    ----------
    base_key : str
        Names what was worked out or opened.
    base : OutreachPlan
        As it was before any edit.
    edits : tuple of Edit
    edited : EditedPlan
    faults : tuple of EditFault
        All that is broken.
    fresh : tuple of EditFault
        What the last edit broke.
    """

    base_key: str
    base: OutreachPlan
    edits: tuple[Edit, ...]
    edited: EditedPlan
    faults: tuple[EditFault, ...]
    fresh: tuple[EditFault, ...]

    @property
    def plan(self) -> OutreachPlan:
        """As it stands."""
        return self.edited.plan

    @property
    def key(self) -> str:
        """Names the plan as it stands, for caches."""
        return f"{self.base_key}|{edits_to_text(self.edits)}"


def in_hand(study: Study, base_key: str, base: OutreachPlan) -> InHand:
    """The plan with the edits that the address names; where they cannot be made, the plan without them."""
    edits = _edits_of(base_key)
    try:
        edited = outreach_edited(study.version, base_key, edits, base)
        before = outreach_edited(study.version, base_key, edits[:-1], base)
    except InputError as fault:
        st.session_state[SAID] = str(fault)
        st.query_params.pop(EDITS, None)
        edits = ()
        edited = before = outreach_edited(study.version, base_key, (), base)
    faults = _faults(study, edited)
    fresh = new_faults(_faults(study, before), faults) if edits else ()
    return InHand(base_key, base, edits, edited, faults, fresh)


def do(study: Study, now: InHand, edit: Edit) -> None:
    """Make an edit; where it cannot be made the plan stays, and why is said."""
    edits = (*now.edits, edit)
    try:
        outreach_edited(study.version, now.base_key, edits, now.base)
    except InputError as fault:
        st.session_state[SAID] = str(fault)
        return
    st.session_state[REDO] = []
    _write(now, edits)


def undo(now: InHand) -> None:
    """Take the last edit back."""
    if now.edits:
        st.session_state[REDO] = [*st.session_state.get(REDO, []), now.edits[-1]]
        _write(now, now.edits[:-1])


def redo(now: InHand) -> None:
    """Make the edit again that was taken back last."""
    waiting = list(st.session_state.get(REDO, []))
    if waiting:
        edit = waiting.pop()
        st.session_state[REDO] = waiting
        _write(now, (*now.edits, edit))


def forget() -> None:
    """Take all edits back: another plan comes into view, or the one in view as it was worked out."""
    st.query_params.pop(EDITS, None)
    st.session_state[REDO] = []


def _faults(study: Study, edited: EditedPlan) -> tuple[EditFault, ...]:
    ids = [str(one) for one in edited.plan.stops.index]
    return edit_faults(edited, quality_table(study.places(), edited.params.own_stops, ids))


def _edits_of(base_key: str) -> tuple[Edit, ...]:
    """The edits of the address, where they are of this plan."""
    mark, _, text = st.query_params.get(EDITS, "").partition(".")
    if mark != base_key:
        return ()
    try:
        return edits_from_text(text)
    except InputError as fault:
        st.session_state[SAID] = str(fault)
        st.query_params.pop(EDITS, None)
        return ()


def _write(now: InHand, edits: tuple[Edit, ...]) -> None:
    if edits:
        st.query_params[EDITS] = f"{now.base_key}.{edits_to_text(edits)}"
    else:
        st.query_params.pop(EDITS, None)
