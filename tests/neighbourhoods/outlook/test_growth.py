"""People to come, added up by hand on the toy town. Every site here is synthetic."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.errors import MissingDataError
from geodata.importer import import_paths
from geodata.store import Store
from geodata.workspace import open_workspace
from neighbourhoods.generation.generate import generate
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outlook.growth import (
    area_of_sites,
    base_year_of,
    homes_built,
    people_added,
    people_to_come,
)
from neighbourhoods.outlook.household import average_household_size
from neighbourhoods.study.study import Study
from tests.geodata.file_fixture import (
    AUTHORITY,
    LSOAS,
    X0,
    Y0,
    lsoa_boundaries,
    lsoa_ward_lookup,
    ward_boundaries,
)


@pytest.fixture
def sites() -> gpd.GeoDataFrame:
    """Three synthetic sites: in Birch 10 homes a year from 2021 to 2030, 2 people each; in Fir 100 homes in
    2029, people per home left open; 30 m west of Ash 4 homes in 2023, 3 people each."""
    frame = pd.DataFrame(
        {"site_name": ["Mill", "Lane", "Edge"], "people_per_home": [2.0, np.nan, 3.0]},
        index=pd.Index(["1", "2", "3"], name="site_id"),
    )
    homes = pd.DataFrame(0.0, index=frame.index, columns=[str(y) for y in range(2021, 2031)])
    homes.loc["1"] = 10.0
    homes.loc["2", "2029"] = 100.0
    homes.loc["3", "2023"] = 4.0
    points = gpd.points_from_xy([1_500, 2_500, -30], [500, 1_500, 500], crs=27700)
    return gpd.GeoDataFrame(pd.concat([frame, homes], axis=1), geometry=points)


def test_homes_are_those_after_the_base_year_up_to_the_horizon(sites: gpd.GeoDataFrame) -> None:
    assert homes_built(sites, 2021, 0).tolist() == [0, 0, 0]
    assert homes_built(sites, 2021, 1).tolist() == [10, 0, 0]
    assert homes_built(sites, 2021, 5).tolist() == [50, 0, 4]  # 2022 to 2026
    assert homes_built(sites, 2021, 7).tolist() == [70, 0, 4]
    assert homes_built(sites, 2021, 8).tolist() == [80, 100, 4]  # 2029 is the eighth year
    assert homes_built(sites, 2021, 50).tolist() == [90, 100, 4]  # the homes of 2021 are lived in already


def test_people_are_homes_by_the_sites_own_size_else_the_average(sites: gpd.GeoDataFrame) -> None:
    assert people_to_come(sites, 2021, 8, 2.5).tolist() == [160, 250, 12]


def test_without_an_average_the_site_that_leaves_it_open_is_named(sites: gpd.GeoDataFrame) -> None:
    with pytest.raises(MissingDataError, match="People per home are not given for Lane"):
        people_to_come(sites, 2021, 5, math.nan)


def test_a_site_counts_in_the_area_it_lies_in_or_within_fifty_metres(
    sites: gpd.GeoDataFrame, toy_town: gpd.GeoDataFrame
) -> None:
    assert area_of_sites(sites, toy_town).tolist() == ["B", "F", "A"]
    moved = sites.set_geometry(
        gpd.points_from_xy([-50.0, -50.1, 1_000], [500, 500, 500], crs=27700)  # at, over, on a border
    )
    assert area_of_sites(moved, toy_town).tolist() == ["A", None, "A"]


def test_people_are_added_up_by_area_and_sites_in_none_are_not_counted(toy_town: gpd.GeoDataFrame) -> None:
    people = pd.Series([10.0, 5.0, 7.0], index=["1", "2", "3"])
    where = pd.Series(["B", "B", None], index=["1", "2", "3"], dtype=object)
    assert people_added(people, where, toy_town.index).tolist() == [0, 15, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("period", "year"), [("2021", 2021), ("mid-2024", 2024), ("2025-01 to 2026-12", 2026), ("FYE 2025", 2025)]
)
def test_base_year_is_read_from_the_period(period: str, year: int) -> None:
    assert base_year_of(period) == year


def test_a_period_without_a_year_is_said() -> None:
    with pytest.raises(MissingDataError, match="name no year"):
        base_year_of("not stated")


def cells(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["table", "geography", "area_code", "cell", "value"])
    return frame.assign(period="2021", status="")


HOUSEHOLDS = ("ts054", "lad", AUTHORITY, "Tenure of household: Total: All households", 40.0)


def test_household_size_is_people_in_households_over_households() -> None:
    size = average_household_size(
        cells(HOUSEHOLDS, ("ts001", "lad", AUTHORITY, "Residence type: Lives in a household", 90.0)),
        AUTHORITY,
        100.0,
    )
    assert size is not None
    assert size.people == 90 / 40
    assert "TS001" in size.source
    assert "TS054" in size.source


def test_household_size_by_size_counts_eight_or_more_as_eight() -> None:
    name = "Household size: {} in household"
    size = average_household_size(
        cells(
            HOUSEHOLDS,
            ("ts017", "lad", AUTHORITY, "Household size: Total: All household spaces", 45.0),
            ("ts017", "lad", AUTHORITY, name.format("0 people"), 5.0),
            ("ts017", "lad", AUTHORITY, name.format("1 person"), 10.0),
            ("ts017", "lad", AUTHORITY, name.format("2 people"), 20.0),
            ("ts017", "lad", AUTHORITY, name.format("8 or more people"), 10.0),
        ),
        AUTHORITY,
        100.0,
    )
    assert size is not None
    assert size.people == (10 + 2 * 20 + 8 * 10) / 40
    assert "8 or more counted as 8" in size.source


def test_household_size_by_all_residents_says_that_it_is_a_little_high() -> None:
    by_area = [
        ("ts041", "lsoa21", "a", "Number of households", 15.0),
        ("ts041", "lsoa21", "b", "Number of households", 25.0),
    ]
    size = average_household_size(cells(*by_area), AUTHORITY, 100.0)
    assert size is not None
    assert size.people == 100 / 40
    assert "a little high" in size.source


def test_household_size_is_not_known_without_a_table_of_households() -> None:
    assert average_household_size(cells(), AUTHORITY, 100.0) is None
    one_unknown = cells(
        ("ts041", "lsoa21", "a", "Number of households", 15.0),
        ("ts041", "lsoa21", "b", "Number of households", math.nan),
    )
    assert average_household_size(one_unknown, AUTHORITY, 100.0) is None
    assert average_household_size(cells(HOUSEHOLDS), AUTHORITY, math.nan) is None


SITES = f"""Site,Easting,Northing,People per home,2022,2026,2027,2031
Mill (synthetic),{X0 + 500:.0f},{Y0 + 500:.0f},2,10,10,10,10
Lane (synthetic),{X0 + 2500:.0f},{Y0 + 1500:.0f},1.5,,,100,
"""


@pytest.fixture(scope="module")
def toytown(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Toytown with 100 people in each LSOA of 2021, wards of 200, and two synthetic sites: one in the first
    ward with 20 homes by 2026 and 40 by 2031, one in the third with 100 homes in 2027."""
    store = Store(tmp_path_factory.mktemp("growth") / "workspace")
    lines = ["date,geography,geography code,Age: Total,Age: Aged 10 to 14 years"]
    lines += [f"2021,Toytown,{code},100,10" for code in LSOAS]
    files = [
        ("wards.geojson", ward_boundaries()),
        ("lsoas.geojson", lsoa_boundaries()),
        ("lookup.csv", lsoa_ward_lookup().encode()),
        ("ts007a.csv", ("\n".join(lines) + "\n").encode()),
        ("sites.csv", SITES.encode()),
    ]
    report = import_paths(store, files)
    assert [f.message for f in report.files] == [""] * 5
    return Study(store)


