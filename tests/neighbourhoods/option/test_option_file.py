"""An option file is taken whole, or refused with the rows and codes at fault."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from geodata.errors import DamagedFileError, MissingDataError, OptionError, TooLargeError, VintageError
from geodata.export import to_csv_bytes
from neighbourhoods.option.file import option_areas, option_frame, parse_option_csv
from neighbourhoods.option.option import FootprintOption

WARDS = [f"E0501031{i}" for i in range(1, 7)]
NOTES = ["Source: ONS, licensed under the Open Government Licence v3.0", "=1+1, a note with a comma"]


def frame_of(codes: list[str]) -> gpd.GeoDataFrame:
    """Squares of 1 km in a row from west to east."""
    columns = {"area_name": [f"Area {code[-2:]}" for code in codes]}
    squares = [box(450_000 + 1_000 * i, 450_000, 451_000 + 1_000 * i, 451_000) for i in range(len(codes))]
    index = pd.Index(codes, name="area_code")
    return gpd.GeoDataFrame(columns, index=index, geometry=squares, crs="EPSG:27700")


LSOAS_2011 = ["E01013363", "E01013364", "E01013365"]
LSOAS_2021 = ["E01013363", "E01013364", "E01034761", "E01034762"]
AREAS = {"ward": frame_of(WARDS), "lsoa11": frame_of(LSOAS_2011), "lsoa21": frame_of(LSOAS_2021)}


def csv_of(*lines: str, header: str = "ward_code,footprint") -> bytes:
    return "\n".join((header, *lines)).encode()


WHOLE = [f"{code},{'North' if i < 3 else 'South'}" for i, code in enumerate(WARDS)]
EXPECTED = {code: "North" if i < 3 else "South" for i, code in enumerate(WARDS)}


def parse(content: bytes, *, draft: bool = False) -> FootprintOption:
    return parse_option_csv(content, AREAS, name="Two halves", author="A. Planner", draft=draft)


def test_whole_file_becomes_an_option() -> None:
    option = parse(csv_of(*WHOLE))
    assert dict(option.assignment) == EXPECTED
    assert (option.geography, option.name, option.author) == ("ward", "Two halves", "A. Planner")
    assert (option.id, option.status) == ("", "draft")
    assert option.footprint_ids == ("North", "South")


@pytest.mark.parametrize(
    "header", ["WD25CD,Footprint", "area_code,footprint_id", "x,Neighbourhood", "Ward Code,GROUP"]
)
def test_code_column_has_any_name_and_footprints_one_of_four(header: str) -> None:
    assert dict(parse(csv_of(*WHOLE, header=header)).assignment) == EXPECTED


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode() + b"\r\n\r\n",
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.lower().replace("north", "North").replace("south", "South").encode(),
        lambda text: text.replace(",", " , ").encode(),
        lambda text: (text + '\n\n"# Source: ONS, 2025",\n').encode(),
    ],
)
def test_encodings_line_ends_and_notes_make_no_difference(change) -> None:  # type: ignore[no-untyped-def]
    assert dict(parse(change("\n".join(("ward_code,footprint", *WHOLE)))).assignment) == EXPECTED


def test_windows_1252_is_read() -> None:
    content = "\n".join(("ward_code,footprint", *WHOLE)).replace("North", "Café – North").encode("cp1252")
    assert parse(content).footprint_ids == ("Café – North", "South")


def test_finest_code_column_is_taken_and_other_columns_are_ignored() -> None:
    lines = [f"E06000014,E05010311,York 00{i},{code},{i % 2}" for i, code in enumerate(LSOAS_2021)]
    option = parse(csv_of(*lines, header="LAD25CD,WD25CD,LSOA21NM,LSOA21CD,footprint"))
    assert option.geography == "lsoa21"
    assert dict(option.assignment) == {code: str(i % 2) for i, code in enumerate(LSOAS_2021)}


def test_footprints_named_by_ward_codes_are_not_taken_for_areas() -> None:
    lines = [f"{code},E05010311" for code in LSOAS_2021]
    assert parse(csv_of(*lines, header="code,footprint")).geography == "lsoa21"


def test_html_and_formulas_in_names_stay_text() -> None:
    lines = [
        f"{code},{'1' if i < 3 else '2'},{'<b>N</b>' if i < 3 else '=HYPERLINK(1)'}"
        for i, code in enumerate(WARDS)
    ]
    option = parse(csv_of(*lines, header="ward_code,footprint,footprint_name"))
    assert dict(option.footprint_names) == {"1": "<b>N</b>", "2": "=HYPERLINK(1)"}


def replaced(row: int, line: str) -> bytes:
    lines = list(WHOLE)
    lines[row - 2] = line
    return csv_of(*lines)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv_of(*WHOLE, "E05010312,South"), r"row 8 \(E05010312\): the area stands twice, also in row 3"),
        (csv_of(*WHOLE, "E05010312,North"), r"row 8 \(E05010312\): the area stands twice"),
        (csv_of(*WHOLE, "E05099999,North"), r"not among the workspace's wards: row 8 \(E05099999\)"),
        (csv_of(*WHOLE, "E01034761,North"), r"row 8 \(E01034761, a code of another kind: LSOA \(2011\)\)"),
        (csv_of(*WHOLE, "Acomb,North"), r"row 8 \(ACOMB\)"),
        (csv_of(*WHOLE, ",North"), "row 8: there is no area code"),
        (csv_of(*WHOLE[:-1]), "1 of 6 wards are missing: E05010316"),
        (replaced(4, "E05010313,  "), r"row 4 \(E05010313\): the footprint is empty"),
        (replaced(4, "E05010313,a\x07b"), r"row 4 \(E05010313\): .*control character \(U\+0007\)"),
        (replaced(4, "E05010313,a\u202eb"), r"control character \(U\+202E\)"),
        (replaced(4, "E05010313," + "x" * 201), "longer than 200"),
        (replaced(4, "E05010313,a,b"), "row 4 has more cells than the header"),
        (csv_of(*WHOLE, header="ward_code,team"), "no column called footprint or .*ward_code, team"),
        (csv_of(*WHOLE, header="footprint,footprint"), "two columns called 'footprint'"),
        (csv_of("Acomb,North", header="ward,footprint"), "no column of official area codes"),
        (csv_of(), "no column of official area codes"),
        (b"\n\n", "The file is empty"),
    ],
)
def test_faulty_file_is_refused_with_row_and_code(content: bytes, words: str) -> None:
    with pytest.raises(OptionError, match=words):
        parse(content)


def test_every_faulty_row_is_counted_and_the_first_five_are_listed() -> None:
    lines = [f"{code}," for code in WARDS]
    with pytest.raises(OptionError, match=r"row 2 .*row 6 .*And 1 rows more"):
        parse(csv_of(*lines))


def test_two_names_of_one_footprint_are_refused() -> None:
    lines = [f"{code},1,{'North' if i < 5 else 'South'}" for i, code in enumerate(WARDS)]
    with pytest.raises(
        OptionError, match=r"row 7 \(E05010316\): footprint '1' has a second name here \('South'\)"
    ):
        parse(csv_of(*lines, header="ward_code,footprint,footprint_name"))


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00", b'ward_code,footprint\n"E05010311', b"\xff\xfea"]
)
def test_bytes_that_are_no_table_are_damaged(content: bytes) -> None:
    with pytest.raises(DamagedFileError):
        parse(content)


def test_huge_file_is_refused() -> None:
    with pytest.raises(TooLargeError):
        parse(b"x" * 20_000_001)


def test_draft_may_leave_areas_out_or_empty() -> None:
    content = csv_of(*WHOLE[:2], "E05010313,")
    with pytest.raises(OptionError, match="row 4"):
        parse(content)
    assert dict(parse(content, draft=True).assignment) == {"E05010311": "North", "E05010312": "North"}
    with pytest.raises(OptionError, match="No area of this file has a footprint"):
        parse(csv_of("E05010313,"), draft=True)


def test_vintage_is_told_by_the_codes() -> None:
    for codes, geography in ((LSOAS_2011, "lsoa11"), (LSOAS_2021, "lsoa21")):
        assert parse(csv_of(*(f"{code},1" for code in codes), header="code,footprint")).geography == geography


def test_shared_codes_of_a_draft_take_the_vintage_of_the_column_name() -> None:
    for header, geography in (("LSOA11CD", "lsoa11"), ("lsoa_2021", "lsoa21")):
        content = csv_of("E01013363,1", header=f"{header},footprint")
        assert parse(content, draft=True).geography == geography


def test_shared_codes_of_a_draft_without_a_year_are_those_of_the_newest_vintage() -> None:
    assert parse(csv_of("E01013363,1", header="code,footprint"), draft=True).geography == "lsoa21"


def test_mixed_vintages_are_refused_and_both_are_named() -> None:
    lines = [f"{code},1" for code in (*LSOAS_2021, "E01013365")]
    with pytest.raises(VintageError, match=r"E01013365.*LSOAs \(2011\).*LSOAs \(2021\)"):
        parse(csv_of(*lines, header="code,footprint"))


def test_other_vintage_is_named_by_the_column_where_its_areas_are_not_loaded() -> None:
    content = csv_of(*(f"{code},1" for code in LSOAS_2011), header="LSOA11CD,footprint")
    with pytest.raises(VintageError, match=r"E01013365.*LSOAs \(2011\).*LSOAs \(2021\)"):
        parse_option_csv(content, {"lsoa21": AREAS["lsoa21"]}, name="x")


def test_kind_of_area_that_is_not_loaded_says_what_to_import() -> None:
    content = csv_of("E02002772,1", header="MSOA21CD,footprint")
    with pytest.raises(MissingDataError, match=r"MSOAs \(2021\); the workspace has wards.*Import"):
        parse(content)


def test_old_wards_are_refused_even_where_they_are_loaded_for_reference() -> None:
    old = [f"E0500174{i}" for i in range(5, 9)]
    content = csv_of(*(f"{code},1" for code in old), header="code,footprint")
    with pytest.raises(VintageError, match=r"wards of 2013.*wards E05010311 to E05010316"):
        parse_option_csv(content, {**AREAS, "ward13": frame_of(old)}, name="x")


LABEL = (
    st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
FORMULA = st.sampled_from(["=1+1", "'=x", "''+y", "@z", "-3", "＝a", "#1", "a,b", 'a"b', "NA", "1.0", "<i>"])


@given(
    st.lists(st.none() | LABEL | FORMULA, min_size=6, max_size=6).filter(any),
    st.dictionaries(st.integers(0, 5), LABEL | FORMULA),
    st.sampled_from([[], NOTES]),
)
def test_option_survives_its_own_file(
    footprints: list[str | None], names: dict[int, str], notes: list[str]
) -> None:
    assignment = {code: id_ for code, id_ in zip(WARDS, footprints, strict=True) if id_ is not None}
    named = {footprints[i]: label for i, label in names.items() if footprints[i] not in (None, label)}
    option = FootprintOption("", "Two halves", "ward", assignment, named, "A. Planner")  # type: ignore[arg-type]
    content = to_csv_bytes(option_frame(option, AREAS["ward"]), notes)
    again = parse(content, draft=True)
    assert again == option.with_changes(made_by="imported")
    assert to_csv_bytes(option_frame(again, AREAS["ward"]), notes) == content
    if len(assignment) == len(WARDS):
        assert parse(content) == again


@given(st.binary(max_size=200))
def test_any_bytes_are_an_option_or_a_known_fault(content: bytes) -> None:
    for start in (b"", b"ward_code,footprint\nE05010311,"):
        try:
            codes = set(parse(start + content, draft=True).assignment)
        except (OptionError, DamagedFileError, VintageError, MissingDataError):
            continue
        assert codes <= set(WARDS)


def test_table_and_map_of_an_option_keep_every_area() -> None:
    option = FootprintOption("", "x", "ward", {WARDS[0]: "1"}, {"1": "West"})
    table = option_frame(option, AREAS["ward"])
    assert table.columns.tolist() == ["area_code", "area_name", "footprint", "footprint_name"]
    assert table["footprint"].tolist() == ["1", "", "", "", "", ""]
    assert table["footprint_name"].tolist() == ["West", "", "", "", "", ""]
    mapped = option_areas(option, AREAS["ward"])
    assert mapped.crs.to_epsg() == 27700
    assert mapped.geometry.area.tolist() == [1_000_000.0] * 6


def test_option_of_other_areas_is_not_exported() -> None:
    with pytest.raises(OptionError, match="E05099999"):
        option_frame(FootprintOption("", "x", "ward", {"E05099999": "1"}), AREAS["ward"])


def york_areas(york_data: Path, file_name: str, code: str, name: str) -> gpd.GeoDataFrame:
    frame = gpd.read_file(york_data / "boundaries" / file_name).to_crs(27700)
    return frame.rename(columns={code: "area_code", name: "area_name"}).set_index("area_code")


def test_real_ward_groups_are_an_option(york_data: Path) -> None:
    wards = york_areas(york_data, "ward_E06000014.geojson", "WD25CD", "WD25NM")
    content = (york_data / "footprints/pcn_ward_groups.csv").read_bytes()
    option = parse_option_csv(content, {"ward": wards}, name="Primary care networks")
    assert len(option.assignment) == 21
    assert option.footprint_ids == tuple(f"Group {n}" for n in range(1, 7))
    assert pd.Series(option.assignment).value_counts().sort_index().tolist() == [3, 3, 5, 2, 5, 3]
    again = parse_option_csv(
        to_csv_bytes(option_frame(option, wards), NOTES), {"ward": wards}, name=option.name
    )
    assert again == option


@pytest.mark.parametrize(
    ("column", "theirs"), [("WD13CD", "wards of 2013"), ("code", "wards of another vintage")]
)
def test_real_wards_of_before_2015_are_refused(york_data: Path, column: str, theirs: str) -> None:
    wards = york_areas(york_data, "ward_E06000014.geojson", "WD25CD", "WD25NM")
    old = york_areas(york_data, "OLD_ward13_E06000014.geojson", "WD13CD", "WD13NM")
    content = csv_of(*(f"{code},1" for code in old.index), header=f"{column},footprint")
    with pytest.raises(VintageError, match=rf"22 of .*{theirs}.*wards E05010311 to E05010331"):
        parse_option_csv(content, {"ward": wards}, name="x")
