"""Measures of each option and of each of its footprints, and what is broken."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.geography import geography
from neighbourhoods.measure.measure import MEASURES
from pages.components import words
from pages.components.compare_choice import Compared
from pages.components.download import table_downloads
from pages.components.print_table import print_table

OPTION_MEASURES = (
    "cut_edges",
    "shared_border_m",
    "population_range",
    "polsby_popper_mean",
    "reock_mean",
    "split_wards",
    "distinctiveness",
    "need_spread",
)
FOOTPRINT_COLUMNS = {
    "option": "Option",
    "footprint_name": "Footprint",
    "population": "People",
    "deviation_from_target": "From target (%)",
    "contiguous": "One piece",
    "polsby_popper": "Polsby-Popper",
    "reock": "Reock",
}
LABELS = {
    "shared_border_m": "Border between footprints, km",
    "population_range": "Largest less smallest footprint, people",
    "n_footprints": "Footprints",
    "smallest": "Smallest footprint, people",
    "largest": "Largest footprint, people",
    "n_unassigned": "Areas in no footprint",
    "n_violations": "Things to look at",
    "polsby_popper_mean": "Polsby-Popper compactness, mean",
    "reock_mean": "Reock compactness, mean",
}
FACTORS = {"shared_border_m": 0.001}
DECIMALS = {
    "shared_border_m": 1,
    "polsby_popper_mean": 2,
    "reock_mean": 2,
    "distinctiveness": 2,
    "need_spread": 2,
}


def show_measures(compared: Compared) -> None:
    """Two tables: options side by side, and every footprint."""
    st.caption(f"Target {compared.study.target_population:,} people in each footprint. {made_of(compared)}")
    table = measure_rows(compared)
    st.dataframe(table, hide_index=True, alt="Measures of each option")
    print_table(table)
    table_downloads(table, "measures", compared.notes, key="measures")
    shown = footprint_rows(compared)
    st.dataframe(
        shown,
        hide_index=True,
        alt="Measures of each footprint",
        column_config={
            "People": st.column_config.NumberColumn(format="localized"),
            "From target (%)": st.column_config.NumberColumn(format="%+.1f"),
            "Polsby-Popper": st.column_config.NumberColumn(format="%.2f"),
            "Reock": st.column_config.NumberColumn(format="%.2f"),
        },
    )
    print_table(shown, decimals=2)
    table_downloads(shown, "footprints", compared.notes, key="footprints")


def made_of(compared: Compared) -> str:
    """That figures of shape are of different areas, where they are: they cannot be set side by side."""
    kinds = {o.geography for o in compared.options}
    if len(kinds) == 1:
        return ""
    made = "; ".join(f"{compared.title(o)} of {geography(o.geography).plural}" for o in compared.options)
    return words.plain(
        f"Each option is measured on the areas that it is made of: {made}. Cut edges, borders and "
        "compactness are therefore not alike; under Which wins on what all are measured on the smallest "
        "of these areas."
    )


def measure_rows(compared: Compared) -> pd.DataFrame:
    """One row for each measure, one column for each option, as text."""
    rows: dict[str, list[str]] = {}
    names = {m.id: m.label for m in MEASURES.values()} | LABELS
    for option in compared.options:
        evaluation = compared.evaluations[option.id]
        people = evaluation.footprints["population"]
        figures: dict[str, float] = {
            "n_footprints": len(people),
            "smallest": float(people.min()),
            "largest": float(people.max()),
            "n_unassigned": float(evaluation.option["n_unassigned"]),
            "n_violations": len(evaluation.violations),
            **{m: float(evaluation.option[m]) * FACTORS.get(m, 1.0) for m in OPTION_MEASURES},
        }
        for key, value in figures.items():
            rows.setdefault(names[key], []).append(words.number(value, DECIMALS.get(key, 0)))
    changed = ["", *(words.number(compared.comparisons[o.id].people_who_move) for o in compared.others)]
    rows[f"People who change footprint, from {compared.title(compared.first)}"] = changed
    return pd.DataFrame(rows, index=list(compared.titles.values())).T.rename_axis("Measure").reset_index()


def footprint_rows(compared: Compared) -> pd.DataFrame:
    """One row for each footprint of each option."""
    parts = [compared.evaluations[o.id].footprints.assign(option=compared.title(o)) for o in compared.options]
    footprints = pd.concat(parts, ignore_index=True)
    footprints["deviation_from_target"] *= 100
    footprints["contiguous"] = footprints["contiguous"].map({True: "yes", False: "no"})
    return footprints[list(FOOTPRINT_COLUMNS)].rename(columns=FOOTPRINT_COLUMNS)


def show_faults(compared: Compared) -> None:
    """What is broken in each option, in words."""
    for option in compared.options:
        faults = compared.evaluations[option.id].violations
        st.markdown(f"**{words.plain(compared.title(option))}**: " + ("" if faults else "nothing is broken."))
        for violation in faults:
            st.markdown(f"- {words.plain(violation.message)}")
