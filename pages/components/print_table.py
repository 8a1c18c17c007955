"""A table for paper: plain rows that no scrolling hides. On the screen it is not shown."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st


def print_table(frame: pd.DataFrame, decimals: int = 1) -> None:
    """Put a table on the page that only print shows; text in it is escaped.

    Parameters
    ----------
    decimals : int
        Places of numbers in a column that are not all whole.
    """
    rows = paper_rows(frame, decimals)
    st.html(f'<div class="print-only">{rows}</div>')


def paper_rows(frame: pd.DataFrame, decimals: int = 1) -> str:
    """A table as HTML; numbers of one column have the same decimals, and nought has no sign."""

    def written(value: float, places: int) -> str:
        return f"{round(value, places) + 0.0:,.{places}f}"

    def alone(value: float) -> str:
        return written(value, 0 if float(value).is_integer() else decimals)

    def form(column: pd.Series) -> Callable[[float], str]:
        places = 0 if (column.dropna() % 1 == 0).all() else decimals
        return lambda value: "" if pd.isna(value) else written(value, places)

    forms = {name: form(frame[name]) for name in frame.select_dtypes("float")}
    return frame.to_html(index=False, border=0, escape=True, na_rep="", float_format=alone, formatters=forms)
