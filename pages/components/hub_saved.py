"""Plans that are kept: save the one in view, lay several side by side with the places that are open now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.hub.library import (
    MOST_COMPARED,
    PlanComparison,
    SavedPlan,
    compare_plans,
    plan_of,
    save_plan,
)
from neighbourhoods.hub.params import HubPlan
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from neighbourhoods.travel.straight_line import ACCESS_MODES
from pages.components import words
from pages.components.dialog import AUTHOR, ask_author, attempt, dialog_button, typed
from pages.components.hub_what_if import changes_of, with_changes
from pages.components.loaders import hub_ground_now
from pages.components.option_title import option_titles
from pages.components.shown_table import shown_table

PLAN = "plan"
NAME, WHY, OPTION = "hub_plan_name", "hub_plan_why", "hub_plan_option"
SAID, CHOSEN = "hub_plan_said", "hub_plans_chosen"


def save_button(study: Study, plan: HubPlan, saved: Mapping[str, FootprintOption]) -> None:
    """A button with the form that keeps the plan in view, with what was changed under What if."""

    def form(plan: HubPlan) -> None:
        with st.form("hub_plan_form", border=False):
            st.text_input("Name", key=NAME)
            ask_author("Who made it")
            st.text_area("Why these hubs", key=WHY, height=90)
            asked = plan.params.option
            ids = list(saved)
            st.selectbox(
                "Belongs to the option",
                ids,
                index=ids.index(asked.id) if asked is not None and asked.id in ids else None,
                key=OPTION,
                placeholder="None",
                format_func=option_titles(study, saved.values()).get,
            )
            close, add = changes_of(plan)
            if close or add:
                st.caption(
                    f"As changed under What if: {len(close)} closed, {len(add)} added. How near such a plan "
                    "is to the best is not worked out."
                )
            st.form_submit_button(
                "Save", type="primary", key="hub_plan_save", on_click=attempt, args=(lambda: keep(plan),)
            )

    def keep(plan: HubPlan) -> None:
        name = typed(NAME)
        plan_id = save_plan(
            study.store,
            with_changes(plan),
            name=name,
            author=typed(AUTHOR),
            rationale=typed(WHY),
            option_id=typed(OPTION),
        )
        st.session_state[SAID] = f"Saved as {name.strip()}. Compare it under Plans."
        now = [one for one in st.session_state.get(CHOSEN, []) if one != plan_id]
        st.session_state[CHOSEN] = [*now, plan_id][-MOST_COMPARED:]

    dialog_button("Save plan", "hub_plan", plan, form)
    if said := st.session_state.pop(SAID, ""):
        st.success(words.plain(said), icon=":material/check:")


def plans_tab(
    study: Study,
    plans: Sequence[SavedPlan],
    saved: Mapping[str, FootprintOption],
    notes: Sequence[str],
) -> None:
    """Up to four saved plans side by side."""
    if not plans:
        st.info("Save a plan and it is listed here, to be compared with others and with the places open now.")
        return
    by_id = {plan.id: plan for plan in plans}
    titles = {
        plan.id: f"{plan.name}, {words.plural(len(plan.chosen), 'hub')}, {plan.created[:10]}"
        for plan in plans
    }
    now = [one for one in st.session_state.get(CHOSEN, []) if one in by_id]
    st.session_state[CHOSEN] = now or list(by_id)[:MOST_COMPARED]
    chosen = st.multiselect(
        "Compare", list(by_id), key=CHOSEN, format_func=titles.get, max_selections=MOST_COMPARED
    )
    if not chosen:
        st.info("Choose one or more plans.")
        return
    compared = [by_id[one] for one in chosen]
    option = next((saved[p.option_id] for p in compared if p.option_id in saved), None)
    try:
        found = compare_plans(
            study,
            compared,
            option=option,
            ground_of=lambda params: hub_ground_now(study.version, params),
        )
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    st.markdown(f"**{comparison_words(found)}**")
    shown_table(measure_table(found), "hub_plans", "Saved plans by their measures", notes)
    if found.footprints is not None and option is not None:
        st.markdown(f"Neighbourhoods of {words.plain(option.name)}: minutes, and per cent within reach.")
        shown_table(footprint_table(found), "hub_plans_footprints", "Saved plans by neighbourhood", notes)
    st.caption(
        f"All by {ACCESS_MODES[found.params.mode].label.lower()} at {found.params.speed_km_h:g} km/h, from "
        "today's residents to today's places. As now: every place of these kinds that is open. Costs are a "
        "year's running and what opening costs, where both are known of all hubs."
    )
    for plan in compared:
        st.button(
            f"Show {words.plain(plan.name)} on the map",
            key=f"hub_plan_open_{plan.id}",
            on_click=open_plan,
            args=(plan.id,),
        )
        why = f" {words.plain(plan.rationale)}" if plan.rationale else ""
        who = f", {words.plain(plan.author)}" if plan.author else ""
        st.caption(f"{words.plain(plan.name)}: saved {plan.created[:10]}{who}.{why}")


def open_plan(plan_id: str) -> None:
    """Put a saved plan on the map, and into the address."""
    st.query_params[PLAN] = plan_id


def opened_plan(plans: Sequence[SavedPlan], saved: Mapping[str, FootprintOption]) -> HubPlan | None:
    """The saved plan that the address names; None for none."""
    wanted = st.query_params.get(PLAN, "")
    found = next((plan for plan in plans if plan.id == wanted), None)
    if found is None:
        st.query_params.pop(PLAN, None)
        return None
    return plan_of(found, saved.get(found.option_id))


def comparison_words(found: PlanComparison) -> str:
    """Which of the plans does best on what."""
    plans = found.measures[found.measures["name"] != "As now"]
    best = plans.loc[plans["minutes"].idxmin()]
    if len(plans) == 1:
        return f"{words.plain(str(best['name']))}: {best['minutes']:,.1f} minutes on average."
    fairest = plans.loc[plans["worst_fifth_minutes"].idxmin()]
    also = " too" if fairest["name"] == best["name"] else ""
    return (
        f"Shortest on average: {words.plain(str(best['name']))}, {best['minutes']:,.1f} minutes. For the "
        f"fifth who travel longest: {words.plain(str(fairest['name']))}{also}, "
        f"{fairest['worst_fifth_minutes']:,.1f} minutes."
    )


def measure_table(found: PlanComparison) -> pd.DataFrame:
    """Plans as columns, measures as rows would not sort: so plans are rows."""
    rows = found.measures
    limit = f"within_{found.limit:g}"
    reach = {f"Within {found.limit:g} minutes (%)": (100 * rows[limit]).round(1)}
    deprived = (100 * rows[f"{limit}_deprived"]).round(1)
    priced = {} if rows["cost_gbp"].isna().all() else {"Pounds": rows["cost_gbp"].round()}
    gone = {} if not rows["n_gone"].any() else {"Gone from the register": rows["n_gone"]}
    return pd.DataFrame(
        {
            "Plan": rows["name"],
            "Hubs": rows["n_hubs"],
            "Minutes, mean": rows["minutes"].round(1),
            "Worst-served fifth, minutes": rows["worst_fifth_minutes"].round(1),
            "Longest, minutes": rows["longest_minutes"].round(),
            **reach,
            "The same, most deprived fifth (%)": deprived,
            "Concentration index": rows["concentration_index"].round(3),
            **priced,
            **gone,
        }
    )


def footprint_table(found: PlanComparison) -> pd.DataFrame:
    """Footprints as rows; minutes and per cent within reach of each plan."""
    assert found.footprints is not None
    columns: dict[str, pd.Series] = {}
    for name in dict.fromkeys(found.footprints.columns.get_level_values(0)):
        part = found.footprints[name]
        columns[f"{name}, minutes"] = part["minutes"].round(1)
        columns[f"{name}, within {found.limit:g} (%)"] = (100 * part["within"]).round(1)
    return pd.DataFrame(columns).reset_index(names="Neighbourhood")
