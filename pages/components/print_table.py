"""A table for paper: plain rows that no scrolling hides. On the screen it is not shown."""

from __future__ import annotations

import pandas as pd
import streamlit as st


def print_table(frame: pd.DataFrame, decimals: int = 1) -> None:
    """Put a table on the page that only print shows; text in it is escaped.

    Parameters
    ----------
    decimals : int
        Places of numbers that are not whole.
    """

    def written(value: float) -> str:
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{decimals}f}"

    rows = frame.to_html(index=False, border=0, escape=True, na_rep="", float_format=written)
    st.html(f'<div class="print-only">{rows}</div>')
