"""Scenarios are rows that are only ever added: a new name and a removal are rows too."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from geodata.database import DATABASE_NAME, SCHEMA_VERSION
from geodata.errors import InputError
from geodata.scenario_table import (
    SCENARIO_FIELDS,
    list_scenario_rows,
    put_scenario,
    remove_scenario,
    rename_scenario,
)
from geodata.store import Store

YORK = "E06000014"


def put(store: Store, name: str = " Six\nhubs ", authority_code: str = YORK) -> str:
    return put_scenario(
        store,
        authority_code=authority_code,
        name=name,
        author="Ann",
        rationale=" Near ",
        content={"hub_ids": ["library:1"]},
    )


def test_a_scenario_comes_back_as_it_was_saved_with_who_and_when(tmp_path: Path) -> None:
    store = Store(tmp_path)
    scenario_id = put(store)
    put(store, authority_code="E06000000")
    (row,) = list_scenario_rows(store, YORK)
    assert tuple(row) == SCENARIO_FIELDS
    assert (row["id"], row["act"], row["name"]) == (scenario_id, "saved", "Six hubs")
    assert (row["author"], row["rationale"], row["content"]) == ("Ann", "Near", {"hub_ids": ["library:1"]})
    assert str(row["created"]).startswith("20")


def test_a_new_name_and_a_removal_leave_what_was_saved_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    scenario_id = put(store)
    (first,) = list_scenario_rows(store, YORK)
    rename_scenario(store, scenario_id, authority_code=YORK, name="Five", author="Bea")
    remove_scenario(store, scenario_id, authority_code=YORK, author="Cy")
    rows = list_scenario_rows(store, YORK)
    assert rows[0] == first
    assert [(row["act"], row["author"]) for row in rows[1:]] == [("renamed", "Bea"), ("removed", "Cy")]


def test_what_is_not_there_cannot_be_renamed_or_removed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    scenario_id = put(store)
    with pytest.raises(InputError, match="no longer there"):
        rename_scenario(store, scenario_id, authority_code="E06000000", name="Five", author="")
    remove_scenario(store, scenario_id, authority_code=YORK, author="")
    with pytest.raises(InputError, match="no longer there"):
        remove_scenario(store, scenario_id, authority_code=YORK, author="")
    assert len(list_scenario_rows(store, YORK)) == 2


@pytest.mark.parametrize("name", ["", " \n "])
def test_a_scenario_needs_a_name(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    with pytest.raises(InputError, match="a name"):
        put(store, name)
    scenario_id = put(store)
    with pytest.raises(InputError, match="a name"):
        rename_scenario(store, scenario_id, authority_code=YORK, name=name, author="")
    assert len(list_scenario_rows(store, YORK)) == 1


def test_a_workspace_without_the_table_gets_it_when_it_is_opened(tmp_path: Path) -> None:
    Store(tmp_path)
    connection = sqlite3.connect(tmp_path / DATABASE_NAME)
    connection.execute("DROP TABLE scenario")
    connection.execute("PRAGMA user_version = 6")
    connection.commit()
    connection.close()
    store = Store(tmp_path)
    put(store)
    assert len(list_scenario_rows(store, YORK)) == 1
    connection = sqlite3.connect(tmp_path / DATABASE_NAME)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()
