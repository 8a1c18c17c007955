"""Polygons drawn elsewhere, fitted to areas: each area goes where its people live, as ONS's best fit says.

Drawn polygons rarely follow area boundaries. What they leave open is reported, never guessed away:
areas that no polygon contains, and polygons that overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.errors import OptionError
from neighbourhoods.option.footprint_label import require_label
from neighbourhoods.option.option import FootprintOption

ALIGNED_SHARE = 0.01  # land in the wrong place that simplified and rounded outlines may leave
SLIVER_WIDTH_M = 20.0  # ONS generalises its boundaries (BGC) to 20 m
_ID_COLUMNS = ("footprint", "footprint_id", "footprint_")  # the last as a shapefile cuts it
_NAME_COLUMNS = ("footprint_name", "footprin_2", "footprint_", "name", "neighbourhood", "group", "label")


@dataclass(frozen=True, eq=False)
class FittingReport:
    """What did not fit when polygons were turned into an option.

    Parameters
    ----------
    overlaps : DataFrame
        footprint_a, footprint_b, area_m2: pairs that share more than slivers (parts with a mean width,
        twice the area over the perimeter, of 20 m or less), largest first.
    gaps : tuple of str
        Areas whose point lies in no polygon; they are unassigned.
    contested : tuple of str
        Areas whose point lies in more than one; they went to the polygon that covers most of them.
    empty : tuple of str
        Footprints that got no area.
    by_representative_point : tuple of str
        Areas fitted by a point inside them for want of a population-weighted centroid.
    """

    overlaps: pd.DataFrame
    gaps: tuple[str, ...]
    contested: tuple[str, ...]
    empty: tuple[str, ...]
    by_representative_point: tuple[str, ...]


def fit_option_polygons(
    polygons: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    geography: str,
    name: str = "",
    author: str = "",
    name_column: str | None = None,
    centroids: pd.DataFrame | None = None,
) -> tuple[FootprintOption, FittingReport]:
    """Each area to the polygon that contains its population-weighted centroid.

    Parameters
    ----------
    polygons : GeoDataFrame
        EPSG:27700 (Multi)Polygons; rows of the same footprint belong together.
    areas : GeoDataFrame
        Indexed by area_code, EPSG:27700.
    geography, name, author : str
        Of the option.
    name_column : str, optional
        Column of names; else `footprint_name`, `name` and their like, else "Footprint 1", ...
    centroids : DataFrame, optional
        x, y by area_code; areas that are not in it are fitted by a point inside them.

    Raises
    ------
    OptionError
        No such column, a name with control characters, or polygons that contain no area at all.
    """
    ids, names = _footprints(polygons, name_column)
    shapes = polygons.geometry.to_numpy()
    points, estimated = area_points(areas, centroids)
    area_at, polygon_at = shapely.STRtree(shapes).query(points, predicate="intersects")
    if not area_at.size:
        raise OptionError(
            f"The polygons contain none of the {len(areas):,} areas. Check their coordinate system and place."
        )
    outlines = areas.geometry.to_numpy()
    shared = np.zeros(area_at.size)
    n_polygons = np.bincount(area_at, minlength=len(areas))
    several = n_polygons[area_at] > 1
    shared[several] = shapely.area(
        shapely.intersection(outlines[area_at[several]], shapes[polygon_at[several]])
    )
    order = np.lexsort((polygon_at, -shared, area_at))
    first = order[np.unique(area_at[order], return_index=True)[1]]
    codes = [str(code) for code in areas.index]
    assignment = {codes[a]: ids[p] for a, p in zip(area_at[first], polygon_at[first], strict=True)}
    claims = {(a, ids[p]) for a, p in zip(area_at.tolist(), polygon_at.tolist(), strict=True)}
    n_claims = np.bincount([a for a, _ in claims], minlength=len(areas))
    option = FootprintOption("", name, geography, assignment, names, author, made_by="imported")
    report = FittingReport(
        overlaps=_overlaps(shapes, ids),
        gaps=tuple(codes[i] for i in np.flatnonzero(n_claims == 0)),
        contested=tuple(codes[i] for i in np.flatnonzero(n_claims > 1)),
        empty=tuple(id_ for id_ in dict.fromkeys(ids) if id_ not in option.footprint_ids),
        by_representative_point=tuple(codes[i] for i in np.flatnonzero(estimated)),
    )
    return option, report


def fit_to_closest(
    polygons: gpd.GeoDataFrame,
    areas_by_geography: Mapping[str, gpd.GeoDataFrame],
    *,
    name: str,
    centroids: Callable[[str], pd.DataFrame | None],
    only_if_aligned: Collection[str] = (),
) -> tuple[FootprintOption, FittingReport]:
    """The polygons fitted to the kind of area that they follow.

    An option of LSOAs that comes back as outlines would be another option if it were fitted to wards.

    Parameters
    ----------
    areas_by_geography : Mapping of str to GeoDataFrame
        The first whose land lies in its own polygons but for 1% is taken; where there is none, the one
        with the least land in the wrong place.
    centroids : callable
        Population-weighted centroids of a geography, or None.
    only_if_aligned : collection of str
        Geographies that are not taken for polygons that follow no areas.

    Raises
    ------
    OptionError
        As `fit_option_polygons`.
    """
    best: tuple[float, FootprintOption, FittingReport] | None = None
    for geography, areas in areas_by_geography.items():
        fitted = fit_option_polygons(
            polygons, areas, geography=geography, name=name, centroids=centroids(geography)
        )
        share = _share_misplaced(polygons, areas, fitted[0])
        if share <= ALIGNED_SHARE:
            return fitted
        if geography not in only_if_aligned and (best is None or share < best[0]):
            best = (share, *fitted)
    if best is None:
        raise OptionError("No outlines of areas are loaded that the polygons could be fitted to.")
    return best[1], best[2]


def _share_misplaced(polygons: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, option: FootprintOption) -> float:
    """Share of all land that does not lie in the polygons of its own area's footprint."""
    ids, _ = _footprints(polygons, None)
    shapes, outlines = polygons.geometry.to_numpy(), areas.geometry.to_numpy()
    own = [option.assignment.get(str(code)) for code in areas.index]
    found, at = shapely.STRtree(shapes).query(outlines, predicate="intersects")
    keep = np.array([own[a] == ids[p] for a, p in zip(found, at, strict=True)], dtype=bool)
    right = shapely.area(shapely.intersection(outlines[found[keep]], shapes[at[keep]])).sum()
    return float(1 - right / shapely.area(outlines).sum())


