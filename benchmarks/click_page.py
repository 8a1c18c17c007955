"""The page that benchmarks/click.py clicks on: areas to be placed in footprints, and figures that follow.

It runs from a folder of its own that holds `static/` and `click.json` (for each size: the geometry file,
its codes and each area's residents).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import streamlit as st

from pages.components.area_map import area_map
from pages.components.area_map_event import MapEvent
from pages.components.area_map_state import UNASSIGNED, Legend, LegendEntry, MapState, Tooltips

NAMES = ("A", "B", "C", "D")
COLOURS = ("#7FA3C7", "#8FD0CB", "#C690B4", "#F9B48F")
PALETTE = ("#EAF1F8", "#C3D5E8", "#8FB0D1", "#4F7FB0", "#12436D")

st.set_page_config(layout="wide")


@st.cache_resource
def _setting(size: str) -> dict[str, list[str] | list[int] | str]:
    content: dict[str, dict[str, list[str] | list[int] | str]]
    content = json.loads((Path(__file__).parent / "click.json").read_text())
    return content[size]


setting = _setting(st.query_params.get("size", "21"))
codes = setting["codes"]
row_by_code = {code: row for row, code in enumerate(codes)}
state = st.session_state
if "placed" not in state:
    state.placed = np.full(len(codes), UNASSIGNED)
    state.clicks = 0


def place(event: MapEvent) -> None:
    placed = state.placed.copy()
    for code, footprint in event.assigned:
        placed[row_by_code[code]] = footprint
    state.placed = placed
    state.clicks += len(event.actions)


figures, drawing = st.columns([1, 3])
with drawing:
    area_map(
        str(setting["url"]),
        MapState(
            mode="draw",
            palette=PALETTE,
            fill_by_area=tuple(row * 7 % 5 for row in range(len(codes))),
            footprint_by_area=tuple(state.placed.tolist()),
            footprint_names=NAMES,
            footprint_labels=NAMES,
            footprint_colours=COLOURS,
            active=state.clicks % 4,
            legend=Legend("Residents", "by area", tuple(LegendEntry(i, f"class {i}") for i in range(5))),
            tooltips=Tooltips(tuple(f"{people:,} residents" for people in setting["residents"])),
        ),
        key="click",
        label="Areas to be placed",
        on_event=place,
    )
with figures:
    members = state.placed >= 0
    residents = np.bincount(
        state.placed[members], weights=np.asarray(setting["residents"])[members], minlength=len(NAMES)
    )
    st.markdown(f"Clicks counted: {state.clicks}")
    for name, people in zip(NAMES, residents, strict=True):
        st.metric(name, f"{people:,.0f}")
