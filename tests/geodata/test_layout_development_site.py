"""Homes to come stand where and when their table says, or the row is named. All sites here are synthetic."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from geodata.archive import list_files, read_payloads
from geodata.content import parse_payload
from geodata.errors import InputError, MissingDataError, OtherAuthorityError
from geodata.importer import import_paths
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.site_column import year_of
from geodata.store import Store
from tests.geodata.file_fixture import AUTHORITY, X0, Y0, codepoint, geojson, payload, square, ward_boundaries

POSTCODES = pd.DataFrame(
    {"x": [X0 + 500.0], "y": [Y0 + 500.0], "ward_code": "w", "lad_code": AUTHORITY, "quality": 10},
    index=pd.Index(["TT1 1AA"], name="postcode"),
)
TOYTOWN = Context(
    authority_code=AUTHORITY, authority_name="Toytown", outline=square(0, 0, width=3), postcodes=POSTCODES
)
INSIDE = f"{X0 + 1500:.0f},{Y0 + 500:.0f}"


def parse(content: str | bytes, context: Context = TOYTOWN) -> Parsed:
    (raw,) = parse_payload(payload(content, "sites.csv"))
    layout = next(layout for layout in LAYOUTS if layout.matches(raw))
    assert layout.id == "development_sites"
    return layout.parse(raw, context)


def homes(parsed: Parsed) -> list[dict[int, float]]:
    """Homes by year of each site, years without any left out."""
    (dataset,) = parsed.datasets
    years = [c for c in dataset.frame.columns if c.isdecimal()]
    return [{int(y): row[y] for y in years if row[y]} for _, row in dataset.frame.iterrows()]


def fault(content: str | bytes, context: Context = TOYTOWN) -> str:
    with pytest.raises(InputError) as refused:
        parse(content, context)
    return str(refused.value)


def test_one_column_for_each_year_is_taken_as_it_stands() -> None:
    parsed = parse(f"Site name,Easting,Northing,2027,2028,2029\nMill Lane,{INSIDE},40,,60\n")
    assert homes(parsed) == [{2027: 40, 2029: 60}]
    (dataset,) = parsed.datasets
    assert (dataset.kind, dataset.id) == ("sites", "sites:development")
    assert dataset.frame.loc["1", "2028"] == 0  # no year between is left out
    assert (dataset.frame.geometry.iloc[0].x, dataset.frame.geometry.iloc[0].y) == (X0 + 1500, Y0 + 500)
    assert dataset.provenance.source_id == "development_sites"
    assert dataset.provenance.period == "2027 to 2029"


def test_homes_a_year_stand_in_every_year_from_first_to_last() -> None:
    parsed = parse(f"Development,X,Y,Homes per year,First year,Last year\nMill Lane,{INSIDE},50,2027,2029\n")
    assert homes(parsed) == [{2027: 50, 2028: 50, 2029: 50}]


def test_homes_in_all_are_spread_evenly_and_it_says_so() -> None:
    parsed = parse(
        f"Site,Easting,Northing,Total homes,Start year,End year\nMill Lane,{INSIDE},100,2027,2030\n"
    )
    assert homes(parsed) == [{2027: 25, 2028: 25, 2029: 25, 2030: 25}]
    assert any("spread evenly" in note for note in parsed.notes)


def test_a_year_over_two_counts_for_the_year_it_ends_in() -> None:
    by_column = parse(f"Scheme,Easting,Northing,2026/27,2027/28\nMill Lane,{INSIDE},10,20\n")
    by_ends = parse(f"Site,Easting,Northing,Dwellings per year,From,To\nMill,{INSIDE},5,2026/27,2027/28\n")
    assert homes(by_column) == [{2027: 10, 2028: 20}]
    assert homes(by_ends) == [{2027: 5, 2028: 5}]
    assert any("the year it ends in" in note for note in by_column.notes)
    assert any("the year it ends in" in note for note in by_ends.notes)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026", 2026),
        ("2026/27", 2027),
        ("2026-27", 2027),
        ("2099/00", 2100),
        ("2026/2027", 2027),
        ("Homes 2026/27", 2027),
        ("2026/31", None),
        ("2026.5", None),
        ("next year", None),
    ],
)
def test_year_is_read_from_what_councils_write(text: str, year: int | None) -> None:
    assert year_of(text) == year


def test_a_column_of_several_years_is_refused_and_named() -> None:
    said = fault(f"Site,Easting,Northing,2027,2028,2029-2034\nMill,{INSIDE},1,2,3\n")
    assert "“2029-2034” covers several years" in said


def test_places_in_degrees_and_by_postcode_are_found() -> None:
    lon_lat = shapely.get_coordinates(
        gpd.GeoSeries([shapely.Point(X0 + 1500, Y0 + 500)], crs=27700).to_crs(4326)
    )[0]
    degrees = parse(f"Site,Longitude,Latitude,2027,2028\nMill,{lon_lat[0]:.7f},{lon_lat[1]:.7f},1,2\n")
    point = degrees.datasets[0].frame.geometry.iloc[0]
    assert point.distance(shapely.Point(X0 + 1500, Y0 + 500)) < 1
    posted = parse("Site,Postcode,2027,2028\nMill,tt11aa,1,2\n")
    assert posted.datasets[0].frame.geometry.iloc[0] == shapely.Point(X0 + 500, Y0 + 500)


def test_points_and_outlines_of_a_map_file_are_placed() -> None:
    properties = [{"Site": "Point", "2027": 3, "2028": 4}, {"Site": "Field", "2027": 5, "2028": 6}]
    shapes = [shapely.Point(X0 + 500, Y0 + 500), shapely.box(X0 + 1100, Y0 + 100, X0 + 1200, Y0 + 200)]
    parsed = parse(geojson(properties, shapes))
    assert homes(parsed) == [{2027: 3, 2028: 4}, {2027: 5, 2028: 6}]
    placed = parsed.datasets[0].frame.geometry
    assert placed.iloc[0].distance(shapes[0]) < 1
    assert shapes[1].buffer(1).contains(placed.iloc[1])
    assert any("drawn as outlines" in note for note in parsed.notes)


def test_a_workbook_is_read_like_a_csv() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Housing trajectory (synthetic)"],
        ["Site name", "Easting", "Northing", "2027", "2028", "People per home"],
        ["Mill Lane", X0 + 1500, Y0 + 500, 40, 60, 2.1],
    ):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    parsed = parse(buffer.getvalue())
    assert homes(parsed) == [{2027: 40, 2028: 60}]
    assert parsed.datasets[0].frame["people_per_home"].tolist() == [2.1]


def test_people_per_home_that_is_left_open_stays_open_and_is_said() -> None:
    parsed = parse(
        f"Site,Easting,Northing,2027,2028,Household size\nMill,{INSIDE},1,2,\nLane,{INSIDE},1,2,2.5\n"
    )
    sizes = parsed.datasets[0].frame["people_per_home"]
    assert sizes.isna().tolist() == [True, False]
    assert any("1 site(s) leave people per home open" in note for note in parsed.notes)


def test_a_site_outside_is_left_out_with_the_reason_and_one_at_the_edge_stays() -> None:
    text = "Site,Easting,Northing,2027,2028\n"
    text += f"In,{INSIDE},1,2\nEdge,{X0 - 49:.0f},{Y0 + 500:.0f},3,4\nOut,{X0 - 51:.0f},{Y0 + 500:.0f},5,6\n"
    parsed = parse(text)
    assert [(d.reason, d.n_rows) for d in parsed.dropped] == [("outside Toytown", 1)]
    assert homes(parsed) == [{2027: 1, 2028: 2}, {2027: 3, 2028: 4}]
    with pytest.raises(OtherAuthorityError, match="None of the 1 sites lies in Toytown"):
        parse("Site,Easting,Northing,2027,2028\nOut,100000,100000,5,6\n")


def test_a_row_that_stands_twice_counts_once() -> None:
    parsed = parse(f"Site,Easting,Northing,2027,2028\nMill,{INSIDE},1,2\nMill,{INSIDE},1,2\n")
    assert [(d.reason, d.n_rows) for d in parsed.dropped] == [("row listed twice", 1)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"Mill,{INSIDE},,40,,2029", "row 2 (Mill): the first year is missing"),
        (f"Mill,{INSIDE},,40,2030,2029", "the last year, 2029, is before the first, 2030"),
        (f"Mill,{INSIDE},,many,2027,2029", "“many” stands for homes; write a number"),
        (f"Mill,{INSIDE},,-5,2027,2029", "below nought"),
        (f"Mill,{INSIDE},30,100,2027,2029", "30 homes a year for 3 years are 90, but 100 stand"),
        (f"Mill,{INSIDE},,,2027,2029", "there are no homes"),
        (f"Mill,{INSIDE},,40,soon,2029", "“soon” stands for the first year"),
        (f",{INSIDE},,40,2027,2029", "row 2: there is no name of the site"),
        ("Mill,,,,40,2027,2029", "it has no place; give easting and northing, or a postcode"),
        ("Mill,460500,,,40,2027,2029", "easting and northing are not two numbers"),
        ("Mill,here,there,,40,2027,2029", "easting and northing are not two numbers"),
    ],
)
def test_a_faulty_row_is_named_with_what_to_do(row: str, said: str) -> None:
    header = "Site,Easting,Northing,Homes per year,Total homes,First year,Last year\n"
    found = fault(f"{header}{row}\n")
    assert said in found
    assert found.startswith("sites.csv: ")
    assert found.endswith("Nothing was stored.")


def test_people_per_home_beyond_reason_is_a_fault() -> None:
    for text in ("0", "10.1", "few"):
        said = fault(f"Site,Easting,Northing,2027,2028,People per home\nMill,{INSIDE},1,2,{text}\n")
        assert "people per home" in said
    parsed = parse(f"Site,Easting,Northing,2027,2028,People per home\nMill,{INSIDE},1,2,10\n")
    assert parsed.datasets[0].frame["people_per_home"].tolist() == [10.0]


def test_a_postcode_without_code_point_says_what_to_import() -> None:
    text = "Site,Postcode,2027,2028\nMill,TT1 1AA,1,2\n"
    assert "Code-Point Open is not loaded; import that first" in fault(text, replace(TOYTOWN, postcodes=None))
    assert "“TT1 1ZZ” is not in Code-Point Open" in fault("Site,Postcode,2027,2028\nMill,TT1 1ZZ,1,2\n")


def test_without_an_outline_it_says_what_to_import() -> None:
    with pytest.raises(MissingDataError, match="Import its ward boundaries"):
        parse(f"Site,Easting,Northing,2027,2028\nMill,{INSIDE},1,2\n", replace(TOYTOWN, outline=None))


def test_an_import_stores_the_sites_and_a_second_table_takes_their_place(tmp_path: Path) -> None:
    store = Store(tmp_path / "workspace")
    header = "Site,Easting,Northing,Postcode,2027,2028\n"
    report = import_paths(
        store,
        [
            ("sites.csv", f"{header}Mill,{INSIDE},,1,2\nPost,,,TT1 1AA,3,4\n".encode()),
            ("wards.geojson", ward_boundaries()),
            ("codepoint.csv", codepoint().encode()),
        ],
    )
    assert [f.message for f in report.files] == ["", "", ""]
    assert report.files[0].recognised_as == "Development sites"
    assert store.read("sites:development")["site_name"].tolist() == ["Mill", "Post"]
    import_paths(store, [("later.csv", f"{header}Lane,{INSIDE},,9,9\n".encode())])
    assert store.read("sites:development")["site_name"].tolist() == ["Lane"]


def test_published_files_are_not_taken_for_sites(york_data: Path) -> None:
    layout = next(one for one in LAYOUTS if one.id == "development_sites")
    for path in list_files(york_data):
        if path.stat().st_size < 3_000_000 and path.suffix != ".json":
            for one in read_payloads(path):
                assert not any(layout.matches(raw) for raw in parse_payload(one)), path.name
