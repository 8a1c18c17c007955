"""Shared arcs: what they add up to, and that they are the published outlines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from geodata.adjacency import adjacency, is_contiguous, n_pieces_by_footprint, pieces, pieces_in_doubt
from geodata.errors import InputError, OptionError
from geodata.hole import holes, rings
from geodata.link import add_link
from geodata.outline import (
    area_shapes,
    bounding_radius_m,
    enclosed_by,
    move_area,
    outline_arcs,
    outline_polygons,
    outlines,
    perimeter_m,
    shared_border_m,
)
from geodata.topology import build_topology

ROWS, COLUMNS = 4, 5


def squares(n_rows: int, n_columns: int, side: float = 1_000.0) -> gpd.GeoDataFrame:
    """Squares in rows from the bottom left; code of row r, column c is "rc"."""
    cells = [(r, c) for r in range(n_rows) for c in range(n_columns)]
    boxes = [shapely.box(side * c, side * r, side * (c + 1), side * (r + 1)) for r, c in cells]
    codes = pd.Index([f"{r}{c}" for r, c in cells], name="area_code")
    return gpd.GeoDataFrame({"area_name": codes}, geometry=boxes, index=codes, crs=27700)


GRID = squares(ROWS, COLUMNS)
GRID_TOPOLOGY = build_topology(GRID)
assignments = st.lists(st.integers(-1, 3), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS).map(
    lambda numbers: np.array(numbers, dtype=np.int32)
)


def published(york_data: Path, name: str) -> gpd.GeoDataFrame:
    frame = gpd.read_file(york_data / "boundaries" / f"{name}_E06000014.geojson").to_crs(27700)
    code = next(column for column in frame.columns if column.endswith("CD"))
    frame = frame.rename(columns={code: "area_code"}).set_index("area_code")
    return frame.assign(area_name=frame.index)[["area_name", "geometry"]]


def unions(areas: gpd.GeoDataFrame, index: np.ndarray, k: int) -> list[shapely.Geometry]:
    shapes = areas.geometry.make_valid().to_numpy()
    return [shapely.union_all(shapes[index == i]) for i in range(k)]


# -- neighbours ------------------------------------------------------------------------------


def test_squares_that_touch_at_a_corner_are_not_neighbours() -> None:
    pairs = adjacency(build_topology(squares(2, 2)))
    assert ("00", "11") not in pairs.index
    assert len(pairs) == 8  # four borders, both ways


def test_shared_border_is_the_length_of_the_side_they_share() -> None:
    assert (adjacency(GRID_TOPOLOGY)["shared_border_m"] == 1_000.0).all()


def test_adjacency_has_every_pair_both_ways_with_one_length(york_data: Path) -> None:
    wards = adjacency(build_topology(published(york_data, "ward")))
    back = wards.swaplevel().reindex(wards.index)
    assert len(wards) == 2 * 52
    assert np.array_equal(wards["shared_border_m"], back["shared_border_m"])


@pytest.mark.parametrize("name", ["ward", "lsoa21", "lsoa11", "oa11", "msoa21"])
def test_borders_and_outer_edge_add_up_to_the_perimeters(york_data: Path, name: str) -> None:
    areas = published(york_data, name)
    topology = build_topology(areas)
    outer = topology.arc_length_m[topology.arc_right < 0].sum()
    around = areas.geometry.length.sum()
    assert outer + adjacency(topology)["shared_border_m"].sum() == pytest.approx(around, abs=1.0)
    assert outer == pytest.approx(shapely.union_all(areas.geometry.make_valid().array).length, abs=1.0)


def test_valid_coverage_is_used_as_it_is(york_data: Path) -> None:
    assert build_topology(published(york_data, "lsoa21")).notes == ()


def test_unclean_outlines_are_cleaned_and_it_is_said(york_data: Path) -> None:
    topology = build_topology(published(york_data, "lsoa11_martinjc"))
    clean = build_topology(published(york_data, "lsoa11"))
    assert any("cleaned" in note for note in topology.notes)
    assert any("crossed themselves" in note for note in topology.notes)
    assert len(topology.pairs[0]) == len(clean.pairs[0])


def test_winding_of_the_rings_does_not_matter() -> None:
    turned = GRID.set_geometry(GRID.geometry.reverse())
    assert adjacency(build_topology(turned)).equals(adjacency(GRID_TOPOLOGY))


def test_no_areas_is_an_error_that_says_what_to_import() -> None:
    with pytest.raises(InputError, match="import boundaries"):
        build_topology(GRID.iloc[:0])


def test_an_area_drawn_twice_is_an_error() -> None:
    twice = pd.concat([GRID, GRID.iloc[[0]].rename(index={"00": "twin"})])
    with pytest.raises(InputError, match="repeated"):
        build_topology(twice)


# -- links -----------------------------------------------------------------------------------


def islands() -> gpd.GeoDataFrame:
    """Two squares side by side, an island 500 m to the right of them, another 2 km above that."""
    boxes = [
        shapely.box(0, 0, 1_000, 1_000),
        shapely.box(1_000, 0, 2_000, 1_000),
        shapely.box(2_500, 0, 3_500, 1_000),
        shapely.box(2_500, 3_000, 3_500, 4_000),
    ]
    names = ["West", "East", "Holm", "Skerry"]
    codes = pd.Index(list("WEHS"), name="area_code")
    return gpd.GeoDataFrame({"area_name": names}, geometry=boxes, index=codes, crs=27700)


def test_islands_are_linked_to_the_nearest_area_and_the_link_can_be_seen() -> None:
    links = build_topology(islands()).links
    seen = links[["focal_name", "neighbour_name", "kind", "distance_m", "length_m"]].to_numpy().tolist()
    assert seen == [["East", "Holm", "river", 500.0, 0.0], ["Holm", "Skerry", "island", 2_000.0, 0.0]]


def test_link_makes_an_island_part_of_its_footprint() -> None:
    topology = build_topology(islands())
    together = np.zeros(4, dtype=np.int32)
    assert is_contiguous(topology, together, 1).all()
    unlinked = replace(topology, links=topology.links.iloc[:0])
    assert not is_contiguous(unlinked, together, 1).any()


def test_squares_that_meet_only_in_a_corner_are_linked_over_no_distance() -> None:
    corner = squares(2, 2).loc[["00", "11"]]
    links = build_topology(corner).links
    assert links["distance_m"].tolist() == [0.0]


def test_stated_links_are_kept_with_their_kind_and_only_once() -> None:
    topology = add_link(GRID_TOPOLOGY, "00", "02", "river")
    topology = add_link(topology, "02", "00")  # the same pair again
    assert topology.links[["focal", "neighbour", "kind"]].to_numpy().tolist() == [["00", "02", "river"]]
    assert topology.links["distance_m"].tolist() == [1_000.0]
    assert adjacency(topology).loc[("02", "00"), "kind"] == "river"


def test_areas_with_a_border_need_no_link() -> None:
    assert add_link(GRID_TOPOLOGY, "00", "01").links.empty


def test_link_to_an_unknown_area_is_refused() -> None:
    with pytest.raises(OptionError, match="99"):
        add_link(GRID_TOPOLOGY, "00", "99")


# -- outlines --------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(assignments)
def test_outlines_from_arcs_are_those_of_the_unions(index: np.ndarray) -> None:
    whole = unions(GRID, index, 4)
    assert perimeter_m(GRID_TOPOLOGY, index, 4) == pytest.approx([u.length for u in whole])
    assert [line.length for line in outlines(GRID_TOPOLOGY, index, 4)] == pytest.approx(
        [u.length for u in whole]
    )
    drawn = outline_polygons(GRID_TOPOLOGY, index, 4)
    assert all(a.equals(b) for a, b in zip(drawn, whole, strict=True))


@settings(max_examples=60, deadline=None)
@given(assignments)
def test_holes_are_stretches_of_other_land_cut_off_from_the_outside(index: np.ndarray) -> None:
    with_outside = np.pad(index.reshape(ROWS, COLUMNS), 1, constant_values=-1)
    stretches = [int(label(with_outside != k)[1]) for k in range(4)]  # one of them is the outside
    assert holes(GRID_TOPOLOGY, index, 4).tolist() == [n - 1 for n in stretches]


@settings(max_examples=60, deadline=None)
@given(assignments)
def test_circles_are_the_smallest_that_hold_each_footprint(index: np.ndarray) -> None:
    expected = shapely.minimum_bounding_radius(np.array(unions(GRID, index, 4), dtype=object))
    found = bounding_radius_m(GRID_TOPOLOGY, index, 4)
    present = np.bincount(index[index >= 0], minlength=4) > 0
    assert found[present] == pytest.approx(expected[present])
    assert np.isnan(found[~present]).all()


@settings(max_examples=60, deadline=None)
@given(assignments)
def test_pieces_are_the_parts_that_hang_together_over_borders(index: np.ndarray) -> None:
    n_pieces, piece = pieces(GRID_TOPOLOGY, index)
    inside = [shape.buffer(-1.0) for shape in unions(GRID, index, 4)]  # parts that only touch come apart
    parts = [0 if shape.is_empty else len(shapely.get_parts(shape)) for shape in inside]
    assert n_pieces_by_footprint(piece, n_pieces, index, 4).tolist() == parts


@settings(max_examples=100, deadline=None)
@given(assignments, st.booleans())
def test_outlines_tell_which_footprints_need_no_walk_to_count_their_pieces(
    index: np.ndarray, is_linked: bool
) -> None:
    topology = add_link(GRID_TOPOLOGY, "00", "34") if is_linked else GRID_TOPOLOGY
    n_pieces, piece = pieces(topology, index)
    found, part = pieces_in_doubt(topology, index, 4, rings(topology, index, 4).is_simple)
    assert found.tolist() == n_pieces_by_footprint(piece, n_pieces, index, 4).tolist()
    inside = index >= 0
    assert len(set(zip(part[inside], piece[inside], strict=True))) == len(set(part[inside])) == found.sum()


def test_footprints_that_are_simple_are_not_walked_through() -> None:
    halves = np.repeat([0, 1], ROWS * COLUMNS // 2).astype(np.int32)
    outline = rings(GRID_TOPOLOGY, halves, 2)
    assert outline.is_simple.tolist() == [True, True]
    corner = np.zeros(ROWS * COLUMNS, dtype=np.int32)
    corner[[0, COLUMNS + 1]] = 1  # two squares that meet in a point
    assert rings(GRID_TOPOLOGY, corner, 2).is_simple.tolist() == [False, False]


@settings(max_examples=60, deadline=None)
@given(assignments, st.integers(0, ROWS * COLUMNS - 1), st.integers(-1, 3))
def test_moving_one_area_gives_the_perimeters_worked_out_afresh(index: np.ndarray, row: int, to: int) -> None:
    before = perimeter_m(GRID_TOPOLOGY, index, 4)
    moved, perimeter = move_area(GRID_TOPOLOGY, index, before, row, to)
    assert perimeter == pytest.approx(perimeter_m(GRID_TOPOLOGY, moved, 4))
    untouched = [k for k in range(4) if k not in (index[row], to)]
    assert np.array_equal(perimeter[untouched], before[untouched])


@settings(max_examples=60, deadline=None)
@given(assignments)
def test_border_between_footprints_is_half_the_perimeters_less_the_edge(index: np.ndarray) -> None:
    index = np.maximum(index, 0)
    edge = 2 * 1_000.0 * (ROWS + COLUMNS)
    assert shared_border_m(GRID_TOPOLOGY, index) == pytest.approx(
        (perimeter_m(GRID_TOPOLOGY, index, 4).sum() - edge) / 2
    )


def test_footprint_with_one_neighbour_all_round_is_enclosed_by_it() -> None:
    topology = build_topology(squares(3, 3))
    index = np.zeros(9, dtype=np.int32)
    index[4] = 1
    assert enclosed_by(topology, index, 2).tolist() == [-1, 0]
    assert holes(topology, index, 2).tolist() == [1, 0]


def test_footprint_at_the_edge_of_the_map_is_not_enclosed() -> None:
    topology = build_topology(squares(3, 3))
    index = np.zeros(9, dtype=np.int32)
    index[1] = 1
    assert enclosed_by(topology, index, 2).tolist() == [-1, -1]


def test_area_inside_another_makes_a_hole_in_it() -> None:
    ring = shapely.box(0, 0, 3_000, 3_000).difference(shapely.box(1_000, 1_000, 2_000, 2_000))
    codes = pd.Index(["ring", "core"], name="area_code")
    frame = gpd.GeoDataFrame(geometry=[ring, shapely.box(1_000, 1_000, 2_000, 2_000)], index=codes, crs=27700)
    topology = build_topology(frame)
    assert perimeter_m(topology, np.array([0, 1], dtype=np.int32), 2).tolist() == [16_000.0, 4_000.0]
    assert holes(topology, np.array([0, 1], dtype=np.int32), 2).tolist() == [1, 0]
    assert holes(topology, np.array([0, 0], dtype=np.int32), 1).tolist() == [0]


@pytest.mark.parametrize("name", ["ward", "lsoa21", "oa11"])
def test_york_footprints_from_arcs_are_the_unions_within_a_metre(york_data: Path, name: str) -> None:
    areas = published(york_data, name)
    topology = build_topology(areas)
    middle = areas.geometry.representative_point()
    index = (2 * (middle.x > middle.x.median()) + (middle.y > middle.y.median())).to_numpy().astype(np.int32)
    whole = unions(areas, index, 4)
    assert perimeter_m(topology, index, 4) == pytest.approx([u.length for u in whole], abs=1.0)
    assert [p.area for p in outline_polygons(topology, index, 4)] == pytest.approx(
        [u.area for u in whole], rel=1e-9
    )
    assert bounding_radius_m(topology, index, 4) == pytest.approx(
        shapely.minimum_bounding_radius(np.array(whole, dtype=object))
    )
    assert topology.arc_length_m[outline_arcs(topology, index)].sum() < sum(u.length for u in whole)


def test_six_primary_care_groups_of_york_are_each_in_one_piece(york_data: Path) -> None:
    topology = build_topology(published(york_data, "ward"))
    groups = pd.read_csv(york_data / "footprints" / "pcn_ward_groups.csv").set_index("ward_code")["footprint"]
    number, names = pd.factorize(groups.reindex(topology.area_codes))
    assert len(names) == 6
    assert topology.links.empty
    assert is_contiguous(topology, number.astype(np.int32), 6).all()


@pytest.mark.parametrize("name", ["ward", "lsoa21", "oa11"])
def test_areas_put_together_from_their_arcs_are_the_published_ones(york_data: Path, name: str) -> None:
    areas = published(york_data, name)
    shapes = area_shapes(build_topology(areas))
    assert all(
        a.symmetric_difference(b).area < 1e-6 * b.area
        for a, b in zip(shapes, areas.geometry.make_valid(), strict=True)
    )
