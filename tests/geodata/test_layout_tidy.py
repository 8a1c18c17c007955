"""Tidy tables: wards and authority in one file, nothing added up, a missing ward stays unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.errors import DamagedFileError, OtherAuthorityError
from geodata.layouts.layout import Context
from tests.geodata.statistic_table import cells_of, dropped, figures, parse, parse_only, table

CLAIMANTS = """date,geography_code,geography_name,variable_name,value
2023-10,E05000001,High & Low,Claimant count,110
2023-10,E05000001,High & Low,Claimants as a proportion of residents aged 16-64,1.9
2023-10,E05000002,Mid,Claimant count,0
2023-10,E06000099,Toytown,Claimant count,110
"""


def test_wards_and_authority_are_two_geographies() -> None:
    parsed = parse(table(CLAIMANTS))
    assert {dataset.id for dataset in parsed.datasets} == {
        "cells:claimant_count:ward:2023-10",
        "cells:claimant_count:lad:2023-10",
    }
    assert figures(parsed)["E05000002", "2023-10", "Claimant count"] == 0


def test_an_unnamed_index_column_months_and_floats_are_read() -> None:
    text = ",Month,geography_code,value,variable_name\n10325,2018-04,E05000001,311.25,HB_claimants\n"
    parsed = parse(table(text))
    assert figures(parsed) == {("E05000001", "2018-04", "HB_claimants"): 311.25}
    assert parsed.datasets[0].id == "cells:hb_claimants:ward:2018-04"


def test_all_ages_stands_beside_its_bands_and_years_of_levels_are_told_apart() -> None:
    text = (
        "date,geography_code,age_band,variable_name,value\n"
        "2020,E05000001,0-4,Number of persons,40\n2020,E05000001,All Ages,Number of persons,900\n"
        "2021,E06000099,All Ages,Number of persons,1700\n"
    )
    parsed = parse(table(text))
    assert figures(parsed) == {
        ("E05000001", "mid-2020", "Aged 0-4"): 40,
        ("E05000001", "mid-2020", "All Ages"): 900,
        ("E06000099", "mid-2021", "All Ages"): 1700,
    }
    assert any("different periods" in note for note in parsed.notes)


def test_a_ward_without_a_row_is_named_and_never_nought() -> None:
    text = "date,geography_code,variable_name,value\n2023,E05000001,Number of households,3710\n"
    parsed = parse(table(text))
    assert any("1 of 2 wards" in note and "E05000002" in note for note in parsed.notes)
    assert set(cells_of(parsed)["area_code"]) == {"E05000001"}


def test_households_and_fuel_poverty_are_told_apart_by_their_variables() -> None:
    text = (
        "date,geography_code,variable_name,value\n2021,E05000001,Number of households,100\n"
        "2021,E05000001,Number of households in fuel poverty,10\n"
    )
    assert {dataset.id for dataset in parse(table(text)).datasets} == {"cells:fuel_poverty:ward:2021"}


def test_a_table_of_unknown_variables_is_the_councils_own() -> None:
    text = "date,geography_code,variable_name,value\n2024,E05000001,Allotment plots,12\n"
    parsed = parse(table(text))
    assert parsed.datasets[0].id == "cells:allotment_plots:ward:2024"
    assert parsed.datasets[0].provenance.source_id == "local"


def test_a_row_without_a_date_is_counted_out() -> None:
    parsed = parse(table(CLAIMANTS + "soon,E05000001,High & Low,Claimant count,5\n"))
    assert dropped(parsed) == {"no date": 1}


def test_the_same_figure_twice_counts_once_and_two_figures_are_refused() -> None:
    row = CLAIMANTS.splitlines()[1] + "\n"
    assert dropped(parse(table(CLAIMANTS + row))) == {"row listed twice": 1}
    with pytest.raises(DamagedFileError, match="E05000001, 2023-10, Claimant count"):
        parse(table(CLAIMANTS + row.replace(",110", ",111")))


def test_wards_of_another_authority_are_refused_and_named() -> None:
    text = CLAIMANTS.splitlines()[0] + "\n2023-10,E05009999,Armley,Claimant count,110\n"
    with pytest.raises(OtherAuthorityError, match="Armley"):
        parse(table(text))


def test_population_by_single_year_of_age_is_by_lsoa_of_2011() -> None:
    ages = [*(str(age) for age in range(90)), "90+"]
    text = f"lsoa11_name,lsoa11_code,total_population,{','.join(ages)}\nT,E01000002,91{',1.0' * 91}\n"
    found = figures(parse(table(text)))
    assert found["E01000002", "mid-2020", "total_population"] == 91
    assert sum(value for (_, _, cell), value in found.items() if cell != "total_population") == 91


def test_loneliness_is_told_to_be_modelled() -> None:
    parsed = parse(table("lsoa21_code,perc,deciles\nE01000001,25.03,6\n"))
    assert parsed.datasets[0].id == "cells:loneliness_modelled:lsoa21:2020-21"
    assert any("modelled" in note for note in parsed.notes)


def test_yorks_fuel_poverty_lacks_one_ward_and_says_so(york_data: Path, york: Context) -> None:
    parsed = parse_only(york_data / "indicators" / "fuel-poverty.csv", york)
    cells = cells_of(parsed)
    assert cells.loc[cells["geography"] == "ward", "area_code"].nunique() == 20
    assert any("E05010317 (Fulford & Heslington)" in note for note in parsed.notes)
    assert figures(parsed)["E06000014", "2021", "Number of households in fuel poverty"] == 11_845


def test_yorks_ward_population_sums_to_the_published_total(york_data: Path, york: Context) -> None:
    """Mid-2020 wards sum to 211,012 (MANIFEST.md); York's mid-2021 total is 201,672 (sources.md)."""
    parsed = parse_only(york_data / "indicators" / "population-estimates-ages.csv", york)
    cells = cells_of(parsed)
    wards = cells[cells["geography"] == "ward"].groupby("cell")["value"].sum()
    assert wards["All Ages"] == 211_012
    assert wards.drop("All Ages").sum() == 211_012
    assert figures(parsed)["E06000014", "mid-2021", "All Ages"] == 201_672


def test_yorks_housing_benefit_has_every_month_for_every_ward(york_data: Path, york: Context) -> None:
    parsed = parse_only(york_data / "indicators" / "hb-claimants.csv", york)
    cells = cells_of(parsed)
    assert parsed.rows_in == parsed.rows_kept == 1_298 == 59 * 22
    assert cells["period"].nunique() == 59
    assert (cells["period"].min(), cells["period"].max()) == ("2018-04", "2023-02")
