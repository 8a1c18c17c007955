"""The one file of geometry that a browser fetches for a geography, once, by URL.

Borders are in it once, so that the browser can draw the areas, and the outline of any footprint, without
the server: an arc is drawn thick when the footprints of its two sides differ. The whole coverage is
simplified together (20 m), so no slivers open between neighbours.

Format (compact JSON, UTF-8). Coordinates are integers: degrees times `scale`, longitude first.

{
  "version": 1,
  "scale": 100000,
  "bounds": [west, south, east, north],        degrees, of all areas
  "codes": ["E05010311", ...],                 area codes; "row" below is the position here
  "names": ["Acomb", ...],                     names in the same order
  "labels": [x0, y0, x1, y1, ...],             a point inside each area, for its label; plain, not deltas
  "arcs": [[x, y, dx, dy, dx, dy, ...], ...],  first point plain, each next one as the step from the last
  "left": [3, 0, ...],                         row on the left of each arc as it is walked; -1 is outside
  "right": [-1, 4, ...],                       row on its right; -1 is outside
  "rings": [[[[4, -2, 7], [9]], ...], ...],    per row: polygons; per polygon: rings (shell first, then
                                               holes); per ring: arcs in walking order, area on the left.
                                               As in TopoJSON a negative number n is arc ~n (-1 - n)
                                               reversed; joints are not repeated
  "links": [[row, row, "island"], ...]         neighbours without a border: "island", "river", "manual"
}

To draw footprints: draw arc i when f(left[i]) != f(right[i]), where f is the row's footprint, f(-1) nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geodata.arc import Arcs, IntArray, build_arcs
from geodata.errors import WorkspaceError
from geodata.topology import Topology, clean_coverage, repaired

SCALE = 100_000
TOLERANCE_M = 20.0


def geometry_bytes(areas: gpd.GeoDataFrame, topology: Topology, tolerance_m: float = TOLERANCE_M) -> bytes:
    """The file described above.

    Parameters
    ----------
    areas : GeoDataFrame
        The areas that `topology` was built from, EPSG:27700.
    topology : Topology
        Gives the links, codes and names; rows keep its order.
    tolerance_m : float
        Simplification of the coverage (Visvalingam-Whyatt, as `shapely.coverage_simplify`); the square
        of it is the least triangle kept. 0 keeps every point.

    Returns
    -------
    bytes
        11 kB for York's 21 wards, 39 kB for 121 LSOAs, 143 kB for 637 output areas (5, 15 and 51 kB
        compressed on the way).
    """
    shapes, _ = repaired(np.asarray(areas.geometry.reindex(topology.area_codes).array, dtype=object))
    if topology.notes and not shapely.coverage_is_valid(shapes):
        shapes, _ = clean_coverage(shapes)
    labels = shapely.get_coordinates(shapely.point_on_surface(shapes))
    if tolerance_m > 0:
        shapes = shapely.coverage_simplify(shapes, tolerance_m)
    arcs = build_arcs(shapes)
    to_degrees = Transformer.from_crs(27700, 4326, always_xy=True)
    whole = _scaled(to_degrees, arcs.arc_points)
    links = topology.links
    rows = topology.row_by_code
    content = {
        "version": 1,
        "scale": SCALE,
        "bounds": (np.concatenate([whole.min(axis=0), whole.max(axis=0)]) / SCALE).tolist(),
        "codes": list(topology.code_list),
        "names": [str(name) for name in topology.area_names],
        "labels": _scaled(to_degrees, labels).ravel().tolist(),
        "arcs": _delta_encoded(whole, arcs.arc_offsets),
        "left": arcs.arc_left.tolist(),
        "right": arcs.arc_right.tolist(),
        "rings": _nested_rings(arcs, topology.n_areas),
        "links": [
            [rows[a], rows[b], kind]
            for a, b, kind in zip(links["focal"], links["neighbour"], links["kind"], strict=True)
        ],
    }
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def publish_geometry(content: bytes, folder: Path) -> str:
    """Write content to `<folder>/geometry-<hash>.json` unless it is there; returns the file name.

    The name changes with the content, so a browser may keep the file for ever. Written beside its place
    and moved there, so a reader never meets half a file.

    Raises
    ------
    WorkspaceError
        When the folder cannot be written.
    """
    return _published(content, folder, "geometry", "json")


def publish_values(content: bytes, folder: Path) -> str:
    """The same for plain numbers: `<folder>/values-<hash>.bin`."""
    return _published(content, folder, "values", "bin")


def _published(content: bytes, folder: Path, stem: str, suffix: str) -> str:
    name = f"{stem}-{hashlib.sha256(content).hexdigest()[:20]}.{suffix}"
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.stat().st_size == len(content):
            return name
        handle, draft = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(draft).chmod(0o644)
            Path(draft).replace(target)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise WorkspaceError(
            f"The map's geometry cannot be written: {fault.strerror}.", where=str(folder)
        ) from fault
    return name


def _scaled(to_degrees: Transformer, points: np.ndarray) -> IntArray:
    degrees = np.stack(to_degrees.transform(points[:, 0], points[:, 1]), axis=1)
    whole: IntArray = np.rint(degrees * SCALE).astype(np.int64)
    return whole


def _delta_encoded(whole: IntArray, offsets: IntArray) -> list[list[int]]:
    """Each arc as first point and steps; steps of nought are left out, but both ends stay."""
    step = np.diff(whole, axis=0, prepend=whole[:1])
    step[offsets[:-1]] = whole[offsets[:-1]]
    keep: NDArray[np.bool_] = np.asarray(step.any(axis=1))
    keep[offsets[:-1]] = True
    keep[offsets[1:] - 1] = True
    kept = np.concatenate([[0], np.cumsum(keep)])[offsets]
    flat = step[keep].ravel().tolist()
    return [flat[2 * a : 2 * b] for a, b in zip(kept[:-1].tolist(), kept[1:].tolist(), strict=True)]


def _nested_rings(arcs: Arcs, n_areas: int) -> list[list[list[list[int]]]]:
    """Area -> polygons -> rings -> arcs."""
    flat, offsets = arcs.ring_arcs.tolist(), arcs.ring_offsets.tolist()
    polygons: list[list[list[int]]] = [[] for _ in arcs.polygon_area]
    for ring, polygon in enumerate(arcs.ring_polygon.tolist()):
        polygons[polygon].append(flat[offsets[ring] : offsets[ring + 1]])
    areas: list[list[list[list[int]]]] = [[] for _ in range(n_areas)]
    for polygon, area in zip(polygons, arcs.polygon_area.tolist(), strict=True):
        areas[area].append(polygon)
    return areas
