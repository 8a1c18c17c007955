"""Road lines: OpenStreetMap, OS Open Roads, or any lines that a council offers as its streets.

All become one table of single lines with who may use them and which way. What a file does not say is said in
its notes, so that nobody takes a drawn network for a surveyed one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.errors import MissingDataError, OtherAuthorityError
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import authority, count_reasons, provenance_of
from geodata.layouts.road_tag import NOT_A_WAY, TAGS, tag_columns, way_columns
from geodata.payload import Raw, RawFeatures

KIND = "roads"
MARGIN_M = 5_000.0  # beyond the authority's box: the quickest way may lead over its border
SOURCE_IDS = ("openstreetmap", "os_open_roads", "council_roads")  # the first that is loaded is travelled on
_LINES = (1, 5)
_NO_ROADS = ("waterway", "railway", "watercoursename", "watercourse_name", "power")
_OS_CLASSES = {
    "motorway": "motorway",
    "a road": "primary",
    "b road": "secondary",
    "minor road": "tertiary",
    "local road": "residential",
    "local access road": "residential",
    "restricted local access road": "service",
    "secondary access road": "service",
}
_WITHOUT_OS = (
    "OS Open Roads says nothing of one-way streets, speed limits or footpaths: every road is taken as open "
    "both ways, and nobody walks or cycles but along roads (motorways left out)"
)
_WITHOUT_TAGS = (
    "no classes, speeds or one-way in this file: every line is taken as a road that is walked, cycled and "
    "driven both ways"
)


@dataclass(frozen=True)
class _Origin:
    """What tells one kind of road file from another."""

    source_id: str
    period: str
    notes: tuple[str, ...]


def _is_line(raw: Raw) -> np.ndarray:
    if not isinstance(raw, RawFeatures) or raw.frame.empty:
        return np.zeros(0, dtype=bool)
    return np.isin(shapely.get_type_id(raw.frame.geometry.to_numpy()), _LINES)


def _is_tagged(raw: Raw) -> bool:
    return isinstance(raw, RawFeatures) and raw.column("highway") is not None and bool(_is_line(raw).any())


def _os_function(raw: RawFeatures) -> str | None:
    return next((c for n in ("roadFunction", "road_function", "function") if (c := raw.column(n))), None)


def _is_open_roads(raw: Raw) -> bool:
    if not isinstance(raw, RawFeatures) or not _is_line(raw).any() or _is_tagged(raw):
        return False
    has_form = raw.column("formOfWay") is not None or raw.column("form_of_way") is not None
    return has_form and _os_function(raw) is not None


def _is_plain(raw: Raw) -> bool:
    """All lines, and no column that says that they are something else."""
    lines = _is_line(raw)
    if not len(lines) or not lines.all() or _is_tagged(raw) or _is_open_roads(raw):
        return False
    return isinstance(raw, RawFeatures) and not any(raw.column(name) for name in _NO_ROADS)


def _parse_tagged(raw: Raw, context: Context) -> Parsed:
    features = _features(raw)
    tags = tag_columns(features.frame.drop(columns="geometry"))
    lacking = [tag for tag in ("oneway", "maxspeed") if (tags[tag] == "").all()]
    said = (f"no line says {' or '.join(lacking)}: taken as open both ways, at assumed speeds",)
    return _parsed(features, tags, context, _Origin("openstreetmap", "as retrieved", said if lacking else ()))


def _parse_open_roads(raw: Raw, context: Context) -> Parsed:
    features = _features(raw)
    column = _os_function(features)
    named = features.frame[column].astype(str).str.strip().str.lower()
    tags = _blank_tags(features.frame)
    tags["highway"] = named.map(_OS_CLASSES).fillna("")
    form = features.column("formOfWay") or features.column("form_of_way")
    tags.loc[features.frame[form].astype(str).str.lower() == "guided busway", "highway"] = "bus_guideway"
    return _parsed(
        features, tags, context, _Origin("os_open_roads", "not stated in the file", (_WITHOUT_OS,))
    )


def _parse_plain(raw: Raw, context: Context) -> Parsed:
    features = _features(raw)
    origin = _Origin("council_roads", "not stated in the file", (_WITHOUT_TAGS,))
    return _parsed(features, _blank_tags(features.frame), context, origin)


def _features(raw: Raw) -> RawFeatures:
    if not isinstance(raw, RawFeatures):
        raise MissingDataError("There are no lines in this file.", where=raw.name)
    return raw


def _blank_tags(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame("", index=frame.index, columns=list(TAGS), dtype=object)


def _parsed(raw: RawFeatures, tags: pd.DataFrame, context: Context, origin: _Origin) -> Parsed:
    """Lines near the authority, one row for each single line."""
    shapes = raw.frame.geometry.to_numpy()
    ways = way_columns(tags)
    nobody = ~ways[["walk", "cycle_forward", "cycle_backward", "drive_forward", "drive_backward"]].any(axis=1)
    reasons = pd.Series("", index=raw.frame.index, dtype=object)
    reasons[~_near(shapes, raw, context)] = f"more than {MARGIN_M / 1_000:g} km outside the authority's box"
    reasons[nobody] = "closed to everybody"
    reasons[ways["road_class"].isin(NOT_A_WAY)] = "not built, or no way to travel on"
    if origin.source_id == "openstreetmap":
        reasons[tags["highway"] == ""] = "not a road or path"
    reasons[shapely.length(shapes) == 0] = "no length"
    reasons[~np.isin(shapely.get_type_id(shapes), _LINES)] = "not a line"
    kept = (reasons == "").to_numpy()
    if not kept.any():
        raise OtherAuthorityError(
            f"No road of this file lies near {authority(context)}. Import an extract that covers it.",
            where=raw.name,
        )
    parts, row = shapely.get_parts(shapes[kept], return_index=True)
    frame = gpd.GeoDataFrame(
        ways[kept].iloc[row].reset_index(drop=True).astype({"road_class": "str"}),
        geometry=parts,
        crs="EPSG:27700",
    )
    frame.index = pd.RangeIndex(len(frame), name="road_id")
    dropped = count_reasons(reasons)
    notes = (*origin.notes, f"{len(frame):,} lines, {shapely.length(parts).sum() / 1_000:,.0f} km")
    provenance = provenance_of(
        raw,
        context,
        origin.source_id,
        period=origin.period,
        rows_in=len(reasons),
        dropped=dropped,
        notes=notes,
    )
    dataset = NewDataset(
        f"{KIND}:{origin.source_id}", KIND, "", frame, provenance, {"content": content_of(frame)}
    )
    return Parsed((dataset,), len(reasons), int(kept.sum()), dropped, "", (*raw.notes, *notes))


def _near(shapes: np.ndarray, raw: Raw, context: Context) -> np.ndarray:
    if context.outline is None:
        raise MissingDataError(
            f"Nothing says yet where {authority(context)} lies. Import its ward boundaries in the same go.",
            where=raw.name,
        )
    west, south, east, north = shapely.bounds(context.outline)
    box = shapely.box(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    shapely.prepare(box)
    return np.asarray(shapely.intersects(box, shapes))


def content_of(frame: gpd.GeoDataFrame) -> str:
    """A name for what a network says, the same for the same lines and columns (SHA-256)."""
    told = hashlib.sha256()
    told.update(np.round(shapely.get_coordinates(frame.geometry.to_numpy()), 2).tobytes())
    told.update(shapely.get_num_coordinates(frame.geometry.to_numpy()).tobytes())
    told.update(frame.drop(columns="geometry").to_csv(index=False).encode())
    return told.hexdigest()


ROADS: tuple[Layout, ...] = (
    Layout("roads_openstreetmap", "Streets and paths (OpenStreetMap)", 3, _is_tagged, _parse_tagged),
    Layout("roads_open_roads", "Roads (OS Open Roads)", 3, _is_open_roads, _parse_open_roads),
    Layout("roads_plain", "Roads (lines without tags)", 3, _is_plain, _parse_plain),
)
