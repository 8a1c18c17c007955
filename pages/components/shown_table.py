"""A table as every page under Deliver shows it: on the screen, on paper, and to take away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.download import table_downloads
from pages.components.print_table import print_table

WHOLE = ("People", "Pounds")
MOST_DECIMALS = 3


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
    formats = {column: _format(table[column]) for column in table.select_dtypes("number")}
    config = {column: st.column_config.NumberColumn(format=form) for column, form in formats.items()}
    st.dataframe(table, hide_index=True, alt=alt, column_config=config)
    print_table(table)
    table_downloads(table, name, list(notes), key=name)


def _format(values: pd.Series) -> str:
    """The same decimals for a whole column: as many as its numbers were rounded to."""
    if str(values.name).startswith(WHOLE):
        return "localized"
    known = values.dropna().to_numpy(dtype=float)
    decimals = (d for d in range(MOST_DECIMALS) if np.allclose(known, known.round(d), rtol=0, atol=1e-9))
    return f"%.{next(decimals, MOST_DECIMALS)}f"
