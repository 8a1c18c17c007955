"""Census tables: cut by codes, kept by name, whichever shape they come in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geodata.errors import DamagedFileError, OtherAuthorityError
from geodata.layouts.census import canonical_cell, table_of
from geodata.layouts.layout import Context
from tests.geodata.statistic_table import (
    TOYTOWN,
    cells_of,
    dropped,
    figures,
    layout_of,
    parse,
    parse_file,
    parse_only,
    table,
)

HEALTH = """date,geography,geography code,General health: Total: All residents,General health: Bad health
2021,Toytown 001A,E01000001,100,5
2021,Toytown 001C,E01000003,50,2
2021,Toytown 001D,E01000004,60,0
2021,Leeds 001A,E01999999,70,7
2021,Cardiff 001A,W01000001,80,8
"""


def test_a_national_table_is_cut_to_the_authority() -> None:
    parsed = parse(table(HEALTH))
    assert [dataset.id for dataset in parsed.datasets] == ["cells:ts037:lsoa21:2021"]
    assert dropped(parsed) == {"other authority": 1, "Wales": 1}
    assert figures(parsed)["E01000003", "2021", "General health: Bad health"] == 2
    assert figures(parsed)["E01000004", "2021", "General health: Bad health"] == 0


@pytest.mark.parametrize("text", ["-5", "5.5"])
def test_what_is_no_count_of_people_is_refused_with_its_row_and_file(text: str) -> None:
    with pytest.raises(DamagedFileError, match=r"data row 2.*whole numbers, nought or more") as fault:
        parse(table(HEALTH.replace("E01000003,50,2", f"E01000003,50,{text}")))
    assert text in str(fault.value)
    assert fault.value.where == "table.csv"


def test_a_table_of_densities_may_hold_fractions_but_nothing_below_nought() -> None:
    density = "date,geography,geography code,Population Density: Persons per square kilometre\n"
    found = figures(parse(table(density + "2021,Toytown 001A,E01000001,3121.4\n")))
    assert list(found.values()) == [3121.4]
    with pytest.raises(DamagedFileError, match="nought or more"):
        parse(table(density + "2021,Toytown 001A,E01000001,-1\n"))


def test_subtotals_stand_beside_their_parts() -> None:
    text = (
        "date,geography,geography code,Provision of unpaid care: Total: All usual residents aged 5 and over,"
        "Provision of unpaid care: Provides 19 hours or less unpaid care a week,"
        "Provision of unpaid care: Provides 9 hours or less unpaid care a week\n"
        "2021,Toytown 001A,E01000001,100,30,20\n"
    )
    found = figures(parse(table(text)))
    assert sorted(found.values()) == [20, 30, 100]
    assert all(cell.startswith("Provision of unpaid care: ") for _, _, cell in found)


def test_an_area_without_a_row_is_named_and_stays_unknown() -> None:
    text = "\n".join(HEALTH.splitlines()[:3]) + "\n"
    parsed = parse(table(text))
    assert any("1 of 3 LSOAs (2021)" in note and "E01000004" in note for note in parsed.notes)
    assert "E01000004" not in set(cells_of(parsed)["area_code"])


def test_a_repeated_row_counts_once() -> None:
    parsed = parse(table(HEALTH + HEALTH.splitlines()[1] + "\n"))
    assert dropped(parsed)["row listed twice"] == 1
    assert parsed.rows_kept == 3


def test_two_rows_that_differ_are_refused() -> None:
    with pytest.raises(DamagedFileError, match="E01000001"):
        parse(table(HEALTH + "2021,Toytown 001A,E01000001,101,5\n"))


def test_a_table_of_regions_is_known_and_stores_nothing() -> None:
    text = HEALTH.splitlines()[0] + "\n2021,Yorkshire,E12000003,100,5\n2021,Wales,W92000004,100,5\n"
    parsed = parse(table(text))
    assert parsed.datasets == ()
    assert dropped(parsed) == {"above authority level": 1, "Wales": 1}


def test_a_table_of_another_place_is_refused() -> None:
    text = HEALTH.splitlines()[0] + "\n2021,Leeds 001A,E01999999,100,5\n"
    with pytest.raises(OtherAuthorityError, match="Leeds"):
        parse(table(text))


def test_a_table_that_is_not_in_the_list_is_named_by_its_label() -> None:
    assert table_of(["Distance travelled to work: Total: All"]) == "distance_travelled_to_work"
    assert table_of(["Ethnic group: Total: All usual residents"]) == "ts021"


def test_the_three_age_tables_are_told_apart() -> None:
    assert table_of(["Age: Total", "Age: Aged 10 to 14 years"]) == "ts007a"
    assert table_of(["Age: Total", "Age: Aged 10 to 15 years"]) == "ts007b"
    assert table_of(["Age: Total", "Age: Aged 5 to 9 years", "Age: Aged 5 years"]) == "ts007"


def test_the_technical_suffix_of_a_column_is_taken_off() -> None:
    text = "date,geography,geography code,Residence type: Total; measures: Value\n2021,Toy,E01000001,9\n"
    parsed = parse(table(text))
    assert figures(parsed) == {("E01000001", "2021", "Residence type: Total"): 9}
    assert parsed.datasets[0].id == "cells:ts001:lsoa21:2021"


def test_bulk_and_tidy_forms_of_a_table_share_their_cells() -> None:
    bulk = table(
        "date,geography,geography code,Household deprivation: Total: All households; measures: Value,"
        "Household deprivation: Household is deprived in one dimension; measures: Value\n"
        "2021,Toytown 001A,E01000001,40,10\n"
    )
    tidy = table(
        "lsoa21_code,total_households,deprivation_dimensions,n,prop\n"
        "E01000001,40.0,Household is deprived in one dimension,10.0,0.25\n"
    )
    assert figures(parse(bulk)) == figures(parse(tidy))
    assert parse(bulk).datasets[0].id == parse(tidy).datasets[0].id == "cells:ts011:lsoa21:2021"
    name = "Occupancy rating for bedrooms: Occupancy rating of bedrooms: -2 or less"
    assert canonical_cell("ts052", name) == "-2 or less (overcrowded)"


def test_a_long_table_with_two_totals_for_an_area_is_refused() -> None:
    text = (
        "lsoa21_code,total_households,type,n,prop\n"
        "E01000001,40.0,Detached,10.0,0.25\nE01000001,41.0,Terraced,31.0,0.75\n"
    )
    with pytest.raises(DamagedFileError, match="two totals"):
        parse(table(text))


def test_quick_statistics_of_2011_are_stored_by_lsoa_of_2011() -> None:
    text = "GEOGRAPHY_CODE,Total,QS416EW001 No cars or vans in household\nE01000002,100,30\n"
    parsed = parse(table(text))
    assert parsed.datasets[0].id == "cells:qs416ew:lsoa11:2011"
    assert parsed.datasets[0].provenance.source_id == "ons_census_2011"


def test_notes_that_come_with_a_table_are_documentation() -> None:
    text = "Title: General health\nDescription: Estimates, by health\nKeywords: [a]\nContact: census, ons\n"
    raw = table(text + "Identifier: General health\nIssued: 2023, January\n")
    assert layout_of(raw).id == "documentation"
    assert parse(raw).datasets == ()


PUBLISHED_TOTALS = (
    ("census2021-ts037-lsoa.csv", "General health: Total: All usual residents", 202_822),
    ("census2021-ts007a-lsoa.csv", "Age: Total", 202_814),
    ("census2021-ts030-ltla.csv", "Religion: Total: All usual residents", 202_820),
    ("census2021-ts054-ltla.csv", "Tenure of household: Total: All households", 85_458),
    ("DERIVED_census21_household_deprivation_lsoa21.csv", "total_households", 85_458),
)


@pytest.mark.parametrize(("name", "cell", "total"), PUBLISHED_TOTALS)
def test_york_adds_up_to_the_published_total(
    york_data: Path, york: Context, name: str, cell: str, total: int
) -> None:
    cells = cells_of(parse_only(york_data / "indicators" / name, york))
    assert cells.loc[cells["cell"] == cell, "value"].sum() == total


def test_the_uncut_table_gives_the_same_cells_as_yorks_own(shared_data: Path, york: Context) -> None:
    name = "census2021-ts037-lsoa.csv"
    national = parse_only(shared_data / "national" / name, york)
    own = parse_only(shared_data / "york" / "indicators" / name, york)
    assert (national.rows_in, national.rows_kept) == (35_672, 121)
    assert figures(national) == figures(own)


def test_a_zip_of_several_levels_agrees_with_itself(shared_data: Path, york: Context) -> None:
    parsed = parse_file(shared_data / "national" / "census2021-ts067.zip", york)
    levels = {dataset.geography: dataset.frame for one in parsed.values() for dataset in one.datasets}
    assert set(levels) == {"lsoa21", "msoa21", "lad"}
    assert {level: frame["area_code"].nunique() for level, frame in levels.items()} == {
        "lsoa21": 121,
        "msoa21": 24,
        "lad": 1,
    }
    published = levels["lad"].set_index("cell")["value"]
    assert (
        published["Highest level of qualification: Total: All usual residents aged 16 years and over"]
        == 172_083
    )
    for level in ("lsoa21", "msoa21"):
        sums = levels[level].groupby("cell")["value"].sum()
        # Cell key perturbation: each cell is moved by a few at most, so sums over areas differ by little.
        assert np.abs(sums - published).max() <= 60


def test_a_zip_holds_only_members_that_are_known(shared_data: Path, york: Context) -> None:
    parsed = parse_file(shared_data / "national" / "census2021-ts067.zip", york)
    assert len(parsed) == 7
    stored = {name.split("-")[-1] for name, one in parsed.items() if one.datasets}
    assert stored == {"lsoa.csv", "msoa.csv", "ltla.csv", "utla.csv"}


def test_age_by_single_year_sums_to_the_published_total(york_data: Path, york: Context) -> None:
    cells = cells_of(parse_only(york_data / "indicators" / "msoa_age_by_single_year_2021_data.csv", york))
    assert cells["geography"].unique().tolist() == ["msoa21"]
    total = cells.loc[cells["cell"] == "Total", "value"].sum()
    by_year = cells.loc[cells["cell"] != "Total", "value"].sum()
    assert total == 202_858
    assert abs(by_year - total) <= 60  # each year of age is perturbed by itself


def test_a_workspace_without_an_authority_keeps_every_english_row() -> None:
    parsed = parse(table(HEALTH), Context(retrieved=TOYTOWN.retrieved))
    assert parsed.rows_kept == 4
    assert dropped(parsed) == {"Wales": 1}
