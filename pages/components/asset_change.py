"""Every change of the register, newest first, and the places that are gone, which can be brought back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from neighbourhoods.register.change import without_place
from neighbourhoods.register.register import gone_places, name_of
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.asset_act import author_box, undo
from pages.components.asset_form import change_table
from pages.components.download import table_downloads
from pages.components.print_table import print_table


def show_changes(study: Study, sources: Sequence[str]) -> None:
    """The record of all that was done by hand."""
    changes = study.place_changes()[::-1]
    if not changes:
        st.info("Nothing has been changed by hand. Choose a place under Register to change it.")
        return
    gone = gone_places(study)
    if gone:
        st.markdown(f"**{words.plural(len(gone), 'place')} taken out or merged**")
        author_box()
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        back = left.selectbox(
            "Place to bring back",
            list(gone),
            key="asset_gone",
            format_func=lambda one: (
                f"{name_of(study, one)} ({_how(study, gone[one].act, gone[one].place_id)})"
            ),
        )
        right.button("Bring back", key="asset_bring_back", on_click=undo, args=(study, back))
    waiting = without_place(study.imported_places(), study.place_changes())
    if waiting:
        st.warning(
            f"{words.plural(len(waiting), 'change')} wait for places that the newest lists hold no more: "
            + words.listed([words.plain(name_of(study, one.place_id)) for one in waiting])
            + ". They count again when such a list is imported.",
            icon=":material/warning:",
        )
    table = change_table(study, changes)
    st.dataframe(table, hide_index=True, alt="Every change of the register, newest first")
    print_table(table)
    table_downloads(table, "register_changes", sources, key="register_changes")


def _how(study: Study, act: str, into: str) -> str:
    return "taken out" if act == "remove" else f"merged into {name_of(study, into)}"
