"""Hubs: where teams should stand among real places, who is within reach then, and how sure that is."""

from __future__ import annotations

import streamlit as st

from geodata.geography import geography as geography_record
from neighbourhoods.hub.ground import BUS_STOP
from neighbourhoods.hub.library import saved_plans
from neighbourhoods.hub.params import HubParams, HubPlan
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.study.study import RESIDENTS
from neighbourhoods.travel.access import access_by_area, access_by_fifth, access_by_group, within_column
from neighbourhoods.travel.access_report import method_words, open_at_words
from pages.components import run_view, words
from pages.components.area_map import area_map
from pages.components.download import map_downloads
from pages.components.hub_form import ask
from pages.components.hub_saved import PLAN, opened_plan, plans_tab, save_button
from pages.components.hub_tab import show_footprints, show_numbers
from pages.components.hub_view import (
    FILLED,
    KIND,
    finding_words,
    follow_run,
    hub_map_state,
    hub_table,
    proof_words,
    value_words,
)
from pages.components.hub_what_if import what_if
from pages.components.loaders import current_study, geometry_url, hub_ground_now, hub_sources
from pages.components.map_state import PLACE_KINDS, plain_map_state
from pages.components.reach_view import lowered, reach_table
from pages.components.shell import page_link, sample_notice
from pages.components.shown_table import shown_table

study = current_study()
kinds = [k for k in PLACE_KINDS if k in study.place_kinds and k != BUS_STOP]
geographies = [g for g in study.geographies if study.population(g).notna().all()]
if not kinds or not geographies:
    st.title("Places and residents are needed to site hubs")
    st.caption("The best places for teams to stand, by the journeys of the people who need them.")
    sample_notice()
    st.info("Import a list of places, and boundaries with a table of residents, to begin.")
    page_link("data", "Import files")
    st.stop()

run = run_view.run_in_view(KIND)
follow_run(run, study)
places = study.places()
saved = {o.id: o for o in study.options_on_a_map()}
geography = geographies[0]

headline = st.container()
under, past = st.columns([6, 1], gap="medium")
notice = st.container()
picture, controls = st.columns([5, 3], gap="medium")
with controls:
    wanted = ask(study, kinds, geography, saved)
if wanted.fault:
    with notice:
        st.error(wanted.fault, icon=":material/error:")


def begin(asked: HubParams) -> None:
    """Have the hubs chosen in a process beside the app."""
    form = {str(k): v for k, v in st.session_state.items() if str(k).startswith("hubs_")}
    run_id = run_view.begin_run(KIND, asked, form=form)
    st.session_state[FILLED] = run_id
    st.query_params.pop(PLAN, None)


is_running = run is not None and run.is_active
with wanted.action:
    st.button(
        "Find hubs",
        type="primary",
        disabled=wanted.params is None or is_running,
        on_click=begin,
        args=(wanted.params,),
    )
    if run is not None:
        run_view.show_run(run)
with past:
    run_view.earlier_runs(KIND)
with notice:
    result = None if run is None else run_view.finished_result(run.id)
    if run is None and run_view.RUN in st.query_params:
        st.info("The run that this link names is no longer kept. Find hubs again.")
plans = saved_plans(study.store)
given = opened_plan(plans, saved) or result
plan = given if isinstance(given, HubPlan) and set(given.chosen) <= set(places.index) else None

if plan is None:
    with headline:
        st.title("Where should teams stand, so that those who need them have the shortest journeys?")
    with under:
        st.caption(
            f"{words.plural(wanted.n_housed, 'place')} could house a hub. The best plan by one aim is found "
            "with a bound that no other plan beats."
        )
        sample_notice()
    with picture:
        area_map(
            geometry_url(geography),
            plain_map_state(study, geography),
            key="hubs_empty",
            height=470,
            label=f"Map of {study.authority_name}'s {geography_record(geography).plural}",
        )
        st.caption("The hubs will be shown here, with who is within reach of them.")
    if plans:
        st.subheader("Saved plans")
        plans_tab(study, plans, saved, study.source_lines([RESIDENTS]))
    st.stop()

