"""Who is how far from what: sums of people by hand, properties, and the same from the raw files of York."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import cli
from geodata.errors import InputError
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import (
    Access,
    AccessParams,
    access,
    access_by_area,
    access_by_fifth,
    access_by_footprint,
    access_by_group,
    concentration_index,
    within_column,
)
from neighbourhoods.travel.starting_point import StartingPoints, starting_points
from neighbourhoods.travel.straight_line import minutes_of_metres, minutes_to_points

LIBRARY = AccessParams(("library",), "ward")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(open_workspace(tmp_path_factory.mktemp("access")))


@pytest.fixture(scope="module")
def found(study: Study) -> Access:
    return access(study, LIBRARY)


def two_areas() -> Access:
    """Area A: 100 people at two points, 6 and 12 minutes away; area B: 300 at one, 30 minutes away."""
    points = StartingPoints(
        "ward",
        pd.Index(["A", "B"]),
        np.array([100.0, 300.0]),
        np.array([0, 0, 1]),
        np.array([0.5, 0.5, 1.0]),
        np.zeros((3, 2)),
        "by hand",
    )
    places = gpd.GeoDataFrame({"name": ["L", "M"], "kind": "library"}, geometry=[shapely.Point(0, 0)] * 2)
    return Access(LIBRARY, points, places, np.array([6.0, 12.0, 30.0]), np.array([0, 1, 1]))


def test_a_kilometre_at_walking_speed_with_its_detour_takes_sixteen_minutes_and_a_quarter() -> None:
    assert minutes_of_metres(np.array(1_000.0), km_h=4.8, detour=1.3) == pytest.approx(16.25)
    assert minutes_to_points(np.array([[0.0, 0.0]]), np.array([[300.0, 400.0]]), km_h=6.0, detour=1.0) == (
        pytest.approx(5.0)
    )


def test_people_and_minutes_are_sums_by_hand() -> None:
    toy = two_areas()
    areas = toy.over(toy.points.population, np.array([0, 1]), 2)
    assert areas["people"].tolist() == [100, 300]
    assert areas["minutes"].tolist() == [9, 30]
    assert areas["within_10"].tolist() == [0.5, 0]
    assert areas["people_beyond"].tolist() == [0, 300]
    assert toy.whole["minutes"] == pytest.approx((100 * 9 + 300 * 30) / 400)
    assert toy.whole["within_10"] == pytest.approx(50 / 400)
    assert toy.by_place.set_index("name")["people"].to_dict() == {"M": 350, "L": 50}


def test_areas_without_a_known_number_of_people_count_for_nobody() -> None:
    toy = two_areas()
    only_a = toy.over(np.array([100.0, np.nan]), np.array([0, 0]), 1).iloc[0]
    assert (only_a["people"], only_a["minutes"]) == (100, 9)
    nobody = toy.over(toy.points.population, np.array([-1, -1]), 1).iloc[0]
    assert nobody["people"] == 0
    assert np.isnan(nobody["minutes"])


def test_parts_add_up_to_the_authority(study: Study, found: Access) -> None:
    option = FootprintOption(
        "", "Halves", "ward", {c: "AB"[i % 2] for i, c in enumerate(study.areas("ward").index)}
    )
    fifths = access_by_fifth(study, found)
    assert fifths is not None
    for parts in (access_by_area(study, found), access_by_footprint(study, found, option), fifths):
        assert parts["people"].sum() == pytest.approx(study.population("ward").sum())
        for column in ("minutes", "within_10", "within_15", "within_20"):
            assert np.average(parts[column], weights=parts["people"]) == pytest.approx(found.whole[column])
    groups = access_by_group(study, found)
    assert groups.loc["pop_total", "minutes"] == pytest.approx(found.whole["minutes"])
    assert (groups["people"] <= groups.loc["pop_total", "people"]).all()


def test_more_minutes_never_reach_fewer_and_a_faster_way_never_takes_longer(
    study: Study, found: Access
) -> None:
    areas = access_by_area(study, found)
    assert (areas["within_10"] <= areas["within_15"]).all()
    assert (areas["within_15"] <= areas["within_20"]).all()
    faster = access(study, replace(LIBRARY, mode="cycle"))
    assert (faster.minutes <= found.minutes).all()
    assert (faster.nearest == found.nearest).all()


def test_one_more_kind_of_place_never_lengthens_a_journey(study: Study, found: Access) -> None:
    both = access(study, replace(LIBRARY, kinds=("library", "gp_surgery")))
    assert (both.minutes <= found.minutes + 1e-9).all()
    assert both.whole["people_beyond"] <= found.whole["people_beyond"]


@given(st.lists(st.floats(-1e5, 1e5), min_size=2, max_size=2))
def test_moving_everything_together_changes_no_minute(shift: list[float]) -> None:
    a, b = np.array([[0.0, 0.0], [500.0, 800.0]]), np.array([[100.0, -300.0]])
    moved = minutes_to_points(a + shift, b + shift)
    np.testing.assert_allclose(moved, minutes_to_points(a, b), rtol=1e-6)


def test_concentration_index_of_two_areas_by_hand(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the people, the more deprived, travel 10 minutes, the others 20: 2 x -1.25 / 15."""
    points = replace(two_areas().points, population=np.array([200.0, 200.0]))
    toy = replace(two_areas(), points=points, minutes=np.array([10.0, 10.0, 20.0]))
    score = pd.Series({"A": 40.0, "B": 5.0})
    monkeypatch.setattr("neighbourhoods.travel.access.deprivation_order", lambda *_: score)
    assert concentration_index(study, toy) == pytest.approx(-1 / 6)
    monkeypatch.setattr("neighbourhoods.travel.access.deprivation_order", lambda *_: score * 0)
    assert concentration_index(study, toy) == pytest.approx(0)
    monkeypatch.setattr("neighbourhoods.travel.access.deprivation_order", lambda *_: None)
    assert np.isnan(concentration_index(study, toy))


