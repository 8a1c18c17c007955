"""Whose catchment: one place or several, drawn on the map and told by age and need."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from neighbourhoods.study.study import RESIDENTS, Study
from neighbourhoods.travel.access import Access
from neighbourhoods.travel.band import POINT_M, STRIP_M
from neighbourhoods.travel.catchment import catchment, catchment_map, people_column
from neighbourhoods.travel.straight_line import BUS
from neighbourhoods.travel.street_network import ROAD_LIMIT_M
from pages.components import words
from pages.components.band_overlay import band_overlay
from pages.components.download import map_downloads
from pages.components.state import came_by_history, remember

KEY, CHOSEN = "catchment", "catchment_places"
ALL, BETWEEN = "all", "~"
DRAWN, WHOLE = (
    "catchment_drawn",
    1,
)  # numbers of requests to the map: what was drawn last, the whole authority
FEW = 3
MUCH_WIDER = 2.0


def catchment_of(study: Study, kind: str) -> tuple[str, ...]:
    """The places of a kind whose catchment is drawn, by id; none unless they are chosen here or by a link."""
    places = study.places()
    names = places.loc[places["kind"] == kind, "name"].sort_values(kind="stable")
    if came_by_history() or CHOSEN not in st.session_state:
        st.session_state[CHOSEN] = st.query_params.get(KEY, "").split(BETWEEN)
    options = [ALL, *names.index]
    st.session_state[CHOSEN] = [one for one in st.session_state[CHOSEN] if one in options]
    chosen = st.multiselect(
        "Catchment of",
        options,
        key=CHOSEN,
        placeholder="Choose places to draw",
        format_func=lambda one: "All of them" if one == ALL else str(names[one]),
        help="Draws the ground within 10, 15 and 20 minutes, and counts who lives there under Catchment.",
    )
    st.session_state[KEY] = BETWEEN.join(chosen)
    remember({KEY: ""})
    return tuple(names.index) if ALL in chosen else tuple(chosen)


def places_words(caught: Access) -> str:
    """ "Acomb Library", "the nearest of 18 places"."""
    names = [words.plain(str(name)) for name in caught.places["name"]]
    return names[0] if len(names) == 1 else f"the nearest of {len(names):,} places"


def drawn_limits(caught: Access, limit: float) -> tuple[float, ...]:
    """Which bands are drawn: all of a few places, that of one limit of many."""
    return caught.params.limits if len(caught.places) <= FEW else (limit,)


def band_parts(
    areas: gpd.GeoDataFrame, caught: Access, bands: gpd.GeoDataFrame | None, limit: float
) -> dict[str, Any]:
    """The fields of a map state that draw bands and bring those of a few places into view."""
    drawn_before = st.session_state.get(DRAWN, 0)
    if bands is None:
        st.session_state[DRAWN] = WHOLE if drawn_before else 0
        return {"zoom_to": (), "zoom_request": st.session_state[DRAWN]}
    drawn = bands.loc[list(drawn_limits(caught, limit))]
    near = _in_view(areas, caught, drawn) if len(caught.places) <= FEW else ()
    asked = zlib.crc32(repr((caught.params.mode, *caught.places.index)).encode())
    st.session_state[DRAWN] = asked % 1_000_000_000 + WHOLE + 1
    return {
        "overlay": band_overlay(drawn),
        "zoom_to": near,
        "zoom_request": st.session_state[DRAWN],
    }


def _in_view(areas: gpd.GeoDataFrame, caught: Access, drawn: gpd.GeoDataFrame) -> tuple[str, ...]:
    """The areas that the widest band reaches, without those much wider than it; else those of the places."""
    hull = drawn.geometry.iloc[-1].convex_hull
    box = shapely.bounds(areas.geometry.to_numpy())
    side = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    own = hull.bounds
    widest = MUCH_WIDER * max(own[2] - own[0], own[3] - own[1])
    near = areas.geometry.intersects(hull).to_numpy() & (side <= widest)
    if not near.any():
        near = areas.geometry.intersects(caught.places.geometry.union_all()).to_numpy()
    return tuple(map(str, areas.index[near]))


def catchment_words(caught: Access, limit: float) -> str:
    """What the lines on the map are, in a caption."""
    limits = words.listed([f"{one:g}" for one in drawn_limits(caught, limit)])
    said = (
        f"Dashed: the ground within {limits} minutes' {caught.params.travel_mode.journey} of "
        f"{places_words(caught)}."
    )
    if caught.params.mode == BUS.id:
        return f"{said} Circles of {POINT_M:g} m round the starting points from which it is reached."
    if caught.is_straight:
        return f"{said} Circles, by straight line."
    return (
        f"{said} Drawn {STRIP_M:g} m to each side of the streets; whoever lives more than {ROAD_LIMIT_M:g} m "
        "from a street is counted but not drawn."
    )


def show_catchment(
    study: Study,
    caught: Access,
    bands: gpd.GeoDataFrame | None,
    show: Callable[[pd.DataFrame, str, str], None],
    notes: list[str],
) -> None:
    """People within reach of some places by group, as a table and a map to take away.

    Parameters
    ----------
    bands : GeoDataFrame, optional
        The ground; worked out when it is taken away where it is not drawn.
    show : callable
        Shows a table, given its name for files and its description.
    """
    people = catchment(study, caught)
    limits = caught.params.limits
    if RESIDENTS in people.index:
        within = [
            f"{words.number(float(people.loc[RESIDENTS, people_column(limit)]))} within {limit:g}"
            for limit in limits
        ]
        st.markdown(
            f"**Of {words.number(float(people.loc[RESIDENTS, 'people']))} residents, "
            f"{', '.join(within[:-1])} and {within[-1]} minutes' {caught.params.travel_mode.journey} of "
            f"{places_words(caught)}.**"
        )
    table = {"Group": people["label"]}
    for limit in limits:
        table[f"People within {limit:g}"] = np.round(people[people_column(limit)])
    table["People in all"] = np.round(people["people"])
    show(pd.DataFrame(table).reset_index(drop=True), "access_catchment", "People within reach by group")
    st.caption(
        "Estimates: people of a group are taken to be spread over their area as all residents are. Choose "
        "places under “Catchment of” to count and draw theirs alone."
    )
    map_downloads(
        lambda: catchment_map(study, caught) if bands is None else bands,
        "access_catchment",
        notes,
        key="catchment_map",
    )
