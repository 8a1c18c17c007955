"""Maps as GeoJSON, GeoPackage and shapefile, each in the coordinates its format is read in.

GeoJSON is longitude and latitude by its standard (RFC 7946); the desktop formats stay on the
British National Grid (EPSG:27700), in metres.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

DEGREE_DECIMALS = 6
_FIELD_NAME_MAX = 10
_FIELD_BYTES_MAX = 254


def to_geojson_bytes(areas: gpd.GeoDataFrame, notes: Sequence[str]) -> bytes:
    """Features as GeoJSON (RFC 7946): EPSG:4326, 6 decimals (0.1 m), outer rings anticlockwise.

    Parameters
    ----------
    areas : GeoDataFrame
        Any geometry with a coordinate system; a named index becomes a property and the feature's id.
    notes : sequence of str
        Stand under the top-level member "notes".
    """
    outlines = areas.geometry.to_crs(4326).to_numpy()
    outlines = shapely.set_precision(outlines, 10.0**-DEGREE_DECIMALS)
    outlines = shapely.transform(outlines, lambda xy: np.round(xy, DEGREE_DECIMALS))
    outlines = shapely.orient_polygons(outlines, exterior_cw=False)
    table = _attributes(areas)
    ids = areas.index if areas.index.name else [None] * len(areas)
    features = []
    for id_, outline, row in zip(ids, outlines, table.itertuples(index=False, name=None), strict=True):
        feature: dict[str, object] = (
            {"type": "Feature"} if id_ is None else {"type": "Feature", "id": str(id_)}
        )
        feature["properties"] = {key: _json(value) for key, value in zip(table.columns, row, strict=True)}
        missing = outline is None or outline.is_empty
        feature["geometry"] = None if missing else shapely.geometry.mapping(outline)
        features.append(feature)
    collection = {"type": "FeatureCollection", "notes": list(notes), "features": features}
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def to_geopackage_bytes(areas: gpd.GeoDataFrame, notes: Sequence[str]) -> bytes:
    """Features as GeoPackage in EPSG:27700: a layer "areas" and a table "notes"."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.gpkg"
        pyogrio.write_dataframe(_on_grid(areas), path, driver="GPKG", layer="areas")
        lines = pd.DataFrame({"note": pd.Series(list(notes), dtype="str")})
        pyogrio.write_dataframe(lines, path, driver="GPKG", layer="notes")
        return path.read_bytes()


def to_shapefile_zip_bytes(areas: gpd.GeoDataFrame, notes: Sequence[str]) -> bytes:
    """Features as a zipped shapefile in EPSG:27700, with a notes.txt.

    Field names are cut to 10 characters and made unique; notes.txt lists them beside the full names,
    and says which fields held text over 254 bytes that had to be cut.
    """
    frame = _on_grid(areas)
    attributes = [str(column) for column in frame.columns if column != frame.geometry.name]
    names = short_field_names(attributes)
    cut = _cut_texts(frame, attributes)
    lines = [*notes, "", "Fields:", *(f"{short}: {full}" for full, short in names.items())]
    lines += [f"Text in {names[column]} was cut to {_FIELD_BYTES_MAX} bytes." for column in cut]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "areas.shp"
        layer = frame.assign(**cut).rename(columns=names)
        pyogrio.write_dataframe(layer, path, driver="ESRI Shapefile", encoding="UTF-8")
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
            archive.writestr("notes.txt", "\r\n".join(lines) + "\r\n")
        return buffer.getvalue()


def short_field_names(names: Sequence[str]) -> dict[str, str]:
    """Names of at most 10 ASCII characters, unique whatever their capitals, for each full name."""
    short: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        clean = re.sub(r"\W", "_", name.encode("ascii", "ignore").decode()) or "field"
        candidate, number = clean[:_FIELD_NAME_MAX], 2
        while candidate.casefold() in taken:
            suffix = f"_{number}"
            candidate, number = clean[: _FIELD_NAME_MAX - len(suffix)] + suffix, number + 1
        taken.add(candidate.casefold())
        short[name] = candidate
    return short


def _attributes(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every column but the outlines, a named index in front."""
    table = pd.DataFrame(areas.drop(columns=areas.geometry.name))
    table = table.reset_index() if areas.index.name else table.reset_index(drop=True)
    return table.rename(columns=str)


def _on_grid(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """EPSG:27700, one geometry column, only column types that every format holds."""
    table = _attributes(areas)
    for column, dtype in table.dtypes.items():
        if pd.api.types.is_bool_dtype(dtype):
            table[column] = table[column].astype("int32")
        elif not pd.api.types.is_numeric_dtype(dtype):
            table[column] = [None if pd.isna(value) else str(value) for value in table[column]]
    outlines = areas.geometry.to_crs(27700).reset_index(drop=True)
    return gpd.GeoDataFrame(table, geometry=outlines.to_numpy(), crs="EPSG:27700")


def _cut_texts(frame: gpd.GeoDataFrame, attributes: Sequence[str]) -> dict[str, list[str | None]]:
    """New values of the columns that hold texts too long for a shapefile."""
    cut: dict[str, list[str | None]] = {}
    for column in attributes:
        if not pd.api.types.is_numeric_dtype(frame[column].dtype):
            shorter = [_first_bytes(value) for value in frame[column]]
            if shorter != [value if isinstance(value, str) else None for value in frame[column]]:
                cut[column] = shorter
    return cut


def _first_bytes(value: str | None) -> str | None:
    return value.encode()[:_FIELD_BYTES_MAX].decode(errors="ignore") if isinstance(value, str) else None


def _json(value: object) -> object:
    """A JSON value; NaN, NaT and infinities are null."""
    item = value.item() if hasattr(value, "item") else value
    if item is None or item is pd.NA or item is pd.NaT:
        return None
    if isinstance(item, float):
        return item if math.isfinite(item) else None
    return item if isinstance(item, str | bool | int) else str(item)
