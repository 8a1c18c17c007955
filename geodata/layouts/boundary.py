"""Outlines of areas: whichever columns the file has, one frame of areas of one geography and vintage.

The mistake this prevents: superseded wards, or a coarser copy of the outlines, taking the place of the
published ones. Each set carries a precedence (year, completeness, official columns, detail), by which the
importer keeps one.
"""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.dataset import NewDataset
from geodata.errors import DamagedFileError, InputError, OtherAuthorityError, VintageError
from geodata.geography import geography
from geodata.layouts.column import (
    CodeColumn,
    code_columns,
    lad_column,
    name_key,
    unnamed_code_column,
    values_of,
    vintage_of,
)
from geodata.layouts.cut import NO_CODE
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import authority, count_reasons, outside, provenance_of
from geodata.payload import Raw, RawFeatures

_LEVEL_ORDER = ("oa", "lsoa", "msoa", "ward", "lad")
_NAMED_SHARE_MIN = 0.5  # fewer codes than half the outlines: they are not the outlines of those areas
_OVERLAP_MAX = 0.001
LISTED_TWICE = "outline listed twice"
_BLANK = ("", "None", "nan")
_OFFICIAL = ("FID", "OBJECTID", "GlobalID", "BNG_E", "Shape__Area")


def area_column(raw: Raw) -> CodeColumn | None:
    """The column that says which area an outline is: the finest level that names one row each.

    Where none does, an outline is listed twice or in parts: then the finest level that names most rows.
    """
    named = code_columns(raw)
    for wanted in (1.0, _NAMED_SHARE_MIN):
        found = [c for c in named if _share_named(values_of(raw, c.key)) >= wanted]
        if found:
            return min(found, key=lambda c: (_LEVEL_ORDER.index(c.level), -int(c.year or 0)))
    return unnamed_code_column(raw) if not named else None


def _share_named(codes: pd.Series) -> float:
    """How many codes there are for each row that has one."""
    filled = codes[~codes.isin(_BLANK)]
    return filled.nunique() / len(filled) if len(filled) else 0.0


def _matches(raw: Raw) -> bool:
    if not isinstance(raw, RawFeatures) or raw.frame.empty:
        return False
    polygons = np.isin(shapely.get_type_id(raw.frame.geometry.to_numpy()), (3, 6))
    return bool(polygons.any()) and (bool(code_columns(raw)) or unnamed_code_column(raw) is not None)


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawFeatures):
        raise DamagedFileError("There are no outlines in this file.", where=raw.name)
    column = area_column(raw)
    if column is None or _share_named(values_of(raw, column.key)) < _NAMED_SHARE_MIN:
        raise DamagedFileError(
            "Many outlines carry the same area code, so they are not the areas themselves. Import the "
            "published boundaries, one outline for each area.",
            where=raw.name,
        )
    raw, joined = _with_parts_joined(raw, column)
    codes = values_of(raw, column.key)
    geography_id, year = _geography_of(column, codes, raw, context)
    reasons = _reasons(raw, codes, geography_id, context)
    reasons[(reasons == LISTED_TWICE) & codes.isin(joined)] = "joined to the other part of its area"
    kept = reasons == ""
    if not kept.any():
        raise OtherAuthorityError(
            f"No outline is of {authority(context)}; the first is {_name(raw, column, 0)}. "
            "Import the boundaries of the authority, or the national file.",
            where=raw.name,
        )
    names_at = name_key(raw, column)
    names = values_of(raw, names_at) if names_at is not None else codes
    areas = gpd.GeoDataFrame(
        {
            "area_name": names[kept].where(names[kept].ne(""), codes[kept]).to_numpy(),
            "population": np.nan,
        },
        geometry=raw.frame.geometry[kept].to_numpy(),
        index=pd.Index(codes[kept].to_numpy(), name="area_code"),
        crs="EPSG:27700",
    ).sort_index()
    dropped = count_reasons(reasons)
    notes = _notes(areas, geography_id, column, context)
    period = f"20{year}" if year else "not stated"
    dataset = NewDataset(
        f"areas:{geography_id}",
        "areas",
        geography_id,
        areas,
        provenance_of(
            raw, context, "ons_boundaries", period=period, rows_in=len(codes), dropped=dropped, notes=notes
        ),
        {"precedence": _precedence(raw, column, year, areas), "year": year},
    )
    return Parsed((dataset,), len(codes), int(kept.sum()), dropped, geography_id, (*raw.notes, *notes))


