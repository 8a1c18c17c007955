"""GPX comes back by a plain reader of XML, names with marks among them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from geodata.errors import InputError
from geodata.gpx_export import GpxPoint, GpxRoute, to_gpx_bytes

HALL = GpxPoint("Hall <A> & Sons", 53.9, -1.1, "Every Monday")
NAMES = {"g": "http://www.topografix.com/GPX/1/1"}


def test_waypoints_and_routes_come_back_in_order() -> None:
    library = GpxPoint("Library", 53.95, -1.05)
    content = to_gpx_bytes("Bus", [HALL, library], [GpxRoute("Monday", (library, HALL))], ["Source"])
    root = ET.fromstring(content)
    assert root.tag == "{http://www.topografix.com/GPX/1/1}gpx"
    assert root.get("version") == "1.1"
    assert root.find("g:metadata/g:desc", NAMES).text == "Source"  # type: ignore[union-attr]
    assert [one.findtext("g:name", namespaces=NAMES) for one in root.findall("g:wpt", NAMES)] == [
        "Hall <A> & Sons",
        "Library",
    ]
    assert [(one.get("lat"), one.get("lon")) for one in root.findall("g:rte/g:rtept", NAMES)] == [
        ("53.950000", "-1.050000"),
        ("53.900000", "-1.100000"),
    ]


def test_a_point_nowhere_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="Nowhere has no place"):
        to_gpx_bytes("Bus", [GpxPoint("Nowhere", float("nan"), 0.0)], [], [])
