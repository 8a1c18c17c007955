"""Outlines of any year and column set become areas of one geography, and a better set is never replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from geodata.content import parse_payload
from geodata.errors import DamagedFileError, OtherAuthorityError, VintageError
from geodata.layouts.boundary import BOUNDARIES
from geodata.layouts.layout import Context, Parsed
from tests.geodata.file_fixture import (
    AUTHORITY,
    LSOAS,
    SQUARES,
    WARDS,
    geojson,
    lsoa_boundaries,
    payload,
    square,
    ward_boundaries,
)

(LAYOUT,) = BOUNDARIES
TOYTOWN = Context(authority_code=AUTHORITY, authority_name="Toytown")


def parse(content: bytes, context: Context = TOYTOWN) -> Parsed:
    (raw,) = parse_payload(payload(content))
    assert LAYOUT.matches(raw)
    return LAYOUT.parse(raw, context)


@pytest.mark.parametrize("year", ["13", "22", "25", "26"])
def test_wards_of_any_year_are_wards_while_no_newer_are_known(year: str) -> None:
    parsed = parse(ward_boundaries(year))
    assert parsed.geography == "ward"
    (dataset,) = parsed.datasets
    assert list(dataset.frame.index) == list(WARDS)
    assert dataset.frame.loc[WARDS[0], "area_name"] == "Ward A"
    assert dataset.frame["population"].isna().all()
    assert dataset.provenance.period == f"20{year}"


def test_superseded_wards_are_kept_under_their_year() -> None:
    known = replace(TOYTOWN, area_codes={"ward": frozenset({"E05010311"})})
    assert parse(ward_boundaries("13"), known).geography == "ward13"


@pytest.mark.parametrize(
    ("code_column", "name_column"),
    [
        ("LSOA21CD", "LSOA21NM"),
        ("lsoa21cd", "lsoa21nm"),
        ("lsoa21_code", "lsoa21_name"),
        ("name", "LSOA21NM"),
    ],
)
def test_published_tidy_and_odd_spellings_are_the_same_lsoas(code_column: str, name_column: str) -> None:
    parsed = parse(lsoa_boundaries(code_column, name_column))
    assert parsed.geography == "lsoa21"
    assert tuple(parsed.datasets[0].frame.index) == LSOAS


def test_a_census_vintage_that_nothing_names_comes_from_known_codes_or_is_an_error() -> None:
    content = lsoa_boundaries("code", "label")
    with pytest.raises(VintageError, match=r"2011 or of 2021"):
        parse(content)
    known = replace(TOYTOWN, area_codes={"lsoa11": frozenset(LSOAS)})
    assert parse(content, known).geography == "lsoa11"


def test_areas_of_other_places_are_dropped_with_the_reason() -> None:
    known = replace(TOYTOWN, area_codes={"lsoa21": frozenset(LSOAS[:4])})
    parsed = parse(lsoa_boundaries(), known)
    assert (parsed.rows_in, parsed.rows_kept) == (6, 4)
    assert [(d.reason, d.n_rows) for d in parsed.dropped] == [("outside Toytown", 2)]


def test_without_codes_the_outline_of_the_authority_tells() -> None:
    known = replace(TOYTOWN, outline=square(0, 0, width=2))
    assert list(parse(lsoa_boundaries(), known).datasets[0].frame.index) == [LSOAS[0], LSOAS[2]]


def test_wards_of_another_authority_are_refused_by_name() -> None:
    with pytest.raises(OtherAuthorityError, match="Ward A"):
        parse(ward_boundaries(), replace(TOYTOWN, authority_code="E06000014", authority_name="York"))


def test_an_area_without_outline_is_counted() -> None:
    empty = shapely.Polygon()
    shapes = [square(*place) for place in SQUARES[:2]] + [empty]
    parsed = parse(geojson([{"LSOA21CD": code} for code in LSOAS[:3]], shapes))
    assert [(d.reason, d.n_rows) for d in parsed.dropped] == [("no outline", 1)]


def test_official_columns_and_detail_take_precedence() -> None:
    official = [{"FID": i, "LSOA21CD": code} for i, code in enumerate(LSOAS)]
    copied = [{"name": code, "LSOA21NM": "x"} for code in LSOAS]
    coarse, fine = [square(*p) for p in SQUARES], [square(*p).segmentize(100) for p in SQUARES]

    def precedence(content: bytes) -> str:
        return parse(content).datasets[0].extra["precedence"]

    assert precedence(geojson(official, coarse)) > precedence(geojson(copied, fine))
    assert precedence(geojson(official, fine)) > precedence(geojson(official, coarse))
    assert precedence(geojson(copied, coarse)) > precedence(geojson(official[:5], fine[:5]))


def wards(*rows: tuple[str, shapely.Geometry]) -> bytes:
    return geojson(
        [{"WD25CD": code, "WD25NM": "Ward", "LAD25CD": AUTHORITY} for code, _ in rows],
        [shape for _, shape in rows],
    )


def test_an_outline_that_is_listed_twice_is_one_area() -> None:
    parsed = parse(wards((WARDS[0], square(0, 0)), (WARDS[1], square(1, 0)), (WARDS[0], square(0, 0))))
    (dataset,) = parsed.datasets
    assert dataset.frame.index.tolist() == list(WARDS[:2])
    assert [(entry.reason, entry.n_rows) for entry in parsed.dropped] == [("outline listed twice", 1)]


def test_parts_of_an_area_in_several_rows_are_joined() -> None:
    parsed = parse(wards((WARDS[0], square(0, 0)), (WARDS[1], square(1, 0)), (WARDS[0], square(5, 0))))
    (dataset,) = parsed.datasets
    assert dataset.frame.index.tolist() == list(WARDS[:2])
    assert dataset.frame.geometry.area.round(-3).tolist() == [2_000_000, 1_000_000]
    assert parsed.rows_in == 3
    assert [(entry.reason, entry.n_rows) for entry in parsed.dropped] == [
        ("joined to the other part of its area", 1)
    ]


def test_two_outlines_of_one_code_that_differ_are_refused() -> None:
    with pytest.raises(DamagedFileError, match=WARDS[0]):
        parse(wards((WARDS[0], square(0, 0)), (WARDS[1], square(1, 0)), (WARDS[0], square(0, 0, 2))))


def test_outlines_of_something_smaller_are_no_wards() -> None:
    pieces = [(WARDS[i % 2], square(i, 0)) for i in range(6)]
    with pytest.raises(DamagedFileError, match="not the areas themselves"):
        parse(wards(*pieces))


def test_outlines_without_a_code_are_left_out() -> None:
    parsed = parse(wards((WARDS[0], square(0, 0)), ("", square(1, 0)), ("", square(2, 0))))
    assert [(entry.reason, entry.n_rows) for entry in parsed.dropped] == [("no area code", 2)]
