"""Outreach: where a bus should stand for those who are far from hubs, when, and what it costs."""

from __future__ import annotations

import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.hub.ground import BUS_STOP
from neighbourhoods.hub.library import saved_plans
from neighbourhoods.outreach.edit_library import SAVED_MARK
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan
from neighbourhoods.outreach.reach import plan_geography
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.travel.straight_line import TRAVEL_MODES
from pages.components import run_view, words
from pages.components.area_map import area_map
from pages.components.download import map_downloads
from pages.components.loaders import current_study, geometry_url
from pages.components.map_state import PLACE_KINDS, plain_map_state
from pages.components.outreach_case_tab import show_case
from pages.components.outreach_download import operator_now, show_downloads
from pages.components.outreach_edit_bar import edit_bar, on_map
from pages.components.outreach_edit_state import forget, in_hand
from pages.components.outreach_edit_tab import show_edit
from pages.components.outreach_form import ask, form_values
from pages.components.outreach_held import held_state
from pages.components.outreach_hire_tab import show_hire
from pages.components.outreach_quality import show_qualities
from pages.components.outreach_reach import show_reach
from pages.components.outreach_saved import PLAN, opened_plan, plan_said, plans_button
from pages.components.outreach_timetable import show_paper, show_rounds, show_stops, show_timetable
from pages.components.outreach_uptake_tab import show_uptake
from pages.components.outreach_view import (
    FILLED,
    KIND,
    finding_words,
    follow_plan,
    follow_run,
    line_words,
    method_words,
    need_words,
    outreach_map_state,
    proof_words,
)
from pages.components.shell import page_link, sample_notice

study = current_study()
places = study.places()
kinds = [k for k in PLACE_KINDS if k in study.place_kinds and k != BUS_STOP]
geographies = [g for g in study.geographies if study.population(g).notna().all()]
if not kinds or not geographies:
    st.title("Places and residents are needed to plan an outreach bus")
    st.caption("Stops, rounds and a timetable for those who live far from hubs.")
    sample_notice()
    st.info("Import a list of places, and boundaries with a table of residents, to begin.")
    page_link("data", "Import files")
    st.stop()

run = run_view.run_in_view(KIND)
follow_run(run, study)
headline = st.container()
with st.container(key="outreach_head"):
    under, past, kept = st.columns([12, 2, 2], gap="small")
notice = st.container()
picture, controls = st.columns([5, 3], gap="medium")
with notice:
    saved, base = opened_plan(study)
    if base is None:
        given = None if run is None else run_view.finished_result(run.id)
        base = given if isinstance(given, OutreachPlan) else None
        if run is None and run_view.RUN in st.query_params:
            st.info("The run that this link names is no longer kept. Find stops and rounds again.")
follow_plan(saved if base is not None else None, study)
now = None
if base is not None:
    now = in_hand(study, f"{SAVED_MARK}{saved.id}" if saved else str(run and run.id), base)
plan = None if now is None else now.plan
version = saved.version if saved else study.version if run is None else run.version
with controls:
    by_hand = st.container()
    wanted = ask(study, places, saved_plans(study.store), plan)
if wanted.fault:
    with notice:
        st.error(wanted.fault, icon=":material/error:")


def begin(asked: OutreachParams) -> None:
    """Have stops and rounds found in a process beside the app."""
    st.session_state.update(held_state(asked))
    form = form_values({str(key): value for key, value in st.session_state.items()})
    st.session_state[FILLED] = run_view.begin_run(KIND, asked, form=form)
    forget()
    st.query_params.pop(PLAN, None)


