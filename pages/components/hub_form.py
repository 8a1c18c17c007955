"""What is asked on the Hubs page: five things in the order of use, and the rest behind More."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geodata.errors import InputError
from geodata.layouts.venue import CANDIDATE, STAYS
from geodata.layouts.venue import KIND as VENUE
from neighbourhoods.hub.ground import cost_columns, services_of
from neighbourhoods.hub.params import HubParams
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.register.hours import OPEN_AT
from neighbourhoods.register.open_place import is_open_at
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.study.study import RESIDENTS, Study
from neighbourhoods.travel.access import GROUPS, group_counts
from neighbourhoods.travel.starting_point import starting_points
from neighbourhoods.travel.straight_line import ACCESS_MODES, BUS
from neighbourhoods.travel.timetable import NO_TIMETABLE, offered_modes
from pages.components import words
from pages.components.hub_view import place_titles
from pages.components.map_state import PLACE_KINDS
from pages.components.option_title import option_titles

FIRST_KINDS = ("library", "gp_surgery")
FIRST = {"hubs_objective": "p_median", "hubs_n": 6, "hubs_minutes": 15, "hubs_mode": "walk"}


@dataclass(frozen=True)
class Asked:
    """What the controls ask for.

    Parameters
    ----------
    params : HubParams or None
        None where they contradict each other; `fault` then says how.
    fault : str
    n_housed : int
        Places that could house a hub.
    action : DeltaGenerator
        Where the button belongs: under the first controls, above More.
    """

    params: HubParams | None
    fault: str
    n_housed: int
    action: DeltaGenerator


def ask(study: Study, kinds: Sequence[str], geography: str, saved: Mapping[str, FootprintOption]) -> Asked:
    """Draw the controls beside the map."""
    state = st.session_state
    default = [VENUE] if VENUE in kinds else [k for k in FIRST_KINDS if k in kinds] or list(kinds[:1])
    state.setdefault("hubs_kinds", default)
    state["hubs_kinds"] = [k for k in state["hubs_kinds"] if k in kinds]
    chosen_kinds = st.multiselect(
        "Hubs could stand in", kinds, key="hubs_kinds", format_func=lambda k: PLACE_KINDS[k].label
    )
    left, right = st.columns(2, gap="small")
    for key, first in FIRST.items():
        state.setdefault(key, first)
    is_fewest = state["hubs_objective"] == "set_cover"
    n_hubs = left.number_input("Hubs", 1, 25, key="hubs_n", disabled=is_fewest)
    minutes = right.number_input("Within reach, minutes", 5, 90, step=5, key="hubs_minutes")
    objective = st.selectbox(
        "What matters", list(OBJECTIVES), key="hubs_objective", format_func=lambda one: OBJECTIVES[one].label
    )
    modes = offered_modes(study)
    if state["hubs_mode"] not in modes:
        state["hubs_mode"] = "walk"
    mode = st.selectbox(
        "By",
        modes,
        key="hubs_mode",
        format_func=lambda m: ACCESS_MODES[m].label,
        help=None if BUS.id in modes else NO_TIMETABLE,
    )
    action = st.container()
    places = study.places()
    housed = places[places["kind"].isin(chosen_kinds)]
    with st.expander("More"):
        more = _more(study, geography, housed, saved)
    try:
        params = HubParams(tuple(chosen_kinds), int(n_hubs), objective, float(minutes), mode=mode, **more)
    except InputError as fault:
        return Asked(None, str(fault), len(housed), action)
    return Asked(params, "", int(is_open_at(housed, params.open_at).sum()), action)


def _more(
    study: Study, geography: str, housed: gpd.GeoDataFrame, saved: Mapping[str, FootprintOption]
) -> dict[str, Any]:
    """Whom hubs are for, which places are held, and what every plan must keep to."""
    state = st.session_state
    counted = group_counts(study, starting_points(study, geography).geography)
    who = st.selectbox(
        "For whom",
        [one for one in GROUPS if one in counted],
        key="hubs_who",
        format_func=lambda i: study.catalogue[i].label,
    )
    titles = place_titles(housed)
    for key in ("hubs_fixed", "hubs_closed", "hubs_pair"):
        state[key] = [one for one in state.get(key, []) if one in titles]
    fixed = st.multiselect("Must be a hub", list(titles), key="hubs_fixed", format_func=titles.get)
    closed = st.multiselect("May not be one", list(titles), key="hubs_closed", format_func=titles.get)
    stays = [str(one) for one in housed.index[housed["status"] == STAYS]]
    keeps = bool(stays) and st.toggle(
        f"Keep the {words.plural(len(stays), 'venue')} that stay", True, key="hubs_keep"
    )
    each = st.selectbox(
        "At least one in each neighbourhood of",
        list(saved),
        index=None,
        key="hubs_option",
        placeholder="None" if saved else "No option is saved yet",
        format_func=option_titles(study, saved.values()).get,
    )
    open_at = st.selectbox(
        "Open",
        ["", *OPEN_AT],
        key="hubs_open",
        format_func=lambda one: OPEN_AT.get(one, "At any time"),
        help="Then only places that are known to be open, by the register, could house a hub.",
    )
    found: dict[str, Any] = {
        "open_at": open_at,
        "who": who or RESIDENTS,
        "fixed": tuple(dict.fromkeys([*fixed, *(stays if keeps else [])])),
        "closed": tuple(closed),
        "option": saved.get(each or ""),
    }
    if cost_columns(housed)["running"].notna().any():
        label = "Most they may cost a year, pounds (0: no budget)"
        found["budget_gbp"] = float(st.number_input(label, 0, step=10_000, key="hubs_budget"))
    if "capacity" in housed and housed["capacity"].notna().any():
        found["heeds_capacity"] = st.toggle(
            "No more people than there is room for",
            key="hubs_room",
            help="Each area is then sent to one hub as a whole, which may not be the nearest.",
        )
    offered = sorted(set().union(*services_of(housed)) if len(housed) else set())
    state["hubs_house"] = [one for one in state.get("hubs_house", []) if one in offered]
    together = st.multiselect(
        "Under one roof in at least one hub",
        offered,
        key="hubs_house",
        format_func=lambda one: one[:1].upper() + one[1:],
        help="Services, and kinds of place, as the register names them.",
    )
    found["house"] = (tuple(together),) if together else ()
    pair = st.multiselect(
        "Both or neither", list(titles), key="hubs_pair", format_func=titles.get, max_selections=2
    )
    found["together"] = (tuple(pair),) if len(pair) == 2 else ()
    if (housed["status"] == CANDIDATE).any():
        label = "Metres between new hubs, at least"
        found["apart_m"] = float(st.number_input(label, 0, 20_000, step=100, key="hubs_apart"))
    return found
