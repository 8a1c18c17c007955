"""Tables of whole authorities: Nomis downloads, Fingertips exports, DfE's tool and Oflog's measures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geodata.errors import DamagedFileError, InputError, OtherAuthorityError
from geodata.layouts.layout import Context
from geodata.layouts.nomis import GUEST_LIMIT
from tests.geodata.statistic_table import (
    NOWHERE,
    TOYTOWN,
    cells_of,
    dropped,
    figures,
    parse,
    parse_only,
    table,
)

NOMIS = (
    '"DATE_NAME","GEOGRAPHY_NAME","GEOGRAPHY_CODE","GENDER_NAME","C_AGE_NAME","MEASURES_NAME",'
    '"OBS_VALUE","OBS_STATUS"'
)


def test_a_missing_observation_is_never_nought() -> None:
    text = f'{NOMIS}\n"2021","Toytown","E06000099","Total","All Ages","Value","0","Q"\n'
    cells = cells_of(parse(table(text + '"2021","Toytown","E06000099","Total","Age 10","Value","","Q"\n')))
    assert cells["value"].isna().all()
    assert set(cells["status"]) == {"missing"}
    assert set(cells["cell"]) == {"Total: All Ages", "Total: Age 10"}


def test_percentages_stand_beside_values() -> None:
    rows = [
        f'"2021","Toytown","E06000099","Total","All Ages","{m}",{v},"A"'
        for m, v in (("Value", 9), ("Percent", 4.5))
    ]
    found = figures(parse(table("\n".join([NOMIS, *rows]) + "\n")))
    assert found == {
        ("E06000099", "mid-2021", "Total: All Ages"): 9,
        ("E06000099", "mid-2021", "Total: All Ages (Percent)"): 4.5,
    }


def test_a_download_cut_at_the_guest_limit_says_so() -> None:
    header = "DATE_NAME,GEOGRAPHY_CODE,C2021_HEALTH_6_NAME,OBS_VALUE,RECORD_COUNT\n"
    rows = "2021,E06000099,Total,5,30000\n" + "2021,E06000001,Total,5,30000\n" * (GUEST_LIMIT - 1)
    parsed = parse(table(header + rows))
    assert any("25,000 of 30,000 rows" in note for note in parsed.notes)


FINGERTIPS = (
    "Indicator ID,Indicator Name,Parent Code,Area Code,Area Name,Sex,Age,Category Type,Category,Time period,"
    "Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Count,Value note\n"
)


def test_a_category_or_a_second_parent_is_not_the_area_again() -> None:
    text = (
        "1,Smoking,E12000003,E06000099,Toytown,Persons,18+ yrs,,,2015,12.5,,,30,\n"
        "1,Smoking,E92000001,E06000099,Toytown,Persons,18+ yrs,,,2015,12.5,,,30,\n"
        "1,Smoking,E12000003,E06000099,Toytown,Persons,18+ yrs,Deprivation decile,Most,2015,20,,,9,\n"
        "1,Smoking,E92000001,E92000001,England,Persons,18+ yrs,,,2015,14,13,15,900,\n"
    )
    parsed = parse(table(FINGERTIPS + text))
    assert dropped(parsed) == {
        "part of an area only (category)": 1,
        "same figure under another parent": 1,
        "above authority level": 1,
    }
    assert figures(parsed) == {
        ("E06000099", "2015", "1 Smoking (Persons, 18+ yrs)"): 12.5,
        ("E06000099", "2015", "1 Smoking (Persons, 18+ yrs) | Count"): 30,
    }


def test_a_suppressed_value_is_told_by_its_note() -> None:
    row = (
        "1,X,E12000003,E06000099,Toytown,Persons,18+ yrs,,,2015,,,,,Value suppressed for disclosure control\n"
    )
    cells = cells_of(parse(table(FINGERTIPS + row)))
    assert cells["status"].tolist() == ["suppressed"]
    assert np.isnan(cells["value"].iloc[0])


def test_two_exports_of_different_indicators_do_not_replace_each_other() -> None:
    row = "{id},X,E12000003,E06000099,Toytown,Persons,All ages,,,2015,12.5,,,,\n"
    ids = {
        dataset.id
        for number in (1, 2)
        for dataset in parse(table(FINGERTIPS + row.format(id=number))).datasets
    }
    assert ids == {"cells:fingertips:lad:1", "cells:fingertips:lad:2"}


def test_two_values_for_one_cell_are_refused() -> None:
    row = "1,X,E12000003,E06000099,Toytown,Persons,All ages,,,2015,{value},,,,\n"
    with pytest.raises(DamagedFileError, match="two values"):
        parse(table(FINGERTIPS + row.format(value=1) + row.format(value=2)))


def test_figures_of_msoas_stand_by_number_too_for_the_indicators_that_wait_for_them() -> None:
    # Life expectancy by sex, obesity with its count, and an indicator of two ages, which has no one figure.
    row = "{id},{name},E06000099,E02000001,Toytown 001,{sex},{age},,,2020 - 22,{value},,,{count},\n"
    rows = [
        {
            "id": 93283,
            "name": "Life expectancy",
            "sex": "Male",
            "age": "All ages",
            "value": 80.1,
            "count": "",
        },
        {
            "id": 93283,
            "name": "Life expectancy",
            "sex": "Female",
            "age": "All ages",
            "value": 83,
            "count": "",
        },
        {"id": 93105, "name": "Obesity, R", "sex": "Persons", "age": "4-5 yrs", "value": 10, "count": 30},
        {"id": 7, "name": "Two", "sex": "Persons", "age": "18+ yrs", "value": 1, "count": ""},
        {"id": 7, "name": "Two", "sex": "Persons", "age": "65+ yrs", "value": 2, "count": ""},
    ]
    quoted = [{**one, "name": f'"{one["name"]}"'} for one in rows]
    found = cells_of(parse(table(FINGERTIPS + "".join(row.format(**one) for one in quoted))))
    by_number = found[found["table"] == "fingertips_msoa"].set_index("cell")["value"]
    assert by_number.to_dict() == {"93283 male": 80.1, "93283 female": 83, "93105": 10, "93105 | Count": 30}
    assert set(found["geography"]) == {"msoa21"}


LAIT = "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region\n"


def test_the_tools_authority_is_found_by_name_and_number() -> None:
    text = (
        "RTA,Killed,2014-16,Toytown,14.34,816.0,North\nRTA,Killed,2015-17,Toytown,-,816.0,North\n"
        "RTA,Killed,2014-16,England,17.14,970.0,NA\nRTA,Killed,2014-16,Leeds,17.14,383.0,North\n"
    )
    parsed = parse(table(LAIT + text))
    assert dropped(parsed) == {"above authority level": 1, "other authority": 1}
    cells = cells_of(parsed).set_index("period")
    assert cells.loc["2014-16", "value"] == 14.34
    assert cells.loc["2015-17", "status"] == "missing"
    assert parsed.datasets[0].id == "cells:lait:lad:series"


def test_the_tool_needs_to_know_the_authority() -> None:
    raw = table(LAIT + "RTA,Killed,2014-16,Leeds,17.14,383.0,North\n")
    with pytest.raises(InputError, match="without their official codes"):
        parse(raw, NOWHERE)
    with pytest.raises(OtherAuthorityError, match="Leeds"):
        parse(raw, replace(TOYTOWN))


def test_oflogs_groups_are_not_the_authority() -> None:
    text = (
        "Financial year,Local authority code,Local authority name,Grouping,Measure,Code,Value\n"
        '2021-22,E06000099,Toytown,LA_Raw,"Outcome, ASC Quality of Life",ASC2,0.4\n'
        '2021-22,E06000099,Toytown,Median,"Outcome, ASC Quality of Life",ASC2,0.5\n'
    )
    parsed = parse(table(text))
    assert figures(parsed) == {("E06000099", "2021-22", "Outcome, ASC Quality of Life"): 0.4}
    assert dropped(parsed) == {"group of authorities, not one": 1}


def test_yorks_population_is_the_published_one(york_data: Path, york: Context) -> None:
    """201,672 residents at mid-2021 (sources.md)."""
    parsed = parse_only(york_data / "indicators" / "nomis_population-estimates_lad.csv", york)
    found = figures(parsed)
    assert found["E06000014", "mid-2021", "Total: All Ages"] == 201_672
    broad = ("Aged 0 to 15", "Aged 16 to 24", "Aged 25 to 49", "Aged 50 to 64", "Aged 65+")
    assert sum(found["E06000014", "mid-2021", f"Total: {band}"] for band in broad) == 201_672
    assert (parsed.rows_in, parsed.rows_kept, dropped(parsed)) == (36, 18, {"row listed twice": 18})


def test_yorks_other_authority_tables_keep_only_york(york_data: Path, york: Context) -> None:
    folder = york_data / "indicators"
    lait = parse_only(folder / "DERIVED_lait_bds_long.csv", york)
    assert (lait.rows_in, lait.rows_kept) == (11_313, 3_771)
    social = parse_only(folder / "fingertips_social-isolation-CountyUA.data.csv", york)
    assert social.rows_kept == 25
    assert parse_only(folder / "oflog_ASC_data.csv", york).rows_kept == 42
    for parsed in (lait, social):
        assert set(cells_of(parsed)["area_code"]) == {"E06000014"}
