"""Generate: every way to make neighbourhoods of whole areas, or the best found, and what each wish costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.generation.generate import problem_of
from neighbourhoods.generation.plan import plan_of
from neighbourhoods.measure.option_score import population_by_footprint
from neighbourhoods.need.index import require_unmixed
from neighbourhoods.option.draft import draft_of
from neighbourhoods.option.library import save_option
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.export import option_note
from neighbourhoods.study.study import RESIDENTS
from pages.components import generating, run_view, words
from pages.components.area_map import area_map
from pages.components.dialog import AUTHOR, ask_author, attempt, dialog_button, typed
from pages.components.drawing import begin
from pages.components.generate_form import ask
from pages.components.generated_choice import NONE, order_and_shown
from pages.components.generated_tab import (
    show_front,
    show_method,
    show_standing,
)
from pages.components.generating import KIND, PLACE
from pages.components.loaders import current_study, geometry_url
from pages.components.map_state import footprint_map_state, plain_map_state
from pages.components.shell import page_link, sample_notice

NAME, WHY, KEPT = "save_name", "save_rationale", "generate_kept"

study = current_study()
offered = generating.geographies_offered(study)
if not offered:
    st.title("No areas to make neighbourhoods of")
    st.caption("Every way is found for up to 32 areas, such as wards; of more, the best that a search finds.")
    sample_notice()
    st.info("Import a boundary file of your wards, and a table of residents, to begin.")
    page_link("data", "Import files")
    st.stop()

saved = {o.id: o for o in study.options() if o.geography in study.geographies}
run = run_view.run_in_view(KIND)
generating.follow_run(run, study)
geography = generating.geography_now(offered)
record = geography_record(geography)
areas = study.areas(geography)
generating.set_defaults(study, geography)

headline = st.container()
under, past = st.columns([6, 1], gap="medium")
notice = st.container()
picture, panel = st.columns([5, 4], gap="medium")

is_running = run is not None and run.is_active
with panel:
    as_now, action = ask(study, geography, saved, offered)
generating.keep_in_address(offered)

try:
    params = generating.params_now(geography, as_now)
    require_unmixed([one for one, _ in params.need], study.catalogue)
    problem = problem_of(study, params)
    with st.spinner("Preparing the search"):
        plan = plan_of(problem, params)
    is_search = plan.method == "search"
    if is_search:  # what is wished for leads a search
        params = replace(params, wishes=generating.wishes_now(params))
        plan = plan_of(problem, params)
except InputError as fault:
    with notice:
        st.error(str(fault), icon=":material/error:")
    params, plan, is_search = None, None, False

with action:
    if plan is not None:
        st.caption(plan.words)
    st.button(
        "Find the best" if is_search else "Find every way",
        type="primary",
        disabled=params is None or is_running,
        on_click=generating.begin_generation,
        args=(params, plan),
    )
    if run is not None:
        run_view.show_run(run, shows_best=True)
with past:
    run_view.earlier_runs(KIND)
with notice:
    found = generating.result_now(run, study, geography)
    if run is None and run_view.RUN in st.query_params:
        st.info("The run that this link names is no longer kept. Find every way again.")
is_changed = params is None or found is None or not generating.is_same_search(params, found.params)
if is_changed and plan is not None and not generating.is_at_once(plan) and not is_running:
    run_view.make_ready()

in_words = generating.in_words(int(st.session_state["generate_n"]))
if found is None or params is None or not found.n_options:
    with headline:
        st.title(
            f"What are the best {in_words} neighbourhoods of {record.plural}?"
            if is_search
            else f"How many ways are there to make {in_words} neighbourhoods?"
        )
    with under:
        st.caption(
            f"The best that a search finds by your wishes among all ways to put "
            f"{words.plural(len(areas), record.label, record.plural)} of {study.authority_name} into "
            "neighbourhoods in one piece and within the band, and how much better any other could be."
            if is_search
            else f"Every way to put {words.plural(len(areas), record.label, record.plural)} of "
            f"{study.authority_name} into neighbourhoods in one piece and within the band, none missed."
        )
        sample_notice()
    with picture:
        if found is not None and not found.n_options:
            st.info("Stopped before anything was found. Nothing is lost: find again when you are ready.")
        area_map(
            geometry_url(geography),
            plain_map_state(study, geography),
            key="generate_empty",
            height=480,
            label=f"Map of {study.authority_name}'s {record.plural}",
        )
        st.caption("The best way will be shown here, with a table of the others and what each wish costs.")
    st.stop()

result = generating.with_wishes(found, found.params)
asked = result.params
n_words = (
    generating.in_words(asked.n_min)
    if asked.n_min == asked.n_max
    else f"{generating.in_words(asked.n_min)} to {generating.in_words(asked.n_max)}"
)
most_compact = result.scores["shared_border_m"].min() / 1_000
ways = words.plural(result.n_options, "way")
with headline:
    st.title(
        generating.found_words(result, n_words, goes_on=is_running)
        if result.note is not None
        else f"There {'is' if result.n_options == 1 else 'are'} {ways} to make {n_words} neighbourhoods "
        f"within {asked.tolerance:.0%}; the most compact has {most_compact:.1f} km of border between them"
        if result.is_complete
        else f"At least {ways} to make {n_words} neighbourhoods: the search was stopped before its end"
    )
with under:
    left_out = (
        f" {result.n_enclosed_left_out:,} more have one neighbourhood inside another and are left out."
        if result.n_enclosed_left_out
        else ""
    )
    st.caption(
        f"{words.plural(len(areas), record.label, record.plural)} of {study.authority_name}, target "
        f"{result.target:,.0f} people in each, give or take {asked.tolerance:.0%}. "
        + generating.proof_words(result, goes_on=is_running)
        + left_out
    )
    sample_notice()
with notice:
    if run is not None and study.figures_changed_since(run.version):
        st.info("The data have changed since. Find every way again to see it.", icon=":material/info:")
    elif is_changed and not is_running:
        st.info("What is asked has changed. Find every way again to see it.", icon=":material/info:")

order, number = order_and_shown(result, study.source_lines())
if number == NONE:
    st.stop()

option = result.option(number)
people = population_by_footprint(result.footprint[number][None, :], result.people)[0]
people = people[~np.isnan(people)]
scores = result.scores.iloc[number]


def open_in_draw() -> None:
    """Put the option in view in hand, unsaved."""
    begin(draft_of(option, areas.index))
    st.session_state["generate_opened"] = True


def save_form(option: FootprintOption) -> None:
    """Keep the option that was in view when this was opened: a search may have found a better one since."""
    with st.form("generate_save_form", border=False):
        st.text_input("Name", value=option.name, key=NAME)
        ask_author("Who chose it")
        st.text_area("Why this one", key=WHY, height=90)
        st.form_submit_button(
            "Save", type="primary", key="generate_save", on_click=attempt, args=(lambda: keep(option),)
        )


def keep(option: FootprintOption) -> None:
    """Save it under the name that was typed."""
    st.session_state[KEPT] = save_option(
        study.store,
        option.with_changes(
            name=typed(NAME).strip(),
            author=typed(AUTHOR),
            rationale=f"{typed(WHY).strip()} {option.rationale}".strip(),
        ),
    )


with picture:
    area_map(
        geometry_url(geography),
        footprint_map_state(study, option),
        key="generate_map",
        height=420,
        label=f"Map of {option.name}",
    )
    st.caption(
        "In words: "
        + "; ".join(
            f"{option.footprint_name(one)} {words.number(float(count))} people in "
            f"{words.plural(sum(f == one for f in option.assignment.values()), record.label, record.plural)}"
            for one, count in zip(option.footprint_ids, people, strict=True)
        )
        + f". Furthest from target {scores['max_deviation']:.1%}, "
        f"border {scores['shared_border_m'] / 1_000:.1f} km."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input("Place in the ranking", 1, len(order), key=PLACE, width=160)
        st.button("Open in Draw", on_click=open_in_draw)
        dialog_button("Save option", "generate_save", option, save_form, kind="primary")
    if kept := st.session_state.pop(KEPT, None):
        st.success(f"Saved as {words.plain(kept.name)}.", icon=":material/check:")
        page_link("test", "Test this option", carrying={"option": kept.id})
if st.session_state.pop("generate_opened", False):
    st.switch_page("pages/plan/draw_option.py")


notes = [*study.source_lines(), option_note(option), result.rationale(number)]
used = [RESIDENTS, *(one for one, _ in asked.need)]
source = study.source_sentence(used, geography)
front_tab, standing_tab, method_tab = st.tabs(
    ["What each wish costs", "How it stands", "How this is worked out"],
    key="generate_tabs",
    on_change="rerun",
)
if front_tab.open:
    with front_tab:
        show_front(result, number, source, notes)
if standing_tab.open:
    with standing_tab:
        show_standing(result, scores, notes)
if method_tab.open:
    with method_tab:
        show_method(result, record.label, record.plural)
st.caption(source)
