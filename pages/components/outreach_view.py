"""What the Outreach page says of a plan: its finding, how sure it is, and its map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.run_record import Run
from indicators.classify import classify
from neighbourhoods.outreach.case import people_in_need, people_served
from neighbourhoods.outreach.drive import drives_along_streets
from neighbourhoods.outreach.edit_library import SavedOutreach, plan_of
from neighbourhoods.outreach.line_degree import stop_degrees
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.reach import plan_geography
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.outreach.timetable_week import stop_table
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map_state import (
    NO_DATA,
    Legend,
    LegendEntry,
    MapState,
    Overlay,
    PlaceKind,
    Point,
    Tooltips,
)
from pages.components.loaders import outreach_lines
from pages.components.map_state import SEQUENTIAL, degrees, degrees_of
from pages.components.outreach_form import asked_state, fill_form
from pages.components.outreach_point import ACT, PIN_ACTS, pin_now

KIND = "outreach"
FILLED = "outreach_filled_from"
EDIT_TAB = "Edit by hand"
HUB = PlaceKind("hub", "Hub", "star", "#801650")
STOP = PlaceKind("stop", "Stop of the bus, with its number", "circle", "#C24A0C")
DEPOT = PlaceKind("depot", "Depot", "square", "#3D3D3D")
ASIDE = "\u2003\u2003"  # sets a number beside its mark


def follow_run(run: Run | None, study: Study) -> None:
    """Before the form: where a run was opened by its address, set the controls as they stood for it."""
    is_filled = st.session_state.get(FILLED) == getattr(run, "id", "") and "outreach_days" in st.session_state
    if run is None or is_filled:
        return
    st.session_state[FILLED] = run.id
    if run.version == study.version:
        fill_form(run.form)


def follow_plan(saved: SavedOutreach | None, study: Study) -> None:
    """Before the form: where a saved plan was opened, set the controls as they stand for it."""
    key = "" if saved is None else f"plan{saved.id}"
    is_filled = st.session_state.get(FILLED) == key and "outreach_days" in st.session_state
    if saved is None or is_filled:
        return
    st.session_state[FILLED] = key
    if saved.version == study.version:
        fill_form(asked_state(plan_of(saved).params))


def weekly_hours(plan: OutreachPlan) -> float:
    """Hours of all vehicles from the depot back to it, in a week on average."""
    minutes = float((plan.rounds["return_minute"] - plan.rounds["leave_minute"]).sum())
    return minutes / 60 / plan.params.n_weeks


def about(people: float) -> str:
    """ "about 1,230 people"; "an unknown number of people" for NaN."""
    return "an unknown number of people" if np.isnan(people) else f"about {rounded(people):,.0f} people"


def rounded(value: float, figures: int = 3) -> float:
    """A number to three figures, or whole where it has fewer: nobody knows it better."""
    if not np.isfinite(value) or value < 10**figures:
        return round(value) if np.isfinite(value) else value
    step = 10 ** (int(np.floor(np.log10(value))) - figures + 1)
    return float(round(value / step) * step)


def finding_words(plan: OutreachPlan) -> str:
    """The headline: how many people of need the bus comes near, at how many stops, in how many hours."""
    n_stops = plan.visits["stop_id"].nunique()
    if not n_stops:
        return "No stop is worth a visit under what is asked"
    served, need = people_served(plan), people_in_need(plan)
    of = "" if np.isnan(need) else f" of {rounded(need):,.0f}"
    return (
        f"{words.plural(n_stops, 'stop')} in {weekly_hours(plan):,.1f} vehicle hours a week bring a "
        "service near "
        f"{about(served).removesuffix(' people')}{of} people of need who live far from a hub"
    )


def proof_words(plan: OutreachPlan) -> str:
    """How sure it is that no plan serves more."""
    if not np.isfinite(plan.bound) or not np.isfinite(plan.gap):
        return "How much more another plan could serve was not worked out."
    if plan.gap < 0.0005:
        return "Proven: no plan serves more need in these hours."
    return (
        f"With second visits at their lower worth it comes to {plan.value:,.0f}; no plan can come to "
        f"more than {plan.bound:,.0f}, {plan.gap:.1%} away."
    )


def method_words(plan: OutreachPlan) -> str:
    """How a plan was made, and what was taken for granted."""
    asked = plan.params
    return (
        f"{words.plain(plan.method[:1].upper() + plan.method[1:])}; {plan.runtime_s:.1f} seconds, seed "
        f"{asked.seed}; the same seed gives the same plan. A stop serves people within "
        f"{asked.stop_minutes:g} minutes, fewer of them the longer the way; a second visit of a stop "
        "is worth "
        f"{asked.repeat_worth:g} of the first. Each visit lasts {asked.dwell_minutes} minutes; a "
        "driver is out "
        f"for at most {asked.shift_minutes / 60:g} hours a day, with a break of {asked.break_minutes} "
        "minutes in "
        f"rounds of more than {asked.break_after_minutes / 60:g} hours. Where no streets are loaded "
        "the vehicle "
        f"drives {asked.drive_km_h:g} km an hour along a straight line with a detour."
    )


def need_words(plan: OutreachPlan) -> str:
    """Whose need is counted, in one line."""
    said = [
        f"{SERVICES[one.service_id].label}: {SERVICES[one.service_id].why}" for one in plan.params.sessions
    ]
    return " ".join(dict.fromkeys(said))


def outreach_map_state(study: Study, plan: OutreachPlan) -> MapState:
    """Need by area as a rate, hubs, the depot, and the stops with their numbers and rounds."""
    geography = plan_geography(study, plan)
    session = plan.params.sessions[0]
    codes = study.topology(geography).area_codes
    need = plan.areas[f"need_{session.id}"].reindex(codes)
    rate = (1_000 * need / study.population(geography).reindex(codes)).to_numpy(dtype=float)
    classes = classify(rate)
    fills = np.where(np.isnan(rate), NO_DATA, classes.index)
    entries = [
        LegendEntry(place, f"{low:,.0f} to {high:,.0f}")
        for place, (low, high) in enumerate(zip(classes.limits[:-1], classes.limits[1:], strict=True))
    ]
    if np.isnan(rate).any():
        entries.append(LegendEntry(NO_DATA, "No data"))
    served = plan.areas[f"served_{session.id}"].reindex(codes)
    said = [
        "" if np.isnan(one) else f"{one:,.0f} people of need far from hubs; {near:,.0f} near a stop"
        for one, near in zip(need, served, strict=True)
    ]
    kinds, points = _points(study, plan)
    return MapState(
        palette=SEQUENTIAL[max(classes.n_classes, 1)],
        fill_by_area=tuple(int(one) for one in fills),
        legend=Legend(
            "People of need far from hubs",
            f"per 1,000 residents; {SERVICES[session.service_id].label.lower()}",
            tuple(entries),
        ),
        tooltips=Tooltips(tuple(said)),
        kinds=kinds,
        points=points,
        overlay=_rounds(study, plan),
        pins=st.session_state.get(ACT) in PIN_ACTS and st.session_state.get("outreach_tabs") == EDIT_TAB,
        pin=pin_now() if st.session_state.get("outreach_tabs") == EDIT_TAB else None,
    )


def line_words(study: Study, plan: OutreachPlan) -> str:
    """What the lines on the map are: streets where these are loaded, else the order alone."""
    places = plan.stops.loc[[plan.params.depot_id, *plan.visits["stop_id"].unique()]]
    if drives_along_streets(study, places[["x", "y"]].to_numpy(dtype=float)):
        return "Dashed lines show the quickest way along the streets that are loaded."
    return "Dashed lines show the order of the stops, not the roads."


def stops_shown(plan: OutreachPlan) -> pd.DataFrame:
    """One row for each stop, as it is read."""
    table = stop_table(plan)
    return pd.DataFrame(
        {
            "Number": table["number"],
            "Stop": table["name"],
            "When": table["hours"],
            "On board": table["services"],
            "People of need served": table["people"].round(),
            "Visits": table["visits"],
        }
    ).reset_index(drop=True)


def _points(study: Study, plan: OutreachPlan) -> tuple[tuple[PlaceKind, ...], tuple[Point, ...]]:
    places = study.places()
    hubs = places.loc[[one for one in plan.params.hub_ids if one in places.index]]
    lon, lat = degrees(hubs.geometry)
    found = [
        Point(HUB.id, str(name), float(x), float(y))
        for name, x, y in zip(hubs["name"], lon, lat, strict=True)
    ]
    where, table = stop_degrees(plan), stop_table(plan)
    depot = plan.params.depot_id
    for kind, stop_id, name in [
        *(
            (STOP.id, str(one), f"{number}. {name}: {hours}")
            for one, number, name, hours in zip(
                table.index, table["number"], table["name"], table["hours"], strict=True
            )
        ),
        (DEPOT.id, depot, str(plan.stops["name"].loc[depot])),  # last: over the stops round it
    ]:
        x, y = where.loc[[stop_id]].to_numpy(dtype=float)[0]
        is_stop = kind == STOP.id
        found.append(Point(kind, name, float(x), float(y), stop_id if is_stop else "", is_stop))
    drawn = {point.kind for point in found}
    return tuple(kind for kind in (HUB, STOP, DEPOT) if kind.id in drawn), tuple(found)


def _rounds(study: Study, plan: OutreachPlan) -> Overlay | None:
    """Numbers beside the stops, and each round as the way that is driven."""
    where, table = stop_degrees(plan), stop_table(plan)
    if table.empty:
        return None
    numbers = tuple(
        (f"{ASIDE}{number}", float(lon), float(lat))
        for number, (lon, lat) in zip(table["number"], where.loc[table.index].to_numpy(float), strict=True)
    )
    try:
        ways = outreach_lines(study.version, plan)
    except InputError as fault:
        st.caption(str(fault))
        ways = ()
    lines = set()
    for way in ways:
        lon, lat = degrees_of(way)
        lines.add(tuple(np.column_stack([lon, lat]).round(6).ravel().tolist()))
    return Overlay(numbers, tuple(sorted(lines)), fine=True)
