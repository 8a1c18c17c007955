"""Who changes place: flows of people between the footprints of the first option and of another."""

from __future__ import annotations

import streamlit as st

from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import RESIDENTS
from pages.components import words
from pages.components.chart import themed
from pages.components.compare_choice import Compared
from pages.components.download import chart_downloads, table_downloads
from pages.components.flow_chart import flow_chart, flow_rows
from pages.components.print_table import print_table

COLUMNS = {
    "from_footprint_name": "From",
    "to_footprint_name": "To",
    "people": "People",
    "n_areas": "Areas",
}


def show_flows(compared: Compared) -> None:
    """A chart and a table for each of the other options."""
    st.caption(
        "Footprints are matched by the most people they share, so a change of name alone moves nobody."
    )
    for option in compared.others:
        _show_one(compared, option)


def _show_one(compared: Compared, option: FootprintOption) -> None:
    first, second = compared.title(compared.first), compared.title(option)
    comparison = compared.comparisons[option.id]
    moving = comparison.flows[comparison.flows["changed"]].sort_values("people", ascending=False)
    st.markdown(f"**From {words.plain(first)} to {words.plain(second)}**")
    if moving.empty:
        st.markdown("Nobody changes footprint.")
        return
    chart = themed(
        flow_chart(flow_rows(compared.first, option, comparison), first, second),
        f"{words.number(comparison.people_who_move)} people change footprint",
        f"People in each footprint of {first} (rows) and of {second} (columns); framed: those who stay",
        compared.study.source_sentence([RESIDENTS]),
    )
    st.altair_chart(
        chart, theme=None, alt=f"People by footprint of {first} and of {second}; the table says the same"
    )
    chart_downloads(chart, "flows", key=f"flow_chart_{option.id}")
    shown = moving[list(COLUMNS)].rename(columns=COLUMNS)
    st.dataframe(
        shown,
        hide_index=True,
        alt=f"People who change footprint from {first} to {second}",
        column_config={"People": st.column_config.NumberColumn(format="localized")},
    )
    print_table(shown, decimals=0)
    table_downloads(comparison.flows, "flows", compared.notes, key=f"flows_{option.id}")
