"""Polygons drawn elsewhere: every format, and every way in which a file can be wrong."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from geodata.errors import DamagedFileError, InputError, UnrecognisedFileError, UnsafeFileError
from geodata.export import to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes
from geodata.polygon_file import read_polygons


def squares() -> gpd.GeoDataFrame:
    shapes = [box(450_000, 450_000, 451_000, 451_000), box(451_000, 450_000, 452_000, 451_000)]
    return gpd.GeoDataFrame({"footprint": ["<b>West</b>", "=East"]}, geometry=shapes, crs="EPSG:27700")


@pytest.mark.parametrize("write", [to_geojson_bytes, to_geopackage_bytes, to_shapefile_zip_bytes])
@pytest.mark.parametrize("name", ["drawn.dat", "drawn.csv"])
def test_exported_polygons_are_read_back_whatever_the_file_is_called(write, name) -> None:  # type: ignore[no-untyped-def]
    read = read_polygons(write(squares(), ["Source: York"]), name)
    assert read.crs.to_epsg() == 27700
    assert read["footprint"].tolist() == ["<b>West</b>", "=East"]
    assert (read.geometry.normalize().hausdorff_distance(squares().geometry.normalize()) < 0.25).all()


def test_bow_tie_is_repaired_and_noted() -> None:
    bow_tie = Polygon([(450_000, 450_000), (451_000, 451_000), (451_000, 450_000), (450_000, 451_000)])
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[bow_tie], crs=27700)
    read = read_polygons(to_geopackage_bytes(frame, []), "a.gpkg")
    assert read.is_valid.all()
    assert read.geometry.area.sum() == pytest.approx(500_000)
    assert any("repaired" in note for note in read.attrs["notes"])


def geojson(*geometries: object) -> bytes:
    features = [{"type": "Feature", "properties": {}, "geometry": g} for g in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


SQUARE = shapely.geometry.mapping(box(-1.1, 53.9, -1.0, 54.0))


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", UnrecognisedFileError, "no polygons"),
        (b"ward_code,footprint\nE05010311,1\n", UnrecognisedFileError, "no polygons"),
        (b"<kml></kml>", UnrecognisedFileError, "GeoJSON, GeoPackage or a zipped shapefile"),
        (b'{"type": "FeatureColl', DamagedFileError, "cut or damaged"),
        (geojson(), UnrecognisedFileError, "no polygons"),
        (geojson(shapely.geometry.mapping(Point(-1.1, 53.9))), UnrecognisedFileError, "no polygons"),
        (
            geojson(SQUARE, shapely.geometry.mapping(LineString([(-1.1, 53.9), (-1.0, 53.9)]))),
            UnrecognisedFileError,
            "points or lines",
        ),
        (geojson(SQUARE, None), InputError, "Feature 2 has no outline"),
        (geojson(shapely.geometry.mapping(box(53.9, -1.1, 54.0, -1.0))), DamagedFileError, "Great Britain"),
        (b"PK\x03\x04 not a zip", DamagedFileError, "zip"),
        (b"SQLite format 3\0 and no more", DamagedFileError, "cannot be read"),
    ],
)
def test_faulty_file_is_refused_with_what_is_wrong(
    content: bytes, error: type[InputError], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        read_polygons(content, "drawn.geojson")
    assert "drawn.geojson" in str(raised.value)


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_shapefile_without_its_index_is_damaged() -> None:
    with zipfile.ZipFile(BytesIO(to_shapefile_zip_bytes(squares(), []))) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".shx")}
    with pytest.raises(DamagedFileError, match=r"\.shx"):
        read_polygons(zipped(members), "drawn.zip")


def test_zip_that_leaves_its_folder_is_unsafe() -> None:
    with pytest.raises(UnsafeFileError):
        read_polygons(zipped({"../drawn.geojson": geojson(SQUARE)}), "drawn.zip")


def test_zip_bomb_is_unsafe() -> None:
    with pytest.raises(UnsafeFileError):
        read_polygons(zipped({"drawn.geojson": b"[" + b" " * 60_000_000}), "drawn.zip")


def test_two_layers_of_polygons_are_refused_by_name() -> None:
    content = zipped({"a.geojson": geojson(SQUARE), "b.geojson": geojson(SQUARE)})
    with pytest.raises(UnrecognisedFileError, match=r"2 layers.*a\.geojson.*b\.geojson"):
        read_polygons(content, "drawn.zip")


def test_real_wards_are_read(york_data: Path) -> None:
    read = read_polygons((york_data / "boundaries/ward_E06000014.geojson").read_bytes(), "wards")
    assert len(read) == 21
    assert read.is_valid.all()
    # The City of York measures about 272 km2 (27,194 hectares, ONS standard area measurements).
    assert read.geometry.area.sum() / 1e6 == pytest.approx(272, abs=1)
