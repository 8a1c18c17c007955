"""Outlines, points and lines in any form to features in British National Grid (EPSG:27700).

A file that names no coordinate system is read as longitude and latitude, unless its numbers can only be
metres; what was assumed is noted, never silent.
"""

from __future__ import annotations

import io
import json
import re
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from geodata.errors import DamagedFileError, TooLargeError, UnrecognisedFileError
from geodata.payload import Limits, Payload, RawFeatures
from geodata.text import clean_column

BNG = "EPSG:27700"
SLIVER_M2 = 1.0
_BNG_BOUNDS = (-100_000.0, -50_000.0, 900_000.0, 1_400_000.0)


def parse_features(payload: Payload, limits: Limits) -> list[RawFeatures]:
    """Every layer with geometry of a GeoJSON, TopoJSON, GeoPackage or zipped shapefile.

    Raises
    ------
    DamagedFileError, TooLargeError, UnrecognisedFileError
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on winding order, field widths, file endings
            layers = [(str(name), kind) for name, kind in pyogrio.list_layers(payload.content)]
            found = [
                _layer(payload, position, "" if len(layers) == 1 else name, limits)
                for position, (name, kind) in enumerate(layers)
                if kind is not None
            ]
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
    ) as error:
        raise DamagedFileError(
            f"The map file cannot be read ({str(error)[:120]}). Download it again.", where=payload.name
        ) from error
    except (ValueError, UnicodeDecodeError, shapely.errors.GEOSException) as error:
        raise DamagedFileError(
            f"The map file is damaged ({str(error)[:120]}).", where=payload.name
        ) from error
    if not found:
        raise UnrecognisedFileError(
            "There is no layer with outlines or points in this file.", where=payload.name
        )
    return found


def _layer(payload: Payload, position: int, layer: str, limits: Limits) -> RawFeatures:
    info = pyogrio.read_info(payload.content, layer=position, force_feature_count=True)
    if info["features"] > limits.n_features_max:
        raise TooLargeError(
            f"The layer has {info['features']:,} features; the limit is {limits.n_features_max:,}. "
            "Cut it to your authority first.",
            where=payload.name,
        )
    frame = pyogrio.read_dataframe(io.BytesIO(payload.content), layer=position, force_2d=True)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DamagedFileError("The layer has no geometry.", where=payload.name)
    frame = frame.reset_index(drop=True)
    if int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum()) > limits.n_vertices_max:
        raise TooLargeError(
            f"The outlines have more than {limits.n_vertices_max:,} points. Use a generalised copy (BGC).",
            where=payload.name,
        )
    notes: list[str] = []
    frame = _to_bng(_named_crs(frame, payload), payload, notes)
    frame = frame.set_geometry(_repaired(frame.geometry, notes))
    for column in frame.columns:
        if column != frame.geometry.name and not pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = clean_column(frame[column])
    if frame.geometry.name != "geometry":
        frame = frame.rename_geometry("geometry")
    name = f"{payload.name}#{layer}" if layer else payload.name
    return RawFeatures(name, frame, tuple(notes), payload.sha256, layer)


def _named_crs(frame: gpd.GeoDataFrame, payload: Payload) -> gpd.GeoDataFrame:
    """TopoJSON may carry a coordinate system inside its objects, which GDAL passes over."""
    if frame.crs is not None:
        return frame
    named = re.search(
        rb'"name"\s*:\s*"urn:ogc:def:crs:([A-Za-z]+):[^:"]*:([A-Za-z0-9]+)"', payload.content[:200_000]
    )
    if named is None:
        return frame
    authority, code = (part.decode("ascii") for part in named.groups())
    try:
        return frame.set_crs("EPSG:4326" if code == "CRS84" else f"{authority}:{code}")
    except pyproj.exceptions.CRSError:
        return frame


def _to_bng(frame: gpd.GeoDataFrame, payload: Payload, notes: list[str]) -> gpd.GeoDataFrame:
    bounds = np.asarray(frame.total_bounds, dtype=float)
    if not np.isfinite(bounds).all():
        if len(frame) and frame.geometry.notna().any() and not frame.geometry.is_empty.all():
            raise DamagedFileError("Some coordinates are not numbers.", where=payload.name)
        return frame.set_crs(BNG, allow_override=True)
    degrees = bool((np.abs(bounds[[0, 2]]) <= 180).all() and (np.abs(bounds[[1, 3]]) <= 90).all())
    if frame.crs is None:
        notes.append(
            "no coordinate system named: taken as "
            + ("longitude and latitude (WGS 84)" if degrees else "British National Grid metres")
        )
        frame = frame.set_crs("EPSG:4326" if degrees else BNG)
    elif frame.crs.is_geographic and not degrees:
        notes.append("coordinates are metres, not degrees: taken as British National Grid")
        frame = frame.set_crs(BNG, allow_override=True)
    moved = frame.to_crs(BNG)
    west, south, east, north = np.asarray(moved.total_bounds, dtype=float)
    inside = (
        west >= _BNG_BOUNDS[0]
        and south >= _BNG_BOUNDS[1]
        and east <= _BNG_BOUNDS[2]
        and north <= _BNG_BOUNDS[3]
    )
    if not inside:
        raise DamagedFileError(
            "The coordinates do not lie in Great Britain: latitude and longitude may be swapped, or the "
            "coordinate system is wrong. Export it again in longitude/latitude or British National Grid.",
            where=payload.name,
        )
    return moved


def _repaired(geometry: gpd.GeoSeries, notes: list[str]) -> gpd.GeoSeries:
    """Valid shapes; what repair leaves over (lines, points, slivers under a square metre) is taken out."""
    shapes = geometry.to_numpy()
    invalid = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if invalid.any():
        n_invalid = int(invalid.sum())
        notes.append(f"{n_invalid} invalid outline{'s' if n_invalid > 1 else ''} repaired (rings that cross)")
        shapes = shapes.copy()
        shapes[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    many = np.isin(shapely.get_type_id(shapes), (6, 7))
    n_slivers = 0
    cleaned = shapes.copy()
    for i in np.flatnonzero(many):
        parts = [p for p in shapely.get_parts(shapely.get_parts(shapes[i])) if shapely.get_type_id(p) == 3]
        if not parts:
            continue
        large = [p for p in parts if shapely.area(p) >= SLIVER_M2]
        n_slivers += len(parts) - len(large)
        if large and len(large) < len(parts):
            cleaned[i] = large[0] if len(large) == 1 else shapely.multipolygons(large)
    if n_slivers:
        notes.append(f"{n_slivers} sliver{'s' if n_slivers > 1 else ''} under one square metre taken out")
    return gpd.GeoSeries(cleaned, index=geometry.index, crs=geometry.crs)


def json_kind(payload: Payload, n_bytes_checked: int = 100_000_000) -> tuple[str, object | None]:
    """What a JSON text is: ("features" | "topology" | "other", the parsed value or None).

    Raises
    ------
    DamagedFileError
        When it is not whole.
    """
    content = payload.content
    if len(content) > n_bytes_checked:
        return "features", None
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DamagedFileError(
            "The JSON is cut or damaged. Download it again.", where=payload.name
        ) from error
    kind = value.get("type") if isinstance(value, dict) else None
    if kind in ("FeatureCollection", "Feature"):
        return "features", value
    return ("topology" if kind == "Topology" else "other"), value
