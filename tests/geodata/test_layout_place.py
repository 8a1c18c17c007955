"""Places stand where their file or their postcode says, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geodata.content import parse_payload
from geodata.errors import MissingDataError, OtherAuthorityError
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Context, Parsed
from geodata.text import repair_mojibake
from tests.geodata.file_fixture import AUTHORITY, X0, Y0, payload, square

POSTCODES = pd.DataFrame(
    {
        "x": [X0 + 500.0, X0 + 1500.0],
        "y": [Y0 + 500.0] * 2,
        "ward_code": "w",
        "lad_code": AUTHORITY,
        "quality": 10,
    },
    index=pd.Index(["TT1 1AA", "TT1 1AB"], name="postcode"),
)
TOYTOWN = Context(
    authority_code=AUTHORITY, authority_name="Toytown", outline=square(0, 0, width=3), postcodes=POSTCODES
)


def parse(content: str | bytes, context: Context = TOYTOWN) -> Parsed:
    (raw,) = parse_payload(payload(content))
    return next(layout for layout in LAYOUTS if layout.matches(raw)).parse(raw, context)


def reasons(parsed: Parsed) -> dict[str, int]:
    return {entry.reason: entry.n_rows for entry in parsed.dropped}


def practice(code: str, postcode: str, status: str, setting: str, closed: str = "") -> str:
    """One row of epraccur as published: 27 quoted columns."""
    cells = [code, f"{code} SURGERY", "Y63", "QOQ", "1 HIGH STREET", "", "", "TOYTOWN", "", postcode]
    cells += [
        "19740401",
        closed,
        status,
        "B",
        "03Q",
        "20130401",
        "",
        "01904 1",
        "",
        "",
        "",
        "0",
        "",
        "03Q",
        "",
        setting,
        "",
    ]
    assert len(cells) == 27
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


EPRACCUR = (
    practice("B82001", "TT1 1AA", "A", "4")
    + practice("B82002", "TT11AB", "A", "4")
    + practice("B82003", "TT1 1AA", "C", "4", "20170731")
    + practice("B82004", "TT1 1AA", "A", "9")
    + practice("B82005", "TT1 1ZZ", "A", "4")
    + practice("B82006", "LS1 1AA", "A", "4")
)


def test_only_active_practices_become_surgeries_and_postcodes_locate_them() -> None:
    parsed = parse(EPRACCUR)
    (dataset,) = parsed.datasets
    assert dataset.frame.index.tolist() == ["gp_surgery:B82001", "gp_surgery:B82002"]
    assert dataset.frame.geometry.x.tolist() == [X0 + 500, X0 + 1500]
    assert reasons(parsed) == {
        "closed, dormant or not open yet": 1,
        "not a GP practice (another prescribing setting)": 1,
        "postcode not in Code-Point Open": 1,
        "outside Toytown": 1,
    }
    assert parsed.rows_in - parsed.rows_kept == sum(reasons(parsed).values())


def test_the_newer_practice_file_is_known_by_its_values() -> None:
    newer = EPRACCUR.replace('"A","B"', '"ACTIVE","B"').replace('"C","B"', '"CLOSED","B"')
    newer = newer.replace('"4",""', '"RO177|RO76",""').replace('"9",""', '"RO177|RO80",""')
    assert parse(newer).datasets[0].frame.index.tolist() == ["gp_surgery:B82001", "gp_surgery:B82002"]


def test_without_postcodes_the_message_says_what_to_import() -> None:
    with pytest.raises(MissingDataError, match="Import Code-Point Open"):
        parse(EPRACCUR, replace(TOYTOWN, postcodes=None))


STOPS = (
    "ATCOCode,CommonName,Indicator,Street,LocalityName,Easting,Northing,Longitude,Latitude,StopType,Status\n"
    f"1,Market,Stop A,High St,Toytown,{X0 + 10:.0f},{Y0 + 10:.0f},,,BCT,active\n"
    "2,Minster,,,Toytown,,,-1.0835,53.9650,BCT,active\n"
    f"3,Old stop,,,Toytown,{X0 + 10:.0f},{Y0 + 10:.0f},,,BCT,inactive\n"
    f"4,Station,,,Toytown,{X0 + 10:.0f},{Y0 + 10:.0f},,,RSE,active\n"
    f"5,Far,,,Elsewhere,{X0 + 9000:.0f},{Y0 + 10:.0f},,,BCT,active\n"
    "6,Nowhere,,,Toytown,,,,,BCT,active\n"
)


def test_active_bus_stops_by_metres_or_degrees() -> None:
    parsed = parse(STOPS)
    (dataset,) = parsed.datasets
    assert dataset.frame.index.tolist() == ["bus_stop:1", "bus_stop:2"]
    assert dataset.frame.loc["bus_stop:1", "name"] == "Market (Stop A)"
    assert square(0, 0).contains(dataset.frame.geometry.loc["bus_stop:2"])
    assert reasons(parsed) == {
        "inactive": 1,
        "not a bus stop (rail, taxi, ferry, air)": 1,
        "outside Toytown": 1,
        "no location": 1,
    }


LIBRARIES = (
    "Local authority,Library name,Address 1,Address 2,Address 3,Postcode,Unique property reference number,"
    "Statutory,Type of library,Year opened,Year closed\n"
    "Toytown Council,Reading CafÃ©,High Street,,,TT1 1AA,100,No,CL,2020,\n"
    "Toytown Council,Old Library,High Street,,,TT1 1AA,101,Yes,LAL,2013,2018\n"
)


def test_mojibake_in_a_name_is_repaired_and_closed_libraries_go() -> None:
    parsed = parse(LIBRARIES)
    assert parsed.datasets[0].frame["name"].tolist() == ["Reading Café"]
    assert reasons(parsed) == {"closed": 1}


@pytest.mark.parametrize("text", ["Café", "Ärger", "naïve", "plain", "£5", "Ã"])
def test_text_that_is_right_is_left_alone(text: str) -> None:
    assert repair_mojibake(text) == text


def test_the_national_list_drops_what_is_no_open_library() -> None:
    rows = [("Central", "Static Library", "LA", ""), ("Gone", "Static Library", "Closed", "2018")]
    rows += [
        ("Van", "Mobile Library", "LA", ""),
        ("Deeds", "Archive", "LA", ""),
        ("Inside", "Prison Library", "LA", ""),
    ]
    text = "reporting,name,address1,authority,postcode,uprn,type,operation_22,operation_23,closed\n"
    text += "".join(
        f"Toytown,{n},High Street,Toytown,TT1 1AA,{i},{kind},LA,{op},{closed}\n"
        for i, (n, kind, op, closed) in enumerate(rows)
    )
    parsed = parse(text)
    assert parsed.datasets[0].frame["name"].tolist() == ["Central"]
    assert sum(reasons(parsed).values()) == 4


def test_nhs_sites_are_divided_by_the_not_sign_in_latin_1() -> None:
    header = (
        "OrganisationID¬OrganisationCode¬OrganisationType¬OrganisationStatus¬OrganisationName¬Address1¬City"
    )
    text = f"{header}¬Postcode¬Latitude¬Longitude\r\n"
    text += "1¬X¬Pharmacy¬Visible¬Day, Night & Co¬1 High St¬Toytown¬TT1 1AA¬53.9650¬-1.0835\r\n"
    text += "2¬Y¬Hospital¬Hidden¬Old Ward¬1 High St¬Toytown¬TT1 1AA¬53.9650¬-1.0835\r\n"
    parsed = parse(text.encode("latin-1"))
    (dataset,) = parsed.datasets
    assert dataset.id == "places:pharmacy:nhs_website"
    assert dataset.frame["name"].tolist() == ["Day, Night & Co"]
    assert reasons(parsed) == {"hidden at source": 1}


def school(urn: int, name: str, status: str, head: str, district: str) -> str:
    """One row of the published extract, cut to the columns that matter and those that must not be read."""
    place = f"{X0 + 9:.0f},{Y0 + 9:.0f}"
    return f"{urn},816,{name},Community school,{status},High St,TT1 1AA,{head},{district},{place}\n"


GIAS = (
    "URN,LA (code),EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),Street,Postcode,"
    "HeadTitle (name),HeadFirstName,HeadLastName,DistrictAdministrative (code),Easting,Northing\n"
    + school(1, "St Mary\x92s <b>School</b>", "Open", "Ms,Ada,Nobody", AUTHORITY)
    + school(2, "Old School", "Closed", "Mr,Bo,Noone", AUTHORITY)
    + school(3, "Far School", "Open", "Mr,Bo,Noone", "E08000035")
)


def test_schools_are_read_without_the_names_of_heads() -> None:
    parsed = parse(GIAS.encode("latin-1"))
    (dataset,) = parsed.datasets
    assert dataset.frame["name"].tolist() == ["St Mary’s <b>School</b>"]
    assert "Nobody" not in dataset.frame.to_csv()
    assert reasons(parsed) == {"closed or not open yet": 1, "outside Toytown": 1}


def test_a_list_of_another_place_is_refused() -> None:
    elsewhere = replace(TOYTOWN, authority_name="York", outline=square(50, 50))
    with pytest.raises(OtherAuthorityError, match="York"):
        parse(STOPS, elsewhere)


def test_bus_networks_without_times_are_known_and_kept_out(york_data: Path) -> None:
    for name in ("york-2019-aquius-bus-network.json", "DERIVED_york_bus_links_2019.csv"):
        parsed = parse((york_data / "transport" / name).read_bytes())
        assert parsed.datasets == ()
        assert parsed.notes


def test_hours_of_the_week_stand_beside_the_list_and_apart_from_it() -> None:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    header = ["Local authority", "Library name", "Postcode", "Type of library"]
    week = ['"09:00-12:30,14:00-17:00"', *([""] * 5), "10:00-16:00", "17:00-20:00", *([""] * 6)]
    header += [f"{day} {how} hours" for how in ("staffed", "unstaffed") for day in days]
    rows = [
        ["Toytown", "Central", "TT1 1AA", "LA", *week],
        ["Toytown", "Silent", "TT1 1AA", "LA", *([""] * 14)],
    ]
    parsed = parse("\n".join(",".join(row) for row in [header, *rows]) + "\n")
    places, hours = parsed.datasets
    said = "Mon 09:00-12:30,14:00-17:00,17:00-20:00; Sun 10:00-16:00"
    assert places.frame["opening_hours"].tolist() == [said, ""]
    assert (hours.id, hours.frame["opening_hours"].to_dict()) == (
        "place_hours:library",
        {"library:central": said},
    )
