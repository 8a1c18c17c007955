"""What a change does: hubs closed or opened and the bus that feels it; stops given up and hubs that help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.hub.change import change_by
from neighbourhoods.hub.ground import BUS_STOP
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.timetable_week import stop_order
from neighbourhoods.run.run import run_kind
from neighbourhoods.scenario.change import HubChange, change_hubs
from neighbourhoods.scenario.give_up import BusChange, give_up_hours, give_up_stop
from neighbourhoods.scenario.reach import ScenarioReach
from neighbourhoods.scenario.report import change_words
from neighbourhoods.scenario.scenario import Scenario
from neighbourhoods.study.study import Study
from pages.components import run_view, words
from pages.components.hub_view import place_titles
from pages.components.hub_what_if import BY_WORDS
from pages.components.map_state import PLACE_KINDS
from pages.components.outreach_view import rounded
from pages.components.scenario_form import save_button, take_over
from pages.components.shown_table import shown_table

CLOSE, ADD, NEW_ROUNDS = "scenario_close", "scenario_add", "scenario_new_rounds"
MOST_ROWS = 10


def show_near(
    study: Study, reach: ScenarioReach, option: FootprintOption | None, notes: Sequence[str]
) -> None:
    """Minutes to the nearest service with the hubs alone and with the bus, by one part of the people."""
    offered = [one for one in BY_WORDS if one != "footprint" or option is not None]
    by = st.selectbox("By", offered, index=1, key="scenario_by", format_func=BY_WORDS.get)
    limit = reach.rule.minutes
    rows = change_by(study, reach.hubs, reach.either, by, limit, option)
    if rows is None:
        st.info("Deprivation is not known for these areas; import the Indices of Deprivation.")
        return
    shown_table(
        pd.DataFrame(
            {
                "Fifth, 1 most deprived" if by == "fifth" else BY_WORDS[by]: rows["label"],
                "People": rows["people"].round(),
                "Minutes, hubs alone": rows["minutes_before"].round(1),
                "Minutes, with the bus": rows["minutes_after"].round(1),
                f"Within {limit:g}, hubs alone (%)": (100 * rows["within_before"]).round(1),
                f"Within {limit:g}, with the bus (%)": (100 * rows["within_after"]).round(1),
            }
        ).reset_index(drop=True),
        f"scenario_by_{by}",
        f"{BY_WORDS[by]}: minutes to the nearest hub, and to the nearest of hubs and stops",
        notes,
    )
    st.caption("A stop counts like a hub, though the bus is there for an hour or two a week.")


def hub_kinds(study: Study, scenario: Scenario) -> tuple[str, ...]:
    """Kinds of place that could be a hub: those of the scenario's hubs."""
    places = study.places()
    kinds = places["kind"].reindex(list(scenario.hub_ids)).dropna().unique()
    return tuple(sorted(str(one) for one in kinds if one != BUS_STOP))


def show_hub_change(study: Study, scenario: Scenario, notes: Sequence[str]) -> None:
    """Close and open hubs; who is newly far, and what it does to the stops of the bus."""
    places = study.places()
    able = places[places["kind"].isin(hub_kinds(study, scenario)) | places.index.isin(scenario.hub_ids)]
    titles = place_titles(able)
    now = [one for one in scenario.hub_ids if one in titles]
    free = [one for one in titles if one not in now]
    st.session_state[CLOSE] = [one for one in st.session_state.get(CLOSE, []) if one in now]
    st.session_state[ADD] = [one for one in st.session_state.get(ADD, []) if one in free]
    left, right = st.columns(2, gap="medium")
    close = left.multiselect("Close", now, key=CLOSE, format_func=titles.get)
    add = right.multiselect("Open", free, key=ADD, format_func=titles.get)
    if not close and not add:
        st.caption("Close a hub, open another, or both: a swap. What it does to the bus is said at once.")
        return
    try:
        found = change_hubs(study, scenario, close=tuple(close), add=tuple(add))
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    st.markdown(f"**{words.plain(change_words(found))}**")
    _show_areas(study, found, notes)
    if found.rounds_before is not None:
        shown_table(
            pd.DataFrame(
                {
                    "Stop": found.stops["name"],
                    "People of need far from hubs near it, now": found.stops["before"].round(),
                    "People of need, changed": found.stops["after"].round(),
                    "People of need more": found.stops["change"].round(),
                }
            ).reset_index(drop=True),
            "scenario_stops",
            "Stops of the bus, most need lost first",
            notes,
        )
        _new_rounds(found)
    save_button(study, replace(found.after, id=""), "scenario_changed")


