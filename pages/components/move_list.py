"""The single moves that help most, each made by one click and taken back by another."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from neighbourhoods.scorecard.scorecard import Scorecard
from neighbourhoods.study.study import Study
from pages.components import testing, words
from pages.components.download import table_downloads
from pages.components.draw_panel import save_button
from pages.components.print_table import print_table
from pages.components.shell import page_link


def move_list(study: Study, card: Scorecard, notes: Sequence[str]) -> None:
    """Ten rows at most, with what comes of each move in words."""
    moves = card.moves
    possible = words.plural(moves.n_possible, "move keeps", "moves keep")
    if not moves.best:
        st.markdown(
            f"**No single move helps.** {possible} every neighbourhood in one piece; none repairs what is "
            "broken or comes nearer to what is wished for."
        )
        return
    st.markdown(
        f"**{words.plural(moves.n_helpful, 'single move helps', 'single moves help')}**, the best first. "
        f"{possible} every neighbourhood in one piece. Each stands alone: after one, all are weighed anew."
    )
    for number, one in enumerate(moves.best):
        act, said = st.columns([1, 11], vertical_alignment="center", gap="small")
        act.button(
            "Apply",
            key=f"apply_{number}_{one.area_code}_{one.to_id}",
            help=f"{one.title}; nothing is saved until you save it",
            on_click=testing.apply_move,
            args=(study, card.trial.option, one),
        )
        said.markdown(f"**{words.plain(one.title)}**: {words.plain(one.words(moves.measure_ids))}")
    table = pd.DataFrame(
        {
            "Move": [one.title for one in moves.best],
            "What comes of it": [one.words(moves.measure_ids) for one in moves.best],
            "People": [one.people for one in moves.best],
            "Change of the mix": [round(one.mix_change, 4) for one in moves.best],
            "Area code": [one.area_code for one in moves.best],
        }
    )
    print_table(table, decimals=4)
    table_downloads(table, "single_moves", notes, key="test_moves")


def drawing_bar(study: Study) -> None:
    """While a drawing is tested: undo, save, open it in Draw; then what was done and what was not."""
    draft = testing.tested_draft()
    if draft is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button("Undo", key="test_undo", on_click=testing.take_back, disabled=not draft.can_undo)
            save_button(study, draft)
            page_link("draw", "Open in Draw", carrying={"option": draft.parent_id} if draft.parent_id else {})
        if draft.message:
            st.info(words.plain(draft.message), icon=":material/info:")
    if said := st.session_state.pop("said", ""):
        st.success(words.plain(said), icon=":material/check:")
    if fault := st.session_state.pop("fault", ""):
        st.error(words.plain(fault), icon=":material/error:")
