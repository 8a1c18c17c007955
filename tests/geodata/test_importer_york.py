"""The whole folder of York's published files goes in, and its counts are the published ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest

from geodata.archive import list_files
from geodata.importer import FileReport, ImportReport, import_paths
from geodata.store import Store


@pytest.fixture(scope="module")
def imported(
    york_copy: Callable[[], Path], york_import: tuple[Path, ImportReport]
) -> tuple[Store, ImportReport]:
    return Store(york_copy()), york_import[1]


@pytest.fixture(scope="module")
def store(imported: tuple[Store, ImportReport]) -> Store:
    return imported[0]


@pytest.fixture(scope="module")
def files(imported: tuple[Store, ImportReport]) -> dict[str, FileReport]:
    return {Path(file.path).name: file for file in imported[1].files}


def test_every_file_is_recognised_and_none_is_at_fault(files: dict[str, FileReport]) -> None:
    assert {
        name: file.message for name, file in files.items() if file.message or not file.recognised_as
    } == {}


def test_no_row_goes_without_a_reason(files: dict[str, FileReport]) -> None:
    lost = {
        name: file.rows_in - file.rows_kept - sum(entry.n_rows for entry in file.dropped)
        for name, file in files.items()
    }
    assert {name: n for name, n in lost.items() if n} == {}


def test_the_authority_is_found_without_being_named(imported: tuple[Store, ImportReport]) -> None:
    assert (imported[1].authority_code, imported[1].authority_name) == ("E06000014", "York")


@pytest.mark.parametrize(
    ("geography", "n_areas"),
    [
        ("ward", 21),
        ("lsoa21", 121),
        ("lsoa11", 120),
        ("oa11", 637),
        ("msoa11", 24),
        ("msoa21", 24),
        ("ward13", 22),
    ],
)
def test_york_has_its_published_number_of_areas(store: Store, geography: str, n_areas: int) -> None:
    areas = store.areas(geography)
    assert areas is not None
    assert len(areas) == n_areas
    assert areas.geometry.is_valid.all()
    # York covers 272 square kilometres (27,194 hectares, ONS Standard Area Measurements).
    assert areas.area.sum() / 1e6 == pytest.approx(271.9, abs=1.0)


def test_the_wards_in_force_are_those_of_2015(store: Store) -> None:
    wards = store.areas("ward")
    assert wards is not None
    assert list(wards.index) == [f"E050103{n}" for n in range(11, 32)]


def test_the_published_outlines_win_over_copies(store: Store) -> None:
    kept = {d.id: Path(d.provenance.file_name).name for d in store.datasets() if d.kind == "areas"}
    assert kept["areas:lsoa21"] == "lsoa21_E06000014.geojson"
    assert kept["areas:lsoa11"] == "lsoa11_E06000014.geojson"


def test_one_lsoa_was_split_between_the_vintages(store: Store) -> None:
    links = store.lookup("lsoa11", "lsoa21")
    assert links is not None
    split = links[links["from_code"] == "E01013365"]
    assert set(split["to_code"]) == {"E01034761", "E01034762"}
    assert set(links["to_code"]) == set(store.areas("lsoa21").index)  # type: ignore[union-attr]


def test_both_best_fits_to_wards_and_both_centroids_are_there(store: Store) -> None:
    for geography, n_areas in (("lsoa11", 120), ("lsoa21", 121)):
        lookup, centroids, areas = (
            store.lookup(geography, "ward"),
            store.centroids(geography),
            store.areas(geography),
        )
        assert lookup is not None
        assert centroids is not None
        assert areas is not None
        assert len(lookup) == len(centroids) == n_areas
        inside = areas.geometry.contains(gpd.GeoSeries.from_xy(centroids["x"], centroids["y"], crs=27700))
        assert inside.mean() > 0.98


def test_places_of_york(store: Store) -> None:
    counts = store.places()["kind"].value_counts()
    assert counts["library"] == 18  # 21 rows less the mobile library, the archive and one closed in 2018
    assert counts["gp_surgery"] == 12  # status A and prescribing setting 4
    assert counts["bus_stop"] <= 1205  # active BCT stops of the area file, some of them outside York
    assert counts["bus_stop"] > 1190
    assert counts["school"] == 71  # 73 establishments less two universities
    assert "Hungate Reading Café" in set(store.places()["name"])


def test_all_postcodes_of_york_are_there(store: Store) -> None:
    postcodes = store.postcodes()
    assert postcodes is not None
    assert len(postcodes) == 5_438
    assert set(postcodes["ward_code"]) == set(store.areas("ward").index)  # type: ignore[union-attr]


def test_census_sums_reconcile_to_the_published_total(imported: tuple[Store, ImportReport]) -> None:
    found = imported[1].reconciliation.set_index(["table", "cell", "geography"])
    # Published: 202,820 usual residents (TS030, York); sums of LSOAs 202,814 and 202,822.
    age = found.loc[("ts007a", "Age: Total", "lsoa21")]
    health = found.loc[("ts037", "General health: Total: All usual residents", "lsoa21")]
    assert (age["sum_of_areas"].item(), age["difference"].item()) == (202_814, -6)
    assert (health["sum_of_areas"].item(), health["difference"].item()) == (202_822, 2)


def test_national_files_are_cut_to_york(imported: tuple[Store, ImportReport], shared_data: Path) -> None:
    store = imported[0]
    before = {dataset.id: len(store.read(dataset.id)) for dataset in store.datasets()}
    report = import_paths(store, [shared_data / "national"])
    after = {dataset.id: len(store.read(dataset.id)) for dataset in store.datasets()}
    assert after == before
    by_name = {Path(file.path).name: file for file in report.files}
    assert by_name["codepoint_yo.csv"].rows_kept == 5_438
    assert by_name["census2021-ts037-lsoa.csv"].rows_kept == 121
    assert by_name["epraccur.csv"].rows_kept == 12
    assert by_name["libraries_england_2023.csv"].rows_kept == 18
    unknown_areas = [file.path for file in report.files if file.message]
    assert unknown_areas == ["census2021-ts067.zip/census2021-ts067-oa.csv"]  # no OA 2021 outlines there


def test_shuffled_files_give_the_same_workspace(
    imported: tuple[Store, ImportReport], york_data: Path, tmp_path: Path
) -> None:
    names = [f for f in list_files(york_data) if f.parent.name in ("boundaries", "lookups", "assets")]
    contents = []
    for seed in (1, 2):
        random.Random(seed).shuffle(names)
        store = Store(tmp_path / str(seed))
        import_paths(store, names)
        contents.append({d.id: (d.provenance.sha256, len(store.read(d.id))) for d in store.datasets()})
    assert contents[0] == contents[1]