asked = plan.params
option = asked.option or next(iter(saved.values()), None)
reach = hub_ground_now(study.version, asked).reach(asked, plan.chosen)
by_area = access_by_area(study, reach)
group = words.plain(lowered(study.catalogue[asked.who].label))
with headline:
    st.title(finding_words(study, plan, reach))
with under:
    st.caption(
        f"{OBJECTIVES[asked.objective].label}, for {group}: {value_words(plan)}. {proof_words(plan)} "
        + method_words(reach)
    )
    sample_notice()
with notice:
    if run is not None and run.version != study.version:
        st.info("The data have changed since. Find hubs again to see it.", icon=":material/info:")
    elif PLAN in st.query_params:
        st.info("A saved plan is shown. Find hubs for another.", icon=":material/info:")
    elif wanted.params is not None and wanted.params != asked and not is_running:
        st.info("What is asked has changed. Find hubs again to see it.", icon=":material/info:")
with picture:
    area_map(
        geometry_url(geography),
        hub_map_state(study, reach, by_area, asked.minutes),
        key="hubs_map",
        height=470,
        label=f"Map of {study.authority_name}: minutes to the nearest of {len(plan.chosen)} hubs",
    )
    st.caption("Hubs: " + words.listed([words.plain(n) for n in reach.places["name"]], limit=25) + ".")
    save_button(study, plan, saved)

open_said = open_at_words(study, reach)
notes = [*hub_sources(study.version, reach), method_words(reach), *([open_said] if open_said else [])]
notes.append(proof_words(plan))
hubs_tab, what_tab, number_tab, area_tab, group_tab, footprint_tab, plan_tab, method_tab = st.tabs(
    ["Hubs", "What if", "How many", "Areas", "Who", "Neighbourhoods", "Plans", "How this is worked out"],
    key="hubs_tabs",
    on_change="rerun",
)
if hubs_tab.open:
    with hubs_tab:
        alt = "Hubs, and the people for whom each is the nearest"
        shown_table(hub_table(plan, reach), "hubs", alt, notes)
if what_tab.open:
    with what_tab:
        what_if(study, plan, option, notes)
if number_tab.open:
    with number_tab:
        show_numbers(study, plan, geography, group, notes)
if area_tab.open:
    with area_tab:
        title = geography_record(geography).label
        ordered = by_area.sort_values("minutes", ascending=False, kind="stable")
        table = reach_table(ordered, "area_name", title[0].upper() + title[1:], reach.params)
        shown_table(table, "hub_areas", "Areas, furthest from a hub first", notes)
        map_downloads(
            lambda: study.areas(geography).join(by_area.drop(columns="area_name")),
            "hubs",
            notes,
            key="hubs_map",
        )
if group_tab.open:
    with group_tab:
        groups = access_by_group(study, reach)
        table = reach_table(groups, "label", "Group", reach.params)
        shown_table(table, "hub_groups", "Groups within reach of a hub", notes)
        fifths = access_by_fifth(study, reach)
        if fifths is not None:
            column = within_column(asked.minutes)
            st.markdown(
                f"Within {asked.minutes:g} minutes of a hub: {fifths.loc[1, column]:.0%} of residents of the "
                f"most deprived fifth of areas, {fifths.loc[5, column]:.0%} of the least deprived."
            )
if footprint_tab.open:
    with footprint_tab:
        show_footprints(study, reach, option, notes)
if plan_tab.open:
    with plan_tab:
        plans_tab(study, plans, saved, notes)
if method_tab.open:
    with method_tab:
        st.markdown(
            f"{words.plain(plan.method[:1].upper() + plan.method[1:])}; {plan.runtime_s:.1f} seconds, seed "
            f"{asked.seed}; the same seed gives the same plan. Aim: {OBJECTIVES[asked.objective].source}. "
            "While hubs are chosen, an area goes to one of them as a whole, its journey the mean over its "
            "starting points; tables and map then count each starting point at its own nearest hub. "
            f"{method_words(reach)} {open_said or 'Opening hours are not taken into account.'} "
            + (
                "No hub may serve more people than it has room for, so that an area may go to one that is "
                "not its nearest."
                if asked.heeds_capacity
                else "The room inside a place is not taken into account."
            )
        )
st.caption(" ".join(["Source:", *hub_sources(study.version, reach)]))
