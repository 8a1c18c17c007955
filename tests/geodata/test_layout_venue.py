"""A council's register of venues by any names of columns; a cost that cannot be read is never nought."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.content import parse_payload
from geodata.errors import InputError
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Parsed
from geodata.layouts.venue import VENUES
from tests.geodata.file_fixture import X0, Y0, geojson, payload, square
from tests.geodata.test_layout_place import TOYTOWN

REGISTER = (
    "Venue name,Owner,Post code,Status,Annual running cost,Opening cost,Capacity,Step free\n"
    'Town Hall,Council,TT1 1AA,Stays,"£120,000",,300,yes\n'
    "Old Baths,Trust,TT1 1AB,May close,45000,,80,no\n"
    "Corner Shop,Private,TT1 1AB,Candidate,9000,25000,,\n"
    "Nowhere,Council,ZZ9 9ZZ,,,,,\n"
)


def parse(content: str | bytes) -> Parsed:
    (raw,) = parse_payload(payload(content))
    found = [layout for layout in LAYOUTS if layout.matches(raw)]
    assert found == [*VENUES]
    return found[0].parse(raw, TOYTOWN)


def test_venues_keep_their_costs_state_and_owner() -> None:
    parsed = parse(REGISTER)
    assert (parsed.rows_in, parsed.rows_kept) == (4, 3)
    frame = parsed.datasets[0].frame.set_index("name")
    assert frame["status"].to_dict() == {
        "Town Hall": "stays",
        "Old Baths": "may close",
        "Corner Shop": "candidate",
    }
    assert frame["running_cost_gbp"].to_dict() == {
        "Town Hall": 120_000,
        "Old Baths": 45_000,
        "Corner Shop": 9_000,
    }
    assert np.isnan(frame.loc["Town Hall", "opening_cost_gbp"])
    assert frame.loc["Corner Shop", "opening_cost_gbp"] == 25_000
    assert frame.loc["Old Baths", "owner"] == "Trust"
    assert set(frame["kind"]) == {"venue"}
    assert frame.geometry.x.loc["Town Hall"] == X0 + 500


def test_other_names_coordinates_and_outlines_are_understood() -> None:
    table = f"Building,Ownership,Easting,Northing,Decision\nHub,Council,{X0 + 10},{Y0 + 20},retained\n"
    frame = parse(table).datasets[0].frame
    assert frame["status"].tolist() == ["stays"]
    assert frame.geometry.x.tolist() == [X0 + 10]
    drawn = parse(geojson([{"name": "Depot", "owner": "Council"}], [square(0, 0)])).datasets[0].frame
    assert drawn.geometry.iloc[0].within(square(0, 0))


def test_a_status_that_is_not_understood_is_open_as_it_is() -> None:
    table = "Venue,Owner,Postcode,Status\nA,Council,TT1 1AA,who knows\nB,Council,TT1 1AB,\n"
    assert parse(table).datasets[0].frame["status"].tolist() == ["open", "open"]


@pytest.mark.parametrize("cost", ["lots", "-5", "1e999"])
def test_a_cost_that_cannot_be_read_stops_the_file_and_is_named(cost: str) -> None:
    table = f"Venue,Owner,Postcode,Running cost\nTown Hall,Council,TT1 1AA,{cost}\n"
    with pytest.raises(InputError, match="Town Hall: running cost"):
        parse(table)


def test_a_list_that_says_nothing_of_premises_is_no_register() -> None:
    (raw,) = parse_payload(payload("name,postcode\nTown Hall,TT1 1AA\n"))
    assert not VENUES[0].matches(raw)
