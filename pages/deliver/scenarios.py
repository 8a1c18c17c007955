"""Scenarios: hubs and a bus together, what they cost and reach, and which mix does it most cheaply."""

from __future__ import annotations

import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.hub.ground import BUS_STOP
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.scenario.library import bus_source, gone_words
from neighbourhoods.scenario.measure import scenario_figures
from neighbourhoods.scenario.report import rule_words
from neighbourhoods.scenario.scenario import Scenario
from neighbourhoods.travel.access_report import method_words
from pages.components import run_view, words
from pages.components.area_map import area_map
from pages.components.loaders import current_study, geometry_url, hub_sources, scenario_reach_now
from pages.components.map_state import PLACE_KINDS, plain_map_state
from pages.components.scenario_change import show_give_up, show_hub_change, show_near
from pages.components.scenario_compare import show_comparison
from pages.components.scenario_form import bus_title, change_button, choose, save_button, show_said
from pages.components.scenario_mix_tab import KIND, show_mix
from pages.components.scenario_view import (
    ask_costs,
    cost_lines,
    finding_words,
    measure_table,
    scenario_map,
    under_words,
)
from pages.components.shell import page_link, sample_notice
from pages.components.shown_table import shown_table

study = current_study()
kinds = [k for k in PLACE_KINDS if k in study.place_kinds and k != BUS_STOP]
geographies = [g for g in study.geographies if study.population(g).notna().all()]
if not kinds or not geographies:
    st.title("Places and residents are needed to lay scenarios side by side")
    st.caption("Hubs and a bus together: what they cost, whom they reach, and how evenly.")
    sample_notice()
    st.info("Import a list of places, and boundaries with a table of residents, to begin.")
    page_link("data", "Import files")
    st.stop()

options = {one.id: one for one in study.options_on_a_map()}
headline = st.container()
under, past = st.columns([6, 1], gap="medium")
notice = st.container()
picture, controls = st.columns([5, 3], gap="medium")
costs = None
with controls:
    with st.container():  # holds its place, so that what stands below keeps the focus
        chosen = choose(study, options)
    row = st.container(horizontal=True, gap="small")
    with row:
        try:
            costs = ask_costs()
        except InputError as fault:
            notice.error(str(fault), icon=":material/error:")
        if chosen.scenario is not None:
            save_button(study, chosen.scenario)
            if chosen.scenario.id:
                change_button(study, chosen.scenario)
    show_said()
with past:
    run_view.earlier_runs(KIND)


def option_of(one: Scenario) -> FootprintOption | None:
    """The option whose footprints a scenario is told by."""
    return options.get(one.option_id)


scenario, fault_words = chosen.scenario, chosen.fault
reach = figures = None
if scenario is not None and costs is not None:
    try:
        reach = scenario_reach_now(study.version, scenario, scenario.rule)
        figures = scenario_figures(study, scenario, hub_values=costs[0], case_values=costs[1], reach=reach)
    except InputError as fault:
        fault_words = str(fault)
if scenario is None or costs is None or reach is None or figures is None:
    geography = geographies[0]
    with headline:
        st.title("Hubs and a bus together: what do they cost, and whom do they reach?")
    with under:
        sample_notice()
    with notice:
        if fault_words:
            st.error(fault_words, icon=":material/error:")
    with picture:
        area_map(
            geometry_url(geography),
            plain_map_state(study, geography),
            key="scenario_empty",
            height=470,
            label=f"Map of {study.authority_name}'s {geography_record(geography).plural}",
        )
    st.stop()

option = option_of(scenario)
with headline:
    st.title(finding_words(scenario, figures))
with under:
    st.caption(f"{under_words(scenario, figures)} {words.plain(rule_words(scenario.rule))}")
    sample_notice()
with notice:
    for said in gone_words(study, scenario):
        st.info(words.plain(said), icon=":material/info:")
with picture:
    area_map(
        geometry_url(reach.hubs.params.geography),
        scenario_map(study, scenario, reach, option),
        key="scenario_map",
        height=470,
        label=f"Map of {study.authority_name}: minutes to the nearest hub or stop",
    )
    named = [words.plain(str(name)) for name in reach.hubs.places["name"]]
    st.caption("Hubs: " + words.listed(named, limit=25) + ".")
with controls:
    why = f" {words.plain(scenario.rationale)}" if scenario.rationale else ""
    if scenario.id:
        who = f" by {words.plain(scenario.author)}" if scenario.author else ""
        st.caption(f"Saved {scenario.created[:10]}{who}.{why}")
    source = bus_source(study, scenario)
    if source is not None:
        st.caption(f"Its bus: the plan {words.plain(bus_title(source))}.")

service = SERVICES[scenario.rule.service_id]
used = [one for one in (service.people_id, service.weight_id) if one]
notes = [
    *hub_sources(study.version, reach.hubs),
    *study.source_lines(used),
    method_words(reach.hubs),
    rule_words(scenario.rule),
    *cost_lines(*costs),
]
figure_tab, near_tab, change_tab, give_tab, compare_tab, mix_tab, method_tab = st.tabs(
    [
        "Costs and reach",
        "Who is near",
        "Change hubs",
        "Give up stops",
        "Compare",
        "Cheapest mix",
        "How this is worked out",
    ],
    key="scenario_tabs",
    on_change="rerun",
)
if figure_tab.open:
    with figure_tab:
        shown_table(measure_table(figures), "scenario", "The scenario by cost, coverage and equity", notes)
if near_tab.open:
    with near_tab:
        show_near(study, reach, option, notes)
if change_tab.open:
    with change_tab:
        show_hub_change(study, scenario, notes)
if give_tab.open:
    with give_tab:
        show_give_up(study, scenario, notes)
if compare_tab.open:
    with compare_tab:
        show_comparison(study, chosen.saved, costs, option_of, notes)
if mix_tab.open:
    with mix_tab:
        show_mix(study, scenario, costs, notes)
if method_tab.open:
    with method_tab:
        st.markdown(
            f"{words.plain(rule_words(scenario.rule))} A stop that is visited in one week of two is not "
            "within reach. Costs a year: hubs by the register, else by the assumption; opening divided by "
            "its years; the bus by its business case. What is not known is told as not known. The fifth who "
            "travel longest are a fifth of residents; areas are ordered by the Indices of Deprivation. The "
            "concentration index is nought where minutes do not slope with deprivation. The cheapest mix "
            "counts need once, at the first stop that is near; its bound lets the bus drive half of the "
            f"shortest ways at each stop. {method_words(reach.hubs)}"
        )
st.caption(" ".join(["Source:", *hub_sources(study.version, reach.hubs)]))
