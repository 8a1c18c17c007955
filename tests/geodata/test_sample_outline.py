"""Power diagrams and the cutting of outlines, on shapes that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geodata.sample.outline import authority_outline, power_diagram, ward_outlines
from geodata.sample.small_area import share_out, split_outline, split_residents

GRID = np.array([[x, y] for y in (0.0, 1e4) for x in (0.0, 1e4, 2.1e4)])


def test_a_cell_holds_the_places_whose_power_distance_to_its_point_is_least() -> None:
    numbers = np.random.default_rng(7)
    points = numbers.uniform(0, 20_000, (30, 2))
    weights = numbers.uniform(0, 4e6, 30)
    cells = power_diagram(points, weights)
    for place in numbers.uniform(0, 20_000, (200, 2)):
        nearest = int(np.argmin(((points - place) ** 2).sum(axis=1) - weights))
        assert shapely.Polygon(cells[nearest].corners).buffer(1e-6).contains(shapely.Point(place))


def test_the_border_moves_towards_the_lighter_point_by_the_published_amount() -> None:
    # On the line through two points d apart the border is at d/2 + (w1 - w2) / (2 d).
    points = np.array([[0.0, 0.0], [1_000.0, 0.0], [500.0, 60_000.0], [500.0, -60_000.0]])
    cells = power_diagram(points, np.array([200_000.0, 0.0, 0.0, 0.0]))
    heavy = shapely.Polygon(cells[0].corners)
    cut = shapely.intersection(heavy, shapely.LineString([(0, 0), (1_000, 0)]))
    assert cut.length == pytest.approx(500 + 200_000 / 2_000)


def test_wards_get_the_sizes_asked_for() -> None:
    area_m2 = np.array([60e6, 110e6, 80e6, 120e6, 95e6, 130e6])
    outlines = ward_outlines(GRID, np.arange(6), area_m2)
    np.testing.assert_allclose(shapely.area(outlines), area_m2, rtol=0.001)
    assert shapely.union_all(outlines).area == pytest.approx(area_m2.sum(), rel=0.001)


def test_sizes_that_no_diagram_has_are_refused() -> None:
    twice_the_same_place = np.vstack([GRID, GRID[4]])
    with pytest.raises(ArithmeticError, match="no power diagram"):
        ward_outlines(twice_the_same_place, np.arange(7), np.full(7, 50e6))


def test_the_authority_has_the_sum_of_the_sizes_and_no_hole() -> None:
    outline = authority_outline(GRID, np.arange(6), np.full(6, 100e6))
    assert outline.area == pytest.approx(600e6)
    assert outline.geom_type == "Polygon"
    assert len(outline.interiors) == 0


@pytest.mark.parametrize("n_parts", [1, 2, 5, 9])
def test_parts_cover_the_outline_without_overlap_and_are_of_like_size(n_parts: int) -> None:
    outline = shapely.box(0, 0, 3_000, 2_000)
    parts = split_outline(outline, n_parts)
    assert len(parts) == n_parts
    assert shapely.area(parts).sum() == pytest.approx(outline.area)
    assert shapely.union_all(parts).area == pytest.approx(outline.area)
    assert shapely.area(parts).max() < 1.7 * shapely.area(parts).min()


def test_shares_add_up_and_the_largest_remainders_are_rounded_up() -> None:
    # 10 by 1 : 1 : 1 is 3 1/3 each; the first of equals gets the one left over.
    assert share_out(10, [1, 1, 1]) == [4, 3, 3]
    # 7 by 1 : 2 is 2 1/3 and 4 2/3.
    assert share_out(7, [1, 2]) == [2, 5]


@pytest.mark.parametrize(("total", "n_parts"), [(4_321, 3), (23_000, 14), (1, 1), (0, 2)])
def test_residents_of_the_parts_add_up(total: int, n_parts: int) -> None:
    parts = split_residents(total, n_parts)
    assert sum(parts) == total
    assert len(parts) == n_parts


def test_residents_are_shared_nine_to_ten_to_eleven() -> None:
    assert split_residents(3_000, 3) == [900, 1_000, 1_100]