def _show_areas(study: Study, found: HubChange, notes: Sequence[str]) -> None:
    if found.by_area.empty:
        return
    geography = study.counting_geography(study.geographies[0])
    names = study.outlines(geography)["area_name"].reindex(found.by_area.index)
    shown_table(
        pd.DataFrame(
            {
                "Area": names.fillna("").where(names.notna(), found.by_area.index.astype(str)),
                "People of need newly far": found.by_area["need_newly_far"].round(),
                "People of need newly near": found.by_area["need_newly_near"].round(),
            }
        ).reset_index(drop=True),
        "scenario_far",
        "Who comes to be far from every hub, most first",
        notes,
    )


def _new_rounds(found: HubChange) -> None:
    """Have the rounds worked out anew for the changed hubs, in a process beside the app."""
    bus = found.after.bus
    if bus is None:
        return
    is_held = bool(bus.fixed) and st.checkbox(
        f"Keep the {words.plural(len(bus.fixed), 'visit')} that {'is' if len(bus.fixed) == 1 else 'are'} "
        "held in their stop and hour",
        value=True,
        key="scenario_keep_held",
    )
    asked = replace(bus, hub_ids=found.after.hub_ids, fixed=bus.fixed if is_held else ())

    def begin() -> None:
        st.session_state[NEW_ROUNDS] = run_view.ask_for_run("outreach", asked)

    st.button("Work out the rounds anew", key="scenario_rounds", on_click=begin)
    run_id = str(st.session_state.get(NEW_ROUNDS, ""))
    run = run_view.run_now(run_id)
    if run is None or run_kind(run.kind).params_from_json(run.params) != asked:
        return  # it was asked for other hubs or another bus
    run_view.show_run(run)
    plan = run_view.finished_result(run_id)
    if isinstance(plan, OutreachPlan):
        served = float(plan.areas[[f"served_{one.id}" for one in plan.params.sessions]].sum().sum())
        same = found.rounds_after.served if found.rounds_after is not None else float("nan")
        st.markdown(
            f"New rounds serve about {rounded(served):,.0f} people of need, the same rounds "
            f"{rounded(same):,.0f}."
        )
        st.button(
            "Take over these hubs and rounds",
            key="scenario_take_over",
            on_click=take_over,
            args=(found.before, run_id),
        )


def show_give_up(study: Study, scenario: Scenario, notes: Sequence[str]) -> None:
    """Give up a stop or some hours: who is then beyond reach, and which hub would bring most of them back."""
    plan = scenario.bus_plan
    if plan is None:
        st.info("This scenario has no bus whose rounds are worked out, so there is nothing to give up.")
        return
    names = plan.stops["name"]
    left, right = st.columns(2, gap="medium")
    ids = stop_order(plan)
    stop = left.selectbox(
        "Give up a stop", ids, index=None, key="scenario_stop", format_func=lambda one: str(names[one])
    )
    hours = right.number_input("Or hours at stops", 0.0, 200.0, 0.0, 1.0, key="scenario_hours")
    kinds = hub_kinds(study, scenario)
    try:
        if stop:
            found = give_up_stop(study, scenario, stop, kinds)
        elif hours > 0:
            found = give_up_hours(study, scenario, hours, kinds)
        else:
            st.caption("Hours are given up at the visits that serve fewest people of need.")
            return
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    st.markdown(f"**{give_up_words(found)}**")
    rows = found.candidates.head(MOST_ROWS)
    if not rows.empty:
        shown_table(
            pd.DataFrame(
                {
                    "Hub that would help": rows["name"],
                    "Kind": [PLACE_KINDS[k].label if k in PLACE_KINDS else k for k in rows["kind"]],
                    "People of need brought back": rows["need_back"].round(),
                    "Of those lost (%)": (100 * rows["share_back"]).round(1),
                }
            ).reset_index(drop=True),
            "scenario_give_up",
            "Places that would bring most of them back as hubs",
            notes,
        )


def give_up_words(found: BusChange) -> str:
    """Who is lost, and which hub would bring most of them back."""
    head = (
        f"About {rounded(found.need_lost):,.0f} people of need are then beyond reach; "
        f"{found.minutes_freed / 60:,.1f} hours at stops are free."
    )
    if found.need_lost <= 0:
        return (
            f"Nobody is lost: everyone there is within reach of a hub or another stop. {head.split('; ')[1]}"
        )
    if found.candidates.empty:
        return f"{head} No place that could be a hub is near any of them."
    best = found.candidates.iloc[0]
    return (
        f"{head} {words.plain(str(best['name']))} as a hub would bring {best['share_back']:.0%} of them "
        "back, the most of all."
    )
