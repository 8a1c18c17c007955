"""The borders that areas share, each kept once as an arc with an area on either side.

Everything drawn or measured while a person moves areas about comes from these arrays: an arc is on a
footprint's outline when its two sides lie in different footprints. Nothing is unioned. The mistake this
prevents is measuring a border twice, once from either side, with two slightly different lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.arc import FloatArray, IntArray, RowArray, build_arcs
from geodata.errors import InputError
from geodata.hull import side_hulls
from geodata.link import LINK_COLUMNS, automatic_links

CLOSED_GAP_M = 1.0


@dataclass(frozen=True, eq=False)
class Topology:
    """Shared arcs of one geography; arrays only, all lengths in metres (EPSG:27700).

    Parameters
    ----------
    area_codes, area_names : pd.Index
        One entry per area; "row" below is the position here.
    arc_left, arc_right : int32 (n_arcs,)
        Row of the area on each side when the arc is walked from first to last point; -1 is outside.
    arc_length_m : float64 (n_arcs,)
    area_m2 : float64 (n_areas,)
    arc_points : float64 (n_points, 2); arc_offsets : int64 (n_arcs + 1,)
        Arc i is `arc_points[arc_offsets[i]:arc_offsets[i + 1]]`, as long as a chain can be.
    arc_start, arc_end : int64 (n_arcs,)
        Junction numbers of the ends; equal for a closed loop.
    ring_arcs : int32; ring_offsets : int64 (n_rings + 1,)
        Each ring of each area as arcs in order with the area on the left; a reversed arc i is ~i.
    ring_polygon, polygon_area : int32
        Polygon each ring belongs to (the first ring of a polygon is its shell), and row of each polygon.
    links : pd.DataFrame
        focal, neighbour, kind ("island", "river" or "manual"), length_m (0.0), distance_m, focal_name,
        neighbour_name: pairs that count as neighbours although they share no border.
    notes : tuple of str
        What was done to the outlines, in a planner's words; empty when they were used as they are.
    """

    area_codes: pd.Index
    area_names: pd.Index
    arc_left: RowArray
    arc_right: RowArray
    arc_length_m: FloatArray
    area_m2: FloatArray
    arc_points: FloatArray
    arc_offsets: IntArray
    arc_start: IntArray
    arc_end: IntArray
    ring_arcs: RowArray
    ring_offsets: IntArray
    ring_polygon: RowArray
    polygon_area: RowArray
    links: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def n_areas(self) -> int:
        """Number of areas."""
        return len(self.area_codes)

    @cached_property
    def code_list(self) -> tuple[str, ...]:
        """Area codes as plain text, in row order."""
        return tuple(str(code) for code in self.area_codes)

    @cached_property
    def code_array(self) -> NDArray[np.object_]:
        """The same, to pick many from."""
        return np.array(self.code_list, dtype=object)

    @cached_property
    def row_by_code(self) -> dict[str, int]:
        """Row of each area code."""
        return {code: row for row, code in enumerate(self.code_list)}

    @cached_property
    def arc_sides(self) -> tuple[IntArray, IntArray]:
        """`arc_left` and `arc_right` in the machine's own width, which is quicker to look up by."""
        return self.arc_left.astype(np.intp), self.arc_right.astype(np.intp)

    @cached_property
    def pairs(self) -> tuple[RowArray, RowArray, FloatArray]:
        """Pairs of rows that share a border (first < second) and its length, each pair once."""
        inner = (self.arc_left >= 0) & (self.arc_right >= 0)
        first = np.minimum(self.arc_left[inner], self.arc_right[inner]).astype(np.int64)
        second = np.maximum(self.arc_left[inner], self.arc_right[inner])
        key, inverse = np.unique(first * self.n_areas + second, return_inverse=True)
        length = np.bincount(inverse, self.arc_length_m[inner], minlength=len(key)).astype(np.float64)
        a, b = np.divmod(key, max(self.n_areas, 1))
        return a.astype(np.int32), b.astype(np.int32), length

    @cached_property
    def link_rows(self) -> tuple[RowArray, RowArray]:
        """Rows that the links join."""
        rows = self.row_by_code
        first = np.array([rows[code] for code in self.links["focal"]], dtype=np.int32)
        return first, np.array([rows[code] for code in self.links["neighbour"]], dtype=np.int32)

    @cached_property
    def neighbours(self) -> tuple[RowArray, RowArray, RowArray]:
        """Neighbours of each area, over a border or a link: (row, neighbour, offsets).

        Each pair stands both ways; neighbours of row i are `neighbour[offsets[i]:offsets[i + 1]]`.
        """
        first, second, _ = self.pairs
        link_a, link_b = self.link_rows
        row = np.concatenate([first, link_a, second, link_b])
        neighbour = np.concatenate([second, link_b, first, link_a])
        order = np.argsort(row, kind="stable")
        offsets = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=self.n_areas))])
        return row[order], neighbour[order], offsets.astype(np.int32)

    @cached_property
    def arcs_of_area(self) -> tuple[RowArray, IntArray]:
        """Arcs round each area: (arcs, offsets), arcs of row i at `arcs[offsets[i]:offsets[i + 1]]`."""
        sides = np.concatenate([self.arc_left, self.arc_right])
        arcs = np.tile(np.arange(len(self.arc_left), dtype=np.int32), 2)[sides >= 0]
        sides = sides[sides >= 0]
        offsets = np.concatenate([[0], np.cumsum(np.bincount(sides, minlength=self.n_areas))])
        return arcs[np.argsort(sides, kind="stable")], offsets

    @cached_property
    def side_hulls(self) -> tuple[NDArray[np.complex128], IntArray]:
        """What a circle round a footprint can touch of the arcs that bound it; see `geodata.hull`."""
        return side_hulls(self.arc_points, self.arc_offsets, self.arc_lines, (self.arc_left, self.arc_right))

    @cached_property
    def arc_shoelace_m2(self) -> FloatArray:
        """Each arc's part of the shoelace sum, which over a ring with its area on the left is the area."""
        xy = self.arc_points - self.arc_points.mean(axis=0)
        cross = np.zeros(len(xy))
        cross[:-1] = (xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]) / 2
        cross[self.arc_offsets[1:] - 1] = 0.0  # from the last point of one arc to the first of the next
        return np.add.reduceat(cross, self.arc_offsets[:-1])

    @cached_property
    def arc_angles(self) -> tuple[FloatArray, FloatArray]:
        """Direction in radians in which each arc leaves its first point, and its last (walking back)."""
        first, last = self.arc_offsets[:-1], self.arc_offsets[1:] - 1
        out = self.arc_points[first + 1] - self.arc_points[first]
        back = self.arc_points[last - 1] - self.arc_points[last]
        return np.arctan2(out[:, 1], out[:, 0]), np.arctan2(back[:, 1], back[:, 0])

    @cached_property
    def arc_lines(self) -> NDArray[np.object_]:
        """One LineString per arc."""
        owner = np.repeat(np.arange(len(self.arc_left)), np.diff(self.arc_offsets))
        lines: NDArray[np.object_] = shapely.linestrings(self.arc_points, indices=owner)
        return lines


