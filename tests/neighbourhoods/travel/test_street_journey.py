"""Journeys over streets, walked on paper; and the same as a search in which every point is a junction."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import shortest_path

from geodata.errors import InputError
from neighbourhoods.travel.straight_line import DETOUR, TRAVEL_MODES
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import ROAD_LIMIT_M, NoRoadError, StreetNetwork, put_on_street
from neighbourhoods.travel.street_speed import DRIVE_KM_H
from tests.neighbourhoods.travel.street_town import BRIDGE, NORTH, RIVER_TOWN, SOUTH, Road, network_of

M_PER_MINUTE = 80.0  # 4.8 km/h


def minutes(
    points: list[tuple[float, float]],
    places: list[tuple[float, float]],
    network: StreetNetwork | None = None,
    km_h: float = 0.0,
) -> np.ndarray:
    found = StreetJourneys(
        network or network_of(RIVER_TOWN), np.array(points, float), np.array(places, float), km_h
    )
    whole = found.matrix()
    nearest, which = found.nearest()
    assert nearest == pytest.approx(whole.min(axis=1))
    assert whole[np.arange(len(whole)), which] == pytest.approx(nearest)
    return whole


def test_a_river_is_felt_at_once() -> None:
    assert minutes([(0, 0)], [(0, 200)])[0, 0] == pytest.approx((2_000 + 200 + 2_000) / M_PER_MINUTE)


def test_a_point_starts_in_the_middle_of_its_road_and_walks_to_it_with_a_detour() -> None:
    found = minutes([(300, -40)], [(1_500, 20)])
    assert found[0, 0] == pytest.approx((1_200 + (40 + 20) * DETOUR) / M_PER_MINUTE)


def test_neighbours_on_one_road_do_not_go_round_by_its_ends() -> None:
    assert minutes([(300, 0)], [(350, 0)])[0, 0] == pytest.approx(50 / M_PER_MINUTE)


def test_whoever_is_nearer_to_the_place_than_to_the_road_goes_straight() -> None:
    found = minutes([(500, -300)], [(520, -300)])
    assert found[0, 0] == pytest.approx(20 * DETOUR / M_PER_MINUTE)
    ninety = minutes([(500, -40)], [(590, -40)])[0, 0]
    assert ninety == pytest.approx(
        (90 + 80 * DETOUR) / M_PER_MINUTE
    )  # 90 m apart, 80 m to the road: along it


def test_a_faster_walker_is_faster_everywhere() -> None:
    assert minutes([(0, 0)], [(0, 200)], km_h=9.6)[0, 0] == pytest.approx(4_200 / 160)


@pytest.mark.parametrize(("metres", "is_far"), [(ROAD_LIMIT_M - 1, False), (ROAD_LIMIT_M + 1, True)])
def test_far_from_any_road_the_straight_line_is_taken(metres: float, is_far: bool) -> None:
    network = network_of(RIVER_TOWN)
    on = put_on_street(network, np.array([[500.0, -metres]]))
    assert on.is_far.tolist() == [is_far]
    found = minutes([(500, -metres)], [(500, 200)], network)[0, 0]
    straight = (metres + 200) * DETOUR / M_PER_MINUTE
    around = (metres * DETOUR + 1_500 + 200 + 1_500) / M_PER_MINUTE
    assert found == pytest.approx(straight if is_far else around)


def test_a_place_far_from_any_road_is_reached_in_a_straight_line() -> None:
    assert minutes([(0, 0)], [(0, 900)])[0, 0] == pytest.approx(900 * DETOUR / M_PER_MINUTE)
    mixed = minutes([(0, 0)], [(0, 900), (100, 0)])
    assert mixed[0].tolist() == pytest.approx([900 * DETOUR / M_PER_MINUTE, 100 / M_PER_MINUTE])


@pytest.mark.parametrize(("metres", "is_off"), [(99, False), (101, True), (ROAD_LIMIT_M + 1, True)])
def test_points_off_the_roads_are_those_beyond_a_limit(metres: float, is_off: bool) -> None:
    on = put_on_street(network_of(RIVER_TOWN), np.array([[500.0, -metres]]))
    assert on.is_off(100.0).tolist() == [is_off]


def test_one_way_streets_are_driven_one_way_and_walked_both() -> None:
    ring: list[Road] = [
        ({"highway": "residential", "oneway": "yes"}, [(0, 0), (1_000, 0)]),
        ({"highway": "residential"}, [(1_000, 0), (1_000, 1_000), (0, 1_000), (0, 0)]),
    ]
    per_minute = DRIVE_KM_H["residential"] * 1_000 / 60
    there, back = [(200.0, 0.0)], [(800.0, 0.0)]
    drive = network_of(ring, "drive")
    assert minutes(there, back, drive)[0, 0] == pytest.approx(600 / per_minute)
    assert minutes(back, there, drive)[0, 0] == pytest.approx((200 + 3_000 + 200) / per_minute)
    assert minutes(back, there, network_of(ring))[0, 0] == pytest.approx(600 / M_PER_MINUTE)


def test_a_signed_limit_holds_a_car_back_and_a_speed_of_ones_own_scales_the_table() -> None:
    slow: list[Road] = [({"highway": "primary", "maxspeed": "20"}, [(0, 0), (1_000, 0)])]
    ends = ([(0.0, 0.0)], [(1_000.0, 0.0)])
    assert minutes(*ends, network_of(slow, "drive"))[0, 0] == pytest.approx(3.0)
    twice = 2 * TRAVEL_MODES["drive"].km_h
    assert minutes(*ends, network_of(slow, "drive"), km_h=twice)[0, 0] == pytest.approx(1.5)


def test_the_largest_part_that_hangs_together_is_kept_and_the_rest_is_said() -> None:
    island: Road = ({"highway": "residential"}, [(5_000, 0), (5_500, 0)])
    network = network_of([*RIVER_TOWN, island])
    assert network.kept_share == pytest.approx(4_200 / 4_700)
    assert minutes([(5_000, 0)], [(0, 0)], network)[0, 0] == pytest.approx(5_000 * DETOUR / M_PER_MINUTE)


def test_a_dead_end_that_can_only_be_entered_is_no_part_of_the_drive() -> None:
    trap: Road = ({"highway": "residential", "oneway": "yes"}, [(0, 0), (-500, 0)])
    assert network_of([*RIVER_TOWN, trap], "drive").kept_share == pytest.approx(4_200 / 4_700)
    assert network_of([*RIVER_TOWN, trap], "walk").kept_share == 1


def test_a_bridge_is_no_way_down_to_the_road_below() -> None:
    over: Road = ({"highway": "residential", "bridge": "yes"}, [(500, -100), (500, 100), (500, 200)])
    below: Road = ({"highway": "residential"}, [(500, -100), (-700, -100), (-700, 0), (0, 0)])
    roads: list[Road] = [({}, SOUTH), ({}, [(0, 200), (500, 200), (2_000, 200)]), ({}, BRIDGE), over, below]
    found = minutes([(500, 0)], [(500, 200)], network_of(roads))[0, 0]
    assert found == pytest.approx((500 + 700 + 100 + 1_200 + 300) / M_PER_MINUTE)


def test_a_mode_without_a_road_is_refused() -> None:
    with pytest.raises(InputError, match="open to driving"):
        network_of([({"highway": "footway"}, NORTH)], "drive")


def test_roads_that_lead_nowhere_and_back_are_no_network() -> None:
    with pytest.raises(NoRoadError, match="there and back, driving"):
        network_of([({"highway": "residential", "oneway": "yes"}, NORTH)], "drive")


crossing = st.tuples(st.integers(0, 3), st.integers(0, 3))
road = st.tuples(crossing, st.sampled_from([(1, 0), (0, 1)]), st.sampled_from(["", "yes", "-1"]))
spot = st.tuples(st.integers(-60, 360), st.integers(-60, 360))


def test_a_point_at_the_corner_of_a_one_way_street_may_leave_by_the_other_street() -> None:
    """One-way from (100, 0) to (200, 0); whoever stands beside (100, 0) goes to (0, 0) by the first 100 m."""
    roads: list[Road] = [
        ({"highway": "residential"}, [(0, 0), (100, 0)]),
        ({"highway": "residential", "oneway": "yes"}, [(100, 0), (200, -1)]),
        ({"highway": "residential"}, [(200, -1), (200, -100), (100, -100), (0, 0)]),
    ]
    network = network_of(roads, "drive")
    there = minutes([(100, 10)], [(0, 0)], network)
    back = minutes([(0, 0)], [(100, 10)], network)
    first_m = put_on_street(network, np.array([[100.0, 10.0]])).away_m[0]
    own_speed = network.minutes[0] / network.edge_m[0]
    assert there[0, 0] == pytest.approx(100 * own_speed + first_m * DETOUR / M_PER_MINUTE)
    assert back[0, 0] == pytest.approx(there[0, 0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(road, min_size=1, max_size=14),
    st.lists(spot, min_size=1, max_size=5),
    st.lists(spot, min_size=1, max_size=4),
    st.sampled_from(["walk", "drive"]),
)
def test_journeys_are_those_of_a_network_in_which_every_point_is_a_junction(
    drawn: list[tuple[tuple[int, int], tuple[int, int], str]],
    points: list[tuple[int, int]],
    places: list[tuple[int, int]],
    mode: str,
) -> None:
    roads: list[Road] = [
        (
            {"highway": "residential", "oneway": oneway},
            [(100 * x, 100 * y), (100 * (x + dx), 100 * (y + dy))],
        )
        for (x, y), (dx, dy), oneway in drawn
    ]
    network = network_of([*roads, ({"highway": "residential"}, [(0, -20), (400, -20)])], mode)
    xy = np.array([*points, *places], dtype=float)
    on = put_on_street(network, xy)
    foot = lambda metres: metres * DETOUR / M_PER_MINUTE  # noqa: E731
    n, extra = network.n_nodes, len(xy)
    whole = np.full((n + 2 * extra, n + 2 * extra), np.inf)  # a node on the road, and one at the point itself

    def link(a: int, b: int, cost: float) -> None:
        whole[a, b] = min(whole[a, b], max(cost, 1e-12))

    for edge in range(len(network.edge_m)):
        stops = [(0.0, int(network.edge_from[edge])), (1.0, int(network.edge_to[edge]))]
        stops += [(float(on.along[i]), n + i) for i in np.flatnonzero(on.edge == edge)]
        stops.sort()
        for (s, a), (t, b) in pairwise(stops):
            if network.forward[edge]:
                link(a, b, (t - s) * network.minutes[edge])
            if network.backward[edge]:
                link(b, a, (t - s) * network.minutes[edge])
        for i, (s, a) in enumerate(stops):  # stops at the same place are the same place
            for t, b in stops[i + 1 :]:
                if s == t:
                    link(a, b, 0.0)
                    link(b, a, 0.0)
    for i in range(extra):
        link(n + extra + i, n + i, foot(on.away_m[i]))
        link(n + i, n + extra + i, foot(on.away_m[i]))
    expected = np.empty((len(points), len(places)))
    for i in range(len(points)):
        for j in range(len(places)):
            a, b = i, len(points) + j
            keep = np.r_[0 : n + extra, n + extra + a, n + extra + b]  # nobody walks by way of others' homes
            graph = sparse.csr_array(np.where(np.isinf(whole), 0, whole)[np.ix_(keep, keep)])
            on_street = shortest_path(graph, indices=n + extra)[n + extra + 1]
            apart = float(np.hypot(*(xy[a] - xy[b])))
            direct = foot(apart) if apart <= on.away_m[a] + on.away_m[b] else np.inf
            expected[i, j] = min(on_street, direct)
    found = minutes(points, places, network)  # type: ignore[arg-type]
    assert found == pytest.approx(expected, abs=1e-6)
