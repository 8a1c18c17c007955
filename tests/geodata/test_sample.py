"""The embedded sample: real figures as facts, outlines that are computed, small areas that are made up."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geodata.sample.build import (
    read_figures,
    read_places,
    read_points,
    sample_datasets,
    write_sample,
)
from geodata.source import SOURCES
from geodata.store import NewDataset, Store
from indicators.catalogue import CATALOGUE
from indicators.indicator import DOMAINS
from indicators.observe import observe

CENSUS_TABLES = ("ts007a", "ts037", "ts038", "ts039", "ts040", "ts054", "ts062", "ts067")
OPENED: list[str] = []
WATCH = {"on": False}


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if WATCH["on"] and event in ("open", "socket.connect"):
        OPENED.append(f"{event} {arguments[0] if event == 'open' else arguments[1]}")


@pytest.fixture(scope="module")
def by_id() -> dict[str, NewDataset]:
    """The sample's tables by id."""
    return {dataset.id: dataset for dataset in sample_datasets()}


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    """The ward figures as written down."""
    return read_figures()


def _by_ward(figures: pd.DataFrame, table: str, cell: str, period: str) -> pd.Series:
    rows = figures[(figures["table"] == table) & (figures["cell"] == cell) & (figures["period"] == period)]
    return rows.set_index("area_code")["value"].sort_index()


# Figures


def test_every_ward_has_every_cell_once(figures: pd.DataFrame) -> None:
    wards = set(read_points()["area_code"])
    assert len(wards) == 21
    for _, rows in figures.groupby(["table", "period", "cell"]):
        assert len(rows) == 21
        assert set(rows["area_code"]) == wards
    assert figures["value"].notna().all()
    assert (figures["value"] >= 0).all()


def test_every_figure_names_a_known_source_and_says_how_it_was_made(figures: pd.DataFrame) -> None:
    assert set(figures["source_id"]) <= set(SOURCES)
    assert figures["how"].str.contains("published for the ward|best fit").all()
    assert set(read_points()["source_id"]) | set(read_places()["source_id"]) <= set(SOURCES)


@pytest.mark.parametrize(
    ("table", "cell", "period", "ward", "published"),
    [
        # DWP, Children in low income families, table 4, after housing costs
        ("cilif_ahc", "Children in low income families", "FYE 2025", "E05010311", 325),
        ("cilif_ahc", "Per cent of children", "FYE 2025", "E05010311", 19.8),
        ("cilif_ahc", "Children in low income families", "FYE 2025", "E05010330", 849),
        ("cilif_ahc", "Children in low income families", "FYE 2024", "E05010320", 599),
        ("cilif_ahc", "Per cent of children", "FYE 2024", "E05010331", 8.4),
        # Claimant count, October 2023
        ("claimant_count", "Claimant count", "2023-10", "E05010311", 110),
        ("claimant_count", "Claimant count", "2023-10", "E05010313", 200),
        ("claimant_count", "Claimants as a proportion of residents aged 16-64", "2023-10", "E05010312", 0.4),
        # ONS ward population estimates, mid-2020
        ("population_estimates", "All Ages", "mid-2020", "E05010311", 9151),
        ("population_estimates", "Aged 0-4", "mid-2020", "E05010312", 124),
    ],
)
def test_published_ward_figures_stand_as_published(
    figures: pd.DataFrame, table: str, cell: str, period: str, ward: str, published: float
) -> None:
    assert _by_ward(figures, table, cell, period)[ward] == published


@pytest.mark.parametrize(
    ("table", "cell", "period", "total"),
    [
        ("ts007a", "Age: Total", "2021", 202_814),  # sum of York's 121 LSOAs
        ("ts037", "General health: Total: All usual residents", "2021", 202_822),
        ("population_estimates", "All Ages", "mid-2020", 211_012),
    ],
)
def test_wards_add_up_to_the_known_total(
    figures: pd.DataFrame, table: str, cell: str, period: str, total: int
) -> None:
    assert _by_ward(figures, table, cell, period).sum() == total


def test_crimes_add_up_to_the_rows_of_2025_without_the_repeated_ones(figures: pd.DataFrame) -> None:
    crime = figures[figures["table"] == "crime"]
    assert set(crime["period"]) == {"2025-01 to 2025-12"}
    assert crime["value"].sum() == 19_297 - 226


def test_ages_add_up_to_the_total_of_each_ward(figures: pd.DataFrame) -> None:
    rows = figures[figures["table"] == "ts007a"]
    total = rows[rows["cell"] == "Age: Total"].set_index("area_code")["value"]
    parts = rows[rows["cell"] != "Age: Total"].groupby("area_code")["value"].sum()
    # Cell perturbation: each LSOA's ages may miss its total by a few people.
    assert ((parts - total).abs() <= 30).all()


