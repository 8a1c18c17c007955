"""What a map shows, as frozen values, and the short form in which it travels to the browser.

Geometry never travels here: areas are named by their place in the geometry file (its order of codes), so a
map of 3,200 areas costs one character an area. Anything larger (tooltips, points) goes by URL once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pages.components.area_map_json import NO_DATA, SUPPRESSED, Json, short_form
from pages.components.area_map_turn import Turns, turn_content

UNASSIGNED = -1
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "star", "pentagon", "hexagon")

__all__ = [
    "NO_DATA",
    "SHAPES",
    "SUPPRESSED",
    "UNASSIGNED",
    "Legend",
    "LegendEntry",
    "MapState",
    "Overlay",
    "PlaceKind",
    "Point",
    "Tooltips",
    "overlay_content",
    "point_content",
    "state_content",
    "tooltip_content",
]


@dataclass(frozen=True)
class LegendEntry:
    """One row: `fill` is a position in the palette, `NO_DATA` or `SUPPRESSED`; `label` "4.2% to 5.1%".

    With a `circle` (as in `MapState.circle_by_area`) the row shows that circle.
    """

    fill: int
    label: str
    colour: str | None = None
    circle: int = 0


@dataclass(frozen=True)
class Legend:
    """The legend inside the map, top left.

    Parameters
    ----------
    title, unit : str
        "Bad or very bad health"; "per cent of residents, Census 2021".
    entries : tuple of LegendEntry
        In the order to be shown. Give `NO_DATA` and `SUPPRESSED` a row where the map has such areas.
    authority : tuple of int and str, optional
        Palette position of the authority's value, and its words: `(2, "York 4.2%")`.
    differs : str
        Words for the hatching of areas that differ between maps.
    """

    title: str
    unit: str = ""
    entries: tuple[LegendEntry, ...] = ()
    authority: tuple[int, str] | None = None
    differs: str = "Differs between the maps"


@dataclass(frozen=True)
class Tooltips:
    """Words for each area, in geometry order; plain text, never HTML.

    Parameters
    ----------
    values : tuple of str
        "5.1% (4.8% to 5.4%)"; empty where the fill says it all (no data, suppressed).
    comparisons : tuple of str
        "higher than York"; empty where there is nothing to compare.
    """

    values: tuple[str, ...]
    comparisons: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceKind:
    """How one kind of place is drawn: shape as well as colour, so that colour is never the only key."""

    id: str
    label: str
    shape: str
    colour: str


@dataclass(frozen=True)
class Point:
    """One place: `kind` is the id of a `PlaceKind`; degrees. With an `id` a click on it chooses it.

    One that is `movable` has a handle and can be dragged; it needs an id.
    """

    kind: str
    name: str
    lon: float
    lat: float
    id: str = ""
    movable: bool = False


@dataclass(frozen=True)
class Overlay:
    """Areas of somebody else, drawn as dashed lines with names.

    Parameters
    ----------
    names : tuple of (str, float, float)
        Each name with the longitude and latitude where it stands; those in front come first where room is
        scarce.
    lines : tuple of tuple of float
        Each line as longitude, latitude, longitude, ...; one line between two neighbours.
    fine : bool
        Thinner lines, where many lie close together.
    """

    names: tuple[tuple[str, float, float], ...]
    lines: tuple[tuple[float, ...], ...]
    fine: bool = False


@dataclass(frozen=True)
class MapState:
    """Everything a map shows but its geometry.

    Parameters
    ----------
    mode : "select" or "draw"
        A click selects one area, or places it in the active footprint.
    palette : tuple of str
        Colours of the classes, "#RRGGBB".
    fill_by_area : tuple of int
        Palette position of each area in geometry order, or `NO_DATA` or `SUPPRESSED`. Empty: plain areas, or
        the colours of the footprints.
    circle_by_area : tuple of int
        Radius of a circle on each area in 35ths of `circle_px`, nought for none; of areas of one footprint
        there is one circle, where its name stands. Empty: no circles.
    circle_px : int
        Radius of the largest circle in pixels.
    selected : str, optional
        Code of the selected area; outlined.
    selects_footprints : bool
        The whole footprint of the selected area is what is selected.
    footprint_by_area : tuple of int
        Position of each area's footprint, `UNASSIGNED` where it has none. Empty: no footprints.
    footprint_names, footprint_labels, footprint_colours : tuple of str
        Full names (announced, in tooltips), the letters or names drawn on the map, and fill colours, all by
        footprint position.
    active : int, optional
        Draw mode: the footprint that a click places areas in; `UNASSIGNED` takes them out. None: clicks
        do nothing.
    locked : tuple of int
        Footprints that neither gain nor lose areas.
    differing : tuple of int
        Places in geometry order of areas to hatch.
    kinds, points : tuple of PlaceKind, tuple of Point
    point_kinds : tuple of int
        Position in `kinds` of each point, where kinds change from run to run and the points do not: then no
        point is sent anew. Later kinds are drawn over earlier ones. Empty: as each point says.
    picked : str, optional
        Id of the point that is chosen; ringed.
    pins : bool
        A click sets a point, wherever it is, and nothing else.
    pin : tuple of float, optional
        Longitude and latitude of the point that is set; crossed.
    status : str
        One line beneath the map: what is shown, in words; announced when it changes.
    turns : Turns, optional
        A click on a place turns it; kinds without a point are then left out of the legend.
    overlay : Overlay, optional
        Lines of a partner's areas, over everything but the names.
    legend : Legend, optional
    tooltips : Tooltips, optional
    bounds : tuple of float, optional
        West, south, east, north in degrees for "zoom to the whole authority"; the areas' own by default.
    zoom_to : tuple of str
        Codes to bring into view whenever `zoom_request` is a new number above 0.
    zoom_request : int
    links : bool
        Show neighbours without a common border (rivers, islands) as dotted lines.
    base_map : tuple of str, optional
        URL template of tiles and their attribution line. Off by default; the map is complete without.
    attribution : str
        Licence line of the boundaries.
    theme : "light" or "dark", optional
        Streamlit's own theme when None.
    """

    mode: Literal["select", "draw"] = "select"
    palette: tuple[str, ...] = ()
    fill_by_area: tuple[int, ...] = ()
    circle_by_area: tuple[int, ...] = ()
    circle_px: int = 0
    selected: str | None = None
    selects_footprints: bool = False
    footprint_by_area: tuple[int, ...] = ()
    footprint_names: tuple[str, ...] = ()
    footprint_labels: tuple[str, ...] = ()
    footprint_colours: tuple[str, ...] = ()
    active: int | None = None
    locked: tuple[int, ...] = ()
    differing: tuple[int, ...] = ()
    kinds: tuple[PlaceKind, ...] = ()
    points: tuple[Point, ...] = ()
    point_kinds: tuple[int, ...] = ()
    picked: str | None = None
    pins: bool = False
    pin: tuple[float, float] | None = None
    status: str = ""
    turns: Turns | None = None
    overlay: Overlay | None = None
    legend: Legend | None = None
    tooltips: Tooltips | None = None
    bounds: tuple[float, float, float, float] | None = None
    zoom_to: tuple[str, ...] = ()
    zoom_request: int = 0
    links: bool = False
    base_map: tuple[str, str] | None = None
    attribution: str = ""
    theme: Literal["light", "dark"] | None = None


def tooltip_content(tooltips: Tooltips) -> Json:
    return {"values": list(tooltips.values), "comparisons": list(tooltips.comparisons)}


def point_content(points: tuple[Point, ...]) -> Json:
    return [[p.kind, p.name, round(p.lon, 5), round(p.lat, 5), *_own(p)] for p in points]


def _own(point: Point) -> list[Json]:
    if not point.id:
        return []
    return [point.id, 1] if point.movable else [point.id]


def overlay_content(overlay: Overlay) -> Json:
    content: dict[str, Json] = {
        "names": [list(name) for name in overlay.names],
        "lines": [list(line) for line in overlay.lines],
    }
    return {**content, "fine": True} if overlay.fine else content


def state_content(
    state: MapState, *, life: str, seen: int, tips: Json, points: Json, overlay: Json = None
) -> dict[str, Json]:
    """The state as the browser reads it.

    Parameters
    ----------
    life, seen : str, int
        Which browser frame was heard, and the number of its last event that the page has applied.
    tips, points, overlay : JSON
        `{"inline": ...}` or `{"url": ...}`.
    """
    content: dict[str, Json] = {
        "mode": state.mode,
        "palette": list(state.palette),
        "fills": short_form(state.fill_by_area),
        "circles": short_form(state.circle_by_area),
        "circlePx": state.circle_px or None,
        "selected": state.selected,
        "selectsFootprints": state.selects_footprints or None,
        "picked": state.picked,
        "pins": state.pins or None,
        "pin": list(state.pin) if state.pin else None,
        "footprints": short_form(state.footprint_by_area),
        "footprintNames": list(state.footprint_names),
        "footprintLabels": list(state.footprint_labels),
        "footprintColours": list(state.footprint_colours),
        "active": state.active,
        "locked": list(state.locked),
        "differs": list(state.differing),
        "kinds": [{"id": k.id, "label": k.label, "shape": k.shape, "colour": k.colour} for k in state.kinds],
        "pointKinds": short_form(state.point_kinds),
        "status": state.status,
        "turns": turn_content(state.turns),
        "legend": _legend_content(state.legend),
        "bounds": list(state.bounds) if state.bounds else None,
        "zoom": {"codes": list(state.zoom_to), "request": state.zoom_request} if state.zoom_request else None,
        "links": state.links,
        "base": {"url": state.base_map[0], "attribution": state.base_map[1]} if state.base_map else None,
        "attribution": state.attribution,
        "theme": state.theme,
        "life": life,
        "seen": seen,
        "tips": tips,
        "points": points,
        "overlay": overlay,
    }
    return {key: value for key, value in content.items() if value is not None and value not in ("", [])}


def _entry_content(entry: LegendEntry) -> dict[str, Json]:
    content: dict[str, Json] = {"fill": entry.fill, "label": entry.label, "colour": entry.colour}
    return {**content, "circle": entry.circle} if entry.circle else content


def _legend_content(legend: Legend | None) -> Json:
    if legend is None:
        return None
    return {
        "title": legend.title,
        "unit": legend.unit,
        "entries": [_entry_content(e) for e in legend.entries],
        "authority": {"fill": legend.authority[0], "label": legend.authority[1]}
        if legend.authority
        else None,
        "differs": legend.differs,
    }
