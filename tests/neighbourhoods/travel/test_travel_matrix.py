"""Journeys of a study: over streets where roads are loaded, kept by content, the straight line else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import cli
import neighbourhoods.travel.matrix as travel_matrix
from geodata.dataset import NewDataset
from geodata.provenance import Provenance
from geodata.travel_file import FOLDER, read_travel, write_travel
from neighbourhoods.hub.ground import hub_ground
from neighbourhoods.hub.params import HubParams
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import AccessParams, access
from neighbourhoods.travel.access_report import access_json, method_words, source_lines
from neighbourhoods.travel.matrix import POSTCODES, StreetUse, minutes_to_places, nearest_places
from neighbourhoods.travel.straight_line import DETOUR
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import NoRoadError
from tests.neighbourhoods.toy_study import toy_study
from tests.neighbourhoods.travel.street_town import RIVER_TOWN, Road, network_of, road_dataset

LIBRARY = AccessParams(("library",), "ward")
ACROSS = (np.array([[0.0, 0.0], [1_000.0, 0.0]]), np.array([[0.0, 200.0], [2_000.0, 0.0]]))


@pytest.fixture(autouse=True)
def _nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(travel_matrix, "_HELD", travel_matrix._HELD.__class__())


@pytest.fixture
def dry(tmp_path: Path, toy_town: gpd.GeoDataFrame) -> Study:
    """The toy town with one library north of the river, and no roads."""
    study = toy_study(tmp_path, toy_town)
    place = gpd.GeoDataFrame(
        {
            "name": ["Central"],
            "kind": "library",
            "address": "",
            "postcode": "",
            "source_id": "s",
            "status": "",
        },
        geometry=[shapely.Point(500, 200)],
        index=["library:1"],
        crs="EPSG:27700",
    ).rename_axis("place_id")
    origin = Provenance("ace_libraries", "places.csv", "2" * 64, "2026", "2026-01-01T00:00:00", 1, 1)
    study.store.write([NewDataset("places:library:ace", "places", "", place, origin, {"kind": "library"})])
    return Study(study.store)


def with_roads(study: Study, roads: tuple[Road, ...] = RIVER_TOWN, source_id: str = "openstreetmap") -> Study:
    study.store.write([road_dataset(roads, source_id)])
    return Study(study.store)


def test_without_roads_the_straight_line_is_taken_and_nothing_is_kept(dry: Study) -> None:
    found = nearest_places(dry, *ACROSS, "walk")
    assert found.streets is None
    assert found.is_straight
    assert found.minutes.tolist() == pytest.approx([200 * DETOUR / 80, 1_000 * DETOUR / 80])
    assert minutes_to_places(dry, *ACROSS, "walk").min(axis=1) == pytest.approx(found.minutes)
    assert not (dry.store.root / FOLDER).exists()


def test_with_roads_the_river_is_felt_and_the_straight_line_can_still_be_asked_for(dry: Study) -> None:
    wet = with_roads(dry)
    found = nearest_places(wet, *ACROSS, "walk", route="streets")
    assert found.minutes.tolist() == pytest.approx([2_000 / 80, 1_000 / 80])
    assert found.place.tolist() == [1, 1]
    assert minutes_to_places(wet, *ACROSS, "walk", route="streets")[0] == pytest.approx(
        [4_200 / 80, 2_000 / 80]
    )
    straight = nearest_places(wet, *ACROSS, "walk", route="straight")
    assert straight.minutes == pytest.approx(nearest_places(dry, *ACROSS, "walk").minutes)
    assert straight.is_straight


def test_journeys_are_worked_out_once_and_found_again_after_a_start(
    dry: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    wet = with_roads(dry)
    first = minutes_to_places(wet, *ACROSS, "walk", route="streets")
    nearest = nearest_places(wet, *ACROSS, "walk", route="streets")

    def never(*_: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr(StreetJourneys, "matrix", never)
    monkeypatch.setattr(StreetJourneys, "nearest", never)
    assert minutes_to_places(wet, *ACROSS, "walk", route="streets").tolist() == first.tolist()
    travel_matrix._HELD.clear()  # as a new start has it
    again = Study(wet.store)
    assert minutes_to_places(again, *ACROSS, "walk", route="streets").tolist() == first.tolist()
    kept = nearest_places(again, *ACROSS, "walk", route="streets")
    assert (kept.minutes.tolist(), kept.place.tolist()) == (nearest.minutes.tolist(), nearest.place.tolist())
    assert kept.streets.n_points == 2


@pytest.mark.parametrize("changed", ["roads", "mode", "speed", "points", "places"])
def test_whatever_journeys_depend_on_makes_them_anew(dry: Study, changed: str) -> None:
    wet = with_roads(dry)
    points, places = ACROSS
    minutes_to_places(wet, points, places, "walk", route="streets")
    kept = set((wet.store.root / FOLDER).iterdir())
    mode, km_h = "walk", 0.0
    if changed == "roads":
        wet = with_roads(wet, RIVER_TOWN[:1])
    mode = "cycle" if changed == "mode" else mode
    km_h = 6.0 if changed == "speed" else km_h
    points = points + 1 if changed == "points" else points
    places = places + 1 if changed == "places" else places
    minutes_to_places(wet, points, places, mode, km_h, route="streets")
    added = set((wet.store.root / FOLDER).iterdir()) - kept
    assert len(added) == (1 if changed in ("speed", "places") else 2)  # how points lie to the roads, too


def test_progress_counts_the_places(dry: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neighbourhoods.travel.street_journey.BATCH", 1)
    told: list[tuple[int, int]] = []
    minutes_to_places(
        with_roads(dry), *ACROSS, "walk", route="streets", progress=lambda n, m: told.append((n, m))
    )
    assert told == [(1, 2), (2, 2)]


def test_a_damaged_file_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    write_travel(tmp_path, "a", {"minutes": np.arange(3.0)})
    assert read_travel(tmp_path, "a")["minutes"].tolist() == [0, 1, 2]
    (tmp_path / FOLDER / "a.npz").write_bytes(b"PK\x03\x04 half")
    assert read_travel(tmp_path, "a") is None
    assert read_travel(tmp_path, "b") is None


def test_the_oldest_files_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.travel_file.BYTES_MAX", 20_000)
    for key in "abcd":
        write_travel(tmp_path, key, {"minutes": np.arange(1_000.0)})
    assert sorted(path.stem for path in (tmp_path / FOLDER).iterdir()) == ["c", "d"]


def test_a_draft_that_was_left_an_hour_ago_goes_and_a_fresh_one_stays(tmp_path: Path) -> None:
    write_travel(tmp_path, "a", {"minutes": np.arange(3.0)})
    old, fresh = tmp_path / FOLDER / "old.part", tmp_path / FOLDER / "fresh.part"
    for draft in (old, fresh):
        draft.write_bytes(b"half")
    os.utime(old, (0, 0))
    write_travel(tmp_path, "b", {"minutes": np.arange(3.0)})
    assert (old.exists(), fresh.exists()) == (False, True)


def test_openstreetmap_is_travelled_on_before_other_roads(dry: Study) -> None:
    both = with_roads(with_roads(dry, RIVER_TOWN[:1], "council_roads"))
    assert both.roads is not None
    assert both.roads.id == "roads:openstreetmap"
    assert len(both.street_network("walk").edge_m) == len(network_of(RIVER_TOWN).edge_m)


ALL_STREETS: tuple[Road, ...] = (
    *RIVER_TOWN,
    ({"highway": "residential"}, [(500, 200), (500, 500), (500, 1_500), (1_500, 1_500), (2_500, 1_500)]),
    ({"highway": "residential"}, [(500, 500), (1_500, 500), (2_500, 500)]),
)


def test_access_says_what_it_travelled_on_and_cites_it(dry: Study) -> None:
    before = access(dry, LIBRARY)
    assert "no street network is loaded" in method_words(before)
    wet = with_roads(dry, ALL_STREETS)
    found = access(wet, LIBRARY)
    assert method_words(found) == (
        "Along streets (OpenStreetMap, streets and paths) at 4.8 km/h. Journeys begin at points inside wards."
    )
    assert any("© OpenStreetMap contributors" in one for one in source_lines(wet, found))
    straight = access(wet, AccessParams(("library",), "ward", route="straight"))
    assert "4.8 km/h; by choice, so rivers" in method_words(straight)
    assert straight.minutes.tolist() == before.minutes.tolist()
    for one in (before, straight):
        assert not any("OpenStreetMap" in line for line in source_lines(wet, one))
    told = access_json(wet, found)["method"]
    assert (told["is_straight"], told["streets"]["is_partial"]) == (False, False)


def with_homes(study: Study, *xy: tuple[float, float], kind: str = "postcodes") -> Study:
    """Postcodes, or centroids of output areas, at some points."""
    origin = Provenance(
        "os_codepoint", "homes.csv", "5" * 64, "2026", "2026-01-01T00:00:00", len(xy), len(xy)
    )
    frame = pd.DataFrame(xy, columns=["x", "y"], index=[f"TT1 {i}AA" for i in range(len(xy))])
    if kind == "postcodes":
        frame = frame.assign(ward_code="", lad_code="", quality=10).rename_axis("postcode")
        study.store.write([NewDataset("postcodes:tt", "postcodes", "", frame, origin)])
    else:
        frame = frame.rename_axis("area_code")
        study.store.write([NewDataset("centroids:oa21", "centroids", "oa21", frame, origin)])
    return Study(study.store)


def test_a_partial_network_is_left_alone_unless_it_is_asked_for(dry: Study) -> None:
    """Two homes of three lie 300 m from any road, as do the points of wards A and B; that of C lies 583 m."""
    wet = with_homes(with_roads(dry), (500.0, 250.0), (500.0, 500.0), (1_500.0, 500.0))
    found = access(wet, LIBRARY)
    assert found.is_straight
    assert "the file of roads is partial (67% of postcodes are more than 100 m" in method_words(found)
    assert found.minutes == pytest.approx(access(dry, LIBRARY).minutes)
    asked = access(wet, AccessParams(("library",), "ward", route="streets"))
    assert "67% of starting points have no road within 500 m" in method_words(asked)
    assert "The file of roads is partial: 67% of postcodes" in method_words(asked)
    minutes = dict(zip(asked.points.area_codes, asked.minutes, strict=True))
    assert minutes["A"] == pytest.approx(300 * DETOUR / 80)
    assert minutes["B"] == pytest.approx((300 * DETOUR + 1_000) / 80)
    assert minutes["C"] == pytest.approx(np.hypot(2_000, 300) * DETOUR / 80)


def test_a_network_is_judged_by_homes_and_not_by_the_middles_of_wards(dry: Study) -> None:
    wet = with_roads(dry)
    assert not access(wet, LIBRARY).is_straight  # nothing says where people live
    near, off = (500.0, 250.0), (500.0, 399.0)  # 50 m and 199 m from the northern road
    judged = with_homes(wet, near, off, kind="centroids")
    use = access(judged, LIBRARY).streets
    assert (use.homes.name, use.off_share, use.is_partial) == ("population-weighted centroids", 0.0, False)
    assert access(with_homes(judged, near, off), LIBRARY).streets.off_share == 0.5


@pytest.mark.parametrize(("off_share", "is_partial"), [(0.099, False), (0.1, False), (0.101, True)])
def test_a_network_is_partial_when_more_than_a_tenth_lives_off_it(off_share: float, is_partial: bool) -> None:
    assert StreetUse("openstreetmap", 0, 100, 1.0, POSTCODES, off_share).is_partial is is_partial


def test_footpaths_alone_are_no_network_for_cars(dry: Study) -> None:
    paths: tuple[Road, ...] = tuple(({"highway": "footway"}, line) for _, line in ALL_STREETS)
    wet = with_roads(dry, paths)
    assert not access(wet, LIBRARY).is_straight
    assert access(wet, AccessParams(("library",), "ward", "drive")).is_straight
    with pytest.raises(NoRoadError, match="open to driving"):
        access(wet, AccessParams(("library",), "ward", "drive", route="streets"))


def test_minutes_of_access_are_walked_on_paper(dry: Study) -> None:
    found = access(with_roads(dry, ALL_STREETS), LIBRARY)
    minutes = dict(zip(found.points.area_codes, found.minutes * 80, strict=True))
    assert minutes == pytest.approx(
        {"A": 300, "B": 1_300, "C": 2_300, "D": 1_300, "E": 2_300, "F": 3_300}, abs=1e-6
    )


def test_hubs_are_sited_by_the_same_minutes_as_access(dry: Study) -> None:
    wet = with_roads(dry, ALL_STREETS)
    reach = access(wet, LIBRARY)
    asked = HubParams(("library",))
    hubs = hub_ground(wet, asked).reach(asked, list(wet.places().index))
    assert not hubs.is_straight
    assert hubs.minutes.tolist() == pytest.approx(reach.minutes.tolist(), rel=1e-5)


def test_the_command_takes_the_route_and_says_what_was_travelled_on(
    dry: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    wet = with_roads(dry, ALL_STREETS)
    asked = ["access", "--kind", "library", "--workspace", str(wet.store.root), "--json"]
    for route, is_straight in (("best", False), ("streets", False), ("straight", True)):
        assert cli.main([*asked, "--route", route]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["params"]["route"], told["method"]["is_straight"]) == (route, is_straight)
    assert told["method"]["streets"]["source_id"] == "openstreetmap"
    assert told["method"]["streets"]["off_roads_share"] is None
    assert cli.main([*asked, "--mode", "bus"]) == 2
    assert "GTFS" in capsys.readouterr().err


def test_the_command_counts_the_catchment_of_some_places(
    dry: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["access", "--kind", "library", "--workspace", str(dry.store.root), "--json"]
    assert cli.main([*asked, "--place", "library:1"]) == 0
    assert json.loads(capsys.readouterr().out)["n_places"] == 1
    assert cli.main([*asked, "--place", "library:1", "--place", "library:9"]) == 2
    assert "no place 'library:9'" in capsys.readouterr().err
