"""What figures there are, and what is still missing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.geography import geography as geography_record
from indicators.indicator import DOMAIN_LABELS, DOMAINS
from neighbourhoods.study.study import Study
from pages.components.download import table_downloads
from pages.components.print_table import print_table


def show_coverage(study: Study) -> None:
    """How many indicators every area has a figure of, by domain, and what is missing."""
    coverage = study.coverage()
    by_domain = pd.DataFrame(
        [
            {
                "Domain": DOMAIN_LABELS[domain],
                "Indicators": sum(1 for i in study.catalogue.values() if i.domain == domain),
                **{
                    geography_record(g).plural: sum(
                        1
                        for i in study.catalogue.values()
                        if i.domain == domain and coverage.get(i.id, {}).get(g, 0) == len(study.outlines(g))
                    )
                    for g in study.geographies
                },
            }
            for domain in DOMAINS
        ]
    )
    st.markdown("Indicators with a figure for every area, by domain")
    st.dataframe(by_domain, hide_index=True, alt="Indicators with a figure for every area, by domain")
    print_table(by_domain)
    table_downloads(by_domain, "coverage", study.source_lines(), key="coverage")
    st.markdown("Indicators that wait for a file, or lack some areas")
    lacking = pd.DataFrame(
        [
            {
                "Indicator": i.label,
                "Domain": DOMAIN_LABELS[i.domain],
                "What is missing": i.waits_for or study.gap_words(i.id),
            }
            for i in study.catalogue.values()
            if i.waits_for or study.gap_words(i.id)
        ]
    )
    st.dataframe(
        lacking,
        hide_index=True,
        alt="Indicators that wait for a file, or lack some areas",
        column_config={"What is missing": st.column_config.TextColumn(width="large")},
    )
    print_table(lacking)
    table_downloads(lacking, "gaps", study.source_lines(), key="gaps")
