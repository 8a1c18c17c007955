"""Two places that may be one, side by side: a person merges them, or says that they are not the same."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from neighbourhoods.register.change import XY
from neighbourhoods.register.duplicate import DuplicatePair
from neighbourhoods.register.field import FIELDS, plain_value
from neighbourhoods.register.register import place_values
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.asset_act import author_box, keep_apart, merge
from pages.components.download import table_downloads
from pages.components.map_state import PLACE_KINDS
from pages.components.print_table import print_table

STANDS, NOTHING = "Where it stands", "nothing"


def show_pairs(study: Study, pairs: Sequence[DuplicatePair], sources: Sequence[str]) -> None:
    """One pair to decide on, and the list of all."""
    if not pairs:
        st.info("No two places look like the same one, or somebody has decided on each pair.")
        return
    names = study.places()["name"]
    st.markdown(
        f"**{words.plural(len(pairs), 'pair')} may be one place each.** Nothing is merged unless you say so."
    )
    titles = {
        f"{pair.first_id} {pair.second_id}": f"{names[pair.first_id]} and {names[pair.second_id]}: "
        f"{pair.score:.2f}"
        for pair in pairs
    }
    chosen = st.selectbox("Pair", list(titles), key="asset_pair", format_func=titles.get)
    pair = next(p for p in pairs if f"{p.first_id} {p.second_id}" == chosen)
    _decide(study, pair)
    table = pair_table(study, pairs)
    st.dataframe(table, hide_index=True, alt="Pairs of places that may be one, the most alike first")
    print_table(table, decimals=2)
    table_downloads(table, "duplicates", sources, key="duplicates")


def _decide(study: Study, pair: DuplicatePair) -> None:
    first, second = place_values(study, pair.first_id), place_values(study, pair.second_id)
    st.markdown("Why: " + ", ".join(pair.reasons) + ".")
    st.caption(
        f"First: {words.plain(_title(pair.first_id, first))}. Second: "
        f"{words.plain(_title(pair.second_id, second))}. Choose what stays where they differ."
    )
    beside = pd.DataFrame(
        {
            "Field": [STANDS if n == "x" else FIELDS[n].label for n in FIELDS if n != "y"],
            "First": [_said(n, first) for n in FIELDS if n != "y"],
            "Second": [_said(n, second) for n in FIELDS if n != "y"],
        }
    )
    beside = beside[(beside["First"] != NOTHING) | (beside["Second"] != NOTHING)]
    st.dataframe(beside, hide_index=True, alt="The two places side by side")
    print_table(beside)
    choices: dict[str, tuple[str, object]] = {}
    columns = st.columns(3, gap="small")
    number = 0
    for name, one in FIELDS.items():
        mine, theirs = plain_value(first.get(name)), plain_value(second.get(name))
        if name == "y" or (mine or "") == (theirs or ""):
            continue
        key = f"asset_keep_{name}_{pair.first_id}_{pair.second_id}"
        said = {pair.first_id: _said(name, first), pair.second_id: _said(name, second)}
        with columns[number % 3]:
            st.selectbox(
                STANDS if name == "x" else one.label,
                list(said),
                index=0 if mine not in (None, "") else 1,
                key=key,
                format_func=said.get,
            )
        number += 1
        for part in XY if name == "x" else (name,):
            choices[part] = (key, second.get(part))
    author_box()
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Merge into one place",
            key="asset_merge",
            type="primary",
            on_click=merge,
            args=(study, pair.first_id, pair.second_id, choices),
        )
        st.button(
            "Not the same place",
            key="asset_apart",
            on_click=keep_apart,
            args=(study, pair.first_id, pair.second_id),
        )


def pair_table(study: Study, pairs: Sequence[DuplicatePair]) -> pd.DataFrame:
    """The pairs as they are read."""
    places = study.places()
    return pd.DataFrame(
        {
            "First": [places.loc[p.first_id, "name"] for p in pairs],
            "Kind of first": [_kind(str(places.loc[p.first_id, "kind"])) for p in pairs],
            "Second": [places.loc[p.second_id, "name"] for p in pairs],
            "Kind of second": [_kind(str(places.loc[p.second_id, "kind"])) for p in pairs],
            "Score": [round(p.score, 2) for p in pairs],
            "Metres apart": [round(p.metres) for p in pairs],
            "Why": [", ".join(p.reasons) for p in pairs],
        }
    )


def _title(place_id: str, values: dict[str, object]) -> str:
    return f"{values['name']} ({_kind(str(values['kind']))}, {place_id.partition(':')[2]})"


def _kind(kind: str) -> str:
    return PLACE_KINDS[kind].label if kind in PLACE_KINDS else kind


def _said(name: str, values: dict[str, object]) -> str:
    """A value in its box; coordinates together."""
    if name == "x":
        return f"{values['x']:.0f}, {values['y']:.0f}"
    value = plain_value(values.get(name))
    if value is None or value == "":
        return NOTHING
    if name == "kind":
        return _kind(str(value))
    return words.number(value) if isinstance(value, float) else str(value)
