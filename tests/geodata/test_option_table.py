"""Options are only ever added; their status alone changes, and each change is kept."""

from __future__ import annotations

import multiprocessing
from dataclasses import fields
from pathlib import Path

import pytest

from geodata.errors import InputError
from geodata.option_pin import pin_option, pinned_option_id, unpin_option
from geodata.option_status import status_history
from geodata.option_table import (
    OPTION_FIELDS,
    OPTION_STATUSES,
    get_option,
    line_by_id,
    list_custom_indicators,
    list_options,
    option_version,
    put_custom_indicator,
    put_option,
    remove_custom_indicator,
    set_status,
)
from geodata.store import Store
from neighbourhoods.option.option import STATUSES, FootprintOption

ROW: dict[str, object] = {
    "name": "Four quarters",
    "geography": "ward",
    "assignment": {"E05010311": "1", "E05010312": "2"},
    "footprint_names": {"1": "<b>West</b>", "2": "=South"},
    "author": "A. Planner",
    "rationale": "Follows the ring road",
    "seed": 7,
    "made_by": "imported",
}
WHO_AND_WHY = {"author": "Cabinet", "reason": "Agreed on 3 June"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_fields_and_statuses_are_those_of_the_option() -> None:
    assert tuple(field.name for field in fields(FootprintOption)) == OPTION_FIELDS
    assert OPTION_STATUSES == STATUSES


def test_saved_option_comes_back_as_it_was(store: Store) -> None:
    option_id = put_option(store, ROW)
    row = get_option(store, option_id)
    assert {key: row[key] for key in ROW} == ROW
    option = FootprintOption(**row)  # type: ignore[arg-type]
    assert (option.id, option.status, option.parent_id) == (option_id, "draft", "")
    assert option.created.endswith("+00:00")


def test_saving_under_the_same_name_makes_a_version_and_overwrites_nothing(store: Store) -> None:
    first = put_option(store, ROW)
    moved = {**ROW, "assignment": {"E05010311": "2", "E05010312": "2"}, "parent_id": first}
    second = put_option(store, moved)
    assert first != second
    assert get_option(store, first)["assignment"] == ROW["assignment"]
    assert [row["id"] for row in list_options(store)] == [second, first]
    assert [row["id"] for row in list_options(store, latest_only=True)] == [second]


def test_child_of_another_name_does_not_hide_its_parent(store: Store) -> None:
    first = put_option(store, ROW)
    other = put_option(store, {**ROW, "name": "Five", "parent_id": first})
    assert [row["id"] for row in list_options(store, latest_only=True)] == [other, first]


def test_of_two_versions_made_from_the_same_one_the_later_is_the_newest(store: Store) -> None:
    first = put_option(store, ROW)
    hers, his = (put_option(store, {**ROW, "author": who, "parent_id": first}) for who in ("She", "He"))
    assert [row["id"] for row in list_options(store, latest_only=True)] == [his]
    assert [row["id"] for row in list_options(store)] == [his, hers, first]


def test_versions_share_a_name_and_a_beginning() -> None:
    options = [
        ("1", "A", ""),
        ("2", "A", "1"),
        ("3", "B", "2"),
        ("4", "A", "3"),
        ("5", "A", ""),
        ("6", "A", "1"),
    ]
    assert line_by_id(options) == {"1": "1", "2": "1", "3": "3", "4": "4", "5": "5", "6": "1"}


def save_versions(root: str, parent_id: str, author: str) -> None:
    store = Store(Path(root))
    for _ in range(10):
        put_option(store, {**ROW, "author": author, "parent_id": parent_id})


def test_two_people_who_save_at_once_both_keep_their_work(store: Store) -> None:
    first = put_option(store, ROW)
    context = multiprocessing.get_context("spawn")
    people = [
        context.Process(target=save_versions, args=(str(store.root), first, author)) for author in ("A", "B")
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=120)
    authors = [row["author"] for row in list_options(store)]
    assert (authors.count("A"), authors.count("B"), len(authors)) == (10, 10, 21)


def test_status_changes_and_nothing_else(store: Store) -> None:
    option_id = put_option(store, ROW)
    before = get_option(store, option_id)
    set_status(store, option_id, "approved", **WHO_AND_WHY)
    assert get_option(store, option_id) == {**before, "status": "approved"}


def test_saving_an_option_leaves_the_data_version(store: Store) -> None:
    before = (store.version, option_version(store))
    option_id = put_option(store, ROW)
    set_status(store, option_id, "consulted", **WHO_AND_WHY)
    pin_option(store, option_id)
    unpin_option(store)
    assert (store.version, option_version(store)) == (before[0], before[1] + 4)


def test_every_status_is_kept_with_who_and_why(store: Store) -> None:
    option_id, other = put_option(store, {**ROW, "status": "consulted"}), put_option(store, ROW)
    set_status(store, option_id, "approved", author=" Cabinet ", reason="Agreed on 3 June")
    set_status(store, option_id, "superseded", author="B. Planner", reason="New wards")
    history = status_history(store, option_id)
    assert [(row["status"], row["author"], row["reason"]) for row in history] == [
        ("consulted", "A. Planner", "As saved."),
        ("approved", "Cabinet", "Agreed on 3 June"),
        ("superseded", "B. Planner", "New wards"),
    ]
    assert all(row["created"].endswith("+00:00") for row in history)
    assert [row["status"] for row in status_history(store, other)] == ["draft"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "final"}, "'final' is no status"),
        ({"status": "draft"}, "is draft already"),
        ({"author": "  "}, "who changes the status, and why"),
        ({"reason": ""}, "who changes the status, and why"),
    ],
)
def test_faulty_status_is_refused_and_not_recorded(store: Store, change: dict[str, str], words: str) -> None:
    option_id = put_option(store, ROW)
    with pytest.raises(InputError, match=words):
        set_status(store, option_id, **{"status": "approved", **WHO_AND_WHY, **change})
    assert get_option(store, option_id)["status"] == "draft"
    assert len(status_history(store, option_id)) == 1