def _footprints(polygons: gpd.GeoDataFrame, name_column: str | None) -> tuple[list[str], dict[str, str]]:
    """Footprint id of each polygon, and the names of those that have another name than their id."""
    spelt = {str(column).casefold(): column for column in polygons.columns}
    if name_column is not None and name_column not in polygons.columns:
        raise OptionError(
            f"The polygons have no column {name_column!r}. They have: {', '.join(spelt.values())}."
        )
    id_column = next((spelt[c] for c in _ID_COLUMNS if c in spelt and spelt[c] != name_column), None)
    found = next((spelt[c] for c in _NAME_COLUMNS if c in spelt and spelt[c] != id_column), None)
    labels = _labels(polygons, name_column or found)
    ids = _labels(polygons, id_column) if id_column is not None else labels
    ids = [id_ or f"Footprint {number}" for number, id_ in enumerate(ids, start=1)]
    names: dict[str, str] = {}
    for id_, label in zip(ids, labels, strict=True):
        if label and label != id_:
            names.setdefault(id_, label)
    return ids, names


def _labels(polygons: gpd.GeoDataFrame, column: str | None) -> list[str]:
    if column is None:
        return [""] * len(polygons)
    return ["" if pd.isna(value) else require_label(_text(value)) for value in polygons[column]]


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def area_points(
    areas: gpd.GeoDataFrame, centroids: pd.DataFrame | None
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """One point per area, and whether it is only a point inside it."""
    points = shapely.point_on_surface(areas.geometry.to_numpy())
    if centroids is None:
        return points, np.ones(len(areas), dtype=bool)
    known = centroids.reindex(areas.index)[["x", "y"]].to_numpy(dtype=float)
    estimated = np.isnan(known).any(axis=1)
    points[~estimated] = shapely.points(known[~estimated])
    return points, estimated


def _overlaps(shapes: npt.NDArray[np.object_], ids: Sequence[str]) -> pd.DataFrame:
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a < b and ids[a] != ids[b]]
    rows = [(ids[a], ids[b], area_beyond_slivers_m2(shapes[a], shapes[b])) for a, b in pairs]
    frame = pd.DataFrame(rows, columns=["footprint_a", "footprint_b", "area_m2"])
    frame = frame.astype({"area_m2": "float64"})
    swapped = frame["footprint_a"] > frame["footprint_b"]
    frame.loc[swapped, ["footprint_a", "footprint_b"]] = frame.loc[
        swapped, ["footprint_b", "footprint_a"]
    ].to_numpy()
    summed = frame[frame["area_m2"] > 0].groupby(["footprint_a", "footprint_b"], as_index=False).sum()
    return summed.sort_values("area_m2", ascending=False, ignore_index=True)


def area_beyond_slivers_m2(a: shapely.Geometry, b: shapely.Geometry) -> float:
    """Land that two polygons share, without parts that are 20 m wide or less on average."""
    parts = shapely.get_parts(shapely.intersection(a, b))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    wide = 2 * shapely.area(parts) > SLIVER_WIDTH_M * shapely.length(parts)
    return float(shapely.area(parts[wide]).sum())
