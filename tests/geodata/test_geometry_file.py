"""The browser's geometry: it can be put together again, and it is small."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from geodata.errors import WorkspaceError
from geodata.geometry_file import geometry_bytes, publish_geometry
from geodata.link import add_link
from geodata.topology import build_topology

TO_GRID = Transformer.from_crs(4326, 27700, always_xy=True)


def published(york_data: Path, name: str) -> gpd.GeoDataFrame:
    frame = gpd.read_file(york_data / "boundaries" / f"{name}_E06000014.geojson").to_crs(27700)
    code = next(column for column in frame.columns if column.endswith("CD"))
    frame = frame.rename(columns={code: "area_code"}).set_index("area_code")
    return frame.assign(area_name=frame.index)[["area_name", "geometry"]]


def ring_with_core() -> gpd.GeoDataFrame:
    """A square ring of 3 km round a square of 1 km, near York."""
    core = shapely.box(461_000, 451_000, 462_000, 452_000)
    ring = shapely.box(460_000, 450_000, 463_000, 453_000).difference(core)
    codes = pd.Index(["ring", "core"], name="area_code")
    return gpd.GeoDataFrame(
        {"area_name": ["Ring", "Core & <b>"]}, geometry=[ring, core], index=codes, crs=27700
    )


def walked(arcs: list[list[int]], reference: int) -> np.ndarray:
    flat = arcs[reference if reference >= 0 else ~reference]
    points = np.cumsum(np.array(flat).reshape(-1, 2), axis=0)
    return points if reference >= 0 else points[::-1]


def shapes_of(content: dict[str, Any]) -> list[shapely.MultiPolygon]:
    """Polygons as a browser puts them together, in metres."""

    def ring(references: list[int]) -> np.ndarray:
        points = np.concatenate([walked(content["arcs"], r)[:-1] for r in references]) / content["scale"]
        return np.stack(TO_GRID.transform(points[:, 0], points[:, 1]), axis=1)

    return [
        shapely.MultiPolygon([(ring(rings[0]), [ring(hole) for hole in rings[1:]]) for rings in polygons])
        for polygons in content["rings"]
    ]


def test_shapes_can_be_put_together_again_with_their_holes() -> None:
    areas = ring_with_core()
    content = json.loads(geometry_bytes(areas, build_topology(areas)))
    ring, core = shapes_of(content)
    assert ring.area == pytest.approx(8e6, rel=2e-3)  # five decimals are about a metre
    assert core.area == pytest.approx(1e6, rel=4e-3)
    assert len(ring.geoms[0].interiors) == 1
    assert content["codes"] == ["ring", "core"]
    assert content["names"] == ["Ring", "Core & <b>"]


def test_joints_of_arcs_meet_exactly(york_data: Path) -> None:
    areas = published(york_data, "oa11")
    content = json.loads(geometry_bytes(areas, build_topology(areas)))
    for polygons in content["rings"]:
        for rings in polygons:
            for references in rings:
                pieces = [walked(content["arcs"], r) for r in references]
                turned = [*pieces[1:], pieces[0]]
                assert all((a[-1] == b[0]).all() for a, b in zip(pieces, turned, strict=True))


def test_left_and_right_of_arcs_are_the_areas_whose_rings_use_them(york_data: Path) -> None:
    areas = published(york_data, "lsoa21")
    content = json.loads(geometry_bytes(areas, build_topology(areas)))
    left, right = [-1] * len(content["arcs"]), [-1] * len(content["arcs"])
    for row, polygons in enumerate(content["rings"]):
        for reference in (r for rings in polygons for ring in rings for r in ring):
            side = left if reference >= 0 else right
            side[reference if reference >= 0 else ~reference] = row
    assert (left, right) == (content["left"], content["right"])


def test_labels_lie_inside_their_areas(york_data: Path) -> None:
    areas = published(york_data, "ward")
    content = json.loads(geometry_bytes(areas, build_topology(areas)))
    degrees = np.array(content["labels"]).reshape(-1, 2) / content["scale"]
    points = shapely.points(np.stack(TO_GRID.transform(degrees[:, 0], degrees[:, 1]), axis=1))
    assert shapely.contains(areas.geometry.to_numpy(), points).all()


@pytest.mark.parametrize(("name", "n_areas"), [("ward", 21), ("lsoa21", 121), ("oa11", 637)])
def test_simplified_areas_stay_close_and_small(york_data: Path, name: str, n_areas: int) -> None:
    areas = published(york_data, name)
    content = geometry_bytes(areas, build_topology(areas))
    shapes = shapes_of(json.loads(content))
    assert len(shapes) == n_areas
    assert sum(s.area for s in shapes) == pytest.approx(areas.area.sum(), rel=2e-3)
    assert len(content) < 400_000


def test_links_are_in_the_file_by_row() -> None:
    boxes = [shapely.box(460_000 + x, 450_000, 461_000 + x, 451_000) for x in (0, 1_000, 2_000)]
    codes = pd.Index(["a", "b", "c"], name="area_code")
    areas = gpd.GeoDataFrame({"area_name": codes}, geometry=boxes, index=codes, crs=27700)
    content = json.loads(geometry_bytes(areas, add_link(build_topology(areas), "a", "c", "river")))
    assert content["links"] == [[0, 2, "river"]]


def test_same_content_is_published_once_under_one_name(tmp_path: Path) -> None:
    folder = tmp_path / "static"
    name = publish_geometry(b"{}", folder)
    assert publish_geometry(b"{}", folder) == name
    assert publish_geometry(b"[]", folder) != name
    assert (folder / name).read_bytes() == b"{}"
    assert len(list(folder.iterdir())) == 2


def test_file_cut_short_by_a_fault_is_written_again(tmp_path: Path) -> None:
    name = publish_geometry(b"12345", tmp_path)
    (tmp_path / name).write_bytes(b"12")
    publish_geometry(b"12345", tmp_path)
    assert (tmp_path / name).read_bytes() == b"12345"


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(WorkspaceError, match=str(blocked).replace(os.sep, ".")):
        publish_geometry(b"{}", blocked / "static")
