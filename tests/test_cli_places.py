"""The command `places` as a script meets it: stable keys, lists of places in, one line for every fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import main
from geodata.workspace import open_workspace
from neighbourhoods.register.edit import edit_place
from neighbourhoods.register.need_asset import NeedParams, need_assets
from neighbourhoods.register.register import register_frame
from neighbourhoods.study.study import Study
from tests.geodata.file_fixture import X0, Y0

REGISTER = f"Venue name,Owner,Easting,Northing,Status\nHall,Council,{X0 + 10},{Y0 + 20},Stays\n"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli_places") / "workspace"
    open_workspace(folder)
    return folder


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_list_is_the_register_with_what_people_changed(
    sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = Study(open_workspace(sample))
    place = str(register_frame(study).index[0])
    edit_place(study, place, {"owner": "Council"}, author="Ann")
    rows = answer(capsys, "places", "list", "--workspace", str(sample))["places"]
    by_id = {row["place_id"]: row for row in rows}  # type: ignore[attr-defined]
    assert set(by_id) == set(register_frame(study).index)
    assert by_id[place]["owner"] == "Council"
    assert by_id[place]["capacity"] is None
    assert {"x", "y", "bus_within_400m", "services", "running_cost_gbp"} <= set(by_id[place])
    kind = by_id[place]["kind"]
    some = answer(capsys, "places", "list", "--kind", kind, "--workspace", str(sample))["places"]
    assert {row["kind"] for row in some} == {kind}  # type: ignore[attr-defined]


def test_needs_are_those_of_the_page(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(
        capsys, "places", "needs", "--theme", "families", "--geography", "ward", "--workspace", str(sample)
    )
    study = Study(open_workspace(sample))
    expected = need_assets(study, NeedParams("families", "ward"))
    assert found["n_assets"] == len(expected.assets)
    areas = {row["area_code"]: row["need_count"] for row in found["areas"]}  # type: ignore[attr-defined]
    assert areas == expected.by_area["need_count"].to_dict()
    assert {"params", "need", "finding", "method", "concentration_index", "assets"} <= set(found)


def test_duplicates_have_their_score_and_reasons(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = answer(capsys, "places", "duplicates", "--workspace", str(sample))["pairs"]
    assert isinstance(pairs, list)
    for pair in pairs:
        assert 0.6 <= pair["score"] <= 1
        assert len(pair["reasons"]) == 3


def test_changes_are_kept_with_who_and_why_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "workspace"
    study = Study(open_workspace(folder))
    at = ["--workspace", str(folder)]
    first, second = map(str, register_frame(study).index[:2])
    who = ["--who", "Ann", "--why", "Visited"]
    spot = study.places().geometry[first]
    here = ["--set", f"x={spot.x}", "--set", f"y={spot.y}"]
    made = answer(capsys, "places", "add", "--set", "name=Hall", *here, *who, *at)
    added = str(made["place_id"])
    assert made["change"]["act"] == "add"  # type: ignore[index]
    hours = "opening_hours=Mon-Fri 9-7; Sat by appointment"
    edited = answer(capsys, "places", "edit", added, "--set", hours, "--set", "owner=NHS", *who, *at)
    change = edited["change"]
    assert isinstance(change, dict)
    assert (change["who"], change["why"]) == ("Ann", "Visited")
    assert change["fields"]["owner"] == {"before": "", "after": "NHS"}
    (row,) = answer(capsys, "places", "list", "--open-at", "weekday_evening", "--kind", "venue", *at)[
        "places"
    ]
    assert row["place_id"] == added
    assert row["hours"] == [[[540, 1140]]] * 5 + [[], []]
    assert (row["hours_words"], row["hours_unread"]) == ("Mon to Fri 09:00 to 19:00", ["Sat by appointment"])
    answer(capsys, "places", "undo", added, *who, *at)
    answer(capsys, "places", "merge", first, added, *who, *at)
    answer(capsys, "places", "apart", first, second, *who, *at)
    answer(capsys, "places", "remove", second, *who, *at)
    changes = answer(capsys, "places", "history", *at)["changes"]
    assert isinstance(changes, list)
    assert [one["act"] for one in changes] == ["remove", "distinct", "merge", "undo", "set", "add"]
    assert [one["stands"] for one in changes] == [True, True, True, True, False, True]
    places = Study(open_workspace(folder)).places()
    assert not {added, second} & set(places.index)
    answer(capsys, "places", "undo", second, *who, *at)
    answer(capsys, "places", "redo", second, *who, *at)
    assert len(answer(capsys, "places", "history", second, *at)["changes"]) == 4  # type: ignore[arg-type]
    assert main(["places", "edit", first, "--set", "colour=red", *who, *at]) == 2
    assert "write FIELD=VALUE; fields are name, kind" in capsys.readouterr().err
    assert main(["places", "history", "nowhere", *at]) == 2


def test_import_takes_lists_of_places_and_refuses_anything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "workspace"
    square = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"WD25CD":"E05000001",'
        '"WD25NM":"A","LAD25CD":"E06000099","LAD25NM":"Toytown"},"geometry":{"type":"Polygon","coordinates":'
        "[[[-1.2,53.9],[-1.0,53.9],[-1.0,54.0],[-1.2,54.0],[-1.2,53.9]]]}}]}"
    )
    (tmp_path / "wards.geojson").write_text(square)
    (tmp_path / "venues.csv").write_text(REGISTER)
    given = [str(tmp_path / "wards.geojson"), "--workspace", str(folder)]
    assert main(["places", "import", *given]) == 2
    assert "not a list of places: Boundaries" in capsys.readouterr().err
    assert main(["import", *given]) == 0
    report = answer(capsys, "places", "import", str(tmp_path / "venues.csv"), "--workspace", str(folder))
    (file,) = report["files"]  # type: ignore[misc]
    assert (file["rows_kept"], file["message"]) == (1, "")
    places = answer(capsys, "places", "list", "--workspace", str(folder))["places"]
    assert [(row["name"], row["status"]) for row in places] == [("Hall", "stays")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["needs", "--theme", "joy"], "no theme 'joy'"),
        (["needs", "--theme", "money", "--need", "crime_all"], "does not measure the need"),
        (["list", "--kind", "venue"], "no place of the kind 'venue'"),
        (["needs", "--theme", "money", "--geography", "moon"], "no kind of area called 'moon'"),
    ],
)
def test_faults_are_one_line(
    sample: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    capsys.readouterr()
    assert main(["places", *arguments, "--workspace", str(sample)]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
