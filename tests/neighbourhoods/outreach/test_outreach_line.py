"""The ways that a bus drives, on two banks of a river with one bridge, and as shapes of a feed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.gpx_export import NAMESPACE, to_gpx_bytes
from neighbourhoods.outreach.drive import driving_network
from neighbourhoods.outreach.export import gpx_parts, outreach_features
from neighbourhoods.outreach.gtfs_feed import gtfs_tables
from neighbourhoods.outreach.line import joined, street_lines
from neighbourhoods.outreach.line_degree import line_degrees
from neighbourhoods.outreach.plan import ForbiddenRoad
from neighbourhoods.outreach.running import Running
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import StreetNetwork
from tests.neighbourhoods.outreach.toy_outreach import toy_plan
from tests.neighbourhoods.travel.street_town import BRIDGE, NORTH, SOUTH, Road, network_of

FORD = [(0.0, 0.0), (0.0, 200.0)]
TOWN: tuple[Road, ...] = tuple(({"highway": "residential"}, road) for road in (SOUTH, NORTH, BRIDGE, FORD))
RUNNING = Running("City", "https://e.org", date(2026, 1, 5), date(2026, 3, 1))
LEGS = {
    (0, 0, 0, "advice"): (
        np.array([[500.0, 500.0], [700.0, 500.0], [700.0, 700.0]]),
        np.array([[700.0, 700.0], [1_500.0, 1_500.0]]),
        np.array([[1_500.0, 1_500.0], [500.0, 500.0]]),
    ),
    (0, 3, 0, "youth"): (
        np.array([[500.0, 500.0], [700.0, 700.0]]),
        np.array([[700.0, 700.0], [500.0, 500.0]]),
    ),
}


class River:
    """A study of nothing but streets."""

    def __init__(self, roads: tuple[Road, ...]) -> None:
        self.roads_given = roads

    def street_network(self, mode: str) -> StreetNetwork:
        return network_of(self.roads_given, mode)


def test_way_goes_over_the_bridge_and_along_parts_of_streets() -> None:
    network = network_of(TOWN[:3], "drive")
    xy = np.array([[1_500.0, 10.0], [1_500.0, 210.0]])
    line = street_lines(network, xy, [(0, 1)])[0, 1]
    expected = [[1_500, 10], [1_500, 0], [2_000, 0], [2_000, 200], [1_500, 200], [1_500, 210]]
    assert joined((line,)).tolist() == expected


def test_way_on_one_street_and_to_itself_is_straight_along_it() -> None:
    network = network_of(TOWN[:3], "drive")
    lines = street_lines(network, np.array([[100.0, 0.0], [700.0, 0.0]]), [(0, 1), (1, 0), (0, 0)])
    assert joined((lines[0, 1],)).tolist() == [[100, 0], [700, 0]]
    assert joined((lines[1, 0],)).tolist() == [[700, 0], [100, 0]]
    assert joined((lines[0, 0],)).tolist() == [[100, 0], [100, 0]]


def test_lines_take_as_long_as_the_journeys_of_the_timetable() -> None:
    network = network_of(TOWN, "drive")
    random = np.random.default_rng(1)
    xy = np.column_stack([random.random(8) * 2_000, random.choice([0.0, 200.0], 8)])
    pairs = [(a, b) for a in range(8) for b in range(8) if a != b]
    minutes = StreetJourneys(network, xy, xy).matrix()
    speed = network.edge_m[0] / network.minutes[0]
    for (a, b), line in street_lines(network, xy, pairs).items():
        metres = sum(np.hypot(*(q - p)) for p, q in pairwise(line))
        assert metres / speed == pytest.approx(minutes[a, b], abs=1e-6)


def test_forbidden_road_is_left_out_with_what_it_cuts_off() -> None:
    xy = np.array([[100.0, 0.0], [100.0, 200.0]])
    short = street_lines(driving_network(River(TOWN), ()), xy, [(0, 1)])[0, 1]  # type: ignore[arg-type]
    assert [0, 200] in short.tolist()
    without = driving_network(River(TOWN), (ForbiddenRoad(10.0, 100.0),))  # type: ignore[arg-type]
    long = street_lines(without, xy, [(0, 1)])[0, 1]
    assert [2_000, 0] in long.tolist()
    assert [0, 200] not in long.tolist()
    one_bank = driving_network(River(TOWN[:3]), (ForbiddenRoad(2_000.0, 100.0),))  # type: ignore[arg-type]
    assert len(one_bank.edge_m) < len(network_of(TOWN[:3], "drive").edge_m)
    assert one_bank.edge_m.sum() == pytest.approx(2_000.0)


def test_road_that_is_not_there_cannot_be_forbidden() -> None:
    with pytest.raises(InputError, match="No road that a bus may use is within 30 m of 1,000, 100"):
        driving_network(River(TOWN), (ForbiddenRoad(1_000.0, 100.0),))  # type: ignore[arg-type]


def test_shapes_lead_along_the_ways_and_agree_with_the_distances_of_calls() -> None:
    tables = gtfs_tables(toy_plan(), RUNNING, LEGS)
    shapes, calls = tables["shapes"], tables["stop_times"]
    for trip_id, own in shapes.groupby("shape_id"):
        dist = own["shape_dist_traveled"].to_numpy()
        assert (np.diff(dist) >= 0).all()
        assert own["shape_pt_sequence"].tolist() == list(range(1, len(own) + 1))
        called = calls.loc[calls["trip_id"] == trip_id, "shape_dist_traveled"]
        assert set(called) <= set(dist)
    first = shapes[shapes["shape_id"] == calls["trip_id"].iloc[0]]
    bend = line_degrees(np.array([[700.0, 500.0]]))[0]
    at = first[(first[["shape_pt_lat", "shape_pt_lon"]] == bend).all(axis=1)]
    assert at["shape_dist_traveled"].tolist() == [2.0]  # half of the four kilometres to the first stop


def test_lines_of_the_map_and_tracks_of_the_navigator_follow_the_ways() -> None:
    features = outreach_features(toy_plan(), LEGS)
    lines = [one for one in features.geometry if one.geom_type == "LineString"]
    assert list(lines[0].coords)[1] == (700.0, 500.0)
    content = to_gpx_bytes("Bus", *gpx_parts(toy_plan(), LEGS), [])
    root = ET.fromstring(content)
    tracks = root.findall(f"{{{NAMESPACE}}}trk")
    assert [len(one.findall(f".//{{{NAMESPACE}}}trkpt")) for one in tracks] == [5, 3]
    assert not pd.isna(features["people"].iloc[1])