def test_four_indicators_or_more_in_each_domain_are_known_for_every_ward(
    by_id: dict[str, NewDataset],
) -> None:
    cells = pd.concat(dataset.frame for dataset in by_id.values() if dataset.kind == "cells")
    wards = by_id["areas:ward"].frame
    sizes = pd.DataFrame({"km2": wards.geometry.area / 1e6})
    found = observe(cells, {"ward": sizes}, CATALOGUE)
    known = found[(found["geography"] == "ward") & (found["status"] == "") & found["numerator"].notna()]
    n_wards = known.groupby("indicator_id")["area_code"].nunique()
    complete = [CATALOGUE[str(key)].domain for key, n in n_wards.items() if n == len(wards)]
    assert {domain: complete.count(domain) >= 4 for domain in DOMAINS} == dict.fromkeys(DOMAINS, True)


def test_rates_made_from_the_sample_are_those_worked_out_by_hand(
    by_id: dict[str, NewDataset], figures: pd.DataFrame
) -> None:
    cells = pd.concat(dataset.frame for dataset in by_id.values() if dataset.kind == "cells")
    sizes = pd.DataFrame({"km2": by_id["areas:ward"].frame.geometry.area / 1e6})
    found = observe(cells, {"ward": sizes}, CATALOGUE).set_index(["indicator_id", "area_code"])
    bad = found.loc[("bad_health", "E05010311")]
    health = figures[(figures["table"] == "ts037") & (figures["area_code"] == "E05010311")]
    health = health.set_index("cell")["value"]
    expected = health["General health: Bad health"] + health["General health: Very bad health"]
    assert bad["numerator"] == expected
    assert bad["denominator"] == health["General health: Total: All usual residents"]
    # 325 children are 19.8% of 1,641.
    poor = found.loc[("cilif_ahc", "E05010311")]
    assert poor["numerator"] == 325
    assert poor["denominator"] == pytest.approx(1_641, abs=1)
    asb = figures[(figures["table"] == "crime") & (figures["cell"] == "Anti-social behaviour")]
    assert found.loc["asb"]["numerator"].sum() == asb["value"].sum() == 4_954


# Against the real files


