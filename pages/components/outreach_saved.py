"""Plans of the bus that are kept: save the one in view with who and why, and open another."""

from __future__ import annotations

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.outreach.edit import EditedPlan, held_plan
from neighbourhoods.outreach.edit_library import (
    SAVED_MARK,
    SavedOutreach,
    plan_of,
    save_outreach,
    saved_outreach,
)
from neighbourhoods.outreach.hire import carry_bookings
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.outreach_edit_state import forget
from pages.components.run_view import RUN

PLAN = "plan"
NAME, AUTHOR, WHY = "outreach_plan_name", "outreach_plan_author", "outreach_plan_why"
_SAID = "outreach_plan_said"


def opened_plan(study: Study) -> tuple[SavedOutreach | None, OutreachPlan | None]:
    """The saved plan that the address names; None for none."""
    wanted = st.query_params.get(PLAN, "")
    if not wanted:
        return None, None
    found = next((one for one in saved_outreach(study.store, study.authority_code) if one.id == wanted), None)
    if found is None:
        st.info("The saved plan that this link names is not in this workspace.", icon=":material/info:")
        return None, None
    try:
        return found, plan_of(found)
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return None, None


def plans_popover(study: Study, edited: EditedPlan | None, version: int, base_key: str) -> None:
    """A button with the form that keeps the plan in view, and the list of those that are kept.

    Parameters
    ----------
    base_key : str
        Names what the plan in view was made from; its bookings go along when the plan is saved.
    """
    with st.popover("Plans", key="outreach_plans"):
        if edited is not None:
            st.text_input("Name", key=NAME)
            st.text_input("Who saves it", key=AUTHOR, persist_state="session")
            st.text_area("Why this plan", key=WHY, height=80)

            def keep() -> None:
                name, author, why = (str(st.session_state.get(one, "")) for one in (NAME, AUTHOR, WHY))
                try:
                    plan_id = save_outreach(
                        study.store,
                        study.authority_code,
                        held_plan(edited),
                        name=name,
                        author=author,
                        rationale=why,
                        version=version,
                    )
                except InputError as fault:
                    st.session_state[_SAID] = (str(fault), False)
                    return
                carry_bookings(study.store, study.authority_code, base_key, f"{SAVED_MARK}{plan_id}")
                st.session_state[_SAID] = (f"Saved as {name.strip()}.", True)
                open_saved(plan_id)

            st.button("Save plan", type="primary", key="outreach_plan_save", on_click=keep)
        rows = saved_outreach(study.store, study.authority_code)
        if not rows:
            st.caption("No plan is saved yet. A saved plan stays as it is, with who saved it and when.")
        for one in rows:
            why = f"  \n{words.plain(one.rationale)}" if one.rationale else ""
            st.markdown(f"{words.plain(one.name)}  \n{one.created[:10]}, {words.plain(one.author)}{why}")
            st.button("Open", key=f"outreach_plan_{one.id}", on_click=open_saved, args=(one.id,))


def plan_said() -> None:
    """What came of saving a plan."""
    said, is_good = st.session_state.pop(_SAID, ("", True))
    if said:
        (st.success if is_good else st.error)(words.plain(said), icon=":material/info:")


def open_saved(plan_id: str) -> None:
    """Put a saved plan into the address, in place of a run and of edits."""
    forget()
    st.query_params.pop(RUN, None)
    st.query_params[PLAN] = plan_id
