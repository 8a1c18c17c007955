"""What is held, forbidden or set by hand in what is asked of the bus: lists from which each can be taken out.

They are kept as words, so that a run keeps them with its other controls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.outreach.own_stop import OwnStop
from neighbourhoods.outreach.plan import (
    DAY_NAMES,
    FixedVisit,
    ForbiddenRoad,
    OutreachParams,
    OutreachPlan,
    StopWindow,
)
from neighbourhoods.outreach.timetable_week import clock, week_words
from neighbourhoods.run.codec import from_json, to_json

KEEP, NEVER = "outreach_keep", "outreach_never"
OWN, NO_DRIVE, NO_ROAD, WINDOWS = "outreach_own", "outreach_no_drive", "outreach_no_road", "outreach_windows"
HELD_KEYS = (KEEP, NEVER, OWN, NO_DRIVE, NO_ROAD, WINDOWS)


def held_fields(places: gpd.GeoDataFrame, plan: OutreachPlan | None) -> dict[str, Any]:
    """The lists, and what is left in them as fields of `OutreachParams`."""
    state = st.session_state
    for key in HELD_KEYS:
        state.setdefault(key, [])
    own = {one: found for one in state[OWN] if (found := own_of(one)) is not None}
    names = places["name"].astype(str).to_dict() | {one.id: one.name for one in own.values()}
    if plan is not None:
        names |= plan.stops["name"].astype(str).to_dict()
    _list("Points set on the map", OWN, {one: f"{found.name}" for one, found in own.items()})
    kept = {one.id: one for text, one in own.items() if text in state[OWN]}
    visits = visit_choices(plan)
    for key in state[KEEP]:
        visit = visit_of(key)
        if visit is not None and visit.stop_id in names and key not in visits:
            visits[key] = (_visit_words(visit, names, 2 if visit.week else 1), visit)
    _list("Keep these visits as they are", KEEP, {key: said for key, (said, _) in visits.items()})
    used = [] if plan is None else list(dict.fromkeys(plan.visits["stop_id"].astype(str)))
    offered = [one for one in dict.fromkeys([*state[NEVER], *used]) if one in names]
    _list("Leave out these stops", NEVER, {one: names[one] for one in offered})
    drives = {one: pair for one in state[NO_DRIVE] if (pair := _pair_of(one, names)) is not None}
    _list_if_any(
        "Drives that are forbidden",
        NO_DRIVE,
        {k: f"{names[a]} to {names[b]}" for k, (a, b) in drives.items()},
    )
    roads = {one: road for one in state[NO_ROAD] if (road := _road_of(one)) is not None}
    _list_if_any(
        "Roads that are forbidden",
        NO_ROAD,
        {k: f"The road at {r.x:.0f}, {r.y:.0f}" for k, r in roads.items()},
    )
    windows = {one: found for one in state[WINDOWS] if (found := _window_of(one)) is not None}
    windows = {key: one for key, one in windows.items() if one.stop_id in names}
    _list_if_any("Hours of stops", WINDOWS, {k: window_words(one, names) for k, one in windows.items()})
    return {
        "own_stops": tuple(kept.values()),
        "fixed": tuple(visits[one][1] for one in state[KEEP]),
        "forbidden": tuple(state[NEVER]),
        "forbidden_drives": tuple(drives[one] for one in state[NO_DRIVE]),
        "forbidden_roads": tuple(roads[one] for one in state[NO_ROAD]),
        "windows": tuple(windows[one] for one in state[WINDOWS]),
    }


def held_state(params: OutreachParams) -> dict[str, list[str]]:
    """The lists that ask for the same."""
    return {
        KEEP: [visit_key(one) for one in params.fixed],
        NEVER: list(params.forbidden),
        OWN: [json.dumps(to_json(one)) for one in params.own_stops],
        NO_DRIVE: [f"{a}|{b}" for a, b in params.forbidden_drives],
        NO_ROAD: [f"{one.x!r},{one.y!r}" for one in params.forbidden_roads],
        WINDOWS: [f"{one.day}|{one.open_minute}|{one.close_minute}|{one.stop_id}" for one in params.windows],
    }


def visit_choices(plan: OutreachPlan | None) -> dict[str, tuple[str, FixedVisit]]:
    """Visits of a plan that can be kept as they are, each with its words."""
    found: dict[str, tuple[str, FixedVisit]] = {}
    if plan is None:
        return found
    names = plan.stops["name"].astype(str).to_dict()
    for row in plan.visits.to_dict("records"):
        visit = FixedVisit(
            str(row["stop_id"]),
            str(row["session_id"]),
            int(row["day"]),
            round(row["arrive_minute"]),
            int(row["week"]),
        )
        found[visit_key(visit)] = (_visit_words(visit, names, plan.params.n_weeks), visit)
    return found


def visit_key(visit: FixedVisit) -> str:
    """A fixed visit as a word."""
    return f"{visit.session_id}|{visit.week}|{visit.day}|{visit.arrive_minute}|{visit.stop_id}"


def visit_of(key: str) -> FixedVisit | None:
    """The visit again; None where the word was spoilt."""
    parts = key.split("|", 4)
    try:
        session_id, week, day, minute, stop_id = parts
        return FixedVisit(stop_id, session_id, int(day), int(minute), int(week))
    except ValueError:
        return None


def own_of(text: str) -> OwnStop | None:
    """A point from its word; None where it was spoilt."""
    try:
        return from_json(json.loads(text), OwnStop)
    except (InputError, ValueError, TypeError, AttributeError):
        return None


def window_words(window: StopWindow, names: Mapping[str, str]) -> str:
    """ "Haxby Library, Monday 10:00 to 12:00"."""
    day = "every day" if window.day < 0 else DAY_NAMES[window.day]
    return f"{names[window.stop_id]}, {day} {clock(window.open_minute)} to {clock(window.close_minute)}"


def _visit_words(visit: FixedVisit, names: Mapping[str, str], n_weeks: int) -> str:
    week = "" if n_weeks == 1 else f"{week_words(visit.week, n_weeks)}, "
    hour = f" {clock(visit.arrive_minute)}" if visit.arrive_minute >= 0 else ""
    return f"{week}{DAY_NAMES[visit.day]}{hour}, {names[visit.stop_id]}"


def _list(label: str, key: str, words: Mapping[str, str]) -> None:
    st.session_state[key] = [one for one in st.session_state[key] if one in words]
    st.multiselect(label, list(words), key=key, format_func=words.get, disabled=not words)


def _list_if_any(label: str, key: str, words: Mapping[str, str]) -> None:
    """A list that is of no use while it is empty: these are filled under Edit by hand."""
    if words:
        _list(label, key, words)
    else:
        st.session_state[key] = []


def _pair_of(text: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    one, _, other = text.partition("|")
    return (one, other) if one in names and other in names else None


def _road_of(text: str) -> ForbiddenRoad | None:
    x, _, y = text.partition(",")
    try:
        return ForbiddenRoad(float(x), float(y))
    except ValueError:
        return None


def _window_of(text: str) -> StopWindow | None:
    try:
        day, opens, closes, stop_id = text.split("|", 3)
        return StopWindow(stop_id, int(day), int(opens), int(closes))
    except (ValueError, InputError):
        return None
