"""The cheapest mix of hubs and bus: what is asked, how far the search is, and cost against reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import altair as alt
import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.hub.ground import BUS_STOP
from neighbourhoods.outreach.case import CaseValues
from neighbourhoods.scenario.cost import HubCosts
from neighbourhoods.scenario.mix_limit import kept_lines, left_out_lines
from neighbourhoods.scenario.mix_params import MixParams, ScenarioMix
from neighbourhoods.scenario.report import mix_finding, mix_proof, rule_words
from neighbourhoods.scenario.scenario import Scenario, new_scenario
from neighbourhoods.study.study import Study
from pages.components import run_view, words
from pages.components.chart import BLUE, INK, themed
from pages.components.download import chart_downloads
from pages.components.hub_view import place_titles
from pages.components.map_state import PLACE_KINDS
from pages.components.scenario_change import hub_kinds
from pages.components.scenario_form import save_button
from pages.components.shown_table import shown_table

KIND = "mix"
CHART_HEIGHT = 380
FRONT, FOUND, OTHER = "None cheaper reaches as much", "The cheapest for what is asked", "Other mixes"


def show_mix(
    study: Study, scenario: Scenario, costs: tuple[HubCosts, CaseValues], notes: Sequence[str]
) -> None:
    """Ask for the joint search, watch it, and show what it found."""
    st.markdown(
        "How many hubs, and how much bus? The cheapest mix that brings a share of need within reach is "
        "searched for over every number of hubs and vehicles."
    )
    run = run_view.run_in_view(KIND)
    try:
        asked = _ask(study, scenario, costs)
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        asked = None
    is_running = run is not None and run.is_active
    st.button(
        "Search for the cheapest mix",
        type="primary",
        key="scenario_mix_go",
        disabled=asked is None or is_running,
        on_click=lambda: run_view.begin_run(KIND, asked),
    )
    if run is None:
        return
    run_view.show_run(run)
    found = run_view.finished_result(run.id)
    if not isinstance(found, ScenarioMix):
        return
    if run.version != study.version:
        st.info("The data have changed since. Search again to see it.", icon=":material/info:")
    _show_found(study, scenario, found, notes)


def _ask(study: Study, scenario: Scenario, costs: tuple[HubCosts, CaseValues]) -> MixParams:
    """What is asked, from the boxes; the rule is that of the scenario in view.

    Raises
    ------
    InputError
        When what is asked contradicts itself.
    """
    places, bus = study.places(), scenario.bus
    is_kept = bus is not None and st.checkbox(
        "Keep to what is asked of this scenario's bus",
        value=True,
        key="scenario_mix_keep",
        help="Its sessions, depot and kinds of stop, what is forbidden to it, hours of stops, range, breaks.",
    )
    bus = bus if is_kept else None
    first, second, third, fourth = st.columns(4, gap="small")
    share = first.number_input("Need within reach, per cent", 1, 100, 95, key="scenario_mix_share")
    n_hubs = second.number_input("Hubs at most", 1, 30, 6, key="scenario_mix_hubs")
    n_vehicles = third.number_input("Vehicles at most", 0, 6, 1, key="scenario_mix_vehicles")
    hours = fourth.number_input("Hours a shift", 1.0, 12.0, 7.0, 0.5, key="scenario_mix_hours")
    kinds = hub_kinds(study, scenario)
    titles = place_titles(places[places["kind"] != BUS_STOP])
    able = [one for one in titles if places["kind"].loc[one] in kinds]
    fixed = st.multiselect("Must be hubs", able, key="scenario_mix_fixed", format_func=titles.get)
    full = round(float(hours) * 60)
    asked = MixParams(
        kinds=kinds,
        stop_kinds=_stop_kinds(study) if bus is None else bus.stop_kinds,
        depot_id=_depot(titles) if bus is None else bus.depot_id,
        rule=scenario.rule,
        share=float(share) / 100,
        fixed=tuple(fixed),
        n_hubs_max=int(n_hubs),
        n_vehicles_max=int(n_vehicles),
        shifts=tuple(sorted({full // 2, full})),
        end_minute=max(1_020, 540 + full),
        hub_costs=costs[0],
        case=costs[1],
    )
    if bus is not None:
        asked = replace(asked, dwell_minutes=bus.dwell_minutes, drive_km_h=bus.drive_km_h, bus=bus)
    st.caption(words.plain(" ".join([*kept_lines(asked), *left_out_lines(asked)])))
    return asked


def _stop_kinds(study: Study) -> tuple[str, ...]:
    offered = [k for k in dict.fromkeys((BUS_STOP, *PLACE_KINDS)) if k in study.place_kinds]
    chosen = st.selectbox(
        "The bus may stand at",
        offered,
        key="scenario_mix_stops",
        format_func=lambda one: PLACE_KINDS[one].label,
    )
    if chosen is None:
        raise InputError("A kind of place at which the bus may stand is needed.")
    return (chosen,)


def _depot(titles: Mapping[str, str]) -> str:
    chosen = st.selectbox("Depot", list(titles), key="scenario_mix_depot", format_func=titles.get)
    if chosen is None:
        raise InputError("A depot is needed: a place where the bus is at night.")
    return chosen


def _show_found(study: Study, scenario: Scenario, found: ScenarioMix, notes: Sequence[str]) -> None:
    st.markdown(f"**{words.plain(mix_finding(found))}** {words.plain(mix_proof(found))}")
    names = study.places()["name"]
    limits = [*kept_lines(found.params), *left_out_lines(found.params)]
    lines = [*notes, mix_proof(found), rule_words(found.params.rule), *limits]
    if found.mixes:
        chart = themed(
            mix_chart(found),
            "What more reach costs",
            "Pounds a year against the share of need within reach; one mark for each mix",
            "Costs from the register and stated assumptions",
        )
        st.altair_chart(
            chart, theme=None, alt="Cost against need within reach; the table below says the same"
        )
        chart_downloads(chart, "cheapest_mix", key="scenario_mix_chart")
        shown_table(mix_table(found, names), "cheapest_mix", "Mixes of hubs and bus, cheapest first", lines)
    best = found.cheapest
    if best is None:
        return
    left = [str(names.get(one, one)) for one in best.hub_ids]
    st.markdown(f"Its hubs: {words.plain(words.listed(left, limit=20))}.")
    made = new_scenario(
        best.hub_ids, bus_plan=found.plan, rule=found.params.rule, option_id=scenario.option_id
    )
    save_button(study, replace(made, rule=found.params.rule), "scenario_mix")
    st.caption(f"{words.plain(found.method[:1].upper() + found.method[1:])}; {found.runtime_s:,.0f} seconds.")


def mix_table(found: ScenarioMix, names: pd.Series) -> pd.DataFrame:
    """The mixes that no cheaper one reaches as many as, and the cheapest for what is asked."""
    shown = sorted({*found.front, *([found.best] if found.best >= 0 else [])})
    rows = [found.mixes[place] for place in shown]
    return pd.DataFrame(
        {
            "Need within reach (%)": [round(100 * one.share, 1) for one in rows],
            "Pounds a year": [round(one.cost_gbp) for one in rows],
            "Pounds for hubs": [round(one.hub_gbp) for one in rows],
            "Pounds for the bus": [round(one.bus_gbp) for one in rows],
            "Hubs": [len(one.hub_ids) for one in rows],
            "Vehicles": [one.n_vehicles for one in rows],
            "Vehicle hours a week": [round(one.vehicle_hours, 1) for one in rows],
            "Stops": [one.n_stops for one in rows],
            "Which hubs": [", ".join(str(names.get(h, h)) for h in one.hub_ids) for one in rows],
            "Cheapest": ["yes" if place == found.best else "" for place in shown],
        }
    )


def mix_chart(found: ScenarioMix) -> alt.LayerChart:
    """Cost by share of need within reach; what is asked as a line."""
    front = set(found.front)
    rows = pd.DataFrame(
        {
            "share": [100 * one.share for one in found.mixes],
            "cost": [one.cost_gbp for one in found.mixes],
            "hubs": [len(one.hub_ids) for one in found.mixes],
            "vehicles": [one.n_vehicles for one in found.mixes],
            "kind": [
                FOUND if place == found.best else FRONT if place in front else OTHER
                for place in range(len(found.mixes))
            ],
        }
    )
    x = alt.X("share:Q", title="% of need within reach", scale=alt.Scale(domain=[0, 100]))
    y = alt.Y("cost:Q", title="Pounds a year", axis=alt.Axis(format=",.0f", grid=True))
    points = (
        alt.Chart(rows)
        .mark_point(filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=[FRONT, FOUND, OTHER], range=[BLUE, "#F46A25", "#8A949E"]),
                legend=alt.Legend(orient="top", labelFontSize=13, labelLimit=300, columns=2),
            ),
            shape=alt.Shape(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=[FRONT, FOUND, OTHER], range=["circle", "diamond", "triangle"]),
            ),
            size=alt.condition(f"datum.kind === '{OTHER}'", alt.value(40), alt.value(130)),
            tooltip=[
                alt.Tooltip("hubs:Q", title="Hubs"),
                alt.Tooltip("vehicles:Q", title="Vehicles"),
                alt.Tooltip("share:Q", title="% within reach", format=".1f"),
                alt.Tooltip("cost:Q", title="Pounds a year", format=",.0f"),
            ],
        )
    )
    asked = pd.DataFrame({"share": [100 * found.params.share]})
    rule = alt.Chart(asked).mark_rule(color=INK, strokeDash=[6, 4]).encode(x="share:Q")
    return alt.layer(rule, points).properties(height=CHART_HEIGHT)
