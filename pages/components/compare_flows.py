"""Who changes place: flows of people between the footprints of the first option and of another."""

from __future__ import annotations

import streamlit as st

from pages.components import words
from pages.components.compare_choice import Compared
from pages.components.download import table_downloads


def show_flows(compared: Compared) -> None:
    """One table for each of the other options."""
    first = compared.first
    for option in compared.others:
        flows = compared.comparisons[option.id].flows
        moving = flows[flows["changed"]].sort_values("people", ascending=False)
        st.markdown(f"**From {words.plain(first.name)} to {words.plain(option.name)}**")
        if moving.empty:
            st.markdown("Nobody changes footprint.")
            continue
        st.dataframe(
            moving[["from_footprint_name", "to_footprint_name", "people", "n_areas"]],
            hide_index=True,
            alt=f"People who change footprint from {first.name} to {option.name}",
            column_config={
                "from_footprint_name": "From",
                "to_footprint_name": "To",
                "people": st.column_config.NumberColumn("People", format="localized"),
                "n_areas": "Areas",
            },
        )
        table_downloads(flows, "flows", compared.notes, key=f"flows_{option.id}")