is_running = run is not None and run.is_active
with wanted.action:
    st.button(
        "Find stops and rounds",
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
    plan_said()
with kept:
    plans_button(study, now and now.edited, version, "" if now is None else now.base_key)

if plan is None or now is None:
    geography = geographies[0]
    with headline:
        st.title("Where should a bus stand, so that those who live far from every hub are served?")
    with under:
        st.caption(
            "Stops, days and hours are chosen together, within the driver's shift and the hours of "
            "the day, to "
            "serve the most people of need."
        )
        sample_notice()
    with picture:
        area_map(
            geometry_url(geography),
            plain_map_state(study, geography),
            key="outreach_empty",
            height=470,
            label=f"Map of {study.authority_name}'s {geography_record(geography).plural}",
        )
        st.caption("The stops will be shown here, with the need that is far from hubs.")
    st.stop()

try:
    geography = plan_geography(study, plan)
except InputError as fault:
    with headline:
        st.title("This plan cannot be shown any more")
    with under:
        sample_notice()
    with notice:
        st.error(str(fault), icon=":material/error:")
    st.stop()
asked = plan.params
with headline:
    st.title(finding_words(plan))
with under:
    st.caption(
        f"Far is more than {asked.far_minutes:g} minutes' {TRAVEL_MODES[asked.mode].journey} to each of "
        f"{words.plural(len(asked.hub_ids), 'hub')}. {need_words(plan)} {proof_words(plan)}"
    )
    sample_notice()
with notice:
    if saved is not None:
        st.caption(
            f"{words.plain(saved.name)}, saved by {words.plain(saved.author)} on {saved.created[:10]}."
        )
    if version != study.version:
        st.info("The data have changed since. Find stops and rounds again to see it.", icon=":material/info:")
    elif saved is None and wanted.params not in (None, now.base.params) and not is_running:
        st.info("What is asked has changed. Find stops and rounds again to see it.", icon=":material/info:")
with by_hand:
    edit_bar(study, now, begin, is_busy=is_running)
with picture:
    area_map(
        geometry_url(geography),
        outreach_map_state(study, plan),
        key="outreach_map",
        height=470,
        label=f"Map of {study.authority_name}: people of need far from hubs, and stops of the bus",
        on_event=on_map(study, now),
    )
    with st.container(key="outreach_drag_words"):
        st.caption("Drag a stop by its ring to move it, or move it under Edit by hand.")
    st.caption(f"{line_words(study, plan)} Stops and hours are listed below.")

people = [SERVICES[one.service_id] for one in asked.sessions]
used = list(dict.fromkeys(i for one in people for i in (one.people_id, one.weight_id) if i))
notes = [*study.source_lines(used), need_words(plan), proof_words(plan)]
option = next(iter(study.options_on_a_map()), None)
time_tab, edit_tab, stop_tab, round_tab, who_tab, case_tab, hire_tab, uptake_tab, file_tab, method_tab = (
    st.tabs(
        [
            "Timetable",
            "Edit by hand",
            "Stops",
            "Rounds",
            "Who is reached",
            "Business case",
            "Hire",
            "Uptake",
            "Downloads",
            "How this is worked out",
        ],
        key="outreach_tabs",
        on_change="rerun",
    )
)
if time_tab.open:
    with time_tab:
        show_timetable(plan, notes)
        show_paper(plan, operator_now(study))
if edit_tab.open:
    with edit_tab:
        show_edit(study, now, notes)
if stop_tab.open:
    with stop_tab:
        show_stops(plan, notes)
        show_qualities(study, plan, notes)
if round_tab.open:
    with round_tab:
        show_rounds(plan, notes)
if who_tab.open:
    with who_tab:
        show_reach(study, plan, now.key, option, notes)
        map_downloads(
            lambda: study.areas(geography).join(plan.areas), "outreach_need", notes, key="outreach_need_map"
        )
if case_tab.open:
    with case_tab:
        show_case(study, plan, notes)
if hire_tab.open:
    with hire_tab:
        show_hire(study, plan, notes, plan_id=now.base_key, is_edited=bool(now.edits))
if uptake_tab.open:
    with uptake_tab:
        show_uptake(study, plan, notes)
if file_tab.open:
    with file_tab:
        show_downloads(study, plan, notes)
if method_tab.open:
    with method_tab:
        st.markdown(method_words(plan))
st.caption(study.source_sentence(used, geography))
