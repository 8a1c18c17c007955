"""One place in full: a form to change it, its history, and the form that adds another."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from neighbourhoods.register.change import PlaceChange, Value, standing_ids, to_redo, to_undo
from neighbourhoods.register.field import FIELDS, RegisterField
from neighbourhoods.register.register import history, name_of, newer_in_list, place_values
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.asset_act import ADD_ROUND, redo, save_edit, save_new, take_out, undo
from pages.components.date_words import moment
from pages.components.map_state import PLACE_KINDS
from pages.components.print_table import print_table

ACT_WORDS = {
    "set": "changed",
    "add": "added",
    "remove": "taken out",
    "merge": "merged",
    "distinct": "said to be another place",
    "undo": "taken back",
}
ADD_FIELDS = (
    "name",
    "kind",
    "postcode",
    "x",
    "y",
    "status",
    "owner",
    "services",
    "opening_hours",
    "step_free",
    "parking",
    "permission",
    "hard_standing",
    "power",
    "toilets",
    "capacity",
    "running_cost_gbp",
    "opening_cost_gbp",
    "condition",
    "address",
    "source",
    "checked_on",
)


def edit_form(study: Study, place_id: str) -> None:
    """Every field of one place; saved together as one change."""
    values = place_values(study, place_id)
    last = history(study, place_id)
    mark = f"{place_id}_{last[0].id if last else 'new'}"  # after a change the boxes take the new values
    keys = {name: f"asset_{name}_{mark}" for name in FIELDS}
    reason_key = f"asset_why_{mark}"
    with st.form(f"asset_form_{place_id}", border=False):
        columns = st.columns(3, gap="small")
        for number, one in enumerate(FIELDS.values()):
            with columns[number % 3]:
                _box(one, keys[one.id], _written(values.get(one.id)))
        st.text_input("Why (may be left empty)", key=reason_key)
        st.form_submit_button(
            "Save change", type="primary", on_click=save_edit, args=(study, place_id, keys, reason_key)
        )


def add_form(study: Study) -> None:
    """A new place, by postcode or by coordinates."""
    mark = st.session_state.get(ADD_ROUND, 0)
    keys = {name: f"asset_add_{name}_{mark}" for name in ADD_FIELDS}
    reason_key = f"asset_add_why_{mark}"
    st.markdown("A name, and a postcode or easting and northing, are needed; the rest may be left empty.")
    with st.form("asset_add", border=False):
        columns = st.columns(3, gap="small")
        first = {"kind": "venue", "status": "open"}
        for number, name in enumerate(ADD_FIELDS):
            with columns[number % 3]:
                _box(FIELDS[name], keys[name], first.get(name, ""), of_new=True)
        st.text_input("Why (may be left empty)", key=reason_key)
        st.form_submit_button(
            "Add this place", type="primary", on_click=save_new, args=(study, keys, reason_key)
        )


def show_history(study: Study, place_id: str) -> None:
    """What was changed, when, by whom and why; and the buttons that take it back."""
    changes = history(study, place_id)
    last, again = to_undo(study.place_changes(), place_id), to_redo(study.place_changes(), place_id)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Undo last change",
            key="asset_undo",
            disabled=last is None,
            on_click=undo,
            args=(study, place_id),
        )
        st.button("Redo", key="asset_redo", disabled=again is None, on_click=redo, args=(study, place_id))
        st.button("Take out of the register", key="asset_take_out", on_click=take_out, args=(study, place_id))
    newer = newer_in_list(study, place_id)
    if newer:
        said = "; ".join(
            f"{FIELDS[name].label}: {_value_words(name, listed)} (here {_value_words(name, here)})"
            for name, (listed, here) in newer.items()
        )
        st.info(
            f"The list that was imported since says something new. {words.plain(said)}.",
            icon=":material/info:",
        )
    if not changes:
        st.caption("Nothing of this place has been changed by hand.")
        return
    table = change_table(study, changes).drop(columns="Place")
    st.dataframe(table, hide_index=True, alt="Changes of this place, newest first")
    print_table(table)


def change_table(study: Study, changes: tuple[PlaceChange, ...]) -> pd.DataFrame:
    """Changes in words, in the order given."""
    ids = standing_ids(study.place_changes())
    return pd.DataFrame(
        [
            {
                "When": moment(one.created),
                "Who": one.author,
                "Place": name_of(study, one.place_id),
                "What": change_words(study, one),
                "Why": one.reason,
                "Counts": "yes" if one.id in ids else "taken back",
            }
            for one in changes
        ],
        columns=["When", "Who", "Place", "What", "Why", "Counts"],
    )


def change_words(study: Study, change: PlaceChange) -> str:
    """ "changed: Status from open to may close"."""
    act = ACT_WORDS[change.act]
    if change.act == "undo":
        target = next((one for one in study.place_changes() if one.id == change.undoes), None)
        if target is not None and target.act == "undo":
            return "done again"
        return f"taken back: {change_words(study, target)}" if target is not None else act
    if change.act == "merge":
        act = f"merged with {name_of(study, change.other_id)}"
    if change.act == "distinct":
        act = f"said to be another place than {name_of(study, change.other_id)}"
    if change.act == "add" or not change.fields:
        return act
    parts = [
        f"{FIELDS[name].label if name in FIELDS else name} from {_value_words(name, before)} to "
        f"{_value_words(name, after)}"
        for name, (before, after) in change.fields.items()
    ]
    return f"{act}: {'; '.join(parts)}"


def _value_words(name: str, value: Value) -> str:
    if value is None or value == "":
        return "nothing"
    if name == "kind":
        return PLACE_KINDS[str(value)].label if value in PLACE_KINDS else str(value)
    return words.number(value) if isinstance(value, float) else str(value)


def _box(one: RegisterField, key: str, value: str, *, of_new: bool = False) -> None:
    """The box of one field; text in all of them, checked when it is saved."""
    hint = one.hint or None
    if of_new and one.id == "postcode":
        hint = "Places it by Code-Point Open; or give easting and northing."
    if one.form == "choice":
        choices = list(dict.fromkeys([value, *one.choices] if value or one.id != "status" else one.choices))
        st.session_state.setdefault(key, value)
        st.selectbox(
            one.label,
            choices,
            key=key,
            help=hint,
            format_func=(lambda k: PLACE_KINDS[k].label if k in PLACE_KINDS else k)
            if one.id == "kind"
            else (lambda k: k or "not known"),
        )
        return
    st.session_state.setdefault(key, value)
    if one.form == "long":
        st.text_area(one.label, key=key, help=hint, height=68)
    else:
        st.text_input(one.label, key=key, help=hint)


def _written(value: object) -> str:
    """A value as it stands in a box."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
