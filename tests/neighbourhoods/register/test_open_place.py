"""Access and hubs of places that are open on a weekday evening or at the weekend; places cited by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geodata.errors import InputError
from geodata.workspace import open_workspace
from neighbourhoods.hub.params import HubParams
from neighbourhoods.hub.siting import suggest_hubs
from neighbourhoods.register.change import with_hours
from neighbourhoods.register.edit import add_place, edit_place, undo_change
from neighbourhoods.register.open_place import open_places, open_words
from neighbourhoods.register.register import hand_line
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import AccessParams, access
from neighbourhoods.travel.access_report import access_json, source_lines
from tests.neighbourhoods.travel.test_travel_matrix import _nothing_held, dry

__all__ = ["_nothing_held", "dry"]
CENTRAL = "library:1"


@pytest.fixture
def york_sample(tmp_path: Path) -> Study:
    return Study(open_workspace(tmp_path / "workspace"))


def with_hall(study: Study) -> tuple[Study, str]:
    """A second library that closes at 7pm, added by hand; of the first nobody knows the hours."""
    hall = add_place(
        study,
        {"name": "Hall", "kind": "library", "x": 2_500, "y": 1_500, "opening_hours": "Mon-Fri 9-7"},
        author="Ann",
    )
    return study.renewed(), hall


def test_only_places_known_to_be_open_then_count(dry: Study) -> None:
    study, hall = with_hall(dry)
    evening = AccessParams(("library",), "ward", open_at="weekday_evening")
    assert list(access(study, AccessParams(("library",), "ward")).places.index) == [CENTRAL, hall]
    found = access(study, evening)
    assert list(found.places.index) == [hall]
    assert access_json(study, found)["params"]["open_at"] == "weekday_evening"
    assert open_words(study.places(), "weekday_evening") == (
        "Only places open on a weekday after 6pm count: 1 of 2; of 1 the hours are not known, "
        "and they do not count."
    )


def test_where_none_is_open_it_is_said_and_how_to_give_hours(dry: Study) -> None:
    study, _ = with_hall(dry)
    with pytest.raises(InputError, match="None of these 2 places is known to be open at the weekend"):
        access(study, AccessParams(("library",), "ward", open_at="weekend"))
    with pytest.raises(InputError, match="no time 'noon'"):
        HubParams(("library",), open_at="noon")


def test_hubs_are_sited_where_it_is_known_to_be_open(york_sample: Study) -> None:
    """Of the sample's libraries one is open late; the others are not closed, so that as now counts them."""
    place_id = str(york_sample.places().query("kind == 'library'").index[-1])
    edit_place(york_sample, place_id, {"opening_hours": "Mon-Fri 9-9"}, author="Ann")
    study = york_sample.renewed()
    plan = suggest_hubs(study, HubParams(("library",), 1, open_at="weekday_evening"))
    assert (plan.chosen, plan.n_candidates) == ((place_id,), 1)
    assert plan.as_now is not None
    assert plan.as_now["n_hubs"].iloc[0] == (study.places()["kind"] == "library").sum()
    other = str(study.places().query("kind == 'library'").index[0])
    with pytest.raises(InputError, match="must be a hub but is not known to be open then"):
        suggest_hubs(study, HubParams(("library",), 1, fixed=(other,), open_at="weekday_evening"))


def test_any_time_leaves_every_place(dry: Study) -> None:
    assert open_places(dry.places(), "") is dry.places()
    assert open_words(dry.places(), "") == ""


def test_access_cites_who_added_and_who_changed_a_place_and_no_more_once_taken_back(dry: Study) -> None:
    study, hall = with_hall(dry)
    edit_place(study, CENTRAL, {"opening_hours": "24/7"}, author="Bo")
    study = study.renewed()
    day = study.place_changes()[0].created[:10]
    expected = (
        f"Added by hand in the register: Hall (Ann, {day}). "
        f"Changed by hand in the register: Central (Bo, {day})."
    )
    assert hand_line(study, [CENTRAL, hall]) == [expected]
    assert hand_line(study, [hall]) == [expected.split(" Changed")[0]]
    assert expected in source_lines(study, access(study, AccessParams(("library",), "ward")))
    undo_change(study, CENTRAL, author="Bo")
    undo_change(study, hall, author="Ann")
    assert hand_line(study.renewed(), [CENTRAL, hall]) == []


def test_hours_of_another_list_fill_what_is_not_known_by_id_else_by_name(toy_town: gpd.GeoDataFrame) -> None:
    places = gpd.GeoDataFrame(
        {
            "name": ["A", "B", "C", "D", "D"],
            "kind": "library",
            "opening_hours": ["Mon 9-5", "", None, "", ""],
        },
        geometry=toy_town.geometry.iloc[:5].centroid.to_numpy(),
        index=["1", "2", "3", "4", "5"],
    )
    hours = pd.DataFrame(
        {
            "name": ["A", "x", "C", "D"],
            "kind": "library",
            "opening_hours": ["Tue 9-5", "Wed 9-5", "Thu 9-5", "Fri 9-5"],
        },
        index=["1", "2", "other", "another"],
    )
    found = with_hours(places, hours)["opening_hours"].tolist()
    assert found == ["Mon 9-5", "Wed 9-5", "Thu 9-5", "", ""]  # of two by one name neither is guessed at
    assert with_hours(places, None) is places
