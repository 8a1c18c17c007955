"""Beside the drawing: which footprint is being filled, what each comes to, and what is broken."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import streamlit as st

from geodata.errors import InputError
from geodata.geography import Geography
from neighbourhoods.measure.evaluate import Evaluation
from neighbourhoods.option.draft import Draft
from neighbourhoods.option.library import option_versions, save_option
from neighbourhoods.option.option import STATUSES, FootprintOption
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.drawing import ACTIVE_KEY, PUT_AWAY, TAKE_OUT, begin, bring_back, change, zoom_to
from pages.components.map_state import footprint_labels
from pages.components.print_table import print_table
from pages.components.shell import page_link

FAULTS_SHOWN = 8
FAULT_KEY = "fault_to_see"


def finding_words(draft: Draft, evaluation: Evaluation, record: Geography) -> str:
    """What the drawing comes to."""
    n_left = len(draft.unassigned)
    n_used = len(evaluation.footprints)
    if not n_used:
        return f"Click {record.plural} into neighbourhoods"
    so_far = words.plural(n_used, "footprint")
    if n_left:
        return f"{so_far}; {words.plural(n_left, record.label, record.plural)} still to place"
    if not evaluation.violations:
        return f"{so_far}, nothing is broken"
    return f"{so_far}; {words.plural(len(evaluation.violations), 'thing')} to look at"


def draw_controls(study: Study, draft: Draft) -> None:
    """Choose a footprint; undo, redo, add, discard, save."""
    st.pills(
        "Place areas in",
        [*draft.footprint_ids, TAKE_OUT],
        key=ACTIVE_KEY,
        required=True,
        wrap=True,
        format_func=lambda i: words.plain(draft.state.names.get(i, "Take out")),
    )
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", on_click=change, args=(lambda d: d.undo(),), disabled=not draft.can_undo)
        st.button("Redo", on_click=change, args=(lambda d: d.redo(),), disabled=not draft.can_redo)
        st.button("Add footprint", on_click=change, args=(lambda d: d.add_footprint(),))
        save_button(study, draft)
    if draft.is_changed:
        st.button("Discard changes", type="tertiary", on_click=change, args=(lambda d: d.discard(),))
    if aside := st.session_state.get(PUT_AWAY):
        st.info(
            f"{words.plain(aside.name or 'A new option')} was not saved and is put away.",
            icon=":material/inventory_2:",
        )
        st.button("Bring the unsaved drawing back", on_click=bring_back)
    if draft.message:
        st.info(words.plain(draft.message), icon=":material/info:")
    if said := st.session_state.get("said", ""):
        st.success(words.plain(said), icon=":material/check:")
    if draft.parent_id and not draft.is_changed:
        page_link("test", "Test this option", carrying={"option": draft.parent_id})
    if fault := st.session_state.get("fault", ""):
        st.error(words.plain(fault), icon=":material/error:")


def save_button(study: Study, draft: Draft) -> None:
    """A button that opens the form to save the drawing, over the page and reached by the next key."""
    if st.button("Save option", type="primary", key="save_open"):
        _save_dialog(study, draft)


@st.dialog("Save option")
def _save_dialog(study: Study, draft: Draft) -> None:
    with st.form("save_form", border=False):
        name = st.text_input("Name", value=draft.name, key=f"save_name_{draft.parent_id}")
        author = st.text_input("Who made it", key="save_author", persist_state="session")
        rationale = st.text_area("Why these boundaries", key="save_rationale", height=90)
        status = st.selectbox("Status", STATUSES, key="save_status")
        is_asked = st.form_submit_button("Save", type="primary", key="save_now")
    if is_asked:
        option = draft.to_option(name.strip(), author=author, rationale=rationale)
        _save(study, draft, option.with_changes(status=status))


def _save(study: Study, draft: Draft, option: FootprintOption) -> None:
    """Save and close the form; where it cannot be saved the form stays and says why."""
    try:
        saved = save_option(study.store, option)
    except InputError as fault:
        st.error(words.plain(str(fault)), icon=":material/error:")
        return
    begin(draft.saved_as(saved), saved.id, is_saved=True)
    st.session_state["said"] = f"Saved as {saved.name}.{_beside(study, draft, saved)}"
    st.rerun()


def _beside(study: Study, draft: Draft, saved: FootprintOption) -> str:
    """That somebody saved another version since this one was opened; empty when nobody did."""
    before = [v for v in option_versions(study.store, saved.id) if v.id != saved.id]
    if not before or before[-1].id == draft.parent_id:
        return ""
    other = before[-1]
    who = other.author or "somebody"
    return (
        f" It was made from an earlier version: {who} saved another on {other.created[:10]}. "
        "Both are kept; see Options."
    )


def footprint_table(draft: Draft, evaluation: Evaluation) -> None:
    """People, distance from the target and state of each footprint, with areas or without."""
    frame = evaluation.footprints
    names = ("footprint_id", "population", "deviation_from_target", "n_areas", "contiguous")
    rows = zip(*(frame[name].tolist() for name in names), strict=True)
    by_footprint = {row[0]: row[1:] for row in rows}
    ids, locked = draft.footprint_ids, draft.state.locked
    found = [by_footprint.get(one, (0, float("nan"), 0, None)) for one in ids]
    called = [draft.state.names[one] for one in ids]
    marks = footprint_labels(called)
    named = [name if mark == name else f"{mark}: {name}" for mark, name in zip(marks, called, strict=True)]
    table = {
        "Footprint": [
            name + (" (locked)" if one in locked else "") for name, one in zip(named, ids, strict=True)
        ],
        "People": [words.number(people) for people, *_ in found],
        "From target": [_deviation(share) for _, share, *_ in found],
        "Areas": [n_areas for _, _, n_areas, _ in found],
        "One piece": [{True: "yes", False: "no", None: ""}[whole] for *_, whole in found],
    }
    st.dataframe(
        pa.table(table),  # quicker than a frame, and drawn anew with every click
        hide_index=True,
        height=min(38 + 35 * len(ids), 260),
        alt="Population and state of each footprint",
    )
    print_table(pd.DataFrame(table))


def faults(evaluation: Evaluation) -> None:
    """What is broken, in words, each with a way to see it on the map."""
    broken = [v for v in evaluation.violations if v.kind != "unassigned"]
    if not broken:
        return
    lines = [f"- {words.plain(v.message)}" for v in broken[:FAULTS_SHOWN]]
    if len(broken) > FAULTS_SHOWN:
        lines.append(f"- and {len(broken) - FAULTS_SHOWN} more")
    st.markdown(f"**{words.plural(len(broken), 'thing')} to look at**\n" + "\n".join(lines))
    seen = {v.message: v.area_codes for v in broken if v.area_codes}
    if not seen:
        return

    def show() -> None:
        message = st.session_state[FAULT_KEY]
        if message in seen:
            zoom_to(seen[message])
        st.session_state[FAULT_KEY] = None

    st.session_state.setdefault(FAULT_KEY, None)
    st.selectbox(
        "Zoom to what is broken",
        list(seen),
        key=FAULT_KEY,
        on_change=show,
        placeholder="Choose one to see it on the map",
        label_visibility="collapsed",
    )


def _deviation(share: float) -> str:
    return "" if pd.isna(share) else f"{share:+.1%}"
