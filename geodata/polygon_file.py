"""Polygons that somebody drew in another program: bytes to outlines on the British National Grid."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geodata.archive import read_payloads
from geodata.errors import InputError, UnrecognisedFileError
from geodata.payload import Limits, Payload, RawFeatures
from geodata.raw_features import json_kind, parse_features

LIMITS = Limits(
    file_bytes=100_000_000, archive_bytes=200_000_000, n_features_max=20_000, n_vertices_max=5_000_000
)
_GEOPACKAGE = b"SQLite format 3\0"
_ZIP = b"PK\x03\x04"
_WANTED = "Give polygons as GeoJSON, GeoPackage or a zipped shapefile."


def read_polygons(content: bytes, file_name: str) -> gpd.GeoDataFrame:
    """The polygons of a GeoJSON, TopoJSON, GeoPackage or zipped shapefile, whatever it is called.

    Parameters
    ----------
    content : bytes
    file_name : str
        For messages only.

    Returns
    -------
    GeoDataFrame
        EPSG:27700, valid (Multi)Polygons, index 0 to n-1, attributes as in the file; `attrs["notes"]`
        says what was assumed or repaired.

    Raises
    ------
    UnrecognisedFileError
        For another format, no polygons, points or lines among them, or two layers of polygons.
    DamagedFileError, UnsafeFileError, TooLargeError
        Bytes that are cut, hostile or too many; coordinates outside Great Britain.
    InputError
        For a feature without an outline.
    """
    layers: list[RawFeatures] = []
    for payload in read_payloads((file_name, content), LIMITS):
        if _is_map(payload):
            layers += [layer for layer in parse_features(payload, LIMITS) if _has_polygons(layer)]
    if not layers:
        raise UnrecognisedFileError(f"There are no polygons in this file. {_WANTED}", where=file_name)
    if len(layers) > 1:
        names = ", ".join(layer.name for layer in layers)
        raise UnrecognisedFileError(
            f"The file holds {len(layers)} layers of polygons ({names}). Give one layer.", where=file_name
        )
    frame = layers[0].frame
    shapes = frame.geometry.to_numpy()
    empty = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if empty.size:
        raise InputError(
            f"Feature {empty[0] + 1} has no outline. Draw it or take it out.", where=layers[0].name
        )
    if not frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        raise UnrecognisedFileError(
            f"There are points or lines among the polygons. {_WANTED}", where=file_name
        )
    return _with_notes(frame, layers[0].notes)


def _is_map(payload: Payload) -> bool:
    head = payload.content[:64]
    if head.startswith((_GEOPACKAGE, _ZIP)):  # zips that are no shapefile were opened before this
        return True
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return json_kind(payload)[0] in ("features", "topology")
    return False


def _has_polygons(layer: RawFeatures) -> bool:
    return bool(layer.frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).any())


def _with_notes(frame: gpd.GeoDataFrame, notes: tuple[str, ...]) -> gpd.GeoDataFrame:
    noted = frame.reset_index(drop=True)
    noted.attrs["notes"] = list(notes)
    return noted