def test_fifths_run_from_the_most_deprived(study: Study, found: Access) -> None:
    figures = study.profile("ward").set_index(["indicator_id", "area_code"])["value"]
    most = figures["hh_deprived_1plus"].reindex(study.areas("ward").index).idxmax()
    toy = replace(found, minutes=np.where(found.points.area_codes[found.points.row] == most, 60.0, 1.0))
    fifths = access_by_fifth(study, toy)
    assert fifths is not None
    assert fifths["minutes"].idxmax() == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kinds": ()}, "at least one kind"),
        ({"kinds": ("library", "palace")}, "No place of the kind 'palace' is loaded; loaded are .*library"),
        ({"mode": "fly"}, "no way to travel 'fly'; there are walk, cycle, drive"),
        ({"km_h": -1.0}, "above nought"),
        ({"limits": (20.0, 10.0)}, "each more than the one before"),
        ({"limits": (0.0,)}, "above nought"),
        ({"limits": ()}, "above nought"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    study: Study, changes: dict[str, object], fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        access(study, replace(LIBRARY, **changes))  # type: ignore[arg-type]


def test_postcodes_share_the_people_of_their_area_and_an_area_without_any_has_its_centre(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    areas = study.areas("ward")
    inside = areas.geometry.representative_point()
    first = pd.DataFrame({"x": inside.x[:5], "y": inside.y[:5]})
    many = pd.concat([first] * 10, ignore_index=True)
    monkeypatch.setattr(Study, "counting_geography", lambda _self, geography: geography)
    monkeypatch.setattr(Study, "postcodes", lambda _self: many)
    points = starting_points(Study(study.store), "ward")
    assert np.bincount(points.row).tolist() == [10] * 5 + [1] * (len(areas) - 5)
    np.testing.assert_allclose(np.bincount(points.row, points.share), 1.0)
    assert points.how.startswith("postcodes")


def test_command_line_prints_stable_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["access", "--workspace", str(tmp_path / "w"), "--kind", "library"]
    assert cli.main([*arguments, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {
        "authority",
        "params",
        "method",
        "n_places",
        "whole",
        "areas",
        "groups",
        "fifths",
        "concentration_index",
        "places",
        "footprints",
    }
    assert len(said["areas"]) == 21
    assert said["params"]["km_h"] == 4.8
    assert sum(one["people"] for one in said["places"]) == pytest.approx(said["whole"]["people"])
    assert cli.main(arguments) == 0
    assert "are within 15 minutes" in capsys.readouterr().out
    assert cli.main([*arguments, "--minutes", "ten"]) == 2
    assert "--minutes takes numbers" in capsys.readouterr().err


def test_york_by_plain_reckoning_from_the_raw_files(york_data: Path, york_copy: Callable[[], Path]) -> None:
    """Postcodes within 923 m of a library (15 minutes at 4.8 km/h over 1.3) counted in another way."""
    york = Study(Store(york_copy()))
    found = access(york, AccessParams(("library",), "lsoa21"))
    postcodes = pd.read_csv(york_data / "assets" / "codepoint_yo_E06000014.csv", header=None)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(postcodes[2], postcodes[3]), crs=27700)
    libraries = york.places().query("kind == 'library'").geometry
    points["near"] = (
        shapely.distance(points.geometry.to_numpy()[:, None], libraries.to_numpy()[None]).min(axis=1) * 1.3
        <= 15 * 80
    )
    joined = gpd.sjoin(points, york.areas("lsoa21")[["geometry"]], predicate="within")
    share = joined.groupby("area_code")["near"].mean()
    people = york.population("lsoa21")
    assert people.sum() == 202_814
    expected = (share * people.reindex(share.index)).sum() / people[share.index].sum()
    assert found.whole[within_column(15)] == pytest.approx(expected, abs=1e-3)
