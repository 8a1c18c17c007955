"""Indices of Deprivation: headers of every year and length, one canonical name each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geodata.layouts.deprivation_header import canonical, indicator_group, tables_of
from geodata.layouts.layout import Context
from tests.geodata.statistic_table import cells_of, dropped, figures, parse, parse_file, parse_only, table

KEYS = (
    "LSOA code (2021),LSOA name (2021),"
    "Local Authority District code (2024),Local Authority District name (2024)"
)
RANK = " Rank (where 1 is most deprived)"
DECILE = " Decile (where 1 is most deprived 10% of LSOAs)"
DOMAINS = {
    "Index of Multiple Deprivation (IMD)": ("", "IMD"),
    "Income": (" (rate)", "Income"),
    "Employment": (" (rate)", "Employment"),
    "Education, Skills and Training": ("", "Education"),
    "Health Deprivation and Disability": ("", "Health"),
    "Crime": ("", "Crime"),
    "Barriers to Housing and Services": ("", "Housing_and_Services"),
    "Living Environment": ("", "Environment"),
    "Income Deprivation Affecting Children Index (IDACI)": (" (rate)", "IDACI"),
    "Income Deprivation Affecting Older People (IDAOPI)": (" (rate)", "IDAOPI"),
    "Children and Young People Sub-domain": ("", "children_and_young_people"),
    "Adult Skills Sub-domain": ("", "adult_skills"),
    "Geographical Barriers Sub-domain": ("", "geographical_barriers"),
    "Wider Barriers Sub-domain": ("", "wider_barriers"),
    "Indoors Sub-domain": ("", "indoors"),
    "Outdoors Sub-domain": ("", "outdoors"),
}
POPULATIONS = (
    "Total population: mid 2022",
    "Dependent Children aged 0-15: mid 2022",
    "Older population aged 60 and over: mid 2022",
    "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022",
)


def _file_7_headers() -> list[str]:
    return [
        header
        for name, (unit, _) in DOMAINS.items()
        for header in (f"{name} Score{unit}", name + RANK, name + DECILE)
    ] + list(POPULATIONS)


def _quoted(headers: list[str]) -> str:
    return ",".join(f'"{header}"' for header in headers)


@pytest.mark.parametrize("cut_at", [200, 80])
@pytest.mark.parametrize("tail", ["", "   "])
def test_every_header_of_file_7_is_known_however_it_is_cut(cut_at: int, tail: str) -> None:
    for name, (unit, stem) in DOMAINS.items():
        for kind, header in (
            ("score", f"{name} Score{unit}"),
            ("rank", name + RANK),
            ("decile", name + DECILE),
        ):
            found = canonical((header + tail)[:cut_at], "2025")
            assert found is not None, header
            assert found[0] == f"{stem}_{kind}"


def test_a_whole_file_7_fills_the_tables_of_files_1_and_3_and_no_cell_twice() -> None:
    headers = _file_7_headers()
    values = ",".join(str(i + 1) for i in range(len(headers)))
    text = f"{KEYS},{_quoted(headers)}\nE01000001,Toytown 001A,E06000099,Toytown,{values}\n"
    cells = cells_of(parse(table(text)))
    assert set(cells["table"]) == {
        "iod2025_imd",
        "iod2025_scores",
        "iod2025_supplementary",
        "iod2025_supplementary_scores",
        "iod2025_subdomains",
        "iod2025_population",
    }
    assert not cells.duplicated(["table", "cell"]).any()
    scores = cells[cells["table"] == "iod2025_scores"].set_index("cell")["value"]
    assert len(scores) == 24
    assert (scores["IMD_score"], scores["IMD_rank"], scores["Income_score"]) == (1, 2, 4)
    assert set(cells.loc[cells["table"] == "iod2025_supplementary", "cell"]) == {
        f"{name}_{kind}" for name in ("IMD", "IDACI", "IDAOPI") for kind in ("rank", "decile")
    }


def test_file_1_alone_fills_only_its_own_table() -> None:
    names = {4: ("IMD_rank", "imd"), 5: ("IMD_decile", "imd")}
    assert tables_of(names, "2019") == {"iod2019_imd": {4: "IMD_rank", 5: "IMD_decile"}}


def test_2019_is_by_lsoa_of_2011_and_its_barriers_domain_has_its_own_name() -> None:
    text = (
        "LSOA code (2011),Local Authority District code (2019),Index of Multiple Deprivation (IMD) Score,"
        "Barriers to Housing and Services Score,Income Score (rate)\nE01000002,E06000099,30.5,12.1,0.2\n"
    )
    parsed = parse(table(text))
    assert parsed.geography == "lsoa11"
    assert figures(parsed)["E01000002", "2019", "Housing_and_Access_score"] == 12.1
    assert parsed.datasets[0].provenance.source_id == "mhclg_iod_2019"


def test_other_districts_are_left_out_by_the_district_beside_them() -> None:
    header = f"{KEYS},Index of Multiple Deprivation (IMD){RANK}\n"
    text = header + "E01000001,A,E06000099,Toytown,5\nE01999999,B,E08000035,Leeds,6\n"
    parsed = parse(table(text))
    assert dropped(parsed) == {"other authority": 1}
    assert parsed.datasets[0].id == "cells:iod2025_imd:lsoa21:2025"


def test_sheets_of_file_8_do_not_replace_each_other() -> None:
    income = table(f"{KEYS},Income Domain numerator\nE01000001,A,E06000099,Toytown,50\n")
    crime = table(f'{KEYS},"Burglary rate per 1,000 at-risk properties"\nE01000001,A,E06000099,Toytown,1.5\n')
    first, second = parse(income), parse(crime)
    assert first.datasets[0].id != second.datasets[0].id
    assert set(cells_of(first)["table"]) == set(cells_of(second)["table"]) == {"iod2025_indicators"}
    assert list(figures(second)) == [("E01000001", "2025", "burglary_rate_per_1_000_at_risk_properties")]


def test_a_blank_numerator_is_suppressed_and_not_nought() -> None:
    text = "lsoa21_code,income_domain_numerator,connectivity_score\nE01000001,,60.5\nE01000003,0,61.5\n"
    cells = cells_of(parse(table(text))).set_index(["area_code", "cell"])
    assert cells.loc[("E01000001", "income_domain_numerator"), "status"] == "suppressed"
    assert np.isnan(float(cells.loc[("E01000001", "income_domain_numerator"), "value"]))
    assert cells.loc[("E01000003", "income_domain_numerator"), "value"] == 0
    assert cells.loc[("E01000003", "income_domain_numerator"), "status"] == ""


def test_indicators_are_grouped_as_the_sheets_are() -> None:
    assert indicator_group("income_deprivation_affecting_children_index_idaci_numerator") == "income"
    assert indicator_group("anti_social_behaviour_rate_per_1_000_at_risk_population") == "crime"
    assert indicator_group("connectivity_score") == "barriers"


def test_yorks_suppressed_numerators(york_data: Path, york: Context) -> None:
    """IDACI blank in nine LSOAs of York, IDAOPI in six (MANIFEST.md)."""
    name = "DERIVED_imd2025_england_lsoa21_indicators.csv"
    cells = cells_of(parse_only(york_data / "indicators" / name, york))
    hidden = cells[cells["status"] == "suppressed"].groupby("cell").size()
    assert hidden.to_dict() == {
        "income_deprivation_affecting_children_index_idaci_numerator": 9,
        "income_deprivation_affecting_older_people_index_idaopi_numerator": 6,
    }
    assert cells.loc[cells["status"] == "suppressed", "value"].isna().all()


def test_the_workbook_opens_on_notes_and_is_cut_to_york(shared_data: Path, york: Context) -> None:
    name = "File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx"
    national = parse_only(shared_data / "national" / name, york)
    own = parse_only(shared_data / "york" / "indicators" / name, york)
    assert (national.rows_in, national.rows_kept) == (33_755, 121)
    assert figures(national) == figures(own)


def test_the_tidy_table_and_the_workbook_give_the_same_ranks(york_data: Path, york: Context) -> None:
    folder = york_data / "indicators"
    tidy = figures(parse_only(folder / "DERIVED_imd2025_england_lsoa21.csv", york))
    workbook = figures(parse_only(folder / "File_1_IoD2025_Index_of_Multiple_Deprivation.xlsx", york))
    assert len(workbook) == 2 * 121
    assert all(tidy[key] == value for key, value in workbook.items())


def test_2019_tables_agree_and_keep_their_own_vintage(york_data: Path, york: Context) -> None:
    folder = york_data / "indicators"
    trimmed = figures(parse_only(folder / "File_7a_-_IoD2019_income_IDACI_IDAOPI.csv", york))
    tidy = figures(parse_only(folder / "DERIVED_imd2019_england_lsoa11.csv", york))
    ranks = {key: value for key, value in trimmed.items() if key[2] == "Income_rank"}
    assert len(ranks) == 120
    # The trimmed file holds ranks within England, as the tidy one does, or a re-ranking with Wales appended.
    order = sorted(ranks, key=lambda key: ranks[key])
    assert [tidy[key] for key in order] == sorted(tidy[key] for key in order)


def test_supplementary_indices_come_from_the_second_sheet(york_data: Path, york: Context) -> None:
    name = "File_3_IoD2025_Supplementary_Indices_IDACI_and_IDAOPI.xlsx"
    (parsed,) = parse_file(york_data / "indicators" / name, york).values()
    assert [dataset.id for dataset in parsed.datasets] == ["cells:iod2025_supplementary:lsoa21:2025"]
    assert set(cells_of(parsed)["cell"]) >= {"IDACI_decile", "IDAOPI_rank"}
