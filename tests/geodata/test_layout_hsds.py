"""Directories of services: documents written by the published schemas (HSDS 3.0, Open Referral UK 1.0)."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.content import parse_payload
from geodata.errors import InputError, MissingDataError
from geodata.hsds_document import is_hsds
from geodata.importer import import_paths
from geodata.layouts import LAYOUTS
from geodata.layouts.hsds import HSDS
from geodata.layouts.layout import Parsed
from geodata.payload import Payload
from geodata.store import Store
from neighbourhoods.register.change import joined_twins
from neighbourhoods.register.hours import parse_hours
from tests.geodata.file_fixture import X0, Y0, geojson, payload, square
from tests.geodata.test_layout_place import TOYTOWN

CENTRE = gpd.GeoSeries(gpd.points_from_xy([X0 + 1_500], [Y0 + 500]), crs=27700).to_crs(4326).iloc[0]
HALL = {
    "id": "loc-1",
    "location_type": "physical",
    "name": "Village Hall",
    "latitude": CENTRE.y,
    "longitude": CENTRE.x,
    "addresses": [{"address_1": "1 High Street", "city": "Toytown", "postal_code": "TT1 1AA"}],
    "accessibility": [{"description": "Wheelchair access on all levels."}],
}


def service(name: str, *locations: dict[str, object], **more: object) -> dict[str, object]:
    """A service of HSDS 3.0 as an API nests it."""
    return {
        "id": name.lower(),
        "name": name,
        "status": "active",
        "assured_date": "2026-01-02",
        "organization": {"id": "o", "name": "Toytown Friends"},
        "attributes": [{"taxonomy_term": {"name": "Older people"}}],
        "schedules": [{"byday": "TU,WE", "opens_at": "12:00:00", "closes_at": "14:00:00"}],
        "service_at_locations": [{"id": f"{name}-{i}", "location": one} for i, one in enumerate(locations)],
        **more,
    }


def page(*services: dict[str, object], number: int = 1, pages: int = 1) -> dict[str, object]:
    return {
        "total_items": len(services),
        "total_pages": pages,
        "page_number": number,
        "size": 50,
        "first_page": number == 1,
        "last_page": number == pages,
        "empty": not services,
        "contents": list(services),
    }


def parse(document: object) -> Parsed:
    (raw,) = parse_payload(payload(json.dumps(document)))
    assert [layout for layout in LAYOUTS if layout.matches(raw)] == [*HSDS]
    return HSDS[0].parse(raw, TOYTOWN)


@pytest.mark.parametrize(
    ("schedules", "said", "is_known"),
    [
        ([{"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}] * 2, "Mon 09:00 to 12:00", True),
        (
            [
                {"byday": "MO", "freq": "WEEKLY", "opens_at": "09:00:00", "closes_at": "12:00:00"},
                {"byday": "MO", "freq": "WEEKLY", "opens_at": "10:00:00", "closes_at": "17:00:00"},
            ],
            "Mon 09:00 to 12:00, 10:00 to 17:00",
            True,
        ),
        (
            [{"byday": "1MO", "freq": "MONTHLY", "opens_at": "09:00", "closes_at": "12:00"}],
            "monthly (1MO) Mon 09:00 to 12:00",
            False,
        ),
        (
            [{"byday": "MO", "freq": "WEEKLY", "interval": 2, "opens_at": "09:00", "closes_at": "12:00"}],
            "every 2 weeks Mon 09:00 to 12:00",
            False,
        ),
    ],
)
def test_a_schedule_is_hours_of_the_week_only_where_every_week_is_the_same(
    schedules: list[dict[str, object]], said: str, is_known: bool
) -> None:
    parsed = parse(page(service("Chess", {**HALL, "schedules": schedules}, schedules=[])))
    text = parsed.datasets[0].frame["opening_hours"].iloc[0]
    assert text == said
    assert parse_hours(text).is_known is is_known


def test_a_page_of_services_becomes_venues_with_their_services() -> None:
    parsed = parse(page(service("Lunch club", HALL), service("Chess", HALL, attributes=[], schedules=[])))
    assert (parsed.rows_in, parsed.rows_kept) == (1, 1)
    (dataset,) = parsed.datasets
    assert dataset.id == "places:venue:open_referral"
    row = dataset.frame.loc["venue:hsds-loc-1"]
    assert row["name"] == "Village Hall"
    assert row["services"] == "Lunch club (Older people); Chess"
    assert row["owner"] == "Toytown Friends"
    assert row["opening_hours"] == "Lunch club: Tue Wed 12:00 to 14:00"
    assert row["step_free"] == "Wheelchair access on all levels."
    assert row["checked_on"] == "2026-01-02"
    assert (row["address"], row["postcode"]) == ("1 High Street, Toytown", "TT1 1AA")
    assert row.geometry.distance(gpd.points_from_xy([X0 + 1_500], [Y0 + 500])[0]) < 1
    assert any("2 services" in note for note in parsed.notes)


def test_the_uks_version_1_is_read_by_its_own_names() -> None:
    location = {
        "id": "loc-2",
        "name": "Baths",
        "latitude": None,
        "longitude": None,
        "physical_addresses": [{"address_1": "2 Low Street", "city": "Toytown", "postal_code": "tt11ab"}],
        "accessibility_for_disabilities": [{"accessibility": "Ramp at the side"}],
    }
    document = {
        "totalElements": 1,
        "totalPages": 1,
        "number": 1,
        "size": 50,
        "first": True,
        "last": True,
        "content": [
            {
                "id": "s",
                "name": "Swimming",
                "status": "active",
                "organization": {"id": "o", "name": "Trust"},
                "service_taxonomys": [{"taxonomy": {"id": "t", "name": "Sport", "vocabulary": "esd"}}],
                "service_at_locations": [
                    {
                        "id": "sal",
                        "location": location,
                        "regular_schedule": [{"byday": "SA", "opens_at": "09:00", "closes_at": "11:30"}],
                    }
                ],
            }
        ],
    }
    row = parse(document).datasets[0].frame.loc["venue:hsds-loc-2"]
    assert (row["name"], row["services"]) == ("Baths", "Swimming (Sport)")
    assert row["opening_hours"] == "Swimming: Sat 09:00 to 11:30"
    assert row["step_free"] == "Ramp at the side"
    assert row["postcode"] == "TT1 1AB"  # it has no coordinates: the postcode places it


def test_flat_tables_and_services_at_locations_say_the_same_as_nested_ones() -> None:
    nested = parse([service("Lunch club", HALL)]).datasets[0].frame
    turned = parse(page({"id": "x", "service": service("Lunch club"), "location": HALL})).datasets[0].frame
    plain = {key: value for key, value in HALL.items() if key not in ("addresses", "accessibility")}
    flat = {
        "organizations": [{"id": "o", "name": "Toytown Friends"}],
        "services": [
            {
                "id": "s",
                "organization_id": "o",
                "name": "Lunch club",
                "status": "active",
                "assured_date": "2026-01-02",
            }
        ],
        "locations": [plain],
        "service_at_locations": [{"id": "x", "service_id": "s", "location_id": "loc-1"}],
        "addresses": [{"location_id": "loc-1", **HALL["addresses"][0]}],  # type: ignore[index]
        "accessibility": [{"location_id": "loc-1", **HALL["accessibility"][0]}],  # type: ignore[index]
        "schedules": [{"service_id": "s", "byday": "TU,WE", "opens_at": "12:00:00", "closes_at": "14:00:00"}],
        "taxonomy_terms": [{"id": "t", "name": "Older people"}],
        "attributes": [{"link_id": "s", "taxonomy_term_id": "t"}],
    }
    columns = [c for c in nested.columns if c != "geometry"]
    for other in (
        turned,
        parse(flat).datasets[0].frame,
        parse(service("Lunch club", HALL)).datasets[0].frame,
    ):
        assert other[columns].to_dict() == nested[columns].to_dict()
        assert other.geometry.geom_equals_exact(nested.geometry, 0.01).all()


def test_what_does_not_run_or_is_no_place_is_left_out_and_counted() -> None:
    shed = {**HALL, "id": "loc-3", "name": "Shed"}
    online = {**HALL, "id": "loc-4", "name": "Online", "location_type": "virtual"}
    parsed = parse(
        page(
            service("Lunch club", HALL, online),
            service("Old club", shed, status="defunct"),
            service("Helpline"),
        )
    )
    assert {d.reason: d.n_rows for d in parsed.dropped} == {
        "no service runs there now": 1,
        "virtual, no place": 1,
    }
    assert parsed.rows_in - parsed.rows_kept == 2
    assert any("1 services name no location" in note for note in parsed.notes)
    assert any("1 services do not run now" in note for note in parsed.notes)


def test_a_list_without_locations_says_what_to_save_instead() -> None:
    with pytest.raises(MissingDataError, match="names a location"):
        parse(page(service("Helpline")))


def test_hostile_names_stay_text_and_wrong_types_are_passed_over() -> None:
    hostile = {**HALL, "name": "<script>alert(1)</script>\u202e", "latitude": CENTRE.y, "addresses": "none"}
    bad = {"name": ["x"], "service_at_locations": [{"location": "loc"}, None, 5], "attributes": {"a": 1}}
    parsed = parse(page(service("=cmd|' /C calc'!A0", hostile, organization="text", schedules=7), bad))
    (row,) = parsed.datasets[0].frame.to_dict("records")
    assert row["name"] == "<script>alert(1)</script>"
    assert row["services"].startswith("=cmd")
    assert row["owner"] == ""


@pytest.mark.parametrize(
    "document",
    [
        {"a": 1},
        {"error": "x"},
        [{"name": "Hall", "postcode": "TT1 1AA"}],
        [],
        {"content": [1, 2]},
        "x",
        3,
        None,
    ],
)
def test_other_json_is_no_directory(document: object) -> None:
    assert not is_hsds(document)


def test_geojson_stays_a_map() -> None:
    (raw,) = parse_payload(payload(geojson([{"name": "Depot"}], [square(0, 0)])))
    assert not HSDS[0].matches(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "services",
                    "contents",
                    "name",
                    "location",
                    "locations",
                    "service_at_locations",
                    "addresses",
                    "id",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_read_or_refused_in_words(value: object) -> None:
    content = json.dumps(value).encode()
    with contextlib.suppress(InputError):  # refused in words
        parse_payload(Payload("x.json", "", content))


def test_pages_of_one_directory_stand_side_by_side(tmp_path: Path) -> None:
    first = page(service("Lunch club", HALL), number=1, pages=2)
    second = page(service("Chess", HALL), number=2, pages=2)
    wards = geojson(
        [{"WD25CD": "E05000001", "WD25NM": "A", "LAD25CD": "E06000099", "LAD25NM": "Toytown"}],
        [square(0, 0, width=3)],
    )
    store = Store(tmp_path)
    files = [
        ("w.geojson", wards),
        ("1.json", json.dumps(first).encode()),
        ("2.json", json.dumps(second).encode()),
    ]
    report = import_paths(store, files, authority="E06000099")
    assert [f.message for f in report.files] == ["", "", ""]
    assert len(store.places()) == 2
    places = joined_twins(store.places())
    assert places["services"].to_dict() == {
        "venue:hsds-loc-1": "Lunch club (Older people); Chess (Older people)"
    }
