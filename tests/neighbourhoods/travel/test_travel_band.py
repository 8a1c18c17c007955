"""Ground within reach: drawn where people can come from, nested, and never what people are counted by."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.workspace import open_workspace
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, AccessParams, access, access_by_group, group_counts
from neighbourhoods.travel.band import STRIP_M, reach_bands, reached_parts
from neighbourhoods.travel.catchment import catchment, catchment_map, people_column
from neighbourhoods.travel.straight_line import DETOUR
from neighbourhoods.travel.street_journey import StreetJourneys
from tests.neighbourhoods.travel.street_town import RIVER_TOWN, Road, network_of
from tests.neighbourhoods.travel.test_travel_matrix import ALL_STREETS, LIBRARY, dry, with_roads

__all__ = ["dry"]


@pytest.fixture
def found(dry: Study) -> tuple[Study, Access]:
    wet = with_roads(dry, ALL_STREETS)
    return wet, access(wet, LIBRARY)


def test_in_a_straight_line_the_ground_is_circles(dry: Study) -> None:
    bands = reach_bands(dry, access(dry, LIBRARY))
    assert bands.index.tolist() == [10, 15, 20]
    for minutes, band in bands.geometry.items():
        assert band.area == pytest.approx(np.pi * (minutes * 80 / DETOUR) ** 2, rel=0.02)


def test_along_streets_the_ground_follows_the_roads_and_stops_at_the_river(
    found: tuple[Study, Access],
) -> None:
    """From the library at (500, 200) 800 m of road in 10 minutes, 1,600 m in 20; the bridge is 1,500 m on."""
    bands = reach_bands(*found)
    ten, twenty = bands.loc[10, "geometry"], bands.loc[20, "geometry"]
    assert ten.contains(shapely.Point(1_300 - 1, 200))
    assert not ten.intersects(shapely.Point(1_300 + STRIP_M + 15, 200))
    assert not twenty.intersects(shapely.Point(500, 0))  # 200 m away, on the other bank
    assert twenty.intersects(shapely.Point(2_000, 100))
    assert ten.within(twenty.buffer(0.1))


def test_bands_lie_in_each_other(found: tuple[Study, Access]) -> None:
    shapes = reach_bands(*found).geometry.tolist()
    for inner, outer in pairwise(shapes):
        assert shapely.difference(inner, outer).area < 1e-6 * inner.area
        assert inner.area < outer.area
    assert shapely.is_valid(shapes).all()


def test_a_place_far_from_any_road_has_a_circle(dry: Study) -> None:
    wet = with_roads(dry, tuple(({}, [(x + 9_000, y) for x, y in line]) for _, line in RIVER_TOWN))
    asked = access(wet, AccessParams(("library",), "ward", route="streets"))
    band = reach_bands(wet, asked).loc[15, "geometry"]
    assert band.area == pytest.approx(np.pi * (15 * 80 / DETOUR) ** 2, rel=0.02)


corner = st.tuples(st.integers(0, 3), st.integers(0, 3))
road = st.tuples(corner, st.sampled_from([(1, 0), (0, 1)]), st.sampled_from(["", "yes", "-1"]))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(road, min_size=1, max_size=12),
    st.tuples(st.integers(0, 300), st.integers(-40, 300)),
    st.lists(st.floats(0.02, 0.98), min_size=3, max_size=3),
    st.floats(0.05, 1.5),
    st.sampled_from(["walk", "drive"]),
)
def test_a_stretch_of_road_is_reached_just_where_a_journey_from_it_is_short_enough(
    drawn: list[tuple[tuple[int, int], tuple[int, int], str]],
    place: tuple[int, int],
    shares: list[float],
    limit: float,
    mode: str,
) -> None:
    roads: list[Road] = [
        ({"highway": "residential", "oneway": way}, [(100 * x, 100 * y), (100 * (x + dx), 100 * (y + dy))])
        for (x, y), (dx, dy), way in drawn
    ]
    network = network_of([*roads, ({"highway": "residential"}, [(0, -20), (400, -20)])], mode)
    xy = np.array(
        [
            shapely.get_coordinates(shapely.line_interpolate_point(line, s, normalized=True))[0]
            for line in network.lines
            for s in shares
        ]
    )
    journeys = StreetJourneys(network, xy, np.array([place], dtype=float))
    minutes = journeys.matrix()[:, 0]
    parts, whole = reached_parts(network, journeys, limit)
    reached = shapely.union_all([*parts, *network.lines[whole]]) if parts or whole.any() else shapely.Point()
    for point, journey in zip(shapely.points(xy), minutes, strict=True):
        if abs(journey - limit) > 1e-3 and shapely.distance(point, shapely.Point(place)) > 1:
            is_direct = journey < journeys.minutes_to_road[0]  # straight to the place, not by its road
            assert bool(shapely.dwithin(point, reached, 1e-6)) == (journey <= limit) or is_direct


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("catchment")))


def test_a_catchment_counts_the_people_of_every_group_within_each_limit(sample: Study) -> None:
    one = access(sample, LIBRARY)
    people = catchment(sample, one)
    shares = access_by_group(sample, one)
    assert people.index.tolist() == shares.index.tolist()
    for limit in one.params.limits:
        expected = shares["people"] * shares[f"within_{limit:g}"]
        assert people[people_column(limit)].tolist() == pytest.approx(expected.tolist())
    assert (people[people_column(10)] <= people[people_column(15)]).all()
    assert (people[people_column(20)] <= people["people"]).all()


def test_the_catchments_of_all_places_together_are_no_more_than_the_sum_of_each(sample: Study) -> None:
    whole = access(sample, LIBRARY)
    parts = [
        catchment(sample, access(sample, LIBRARY, only=[place])).loc["pop_total", people_column(10)]
        for place in whole.places.index
    ]
    together = catchment(sample, whole).loc["pop_total", people_column(10)]
    assert max(parts) <= together + 1e-6
    assert together <= sum(parts) + 1e-6


def test_a_map_to_take_away_holds_bands_with_whole_people(sample: Study) -> None:
    bands = catchment_map(sample, access(sample, LIBRARY))
    assert isinstance(bands, gpd.GeoDataFrame)
    assert bands["pop_total"].is_monotonic_increasing
    assert (bands["pop_total"] % 1 == 0).all()


def test_sensitive_counts_never_come_into_a_catchment(sample: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(group_counts(sample, "ward"))
    assert "bad_health" in before
    catalogue = dict(sample.catalogue)
    catalogue["bad_health"] = replace(catalogue["bad_health"], disclosure="local_sensitive")
    monkeypatch.setattr(type(sample), "catalogue", property(lambda self: catalogue))
    fresh = type(sample)(sample.store)
    assert list(group_counts(fresh, "ward")) == [one for one in before if one != "bad_health"]
    assert "bad_health" not in catchment(fresh, access(fresh, LIBRARY)).index
