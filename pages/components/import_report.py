"""What became of each file of an import."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.geography import geography
from geodata.importer import ImportReport
from indicators.reconcile import reconcile_indicators
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.download import table_downloads


def show_import_report(report: ImportReport, study: Study) -> None:
    """Files taken and left out, with reasons, and sums against published totals."""
    if report.cancelled:
        st.info("Cancelled: nothing was changed.", icon=":material/info:")
        return
    refused = [f for f in report.files if f.message]
    n_taken = len(report.files) - len(refused)
    summary = f"{words.plural(n_taken, 'file')} imported, {words.plural(len(refused), 'file')} left out."
    if n_taken:
        st.success(summary, icon=":material/check:")
    for file in refused[:5]:
        st.error(f"{words.plain(file.path)}: {words.plain(file.message)}", icon=":material/error:")
    files = pd.DataFrame(
        [
            {
                "File": f.path,
                "Recognised as": f.recognised_as or "not recognised",
                "Rows in": f.rows_in,
                "Rows kept": f.rows_kept,
                "Left out": "; ".join(f"{d.n_rows:,} {d.reason}" for d in f.dropped),
                "Message": f.message,
                "Notes": "; ".join(f.notes),
            }
            for f in report.files
        ]
    )
    st.dataframe(files, hide_index=True, alt="What became of each file")
    table_downloads(files, "import_report", [summary], key="import_report")
    sums = reconcile_indicators(report.reconciliation, study.catalogue)
    if len(sums):
        st.markdown("**Sums against published totals**")
        st.caption(
            "Census tables are changed a little at source, so sums of areas differ from published totals by "
            "a few. A greater difference comes of areas without a figure, or of the publisher's rounding and "
            "disclosure control."
        )
        shown = pd.DataFrame(
            {
                "Indicator": [study.catalogue[id_].label for id_ in sums["indicator_id"]],
                "By": [geography(id_).plural for id_ in sums["geography"]],
                "Period": sums["period"],
                "Sum of areas": sums["sum_of_areas"],
                "Published": sums["published"],
                "Difference": sums["difference"],
                "Areas with a figure": sums["n_areas"] - sums["n_unknown"],
            }
        )
        st.dataframe(shown, hide_index=True, alt="Sums against published totals")
        table_downloads(shown, "sums", study.source_lines(), key="import_sums")
