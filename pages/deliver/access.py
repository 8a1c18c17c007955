"""Access: how far residents are from places of a kind, who is within reach and who is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.register.hours import OPEN_AT
from neighbourhoods.study.study import RESIDENTS
from neighbourhoods.travel.access import (
    LIMITS,
    AccessParams,
    access_by_footprint,
    concentration_index,
    deprivation_indicator,
    within_column,
)
from neighbourhoods.travel.access_report import (
    method_words,
    open_at_words,
    short_method_words,
    source_lines,
    speed_words,
)
from neighbourhoods.travel.matrix import ROUTES
from neighbourhoods.travel.straight_line import ACCESS_MODES, BUS
from neighbourhoods.travel.timetable import NO_TIMETABLE, offered_modes
from pages.components import words
from pages.components.area_map import area_map
from pages.components.area_map_event import MapEvent
from pages.components.catchment_tab import band_parts, catchment_of, catchment_words, show_catchment
from pages.components.chart import themed
from pages.components.download import chart_downloads, map_downloads
from pages.components.loaders import access_now, catchment_now, current_study, geometry_url
from pages.components.map_state import PLACE_KINDS
from pages.components.option_title import option_titles
from pages.components.reach_view import (
    deprivation_words,
    fifth_chart,
    furthest_words,
    journey_words,
    kind_words,
    lowered,
    reach_map_state,
    reach_table,
    share_words,
)
from pages.components.shell import page_link, sample_notice
from pages.components.shown_table import shown_table
from pages.components.state import recall, remember
from pages.components.timetable_list import timetable_list

FIRST_KIND = "library"
FIRST_LIMIT = "15"

study = current_study()
kinds = [k for k in PLACE_KINDS if k in study.place_kinds]
geographies = [g for g in study.geographies if study.population(g).notna().all()]
if not kinds or not geographies:
    st.title("Places and residents are needed to see who is within reach")
    st.caption("Minutes from where people live to the nearest library, surgery, school or other place.")
    sample_notice()
    st.info("Import a list of places, and boundaries with a table of residents, to begin.")
    page_link("data", "Import files")
    st.stop()


def select_area(event: MapEvent) -> None:
    """Keep the area that was clicked."""
    if event.selected is not None:
        st.session_state["area"] = event.selected


headline, under = st.container(), st.container()
picture, controls = st.columns([5, 2], gap="medium")
with controls:
    first_kind = FIRST_KIND if FIRST_KIND in kinds else kinds[0]
    recall("place", kinds, first_kind)
    kind = st.selectbox("Nearest", kinds, key="place", format_func=lambda k: PLACE_KINDS[k].label)
    modes = offered_modes(study)
    recall("mode", modes, "walk")
    mode = st.selectbox(
        "By",
        modes,
        key="mode",
        format_func=lambda m: ACCESS_MODES[m].label,
        help=None if BUS.id in modes else NO_TIMETABLE,
    )
    limits = [f"{limit:g}" for limit in LIMITS]
    recall("within", limits, FIRST_LIMIT)
    limit = float(st.selectbox("Within, minutes", limits, key="within"))
    recall("layer", geographies, geographies[0])
    geography = st.selectbox(
        "Show by",
        geographies,
        key="layer",
        format_func=lambda g: geography_record(g).plural[0].upper() + geography_record(g).plural[1:],
    )
    place_ids = catchment_of(study, kind)
    with st.expander("More"):
        recall("route", ROUTES, "best")
        route = st.selectbox(
            "Journeys follow",
            list(ROUTES),
            key="route",
            format_func=ROUTES.get,
            disabled=study.roads is None,
            help="Roads come in on the Data page: an OpenStreetMap extract, OS Open Roads or other lines.",
        )
        others = st.multiselect(
            "Or any of these",
            [k for k in kinds if k != kind],
            key="access_others",
            format_func=lambda k: PLACE_KINDS[k].label,
            help="The nearest of all chosen kinds counts.",
        )
        recall("open", ["", *OPEN_AT], "")
        open_at = st.selectbox(
            "Open",
            ["", *OPEN_AT],
            key="open",
            format_func=lambda one: OPEN_AT.get(one, "At any time"),
            help="Then only places count that are known to be open, by their opening hours in the register.",
        )
        own_speed = st.toggle("A speed of my own", key="access_own_speed")
        km_h = st.number_input(
            "Kilometres an hour",
            1.0,
            100.0,
            ACCESS_MODES[mode].km_h,
            0.2,
            key=f"access_km_h_{mode}",
            disabled=not own_speed,
        )
remember(
    {"place": first_kind, "mode": "walk", "within": FIRST_LIMIT, "layer": geographies[0], "route": "best"}
    | {"open": ""}
)

params = AccessParams(
    (kind, *others), geography, mode, float(km_h) if own_speed else 0.0, LIMITS, route, open_at
)
try:
    found, by_area, by_group, fifths = access_now(study.version, params)
except InputError as fault:
    headline.title("These journeys cannot be worked out")
    under.error(str(fault), icon=":material/error:")
    st.stop()
open_said = open_at_words(study, found)
whole, column = found.whole, within_column(limit)
to_place = kind_words(params.kinds)
record = geography_record(geography)
area = st.session_state.get("area")
area = area if area in by_area.index else None

with headline:
    st.title(
        f"{share_words(float(whole[column])).capitalize()} of {words.plain(study.authority_name)}'s "
        f"residents are within {journey_words(params, limit)} of {to_place}; "
        f"{words.number(float(whole['people'] * (1 - whole[column])))} are not"
    )
with under:
    st.caption(
        f"{words.plural(len(found.places), 'place')}. Furthest: {furthest_words(by_area)}. "
        + " ".join(part for part in (open_said, short_method_words(found)) if part)
    )
    sample_notice()
caught, bands = catchment_now(study.version, params, place_ids) if place_ids else (found, None)
with picture:
    area_map(
        geometry_url(geography),
        replace(
            reach_map_state(study, found, by_area, limit),
            selected=area,
            **band_parts(study.areas(geography), caught, bands, limit),
        ),
        key=f"access_{geography}",
        height=470,
        label=f"Map of {study.authority_name} by {record.label}: minutes to {to_place}",
        on_event=select_area,
    )
    if area is not None:
        row = by_area.loc[area]
        st.markdown(
            f"**{words.plain(str(row['area_name']))}**: {row['minutes']:,.0f} minutes on average; "
            f"{share_words(float(row[column]))} of {words.number(float(row['people']))} residents are within "
            f"{journey_words(params, limit)}."
        )
    else:
        st.caption("Click an area to read it in words.")
    if place_ids:
        st.caption(catchment_words(caught, limit))

notes = [*source_lines(study, found), method_words(found), *([open_said] if open_said else [])]
by_area_tab, group_tab, catchment_tab, fifth_tab, footprint_tab, place_tab, method_tab = st.tabs(
    ["Areas", "Who", "Catchment", "Deprivation", "Neighbourhoods", "Places", "How this is worked out"]
)


def show(table: pd.DataFrame, name: str, alt: str) -> None:
    """A table of this page, with its sources."""
    shown_table(table, name, alt, notes)


with by_area_tab:
    ordered = by_area.sort_values("minutes", ascending=False, kind="stable")
    title = record.label[0].upper() + record.label[1:]
    show(reach_table(ordered, "area_name", title, params), "access_areas", f"{title}s, furthest first")
    map_downloads(
        lambda: study.areas(geography).join(by_area.drop(columns="area_name")),
        "access_areas",
        notes,
        key="access_map",
    )
with group_tab:
    st.markdown("People of each group by where they live; a person can be in several groups.")
    show(reach_table(by_group, "label", "Group", params), "access_groups", "Groups of people within reach")
    if len(by_group) > 1:
        apart = by_group.loc[by_group[column].drop(RESIDENTS, errors="ignore").idxmin()]
        st.caption(
            f"Least often within {limit:g} minutes: {words.plain(lowered(str(apart['label'])))}, "
            f"{share_words(float(apart[column]))}."
        )
with catchment_tab:
    show_catchment(study, caught, bands, show, notes)
with fifth_tab:
    ordered_by = deprivation_indicator(study, found.points.geography)
    if fifths is None or ordered_by is None:
        st.info("Deprivation scores are not loaded for these areas; import the Indices of Deprivation.")
    else:
        st.markdown(f"**{deprivation_words(fifths, concentration_index(study, found), limit)}**")
        chart = themed(
            fifth_chart(fifths, limit),
            f"Within {journey_words(params, limit)} of {to_place}, by deprivation",
            f"Fifths of residents by their area: {study.catalogue[ordered_by].label}",
            study.source_sentence([RESIDENTS, ordered_by], geography),
        )
        st.altair_chart(chart, theme=None, alt="Share within reach by fifth; the table below says the same")
        chart_downloads(chart, "access_fifths", key="access_fifths_chart")
        named = fifths.assign(label=[f"{i}" for i in fifths.index])
        show(reach_table(named, "label", "Fifth, 1 most deprived", params), "access_fifths", "Reach by fifth")
with footprint_tab:
    options = {o.id: o for o in study.options_on_a_map()}
    if not options:
        st.info("Draw or generate an option and save it; then its neighbourhoods are compared here.")
        page_link("draw", "Draw an option")
    else:
        recall("option", options, next(iter(options)))
        chosen = st.selectbox(
            "Option", list(options), key="option", format_func=option_titles(study, options.values()).get
        )
        remember({"option": next(iter(options))})
        try:
            rows = access_by_footprint(study, found, options[chosen])
        except InputError as fault:
            st.info(str(fault))
        else:
            show(
                reach_table(rows, "footprint_name", "Neighbourhood", params),
                "access_footprints",
                "Neighbourhoods within reach",
            )
with place_tab:
    st.markdown("Each resident counted at the nearest place.")
    places = found.by_place
    show(
        pd.DataFrame(
            {
                "Place": places["name"],
                "Kind": [PLACE_KINDS[k].label for k in places["kind"]],
                "People nearest": places["people"].round(),
                "Minutes, mean": np.round(places["minutes"], 1),
            }
        ).reset_index(drop=True),
        "access_places",
        "Places by the people who are nearest to them",
    )
with method_tab:
    st.markdown(
        f"{method_words(found)} {speed_words(found)} An area's minutes are the mean of its residents'; "
        "shares count residents, so the authority, a group and a neighbourhood are sums of the same parts. "
        "Groups are taken to be spread over an area's starting points as all residents are. The "
        "concentration index is twice the covariance of minutes and deprivation rank over the mean, with "
        "residents as weights (Kakwani, Wagstaff and van Doorslaer, Journal of Econometrics 77, 1997): "
        "nought is no slope, above nought the more deprived travel longer. "
        + (open_said or "Opening hours are not taken into account.")
    )
    timetable_list(study)
st.caption(" ".join(["Source:", *source_lines(study, found)]))
