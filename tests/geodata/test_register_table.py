"""Changes of places are only added; they count as writes, and say which write they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.errors import InputError
from geodata.register_table import CHANGE_FIELDS, list_place_changes, n_place_changes, put_place_change
from geodata.store import Store

ROW: dict[str, object] = {
    "act": "set",
    "place_id": "library:a",
    "other_id": "",
    "fields": {"name": ["Old", "<b>New</b>"], "capacity": [None, 30.0]},
    "undoes": "",
    "author": "Ann",
    "reason": "Renamed",
    "authority_code": "E06000014",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_change_comes_back_as_it_was_with_the_version_it_made(store: Store) -> None:
    change_id = put_place_change(store, ROW, seen=store.version)
    (found,) = list_place_changes(store, "E06000014")
    assert tuple(found) == CHANGE_FIELDS
    assert {key: found[key] for key in ROW} == ROW
    assert (found["id"], found["version"]) == (change_id, store.version)
    assert str(found["created"]).endswith("+00:00")


def test_changes_of_another_authority_are_not_shown(store: Store) -> None:
    put_place_change(store, ROW, seen=0)
    assert list_place_changes(store, "E06000099") == []


def test_only_changes_of_places_are_counted_among_the_writes(store: Store) -> None:
    store.put_settings(target_population="1")
    before = store.version
    put_place_change(store, ROW, seen=before)
    put_place_change(store, {**ROW, "place_id": "library:b"}, seen=before)
    assert n_place_changes(store, before, store.version) == store.version - before == 2
    store.put_settings(target_population="2")
    assert (n_place_changes(store, before, store.version), store.version - before) == (2, 3)


@pytest.mark.parametrize("second", [ROW, {**ROW, "act": "merge", "place_id": "x", "other_id": "library:a"}])
def test_a_place_that_somebody_else_has_changed_is_not_overwritten(
    store: Store, second: dict[str, object]
) -> None:
    seen = store.version
    put_place_change(store, ROW, seen=seen)
    with pytest.raises(InputError, match="Ann changed this place"):
        put_place_change(store, second, seen=seen)
    assert len(list_place_changes(store, "E06000014")) == 1
    put_place_change(store, second, seen=store.version)


def test_an_unknown_act_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="none of"):
        put_place_change(store, {**ROW, "act": "drop"}, seen=0)
