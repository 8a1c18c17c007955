"""The map of areas: a constant base that stays in the browser, and a small state that is sent to it.

The mistake it prevents is sending geometry with every answer. The folium map is the same on each run, so the
browser keeps it with its zoom; outlines are fetched once by URL; a click is painted there at once and comes
back here as codes. All scripts and styles are served by the app itself: the map needs no internet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

import folium
import streamlit as st
from folium.template import Template
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit_folium import st_folium

from geodata.geometry_file import publish_geometry
from pages.components.area_map_event import MapEvent, parse_event
from pages.components.area_map_json import Json, inert_json
from pages.components.area_map_state import (
    MapState,
    overlay_content,
    point_content,
    state_content,
    tooltip_content,
)

STATIC_URL = "../../app/static/"
SCRIPTS = (
    "area-map-geometry",
    "area-map-paint",
    "area-map-frame",
    "area-map-input",
    "area-map-drag",
    "area-map-turn",
    "area-map",
)
INLINE_BYTES = 2_000
_FILES = sorted((Path(__file__).parents[2] / "static").glob("area-map*"))
# a browser may keep these files: their address changes with their content
_VERSION = hashlib.sha256(b"".join(file.read_bytes() for file in _FILES)).hexdigest()[:10]


class _BaseMap(folium.Map):
    """A folium map cut down to Leaflet and our own script, from this app's own address."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <style>html, body { margin: 0; padding: 0; }</style>
        {% endmacro %}
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} ></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: [54, -1.5], zoom: 8, zoomSnap: 0.1, wheelPxPerZoomLevel: 100, zoomControl: false,
                attributionControl: false, keyboard: false, boxZoom: false,
                zoomAnimation: !still, fadeAnimation: !still, inertia: !still
            });
            var settings = Object.assign({still: still}, {{ this.settings }});
            window.areaMap = AreaMap.create({{ this.get_name() }}, settings);
        {% endmacro %}
        """
    )
    default_js: ClassVar[list[tuple[str, str]]] = [
        ("leaflet", f"{STATIC_URL}vendor/leaflet/leaflet.js?{_VERSION}"),
        *((name, f"{STATIC_URL}{name}.js?{_VERSION}") for name in SCRIPTS),
    ]
    default_css: ClassVar[list[tuple[str, str]]] = [
        ("leaflet_css", f"{STATIC_URL}vendor/leaflet/leaflet.css?{_VERSION}"),
        ("area_map_css", f"{STATIC_URL}area-map.css?{_VERSION}"),
    ]

    def __init__(self, settings: dict[str, Json]) -> None:
        super().__init__(tiles=None)
        self.settings = inert_json(settings)


class _StateUpdate(folium.FeatureGroup):
    """The state, in the only part of a folium map that may change without a new map."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            window.areaMap.update({{ this.content }});
            var {{ this.get_name() }} = L.featureGroup();
        {% endmacro %}
        """
    )

    def __init__(self, content: dict[str, Json]) -> None:
        super().__init__()
        self.content = inert_json(content)


def area_map(
    geometry_url: str,
    state: MapState,
    *,
    key: str,
    label: str,
    height: int = 560,
    group: str | None = None,
    on_event: Callable[[MapEvent], None] | None = None,
) -> MapEvent | None:
    """Show a map of areas and return what was newly done on it.

    Parameters
    ----------
    geometry_url : str
        Address of the geometry file as seen from the map, "../../app/static/geometry/....json".
    state : MapState
        Lengths of `fill_by_area` and `footprint_by_area` follow the geometry file's codes.
    key : str
        Unique on the page; the browser keeps zoom and place as long as key and geometry stay.
    label : str
        What the map is, for screen readers: "Map of York's wards by share in bad health".
    height : int
        Pixels.
    group : str, optional
        Maps of one group on a page move together.
    on_event : callable, optional
        Called with new acts before the page runs, so that the page draws with them once. It must put them
        into the session's state and draw nothing. Draw mode should use it: no act is lost or applied
        twice however slow the server is. Without it the acts are returned, once.

    Returns
    -------
    MapEvent or None
        New acts that no callback has had.
    """
    memory = f"area-map-{key}"
    value_key = f"{memory}-{hashlib.sha256(geometry_url.encode()).hexdigest()[:8]}"

    def deliver() -> None:
        event = _new_event(st.session_state.get(value_key), memory)
        if event and on_event:
            on_event(event)
            _mark_seen(event, memory)

    life, seen = st.session_state.get(memory, ("", 0))
    content = state_content(
        state,
        life=life,
        seen=seen,
        tips=_part(tooltip_content(state.tooltips)) if state.tooltips else None,
        points=_part(point_content(state.points)) if state.points else None,
        overlay=_part(overlay_content(state.overlay)) if state.overlay else None,
    )
    settings: dict[str, Json] = {"geometryUrl": geometry_url, "label": label, "group": group}
    value = st_folium(
        _BaseMap(settings),
        key=value_key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=_StateUpdate(content),
        render=False,  # the whole HTML page round the map, which nothing here shows, took half the time
        on_change=deliver,
    )
    event = _new_event(value, memory)
    if event is None:
        return None
    if on_event:
        on_event(event)
        _mark_seen(event, memory)
        st.rerun()
    _mark_seen(event, memory)
    return event


def _new_event(value: object, memory: str) -> MapEvent | None:
    life, seen = st.session_state.get(memory, ("", 0))
    return parse_event(value, life=life, seen=seen)


def _mark_seen(event: MapEvent, memory: str) -> None:
    st.session_state[memory] = (event.life, event.sequence)


def _part(content: Json) -> Json:
    """Small content inside the state, larger content by URL (its name is its hash, so it is fetched once)."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    if len(text) <= INLINE_BYTES:
        return {"inline": content}
    return {"url": f"{STATIC_URL}geometry/{_published(text, str(_static_folder()))}"}


@lru_cache(maxsize=64)
def _published(text: str, folder: str) -> str:
    return publish_geometry(text.encode(), Path(folder) / "geometry")


def _static_folder() -> Path:
    """The folder that Streamlit serves: `static` beside the script that was started."""
    context = get_script_run_ctx()
    script = Path(context.main_script_path) if context else Path(__file__).parents[1]
    return script.resolve().parent / "static"
