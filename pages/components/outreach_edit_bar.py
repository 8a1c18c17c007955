"""Beside the map of the bus: what was changed by hand, what that breaks, undo, redo, and the rest anew."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.outreach.case import people_served
from neighbourhoods.outreach.edit import params_around
from neighbourhoods.outreach.edit_fault import EditFault
from neighbourhoods.outreach.plan import OutreachParams
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map_event import MapEvent
from pages.components.outreach_edit_state import REDO, SAID, InHand, do, forget, redo, undo
from pages.components.outreach_edit_words import edit_words, effect_words
from pages.components.outreach_point import drop_edit, set_pin

N_SHOWN = 3


def edit_bar(study: Study, now: InHand, begin: Callable[[OutreachParams], None], *, is_busy: bool) -> None:
    """What the last edit did and broke, and what is broken besides; nothing where nobody has edited."""
    if fault := st.session_state.pop(SAID, ""):
        st.error(words.plain(fault), icon=":material/error:")
    waiting = st.session_state.get(REDO, [])
    if not now.edits and not waiting:
        return
    if now.edits:
        last = edit_words(now, now.edits[-1])
        st.markdown(
            f"**{words.plural(len(now.edits), 'change')} by hand, not saved.** Last: {words.plain(last)}. "
            f"{effect_words(people_served(now.base), people_served(now.plan))}"
        )
    if now.fresh:
        st.warning(_listed("The last change breaks", now.fresh), icon=":material/warning:")
    older = tuple(one for one in now.faults if one not in now.fresh)
    if older and now.edits:
        st.warning(_listed("Also broken", older), icon=":material/warning:")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Undo",
            key="outreach_undo",
            icon=":material/undo:",
            on_click=undo,
            args=(now,),
            disabled=not now.edits,
        )
        st.button(
            "Redo",
            key="outreach_redo_button",
            icon=":material/redo:",
            on_click=redo,
            args=(now,),
            disabled=not waiting,
        )
        st.button("Discard changes", key="outreach_discard", on_click=forget, disabled=not now.edits)
        st.button(
            "Work out the rest anew",
            key="outreach_around",
            on_click=_around,
            args=(now, begin),
            disabled=not now.edits or is_busy,
            help="Visits changed by hand stay, what is forbidden is heeded, the rest is searched for.",
        )


def on_map(study: Study, now: InHand) -> Callable[[MapEvent], None]:
    """What an act on the map does: a stop that was dropped is moved, a click may set a point."""

    def take(event: MapEvent) -> None:
        if event.pin is not None:
            set_pin(*event.pin)
        for stop_id, lon, lat in event.drops:
            try:
                edit = drop_edit(study, now.edited.params, stop_id, lon, lat)
            except InputError as fault:
                st.session_state[SAID] = str(fault)
            else:
                do(study, now, edit)

    return take


def _around(now: InHand, begin: Callable[[OutreachParams], None]) -> None:
    begin(params_around(now.edited))


def _listed(head: str, faults: tuple[EditFault, ...]) -> str:
    said = [words.plain(one.words) for one in faults[:N_SHOWN]]
    more = f"\n- and {len(faults) - N_SHOWN} more, listed under Edit by hand" if len(faults) > N_SHOWN else ""
    return f"{head}:\n" + "\n".join(f"- {one}" for one in said) + more
