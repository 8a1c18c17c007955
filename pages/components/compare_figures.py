"""One indicator in the footprints of every option, and how far each option sets its footprints apart."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from indicators.indicator import DOMAIN_LABELS, Indicator
from pages.components.chart import footprint_ranges, themed
from pages.components.compare_choice import Compared
from pages.components.compare_differences import show_differences
from pages.components.download import chart_downloads, table_downloads
from pages.components.map_state import comparison_words
from pages.components.state import recall, remember
from pages.components.words import NO_DATA, SUPPRESSED


def show_figures(compared: Compared) -> str:
    """Choose an indicator, see it in every footprint; returns its id."""
    study = compared.study
    if not _in_first(compared):
        st.markdown("No indicator has a figure for these footprints yet.")
        return ""
    indicator_id = _choose_indicator(compared)
    indicator = study.catalogue[indicator_id]
    together = _rows(compared, indicator_id)
    authority = study.authority_value(indicator_id)
    if indicator.statistic != "count":
        chart = themed(
            footprint_ranges(together, indicator, authority, study.authority_name),
            indicator.label,
            f"{indicator.unit}; each dot is a footprint, rules are 95% intervals",
            study.source_sentence([indicator_id]),
        )
        st.altair_chart(chart, theme=None, alt=f"{indicator.label} by footprint in each option")
        chart_downloads(chart, f"compare_{indicator_id}", key="compare_chart")
    _show_facts(compared, indicator, together)
    show_differences(compared, indicator)
    _show_distinctiveness(compared)
    return indicator_id


def _choose_indicator(compared: Compared) -> str:
    study = compared.study
    in_all = _in_first(compared)
    recall("indicator", in_all, in_all[0])
    chosen: str = st.selectbox(
        "Indicator",
        in_all,
        key="indicator",
        format_func=lambda i: f"{study.catalogue[i].label} ({DOMAIN_LABELS[study.catalogue[i].domain]})",
    )
    remember({"indicator": in_all[0]}, {"options": ",".join(option.id for option in compared.options)})
    return chosen


def _in_first(compared: Compared) -> list[str]:
    """Ids of the indicators that have a figure in the first option."""
    study = compared.study
    known = study.profile_option(compared.first)
    known = known[known["value"].notna() & (known["footprint_id"] != study.authority_code)]
    found = set(known["indicator_id"])
    return [i for i in study.catalogue if i in found]


def _rows(compared: Compared, indicator_id: str) -> pd.DataFrame:
    """Rows of the indicator for every footprint of every option, with columns option and name."""
    authority = compared.study.authority_code
    parts = []
    for option in compared.options:
        rows = compared.study.profile_option(option)
        rows = rows[(rows["indicator_id"] == indicator_id) & (rows["footprint_id"] != authority)]
        names = [option.footprint_name(str(f)) for f in rows["footprint_id"]]
        parts.append(rows.assign(option=compared.title(option), name=names))
    return pd.concat(parts, ignore_index=True)


def _show_facts(compared: Compared, indicator: Indicator, together: pd.DataFrame) -> None:
    facts = fact_rows(together, indicator, compared.study.authority_name)
    formats = {
        name: st.column_config.NumberColumn(
            format="localized" if indicator.statistic == "count" else f"%.{indicator.decimals}f"
        )
        for name in facts.select_dtypes("number").columns
    }
    st.dataframe(
        facts,
        hide_index=True,
        alt=f"{indicator.label} by footprint in each option",
        column_config=formats,
        placeholder=NO_DATA,
    )
    table_downloads(facts, f"compare_{indicator.id}", compared.notes, key="facts")


def fact_rows(together: pd.DataFrame, indicator: Indicator, authority_name: str) -> pd.DataFrame:
    """The table as it is shown and downloaded, without columns that say nothing."""
    why = together["note"].where(~together["suppressed"].astype(bool), SUPPRESSED)
    table = pd.DataFrame(
        {
            "Option": together["option"],
            "Footprint": together["name"],
            f"Value ({indicator.unit})": together["value"],
            "Lower 95%": together["lower"],
            "Upper 95%": together["upper"],
            f"Against {authority_name}": [
                comparison_words(str(c), authority_name) for c in together["comparison"]
            ],
            "Fit": together["fit"],
            "Note": why,
        }
    )
    silent = ("Lower 95%", "Upper 95%", f"Against {authority_name}", "Note")
    return table.drop(columns=[c for c in silent if not (table[c].notna() & (table[c] != "")).any()])


def _show_distinctiveness(compared: Compared) -> None:
    st.markdown("**Which option sets its neighbourhoods apart**")
    study = compared.study
    shares = {compared.title(o): compared.evaluations[o.id].need["distinctiveness"] for o in compared.options}
    apart = pd.DataFrame(shares).dropna(how="all")
    apart.insert(0, "Indicator", [study.catalogue[str(i)].label for i in apart.index])
    st.dataframe(
        apart,
        hide_index=True,
        alt="Share of each indicator's variation that lies between footprints",
        column_config={name: st.column_config.NumberColumn(format="%.2f") for name in shares},
        placeholder=NO_DATA,
    )
    st.caption("Share of the variation between areas that lies between footprints: 0 alike, 1 wholly apart.")
    table_downloads(apart, "distinctiveness", compared.notes, key="distinctiveness")
