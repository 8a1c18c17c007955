"""Several feeds as one timetable, walks to stops along streets, and minutes by bus to every place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geodata.dataset import NewDataset
from geodata.errors import InputError, MissingDataError
from geodata.provenance import Provenance
from neighbourhoods.hub.ground import hub_ground
from neighbourhoods.hub.params import HubParams
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access_report import method_words
from neighbourhoods.travel.matrix import NearestPlaces
from neighbourhoods.travel.stop_walk import StopWalk
from neighbourhoods.travel.straight_line import DETOUR, minutes_to_points
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.timetable import remove_feed, timetable_days, timetable_feeds, timetable_of
from neighbourhoods.travel.timetable_journey import bus_matrix, bus_minutes
from tests.neighbourhoods.travel.street_town import RIVER_TOWN, network_of
from tests.neighbourhoods.travel.test_timetable_journey import every_half_hour, timetable, with_buses
from tests.neighbourhoods.travel.test_travel_matrix import _nothing_held, dry

__all__ = ["_nothing_held", "dry"]


def feed_datasets(name: str, stops: list[tuple[float, float]], trips: list, day: str) -> list[NewDataset]:
    table = timetable(stops, trips)
    origin = Provenance("bus_timetable", f"{name}.zip", "5" * 64, day, "2026-01-01T00:00:00", 1, 1)
    frame = pd.DataFrame(
        table.stops_xy, columns=["x", "y"], index=pd.Index(range(len(stops)), name="stop_id")
    )
    extra = {"date": day, "content": name * 8}
    return [
        NewDataset(f"timetable:stops:{name}", "timetable", "", frame, origin, extra),
        NewDataset(f"timetable:calls:{name}", "timetable", "", table.calls, origin, extra),
    ]


def two_feeds(study: Study) -> Study:
    """One bus to (5,000, 0), and another firm's from there to (9,000, 0) five minutes later."""
    first = feed_datasets("east", [(0, 0), (5_000, 0)], every_half_hour(0, (0, 0), (1, 10)), "2026-11-03")
    second = feed_datasets(
        "west", [(5_050, 0), (9_000, 0)], every_half_hour(15, (0, 0), (1, 5)), "2026-11-10"
    )
    study.store.write([*first, *second])
    return Study(study.store)


def test_of_two_feeds_a_journey_takes_a_bus_of_each(dry: Study) -> None:
    """Buses on the hour and half past, 20 minutes in all: wait 0, 20 or 10 minutes, thirteen journeys."""
    table = timetable_of(two_feeds(dry))
    on_foot = NearestPlaces(np.array([1e6]), np.array([0]), None, True)
    found, _ = bus_minutes(table, np.array([[0.0, 0.0]]), np.array([[9_000.0, 0.0]]), on_foot, 4.8)
    assert found[0] == pytest.approx(20 + (4 * (0 + 20 + 10) + 0) / 13)


def test_removing_one_feed_leaves_the_other_and_says_which_there_are(dry: Study) -> None:
    study = two_feeds(dry)
    assert [one.id for one in timetable_feeds(study)] == ["east", "west"]
    assert timetable_days(study) == "2026-11-03,2026-11-10"
    with pytest.raises(InputError, match="loaded are east, west"):
        remove_feed(study, "north")
    remove_feed(study, "east")
    left = Study(study.store)
    assert [one.id for one in timetable_feeds(left)] == ["west"]
    assert timetable_of(left).stops_xy.tolist() == [[5_050, 0], [9_000, 0]]


def test_the_matrix_by_bus_is_the_nearest_of_one_place_after_another() -> None:
    stops = [(0.0, 0.0), (5_000.0, 0.0), (0.0, 5_000.0)]
    table = timetable(stops, [*every_half_hour(5, (0, 0), (2, 10)), *every_half_hour(25, (0, 0), (1, 2))])
    points, places = (
        np.array([[0.0, 0.0], [300.0, 0.0]]),
        np.array([[5_000.0, 0], [100.0, 5_000.0], [9e4, 9e4]]),
    )
    on_foot = minutes_to_points(points, places)
    found = bus_matrix(table, points, places, on_foot, 4.8)
    for one in range(3):
        alone = NearestPlaces(on_foot[:, one], np.zeros(2, dtype=np.int64), None, True)
        assert found[:, one] == pytest.approx(bus_minutes(table, points, places[[one]], alone, 4.8)[0])
    assert found[:, 2] == pytest.approx(on_foot[:, 2])  # no stop near it: on foot
    nearest = NearestPlaces(on_foot.min(axis=1), on_foot.argmin(axis=1), None, True)
    assert (bus_minutes(table, points, places, nearest, 4.8)[0] <= found.min(axis=1) + 1e-9).all()


def test_a_stop_across_the_river_is_as_far_as_the_bridge_makes_it() -> None:
    """200 m in a straight line, 4,200 m by the bridge; 1,000 m along the bank are 12.5 minutes."""
    stops = np.array([[0.0, 200.0], [1_000.0, 0.0]])
    point = np.array([[0.0, 0.0]])
    _, straight, seconds = StopWalk(stops, 4.8).to_stops(point)
    assert straight.tolist() == [0]
    assert seconds[0] == pytest.approx(200 * DETOUR / 80 * 60, abs=1)
    _, along, seconds = StopWalk(stops, 4.8, network_of(RIVER_TOWN)).to_stops(point)
    assert (along.tolist(), seconds.tolist()) == ([1], [750])


@pytest.mark.parametrize("limit", [0.0, 6.0, 15.0, 70.0])
def test_pairs_within_a_limit_are_those_of_the_whole_matrix(limit: float) -> None:
    spots = np.random.default_rng(3).uniform((-900, -900), (2_900, 1_100), (60, 2))
    journeys = StreetJourneys(network_of(RIVER_TOWN), spots[:30], spots[20:])
    whole = journeys.matrix()
    point, place, minutes = journeys.within(limit)
    assert list(zip(point, place, strict=True)) == [(a, b) for a, b in np.argwhere(whole <= limit).tolist()]
    assert minutes == pytest.approx(whole[point, place])


def test_hubs_by_bus_want_a_timetable_and_are_judged_by_its_minutes(dry: Study) -> None:
    params = HubParams(("library",), 1, mode="bus")
    with pytest.raises(MissingDataError, match=r"stop_times\.txt"):
        hub_ground(dry, params)
    served = with_buses(dry)
    ground = hub_ground(served, params)
    reach = ground.reach(params, ("library:1",))
    minutes = dict(zip(reach.points.area_codes, reach.minutes, strict=True))
    assert minutes["F"] == pytest.approx(5.0)
    assert minutes["A"] == pytest.approx(300 * DETOUR / 80)
    assert "Tuesday 17 November 2026" in method_words(reach)
