"""A partner's areas out of a file: polygons of any kind, or a table of area codes with a partner's column.

Nothing says of itself that it is a partner's line: a person names the set, and the column of names where it
is not plain. What lies outside the authority is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.archive import digest
from geodata.dataset import NewDataset
from geodata.errors import InputError, OtherAuthorityError
from geodata.own_table import read_own_table
from geodata.polygon_file import read_polygons
from geodata.provenance import Dropped, Provenance
from neighbourhoods.option.footprint_label import require_label
from neighbourhoods.option.polygon import area_beyond_slivers_m2
from neighbourhoods.partner.column import (
    label_column,
    label_texts,
    registered_people,
    require_stated_vintage,
)
from neighbourhoods.partner.partner import TOTAL
from neighbourhoods.study.area_code import find_code_column, require_geography

POLYGON_SUFFIXES = (".geojson", ".json", ".gpkg", ".zip", ".topojson")


def partner_dataset(
    content: bytes,
    file_name: str,
    areas_by_geography: Mapping[str, gpd.GeoDataFrame],
    *,
    name: str,
    authority: str,
    column: str = "",
    registered: str = "",
) -> NewDataset:
    """The dataset of a partner's set.

    Its frame has partner_area and registered (NaN where it is not known), with outlines in EPSG:27700 or
    with area_code, one row for each pair.

    Parameters
    ----------
    content, file_name : bytes, str
        GeoJSON, GeoPackage or a zipped shapefile; or CSV or Excel with a column of area codes.
    areas_by_geography : Mapping
        The workspace's areas; the first holds the whole authority.
    name : str
        Of the set: "Primary care networks".
    authority : str
        Its name, for messages.
    column : str
        That names the partner's areas; found by its name where it is empty.
    registered : str
        Column of people registered with the partner; a figure that is the same in all rows of an area is
        that area's total, else rows are summed.

    Raises
    ------
    InputError
        No name, no such column, a name that is missing, figures that are no numbers.
    OtherAuthorityError
        When nothing of it lies in the authority.
    """
    title = require_label(name)
    if not title:
        raise InputError("The partner's set has no name. Give it one, such as “Primary care networks”.")
    if file_name.lower().endswith(POLYGON_SUFFIXES):
        frame, dropped, geography_id = _from_polygons(
            content, file_name, next(iter(areas_by_geography.values())), authority, column, registered
        )
    else:
        frame, dropped, geography_id = _from_table(
            content, file_name, areas_by_geography, authority, column, registered
        )
    is_total = _is_total(frame)
    origin = Provenance(
        "partner_areas",
        file_name,
        digest(content),
        "not stated in the file",
        datetime.now(UTC).isoformat(timespec="seconds"),
        len(frame) + sum(d.n_rows for d in dropped),
        len(frame),
        dropped,
        (f"partner's areas: {title}", *_notes(frame, is_total)),
    )
    extra = {"name": title, "registered": TOTAL if is_total else ""}
    return NewDataset(f"partner:{_slug(title)}", "partner", geography_id, frame, origin, extra)


def _from_polygons(
    content: bytes, file_name: str, areas: gpd.GeoDataFrame, authority: str, column: str, registered: str
) -> tuple[pd.DataFrame, tuple[Dropped, ...], str]:
    polygons = read_polygons(content, file_name)
    columns = [str(c) for c in polygons.columns if str(c) != "geometry"]
    labels = polygons[label_column(columns, column, file_name)]
    frame = gpd.GeoDataFrame(
        {
            "partner_area": label_texts(labels, file_name),
            "registered": registered_people(polygons, registered, columns),
        },
        geometry=polygons.geometry.to_numpy(),
        crs=27700,
    )
    whole = shapely.union_all(areas.geometry.to_numpy())
    is_ours = np.array([area_beyond_slivers_m2(shape, whole) > 0 for shape in frame.geometry])
    if not is_ours.any():
        raise OtherAuthorityError(
            f"None of the {len(frame)} polygons reaches into {authority}. Give the partner's areas there.",
            where=file_name,
        )
    return frame[is_ours].reset_index(drop=True), _outside(int((~is_ours).sum()), authority), ""


def _from_table(
    content: bytes,
    file_name: str,
    areas_by_geography: Mapping[str, gpd.GeoDataFrame],
    authority: str,
    column: str,
    registered: str,
) -> tuple[pd.DataFrame, tuple[Dropped, ...], str]:
    table = read_own_table(content, file_name)
    header = [str(c) for c in table.columns]
    known = frozenset(str(code) for areas in areas_by_geography.values() for code in areas.index)
    skip = [i for i, text in enumerate(header) if text in (column, registered)]
    code_at = find_code_column(header, table.to_numpy().tolist(), skip, known)
    codes = table.iloc[:, code_at].str.strip().str.upper()
    is_ours = codes.isin(known)
    if not is_ours.any():
        raise OtherAuthorityError(
            f"No row is of {authority}; the first is {codes.iloc[0]}. Give the partner's areas there.",
            where=file_name,
        )
    ours = {str(code): row + 1 for row, code in enumerate(codes) if code in known}
    geography_id = require_geography(ours, header[code_at], areas_by_geography)
    require_stated_vintage(header[code_at], geography_id, file_name)
    others = [text for i, text in enumerate(header) if i != code_at and text != registered]
    labels = table[label_column(others, column, file_name)]
    frame = pd.DataFrame(
        {
            "area_code": codes,
            "partner_area": labels.where(
                ~is_ours, label_texts(labels[is_ours], file_name).reindex(codes.index)
            ),
            "registered": registered_people(table, registered, header),
        }
    )[is_ours.to_numpy()]
    repeated = frame.duplicated(["area_code", "partner_area"])
    dropped = _outside(int((~is_ours).sum()), authority)
    if repeated.any():
        dropped += (Dropped("row listed twice", int(repeated.sum())),)
    return frame[~repeated].reset_index(drop=True), dropped, geography_id


def _is_total(frame: pd.DataFrame) -> bool:
    """Whether each figure is one of a whole partner's area, repeated in its rows."""
    groups = frame.groupby("partner_area")["registered"]
    return bool(
        (groups.size() > 1).any() and (groups.nunique() == 1).all() and frame["registered"].notna().all()
    )


def _notes(frame: pd.DataFrame, is_total: bool) -> tuple[str, ...]:
    notes: list[str] = []
    if frame["registered"].notna().any():
        notes.append(
            "registered people: " + ("one total in all rows of an area" if is_total else "summed over rows")
        )
    if "area_code" in frame:
        n_shared = int((frame.groupby("area_code").size() > 1).sum())
        if n_shared:
            how = "by registered people where they are given, else in equal parts"
            notes.append(f"{n_shared} areas lie in several of the partner's: shared {how}")
    return tuple(notes)


def _outside(n_rows: int, authority: str) -> tuple[Dropped, ...]:
    return (Dropped(f"outside {authority}", n_rows),) if n_rows else ()


def _slug(title: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:48]
    return slug or digest(title.encode())[:12]