def test_census_figures_equal_the_sums_of_the_real_lsoa_tables(
    figures: pd.DataFrame, york_data: Path
) -> None:
    lookup = pd.read_csv(york_data / "lookups/DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    ward_by_lsoa = lookup.set_index("lsoa21_code")["ward24_code"]
    for table in CENSUS_TABLES:
        real = pd.read_csv(york_data / f"indicators/census2021-{table}-lsoa.csv")
        real.columns = [" ".join(column.split()) for column in real.columns]
        ward = real["geography code"].map(ward_by_lsoa)
        mine = figures[figures["table"] == table]
        assert len(mine) > 0
        for cell, rows in mine.groupby("cell"):
            expected = real[cell].groupby(ward).sum()
            found = rows.set_index("area_code")["value"]
            assert (found.sort_index() == expected.sort_index()).all(), f"{table} {cell}"


@pytest.mark.parametrize(
    ("table", "name", "category"),
    [
        ("ts011", "household_deprivation", "deprivation_dimensions"),
        ("ts052", "overcrowding", "occupancy_rating"),
        ("dwelling_type", "household_type", "type"),
    ],
)
def test_household_figures_equal_the_sums_of_the_real_long_tables(
    figures: pd.DataFrame, york_data: Path, table: str, name: str, category: str
) -> None:
    lookup = pd.read_csv(york_data / "lookups/DERIVED_lookup_lsoa21_ward24_ltla24.csv")
    ward_by_lsoa = lookup.set_index("lsoa21_code")["ward24_code"]
    real = pd.read_csv(york_data / f"indicators/DERIVED_census21_{name}_lsoa21.csv")
    real["ward"] = real["lsoa21_code"].map(ward_by_lsoa)
    once = real.drop_duplicates("lsoa21_code")
    expected = {
        (ward, "total_households"): n for ward, n in once.groupby("ward")["total_households"].sum().items()
    }
    expected |= real.groupby(["ward", category])["n"].sum().to_dict()
    mine = figures[figures["table"] == table].set_index(["area_code", "cell"])["value"]
    assert len(mine) >= 3 * 21
    assert all(value == expected[key] for key, value in mine.items())


def test_crime_figures_equal_the_real_rows_counted(figures: pd.DataFrame, york_data: Path) -> None:
    with (york_data / "lookups/DERIVED_lookup_lsoa21_ward24_ltla24.csv").open() as lines:
        ward_by_lsoa = {row["lsoa21_code"]: row["ward24_code"] for row in csv.DictReader(lines)}
    seen: set[tuple[str, str, str]] = set()
    counts: dict[tuple[str, str], int] = {}
    for path in sorted((york_data / "crime").glob("2025-*-street.csv")):
        with path.open() as lines:
            for row in csv.DictReader(lines):
                key = (row["Crime ID"], row["Crime type"], row["LSOA code"])
                if row["Crime ID"] and key in seen:
                    continue
                seen.add(key)
                cell = (row["Crime type"], ward_by_lsoa[row["LSOA code"]])
                counts[cell] = counts.get(cell, 0) + 1
    crime = figures[figures["table"] == "crime"].set_index(["cell", "area_code"])["value"]
    assert set(counts) <= set(crime.index)
    assert all(value == counts.get(cell, 0) for cell, value in crime.items())


def test_published_ward_figures_equal_the_real_ward_tables(figures: pd.DataFrame, york_data: Path) -> None:
    with (york_data / "indicators/4_AHC_Relative_Ward.csv").open(encoding="utf-8-sig") as lines:
        rows = [row for row in csv.reader(lines) if len(row) > 7 and row[1] == "E06000014"]
    for period, count, percent in (("FYE 2024", 4, 6), ("FYE 2025", 5, 7)):
        found = _by_ward(figures, "cilif_ahc", "Children in low income families", period)
        assert found.to_dict() == {row[3]: float(row[count].replace(",", "")) for row in rows}
        found = _by_ward(figures, "cilif_ahc", "Per cent of children", period)
        assert found.to_dict() == {row[3]: float(row[percent].rstrip("%")) for row in rows}
    claimants = pd.read_csv(york_data / "indicators/claimant-count.csv")
    claimants = claimants[claimants["geography_code"].str.startswith("E05")]
    for cell, published in claimants.groupby("variable_name"):
        expected = published.set_index("geography_code")["value"].to_dict()
        assert _by_ward(figures, "claimant_count", cell, "2023-10").to_dict() == expected
    benefit = pd.read_csv(york_data / "indicators/hb-claimants.csv")
    latest = benefit[benefit["Month"] == benefit["Month"].max()].set_index("geography_code")["value"]
    found = _by_ward(figures, "hb_claimants", "HB_claimants", benefit["Month"].max())
    assert found.to_dict() == latest[latest.index.str.startswith("E05")].to_dict()
    people = pd.read_csv(york_data / "indicators/population-estimates-ages.csv")
    for band, published in people[people["geography_code"].str.startswith("E05")].groupby("age_band"):
        cell = band if band == "All Ages" else f"Aged {band}"
        expected = published.set_index("geography_code")["value"].to_dict()
        assert _by_ward(figures, "population_estimates", cell, "mid-2020").to_dict() == expected


# As a whole


def test_the_sample_is_the_same_every_time(by_id: dict[str, NewDataset]) -> None:
    for dataset in sample_datasets():
        first = by_id[dataset.id]
        assert dataset.provenance == first.provenance
        pd.testing.assert_frame_equal(pd.DataFrame(dataset.frame), pd.DataFrame(first.frame))


def test_the_sample_needs_no_other_file_and_no_network() -> None:
    sys.addaudithook(_watch)
    WATCH["on"] = True
    try:
        sample_datasets()
    finally:
        WATCH["on"] = False
    assert {Path(name.removeprefix("open ")).name for name in OPENED} == {
        "york_wards.csv",
        "york_points.csv",
        "york_places.csv",
    }


def test_the_sample_is_an_ordinary_workspace(tmp_path: Path) -> None:
    store = Store(tmp_path)
    write_sample(store)
    settings = store.settings()
    assert settings["authority_code"] == "E06000014"
    assert settings["authority_name"] == "York"
    assert settings["is_sample"] == "yes"
    assert settings["target_population"] == "50000"
    wards, small = store.areas("ward"), store.areas("synthetic")
    assert wards is not None
    assert small is not None
    assert wards["population"].sum() == small["population"].sum() == 202_814
    assert shapely.coverage_is_valid(wards.geometry.to_numpy())
    assert shapely.coverage_is_valid(small.geometry.to_numpy())
    lookup = store.lookup("synthetic", "ward")
    assert lookup is not None
    assert len(lookup) == len(small)
    cells = store.cells("ward")
    assert len(cells) == len(read_figures())
    assert (cells["status"] == "").all()
    assert store.places().index.name == "place_id"
