"""What is asked on the Outreach page: five things in the order of use, and the rest behind More."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from math import isinf
from typing import Any

import geopandas as gpd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geodata.errors import InputError
from neighbourhoods.hub.ground import BUS_STOP
from neighbourhoods.hub.library import SavedPlan
from neighbourhoods.outreach.own_stop import OWN_KIND, QUALITIES, lacking_words, with_own
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachParams, OutreachPlan, Session
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.outreach.timetable_week import clock
from neighbourhoods.study.study import Study
from neighbourhoods.travel.straight_line import TRAVEL_MODES
from pages.components import words
from pages.components.hub_view import place_titles
from pages.components.map_state import PLACE_KINDS
from pages.components.outreach_held import HELD_KEYS, held_fields, held_state

DAYTIME, EVENING = "daytime", "evening"
FIRST_STOP_KINDS = ("venue", "library", "bus_stop")
GIVEN = "ids:"
WEEKS = {1: "Weekly", 2: "Fortnightly"}
FIRST: dict[str, object] = {
    "outreach_service": "pension_credit",
    "outreach_vehicles": 1,
    "outreach_days": [0, 1, 2, 3, 4],
    "outreach_from": "09:00",
    "outreach_until": "16:00",
    "outreach_evening": "",
    "outreach_evening_days": [1, 3],
    "outreach_far": 15,
    "outreach_mode": "walk",
    "outreach_near": 10,
    "outreach_weeks": 1,
    "outreach_dwell": 60,
    "outreach_shift": 7.0,
    "outreach_break": 30,
    "outreach_km_h": 25,
    "outreach_repeat": 0.5,
    "outreach_must": 0,
    "outreach_range": 0,
    "outreach_refuel": 0,
    "outreach_needs": [],
    "outreach_evening_from": "17:00",
    "outreach_evening_until": "20:00",
}
FORM_KEYS = (*FIRST, *HELD_KEYS, "outreach_hubs", "outreach_depot", "outreach_kinds")
HOURS = [clock(minute) for minute in range(6 * 60, 22 * 60 + 1, 30)]


@dataclass(frozen=True)
class Asked:
    """What the controls ask for; None where they contradict each other, and `fault` then says how."""

    params: OutreachParams | None
    fault: str
    action: DeltaGenerator


def ask(
    study: Study, places: gpd.GeoDataFrame, saved: Sequence[SavedPlan], plan: OutreachPlan | None
) -> Asked:
    """Draw the controls beside the map.

    Parameters
    ----------
    plan : OutreachPlan, optional
        The one in view: its visits can be kept, and its stops be left out.
    """
    state = st.session_state
    for key, first in FIRST.items():
        state.setdefault(key, first)
    offered = hub_choices(places, saved, str(state.get("outreach_hubs", "")))
    if state.get("outreach_hubs") not in offered:
        state["outreach_hubs"] = next(iter(offered))
    hubs = st.selectbox(
        "Hubs",
        list(offered),
        key="outreach_hubs",
        format_func=lambda one: offered[one][0],
        help="The bus is for those who are far from all of them.",
    )
    service = st.selectbox(
        "On board", list(SERVICES), key="outreach_service", format_func=lambda one: SERVICES[one].label
    )
    days = st.multiselect("Days", range(7), key="outreach_days", format_func=lambda day: DAY_NAMES[day][:3])
    n_vehicles = st.number_input("Vehicles", 1, 9, key="outreach_vehicles")
    titles = place_titles(places[places["kind"] != BUS_STOP]) or place_titles(places)
    if state.get("outreach_depot") not in titles:
        likely = [one for one in titles if places["kind"].loc[one] in FIRST_STOP_KINDS]
        state["outreach_depot"] = (likely or list(titles))[0]
    depot = st.selectbox("Depot", list(titles), key="outreach_depot", format_func=titles.get)
    action = st.container()
    with st.expander("More"):
        more, evening = _more(places, plan)
    try:
        start, end = (_minutes(state[key]) for key in ("outreach_from", "outreach_until"))
        sessions = [Session(DAYTIME, service, tuple(sorted(days)), start, end)]
        if evening is not None:
            sessions.append(evening)
        held = {one.id for one in sessions}
        more["fixed"] = tuple(one for one in more["fixed"] if one.session_id in held)
        params = OutreachParams(
            offered[hubs][1], tuple(sessions), depot_id=depot, n_vehicles=int(n_vehicles), **more
        )
    except InputError as fault:
        return Asked(None, str(fault), action)
    return Asked(params, "", action)


def form_values(state: Mapping[str, object]) -> dict[str, object]:
    """How the controls stand, and nothing else of the page: a button may not be set when a run is opened."""
    return {key: state[key] for key in FORM_KEYS if key in state}


def fill_form(form: Mapping[str, object]) -> None:
    """Set the controls as they stood; what is no control any more is passed over."""
    st.session_state.update(form_values(form))


def asked_state(params: OutreachParams) -> dict[str, object]:
    """How the controls stand for what was asked; nothing where they cannot say it."""
    day, *evenings = params.sessions
    hours = [clock(minute) for one in params.sessions for minute in (one.start_minute, one.end_minute)]
    names = [one.id for one in params.sessions]
    if names not in ([DAYTIME], [DAYTIME, EVENING]) or not set(hours) <= set(HOURS):
        return {}
    state: dict[str, object] = {
        "outreach_hubs": GIVEN + ",".join(params.hub_ids),
        "outreach_depot": params.depot_id,
        "outreach_kinds": list(params.stop_kinds),
        "outreach_service": day.service_id,
        "outreach_days": list(day.days),
        "outreach_from": hours[0],
        "outreach_until": hours[1],
        "outreach_evening": evenings[0].service_id if evenings else "",
        "outreach_vehicles": params.n_vehicles,
        "outreach_far": round(params.far_minutes),
        "outreach_near": round(params.stop_minutes),
        "outreach_mode": params.mode,
        "outreach_weeks": params.n_weeks,
        "outreach_dwell": params.dwell_minutes,
        "outreach_shift": params.shift_minutes / 60,
        "outreach_break": params.break_minutes,
        "outreach_km_h": round(params.drive_km_h),
        "outreach_repeat": params.repeat_worth,
        "outreach_must": 0 if isinf(params.must_serve_need) else round(params.must_serve_need),
        "outreach_range": 0 if isinf(params.range_km) else round(params.range_km),
        "outreach_refuel": params.refuel_minutes,
        "outreach_needs": list(params.stop_needs),
        **held_state(params),
    }
    if evenings:
        state |= {
            "outreach_evening_days": list(evenings[0].days),
            "outreach_evening_from": hours[2],
            "outreach_evening_until": hours[3],
        }
    return state


def hub_choices(
    places: gpd.GeoDataFrame, saved: Sequence[SavedPlan], given: str = ""
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What may stand for the hubs: saved plans, then all places of one kind; each with its words and ids.

    Parameters
    ----------
    given : str
        Hubs that a plan in view names, where they are none of these; empty for none.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    named = tuple(given.removeprefix(GIVEN).split(","))
    if given.startswith(GIVEN) and set(named) <= set(places.index):
        found[given] = (f"Those of the plan in view, {words.plural(len(named), 'hub')}", named)
    for plan in saved:
        standing = tuple(one for one in plan.chosen if one in places.index)
        if standing:
            found[f"plan:{plan.id}"] = (f"{plan.name}, {words.plural(len(standing), 'hub')}", standing)
    for kind in PLACE_KINDS:
        ids = tuple(map(str, places.index[places["kind"] == kind]))
        if ids and kind != BUS_STOP:
            label = PLACE_KINDS[kind].label
            found[f"kind:{kind}"] = (
                f"Every {label if label[:2].isupper() else label.lower()} ({len(ids)})",
                ids,
            )
    return found


def _more(places: gpd.GeoDataFrame, plan: OutreachPlan | None) -> tuple[dict[str, Any], Session | None]:
    """Hours, the evening, where the bus may stand, what counts as far, and what is held as it is."""
    state = st.session_state
    left, right = st.columns(2, gap="small")
    left.selectbox("Leaves from", HOURS, key="outreach_from")
    right.selectbox("Back by", HOURS, key="outreach_until")
    evening = _evening()
    kinds = [one for one in PLACE_KINDS if one in set(places["kind"])]
    state.setdefault("outreach_kinds", [one for one in FIRST_STOP_KINDS if one in kinds] or kinds)
    state["outreach_kinds"] = [one for one in state["outreach_kinds"] if one in kinds]
    stop_kinds = st.multiselect(
        "May stand at", kinds, key="outreach_kinds", format_func=lambda one: PLACE_KINDS[one].label
    )
    left, right = st.columns(2, gap="small")
    far = left.number_input("Far from hubs, minutes", 5, 90, step=5, key="outreach_far")
    near = right.number_input("Near a stop, minutes", 5, 60, step=5, key="outreach_near")
    mode = left.selectbox(
        "People go", list(TRAVEL_MODES), key="outreach_mode", format_func=lambda one: TRAVEL_MODES[one].label
    )
    dwell = right.number_input("At each stop, minutes", 30, 240, step=15, key="outreach_dwell")
    n_weeks = left.selectbox("Rounds", list(WEEKS), key="outreach_weeks", format_func=WEEKS.get)
    shift = right.number_input("Shift, hours", 2.0, 12.0, step=0.5, key="outreach_shift")
    rest = left.number_input("Break, minutes", 0, 90, step=5, key="outreach_break")
    speed = right.number_input("Driving, km an hour", 5, 80, step=5, key="outreach_km_h")
    repeat = left.number_input("Worth of a second visit", 0.0, 1.0, step=0.1, key="outreach_repeat")
    must = right.number_input(
        "Leave no area out above", 0, step=50, key="outreach_must", help="People of need; 0 for no such rule."
    )
    reach = left.number_input(
        "Range, km",
        0,
        1_000,
        step=10,
        key="outreach_range",
        help="Until it is charged or fuelled; 0 for none.",
    )
    refuel = right.number_input("Refuelling, minutes", 0, 480, step=15, key="outreach_refuel")
    held = held_fields(places, plan)
    needs = st.multiselect(
        "Only stops known to have",
        list(QUALITIES),
        key="outreach_needs",
        format_func=lambda one: QUALITIES[one].label,
        help="Not known counts as no. Say what is known under Stops, or in the register.",
    )
    standing = with_own(places, held["own_stops"])
    offered = standing[standing["kind"].isin([*stop_kinds, OWN_KIND])]
    if said := lacking_words(offered, needs):
        st.caption(said)
    return {
        "stop_kinds": tuple(stop_kinds),
        "far_minutes": float(far),
        "mode": mode,
        "stop_minutes": float(near),
        "n_weeks": int(n_weeks),
        "shift_minutes": round(60 * float(shift)),
        "break_minutes": int(rest),
        "drive_km_h": float(speed),
        "dwell_minutes": int(dwell),
        "repeat_worth": float(repeat),
        "must_serve_need": float(must) if must else float("inf"),
        "range_km": float(reach) if reach else float("inf"),
        "refuel_minutes": int(refuel),
        "stop_needs": tuple(needs),
        **held,
    }, evening


def _evening() -> Session | None:
    """A second service in the evening; None where none is asked for."""
    service = st.selectbox(
        "In the evening",
        ["", *SERVICES],
        key="outreach_evening",
        format_func=lambda one: SERVICES[one].label if one else "No evening session",
    )
    if not service:
        return None
    days = st.multiselect(
        "Evenings", range(7), key="outreach_evening_days", format_func=lambda day: DAY_NAMES[day][:3]
    )
    left, right = st.columns(2, gap="small")
    start = left.selectbox("Evening from", HOURS, key="outreach_evening_from")
    end = right.selectbox("Evening until", HOURS, key="outreach_evening_until")
    try:
        return Session(EVENING, service, tuple(sorted(days)), _minutes(start), _minutes(end))
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return None


def _minutes(hour: str) -> int:
    at = time.fromisoformat(hour)
    return at.hour * 60 + at.minute
