"""Plans of the bus that are kept: save the one in view with who and why, and open another."""

from __future__ import annotations

from functools import partial

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
from pages.components.dialog import attempt, dialog_button, typed
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


def plans_button(study: Study, edited: EditedPlan | None, version: int, base_key: str) -> None:
    """A button with the form that keeps the plan in view, and the list of those that are kept.

    Parameters
    ----------
    base_key : str
        Names what the plan in view was made from; its bookings go along when the plan is saved.
    """

    def form(edited: EditedPlan | None) -> None:
        if edited is not None:
            with st.form("outreach_plan_form", border=False):
                st.text_input("Name", key=NAME)
                st.text_input("Who saves it", key=AUTHOR, persist_state="session")
                st.text_area("Why this plan", key=WHY, height=80)
                st.form_submit_button(
                    "Save plan",
                    type="primary",
                    key="outreach_plan_save",
                    on_click=attempt,
                    args=(lambda: keep(edited),),
                )
        rows = saved_outreach(study.store, study.authority_code)
        if not rows:
            st.caption("No plan is saved yet. A saved plan stays as it is, with who saved it and when.")
        for one in rows:
            why = f"  \n{words.plain(one.rationale)}" if one.rationale else ""
            st.markdown(f"{words.plain(one.name)}  \n{one.created[:10]}, {words.plain(one.author)}{why}")
            st.button(
                "Open",
                key=f"outreach_plan_{one.id}",
                on_click=attempt,
                args=(partial(open_saved, one.id),),
            )

    def keep(edited: EditedPlan) -> None:
        name = typed(NAME)
        plan_id = save_outreach(
            study.store,
            study.authority_code,
            held_plan(edited),
            name=name,
            author=typed(AUTHOR),
            rationale=typed(WHY),
            version=version,
        )
        carry_bookings(study.store, study.authority_code, base_key, f"{SAVED_MARK}{plan_id}")
        st.session_state[_SAID] = f"Saved as {name.strip()}."
        open_saved(plan_id)

    dialog_button("Plans", "outreach_plans", edited, form)


def plan_said() -> None:
    """That a plan was saved."""
    if said := st.session_state.pop(_SAID, ""):
        st.success(words.plain(said), icon=":material/check:")


def open_saved(plan_id: str) -> None:
    """Put a saved plan into the address, in place of a run and of edits."""
    forget()
    st.query_params.pop(RUN, None)
    st.query_params[PLAN] = plan_id
