"""The store keeps what it was given, all of a write or none of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from geodata.errors import InputError, WorkspaceError
from geodata.provenance import Dropped, Provenance
from geodata.store import CELL_COLUMNS, NewDataset, Store

ORIGIN = Provenance(
    source_id="nomis_census_2021",
    file_name="census2021-ts037.zip/census2021-ts037-lsoa.csv",
    sha256="ab" * 32,
    period="2021",
    retrieved="2026-11-22T12:00:00+00:00",
    rows_in=35_672,
    rows_kept=121,
    dropped=(Dropped("other authority", 35_551),),
    notes=("header found on line 1",),
)


def cells_dataset(
    dataset_id: str = "cells:ts037:lsoa21:2021", values: tuple[float, ...] = (0.0, 7.0)
) -> NewDataset:
    frame = pd.DataFrame(
        {
            "table": "ts037",
            "geography": "lsoa21",
            "area_code": [f"E0101333{i}" for i in range(len(values))],
            "period": "2021",
            "cell": "General health: Bad health",
            "value": np.array(values, dtype=float),
            "status": "",
        }
    )
    return NewDataset(dataset_id, "cells", "lsoa21", frame, ORIGIN)


def areas_frame() -> gpd.GeoDataFrame:
    """Two squares of 1 km side by side."""
    index = pd.Index(["E05010311", "E05010312"], name="area_code")
    geometry = [box(450_000, 450_000, 451_000, 451_000), box(451_000, 450_000, 452_000, 451_000)]
    columns = {"area_name": ["Acomb", "Bishopthorpe"], "population": [np.nan, 4_000.0]}
    return gpd.GeoDataFrame(columns, index=index, geometry=geometry, crs="EPSG:27700")


def areas_dataset() -> NewDataset:
    return NewDataset("areas:ward", "areas", "ward", areas_frame(), ORIGIN)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "workspace")


def test_empty_workspace_answers_with_nothing(store: Store) -> None:
    assert store.datasets() == ()
    assert store.settings() == {}
    assert store.version == 0
    assert list(store.cells().columns) == list(CELL_COLUMNS)
    assert store.cells()["value"].dtype == np.float64
    assert len(store.places()) == 0
    assert store.places().crs == "EPSG:27700"
    assert store.places().index.name == "place_id"
    missing = (
        store.areas("ward"),
        store.lookup("lsoa21", "ward"),
        store.centroids("lsoa21"),
        store.postcodes(),
    )
    assert missing == (None, None, None, None)


def test_unknown_suppressed_and_zero_stay_three_things(store: Store) -> None:
    new = cells_dataset(values=(0.0, np.nan, np.nan))
    new.frame["status"] = ["", "suppressed", "missing"]
    store.write([new])
    read = store.cells("lsoa21")
    assert read["status"].tolist() == ["", "suppressed", "missing"]
    assert read["value"].iloc[0] == 0.0
    assert read["value"].isna().tolist() == [False, True, True]
    pd.testing.assert_frame_equal(read, new.frame)


def test_outlines_keep_british_national_grid_and_unknown_population(store: Store) -> None:
    store.write([areas_dataset()])
    areas = store.areas("ward")
    assert areas is not None
    assert areas.crs.to_epsg() == 27700
    assert areas.index.name == "area_code"
    assert areas.geometry.area.tolist() == [1_000_000.0, 1_000_000.0]
    assert np.isnan(areas.loc["E05010311", "population"])
    assert areas.loc["E05010312", "population"] == 4_000.0


def test_provenance_and_extra_come_back_equal(store: Store) -> None:
    lookup = pd.DataFrame({"from_code": ["E01013335"], "to_code": ["E05010311"], "weight": [1.0]})
    extra = {"to_geography": "ward", "method": "best_fit"}
    store.write([NewDataset("lookup:lsoa21:ward:best_fit", "lookup", "lsoa21", lookup, ORIGIN, extra)])
    (dataset,) = Store(store.root).datasets()
    assert dataset.provenance == ORIGIN
    assert dict(dataset.extra) == extra
    assert (dataset.id, dataset.kind, dataset.geography) == (
        "lookup:lsoa21:ward:best_fit",
        "lookup",
        "lsoa21",
    )


def test_same_id_is_replaced_and_other_ids_are_kept(store: Store) -> None:
    store.write([cells_dataset(), areas_dataset()])
    store.write([cells_dataset(values=(5.0,))])
    assert [d.id for d in store.datasets()] == ["areas:ward", "cells:ts037:lsoa21:2021"]
    assert store.cells()["value"].tolist() == [5.0]


def test_two_ids_with_the_same_content_are_two_datasets(store: Store) -> None:
    store.write([cells_dataset("cells:a"), cells_dataset("cells:b")])
    store.remove("cells:a")
    assert [d.id for d in store.datasets()] == ["cells:b"]
    assert len(store.read("cells:b")) == 2


def test_clear_drops_every_other_dataset_in_the_same_write(store: Store) -> None:
    store.write([cells_dataset(), areas_dataset()], settings={"is_sample": "yes", "authority_name": "York"})
    before = store.version
    store.write([cells_dataset("cells:crime")], settings={"is_sample": "no"}, clear=True)
    assert [d.id for d in store.datasets()] == ["cells:crime"]
    assert store.settings() == {"is_sample": "no", "authority_name": "York"}
    assert store.version == before + 1


def test_version_grows_by_one_at_each_write(store: Store) -> None:
    changes: list[Callable[[], None]] = [
        lambda: store.write([cells_dataset(), areas_dataset()]),
        lambda: store.put_settings(target_population="50000"),
        lambda: store.remove("areas:ward"),
    ]
    for n_writes, change in enumerate(changes, start=1):
        change()
        assert store.version == n_writes
        assert Store(store.root).version == n_writes


def test_refused_write_changes_nothing_and_leaves_no_file(store: Store) -> None:
    store.write([cells_dataset()])
    wrong_crs = NewDataset("areas:ward", "areas", "ward", areas_frame().to_crs(4326), ORIGIN)
    for bad in (
        [wrong_crs],
        [cells_dataset(), cells_dataset()],
        [NewDataset("x", "things", "", pd.DataFrame(), ORIGIN)],
    ):
        with pytest.raises(ValueError, match=r"EPSG:27700|twice|unknown kind"):
            store.write(bad)
    assert store.version == 1
    assert len(list((store.root / "data").iterdir())) == 1


def test_removing_or_reading_an_unknown_dataset_is_said(store: Store) -> None:
    with pytest.raises(InputError, match="no dataset 'cells:x'"):
        store.remove("cells:x")
    with pytest.raises(InputError, match="no dataset 'cells:x'"):
        store.read("cells:x")
    assert store.version == 0


def test_places_of_several_sources_are_one_frame(store: Store) -> None:
    def places(place_id: str, kind: str, x: float) -> NewDataset:
        columns = {"name": ["A"], "kind": [kind], "address": [""], "postcode": [""], "source_id": ["s"]}
        frame = gpd.GeoDataFrame(
            {**columns, "status": ["open"]},
            index=pd.Index([place_id], name="place_id"),
            geometry=[Point(x, 450_000)],
            crs=27700,
        )
        return NewDataset(f"places:{kind}:s", "places", "", frame, ORIGIN, {"kind": kind})

    store.write([places("library-1", "library", 460_000), places("school-1", "school", 461_000)])
    found = store.places()
    assert found.index.tolist() == ["library-1", "school-1"]
    assert found.index.name == "place_id"
    assert found.geometry.x.tolist() == [460_000.0, 461_000.0]
    assert found.crs.to_epsg() == 27700


def test_exact_lookup_goes_before_best_fit(store: Store) -> None:
    def lookup(method: str, weight: float) -> NewDataset:
        frame = pd.DataFrame({"from_code": ["E01013365"], "to_code": ["E01034761"], "weight": [weight]})
        extra = {"to_geography": "lsoa21", "method": method}
        return NewDataset(f"lookup:lsoa11:lsoa21:{method}", "lookup", "lsoa11", frame, ORIGIN, extra)

    store.write([lookup("best_fit", 1.0), lookup("exact_change", 0.5)])
    found = store.lookup("lsoa11", "lsoa21")
    assert found is not None
    assert found["weight"].tolist() == [0.5]
    assert store.lookup("lsoa11", "ward") is None


def test_centroids_and_postcodes_keep_their_index(store: Store) -> None:
    centroids = pd.DataFrame({"x": [1.0], "y": [2.0]}, index=pd.Index(["E01013335"], name="area_code"))
    postcodes = pd.DataFrame(
        {"x": [1.0], "y": [2.0], "ward_code": ["E05010311"], "lad_code": ["E06000014"], "quality": [10]},
        index=pd.Index(["YO1 0DQ"], name="postcode"),
    )
    store.write(
        [
            NewDataset("centroids:lsoa21", "centroids", "lsoa21", centroids, ORIGIN),
            NewDataset("postcodes:yo", "postcodes", "", postcodes, ORIGIN),
            NewDataset("postcodes:yo_older", "postcodes", "", postcodes, ORIGIN),
        ]
    )
    found = store.centroids("lsoa21")
    assert found is not None
    pd.testing.assert_frame_equal(found, centroids)
    known = store.postcodes()
    assert known is not None
    assert known.index.tolist() == ["YO1 0DQ"]


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with pytest.raises(WorkspaceError, match=str(file / "workspace")):
        Store(file / "workspace")


def test_corrupt_database_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "broken"
    root.mkdir()
    (root / "workspace.sqlite").write_bytes(b"this is not a database, and long enough to be read as one" * 40)
    with pytest.raises(WorkspaceError, match=str(root)):
        Store(root)


def test_database_damaged_while_open_is_an_error_that_names_the_folder(store: Store) -> None:
    store.write([cells_dataset(f"cells:{i}") for i in range(60)])
    Store(store.root).database.engine.dispose()
    store.database.engine.dispose()
    path = store.root / "workspace.sqlite"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(bytes(content))
    with pytest.raises(WorkspaceError, match=str(store.root)):
        store.datasets()


def test_database_of_a_later_version_is_not_touched(store: Store) -> None:
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
        connection.commit()
    with pytest.raises(WorkspaceError, match="later version"):
        Store(store.root)


def test_dataset_whose_file_vanished_says_what_to_import(store: Store) -> None:
    store.write([cells_dataset()])
    (file,) = (store.root / "data").glob("*.parquet")
    file.write_bytes(b"PAR1 truncated")
    with pytest.raises(WorkspaceError, match=r"census2021-ts037-lsoa\.csv"):
        store.read("cells:ts037:lsoa21:2021")
    file.unlink()
    with pytest.raises(WorkspaceError, match=r"census2021-ts037-lsoa\.csv"):
        store.cells()
