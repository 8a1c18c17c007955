"""Two or three scenarios side by side: who does best on what, and a map of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outreach.case import CaseValues
from neighbourhoods.scenario.cost import HubCosts
from neighbourhoods.scenario.measure import MOST_COMPARED, ScenarioComparison, compare_scenarios
from neighbourhoods.scenario.report import rule_words, value_words
from neighbourhoods.scenario.scenario import Scenario
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map import area_map
from pages.components.loaders import geometry_url, scenario_reach_now
from pages.components.scenario_view import scenario_map
from pages.components.shown_table import shown_table

CHOSEN = "scenarios_compared"
GROUPS = ("Cost", "Coverage", "Equity")


def show_comparison(
    study: Study,
    saved: Sequence[Scenario],
    costs: tuple[HubCosts, CaseValues],
    option_of: Callable[[Scenario], FootprintOption | None],
    notes: Sequence[str],
) -> None:
    """Choose two or three saved scenarios, and lay them side by side."""
    if len(saved) < 2:
        st.info("Save two scenarios and they can be laid side by side here.")
        return
    by_id = {one.id: one for one in saved}
    now = [one for one in st.session_state.get(CHOSEN, []) if one in by_id]
    st.session_state[CHOSEN] = now or list(by_id)[:2]
    chosen = st.multiselect(
        "Compare",
        list(by_id),
        key=CHOSEN,
        format_func=lambda one: by_id[one].name,
        max_selections=MOST_COMPARED,
    )
    if len(chosen) < 2:
        st.info("Choose two or three scenarios.")
        return
    given = [by_id[one] for one in chosen]
    try:
        found = compare_scenarios(
            study,
            given,
            hub_values=costs[0],
            case_values=costs[1],
            reach_of=lambda one, rule: scenario_reach_now(study.version, one, rule),
        )
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    st.markdown(f"**{words.plain(contest_words(found))}**")
    shown_table(
        contest_table(found),
        "scenarios",
        "Scenarios by cost, coverage and equity",
        [*notes, rule_words(found.rule)],
    )
    columns = st.columns(len(given), gap="small")
    for column, one in zip(columns, given, strict=True):
        with column:
            st.markdown(f"**{words.plain(one.name)}**")
            reach = scenario_reach_now(study.version, one, found.rule)
            area_map(
                geometry_url(reach.hubs.params.geography),
                scenario_map(study, one, reach, option_of(one)),
                key=f"scenario_map_{one.id}",
                height=340,
                group="scenarios",
                label=f"Map of {study.authority_name}: minutes to a hub or stop in {one.name}",
            )
    st.caption(f"All by the rule of the first. {words.plain(rule_words(found.rule))}")


def contest_words(found: ScenarioComparison) -> str:
    """Which scenario does best on how many of the measures of each group."""
    said = []
    for group in GROUPS:
        rows = found.contest[found.contest["group"] == group]
        won = rows["winner"].to_numpy()
        counts = {name: int((won == place).sum()) for place, name in enumerate(found.names)}
        best = max(counts, key=lambda name: counts[name])
        ties = [name for name in counts if counts[name] == counts[best]]
        head = f"{group}: "
        if counts[best] == 0:
            said.append(f"{head}no clear difference, or not known.")
        elif len(ties) > 1:
            said.append(f"{head}{words.listed(ties)} do best on as many measures.")
        else:
            said.append(f"{head}{best} does best on {counts[best]} of {len(rows)}.")
    return " ".join(said)


def contest_table(found: ScenarioComparison) -> pd.DataFrame:
    """Measures as rows, scenarios as columns, and who does best."""
    rows = found.contest
    table = {"About": rows["group"].replace("", "Told"), "Measure": rows["label"]}
    for place, name in enumerate(found.names):
        table[name] = [
            value_words(float(value), str(unit))
            for value, unit in zip(rows[str(place)], rows["unit"], strict=True)
        ]
    table["Does best"] = [found.names[int(one)] if int(one) >= 0 else "" for one in rows["winner"]]
    return pd.DataFrame(table).reset_index(drop=True)
