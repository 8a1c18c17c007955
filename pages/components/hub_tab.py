"""Under the map of hubs: what one hub more or less would change, and the neighbourhoods of an option."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geodata.errors import InputError
from neighbourhoods.hub.params import HubPlan
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, access_by_footprint
from pages.components import words
from pages.components.chart import themed
from pages.components.download import chart_downloads
from pages.components.hub_view import has_costs, number_chart, number_table
from pages.components.reach_view import reach_table
from pages.components.shell import page_link
from pages.components.shown_table import shown_table

AGAINST = {"number": "Number of hubs", "cost": "Cost a year"}


def show_numbers(study: Study, plan: HubPlan, geography: str, group: str, notes: Sequence[str]) -> None:
    """Cost against access: the best that is possible with each number of hubs, beside the places open now."""
    if plan.trade_off.empty:
        st.info(
            "Other numbers of hubs are not worked out where no hub may serve more than it has room for, and "
            "are not kept with a saved plan."
        )
        return
    st.markdown("The shortest mean journey that is possible with each number of hubs.")
    by_cost = has_costs(plan) and (
        st.selectbox("Against", list(AGAINST), key="hub_numbers_against", format_func=AGAINST.get) == "cost"
    )
    title = "Mean journey by cost" if by_cost else "Mean journey by number of hubs"
    chart = themed(
        number_chart(plan, by_cost=by_cost),
        title,
        f"Minutes, for {group}; the number of hubs in the plan is marked",
        study.source_sentence([plan.params.who], geography),
    )
    st.altair_chart(chart, theme=None, alt=f"{title}; the table below says the same")
    chart_downloads(chart, "hub_numbers", key="hub_numbers_chart")
    shown_table(number_table(plan), "hub_numbers", "Shortest mean journey by number of hubs", notes)


def show_footprints(
    study: Study, reach: Access, option: FootprintOption | None, notes: Sequence[str]
) -> None:
    """Who is within reach in each neighbourhood of an option."""
    if option is None:
        st.info("Draw or generate an option and save it; then its neighbourhoods are compared here.")
        page_link("draw", "Draw an option")
        return
    try:
        rows = access_by_footprint(study, reach, option)
    except InputError as fault:
        st.info(str(fault))
        return
    st.markdown(f"Neighbourhoods of {words.plain(option.name)}.")
    table = reach_table(rows, "footprint_name", "Neighbourhood", reach.params)
    shown_table(table, "hub_footprints", "Neighbourhoods within reach of a hub", notes)