def _geography_of(
    column: CodeColumn, codes: pd.Series, raw: RawFeatures, context: Context
) -> tuple[str, str]:
    if column.level == "ward":
        newest = context.area_codes.get("ward", frozenset())
        ours = set(codes) & newest
        superseded = bool(newest) and not ours and column.year != ""
        return (f"ward{column.year}" if superseded else "ward"), column.year
    if column.level == "lad":
        return "lad", column.year
    year = column.year or vintage_of(codes, column.level, context.area_codes)
    if year not in ("11", "21"):
        raise VintageError(
            f"These are outlines of {column.level.upper()}s, but neither a column nor the codes say "
            "whether they are those of 2011 or of 2021. Import the published boundaries, or a lookup of "
            "that year first.",
            where=raw.name,
        )
    return column.level + year, year


def _reasons(raw: RawFeatures, codes: pd.Series, geography_id: str, context: Context) -> pd.Series:
    """Why each outline is left out; "" for those that stay."""
    reasons = pd.Series("", index=codes.index, dtype=object)
    if context.authority_code:
        reasons[~_ours(raw, codes, geography_id, context)] = outside(context)
    shapes = raw.frame.geometry.to_numpy()
    reasons[codes.isin(_BLANK)] = NO_CODE
    no_outline = ~np.isin(shapely.get_type_id(shapes), (3, 6)) | shapely.is_empty(shapes)
    reasons[no_outline] = "no outline"
    listed = (reasons == "") & codes.duplicated()
    reasons[listed] = LISTED_TWICE
    return reasons


def _with_parts_joined(raw: RawFeatures, column: CodeColumn) -> tuple[RawFeatures, frozenset[str]]:
    """One outline for each code, and the codes of areas that came in several parts, which are joined.

    Raises
    ------
    DamagedFileError
        When two outlines of one code differ and overlap: nobody can say which is right.
    """
    codes = values_of(raw, column.key)
    several = codes.duplicated(keep=False) & ~codes.isin(_BLANK)
    if not several.any():
        return raw, frozenset()
    shapes = raw.frame.geometry.copy()
    joined = set()
    for code, rows in codes[several].groupby(codes[several]).groups.items():
        parts = shapes.loc[rows].to_numpy()
        whole = shapely.union_all(parts)
        if shapely.equals(parts, whole).all():
            continue
        if shapely.area(parts).sum() > whole.area * (1 + _OVERLAP_MAX):
            raise DamagedFileError(
                f"Two different outlines carry the code {code}. Keep the right one and import it again.",
                where=raw.name,
            )
        shapes.loc[rows] = whole
        joined.add(str(code))
    return replace(raw, frame=raw.frame.set_geometry(shapes)), frozenset(joined)


def _ours(raw: RawFeatures, codes: pd.Series, geography_id: str, context: Context) -> pd.Series:
    if geography_id == "lad":
        return codes == context.authority_code
    lad = lad_column(code_columns(raw))
    if lad is not None:
        return values_of(raw, lad.key) == context.authority_code
    known = context.area_codes.get(geography_id, frozenset())
    is_superseded = geography_id.startswith("ward") and geography_id != "ward"
    if known and not (is_superseded and context.outline is not None):
        return codes.isin(known)
    if context.outline is not None:  # superseded wards are named by nothing but their own file
        points = shapely.point_on_surface(raw.frame.geometry.to_numpy())
        return pd.Series(shapely.contains(context.outline, points), index=codes.index)
    if len(codes) > 2_000:
        raise InputError(
            f"The file holds {len(codes):,} {geography(geography_id).plural} and no column says which are of "
            f"{authority(context)}. Import ward boundaries or a lookup to the "
            "authority in the same go.",
            where=raw.name,
        )
    return pd.Series(True, index=codes.index)


def _notes(
    areas: gpd.GeoDataFrame, geography_id: str, column: CodeColumn, context: Context
) -> tuple[str, ...]:
    notes = []
    if not column.named:
        notes.append(f"area codes found by their values in the column “{column.key}”")
    known = context.area_codes.get(geography_id, frozenset())
    missing = known - set(areas.index)
    if missing:
        notes.append(f"{len(missing)} of {len(known)} known areas have no outline here")
    if geography_id.startswith("ward") and geography_id != "ward":
        notes.append("superseded wards: kept apart from the wards in force, for reference only")
    return tuple(notes)


def _precedence(raw: RawFeatures, column: CodeColumn, year: str, areas: gpd.GeoDataFrame) -> str:
    official = (2 if any(raw.column(name) for name in _OFFICIAL) else 1) if column.named else 0
    n_points = int(shapely.get_num_coordinates(areas.geometry.to_numpy()).sum())
    return f"{year or '00'}.{len(areas):07d}.{official}.{n_points:09d}"


def _name(raw: RawFeatures, column: CodeColumn, position: int) -> str:
    code, key = values_of(raw, column.key).iloc[position], name_key(raw, column)
    return f"{code} ({values_of(raw, key).iloc[position]})" if key is not None else code


BOUNDARIES: tuple[Layout, ...] = (Layout("boundaries", "Boundaries of areas", 0, _matches, _parse),)
