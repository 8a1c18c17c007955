"""What is a channel and what an island, by the lengths of shore that lie near each other."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.channel import CHANNEL_M, Shore, faces_over_channel, facing_m, shore
from geodata.topology import build_topology

COAST = shapely.box(-20_000, -20_000, 0, 20_000)  # a straight shore from south to north


def shore_of(shape: shapely.Geometry) -> Shore:
    return shore(np.array([shapely.boundary(shape)]))


def is_channel(first: shapely.Geometry, second: shapely.Geometry) -> bool:
    one, other = shore_of(first), shore_of(second)
    assert faces_over_channel(one, other) == faces_over_channel(other, one)
    return faces_over_channel(one, other)


def east_of_coast(gap: float, height: float, width: float = 5_000) -> shapely.Polygon:
    return shapely.box(gap, -height / 2, gap + width, height / 2)


def kinds(*shapes: shapely.Geometry) -> list[str]:
    codes = pd.Index([f"a{i}" for i in range(len(shapes))], name="area_code")
    frame = gpd.GeoDataFrame({"area_name": codes}, geometry=list(shapes), index=codes, crs=27700)
    return build_topology(frame).links["kind"].tolist()


def test_two_banks_of_a_river_face_over_a_channel() -> None:
    assert kinds(shapely.box(0, 0, 9_000, 1_000), shapely.box(0, 1_080, 9_000, 2_000)) == ["river"]


def test_a_far_island_is_an_island_however_long_it_is() -> None:
    assert kinds(COAST, east_of_coast(3_000, 30_000)) == ["island"]


def test_an_island_close_by_with_a_small_side_to_the_coast_is_an_island() -> None:
    """A square of half the gap has an outline of two gaps, all of it near: less than five."""
    assert kinds(COAST, east_of_coast(400, 200, 200)) == ["island"]


@pytest.mark.parametrize(
    ("gap", "expected"), [(CHANNEL_M - 1, True), (CHANNEL_M, True), (CHANNEL_M + 1, False)]
)
def test_a_channel_is_at_most_a_kilometre_wide(gap: float, expected: bool) -> None:
    assert is_channel(COAST, east_of_coast(gap, 30_000)) is expected


@pytest.mark.parametrize(("height", "expected"), [(90.0, False), (110.0, True)])
def test_five_gaps_of_shore_must_lie_within_three(height: float, expected: bool) -> None:
    """Of a long block 100 m off, its face and 200 m of each of two sides are within 300 m: height + 400 m."""
    block = east_of_coast(100, height)
    assert facing_m(shore_of(block), shore_of(COAST), 100.0) == pytest.approx(height + 400, abs=20)
    assert is_channel(COAST, block) is expected


def test_shore_is_measured_where_it_is_near_and_nowhere_else() -> None:
    """Of the coast, what is within 300 m of a face 1,000 m high and 100 m off: it and sqrt(8) gaps each
    way."""
    found = facing_m(shore_of(COAST), shore_of(east_of_coast(100, 1_000)), 100.0)
    assert found == pytest.approx(1_000 + 2 * 100 * np.sqrt(8), abs=20)


def test_land_that_touches_in_a_point_has_no_channel() -> None:
    assert kinds(shapely.box(0, 0, 1_000, 1_000), shapely.box(1_000, 1_000, 2_000, 2_000)) == ["island"]


def test_the_whole_piece_faces_not_the_area_alone() -> None:
    """A bank in ten areas of 100 m each, across 100 m: any one alone has too little shore."""
    bank = [shapely.box(100 * i, 0, 100 * i + 100, 50) for i in range(10)]
    assert kinds(*bank, shapely.box(0, 150, 1_000, 200)) == ["river"]


@settings(max_examples=25)
@given(st.floats(1, 400), st.floats(0.2, 5))
def test_the_kind_does_not_depend_on_the_scale(gap: float, scale: float) -> None:
    """As long as the channel is no wider than it may be: a block is a channel or not at any size."""
    small, large = (
        east_of_coast(gap, 3 * gap),
        shapely.box(-20_000 * scale, -20_000 * scale, 0, 20_000 * scale),
    )
    if gap * scale <= CHANNEL_M:
        assert is_channel(COAST, small) == is_channel(
            large, shapely.affinity.scale(small, scale, scale, origin=(0, 0))
        )
