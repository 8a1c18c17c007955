"""A workspace of an earlier version opens with all that it holds."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.booking_table import list_booking_rows, put_booking
from geodata.database import DATABASE_NAME, NOT_RECORDED, SCHEMA_VERSION
from geodata.link_table import list_link_rows, put_link
from geodata.option_status import status_history
from geodata.option_table import (
    get_option,
    list_custom_indicators,
    list_options,
    option_version,
    put_option,
    set_status,
)
from geodata.register_table import list_place_changes, put_place_change
from geodata.store import Store
from geodata.topology import build_topology

FIRST_SCHEMA = """
CREATE TABLE dataset (id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, geography TEXT NOT NULL,
    file_name TEXT NOT NULL, spatial BOOLEAN NOT NULL, provenance JSON NOT NULL, extra JSON NOT NULL);
CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE counter (key TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE footprint_option (row_number INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, geography TEXT NOT NULL, assignment JSON NOT NULL, footprint_names JSON NOT NULL,
    author TEXT NOT NULL, created TEXT NOT NULL, rationale TEXT NOT NULL, status TEXT NOT NULL,
    parent_id TEXT NOT NULL, seed INTEGER);
CREATE TABLE custom_indicator (id TEXT NOT NULL PRIMARY KEY, record TEXT NOT NULL);
INSERT INTO setting VALUES ('authority_code', 'E06000014');
INSERT INTO counter VALUES ('data', 5), ('options', 3);
INSERT INTO footprint_option (id, name, geography, assignment, footprint_names, author, created, rationale,
    status, parent_id, seed) VALUES
    ('one', 'Old', 'ward', '{"E05010311": "1"}', '{"1": "West"}', 'A', '2026-01-02T03:04:05+00:00', 'Why',
     'approved', '', NULL),
    ('two', 'Old', 'ward', '{"E05010311": "2"}', '{}', 'B', '2026-02-02T03:04:05+00:00', '',
     'draft', 'one', 4);
INSERT INTO custom_indicator VALUES ('warm', '{"label": "Warm"}');
PRAGMA user_version = 1;
"""


@pytest.fixture
def old_workspace(tmp_path: Path) -> Path:
    """A workspace as the first version of the schema left it."""
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.executescript(FIRST_SCHEMA)
    connection.close()
    return tmp_path


def test_a_workspace_of_the_first_schema_opens_without_loss(old_workspace: Path) -> None:
    store = Store(old_workspace)
    assert (store.version, option_version(store)) == (5, 3)
    assert store.settings() == {"authority_code": "E06000014"}
    assert list_custom_indicators(store) == ['{"label": "Warm"}']
    first, second = get_option(store, "one"), get_option(store, "two")
    assert first == {
        "id": "one",
        "name": "Old",
        "geography": "ward",
        "assignment": {"E05010311": "1"},
        "footprint_names": {"1": "West"},
        "author": "A",
        "created": "2026-01-02T03:04:05+00:00",
        "rationale": "Why",
        "status": "approved",
        "parent_id": "",
        "seed": None,
        "made_by": "",
    }
    assert (second["parent_id"], second["seed"], second["made_by"]) == ("one", 4, "generated")
    assert status_history(store, "one") == [
        {"option_id": "one", "status": "approved", "created": "", "author": "", "reason": NOT_RECORDED}
    ]
    set_status(store, "one", "superseded", author="B", reason="New wards")
    put_option(store, {**second, "parent_id": "two"})
    assert len(list_options(store)) == 3


def test_a_workspace_is_brought_up_to_date_once(old_workspace: Path) -> None:
    Store(old_workspace)
    again = Store(old_workspace)
    assert len(status_history(again, "one")) == 1
    with sqlite3.connect(old_workspace / DATABASE_NAME) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def open_workspace_at(root: str) -> None:
    Store(Path(root))


def test_processes_that_open_an_old_workspace_at_once_agree(old_workspace: Path) -> None:
    context = multiprocessing.get_context("spawn")
    openers = [context.Process(target=open_workspace_at, args=(str(old_workspace),)) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(timeout=120)
    assert [opener.exitcode for opener in openers] == [0] * 4
    assert len(status_history(Store(old_workspace), "one")) == 1


def test_an_old_workspace_can_keep_changes_of_places(old_workspace: Path) -> None:
    store = Store(old_workspace)
    row: dict[str, object] = {
        "act": "remove",
        "place_id": "library:a",
        "other_id": "",
        "fields": {},
        "undoes": "",
        "author": "Ann",
        "reason": "",
        "authority_code": "E06000014",
    }
    put_place_change(store, row, seen=store.version)
    assert [one["act"] for one in list_place_changes(Store(old_workspace), "E06000014")] == ["remove"]


def test_an_old_workspace_can_keep_bookings_of_the_bus(old_workspace: Path) -> None:
    put_booking(
        Store(old_workspace),
        authority_code="E06000014",
        plan_id="planone",
        week=0,
        day=0,
        vehicle=0,
        start_minute=800,
        end_minute=900,
        group_name="Ash Scouts",
    )
    (row,) = list_booking_rows(Store(old_workspace), "E06000014", "planone")
    assert row["group_name"] == "Ash Scouts"


def test_an_old_workspace_can_keep_what_people_say_of_links(old_workspace: Path) -> None:
    boxes = [shapely.box(0, 0, 1_000, 1_000), shapely.box(1_500, 0, 2_500, 1_000)]
    areas = gpd.GeoDataFrame({"area_name": ["Ash", "Birch"]}, geometry=boxes, index=["A", "B"], crs=27700)
    store = Store(old_workspace)
    put_link(store, build_topology(areas), "ward", ("B", "A"), "none", reason="No ferry", author="Ann")
    (row,) = list_link_rows(Store(old_workspace), "ward")
    assert (row["focal"], row["neighbour"], row["says"], row["version"]) == ("A", "B", "none", 6)
