"""Hubs: where teams should stand among real places, who is within reach then, and how sure that is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from geodata.layouts.venue import KIND as VENUE
from geodata.layouts.venue import STAYS
from neighbourhoods.access import (
    GROUPS,
    access_by_area,
    access_by_fifth,
    access_by_footprint,
    access_by_group,
    group_counts,
    within_column,
)
from neighbourhoods.access_report import method_words, source_lines
from neighbourhoods.hub_siting import BUS_STOP, OBJECTIVES, HubParams, HubPlan, cost_columns, reach_of
from neighbourhoods.starting_point import starting_points
from neighbourhoods.study import RESIDENTS
from neighbourhoods.travel import TRAVEL_MODES
from pages.components import run_view, words
from pages.components.area_map import area_map
from pages.components.chart import themed
from pages.components.download import chart_downloads, map_downloads, table_downloads
from pages.components.hub_view import (
    FILLED,
    KIND,
    finding_words,
    follow_run,
    hub_map_state,
    hub_table,
    number_chart,
    number_table,
    place_titles,
    proof_words,
    value_words,
    what_if,
)
from pages.components.loaders import current_study, geometry_url
from pages.components.map_state import PLACE_KINDS, plain_map_state
from pages.components.option_title import option_titles
from pages.components.print_table import print_table
from pages.components.reach_view import lowered, reach_table
from pages.components.shell import page_link, sample_notice

FIRST_KINDS = ("library", "gp_surgery")

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
counted = group_counts(study, starting_points(study, geographies[0]).geography)
known_groups = [one for one in GROUPS if one in counted]

headline = st.container()
under, past = st.columns([6, 1], gap="medium")
notice = st.container()
picture, controls = st.columns([5, 3], gap="medium")
with controls:
    default_kinds = [VENUE] if VENUE in kinds else [k for k in FIRST_KINDS if k in kinds] or kinds[:1]
    st.session_state.setdefault("hubs_kinds", default_kinds)
    st.session_state["hubs_kinds"] = [k for k in st.session_state["hubs_kinds"] if k in kinds]
    chosen_kinds = st.multiselect(
        "Hubs could stand in", kinds, key="hubs_kinds", format_func=lambda k: PLACE_KINDS[k].label
    )
    left, right = st.columns(2, gap="small")
    st.session_state.setdefault("hubs_n", 6)
    n_hubs = left.number_input("Hubs", 1, 25, key="hubs_n")
    st.session_state.setdefault("hubs_minutes", 15)
    minutes = right.number_input("Within reach, minutes", 5, 90, step=5, key="hubs_minutes")
    st.session_state.setdefault("hubs_objective", "p_median")
    objective = st.selectbox(
        "What matters", list(OBJECTIVES), key="hubs_objective", format_func=OBJECTIVES.__getitem__
    )
    st.session_state.setdefault("hubs_mode", "walk")
    mode = st.selectbox(
        "By", list(TRAVEL_MODES), key="hubs_mode", format_func=lambda m: TRAVEL_MODES[m].label
    )
    action = st.container()
    with st.expander("More"):
        who = st.selectbox(
            "For whom", known_groups, key="hubs_who", format_func=lambda i: study.catalogue[i].label
        )
        housed = places[places["kind"].isin(chosen_kinds)]
        titles = place_titles(housed)
        for key in ("hubs_fixed", "hubs_closed"):
            st.session_state[key] = [one for one in st.session_state.get(key, []) if one in titles]
        fixed = st.multiselect("Must be a hub", list(titles), key="hubs_fixed", format_func=titles.get)
        closed = st.multiselect("May not be one", list(titles), key="hubs_closed", format_func=titles.get)
        costs = cost_columns(housed)
        stays = [str(one) for one in housed.index[housed["status"] == STAYS]]
        keeps = bool(stays) and st.toggle(
            f"Keep the {words.plural(len(stays), 'venue')} that stay", True, key="hubs_keep"
        )
        budget = (
            st.number_input(
                "Most they may cost a year, pounds (0: no budget)", 0, step=10_000, key="hubs_budget"
            )
            if costs["running"].notna().any()
            else 0
        )
        each = st.selectbox(
            "At least one in each neighbourhood of",
            list(saved),
            index=None,
            key="hubs_option",
            placeholder="None" if saved else "No option is saved yet",
            format_func=option_titles(study, saved.values()).get,
        )

params: HubParams | None = None
with notice:
    try:
        params = HubParams(
            tuple(chosen_kinds),
            int(n_hubs),
            objective,
            float(minutes),
            who or RESIDENTS,
            mode,
            fixed=tuple(dict.fromkeys([*fixed, *(stays if keeps else [])])),
            closed=tuple(closed),
            option=saved.get(each or ""),
            budget_gbp=float(budget),
        )
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")


def begin(asked: HubParams) -> None:
    """Have the hubs chosen in a process beside the app."""
    form = {str(k): v for k, v in st.session_state.items() if str(k).startswith("hubs_")}
    run_id = run_view.begin_run(KIND, asked, form=form)
    st.session_state[FILLED] = run_id


is_running = run is not None and run.is_active
with action:
    st.button(
        "Find hubs", type="primary", disabled=params is None or is_running, on_click=begin, args=(params,)
    )
    if run is not None:
        run_view.show_run(run.id)
with past:
    run_view.earlier_runs(KIND)
with notice:
    result = None if run is None else run_view.finished_result(run.id)
    if run is None and run_view.RUN in st.query_params:
        st.info("The run that this link names is no longer kept. Find hubs again.")
plan = result if isinstance(result, HubPlan) and set(result.chosen) <= set(places.index) else None
geography = geographies[0]

if plan is None:
    with headline:
        st.title("Where should teams stand, so that those who need them have the shortest journeys?")
    with under:
        st.caption(
            f"{words.plural(len(housed), 'place')} could house a hub. The best plan by one aim is found with "
            "a bound that no other plan beats."
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
    st.stop()

asked = plan.params
reach = reach_of(study, asked, plan.chosen, geography)
by_area = access_by_area(study, reach)
with headline:
    st.title(finding_words(study, plan, reach))
with under:
    group = words.plain(lowered(study.catalogue[asked.who].label))
    st.caption(
        f"{OBJECTIVES[asked.objective]}, for {group}: {value_words(plan)}. {proof_words(plan)} "
        + method_words(reach)
    )
    sample_notice()
with notice:
    if run is not None and run.version != study.version:
        st.info("The data have changed since. Find hubs again to see it.", icon=":material/info:")
    elif params is not None and params != asked and not is_running:
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

notes = [*source_lines(study, reach), method_words(reach), proof_words(plan)]


def show(table: pd.DataFrame, name: str, alt: str) -> None:
    """A table on the screen, on paper and to take away."""
    people = {c: st.column_config.NumberColumn(format="localized") for c in table if c.startswith("People")}
    st.dataframe(table, hide_index=True, alt=alt, column_config=people)
    print_table(table)
    table_downloads(table, name, notes, key=name)


hubs_tab, what_tab, number_tab, area_tab, group_tab, footprint_tab, method_tab = st.tabs(
    ["Hubs", "What if", "How many", "Areas", "Who", "Neighbourhoods", "How this is worked out"]
)
with hubs_tab:
    show(hub_table(plan, reach), "hubs", "Hubs, and the people for whom each is the nearest")
with what_tab:
    what_if(study, plan, reach, show)
with number_tab:
    st.markdown("The shortest mean journey that is possible with each number of hubs.")
    chart = themed(
        number_chart(plan),
        "Mean journey by number of hubs",
        f"Minutes, for {group}; the number of hubs in the plan is marked",
        study.source_sentence([asked.who], geography),
    )
    st.altair_chart(chart, theme=None, alt="Mean minutes by number of hubs; the table below says the same")
    chart_downloads(chart, "hub_numbers", key="hub_numbers_chart")
    show(number_table(plan), "hub_numbers", "Shortest mean journey by number of hubs")
with area_tab:
    title = geography_record(geography).label
    ordered = by_area.sort_values("minutes", ascending=False, kind="stable")
    show(
        reach_table(ordered, "area_name", title[0].upper() + title[1:], reach.params),
        "hub_areas",
        "Areas, furthest from a hub first",
    )
    map_downloads(
        lambda: study.areas(geography).join(by_area.drop(columns="area_name")), "hubs", notes, key="hubs_map"
    )
with group_tab:
    groups = access_by_group(study, reach)
    show(reach_table(groups, "label", "Group", reach.params), "hub_groups", "Groups within reach of a hub")
    fifths = access_by_fifth(study, reach)
    if fifths is not None:
        column = within_column(asked.minutes)
        st.markdown(
            f"Within {asked.minutes:g} minutes of a hub: {fifths.loc[1, column]:.0%} of residents of the "
            f"most deprived fifth of areas, {fifths.loc[5, column]:.0%} of the least deprived."
        )
with footprint_tab:
    option = asked.option or saved.get(each or "") or next(iter(saved.values()), None)
    if option is None:
        st.info("Draw or generate an option and save it; then its neighbourhoods are compared here.")
        page_link("draw", "Draw an option")
    else:
        try:
            rows = access_by_footprint(study, reach, option)
        except InputError as fault:
            st.info(str(fault))
        else:
            st.markdown(f"Neighbourhoods of {words.plain(option.name)}.")
            show(
                reach_table(rows, "footprint_name", "Neighbourhood", reach.params),
                "hub_footprints",
                "Neighbourhoods within reach of a hub",
            )
with method_tab:
    st.markdown(
        f"{words.plain(plan.method[:1].upper() + plan.method[1:])}; {plan.runtime_s:.1f} seconds, seed "
        f"{asked.seed}; the same seed gives the same plan. While hubs are chosen, an area goes to one "
        "of them as a whole, its journey the mean over its starting points; tables and map then count each "
        f"starting point at its own nearest hub. {method_words(reach)} Costs, opening hours and room inside "
        "a place are not taken into account."
    )
st.caption(" ".join(["Source:", *source_lines(study, reach)]))
