"""Below the drawing's map: which areas count as neighbours without a border, and who says so.

What is closed is not made: the lists of areas would otherwise travel with every click on the map.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geodata.errors import InputError
from geodata.link import LINK_WORDS
from geodata.link_table import AUTOMATIC, MANUAL, RIVER
from neighbourhoods.study.link import Link, Links, Pair, distance_words, join_areas, link_words, part_areas
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.date_words import moment
from pages.components.shown_table import shown_table

NO_LINK = "Every area is reached over shared borders."
HOW = {RIVER: "A bridge, tunnel or ferry", MANUAL: "Another reason"}
IN_SENTENCE = 3
BOX, SAID = "draw_links", "links_said"
ROUND = "links_round"  # after a change the boxes are empty
AUTHOR = "links_author_kept"


def area_links(study: Study, geography: str) -> None:
    """A closed box with the number of links; in it the links, and forms to change and add them."""
    found = study.links(geography)
    said = st.session_state.pop(SAID, "")
    if said:
        st.session_state[BOX] = True  # a new number in its label would close it
    label = f"Areas joined without a border ({len(found.links)})"
    box = st.expander(label, key=BOX, on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(_sentence(found))
        if found.links or found.parted:
            shown_table(
                _table(found),
                f"links_{geography}",
                "Areas joined without a border: how, how far, and who says so",
                [study.boundary_line(geography), *study.source_lines([])],
            )
        for one in found.passed_over:
            st.caption(
                words.plain(
                    f"Passed over: {one.focal} and {one.neighbour}, {one.why} ({one.by}: {one.reason})."
                )
            )
        if said:
            st.success(words.plain(said), icon=":material/check:")
        left, right = st.columns(2, gap="large")
        with left:
            _join_form(study, geography)
        if found.links or found.parted:
            with right:
                _change_form(study, geography, found)


def _sentence(found: Links) -> str:
    n = len(found.links)
    if not n:
        return "No areas are joined without a border now." if found.parted else NO_LINK
    told = [link_words(one) for one in found.links[:IN_SENTENCE]]
    if n > IN_SENTENCE:
        told.append(f"and {n - IN_SENTENCE} more")
    return words.plain(f"{words.plural(n, 'link')}: {'; '.join(told)}.")


def _table(found: Links) -> pd.DataFrame:
    rows = [(one, LINK_WORDS[one.kind]) for one in found.links]
    rows += [(one, "taken away") for one in found.parted]
    return pd.DataFrame(
        [
            {
                "Area": one.focal_name,
                "Joined to": one.neighbour_name,
                "How": how,
                "Distance": distance_words(one.distance_m),
                "Who": "the outlines" if one.is_automatic else one.by,
                "Why": one.reason or "nearest land",
                "When": moment(one.created) if one.created else "",
            }
            for one, how in rows
        ]
    )


def _change_form(study: Study, geography: str, found: Links) -> None:
    """Take one link away, or put one back."""
    links: dict[Pair, Link] = {one.pair: one for one in (*found.links, *found.parted)}
    in_force = {one.pair for one in found.links}
    st.markdown("**Take a link away, or put it back**")
    pair = st.selectbox(
        "Link",
        list(links),
        format_func=lambda p: (
            f"{links[p].focal_name} and {links[p].neighbour_name}"
            + ("" if p in in_force else " (taken away)")
        ),
        key="link_chosen",
    )
    if pair is None:
        return
    is_joined = pair in in_force
    with st.form("link_change", border=False):
        slots, told = _why_boxes("change")
        is_asked = st.form_submit_button("Take this link away" if is_joined else "Put this link back")
    if not is_asked:
        return
    names = f"{links[pair].focal_name} and {links[pair].neighbour_name}"

    def act() -> None:
        if is_joined:
            part_areas(study, geography, pair, **told)
        else:
            join_areas(study, geography, pair, AUTOMATIC, **told)

    _do(act, slots, f"{names} are {'no longer joined' if is_joined else 'joined again'}.", told["author"])


def _join_form(study: Study, geography: str) -> None:
    """Join two areas that share no border."""
    areas = study.areas(geography)["area_name"]
    n = st.session_state.get(ROUND, 0)
    with st.form("link_add", border=False):
        st.markdown("**Join two areas that share no border**")
        boxes = st.columns(2, gap="small")
        ends = [
            box.selectbox(
                title,
                list(areas.index),
                index=None,
                format_func=lambda code: str(areas[code]),
                placeholder="Choose an area",
                key=f"link_end_{title}_{geography}_{n}",
            )
            for box, title in zip(boxes, ("First area", "Second area"), strict=True)
        ]
        slot = st.empty()
        says = st.selectbox("How they are joined", list(HOW), format_func=HOW.__getitem__, key="link_says")
        slots, told = _why_boxes("add")
        is_asked = st.form_submit_button("Join these areas", type="primary")
    if not is_asked:
        return
    if None in ends:
        slot.error("Choose two areas.", icon=":material/error:")
        return
    pair = (str(ends[0]), str(ends[1]))
    names = " and ".join(str(areas[code]) for code in pair)
    _do(
        lambda: join_areas(study, geography, pair, says, **told),
        {**slots, "": slot},
        f"{names} are joined.",
        told["author"],
    )


def _why_boxes(form: str) -> tuple[dict[str, DeltaGenerator], dict[str, str]]:
    """Reason and name; under each a place for what is wrong with it, and what was written."""
    n = st.session_state.get(ROUND, 0)
    left, right = st.columns([3, 2], gap="small")
    reason = left.text_input("Reason", key=f"link_reason_{form}_{n}")
    author = right.text_input(
        "Your name", value=st.session_state.get(AUTHOR, ""), key=f"link_author_{form}_{n}"
    )
    slots = {"Reason": left.empty(), "Your name": right.empty(), "": st.empty()}
    return slots, {"reason": reason, "author": author}


def _do(act: Callable[[], None], slots: dict[str, DeltaGenerator], said: str, author: str) -> None:
    """Do what was asked and draw the whole page anew, or say beside the box at fault why not."""
    try:
        act()
    except InputError as fault:
        field = str(fault).partition(":")[0]
        slots.get(field, slots[""]).error(words.plain(str(fault)), icon=":material/error:")
        return
    st.session_state[SAID] = said
    st.session_state[AUTHOR] = author
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()
