"""Each format is read back by a reader that is not its writer, and carries its notes."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from geodata.export import (
    to_csv_bytes,
    to_excel_bytes,
    to_geojson_bytes,
    to_geopackage_bytes,
    to_shapefile_zip_bytes,
)
from geodata.formula import neutralise, restore
from geodata.map_export import short_field_names

NOTES = [
    "Source: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0",
    "Contains OS data © Crown copyright and database right 2025",
]
HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1+1"]


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_name": ["Acomb", "Heworth, Without", "Café <b>"],
            "n_people": [1_200, 0, 7],
            "change": [-3.5, np.nan, 0.25],
            "known": [True, False, True],
        },
        index=pd.Index(["E05010311", "E05010312", "E05010313"], name="area_code"),
    )


def areas() -> gpd.GeoDataFrame:
    """Three squares of 1 km; the third is anticlockwise, the others clockwise."""
    squares = [box(450_000 + i * 1_000, 450_000, 451_000 + i * 1_000, 451_000, ccw=i == 2) for i in range(3)]
    return gpd.GeoDataFrame(table(), geometry=squares, crs="EPSG:27700")


def test_csv_has_names_first_and_notes_last() -> None:
    content = to_csv_bytes(table(), NOTES)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["area_code", "area_name", "n_people", "change", "known"]
    assert rows[2] == ["E05010312", "Heworth, Without", "0", "", "False"]
    assert rows[4:] == [[], [f"# {NOTES[0]}"], [f"# {NOTES[1]}"]]


def test_csv_without_notes_is_the_table_alone() -> None:
    frame = pd.read_csv(BytesIO(to_csv_bytes(table(), [])), index_col="area_code")
    pd.testing.assert_frame_equal(frame, table())


def test_csv_leaves_out_outlines_and_an_unnamed_index() -> None:
    frame = areas().reset_index(drop=True)
    assert to_csv_bytes(frame, []).splitlines()[0] == b"\xef\xbb\xbfarea_name,n_people,change,known"


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_and_excel_neutralise_formulas_in_cells_and_names(text: str) -> None:
    frame = pd.DataFrame({text: [text], "n": [-5], "kind": pd.Categorical([text])})
    rows = list(csv.reader(StringIO(to_csv_bytes(frame, []).decode("utf-8-sig"), newline="")))
    assert rows == [["'" + text, "n", "kind"], ["'" + text, "-5", "'" + text]]
    sheet = openpyxl.load_workbook(BytesIO(to_excel_bytes({"t": frame}, [])))["t"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "s" and cell.value not in ("n", "kind")] == [
        ("'" + text).replace("\r", "\n") if "\r" in text else "'" + text
    ] * 3
    assert sheet["B2"].value == -5


@given(st.text(alphabet="'=+-@\t\r\nab1 ＝", max_size=6))
def test_neutralised_text_never_runs_and_can_be_restored(text: str) -> None:
    out = neutralise(text)
    assert not out.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert restore(out) == text


def test_excel_keeps_numbers_unknowns_and_the_source_sheet() -> None:
    content = to_excel_bytes({"By ward": table(), "by WARD": table().head(1)}, NOTES)
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["By ward", "by WARD 2", "Source"]
    rows = list(book["By ward"].iter_rows(values_only=True))
    assert rows[0] == ("area_code", "area_name", "n_people", "change", "known")
    assert rows[2] == ("E05010312", "Heworth, Without", 0, None, False)
    assert rows[1][3] == -3.5
    assert [row[0] for row in book["Source"].iter_rows(values_only=True)] == NOTES


def test_excel_takes_any_sheet_name_and_any_text() -> None:
    frame = pd.DataFrame(
        {"a": ["bad \x07 bell", None, "x" * 40_000], "b": [pd.Timestamp("2026-01-02"), pd.NaT, pd.NaT]}
    )
    content = to_excel_bytes({"History": frame, "a/b:[c]" * 9: frame, "Source": frame, "": frame}, ["=1+1"])
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["History 2", ("a b  c " * 9)[:31].strip(), "Source 2", "Table", "Source"]
    sheet = book["Table"]
    assert (sheet["A2"].value, sheet["A3"].value, len(str(sheet["A4"].value))) == ("bad  bell", None, 32_767)
    assert sheet["B2"].value == pd.Timestamp("2026-01-02")
    assert (book["Source"]["A1"].value, book["Source"]["A1"].data_type) == ("'=1+1", "s")


def test_geojson_follows_rfc_7946() -> None:
    content = to_geojson_bytes(areas(), NOTES)
    document = json.loads(content)
    assert document["type"] == "FeatureCollection"
    assert document["notes"] == NOTES
    assert "crs" not in document
    first = document["features"][0]
    assert first["id"] == "E05010311"
    assert first["properties"] == {
        "area_code": "E05010311",
        "area_name": "Acomb",
        "n_people": 1_200,
        "change": -3.5,
        "known": True,
    }
    assert document["features"][1]["properties"]["change"] is None
    for feature in document["features"]:
        ring = Polygon(feature["geometry"]["coordinates"][0])
        assert ring.exterior.is_ccw
        for longitude, latitude in ring.exterior.coords:
            assert (round(longitude, 6), round(latitude, 6)) == (longitude, latitude)
            assert -1.3 < longitude < -1.1
            assert 53.9 < latitude < 54.0


def test_geojson_read_back_lies_within_a_quarter_of_a_metre() -> None:
    read = gpd.read_file(BytesIO(to_geojson_bytes(areas(), NOTES)))
    assert read.crs.to_epsg() == 4326
    distance = shapely.hausdorff_distance(
        read.geometry.to_crs(27700).normalize().to_numpy(), areas().geometry.normalize().to_numpy()
    )
    assert distance.max() < 0.25
    assert read["area_code"].tolist() == areas().index.tolist()


def test_geojson_takes_points_and_a_missing_place() -> None:
    points = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(460_000, 452_000), None], crs=27700)
    document = json.loads(to_geojson_bytes(points, []))
    assert document["features"][0]["geometry"]["type"] == "Point"
    assert document["features"][1]["geometry"] is None
    assert "id" not in document["features"][0]


def test_geopackage_keeps_grid_outlines_and_notes(tmp_path: Path) -> None:
    content = to_geopackage_bytes(areas(), NOTES)
    read = gpd.read_file(BytesIO(content), layer="areas")
    assert read.crs.to_epsg() == 27700
    assert read["area_code"].tolist() == areas().index.tolist()
    assert read["n_people"].tolist() == [1_200, 0, 7]
    assert np.isnan(read["change"].iloc[1])
    assert read.geometry.geom_equals(areas().geometry.reset_index(drop=True)).all()
    path = tmp_path / "areas.gpkg"
    path.write_bytes(content)
    with sqlite3.connect(path) as database:
        assert [row[0] for row in database.execute("SELECT note FROM notes")] == NOTES


def test_geopackage_of_degrees_is_put_on_the_grid() -> None:
    read = gpd.read_file(BytesIO(to_geopackage_bytes(areas().to_crs(4326), [])), layer="areas")
    assert read.crs.to_epsg() == 27700
    assert shapely.hausdorff_distance(read.geometry.to_numpy(), areas().geometry.to_numpy()).max() < 0.01


def test_shapefile_has_short_unique_names_and_says_what_they_stand_for(tmp_path: Path) -> None:
    frame = areas().assign(footprint_id="1", footprint_name="é" * 200)
    content = to_shapefile_zip_bytes(frame, NOTES)
    path = tmp_path / "areas.zip"
    path.write_bytes(content)
    read = gpd.read_file(path)
    assert read.crs.to_epsg() == 27700
    fields = [column for column in read.columns if column != "geometry"]
    assert fields == ["area_code", "area_name", "n_people", "change", "known", "footprint_", "footprin_2"]
    assert read["area_name"].tolist() == table()["area_name"].tolist()
    assert read["known"].tolist() == [1, 0, 1]
    assert read["footprin_2"].tolist() == ["é" * 127] * 3
    assert pyogrio.read_info(path)["encoding"] == "UTF-8"
    with zipfile.ZipFile(path) as archive:
        assert {Path(n).suffix for n in archive.namelist()} >= {".shp", ".shx", ".dbf", ".prj", ".cpg"}
        lines = archive.read("notes.txt").decode().splitlines()
    assert lines[:2] == NOTES
    assert "footprin_2: footprint_name" in lines
    assert "Text in footprin_2 was cut to 254 bytes." in lines


@given(st.lists(st.text(max_size=15), unique=True, max_size=30))
def test_short_field_names_are_unique_and_at_most_ten_characters(names: list[str]) -> None:
    short = short_field_names(names)
    assert list(short) == names
    assert len({name.casefold() for name in short.values()}) == len(names)
    assert all(1 <= len(name) <= 10 and name.isascii() for name in short.values())


def test_export_leaves_its_argument_as_it_was() -> None:
    frame = areas().assign(footprint_name="=x" * 200)
    before = frame.copy()
    to_csv_bytes(frame, NOTES)
    to_excel_bytes({"t": frame}, NOTES)
    to_geojson_bytes(frame, NOTES)
    to_geopackage_bytes(frame, NOTES)
    to_shapefile_zip_bytes(frame, NOTES)
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before))