def test_growth_table_is_todays_residents_plus_the_people_of_new_homes(toytown: Study) -> None:
    table = toytown.growth_table("ward")
    assert list(table.columns) == [0, 5, 10, 15]
    assert table.to_numpy().tolist() == [
        [200, 200 + 2 * 20, 200 + 2 * 40, 200 + 2 * 40],
        [200, 200, 200, 200],
        [200, 200, 200 + 1.5 * 100, 200 + 1.5 * 100],
    ]
    assert toytown.growth_table("lsoa21").sum().tolist() == table.sum().tolist()
    assert toytown.population_in("ward", 6).tolist() == [240 + 20, 200, 350]
    assert "Counted from 2021" in toytown.growth_words("ward")
    assert "births, deaths and moves are left out" in toytown.growth_words("ward")


def test_an_option_is_tested_in_every_year(toytown: Study) -> None:
    codes = list(toytown.areas("ward").index)
    option = FootprintOption("", "Two", "ward", dict(zip(codes, "AAB", strict=True)))
    years = toytown.future(option, target=300, tolerance=0.5)
    assert [y["year"] for y in years] == [2021, 2026, 2031, 2036]
    assert [y["residents"] for y in years] == [600, 640, 830, 830]
    people = [[f["population"] for f in y["footprints"]] for y in years]  # type: ignore[attr-defined]
    assert people == [[400, 200], [440, 200], [480, 350], [480, 350]]
    assert years[2]["max_deviation"] == pytest.approx(180 / 300)
    grown = 300 * 830 / 600
    assert years[2]["grown_target"] == pytest.approx(grown)
    assert years[2]["max_deviation_from_grown_target"] == pytest.approx(1 - 350 / grown)
    assert [y["n_violations"] for y in years] == [0, 0, 1, 1]  # 480 is over the band, which ends at 450


def test_the_wish_for_a_future_year_is_weighed_by_those_people(toytown: Study) -> None:
    params = GenerationParams(
        "ward", 2, 2, 0.5, target=300, future_years=10, wishes=(("future", 1.0),), allow_enclosed=True
    )
    result = generate(toytown, params)
    first = result.footprint[result.ranking[0]]
    people = np.array([280.0, 200.0, 350.0])
    sides = [people[first == f].sum() for f in (0, 1)]
    # of the two contiguous ways, 480 and 350 is nearer to 415 each than 280 and 550
    assert sorted(sides) == [350, 480]


def test_without_sites_it_says_what_to_import(tmp_path: Path) -> None:
    study = Study(open_workspace(tmp_path / "workspace"))
    assert not study.has_sites
    assert study.future(FootprintOption("", "None", "ward", {})) == []
    with pytest.raises(MissingDataError, match="No development sites are loaded"):
        study.population_in("ward", 5)


def test_a_point_on_the_line_is_counted_once(toytown: Study, toy_town: gpd.GeoDataFrame) -> None:
    corner = gpd.GeoDataFrame(
        {"site_name": ["Corner"]}, geometry=[shapely.Point(1_000, 1_000)], index=["1"], crs=27700
    )
    assert area_of_sites(corner, toy_town).tolist() == ["A"]
