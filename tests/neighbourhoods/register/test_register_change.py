"""Changes laid over places: what counts, in which order, and that undoing leaves no trace but the record."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourhoods.register.change import (
    ALL_COLUMNS,
    PlaceChange,
    applied,
    completed,
    gone_ids,
    standing,
    to_redo,
    to_undo,
    told_apart,
    without_place,
)
from tests.neighbourhoods.toy_register import places

A, B = "library:a", "library:b"


@pytest.fixture
def two() -> gpd.GeoDataFrame:
    return places("library", {"a": ("Ash", 10, 20), "b": ("Birch", 30, 40)})


def rename(change_id: str, before: str, after: str, place_id: str = A) -> PlaceChange:
    return PlaceChange(change_id, "set", place_id, fields={"name": (before, after)})


def undo(change_id: str, undoes: str, place_id: str = A) -> PlaceChange:
    return PlaceChange(change_id, "undo", place_id, undoes=undoes)


def test_without_changes_places_gain_every_column_and_lose_nothing(two: gpd.GeoDataFrame) -> None:
    found = applied(two, ())
    assert list(found) == [*ALL_COLUMNS, "geometry"]
    assert found["name"].tolist() == ["Ash", "Birch"]
    assert (found["owner"] == "").all()
    assert found["capacity"].isna().all()
    assert two.shape[1] == 7  # the argument is as it was


def test_a_value_is_set_moved_and_the_other_place_stays(two: gpd.GeoDataFrame) -> None:
    act = PlaceChange(
        "1", "set", A, fields={"name": ("Ash", "Oak"), "capacity": (None, 30.0), "x": (10.0, 99.0)}
    )
    found = applied(two, [act])
    assert found["name"].to_dict() == {A: "Oak", B: "Birch"}
    assert found["capacity"].tolist() == [30.0, pytest.approx(np.nan, nan_ok=True)]
    assert (found.geometry.x[A], found.geometry.y[A], found.geometry.x[B]) == (99, 20, 30)
    assert list(found.index) == [A, B]
    assert str(found.crs) == "EPSG:27700"


def test_the_later_of_two_changes_counts_and_undoing_it_brings_back_the_earlier(
    two: gpd.GeoDataFrame,
) -> None:
    changes = [rename("1", "Ash", "Oak"), rename("2", "Oak", "Elm")]
    assert applied(two, changes).loc[A, "name"] == "Elm"
    changes.append(undo("3", "2"))
    assert applied(two, changes).loc[A, "name"] == "Oak"
    changes.append(undo("4", "3"))  # to redo is to undo the undoing
    assert applied(two, changes).loc[A, "name"] == "Elm"


def test_what_is_undone_and_redone_next_follows_the_order_of_acts() -> None:
    changes = [rename("1", "Ash", "Oak"), rename("2", "Oak", "Elm")]
    first = to_undo(changes, A)
    assert first is not None
    assert first.id == "2"
    assert to_redo(changes, A) is None
    changes += [undo("3", "2"), undo("4", "1")]
    assert to_undo(changes, A) is None
    again = to_redo(changes, A)
    assert again is not None
    assert again.id == "4"
    changes.append(undo("5", "4"))
    again = to_redo(changes, A)
    assert again is not None
    assert again.id == "3"
    changes.append(rename("6", "Oak", "Yew"))  # something new: what was undone before stays undone
    assert to_redo(changes, A) is None


def test_added_removed_and_merged_places(two: gpd.GeoDataFrame) -> None:
    add = PlaceChange(
        "1",
        "add",
        "venue:n",
        fields={"name": (None, "New"), "kind": (None, "venue"), "x": (None, 5.0), "y": (None, 6.0)},
    )
    found = applied(two, [add])
    assert list(found.index) == [A, B, "venue:n"]
    assert (found.loc["venue:n", "name"], found.loc["venue:n", "owner"]) == ("New", "")
    assert found.geometry["venue:n"].coords[0] == (5, 6)
    remove = PlaceChange("2", "remove", A)
    assert list(applied(two, [add, remove]).index) == [B, "venue:n"]
    merge = PlaceChange("3", "merge", B, A, fields={"name": ("Birch", "Ash and Birch")})
    merged = applied(two, [merge])
    assert merged["name"].to_dict() == {B: "Ash and Birch"}
    assert gone_ids([merge, add], merged.index) == {A: merge}
    assert applied(two, [merge, undo("4", "3", B)])["name"].to_dict() == {A: "Ash", B: "Birch"}


def test_a_change_waits_for_its_place_and_a_merge_never_loses_one(two: gpd.GeoDataFrame) -> None:
    """The next import may lack a place: then nothing else disappears with it."""
    changes = [rename("1", "Gone", "Still gone", "library:z"), PlaceChange("2", "merge", "library:z", A)]
    assert list(applied(two, changes).index) == [A, B]
    assert [one.id for one in without_place(two, changes)] == ["1", "2"]


def test_pairs_told_apart_are_known_until_it_is_taken_back() -> None:
    apart = PlaceChange("1", "distinct", A, B)
    assert told_apart([apart]) == {frozenset((A, B))}
    assert told_apart([apart, undo("2", "1")]) == frozenset()


@given(st.lists(st.sampled_from(["set", "undo", "redo"]), max_size=25))
def test_any_chain_of_undoing_equals_a_plain_list_with_a_cursor(acts: list[str]) -> None:
    """Undo and redo as every editor knows them: a stack, and what a new change cuts off."""
    two = places("library", {"a": ("0", 0, 0)})
    changes: list[PlaceChange] = []
    stack, cursor = ["0"], 0
    for number, act in enumerate(acts, start=1):
        if act == "set":
            changes.append(rename(str(number), stack[cursor], str(number)))
            stack, cursor = [*stack[: cursor + 1], str(number)], cursor + 1
        elif act == "undo":
            target = to_undo(changes, A)
            assert (target is None) == (cursor == 0)
            if target is not None:
                changes.append(undo(str(number), target.id))
                cursor -= 1
        else:
            target = to_redo(changes, A)
            assert (target is None) == (cursor == len(stack) - 1)
            if target is not None:
                changes.append(undo(str(number), target.id))
                cursor += 1
        assert applied(two, changes).loc[A, "name"] == stack[cursor]
        assert len(standing(changes)) == cursor


def test_completed_reads_numbers_that_came_as_text() -> None:
    frame = completed(places("venue", {"a": ("A", 0, 0)}, capacity="12", owner=None))
    assert frame["capacity"].tolist() == [12.0]
    assert frame["owner"].tolist() == [""]
