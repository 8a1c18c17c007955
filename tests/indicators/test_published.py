"""Figures worked out here against figures that were published for larger areas.

Census 2021 counts are perturbed cell by cell (cell key method), afresh at every level, so the sum of n
areas differs from the published row of the whole by about the square root of n. Tolerance: three times
that root, 33 over York's 121 LSOAs and 15 over its 24 MSOAs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from indicators.catalogue import CATALOGUE
from indicators.profile import profile_rows

if TYPE_CHECKING:
    from tests.indicators.conftest import York

YORK = "E06000014"


@pytest.fixture(scope="module")
def ward_rows(york: York) -> pd.DataFrame:
    """Profile of wards and authority, by indicator and area."""
    rows = profile_rows(york.observations, york.ward_target, CATALOGUE, authority_code=YORK)
    return rows.set_index(["indicator_id", "area_code"]).sort_index()


@pytest.fixture(scope="module")
def lsoa_rows(york: York) -> pd.DataFrame:
    """Profile of LSOAs and authority, by indicator and area."""
    rows = profile_rows(york.observations, york.lsoa_target, CATALOGUE, authority_code=YORK)
    return rows.set_index(["indicator_id", "area_code"]).sort_index()


def _published(york: York, table: str, geography: str, period: str | None = None) -> pd.Series:
    cells = york.cells
    chosen = cells[(cells["table"] == table) & (cells["geography"] == geography)]
    if period is not None:
        chosen = chosen[chosen["period"] == period]
    return chosen.set_index(["cell", "area_code"])["value"]


@pytest.mark.parametrize("table", ["ts030", "ts054", "ts062", "ts067"])
@pytest.mark.parametrize(("geography", "n_areas"), [("lsoa21", 121), ("msoa21", 24)])
def test_every_census_cell_sums_to_the_authority_row_within_perturbation(
    york: York, table: str, geography: str, n_areas: int
) -> None:
    parts = _published(york, table, geography)
    assert parts.index.get_level_values("area_code").nunique() == n_areas
    whole = _published(york, table, "lad").droplevel("area_code")
    difference = parts.groupby("cell").sum() - whole
    assert len(difference) == len(whole)
    assert difference.abs().max() <= 3 * math.sqrt(n_areas)


@pytest.mark.parametrize("table", ["ts030", "ts054", "ts062", "ts067"])
def test_lsoas_sum_to_the_published_row_of_their_msoa(york: York, table: str) -> None:
    # "York 012A" lies in "York 012"; the files give both names beside the codes.
    folder = york.data / "indicators"
    fine = pd.read_csv(folder / f"census2021-{table}-lsoa.csv").drop(columns=["date", "geography code"])
    coarse = pd.read_csv(folder / f"census2021-{table}-msoa.csv").drop(columns=["date", "geography code"])
    sums = fine.groupby(fine["geography"].str[:-1]).sum(numeric_only=True)
    n_lsoas = fine["geography"].str[:-1].value_counts()
    difference = sums - coarse.set_index("geography")
    assert len(difference) == 24
    per_root = difference.div(np.sqrt(n_lsoas.reindex(difference.index)), axis=0)
    assert math.sqrt(np.mean(per_root.to_numpy() ** 2)) <= 1  # typical: one for each root of an area
    assert difference.abs().max().max() <= 15


@pytest.mark.parametrize(
    ("indicator_id", "published", "tolerance"),
    [
        # counts: published total of the whole (source), and how far the sum may lie from it
        ("pop_total", 202_814, 0),  # TS007A over York's LSOAs, as the data manifest states
        ("pop_mid_2020", 211_012, 0),  # ONS mid-2020, York
        ("cilif_ahc", 5_538, 10),  # DWP, Table 2, York, FYE 2025; wards are perturbed
        ("claimants", 2_245, 50),  # Nomis, York, October 2023; 21 wards each rounded to 5
        ("no_quals", 22_953, 33),  # TS067, York
        ("level4", 66_749, 33),  # TS067, York
        ("social_rent", 11_924, 33),  # TS054, York
        ("private_rent", 17_084, 33),  # TS054, York
        ("never_worked", 9_131, 33),  # TS062, York
        ("fuel_poverty", 11_845, 0),  # DESNZ, York, 2021: one ward is unknown, so the published row
        ("crime_all", 19_297 - 226, 0),  # 2025: rows less repeated crimes, as the data manifest states
    ],
)
def test_the_authority_figure_is_the_published_one(
    ward_rows: pd.DataFrame, indicator_id: str, published: float, tolerance: float
) -> None:
    assert ward_rows.loc[(indicator_id, YORK), "numerator"] == pytest.approx(published, abs=tolerance)


@pytest.mark.parametrize(
    ("indicator_id", "per_cent", "tolerance"),
    [
        ("cilif_ahc", 18.2, 0.05),  # DWP, Table 2, York, FYE 2025
        ("fuel_poverty", 13.49, 0.005),  # DESNZ, York, 2021
        ("bad_health", 4.2, 0.05),  # (7,0xx + 1,5xx) of 202,822 by TS037: 4.2%
        ("level4", 66_749 / 172_083 * 100, 0.02),  # TS067, York
        ("social_rent", 11_924 / 85_458 * 100, 0.02),  # TS054, York
        ("never_worked", 9_131 / 172_083 * 100, 0.02),  # TS062, York
    ],
)
def test_the_authority_percentage_is_the_published_one(
    ward_rows: pd.DataFrame, indicator_id: str, per_cent: float, tolerance: float
) -> None:
    assert ward_rows.loc[(indicator_id, YORK), "value"] == pytest.approx(per_cent, abs=tolerance)


def test_ward_percentages_of_children_in_low_income_are_the_published_ones(
    york: York, ward_rows: pd.DataFrame
) -> None:
    published = _published(york, "cilif_ahc", "ward", "FYE 2025").loc["Per cent of children"]
    found = ward_rows.loc["cilif_ahc"].loc[york.wards, "value"]
    assert (found - published.reindex(york.wards)).abs().max() < 1e-9
    assert ward_rows.loc[("cilif_ahc", "E05010330"), "numerator"] == 849  # Westfield, FYE 2025


def test_ward_percentages_of_fuel_poverty_are_the_published_ones(york: York, ward_rows: pd.DataFrame) -> None:
    published = _published(york, "fuel_poverty", "ward").loc["Proportion of households fuel poor (%)"]
    found = ward_rows.loc["fuel_poverty"].loc[published.index, "value"]
    assert len(published) == 20
    assert (found - published).abs().max() < 1e-6
    unknown = ward_rows.loc[("fuel_poverty", "E05010317")]  # Fulford & Heslington
    assert np.isnan(unknown["value"])
    assert unknown["note"] == "The publication gives no figure for this area."
    assert not unknown["suppressed"]


def test_ward_claimant_rates_are_the_published_ones_within_rounding(
    york: York, ward_rows: pd.DataFrame
) -> None:
    # Counts are rounded to 5 (so 2.5 either way) and percentages to one decimal.
    cell = "Claimants as a proportion of residents aged 16-64"
    published = _published(york, "claimant_count", "ward").loc[cell]
    found = ward_rows.loc["claimants"].loc[york.wards]
    rounding = 0.05 + 2.5 / found["denominator"] * 100
    assert ((found["value"] - published.reindex(york.wards)).abs() <= rounding).all()


@pytest.mark.parametrize(
    ("indicator_id", "score"), [("income_dep", "Income_score"), ("employment_dep", "Employment_score")]
)
def test_lsoa_deprivation_rates_are_the_published_scores(
    york: York, lsoa_rows: pd.DataFrame, indicator_id: str, score: str
) -> None:
    published = _published(york, "iod2025_scores", "lsoa21").loc[score].reindex(york.lsoas)
    found = lsoa_rows.loc[indicator_id].loc[york.lsoas, "value"]
    assert (found - published * 100).abs().max() < 1e-9


def test_the_derived_population_of_the_income_domain_is_near_the_census(lsoa_rows: pd.DataFrame) -> None:
    derived = lsoa_rows.loc[("income_dep", YORK), "denominator"]
    assert derived == pytest.approx(202_814, rel=0.01)


def test_york_has_eight_lsoas_among_the_most_deprived_fifth(york: York, lsoa_rows: pd.DataFrame) -> None:
    # The published deciles: none in the first, eight in the second.
    shares = lsoa_rows.loc["imd_most_deprived"].loc[york.lsoas, "value"]
    assert sorted(set(shares)) == [0.0, 100.0]
    assert (shares == 100.0).sum() == 8


def test_suppressed_numerators_are_shown_as_suppressed_in_nine_and_six_lsoas(
    york: York, lsoa_rows: pd.DataFrame
) -> None:
    for indicator_id, n_areas in (("idaci", 9), ("idaopi", 6)):
        rows = lsoa_rows.loc[indicator_id].loc[york.lsoas]
        assert rows["suppressed"].sum() == n_areas
        assert rows["value"].isna().sum() == n_areas
        assert set(rows.loc[rows["suppressed"], "note"]) == {"Suppressed by the publisher."}


def test_ward_counts_sum_to_the_lsoa_counts(york: York, ward_rows: pd.DataFrame) -> None:
    for indicator_id in ("bad_health", "carers", "asb", "hh_deprived_2plus", "pop_65plus"):
        wards = ward_rows.loc[indicator_id].loc[york.wards, ["numerator", "denominator"]].sum()
        whole = ward_rows.loc[(indicator_id, YORK), ["numerator", "denominator"]]
        assert wards.tolist() == pytest.approx(whole.tolist())


def test_lsoas_agree_with_the_counts_of_five_years_that_the_msoa_table_gives(york: York) -> None:
    # TS007A (five-year bands, LSOA) and TS007 (single years, MSOA) are perturbed apart.
    ages = pd.read_csv(york.data / "indicators" / "msoa_age_by_single_year_2021_data.csv")
    under_five = [name for name in ages.columns if name in {"Aged under 1 year", "Aged 1 year"}]
    under_five += [f"Aged {age} years" for age in (2, 3, 4)]
    bands = _published(york, "ts007a", "lsoa21")
    # 24 MSOAs of 101 single years each
    assert bands.loc["Age: Total"].sum() == pytest.approx(ages["Total"].sum(), abs=3 * math.sqrt(24 * 101))
    fine = bands.loc["Age: Aged 4 years and under"].sum()
    assert fine == pytest.approx(ages[under_five].to_numpy().sum(), abs=33 + 3 * math.sqrt(24 * 5))
