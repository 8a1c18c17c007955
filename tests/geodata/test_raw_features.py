"""Maps in every form come out as the same outlines in British National Grid."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.archive import read_payloads
from geodata.content import parse_payload
from geodata.errors import DamagedFileError, TooLargeError
from geodata.payload import Limits, RawFeatures
from tests.geodata.file_fixture import X0, Y0, geojson, payload, square, ward_boundaries, zipped


def layer(content: bytes, limits: Limits | None = None) -> RawFeatures:
    (raw,) = parse_payload(payload(content), limits)
    assert isinstance(raw, RawFeatures)
    return raw


def toytown() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"WD25CD": ["E05000001"]}, geometry=[square(0, 0)], crs="EPSG:27700")


def is_the_square(raw: RawFeatures) -> bool:
    """Within ten metres: a datum shift without a grid is good to a few metres."""
    shape = raw.frame.geometry.iloc[0]
    return bool(
        raw.frame.crs == "EPSG:27700" and shape.symmetric_difference(square(0, 0)).area < 4 * 1000 * 10
    )


def test_geojson_without_a_coordinate_system_is_longitude_and_latitude() -> None:
    assert is_the_square(layer(geojson([{"WD25CD": "E05000001"}], [square(0, 0)])))


def test_geojson_in_metres_is_taken_as_national_grid_and_says_so() -> None:
    raw = layer(geojson([{"WD25CD": "E05000001"}], [square(0, 0)], degrees=False))
    assert raw.frame.geometry.iloc[0].equals(square(0, 0))
    assert any("British National Grid" in note for note in raw.notes)


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326", "EPSG:3857", "EPSG:4258"])
def test_geopackage_in_any_coordinate_system(crs: str, tmp_path: Path) -> None:
    toytown().to_crs(crs).to_file(tmp_path / "w.gpkg", driver="GPKG")
    assert is_the_square(layer((tmp_path / "w.gpkg").read_bytes()))


def test_a_zipped_shapefile_is_read_from_memory_under_any_name(tmp_path: Path) -> None:
    toytown().to_file(tmp_path / "w.shp")
    members = {f"Wards (May 2025)/W d.{f.suffix[1:].upper()}": f.read_bytes() for f in tmp_path.glob("w.*")}
    (found,) = read_payloads(("wards.zip", zipped(members)))
    (raw,) = parse_payload(found)
    assert isinstance(raw, RawFeatures)
    assert is_the_square(raw)


def test_topojson_with_its_coordinate_system_inside_objects() -> None:
    ring = [[-1.1, 53.9], [-1.0, 53.9], [-1.0, 54.0], [-1.1, 53.9]]
    topology = {
        "type": "Topology",
        "arcs": [ring],
        "objects": {
            "wards": {
                "type": "GeometryCollection",
                "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
                "geometries": [{"type": "Polygon", "properties": {"WD13CD": "E05000001"}, "arcs": [[0]]}],
            }
        },
    }
    raw = layer(json.dumps(topology).encode())
    expected = gpd.GeoSeries([shapely.Polygon(ring)], crs="EPSG:4326").to_crs("EPSG:27700").iloc[0]
    assert raw.frame.geometry.iloc[0].equals_exact(expected, 0.01)
    assert not raw.notes


def test_a_ring_that_crosses_itself_is_repaired_and_noted() -> None:
    bow_tie = shapely.Polygon([(X0, Y0), (X0 + 1000, Y0 + 1000), (X0 + 1000, Y0), (X0, Y0 + 1000)])
    raw = layer(geojson([{"WD25CD": "E05000001"}], [bow_tie]))
    assert raw.frame.geometry.is_valid.all()
    assert any("1 invalid outline repaired" in note for note in raw.notes)


def test_slivers_under_a_square_metre_go_and_islands_stay() -> None:
    island, sliver = (
        shapely.box(X0 + 5000, Y0, X0 + 5010, Y0 + 10),
        shapely.box(X0 + 2000, Y0, X0 + 2000.5, Y0 + 1),
    )
    raw = layer(
        geojson(
            [{"WD25CD": "E05000001"}], [shapely.MultiPolygon([square(0, 0), island, sliver])], degrees=False
        )
    )
    assert shapely.get_num_geometries(raw.frame.geometry.iloc[0]) == 2
    assert any("sliver" in note for note in raw.notes)


def test_swapped_latitude_and_longitude_are_refused() -> None:
    swapped = shapely.box(53.9, -1.1, 54.0, -1.0)
    content = geojson([{"WD25CD": "E05000001"}], [swapped], degrees=False)
    with pytest.raises(DamagedFileError, match="swapped"):
        layer(content)


def test_features_and_points_have_limits() -> None:
    assert len(layer(ward_boundaries(), Limits(n_features_max=3)).frame) == 3
    with pytest.raises(TooLargeError):
        layer(ward_boundaries(), Limits(n_features_max=2))
    with pytest.raises(TooLargeError):
        layer(ward_boundaries(), Limits(n_vertices_max=10))
