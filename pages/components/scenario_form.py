"""Which scenario is in view: a saved one, or one put together from hubs, a bus and an option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from geodata.errors import InputError
from geodata.run_table import get_run, list_runs
from neighbourhoods.hub.ground import BUS_STOP, open_now
from neighbourhoods.hub.library import SavedPlan, saved_plans
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outreach.edit_library import SavedOutreach, find_outreach, plan_of, saved_outreach
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.scenario.library import call_scenario, drop_scenario, save_scenario, saved_scenarios
from neighbourhoods.scenario.scenario import Scenario, new_scenario, rule_of_hubs
from neighbourhoods.study.study import Study
from pages.components import run_view, words
from pages.components.dialog import AUTHOR, ask_author, attempt, dialog_button, typed
from pages.components.loaders import current_store, run_result
from pages.components.map_state import PLACE_KINDS
from pages.components.option_title import option_titles
from pages.components.scenario_taken import is_taken, taken_mark, taken_scenario
from pages.components.state import recall, remember

SCENARIO, NEW = "scenario", "new"
HUBS, BUS, OPTION = "scenario_hubs", "scenario_bus", "scenario_option"
SAID = "scenario_said"
TAKEN = "scenario_taken"
PLAN_MARK, KIND_MARK = "plan:", "open:"
N_BUSES = 12


@dataclass(frozen=True)
class Chosen:
    """What is in view.

    Parameters
    ----------
    saved : tuple of Scenario
    scenario : Scenario, optional
        None where nothing can be put together; `fault` says why.
    fault : str
    """

    saved: tuple[Scenario, ...]
    scenario: Scenario | None
    fault: str = ""


def choose(study: Study, options: Mapping[str, FootprintOption]) -> Chosen:
    """The boxes that say which scenario is in view."""
    saved = saved_scenarios(study)
    by_id = {one.id: one for one in saved}
    mark = st.query_params.get(SCENARIO, "")
    mark = mark if is_taken(mark) else str(st.session_state.get(TAKEN, ""))
    taken = taken_scenario(mark, by_id)
    choices = [*by_id, *([] if taken is None else [mark]), NEW]
    recall(SCENARIO, choices, choices[0])
    titles = {one.id: f"{one.name}, saved {one.created[:10]}" for one in saved}
    titles |= {mark: "Changed hubs and new rounds, not saved", NEW: "A new one"}
    chosen = st.selectbox("Scenario", choices, key=SCENARIO, format_func=titles.get)
    found: Scenario | None
    if taken is not None and chosen == mark:
        st.session_state[TAKEN] = mark
        found, fault = taken, ""
    elif chosen != NEW:
        found, fault = by_id[chosen], ""
    else:
        found, fault = _new(study, options)
    remember({SCENARIO: choices[0]})
    return Chosen(saved, found, fault)


def _new(study: Study, options: Mapping[str, FootprintOption]) -> tuple[Scenario | None, str]:
    plans = saved_plans(study.store)
    kinds = [k for k in PLACE_KINDS if k in study.place_kinds and k != BUS_STOP]
    sources = [*(PLAN_MARK + one.id for one in plans), *(KIND_MARK + one for one in kinds)]
    hubs = st.selectbox(
        "Hubs", sources, key=HUBS, format_func=_source_titles(plans, kinds).get, persist_state="session"
    )
    runs = {one.id: one for one in list_runs(current_store(), "outreach", n_most=N_BUSES) if one.result_file}
    buses = {PLAN_MARK + one.id: bus_title(one) for one in saved_outreach(study.store, study.authority_code)}
    buses |= {one: f"Run: {run_view.asked_in_words(run)}" for one, run in runs.items()}
    bus = st.selectbox(
        "Bus",
        ["", *buses],
        key=BUS,
        format_func=lambda one: buses.get(one, "No bus"),
        persist_state="session",
        help="Plans saved on the Outreach page, as they were changed by hand; then the newest runs.",
    )
    titles = option_titles(study, options.values())
    option = st.selectbox(
        "Option",
        ["", *options],
        key=OPTION,
        format_func=lambda one: titles.get(one, "None"),
        persist_state="session",
    )
    try:
        return _made(study, plans, hubs, bus, option or ""), ""
    except InputError as fault:
        return None, str(fault)


def bus_title(saved: SavedOutreach) -> str:
    """ "Autumn, saved 2026-11-26 by Ann" for a saved plan of the bus."""
    return f"{saved.name}, saved {saved.created[:10]} by {saved.author}"


def _source_titles(plans: Sequence[SavedPlan], kinds: Sequence[str]) -> dict[str, str]:
    titles = {PLAN_MARK + one.id: f"{one.name}, {words.plural(len(one.chosen), 'hub')}" for one in plans}
    return titles | {
        KIND_MARK + one: f"Each {_lowered(PLACE_KINDS[one].label)} that is open now" for one in kinds
    }


def _lowered(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _made(
    study: Study, plans: Sequence[SavedPlan], hubs: str | None, bus: str | None, option_id: str
) -> Scenario:
    if hubs is None:
        raise InputError("Choose hubs: a saved plan, or places that are open now.")
    plan, run_id, plan_id = _bus(study, bus or "")
    chosen = next((one for one in plans if PLAN_MARK + one.id == hubs), None)
    if chosen is not None:
        return new_scenario(
            chosen.chosen,
            bus_plan=plan,
            rule=None if plan is not None else rule_of_hubs(chosen.params),
            option_id=option_id or chosen.option_id,
            hub_plan_id=chosen.id,
            bus_run_id=run_id,
            bus_plan_id=plan_id,
        )
    places = study.places()
    ids = open_now(places[places["kind"] == hubs.removeprefix(KIND_MARK)])
    return new_scenario(ids, bus_plan=plan, option_id=option_id, bus_run_id=run_id, bus_plan_id=plan_id)


def _bus(study: Study, chosen: str) -> tuple[OutreachPlan | None, str, str]:
    """The bus that was chosen, with the run or the saved plan that it comes from."""
    if chosen.startswith(PLAN_MARK):
        plan_id = chosen.removeprefix(PLAN_MARK)
        return plan_of(find_outreach(study.store, study.authority_code, plan_id)), "", plan_id
    found = run_result(get_run(current_store(), chosen)) if chosen else None
    return (found, chosen, "") if isinstance(found, OutreachPlan) else (None, "", "")


def take_over(scenario: Scenario, run_id: str) -> None:
    """Put the hubs and rounds of a run in view in the place of a scenario; nothing is saved yet."""
    mark = taken_mark(st.session_state.get(SCENARIO), scenario, run_id)
    st.session_state[TAKEN] = st.session_state[SCENARIO] = mark
    st.query_params[SCENARIO] = mark
    st.session_state[SAID] = "Hubs and rounds are taken over. Save the scenario to keep it."


def save_button(study: Study, scenario: Scenario, key: str = "scenario") -> None:
    """A button with the form that keeps a scenario; another `key` for one that was changed on the page."""

    def form(scenario: Scenario) -> None:
        with st.form(f"{key}_form", border=False):
            st.text_input("Name", key=f"{key}_name")
            ask_author("Who made it")
            st.text_area("Why", key=f"{key}_why", height=90)
            st.form_submit_button(
                "Save", type="primary", key=f"{key}_save", on_click=attempt, args=(lambda: keep(scenario),)
            )

    def keep(scenario: Scenario) -> None:
        name = typed(f"{key}_name")
        found = save_scenario(study, scenario, name=name, author=typed(AUTHOR), rationale=typed(f"{key}_why"))
        st.session_state[SAID] = f"Saved as {name.strip()}."
        st.session_state.pop(TAKEN, None)
        st.session_state[SCENARIO] = found
        st.query_params[SCENARIO] = found

    dialog_button("Save as new" if scenario.id else "Save scenario", key, scenario, form)


def change_button(study: Study, scenario: Scenario) -> None:
    """Give the saved scenario in view another name, or take it off the list."""

    def form(scenario: Scenario) -> None:
        with st.form("scenario_change_form", border=False):
            st.text_input("New name", key="scenario_new_name")
            ask_author("Who changes it")
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(
                    "Rename",
                    type="primary",
                    key="scenario_rename",
                    on_click=attempt,
                    args=(lambda: rename(scenario),),
                )
                st.form_submit_button(
                    "Remove from the list",
                    key="scenario_remove",
                    on_click=attempt,
                    args=(lambda: remove(scenario),),
                )
            st.caption("What was saved stays in the workspace's record, with who removed it and when.")

    def rename(scenario: Scenario) -> None:
        name = typed("scenario_new_name")
        call_scenario(study, scenario.id, name=name, author=typed(AUTHOR))
        st.session_state[SAID] = f"It is {name.strip()} now."

    def remove(scenario: Scenario) -> None:
        drop_scenario(study, scenario.id, author=typed(AUTHOR))
        st.session_state[SCENARIO] = None
        st.query_params.pop(SCENARIO, None)
        st.session_state[SAID] = f"{scenario.name} is off the list."

    dialog_button("Rename or remove", "scenario_change", scenario, form)


def show_said() -> None:
    """What came of the last act."""
    if said := st.session_state.pop(SAID, ""):
        st.success(words.plain(said), icon=":material/check:")
