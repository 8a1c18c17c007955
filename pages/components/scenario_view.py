"""What the Scenarios page says of one scenario: its finding, its map, its measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outreach.case import ASSUMPTIONS, CaseAssumption, CaseValues
from neighbourhoods.scenario.cost import HUB_ASSUMPTIONS, HubCosts
from neighbourhoods.scenario.measure import MEASURES, ScenarioFigures
from neighbourhoods.scenario.reach import ScenarioReach
from neighbourhoods.scenario.report import value_words
from neighbourhoods.scenario.scenario import Scenario, weekly_stops
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import access_by_area
from pages.components import words
from pages.components.area_map_state import MapState, PlaceKind, Point
from pages.components.dialog import attempt, dialog_button
from pages.components.map_state import degrees, footprint_parts
from pages.components.outreach_case_tab import SHARES, money
from pages.components.overlay import degrees_of, overlay_of
from pages.components.reach_view import reach_map_state, share_words

HUB = PlaceKind("hub", "Hub", "star", "#801650")
STOP = PlaceKind("stop", "Stop of the bus", "circle", "#C24A0C")
COST = "scenario_cost_"


def finding_words(scenario: Scenario, figures: ScenarioFigures) -> str:
    """The headline: what it reaches and what it costs."""
    plan = scenario.bus_plan
    n_buses = 1 if plan is None else int(plan.rounds["vehicle"].nunique())
    bus = "" if scenario.bus is None else f" and {'a bus' if n_buses == 1 else f'{n_buses:,} buses'}"
    hubs = words.plural(figures.n_hubs, "hub")
    if scenario.is_unplanned:
        return f"{hubs} and a bus whose rounds are not worked out: what it reaches and costs is not known"
    cost = (
        "what that costs is not known"
        if np.isnan(figures.cost_gbp)
        else f"it costs about {words.plain(money(figures.cost_gbp))} a year"
    )
    verb = "puts" if figures.n_hubs == 1 and scenario.bus is None else "put"
    return f"{hubs}{bus} {verb} {share_words(figures.need_share)} of need within reach; {cost}"


def under_words(scenario: Scenario, figures: ScenarioFigures) -> str:
    """Coverage without the bus, cost for each person, and whose assumption the cost is."""
    said = []
    if scenario.bus is not None and not np.isnan(figures.need_share):
        more = figures.need_share - figures.need_hub_share
        said.append(
            f"The hubs alone reach {share_words(figures.need_hub_share)}; the bus adds "
            f"{100 * more:.0f} percentage points."
        )
    if np.isfinite(figures.gbp_per_person):
        said.append(f"{words.plain(money(figures.gbp_per_person))} a year for each person within reach.")
    if figures.n_assumed:
        said.append(
            f"The cost of {figures.n_assumed} of {words.plural(figures.n_hubs, 'hub')} is an assumption, "
            "set under Costs; the register does not say."
        )
    return " ".join(said)


def scenario_map(
    study: Study, scenario: Scenario, reach: ScenarioReach, option: FootprintOption | None
) -> MapState:
    """Minutes to the nearest hub or stop, with hubs, stops and the footprints of the option."""
    by_area = access_by_area(study, reach.either)
    state = reach_map_state(study, reach.either, by_area, reach.rule.minutes)
    legend = state.legend
    kinds, points = _points(study, scenario)
    state = replace(
        state,
        kinds=kinds,
        points=points,
        legend=None if legend is None else replace(legend, title="Minutes to a hub or stop"),
    )
    if option is None:
        return state
    if option.geography == reach.hubs.params.geography:
        return replace(state, **footprint_parts(study, option))
    areas = study.areas(option.geography)
    footprint = pd.Series(option.footprint_by_area(areas.index).to_numpy(), index=areas.index)
    joined = areas[["geometry"]].assign(name=footprint.map(option.footprint_name)).dissolve("name")
    return replace(state, overlay=overlay_of(joined))


def _points(study: Study, scenario: Scenario) -> tuple[tuple[PlaceKind, ...], tuple[Point, ...]]:
    places = study.places()
    hubs = places.loc[[one for one in scenario.hub_ids if one in places.index]]
    lon, lat = degrees(hubs.geometry)
    found: list[Point] = []
    if scenario.bus_plan is not None:
        stops = weekly_stops(scenario.bus_plan)
        where = np.array(degrees_of(stops[["x", "y"]].to_numpy(dtype=float))).reshape(-1, 2)
        found += [
            Point(STOP.id, str(name), float(x), float(y))
            for name, (x, y) in zip(stops["name"], where, strict=True)
        ]
    found += [
        Point(HUB.id, str(name), float(x), float(y))
        for name, x, y in zip(hubs["name"], lon, lat, strict=True)
    ]
    used = {point.kind for point in found}
    return tuple(kind for kind in (HUB, STOP) if kind.id in used), tuple(found)


def measure_table(figures: ScenarioFigures) -> pd.DataFrame:
    """One scenario, line by line."""
    return pd.DataFrame(
        {
            "About": [one.group or "Told" for one in MEASURES],
            "Measure": [one.label for one in MEASURES],
            "Value": [value_words(float(getattr(figures, one.id)), one.unit) for one in MEASURES],
        }
    )


def ask_costs() -> tuple[HubCosts, CaseValues]:
    """The assumptions of cost: of hubs in a form here, of the bus as they stand on the Outreach page.

    Raises
    ------
    InputError
        For a number that cannot be.
    """
    for one in HUB_ASSUMPTIONS.values():
        st.session_state.setdefault(COST + one.id, one.first)
    dialog_button("Costs", "scenario_costs", HUB_ASSUMPTIONS, _costs_form)
    return _hub_costs_now(), case_now()


def _costs_form(asked: Mapping[str, CaseAssumption]) -> None:
    with st.form("scenario_costs_form", border=False):
        st.caption("Assumptions to be set by the council. An empty box is not known.")
        for one in asked.values():
            least = 1.0 if one.id == "opening_years" else 0.0
            st.number_input(
                f"{one.label}, {one.unit}",
                least,
                one.most,
                None,  # so that a box can be emptied
                key=COST + one.id,
                help=one.why,
                persist_state="session",
            )
        st.caption("Costs of the bus are set on the Outreach page, under Business case.")
        st.form_submit_button(
            "Set costs", type="primary", key="scenario_costs_set", on_click=attempt, args=(_hub_costs_now,)
        )


def _hub_costs_now() -> HubCosts:
    found = {}
    for one in HUB_ASSUMPTIONS:
        value = st.session_state.get(COST + one)
        found[one] = float("nan") if value is None else float(value)
    return HubCosts(**found)


def case_now() -> CaseValues:
    """The bus's assumptions as they were set on the Outreach page, or as they begin."""
    found = {}
    for one in ASSUMPTIONS.values():
        factor = 100 if one.id in SHARES else 1
        value = st.session_state.get(f"outreach_case_{one.id}", one.first * factor)
        found[one.id] = float("nan") if value is None else float(value) / factor
    return CaseValues(**found)


def cost_lines(hubs: HubCosts, case: CaseValues) -> list[str]:
    """What every file says of the assumptions that its costs rest on."""
    given = [(one, getattr(hubs, one.id)) for one in HUB_ASSUMPTIONS.values()]
    given += [(one, getattr(case, one.id)) for one in ASSUMPTIONS.values()]
    return [f"Assumption: {one.label}: {words.number(value, 2)} ({one.unit})." for one, value in given]
