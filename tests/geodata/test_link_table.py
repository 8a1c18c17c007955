"""What people say of pairs is only ever added; the last word counts, and what cannot be is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.database import DATABASE_NAME, SCHEMA_VERSION
from geodata.errors import InputError
from geodata.link_table import LINK_FIELDS, list_link_rows, n_link_changes, put_link
from geodata.register_table import same_figures_since
from geodata.store import Store
from geodata.topology import Topology, build_topology


@pytest.fixture(scope="module")
def topology() -> Topology:
    """Three squares in a row, and one above the third with a gap."""
    boxes = [shapely.box(1_000 * x, 0, 1_000 * x + 1_000, 1_000) for x in range(3)]
    boxes.append(shapely.box(2_000, 1_500, 3_000, 2_500))
    codes = pd.Index(list("ABCD"), name="area_code")
    names = ["Ash", "Birch", "Cedar", "Dale"]
    return build_topology(gpd.GeoDataFrame({"area_name": names}, geometry=boxes, index=codes, crs=27700))


def put(
    store: Store,
    topology: Topology,
    pair: tuple[str, str] = ("D", "A"),
    says: str = "river",
    reason: str = " Old\nbridge ",
    author: str = "Ann",
) -> None:
    put_link(store, topology, "ward", pair, says, reason=reason, author=author)


def test_a_row_comes_back_as_it_was_said_with_its_codes_sorted(tmp_path: Path, topology: Topology) -> None:
    store = Store(tmp_path)
    put(store, topology)
    (row,) = list_link_rows(Store(tmp_path), "ward")
    assert tuple(row) == LINK_FIELDS
    assert (row["focal"], row["neighbour"], row["says"]) == ("A", "D", "river")
    assert (row["reason"], row["author"], row["version"]) == ("Old bridge", "Ann", store.version)
    assert str(row["created"]).endswith("+00:00")
    assert list_link_rows(store, "lsoa21") == []


def test_the_latest_row_comes_last_and_none_is_lost(tmp_path: Path, topology: Topology) -> None:
    store = Store(tmp_path)
    for says in ("river", "none", "manual", "automatic"):
        put(store, topology, says=says)
    assert [row["says"] for row in list_link_rows(store, "ward")] == ["river", "none", "manual", "automatic"]


@pytest.mark.parametrize(
    ("pair", "reason", "author", "message"),
    [
        (("A", "Z"), "Ferry", "Ann", "no area 'Z'"),
        (("A", "A"), "Ferry", "Ann", "Ash is given twice"),
        (("B", "A"), "Ferry", "Ann", "Ash and Birch share a border: they are neighbours anyway"),
        (("A", "D"), " \n", "Ann", "Reason: say why"),
        (("A", "D"), "Ferry", " ", "Your name"),
    ],
)
def test_what_cannot_be_said_is_refused_and_changes_nothing(
    tmp_path: Path, topology: Topology, pair: tuple[str, str], reason: str, author: str, message: str
) -> None:
    store = Store(tmp_path)
    before = store.version
    with pytest.raises(InputError, match=message):
        put(store, topology, pair, reason=reason, author=author)
    assert (list_link_rows(store, "ward"), store.version) == ([], before)


def test_a_word_that_nobody_knows_is_refused(tmp_path: Path, topology: Topology) -> None:
    with pytest.raises(ValueError, match="none of"):
        put(Store(tmp_path), topology, says="tunnel")


def test_a_row_is_a_write_of_data_and_no_figures_stay_the_same_over_it(
    tmp_path: Path, topology: Topology
) -> None:
    store = Store(tmp_path)
    store.put_settings(target_population="1")
    before = store.version
    put(store, topology)
    assert (store.version, n_link_changes(store, before, store.version)) == (before + 1, 1)
    assert n_link_changes(store, 0, before) == 0
    assert same_figures_since(store, store.version) == store.version


def test_a_workspace_without_the_table_gets_it_when_it_is_opened(tmp_path: Path, topology: Topology) -> None:
    Store(tmp_path)
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("DROP TABLE area_link")
        connection.execute("PRAGMA user_version = 10")
    connection.close()
    store = Store(tmp_path)
    put(store, topology)
    assert len(list_link_rows(store, "ward")) == 1
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()
    assert SCHEMA_VERSION >= 11
