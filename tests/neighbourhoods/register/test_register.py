"""The register of a toy town: edits are checked, outlive a new import, and are seen on every page at once."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from geodata.errors import InputError
from neighbourhoods.register.edit import (
    add_place,
    edit_place,
    merge_places,
    redo_change,
    remove_place,
    tell_apart,
    undo_change,
)
from neighbourhoods.register.field import FIELDS, changed_values, checked_value
from neighbourhoods.register.register import (
    BUS_COLUMN,
    gone_places,
    history,
    name_of,
    newer_in_list,
    place_values,
    register_frame,
)
from neighbourhoods.run.run import RUN_KINDS
from neighbourhoods.study.study import Study
from tests.neighbourhoods.toy_register import places, toy_register, write_places

N, S, C = "library:n", "library:s", "school:c"


@pytest.fixture
def study(tmp_path: Path, toy_town: gpd.GeoDataFrame) -> Study:
    return toy_register(tmp_path / "workspace", toy_town)


def test_a_bus_within_400_m_is_worked_out_from_the_stops(study: Study) -> None:
    """South is 400 m from the stop exactly, North 1,077 m, the school 1,600 m."""
    frame = register_frame(study)
    assert frame[BUS_COLUMN].to_dict() == {N: "no", S: "yes", C: "no"}
    assert frame["bus_stop_m"].to_dict() == {N: 1_077, S: 400, C: 1_600}
    assert len(register_frame(study, stops=True)) == 4


def test_without_stops_nobody_knows_whether_a_bus_is_near(study: Study) -> None:
    study.store.remove("places:bus_stop:list")
    assert set(register_frame(Study(study.store))[BUS_COLUMN]) == {""}


def test_an_edit_is_kept_with_who_and_why_and_the_list_is_not_touched(study: Study) -> None:
    edit_place(study, N, {"status": "may close", "running_cost_gbp": "£12,000"}, author="Ann", reason="Why")
    now = study.renewed()
    assert now.places().loc[N, "status"] == "may close"
    assert now.places().loc[N, "running_cost_gbp"] == 12_000
    assert study.store.read("places:library:list").loc[N, "status"] == "open"
    (change,) = history(now, N)
    assert dict(change.fields) == {"status": ["open", "may close"], "running_cost_gbp": [None, 12_000.0]}
    assert (change.author, change.reason) == ("Ann", "Why")


def test_a_new_import_of_the_same_list_keeps_the_edits(study: Study) -> None:
    edit_place(study, N, {"name": "North Hub"}, author="Ann")
    add_place(study, {"name": "Hall", "postcode": "tt11aa"}, author="Ann")
    write_places(
        study.store, places("library", {"n": ("North (new list)", 510, 1_500), "w": ("West", 100, 100)})
    )
    found = Study(study.store).places()
    assert found.loc[N, "name"] == "North Hub"
    assert found.geometry[N].x == 510
    assert {"West", "Hall"} <= set(found["name"])
    assert "South" not in set(found["name"])


def test_an_edit_raises_the_version_and_keeps_all_figures(study: Study) -> None:
    study.topology("ward")
    study.profile("ward")
    edit_place(study, N, {"name": "North Hub"}, author="Ann")
    now = study.renewed()
    assert now.version == study.version + 1
    assert not now.figures_changed_since(study.version)
    assert now.profile("ward") is study.profile("ward")
    assert now.topology("ward") is study.topology("ward")
    assert now.places().loc[N, "name"] == "North Hub"
    now.store.put_settings(target_population="9")
    assert now.renewed().figures_changed_since(study.version)
    assert not now.renewed().holds("profile", "ward")


def test_figures_are_the_same_since_the_first_of_the_changes_of_places(study: Study) -> None:
    first = study.version
    for name in ("Hub", "Hub 2"):
        study = study.renewed()
        edit_place(study, N, {"name": name}, author="Ann")
    now = study.renewed()
    assert (now.version, now.same_figures_since) == (first + 2, first)
    now.store.put_settings(target_population="9")
    later = now.renewed()
    assert later.same_figures_since == later.version == first + 3


def test_a_place_is_added_by_postcode_or_by_coordinates(study: Study) -> None:
    one = add_place(study, {"name": "Hall", "postcode": "tt1 1aa", "owner": "Council"}, author="Ann")
    other = add_place(study, {"name": "Hut", "x": "2500", "y": "1500", "kind": "clinic"}, author="Ann")
    found = study.renewed().places()
    assert found.geometry[one].coords[0] == (1_500, 500)
    assert found.loc[one, ["kind", "status", "owner", "postcode"]].tolist() == [
        "venue",
        "open",
        "Council",
        "TT1 1AA",
    ]
    assert (found.loc[other, "kind"], found.geometry[other].x) == ("clinic", 2_500)
    assert "clinic" in study.renewed().place_kinds


def test_a_new_postcode_moves_a_place_unless_coordinates_come_with_it(study: Study) -> None:
    edit_place(study, N, {"postcode": "TT1 1AB"}, author="Ann")
    assert study.renewed().places().geometry[N].coords[0] == (2_500, 1_500)
    edit_place(study, S, {"postcode": "TT1 1AB", "x": 510.0}, author="Ann")
    assert study.renewed().places().geometry[S].coords[0] == (510, 500)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": ""}, "Name: a place needs one"),
        ({"running_cost_gbp": "lots"}, "Running cost a year, pounds: 'lots'"),
        ({"capacity": "-5"}, "Capacity, people: '-5'"),
        ({"capacity": "1e999"}, "Capacity"),
        ({"postcode": "nowhere"}, "Postcode: 'nowhere'"),
        ({"postcode": "TT9 9ZZ"}, "not among the 2"),
        ({"checked_on": "31/02/2026"}, "Checked on: '31/02/2026'"),
        ({"checked_on": "2999-01-01"}, "has not come yet"),
        ({"status": "who knows"}, "Status: 'who knows'"),
        ({"kind": "castle"}, "Kind: 'castle'"),
        ({"x": 9_000.0, "y": 500.0}, "outside Toytown"),
        ({"x": 9_000_000.0, "y": 500.0}, "Great Britain"),
        ({"services": "x" * 2_001}, "too many"),
        ({"name": "North"}, "Nothing is changed"),
    ],
)
def test_bad_input_is_named_and_nothing_changes(study: Study, given: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        edit_place(study, N, given, author="Ann")
    assert study.renewed().version == study.version
    assert study.renewed().place_changes() == ()


def test_every_act_wants_an_author_and_a_place_that_is_there(study: Study) -> None:
    with pytest.raises(InputError, match="Say who you are"):
        edit_place(study, N, {"name": "X"}, author="  ")
    with pytest.raises(InputError, match="holds no place"):
        remove_place(study, "library:none", author="Ann")
    with pytest.raises(InputError, match="no change of this place"):
        undo_change(study, N, author="Ann")
    with pytest.raises(InputError, match="Nothing of this place"):
        redo_change(study, N, author="Ann")
    with pytest.raises(InputError, match="postcode, or easting"):
        add_place(study, {"name": "Nowhere"}, author="Ann")
    assert study.renewed().version == study.version


def test_undo_and_redo_of_an_edit_and_of_a_removal(study: Study) -> None:
    edit_place(study, N, {"name": "Hub"}, author="Ann")
    undo_change(study.renewed(), N, author="Bob")
    assert study.renewed().places().loc[N, "name"] == "North"
    redo_change(study.renewed(), N, author="Bob")
    assert study.renewed().places().loc[N, "name"] == "Hub"
    remove_place(study.renewed(), N, author="Bob")
    now = study.renewed()
    assert set(gone_places(now)) == {N}
    assert name_of(now, N) == "North"
    undo_change(now, N, author="Ann")
    assert study.renewed().places().loc[N, "name"] == "Hub"
    assert [one.act for one in history(study.renewed(), N)] == ["undo", "remove", "undo", "undo", "set"]


def test_a_merge_takes_the_chosen_values_and_can_be_taken_back(study: Study) -> None:
    merge_places(study, N, S, {"name": "South", "x": 500.0, "y": 500.0}, author="Ann")
    now = study.renewed()
    assert S not in now.places().index
    assert (now.places().loc[N, "name"], now.places().geometry[N].y) == ("South", 500)
    undo_change(now, S, author="Ann")  # from either of the two
    back = study.renewed().places()
    assert (back.loc[N, "name"], back.loc[S, "name"]) == ("North", "South")
    with pytest.raises(InputError, match="with itself"):
        merge_places(study, N, N, {}, author="Ann")


def test_two_people_who_edit_one_place_do_not_overwrite_each_other(study: Study) -> None:
    edit_place(study, N, {"name": "Hub"}, author="Ann")
    with pytest.raises(InputError, match="Ann changed this place"):
        edit_place(study, N, {"name": "Den"}, author="Bob")
    edit_place(study, S, {"name": "Den"}, author="Bob")  # another place is nobody's business
    tell_apart(study.renewed(), N, S, author="Bob")


def test_values_that_stay_as_a_list_brought_them_are_not_checked_again() -> None:
    before = {"status": "as listed", "checked_on": "last spring", "capacity": float("nan")}
    assert changed_values(before, {"status": "as listed", "checked_on": "last spring", "capacity": ""}) == {}
    with pytest.raises(ValueError, match="no such field"):
        changed_values({}, {"colour": "red"})


def test_dates_are_read_as_people_write_them() -> None:
    for said in ("2026-03-31", "31/03/2026", "31 March 2026"):
        assert checked_value("checked_on", said) == "2026-03-31"


def test_every_field_has_a_label_of_its_own() -> None:
    assert len({one.label for one in FIELDS.values()}) == len(FIELDS)
    assert all(one.choices for one in FIELDS.values() if one.form == "choice")


def test_names_are_text_whatever_they_hold(study: Study) -> None:
    edit_place(study, N, {"name": "<b>'; DROP TABLE place_change;--"}, author="<i>Ann</i>")
    assert place_values(study.renewed(), N)["name"] == "<b>'; DROP TABLE place_change;--"


def test_what_the_list_says_anew_of_a_changed_field_is_told(study: Study) -> None:
    edit_place(study, N, {"name": "North Hub", "status": "may close"}, author="Ann")
    assert newer_in_list(study.renewed(), N) == {}
    write_places(study.store, places("library", {"n": ("North and East", 500, 1_500)}))
    now = study.renewed()
    assert now.places().loc[N, "name"] == "North Hub"
    assert newer_in_list(now, N) == {"name": ("North and East", "North Hub")}
    edit_place(now, N, {"name": "North and East"}, author="Ann")
    assert newer_in_list(study.renewed(), N) == {}
    assert newer_in_list(now, "venue:added") == {}


def test_hubs_and_outreach_rest_on_places_and_no_other_run_does() -> None:
    resting = {one.id for one in RUN_KINDS.values() if one.rests_on_places}
    assert {"hubs", "outreach"} <= resting
    assert not resting & {"generate", "alternatives", "ensemble"}
