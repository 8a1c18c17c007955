"""Files that are odd or of another place, through the whole of an import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from geodata.importer import import_paths
from geodata.store import Store

HEADER = "date,geography,geography code,General health: Total: All usual residents,General health: Bad health"
ROWS = ["2021,Tynwich 001A,E01900000,1000,40", "2021,Tynwich 001B,E01900001,1200,60"]
CENSUS = "\n".join([HEADER, *ROWS]) + "\n"


def outlines(fields: list[dict[str, str]], east: int) -> bytes:
    """Squares of 1 km side by side in EPSG:27700, from `east` on."""
    features = [
        {
            "type": "Feature",
            "properties": one,
            "geometry": shapely.geometry.mapping(
                shapely.box(east + 1_000 * i, 200_000, east + 1_000 * (i + 1), 201_000)
            ),
        }
        for i, one in enumerate(fields)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}).encode()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two LSOAs and a ward of Tynwich."""
    made = Store(tmp_path / "workspace")
    place = {"LAD25CD": "E07000777", "LAD25NM": "Tynwich"}
    lsoas = outlines(
        [{"LSOA21CD": f"E0190000{i}", "LSOA21NM": f"Tynwich {i}", **place} for i in (0, 1)], 300_000
    )
    ward = outlines([{"WD25CD": "E05099000", "WD25NM": "St John's & <b>Tŷ</b>", **place}], 300_000)
    report = import_paths(made, [("lsoa.geojson", lsoas), ("ward.geojson", ward)])
    assert [f.message for f in report.files] == ["", ""]
    return made


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_line_ends_and_delimiters_change_nothing(store: Store, ends: str, delimiter: str) -> None:
    content = CENSUS.replace(",", delimiter).replace("\n", ends).encode("utf-8-sig")
    report = import_paths(store, [("health.csv", content)])
    assert report.files[0].message == ""
    cells = store.cells("lsoa21").sort_values(["area_code", "cell"])
    assert cells["value"].tolist() == [40.0, 1_000.0, 60.0, 1_200.0]


def test_a_cell_of_a_million_characters_is_a_fault_of_its_file_only(store: Store) -> None:
    long = (HEADER + "\n2021," + "x" * 300_000 + ",E01900000,1,1\n").encode()
    report = import_paths(store, [("long.csv", long), ("health.csv", CENSUS.encode())])
    assert len(report.files) == 2
    assert report.files[1].message == ""


def test_wards_of_another_year_far_away_are_of_another_authority(store: Store) -> None:
    far = outlines([{"WD13CD": "E05001745", "WD13NM": "Acomb"}], 460_000)
    near = outlines([{"WD13CD": "E05005000", "WD13NM": "Old Tynwich"}], 300_000)
    refused = import_paths(store, [("far.geojson", far)])
    assert "No outline is of Tynwich" in refused.files[0].message
    assert store.areas("ward13") is None
    assert import_paths(store, [("near.geojson", near)]).files[0].rows_kept == 1
    assert list(store.areas("ward13").index) == ["E05005000"]  # type: ignore[union-attr]
