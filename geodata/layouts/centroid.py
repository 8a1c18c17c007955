"""Population-weighted centroids: one point per area, in metres or degrees, as a table or as points."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.errors import DamagedFileError, InputError, OtherAuthorityError, VintageError
from geodata.layouts.column import CodeColumn, code_columns, values_of, vintage_of
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import authority, count_reasons, outside, provenance_of
from geodata.payload import Raw, RawFeatures, RawTable


def _column(raw: Raw) -> CodeColumn | None:
    columns = code_columns(raw)
    return columns[0] if len(columns) == 1 and columns[0].level in ("oa", "lsoa", "msoa") else None


def _matches(raw: Raw) -> bool:
    if _column(raw) is None:
        return False
    if isinstance(raw, RawFeatures):
        return bool((shapely.get_type_id(raw.frame.geometry.to_numpy()) == 0).all()) and not raw.frame.empty
    return raw.has("x", "y")


def xy_in_metres(x: pd.Series, y: pd.Series) -> tuple[pd.Series, pd.Series, bool]:
    """Coordinates as British National Grid; True when they were degrees. NaN where they are not numbers."""
    east, north = pd.to_numeric(x, errors="coerce"), pd.to_numeric(y, errors="coerce")
    known = east.notna() & north.notna()
    if not known.any() or not ((east[known].abs() <= 180) & (north[known].abs() <= 90)).all():
        return east, north, False
    points = gpd.GeoSeries(gpd.points_from_xy(east[known], north[known]), crs="EPSG:4326").to_crs(
        "EPSG:27700"
    )
    east, north = east.astype("float64"), north.astype("float64")
    east[known], north[known] = points.x.to_numpy(), points.y.to_numpy()
    return east, north, True


def _points(raw: Raw) -> tuple[pd.Series, pd.Series, bool]:
    if isinstance(raw, RawFeatures):
        return raw.frame.geometry.x, raw.frame.geometry.y, False
    return xy_in_metres(raw.values("x"), raw.values("y"))


def _parse(raw: Raw, context: Context) -> Parsed:
    column = _column(raw)
    if column is None:
        raise InputError("The table of centroids has no single column of area codes.", where=raw.name)
    codes = values_of(raw, column.key)
    year = column.year or vintage_of(codes, column.level, context.area_codes)
    if not year:
        raise VintageError(
            "Neither a column nor the codes say which census year these are of.", where=raw.name
        )
    geography_id = column.level + year
    x, y, degrees = _points(raw)
    reasons = _reasons(codes, x, y, geography_id, raw, context)
    kept = reasons == ""
    if not kept.any():
        raise OtherAuthorityError(
            f"No centroid is of {authority(context)}; the first is {codes.iloc[0]}. "
            "Import the centroids of the authority, or the national file.",
            where=raw.name,
        )
    frame = pd.DataFrame(
        {"x": x[kept].to_numpy(dtype=float), "y": y[kept].to_numpy(dtype=float)},
        index=pd.Index(codes[kept].to_numpy(), name="area_code"),
    ).sort_index()
    if frame.index.has_duplicates:
        raise DamagedFileError("An area has two centroids in this file.", where=raw.name)
    dropped = count_reasons(reasons)
    if isinstance(raw, RawTable) and not degrees:
        notes: tuple[str, ...] = ("no coordinate system named: taken as British National Grid metres",)
    else:
        notes = ()
    dataset = NewDataset(
        f"centroids:{geography_id}",
        "centroids",
        geography_id,
        frame,
        provenance_of(
            raw, context, "ons_lookups", period=f"20{year}", rows_in=len(codes), dropped=dropped, notes=notes
        ),
        {"precedence": f"{len(frame):07d}"},
    )
    return Parsed((dataset,), len(codes), len(frame), dropped, geography_id, (*raw.notes, *notes))


def _reasons(
    codes: pd.Series, x: pd.Series, y: pd.Series, geography_id: str, raw: Raw, context: Context
) -> pd.Series:
    reasons = pd.Series("", index=codes.index, dtype=object)
    reasons[~(np.isfinite(x.to_numpy(dtype=float)) & np.isfinite(y.to_numpy(dtype=float)))] = "no location"
    if not context.authority_code:
        return reasons
    known = context.area_codes.get(geography_id, frozenset())
    if known:
        reasons[~codes.isin(known)] = outside(context)
    elif context.outline is not None:
        within = shapely.contains_xy(context.outline, x.to_numpy(dtype=float), y.to_numpy(dtype=float))
        reasons[~within] = outside(context)
    elif len(codes) > 2_000:
        raise InputError(
            "No column says which of these areas are the authority's. Import their boundaries or a lookup "
            "in the same go.",
            where=raw.name,
        )
    return reasons


CENTROIDS: tuple[Layout, ...] = (Layout("centroids", "Population-weighted centroids", 1, _matches, _parse),)
