"""The smallest circles: as plain search finds them, whatever the points, and from few points as from all."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synthetic_coverage import synthetic_areas
from geodata.circle import smallest_circle_radius
from geodata.outline import bounding_radius_m
from geodata.topology import build_topology

coordinates = st.integers(-8, 8) | st.floats(-1e4, 1e4)  # whole numbers: many on one line or one circle
groups_of_points = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=30), min_size=1, max_size=6
)
WAVY = synthetic_areas(60)
WAVY_TOPOLOGY = build_topology(WAVY)


def radii(groups: list[list[tuple[float, float]]]) -> np.ndarray:
    points = np.array([complex(x, y) for group in groups for x, y in group])
    offsets = np.concatenate([[0], np.cumsum([len(group) for group in groups])])
    return smallest_circle_radius(points, offsets)


def reference(groups: list[list[tuple[float, float]]]) -> np.ndarray:
    with np.errstate(all="ignore"):
        return shapely.minimum_bounding_radius(np.array([shapely.MultiPoint(group) for group in groups]))


@settings(max_examples=300, deadline=None)
@given(groups_of_points)
def test_circles_of_many_groups_are_those_found_one_by_one(groups: list[list[tuple[float, float]]]) -> None:
    assert radii(groups) == pytest.approx(reference(groups), rel=1e-6, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.02, 1.0))
def test_circles_of_long_and_round_clouds_are_those_found_one_by_one(seed: int, flatness: float) -> None:
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi, (4, 400))
    length = rng.uniform(0.99, 1.0, angle.shape)  # nearly all points can matter
    clouds = np.stack([1e3 * length * np.cos(angle), 1e3 * flatness * length * np.sin(angle)], axis=2)
    groups = [[tuple(point) for point in cloud] for cloud in clouds.tolist()]
    assert radii(groups) == pytest.approx(reference(groups), rel=1e-9)


def test_circle_round_an_equilateral_triangle_is_its_circumcircle() -> None:
    corners = [(0.0, 0.0), (2.0, 0.0), (1.0, 3**0.5), (1.0, 0.5)]
    assert radii([corners]) == pytest.approx([2 / 3**0.5])


def test_circle_round_a_flat_triangle_stands_on_its_longest_side() -> None:
    assert radii([[(0.0, 0.0), (10.0, 0.0), (5.0, 1.0)]]) == pytest.approx([5.0])


def test_one_point_has_a_circle_of_no_size() -> None:
    assert radii([[(3.0, 4.0)], [(1.0, 1.0), (1.0, 1.0)]]).tolist() == [0.0, 0.0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-1, 4), min_size=len(WAVY), max_size=len(WAVY)))
def test_circles_from_hulls_of_arcs_are_those_of_the_whole_outlines(numbers: list[int]) -> None:
    index = np.array(numbers, dtype=np.int32)
    present = np.bincount(index[index >= 0], minlength=5) > 0
    whole = [shapely.multipolygons(list(WAVY.geometry[index == i])) for i in np.flatnonzero(present)]
    found = bounding_radius_m(WAVY_TOPOLOGY, index, 5)
    assert found[present] == pytest.approx(shapely.minimum_bounding_radius(np.array(whole, dtype=object)))
    assert np.isnan(found[~present]).all()


def test_area_with_one_closed_border_has_the_circle_of_all_its_points() -> None:
    ring = shapely.Point(0, 0).buffer(1_000.0)
    island = gpd.GeoDataFrame({"area_name": ["I"]}, geometry=[ring], index=["I"], crs=27700)
    topology = build_topology(island.rename_axis("area_code"))
    assert bounding_radius_m(topology, np.array([0], dtype=np.int32), 1) == pytest.approx([1_000.0])


def test_of_an_arc_only_corners_of_the_hull_of_the_area_behind_it_are_kept() -> None:
    # The border between them bends to the east: the bend is a corner of the western hull alone.
    bend = [(4, 0), (4.5, 6), (4, 10)]
    west = shapely.Polygon([(0, 0), *bend, (0, 10)])
    east = shapely.Polygon([*bend, (9, 10), (9, 0)])
    towns = gpd.GeoDataFrame({"area_name": ["W", "E"]}, geometry=[west, east], index=["W", "E"], crs=27700)
    topology = build_topology(towns.rename_axis("area_code"))
    hull, offsets = topology.side_hulls
    middle = topology.arc_points.mean(axis=0)
    points = np.stack([hull.real, hull.imag], axis=1) + middle
    parts = [sorted(map(tuple, points[a:b].round(9).tolist())) for a, b in pairwise(offsets)]
    n_arcs = len(topology.arc_left)
    inner = int(np.flatnonzero((topology.arc_left >= 0) & (topology.arc_right >= 0))[0])
    by_area = {0: [], 1: []}
    for side, part in enumerate(parts):
        area = int((topology.arc_left, topology.arc_right)[side // n_arcs][side % n_arcs])
        if area >= 0:
            by_area[area] += part
        else:
            assert part == []
    names = [topology.area_codes[i] for i in (0, 1)]
    assert sorted(by_area[names.index("W")]) == [(0, 0), (0, 10), (4, 0), (4, 10), (4.5, 6)]
    assert sorted(by_area[names.index("E")]) == [(4, 0), (4, 10), (9, 0), (9, 10)]
    shared = [parts[inner], parts[n_arcs + inner]]
    assert sorted(map(len, shared)) == [1, 2]  # the bend counts to the west of it, and each side has one end
