"""Lookups, centroids and postcodes: known by columns or values, cut to the authority."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.content import parse_payload
from geodata.errors import OtherAuthorityError
from geodata.layouts import LAYOUTS
from geodata.layouts.layout import Context, Parsed
from tests.geodata.file_fixture import (
    AUTHORITY,
    LSOAS,
    WARD_OF,
    WARDS,
    X0,
    Y0,
    codepoint,
    lsoa_ward_lookup,
    payload,
)

TOYTOWN = Context(authority_code=AUTHORITY, authority_name="Toytown")


def parse(content: str, context: Context = TOYTOWN) -> tuple[str, Parsed]:
    (raw,) = parse_payload(payload(content))
    layout = next(layout for layout in LAYOUTS if layout.matches(raw))
    return layout.id, layout.parse(raw, context)


@pytest.mark.parametrize(
    ("published", "other"),
    [
        ("LSOA21CD", "lsoa21_code"),
        ("WD25CD", "ward24_code"),
        ("LAD25CD", "ltla24_code"),
        ("LSOA21CD", "F_LSOA21CD"),
    ],
)
def test_a_lookup_in_published_or_tidy_spelling_is_the_same_lookup(published: str, other: str) -> None:
    layout, parsed = parse(lsoa_ward_lookup().replace(published, other))
    (dataset,) = parsed.datasets
    assert layout == "lookup"
    assert dataset.id == "lookup:lsoa21:ward:best_fit"
    assert dict(zip(dataset.frame["from_code"], dataset.frame["to_code"], strict=True)) == WARD_OF
    assert (dataset.frame["weight"] == 1).all()
    assert [(d.reason, d.n_rows) for d in parsed.dropped] == [("outside Toytown", 1)]


def test_an_exact_change_list_and_a_best_fit_list_have_ids_of_their_own() -> None:
    exact = (
        "F_LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD,LAD22NM\n"
        f"E01000001,a,E01000001,a,U,{AUTHORITY},Toytown\n"
        f"E01000009,a,E01000002,a,S,{AUTHORITY},Toytown\n"
        f"E01000009,a,E01000003,a,S,{AUTHORITY},Toytown\n"
    )
    fitted = (
        f"LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,LAD22CD,LAD22NM\nE01000009,a,E01000002,a,{AUTHORITY},Toytown\n"
    )
    exact_set, fitted_set = parse(exact)[1].datasets[0], parse(fitted)[1].datasets[0]
    assert exact_set.id == "lookup:lsoa11:lsoa21:exact_change"
    assert fitted_set.id == "lookup:lsoa11:lsoa21:best_fit"
    assert exact_set.frame.groupby("from_code")["weight"].sum().eq(1).all()
    assert exact_set.frame["weight"].tolist() == [1.0, 0.5, 0.5]


def test_a_lookup_of_another_authority_is_refused() -> None:
    with pytest.raises(OtherAuthorityError, match="York"):
        parse(lsoa_ward_lookup(), replace(TOYTOWN, authority_code="E06000014", authority_name="York"))


@pytest.mark.parametrize(
    "header",
    ["X,Y,objectid,lsoa11cd,lsoa11nm", "x,y,FID,LSOA11CD,LSOA11NM", "X,Y,GlobalID,lsoa11_code,lsoa11_name"],
)
def test_centroids_in_metres_without_a_coordinate_system(header: str) -> None:
    rows = "".join(f"{X0 + 500},{Y0 + i},{i},{code},n\n" for i, code in enumerate(LSOAS))
    layout, parsed = parse(f"{header}\n{rows}")
    assert layout == "centroids"
    (dataset,) = parsed.datasets
    assert dataset.id == "centroids:lsoa11"
    assert dataset.frame.loc[LSOAS[2]].tolist() == [X0 + 500, Y0 + 2]


def test_centroids_in_degrees_are_moved_to_metres() -> None:
    _, parsed = parse("x,y,LSOA21CD\n-1.0803,53.9623,E01000001\n")
    x, y = parsed.datasets[0].frame.iloc[0]
    # York Minster stands near SE 603 522.
    assert abs(x - 460_300) < 200
    assert abs(y - 452_200) < 200


@pytest.mark.parametrize("header", ["", "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n"])
def test_code_point_with_and_without_its_header(header: str) -> None:
    layout, parsed = parse(header + codepoint())
    (dataset,) = parsed.datasets
    assert layout == "code_point"
    assert dataset.frame.index.tolist() == ["TT1 1AA", "TT1 1AB"]
    assert dataset.frame["ward_code"].tolist() == list(WARDS[:2])
    assert [(d.reason, d.n_rows) for d in parsed.dropped] == [("outside Toytown", 1)]


def test_the_header_file_of_code_point_is_documentation() -> None:
    layout, parsed = parse(
        "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\nPostcode,Positional_quality_indicator,a,b,c,d,e,f,g,h\n"
    )
    assert layout == "code_point_header"
    assert parsed.datasets == ()


def test_centre_points_are_not_taken_for_population_weighted_centroids() -> None:
    layout, parsed = parse("LSOACD,latitude,longitude,lsoa11cd\nE01000001,53.9,-1.1,E01000001\n")
    assert layout == "centre_points"
    assert parsed.datasets == ()
    assert parsed.dropped[0].n_rows == 1


def test_a_table_of_figures_with_two_code_columns_is_no_lookup() -> None:
    (raw,) = parse_payload(payload("LSOA21CD,LAD24CD,Income score\nE01000001,E06000099,0.5\n"))
    assert not any(layout.id == "lookup" and layout.matches(raw) for layout in LAYOUTS)


def test_a_nesting_list_gives_every_pair_of_levels() -> None:
    text = "OA21CD,LSOA21CD,LSOA21NM,MSOA21CD,MSOA21NM,LAD22CD,LAD22NM\n"
    text += "".join(
        f"E0000000{i},E0100000{(i + 1) // 2},n,E02000001,n,{AUTHORITY},Toytown\n" for i in (1, 2, 3, 4)
    )
    _, parsed = parse(text)
    sizes = {dataset.id: len(dataset.frame) for dataset in parsed.datasets}
    assert sizes == {
        "lookup:oa21:lsoa21:exact_change": 4,
        "lookup:oa21:msoa21:exact_change": 4,
        "lookup:lsoa21:msoa21:exact_change": 2,
    }
    assert all((dataset.frame["weight"] == 1).all() for dataset in parsed.datasets)
