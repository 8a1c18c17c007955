"""Stops and rounds for a satellite navigator: waypoints and routes in GPX 1.1 (topografix.com/GPX/1/1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from geodata.errors import InputError
from geodata.text import clean_text

NAMESPACE = "http://www.topografix.com/GPX/1/1"


@dataclass(frozen=True)
class GpxPoint:
    """One point: name, degrees, and a line about it."""

    name: str
    lat: float
    lon: float
    description: str = ""


@dataclass(frozen=True)
class GpxRoute:
    """Points in the order in which they are driven, and the way between them where it is known.

    Parameters
    ----------
    name : str
    points : tuple of GpxPoint
    description : str
    track : tuple of (float, float)
        Latitude and longitude of the points of the way; empty for none.
    """

    name: str
    points: tuple[GpxPoint, ...]
    description: str = ""
    track: tuple[tuple[float, float], ...] = ()


def to_gpx_bytes(
    name: str, waypoints: Sequence[GpxPoint], routes: Sequence[GpxRoute], notes: Sequence[str]
) -> bytes:
    """A file of waypoints and routes; the notes stand in its description.

    Raises
    ------
    InputError
        For a point that lies nowhere on the globe.
    """
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("gpx"), {"version": "1.1", "creator": "Neighbourhoods"})
    about = ET.SubElement(root, _tag("metadata"))
    _text(about, "name", name)
    _text(about, "desc", " ".join(notes))
    for point in waypoints:
        _point(root, "wpt", point)
    for route in routes:
        element = ET.SubElement(root, _tag("rte"))
        _text(element, "name", route.name)
        _text(element, "desc", route.description)
        for point in route.points:
            _point(element, "rtept", point)
    for route in (one for one in routes if one.track):  # GPX has tracks behind all routes
        element = ET.SubElement(root, _tag("trk"))
        _text(element, "name", route.name)
        segment = ET.SubElement(element, _tag("trkseg"))
        for lat, lon in route.track:
            _point(segment, "trkpt", GpxPoint("", lat, lon))
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(parent, _tag(name)).text = clean_text(text)


def _point(parent: ET.Element, name: str, point: GpxPoint) -> None:
    if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
        raise InputError(f"{point.name} has no place on the map; its coordinates are missing or wrong.")
    element = ET.SubElement(parent, _tag(name), {"lat": f"{point.lat:.6f}", "lon": f"{point.lon:.6f}"})
    _text(element, "name", point.name)
    _text(element, "desc", point.description)
