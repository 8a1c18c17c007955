"""A table as every page under Deliver shows it: on the screen, on paper, and to take away."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.components.download import table_downloads
from pages.components.print_table import print_table

WHOLE = ("People", "Pounds")


def shown_table(table: pd.DataFrame, name: str, alt: str, notes: Sequence[str]) -> None:
    """Show a table; whole numbers of people and pounds with commas.

    Parameters
    ----------
    name : str
        Of its files, and its key on the page.
    alt : str
        What it is, for screen readers.
    notes : sequence of str
        Lines inside the files.
    """
    whole = {
        column: st.column_config.NumberColumn(format="localized")
        for column in table.columns
        if str(column).startswith(WHOLE)
    }
    st.dataframe(table, hide_index=True, alt=alt, column_config=whole)
    print_table(table)
    table_downloads(table, name, list(notes), key=name)
