"""Which option wins on what, in a sentence and a table; nothing is weighed against anything else."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.geography import geography
from neighbourhoods.comparison.contest import Verdict
from pages.components import words
from pages.components.compare_choice import Compared
from pages.components.download import table_downloads
from pages.components.print_table import print_table

HOW = (
    "Each measure is judged for itself; none is weighed against another, so no option is best outright. "
    "Values that look alike at the decimals shown are a tie. An option with areas in no footprint is not "
    "judged."
)


def contest_rows(compared: Compared) -> pd.DataFrame:
    """One row for each measure, one column for each option, and who wins in words."""
    return pd.DataFrame([_row(compared, verdict) for verdict in compared.contest])


def show_contest(compared: Compared) -> None:
    """The table of winners."""
    table = contest_rows(compared)
    st.dataframe(table, hide_index=True, alt="Which option wins on what")
    print_table(table)
    st.caption(f"{HOW} {_more_words(compared)}".strip())
    table_downloads(table, "winners", compared.notes, key="contest")


def _row(compared: Compared, verdict: Verdict) -> dict[str, str]:
    decimals = verdict.criterion.decimals
    is_tie = len(verdict.winner_ids) > 1
    mark = dict.fromkeys(verdict.winner_ids, " (joint best)" if is_tie else " (best)")
    row = {"Measure": verdict.criterion.label}
    for one, value in verdict.value_by_option.items():
        row[compared.titles[one]] = words.number(value, decimals) + mark.get(one, "")
    winners = [compared.titles[one] for one in verdict.winner_ids]
    if not winners:
        row["Best"] = verdict.not_judged[:1].upper() + verdict.not_judged[1:]
    else:
        row["Best"] = f"Tie of {len(winners)}" if is_tie else winners[0]
    return row


def _more_words(compared: Compared) -> str:
    n_footprints = {len(o.footprint_ids) for o in compared.options}
    fewer = "Fewer footprints have less border between them by nature." if len(n_footprints) > 1 else ""
    kinds = {o.geography for o in compared.options}
    finest = max(kinds, key=lambda g: len(compared.study.outlines(g)))
    alike = f"Shape is measured on {geography(finest).plural} for every option." if len(kinds) > 1 else ""
    no_pin = (
        ""
        if compared.study.as_now_id
        else "Pin an option as now on the Options page to judge how many people would move from it."
    )
    return " ".join(part for part in (alike, fewer, no_pin) if part)
