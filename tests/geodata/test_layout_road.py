"""Road lines of three kinds: who may use them, which way, and what a file does not say is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geodata.authority_scope import with_areas
from geodata.content import parse_payload
from geodata.errors import DamagedFileError, MissingDataError, OtherAuthorityError
from geodata.importer import import_paths
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.road import MARGIN_M, ROADS, content_of
from geodata.layouts.road_tag import TAGS, maxspeed_km_h, tag_columns, way_columns
from geodata.store import Store
from tests.geodata.file_fixture import X0, Y0, geojson, payload, ward_boundaries
from tests.geodata.osm_fixture import Ways, osm_pbf, osm_xml
from tests.geodata.test_layout_place import TOYTOWN

HIGH_STREET = ({"highway": "residential"}, [(X0, Y0 + 500), (X0 + 500, Y0 + 500), (X0 + 900, Y0 + 500)])
BRIDGE = (
    {"highway": "primary", "oneway": "yes", "maxspeed": "30 mph"},
    [(X0 + 500, Y0 + 500), (X0 + 500, Y0 + 900)],
)
RIVER = ({"waterway": "river", "name": "Ouse"}, [(X0, Y0 + 700), (X0 + 900, Y0 + 700)])
WAYS: Ways = (HIGH_STREET, BRIDGE, RIVER)


def parse(content: bytes) -> Parsed:
    (raw,) = parse_payload(payload(content))
    found = [layout for layout in LAYOUTS if layout.matches(raw)]
    assert found[0] in ROADS
    return found[0].parse(raw, TOYTOWN)


def ways(tags: Mapping[str, str]) -> pd.Series:
    return way_columns(tag_columns(pd.DataFrame([tags]))).iloc[0]


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X0 + x, Y0 + y) for x, y in points])


@pytest.mark.parametrize("written", [osm_pbf, osm_xml])
def test_an_openstreetmap_file_gives_its_roads_and_never_its_rivers(written: Callable[[Ways], bytes]) -> None:
    (dataset,) = parse(written(WAYS)).datasets
    assert (dataset.id, dataset.kind) == ("roads:openstreetmap", "roads")
    frame = dataset.frame.set_index("road_class")
    assert sorted(frame.index) == ["primary", "residential"]
    assert frame.geometry.length.round(0).to_dict() == {"residential": 900, "primary": 400}
    assert frame.loc["primary", ["drive_forward", "drive_backward"]].tolist() == [True, False]
    assert frame.loc["primary", "maxspeed_km_h"] == pytest.approx(30 * 1.609344)
    assert frame.geometry.iloc[0].coords[0] == pytest.approx((X0, Y0 + 500), abs=0.1)


def test_a_damaged_extract_is_refused() -> None:
    with pytest.raises(DamagedFileError, match="OpenStreetMap extract"):
        parse_payload(payload(osm_pbf(WAYS)[:120]))


def test_tags_are_read_in_columns_of_their_own_and_packed_as_gdal_writes_them() -> None:
    packed = pd.DataFrame({"highway": ["primary"], "other_tags": ['"oneway"=>"-1","maxspeed"=>"20 mph"']})
    told = tag_columns(packed).iloc[0]
    assert (told["oneway"], told["maxspeed"], told["foot"]) == ("-1", "20 mph", "")
    assert tag_columns(pd.DataFrame({"highway": ["Primary"], "oneway": [True]})).iloc[0]["oneway"] == "true"
    assert tag_columns(pd.DataFrame({"highway": [None]})).iloc[0].tolist() == [""] * len(TAGS)


@pytest.mark.parametrize(
    ("tags", "walk", "cycle", "drive"),
    [
        ({"highway": "residential"}, True, (True, True), (True, True)),
        ({"highway": "motorway"}, False, (False, False), (True, False)),
        ({"highway": "trunk"}, True, (True, True), (True, True)),
        ({"highway": "trunk", "foot": "no"}, False, (True, True), (True, True)),
        ({"highway": "footway"}, True, (False, False), (False, False)),
        ({"highway": "footway", "bicycle": "designated"}, True, (True, True), (False, False)),
        ({"highway": "steps"}, True, (False, False), (False, False)),
        ({"highway": "cycleway", "foot": "no"}, False, (True, True), (False, False)),
        ({"highway": "residential", "oneway": "yes"}, True, (True, False), (True, False)),
        ({"highway": "residential", "oneway": "-1"}, True, (False, True), (False, True)),
        (
            {"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"},
            True,
            (True, True),
            (True, False),
        ),
        ({"highway": "tertiary", "junction": "roundabout"}, True, (True, False), (True, False)),
        ({"highway": "service", "access": "private"}, False, (False, False), (False, False)),
        ({"highway": "service", "access": "private", "foot": "yes"}, True, (False, False), (False, False)),
        ({"highway": "unclassified", "motor_vehicle": "no"}, True, (True, True), (False, False)),
        ({}, True, (True, True), (True, True)),
    ],
)
def test_who_may_use_a_road_follows_its_tags(
    tags: dict[str, str], walk: bool, cycle: tuple[bool, bool], drive: tuple[bool, bool]
) -> None:
    found = ways({"highway": "", **tags})
    assert found["walk"] == walk
    assert (found["cycle_forward"], found["cycle_backward"]) == cycle
    assert (found["drive_forward"], found["drive_backward"]) == drive


def test_limits_are_read_in_miles_and_kilometres_and_words_are_no_limit() -> None:
    found = maxspeed_km_h(pd.Series(["30 mph", "50", "national", "", "none", "0"]))
    assert found[:2].tolist() == pytest.approx([48.28032, 50.0])
    assert found[2:].isna().all()


def test_lines_without_tags_are_roads_open_to_all_and_what_they_lack_is_said() -> None:
    parsed = parse(
        geojson([{"trips": 3.5}, {"trips": 1.0}], [line((0, 0), (900, 0)), line((0, 0), (0, 400))])
    )
    (dataset,) = parsed.datasets
    assert dataset.id == "roads:council_roads"
    assert dataset.frame[["walk", "cycle_forward", "drive_backward"]].all(axis=None)
    assert any("no classes, speeds or one-way" in note for note in parsed.notes)
    assert any("2 lines, 1 km" in note for note in dataset.provenance.notes)


def test_open_roads_keep_their_classes_and_motorways_are_not_walked() -> None:
    parsed = parse(
        geojson(
            [
                {"roadFunction": "Motorway", "formOfWay": "Dual Carriageway"},
                {"roadFunction": "B Road", "formOfWay": "Single Carriageway"},
                {"roadFunction": "Restricted Local Access Road", "formOfWay": "Guided Busway"},
            ],
            [line((0, 0), (900, 0)), line((0, 0), (0, 400)), line((0, 0), (400, 400))],
        )
    )
    (dataset,) = parsed.datasets
    assert dataset.provenance.source_id == "os_open_roads"
    assert dataset.frame.set_index("road_class")["walk"].to_dict() == {"motorway": False, "secondary": True}
    assert any("one-way" in note for note in parsed.notes)


def test_rivers_and_railways_are_no_roads() -> None:
    (raw,) = parse_payload(payload(geojson([{"waterway": "river"}], [line((0, 0), (900, 0))])))
    assert not any(layout.matches(raw) for layout in ROADS)


def test_every_line_that_is_left_out_is_counted_with_its_reason() -> None:
    shapes = [
        line((0, 0), (900, 0)),
        line((3_000 + MARGIN_M + 1, 0), (3_000 + MARGIN_M + 100, 0)),
        line((0, 100), (900, 100)),
        line((0, 200), (900, 200)),
        shapely.Point(X0, Y0),
        line((0, 300), (900, 300)),
    ]
    tags = [
        {"highway": "residential", "access": ""},
        {"highway": "residential", "access": ""},
        {"highway": "construction", "access": ""},
        {"highway": "service", "access": "private"},
        {"highway": "crossing", "access": ""},
        {"highway": "", "access": ""},
    ]
    parsed = parse(geojson(tags, shapes))
    assert (parsed.rows_in, parsed.rows_kept) == (6, 1)
    assert {entry.reason: entry.n_rows for entry in parsed.dropped} == {
        "more than 5 km outside the authority's box": 1,
        "not built, or no way to travel on": 1,
        "closed to everybody": 1,
        "not a line": 1,
        "not a road or path": 1,
    }


def test_a_line_just_inside_the_margin_stays() -> None:
    parsed = parse(geojson([{"a": 1}], [line((3_000 + MARGIN_M - 1, 0), (3_000 + MARGIN_M + 100, 0))]))
    assert parsed.rows_kept == 1


def test_roads_of_elsewhere_and_roads_before_outlines_are_refused() -> None:
    far = geojson([{"a": 1}], [line((90_000, 0), (90_500, 0))])
    with pytest.raises(OtherAuthorityError, match="No road of this file lies near Toytown"):
        parse(far)
    (raw,) = parse_payload(payload(far))
    with pytest.raises(MissingDataError, match="Import its ward boundaries"):
        ROADS[2].parse(raw, replace(TOYTOWN, outline=None))


def test_parts_of_a_line_become_lines_and_the_same_lines_have_the_same_name() -> None:
    both = shapely.multilinestrings([line((0, 0), (900, 0)), line((0, 50), (900, 50))])
    frame = parse(geojson([{"a": 1}], [both])).datasets[0].frame
    assert len(frame) == 2
    assert set(frame.geometry.geom_type) == {"LineString"}
    assert content_of(frame) == content_of(frame.copy())
    assert content_of(frame) != content_of(frame.iloc[:1])
    assert content_of(frame) != content_of(frame.assign(walk=False))


def test_roads_come_in_with_boundaries_in_one_import_and_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "workspace")
    report = import_paths(store, [("roads.osm.pbf", osm_pbf(WAYS)), ("wards.geojson", ward_boundaries())])
    assert [file.message for file in report.files] == ["", ""]
    kept = store.read("roads:openstreetmap")
    assert kept.crs == "EPSG:27700"
    assert len(kept) == 2


def test_yorks_partial_network_comes_in_line_for_line(york_data: Path, york: Context) -> None:
    content = (york_data / "transport" / "osrm_road_subset_york.geojson").read_bytes()
    (raw,) = parse_payload(payload(content))
    parsed = next(layout for layout in LAYOUTS if layout.matches(raw)).parse(
        raw, with_areas(york, york.areas)
    )
    published = json.loads(content)["features"]
    assert (parsed.rows_in, parsed.rows_kept) == (len(published), len(published))
    assert parsed.datasets[0].provenance.source_id == "council_roads"