def build_topology(areas: gpd.GeoDataFrame) -> Topology:
    """Shared arcs of a set of areas.

    Parameters
    ----------
    areas : GeoDataFrame
        Index `area_code`; column `area_name`; polygons in EPSG:27700. Outlines that overlap, leave
        slivers or miss each other's corners are cleaned with `shapely.coverage_clean`; `notes` says so.

    Raises
    ------
    InputError
        When there is no area, or one has no outline.
    """
    if len(areas) == 0:
        raise InputError("There are no areas: import boundaries first.")
    shapes = np.asarray(areas.geometry.array, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if empty.any():
        raise InputError(f"{int(empty.sum())} areas have no outline, the first is {areas.index[empty][0]}.")
    names = areas.get("area_name", areas.index)
    shapes, notes = repaired(shapes)
    if not shapely.coverage_is_valid(shapes):
        shapes, note = clean_coverage(shapes)
        notes = (*notes, note)
    topology = Topology(
        area_codes=areas.index,
        area_names=pd.Index(names),
        area_m2=shapely.area(shapes),
        links=pd.DataFrame(columns=list(LINK_COLUMNS)),
        notes=notes,
        **vars(build_arcs(shapes)),
    )
    return replace(topology, links=automatic_links(topology))


def clean_coverage(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], str]:
    """Valid outlines made to meet exactly, and a note that says how much that changed.

    Overlaps go to the neighbour they share the longest border with; slivers between neighbours that are
    less than a metre wide are closed.
    """
    cleaned: NDArray[np.object_] = shapely.coverage_clean(
        shapes, gap_width=CLOSED_GAP_M, merge_strategy="longest_border"
    )
    lost = shapely.is_empty(cleaned)
    if lost.any():
        raise InputError(f"{int(lost.sum())} outlines lie wholly on top of others: check for repeated areas.")
    change = 100 * (float(shapely.area(cleaned).sum()) / float(shapely.area(shapes).sum()) - 1)
    return cleaned, f"outlines of neighbours did not meet exactly and were cleaned (sizes {change:+.3f}%)"


def repaired(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    """Outlines that cross themselves, put right; lines and points that fall out of them are left out."""
    valid = shapely.is_valid(shapes)
    if valid.all():
        return shapes, ()
    repaired = shapes.copy()
    repaired[~valid] = shapely.make_valid(shapes[~valid], method="structure", keep_collapsed=False)
    return repaired, (f"{int((~valid).sum())} outline(s) that crossed themselves were put right",)
