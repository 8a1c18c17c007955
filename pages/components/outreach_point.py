"""Points on the map of the bus: where a stop was dropped or a click was, in metres, and as a stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st
from pyproj import Transformer

from neighbourhoods.outreach.edit import FORBID_ROAD, MOVE_STOP, POINT, Edit
from neighbourhoods.outreach.edit_ground import nearest_place
from neighbourhoods.outreach.own_stop import MOST_NAME, OwnStop, own_id
from neighbourhoods.outreach.plan import OutreachParams
from neighbourhoods.study.study import Study

ACT = "outreach_act"
PIN_X, PIN_Y = "outreach_pin_x", "outreach_pin_y"
PIN_ACTS = (FORBID_ROAD, POINT)
SNAP_M = 150.0
NAMED_M = 5_000.0
_TO_METRES = Transformer.from_crs(4326, 27700, always_xy=True)
_TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)


def set_pin(lon: float, lat: float) -> None:
    """Put where somebody clicked into the boxes."""
    x, y = _TO_METRES.transform(lon, lat)
    st.session_state[PIN_X], st.session_state[PIN_Y] = round(x), round(y)


def pin_now() -> tuple[float, float] | None:
    """Longitude and latitude of the point in the boxes; None where there is none, or it is not asked for."""
    x, y = st.session_state.get(PIN_X), st.session_state.get(PIN_Y)
    if st.session_state.get(ACT) not in PIN_ACTS or x is None or y is None:
        return None
    lon, lat = _TO_DEGREES.transform(x, y)
    return float(lon), float(lat)


def drop_edit(study: Study, params: OutreachParams, stop_id: str, lon: float, lat: float) -> Edit:
    """A stop dropped somewhere: to the place that is near, else to a point of its own there."""
    x, y = _TO_METRES.transform(lon, lat)
    near = nearest_place(study, params, x, y, SNAP_M)
    if near is not None and near[0] != stop_id:
        return Edit(MOVE_STOP, stop_id=stop_id, to_id=near[0])
    own = own_stop(study, params, round(x), round(y))
    return Edit(MOVE_STOP, stop_id=stop_id, to_id=own.id, own=own)


def own_stop(
    study: Study,
    params: OutreachParams,
    x: float,
    y: float,
    name: str = "",
    answers: Mapping[str, str] | None = None,
) -> OwnStop:
    """A point with the name that was given, or that of the nearest place; raises InputError as `OwnStop`."""
    if not name.strip():
        near = nearest_place(study, params, x, y, NAMED_M)
        name = f"Point near {near[1]}"[:MOST_NAME] if near else f"Point at {x:.0f}, {y:.0f}"
    author = str(st.session_state.get("save_author", "") or "").strip()
    return OwnStop(
        own_id(x, y),
        name.strip(),
        float(x),
        float(y),
        author=author,
        created=date.today().isoformat(),
        **(answers or {}),
    )
