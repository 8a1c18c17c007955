"""What if: close hubs, add others, on the map or from lists; who gains and who loses, at once.

Only this part of the page runs again: journeys to every place are known, and a plan with one hub less is
read off them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.hub.change import change_by
from neighbourhoods.hub.params import HubPlan
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.register.open_place import is_open_at
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access
from pages.components import words
from pages.components.area_map import area_map
from pages.components.area_map_event import MapEvent
from pages.components.area_map_turn import Turns
from pages.components.hub_change_map import (
    HINT,
    TURNED,
    can_be_ahead,
    change_map_state,
    next_turns,
    place_points,
    status_words,
)
from pages.components.hub_view import place_titles
from pages.components.loaders import geometry_url, hub_change_now, hub_ground_now, hub_turns_now
from pages.components.shown_table import shown_table

CLOSE, ADD = "what_close", "what_add"
BY_WORDS = {
    "area": "Areas",
    "group": "Groups of people",
    "fifth": "Fifths by deprivation",
    "footprint": "Neighbourhoods",
}


@st.fragment
def what_if(study: Study, plan: HubPlan, option: FootprintOption | None, notes: Sequence[str]) -> None:
    """The plan with some hubs closed and others added, beside the plan as it is.

    The map says beneath it who gains and who loses. With it goes what every next click would say, so that
    the browser says it at once; the map goes out first, then the tables.
    """
    ground = hub_ground_now(study.version, plan.params)
    could = ground.places.index[is_open_at(ground.places, plan.params.open_at)]
    free = frozenset(map(str, could)) - set(plan.chosen)
    close = st.session_state[CLOSE] = [one for one in st.session_state.get(CLOSE, []) if one in plan.chosen]
    add = st.session_state[ADD] = [one for one in st.session_state.get(ADD, []) if one in free]
    after_ids = tuple(one for one in plan.chosen if one not in close) + tuple(add)
    before, after, change = hub_change_now(
        study.version, plan.params, plan.chosen, after_ids if after_ids else plan.chosen
    )
    by_area = (change[one].to_numpy() for one in ("people", "people_who_gain", "people_who_lose", "minutes"))
    turns = Turns(TURNED, hint=HINT)
    if can_be_ahead(ground):
        ids = tuple(map(str, ground.places.index))
        changes = hub_turns_now(study.version, plan.params, plan.chosen, after_ids)
        turns = next_turns(study, ground.geography, plan, ids, after_ids, changes)
    titles = place_titles(ground.places)
    _lists(plan, titles, free)

    def choose(event: MapEvent) -> None:
        for action in event.actions:
            if action.kind == "place":
                _turn(plan, action.codes[0], free)

    area_map(
        geometry_url(ground.geography),
        change_map_state(
            study,
            ground.geography,
            change,
            place_points(ground.places, plan, close, add, free),
            status_words(plan, after_ids, *by_area),
            turns,
        ),
        key="hubs_what_if",
        height=480,
        label=f"Map of {study.authority_name}: minutes more or less to a hub",
        on_event=choose,
    )
    if close or add:
        st.html(f'<div class="print-only"><p>{paper_words(titles, close, add)}</p></div>')
    if after_ids and (close or add):
        _by(study, before, after, plan.params.minutes, option, notes)
        _areas(change, notes)


def _lists(plan: HubPlan, titles: dict[str, str], free: Collection[str]) -> None:
    left, right = st.columns(2, gap="medium")
    others = [one for one in titles if one in free]
    for column, label, options, key in (
        (left, "Close", list(plan.chosen), CLOSE),
        (right, "Add", others, ADD),
    ):
        column.multiselect(label, options, key=key, format_func=titles.get, persist_state="session")


def paper_words(titles: Mapping[str, str], close: Sequence[str], add: Sequence[str]) -> str:
    """What is changed, for paper, on which the lists are not: names as HTML, of whatever they are made."""
    parts = [
        f"{verb} {escape(words.listed([titles[one] for one in ids], limit=len(ids)))}"
        for verb, ids in (("closed", close), ("added", add))
        if ids
    ]
    return f"What if: {'; '.join(parts)}."


def _areas(change: pd.DataFrame, notes: Sequence[str]) -> None:
    """Who gains and who loses by area."""
    rows = change.sort_values("minutes", ascending=False, kind="stable")
    shown_table(
        pd.DataFrame(
            {
                "Area": rows["area_name"],
                "People": rows["people"].round(),
                "People who gain": rows["people_who_gain"].round(),
                "People who lose": rows["people_who_lose"].round(),
                "Minutes more, mean": rows["minutes"].round(1) + 0.0,  # no nought below nought
            }
        ).reset_index(drop=True),
        "what_if",
        "Who gains and who loses, most lost first",
        notes,
    )


def _turn(plan: HubPlan, place_id: str, free: Collection[str]) -> None:
    """Close the hub that was clicked, or add the place; a second click takes it back."""
    if place_id not in free and place_id not in plan.chosen:
        return
    key = CLOSE if place_id in plan.chosen else ADD
    now = list(st.session_state.get(key, []))
    st.session_state[key] = [one for one in now if one != place_id] if place_id in now else [*now, place_id]


def _by(
    study: Study,
    before: Access,
    after: Access,
    limit: float,
    option: FootprintOption | None,
    notes: Sequence[str],
) -> None:
    """The same by group, by deprivation or by footprint."""
    offered = [one for one in BY_WORDS if one != "footprint" or option is not None]
    by = st.selectbox("By", offered, index=1, key="what_by", format_func=BY_WORDS.get)
    rows = change_by(study, before, after, by, limit, option)
    if rows is None:
        st.info("Deprivation is not known for these areas; import the Indices of Deprivation.")
        return
    label = "Fifth, 1 most deprived" if by == "fifth" else BY_WORDS[by]
    shown_table(
        pd.DataFrame(
            {
                label: rows["label"],
                "People": rows["people"].round(),
                "Minutes, plan": rows["minutes_before"].round(1),
                "Minutes, changed": rows["minutes_after"].round(1),
                "Minutes more": (rows["minutes_after"] - rows["minutes_before"]).round(1) + 0.0,
                f"Within {limit:g}, plan (%)": (100 * rows["within_before"]).round(1),
                f"Within {limit:g}, changed (%)": (100 * rows["within_after"]).round(1),
            }
        ).reset_index(drop=True),
        f"what_if_{by}",
        f"{BY_WORDS[by]}: minutes and reach, plan and changed",
        notes,
    )


def changes_of(plan: HubPlan) -> tuple[list[str], list[str]]:
    """Hubs that are closed and places that are added under What if."""
    close = [one for one in st.session_state.get(CLOSE, []) if one in plan.chosen]
    add = [one for one in st.session_state.get(ADD, []) if one not in plan.chosen]
    return close, add


def with_changes(plan: HubPlan) -> HubPlan:
    """The plan as it is changed here, to be saved; nothing is known of how good it is.

    Raises
    ------
    InputError
        When no hub is left.
    """
    close, add = changes_of(plan)
    chosen = tuple(one for one in plan.chosen if one not in close) + tuple(add)
    if not close and not add:
        return plan
    if not chosen:
        raise InputError("A plan needs at least one hub: leave one open under What if, or add another.")
    return replace(
        plan,
        chosen=chosen,
        value=float("nan"),
        bound=float("nan"),
        gap=float("nan"),
        is_proven=False,
        method="chosen by hand",
    )
