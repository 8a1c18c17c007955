"""Filters over the ways that were found, and the table of those left: a part of the page that runs alone.

What is left is counted in the browser while a limit moves. When the hand rests this part is drawn anew and
nothing else, unless the way that the map shows is another one by it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from neighbourhoods.generation.generation import GenerationResult
from pages.components import generating
from pages.components.brush import brush, kept, limits_in_hand
from pages.components.download import table_downloads
from pages.components.generated_tab import Places, figure_columns, figures_of
from pages.components.generating import ORDER, PLACE

ROWS_SHOWN = 100
BRUSH = "generate_brush"
SHOWN, WHOLE_PAGE = "generate_shown", "generate_whole_page"
NONE = -1


def order_and_shown(result: GenerationResult, notes: Sequence[str]) -> tuple[Places, int]:
    """Draw filters and table; the ways that are left in the order of the ranking, and the one in view.

    The one in view is `NONE` where no way is left.
    """
    st.session_state[WHOLE_PAGE] = True
    choose_among(result, notes)
    return np.asarray(st.session_state[ORDER], dtype=np.int64), int(st.session_state[SHOWN])


@st.fragment
def choose_among(result: GenerationResult, notes: Sequence[str]) -> None:
    """Filters and table; the whole page follows where another way comes into view."""
    is_whole_page = st.session_state.pop(WHOLE_PAGE, False)
    axes = generating.axes(result)
    is_kept = kept(axes, limits_in_hand(axes, BRUSH), result.n_options)
    order = result.ranking[is_kept[result.ranking]]
    shown = NONE
    if len(order):
        st.session_state[PLACE] = min(max(int(st.session_state.get(PLACE, 1)), 1), len(order))
        shown = int(order[st.session_state[PLACE] - 1])
    before = st.session_state.get(SHOWN)
    st.session_state[ORDER], st.session_state[SHOWN] = order, shown
    if not is_whole_page and shown != before:
        st.rerun()
    if axes:
        st.markdown("**Leave only what you can live with**")
        brush(axes, key=BRUSH, shown=shown)
    _table(result, order, shown, notes)


def _table(result: GenerationResult, order: Places, shown: int, notes: Sequence[str]) -> None:
    if not len(order):
        st.info("No way is left. Widen a limit.", icon=":material/info:")
        return
    st.markdown(f"**The best {min(ROWS_SHOWN, len(order)):,} by your wishes**")
    best = figures_of(result, order[:ROWS_SHOWN], order)
    st.dataframe(
        best,
        hide_index=True,
        height=380,
        key="generate_table",
        on_select=_choose_row,
        selection_mode="single-row",
        alt="Measures of the best options; choose a row to see it on the map",
        column_config=figure_columns(result),
    )
    table_downloads(best, "ways", [*notes, result.rationale(shown)], key="ways")


def _choose_row() -> None:
    """Look at the option whose row was chosen."""
    rows = st.session_state["generate_table"]["selection"]["rows"]
    if rows:
        st.session_state[PLACE] = rows[0] + 1
