"""Street crime by LSOA and month: noughts are true, vintages stay apart, repeats count once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from geodata.errors import InputError, OtherAuthorityError
from geodata.layouts.crime import CRIME_TYPES, lsoa_vintage
from geodata.layouts.layout import Context
from tests.geodata.statistic_table import (
    TOYTOWN,
    cells_of,
    dropped,
    figures,
    layout_of,
    parse,
    parse_only,
    table,
)

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)


def _row(
    crime_id: str, code: str, crime_type: str = "Burglary", month: str = "2025-01", outcome: str = ""
) -> str:
    place = "-1.0,54.0" if code else ","
    before = f"{crime_id},{month},Toy Police,Toy Police,{place},On or near X"
    return f"{before},{code},Toytown,{crime_type},{outcome},\n"


def test_every_lsoa_of_a_loaded_month_has_every_crime_type() -> None:
    parsed = parse(table(HEADER + _row("a", "E01000001") + _row("b", "E01000003", "Drugs")))
    found = figures(parsed)
    assert len(found) == 3 * len(CRIME_TYPES)
    assert found["E01000001", "2025-01", "Burglary"] == 1
    assert found["E01000004", "2025-01", "Burglary"] == 0
    assert set(cells_of(parsed)["status"]) == {""}
    assert parsed.datasets[0].id == "cells:crime:lsoa21:2025-01"


def test_antisocial_behaviour_without_an_id_is_never_taken_for_a_repeat() -> None:
    asb = _row("", "E01000001", "Anti-social behaviour")
    found = figures(parse(table(HEADER + asb + asb)))
    assert found["E01000001", "2025-01", "Anti-social behaviour"] == 2


def test_a_crime_with_a_second_outcome_counts_once() -> None:
    text = HEADER + _row("a", "E01000001", outcome="Open") + _row("a", "E01000001", outcome="Closed")
    parsed = parse(table(text))
    assert figures(parsed)["E01000001", "2025-01", "Burglary"] == 1
    assert dropped(parsed) == {"crime listed again with another outcome": 1}


def test_one_id_with_two_types_counts_twice() -> None:
    parsed = parse(table(HEADER + _row("a", "E01000001") + _row("a", "E01000001", "Robbery")))
    assert parsed.rows_kept == 2


def test_rows_without_a_place_or_of_another_district_are_counted_out() -> None:
    text = HEADER + _row("a", "E01000001") + _row("b", "") + _row("c", "E01999999")
    assert dropped(parse(table(text))) == {"no location": 1, "outside Toytown": 1}


def test_the_codes_that_changed_tell_the_vintage() -> None:
    assert lsoa_vintage(["E01000001", "E01000002"], "2025-01", TOYTOWN) == "lsoa11"
    assert lsoa_vintage(["E01000001", "E01000004"], "2019-01", TOYTOWN) == "lsoa21"


@pytest.mark.parametrize(
    ("month", "level"), [("2022-12", "lsoa11"), ("2023-01", "lsoa21"), ("2023-02", "lsoa21")]
)
def test_the_month_tells_the_vintage_where_the_codes_do_not(month: str, level: str) -> None:
    assert lsoa_vintage(["E01000001"], month, TOYTOWN) == level


def test_an_old_month_is_stored_by_lsoa_of_2011() -> None:
    parsed = parse(table(HEADER + _row("a", "E01000002", month="2018-12")))
    assert parsed.datasets[0].id == "cells:crime:lsoa11:2018-12"
    assert set(cells_of(parsed)["area_code"]) == {"E01000001", "E01000002"}


def test_an_old_month_without_codes_of_2011_asks_for_them() -> None:
    codes = {level: known for level, known in TOYTOWN.area_codes.items() if level != "lsoa11"}
    with pytest.raises(InputError, match=r"LSOAs \(2011\)"):
        parse(table(HEADER + _row("a", "E01000001", month="2018-12")), replace(TOYTOWN, area_codes=codes))


def test_months_in_one_file_become_one_dataset_each() -> None:
    parsed = parse(table(HEADER + _row("a", "E01000001") + _row("b", "E01000001", month="2025-02")))
    assert [dataset.id for dataset in parsed.datasets] == [
        "cells:crime:lsoa21:2025-01",
        "cells:crime:lsoa21:2025-02",
    ]


def test_a_neighbouring_forces_stray_row_is_not_a_month_of_noughts() -> None:
    known = frozenset({"E01000001", *(f"E0100010{i}" for i in range(9))})
    context = replace(TOYTOWN, area_codes={**TOYTOWN.area_codes, "lsoa21": known})
    elsewhere = "".join(_row(f"x{i}", "E01999999") for i in range(200))
    with pytest.raises(OtherAuthorityError, match="Of 201 crimes, 1 lie in Toytown"):
        parse(table(HEADER + _row("a", "E01000001") + elsewhere), context)


API = "category,persistent_id,date,lat,long,street_id,street_name,context,id\n"


def _outlines() -> Context:
    squares = gpd.GeoDataFrame(
        {"area_name": ["West", "East"]},
        index=["E01000003", "E01000004"],
        geometry=[box(460000, 450000, 461000, 451000), box(461000, 450000, 462000, 451000)],
        crs=27700,
    )
    return replace(TOYTOWN, areas={"lsoa21": squares})


def test_points_are_placed_in_the_outline_that_holds_them() -> None:
    point = gpd.GeoSeries(gpd.points_from_xy([461500, 470000], [450500, 450500]), crs=27700).to_crs(4326)
    rows = [f"anti-social-behaviour,,2016-09,{p.y},{p.x},1,On or near X,,{i}\n" for i, p in enumerate(point)]
    parsed = parse(table(API + "".join(rows)), _outlines())
    found = figures(parsed)
    assert found["E01000004", "2016-09", "Anti-social behaviour"] == 1
    assert found["E01000003", "2016-09", "Anti-social behaviour"] == 0
    assert dropped(parsed) == {"outside Toytown": 1}


def test_points_without_outlines_say_what_to_import() -> None:
    raw = table(API + "drugs,a,2016-09,54.0,-1.0,1,On or near X,,1\n")
    assert layout_of(raw).id == "police_api"
    with pytest.raises(InputError, match="outlines of the LSOAs"):
        parse(raw)


def test_yorks_year_of_crime(york_data: Path, york: Context) -> None:
    """19,297 rows in 2025, 226 of them repeats of a crime's id (MANIFEST.md)."""
    months = [parse_only(path, york) for path in sorted((york_data / "crime").glob("2025-*-street.csv"))]
    assert len(months) == 12
    assert sum(month.rows_in for month in months) == 19_297
    assert sum(dropped(month)["crime listed again with another outcome"] for month in months) == 226
    assert sum(cells_of(month)["value"].sum() for month in months) == 19_297 - 226
    assert {dataset.geography for month in months for dataset in month.datasets} == {"lsoa21"}
    assert all(cells_of(month)["area_code"].nunique() == 121 for month in months)


def test_yorks_old_months_are_of_lsoas_of_2011(york_data: Path, york: Context) -> None:
    parsed = parse_only(york_data / "crime" / "2018-12-north-yorkshire-street.csv", york)
    cells = cells_of(parsed)
    assert parsed.geography == "lsoa11"
    assert cells["area_code"].nunique() == 120
    assert "E01013365" in set(cells["area_code"])
    assert cells["value"].sum() == 1_609


def test_the_forces_own_month_gives_the_same_counts_as_yorks_rows(shared_data: Path, york: Context) -> None:
    name = "2025-12-north-yorkshire-street.csv"
    force = parse_only(shared_data / "national" / name, york)
    own = parse_only(shared_data / "york" / "crime" / name, york)
    assert force.rows_in == 4_504
    assert dropped(force)["no location"] == 23
    assert figures(force) == figures(own)


def test_yorks_points_fall_into_its_lsoas(york_data: Path, york: Context) -> None:
    parsed = parse_only(york_data / "crime" / "DERIVED_york_crime_2016-09_api.csv", york)
    assert parsed.rows_in == 1_814
    assert cells_of(parsed)["value"].sum() == parsed.rows_kept
    assert parsed.rows_kept > 0.95 * parsed.rows_in
