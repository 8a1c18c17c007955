"""DWP's children in low income families: preamble, two columns of one name, percent signs and all."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.errors import OtherAuthorityError, VintageError
from geodata.layouts.dwp import COUNT, PERCENT
from geodata.layouts.layout import Context
from tests.geodata.statistic_table import cells_of, dropped, figures, parse, parse_only, table

PREAMBLE = (
    '"Table 4: Number and Percentage of Children, Ward",,,,,,,\nBack to Contents,,,,,,,\n'
    "FYE = Financial Years Ending.,,,,,,,\nSource: ,,,,,,,\n"
)
HEADER = (
    'Local Authority [note 2],Area Code,Ward [note 2],Area Code,"Number of children \nFYE 2024",'
    '"Number of children \nFYE 2025","Percentage of children \nFYE 2024\n(%)\n[note 3]",'
    '"Percentage of children \nFYE 2025\n(%)\n[note 3]"\n'
)
UK = 'United Kingdom [note 4],K02000001,,K02000001,"3,296,672","3,269,339",26.3%,26.0%\n'
HIGH = 'Toytown,E06000099,High & Low,E05000001,"1,234",[low],19.8%,[x]\n'
LEEDS = "Leeds,E08000035,Armley,E05999999,10,11,1.0%,1.1%\n"
EMPTY = ",,,,,,,\n" * 3


def test_the_ward_tables_second_area_code_is_the_wards() -> None:
    parsed = parse(table("\ufeff" + PREAMBLE + HEADER + UK + HIGH + LEEDS + EMPTY))
    found = figures(parsed)
    assert parsed.geography == "ward"
    assert found["E05000001", "FYE 2024", COUNT] == 1_234
    assert found["E05000001", "FYE 2024", PERCENT] == 19.8
    assert dropped(parsed)["other authority"] == 1
    assert dropped(parsed)["above authority level"] == 1
    assert {dataset.id for dataset in parsed.datasets} == {
        "cells:cilif_ahc:ward:FYE 2024",
        "cells:cilif_ahc:ward:FYE 2025",
    }


def test_low_is_suppressed_and_x_is_missing() -> None:
    cells = cells_of(parse(table(PREAMBLE + HEADER + HIGH)))
    later = cells[cells["period"] == "FYE 2025"].set_index("cell")["status"]
    assert later[COUNT] == "suppressed"
    assert later[PERCENT] == "missing"


def test_the_table_by_authority_is_stored_for_the_authority() -> None:
    header = (
        'Local Authority [note 2],Area Code,"Number of children \nFYE 2024",'
        '"Percentage of children \nFYE 2024"\n'
    )
    parsed = parse(table(PREAMBLE + header + 'Toytown,E06000099,"5,472",17.8%\nLeeds,E08000035,1,1%\n'))
    assert figures(parsed)["E06000099", "FYE 2024", COUNT] == 5_472
    assert parsed.geography == "lad"


def test_wards_of_another_vintage_are_refused_by_name_of_the_fault() -> None:
    with pytest.raises(VintageError):
        parse(table(PREAMBLE + HEADER + HIGH.replace("E05000001", "E05000091")))


def test_a_cut_of_another_authority_is_refused_and_named() -> None:
    with pytest.raises(OtherAuthorityError, match="Leeds"):
        parse(table(PREAMBLE + HEADER + LEEDS))


def test_yorks_wards_as_published(york_data: Path, york: Context) -> None:
    """Acomb 306 in FYE 2024 and 325 in FYE 2025, 18.7 and 19.8 per cent (sources.md, section 6)."""
    parsed = parse_only(york_data / "indicators" / "4_AHC_Relative_Ward.csv", york)
    found = figures(parsed)
    assert parsed.rows_kept == 21
    assert [found["E05010311", f"FYE {year}", COUNT] for year in (2024, 2025)] == [306, 325]
    assert [found["E05010311", f"FYE {year}", PERCENT] for year in (2024, 2025)] == [18.7, 19.8]


def test_yorks_wards_add_up_to_the_authority_but_for_perturbation(york_data: Path, york: Context) -> None:
    wards = cells_of(parse_only(york_data / "indicators" / "4_AHC_Relative_Ward.csv", york))
    published = figures(parse_only(york_data / "indicators" / "2_AHC_Relative_LA.csv", york))
    assert published["E06000014", "FYE 2024", COUNT] == 5_472
    assert published["E06000014", "FYE 2025", COUNT] == 5_538
    sums = wards[wards["cell"] == COUNT].groupby("period")["value"].sum()
    for period, total in sums.items():
        assert abs(total - published["E06000014", str(period), COUNT]) <= 21 * 2


def test_the_uncut_table_gives_the_same_wards(shared_data: Path, york: Context) -> None:
    national = parse_only(shared_data / "national" / "4_AHC_Relative_Ward.csv", york)
    own = parse_only(shared_data / "york" / "indicators" / "4_AHC_Relative_Ward.csv", york)
    assert national.rows_kept == 21
    assert figures(national) == figures(own)
