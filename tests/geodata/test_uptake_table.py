"""Visitors are only ever added; a correction names what it takes the place of, once."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from geodata.database import DATABASE_NAME, SCHEMA_VERSION
from geodata.errors import InputError
from geodata.store import Store
from geodata.uptake_table import UPTAKE_FIELDS, list_uptake, put_uptake

YORK = "E06000014"


def put(store: Store, n_visitors: int = 4, **changes: object) -> str:
    given = {
        "authority_code": YORK,
        "stop_id": "venue:ash",
        "stop_name": " Ash\nHall ",
        "service_id": "benefits",
        "visited_on": date(2026, 3, 2),
        "author": "Ann",
        **changes,
    }
    return put_uptake(store, n_visitors=n_visitors, **given)  # type: ignore[arg-type]


def test_a_visit_comes_back_as_it_was_recorded(tmp_path: Path) -> None:
    store = Store(tmp_path)
    row_id = put(store)
    put(store, authority_code="E06000000")
    (found,) = list_uptake(store, YORK)
    assert tuple(found) == UPTAKE_FIELDS
    assert (found["id"], found["stop_name"], found["n_visitors"]) == (row_id, "Ash Hall", 4)
    assert (found["visited_on"], found["corrects"]) == ("2026-03-02", "")


@pytest.mark.parametrize("n_visitors", [-1, 2_001])
def test_a_count_that_cannot_be_is_refused(tmp_path: Path, n_visitors: int) -> None:
    store = Store(tmp_path)
    with pytest.raises(InputError, match="0 to 2,000"):
        put(store, n_visitors)
    assert list_uptake(store, YORK) == []
    put(store, 0)
    put(store, 2_000)
    assert len(list_uptake(store, YORK)) == 2


def test_a_day_that_has_not_come_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    put(store, visited_on=date.today())
    with pytest.raises(InputError, match="not come yet"):
        put(store, visited_on=date.today() + timedelta(days=1))


def test_a_slip_is_corrected_once_and_stays_in_the_table(tmp_path: Path) -> None:
    store = Store(tmp_path)
    slip = put(store)
    put(store, 5, corrects=slip)
    with pytest.raises(InputError, match="corrected this visit already"):
        put(store, 6, corrects=slip)
    with pytest.raises(InputError, match="not recorded"):
        put(store, 6, corrects="nowhere")
    assert [row["n_visitors"] for row in list_uptake(store, YORK)] == [4, 5]


def test_a_workspace_of_the_schema_before_gains_the_table(tmp_path: Path) -> None:
    Store(tmp_path)
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("DROP TABLE outreach_uptake")
        connection.execute("PRAGMA user_version = 5")
    connection.close()
    store = Store(tmp_path)
    put(store)
    assert len(list_uptake(store, YORK)) == 1
    assert SCHEMA_VERSION >= 6
