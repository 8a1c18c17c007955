"""OpenStreetMap files of a few ways, written by hand: the PBF as its wiki page describes it, uncompressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import shapely

Ways = Sequence[tuple[Mapping[str, str], Sequence[tuple[float, float]]]]


def osm_xml(ways: Ways) -> bytes:
    """Ways with tags and vertices in metres (EPSG:27700); a vertex at the same metres is the same node."""
    nodes = _nodes(ways)
    text = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6'>"]
    text += [f"<node id='{i}' lat='{lat:.7f}' lon='{lon:.7f}'/>" for i, lon, lat in nodes.values()]
    for number, (tags, line) in enumerate(ways, 1):
        text.append(f"<way id='{number}'>")
        text += [f"<nd ref='{nodes[tuple(point)][0]}'/>" for point in line]
        text += [f"<tag k='{key}' v='{value}'/>" for key, value in tags.items()]
        text.append("</way>")
    return "\n".join([*text, "</osm>"]).encode()


def osm_pbf(ways: Ways) -> bytes:
    """The same as a PBF."""
    nodes = _nodes(ways)
    words = ["", *sorted({word for tags, _ in ways for pair in tags.items() for word in pair})]
    table = b"".join(_field(1, word.encode()) for word in words)
    group = b""
    for i, lon, lat in nodes.values():
        node = _number(1, _zigzag(i)) + _number(8, _zigzag(round(lat * 1e7)))
        group += _field(1, node + _number(9, _zigzag(round(lon * 1e7))))
    for number, (tags, line) in enumerate(ways, 1):
        refs = [nodes[tuple(point)][0] for point in line]
        steps = [b - a for a, b in zip([0, *refs], refs, strict=False)]
        way = _number(1, number)
        way += _field(2, b"".join(_varint(words.index(key)) for key in tags))
        way += _field(3, b"".join(_varint(words.index(value)) for value in tags.values()))
        group += _field(3, way + _field(8, b"".join(_varint(_zigzag(step)) for step in steps)))
    header = _field(4, b"OsmSchema-V0.6")
    return _blob(b"OSMHeader", header) + _blob(b"OSMData", _field(1, table) + _field(2, group))


def _nodes(ways: Ways) -> dict[tuple[float, float], tuple[int, float, float]]:
    points = list(dict.fromkeys(tuple(point) for _, line in ways for point in line))
    degrees = gpd.GeoSeries([shapely.Point(p) for p in points], crs="EPSG:27700").to_crs("EPSG:4326")
    return {
        point: (i, shape.x, shape.y) for i, (point, shape) in enumerate(zip(points, degrees, strict=True), 1)
    }


def _varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])


def _zigzag(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _blob(kind: bytes, content: bytes) -> bytes:
    blob = _field(1, content)
    header = _field(1, kind) + _number(3, len(blob))
    return len(header).to_bytes(4, "big") + header + blob