def test_what_is_pinned_is_a_version_and_one_at_a_time(store: Store) -> None:
    assert pinned_option_id(store) == ""
    first = put_option(store, ROW)
    second = put_option(store, {**ROW, "parent_id": first})
    pin_option(store, first)
    pin_option(store, second)
    assert pinned_option_id(Store(store.root)) == second
    with pytest.raises(InputError, match="no option with the id"):
        pin_option(store, "x")
    assert pinned_option_id(store) == second
    unpin_option(store)
    assert pinned_option_id(store) == ""


def test_a_seed_says_that_an_option_was_generated(store: Store) -> None:
    unsaid = {key: value for key, value in ROW.items() if key != "made_by"}
    assert get_option(store, put_option(store, unsaid))["made_by"] == "generated"
    assert get_option(store, put_option(store, {**unsaid, "seed": None}))["made_by"] == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "  "}, "no name"),
        ({"status": "final"}, "'final' is no status"),
        ({"parent_id": "0" * 32}, "no option with the id"),
    ],
)
def test_faulty_option_is_refused_and_not_stored(store: Store, change: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        put_option(store, {**ROW, **change})
    assert list_options(store) == []


def test_field_that_options_do_not_have_is_a_fault_of_the_program(store: Store) -> None:
    with pytest.raises(ValueError, match="colour"):
        put_option(store, {**ROW, "colour": "red"})


def test_unknown_option_is_said(store: Store) -> None:
    for ask in (
        lambda: get_option(store, "x"),
        lambda: set_status(store, "x", "draft", **WHO_AND_WHY),
        lambda: status_history(store, "x"),
    ):
        with pytest.raises(InputError, match="no option with the id 'x'"):
            ask()


def test_own_indicators_are_kept_replaced_and_removed(store: Store) -> None:
    before = store.version
    put_custom_indicator(store, "warm_spaces", '{"label": "Warm spaces"}')
    put_custom_indicator(store, "allotments", '{"label": "Allotments"}')
    put_custom_indicator(store, "warm_spaces", '{"label": "Warm rooms"}')
    assert list_custom_indicators(store) == ['{"label": "Allotments"}', '{"label": "Warm rooms"}']
    remove_custom_indicator(store, "allotments")
    assert list_custom_indicators(store) == ['{"label": "Warm rooms"}']
    assert store.version == before + 4
    with pytest.raises(InputError, match="'allotments'"):
        remove_custom_indicator(store, "allotments")
