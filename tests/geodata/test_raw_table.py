"""Text in all the ways it is published comes out as the same table."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.content import parse_payload
from geodata.errors import DamagedFileError, TooLargeError, UnrecognisedFileError
from geodata.payload import Limits, RawTable
from tests.geodata.file_fixture import payload

PLAIN = "code,name,n\nE01000001,Café,1\nE01000002,Bar,2\n"


def read(content: bytes | str, limits: Limits | None = None) -> RawTable:
    (raw,) = parse_payload(payload(content), limits)
    assert isinstance(raw, RawTable)
    return raw


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("cp1252"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "¬").encode("latin-1"),
        PLAIN.replace(",", "¬").encode(),
        (PLAIN + "\n\n,,\n").encode(),
        PLAIN.replace("\n", ",,\n").encode(),
    ],
)
def test_encoding_delimiter_line_ends_and_empty_edges_change_nothing(content: bytes) -> None:
    table = read(content)
    assert table.header == ("code", "name", "n")
    assert table.rows.to_numpy().tolist() == [["E01000001", "Café", "1"], ["E01000002", "Bar", "2"]]


def test_rows_above_the_header_and_breaks_in_its_cells_are_passed_over() -> None:
    text = (
        "Table 4: Children,,,\nBack to Contents,,,\n\n"
        '"Authority\n[note 2]",Area Code,Ward,Area Code\nYork,E06000014,Acomb,E05010311\n'
    )
    table = read(text)
    assert table.header == ("Authority [note 2]", "Area Code", "Ward", "Area Code")
    assert table.header_row == 4
    assert table.preamble == ("Table 4: Children", "Back to Contents")
    assert len(table.rows) == 1


def test_a_first_row_of_values_is_no_header() -> None:
    table = read('"YO1 0DQ",10,459652,451975,"","","","","E06000014","E05010325"\n' * 3)
    assert table.header == ()
    assert table.header_row == 0
    assert table.rows.shape == (3, 10)


def test_empty_columns_inside_a_table_without_header_keep_their_place() -> None:
    table = read("A1,,YO1 0DQ,20240101,x\nA2,,YO1 0DR,20240101,y\n")
    assert table.rows[2].tolist() == ["YO1 0DQ", "YO1 0DR"]


def test_small_whole_numbers_may_be_column_names() -> None:
    assert read("lsoa11_code,total,0,1,90\nE01000001,3,1,1,1\n").header[2:] == ("0", "1", "90")


def test_an_unnamed_index_column_keeps_its_place() -> None:
    table = read(",Month,geography_code,value\n10325,2018-04,E06000014,7876.0\n")
    assert table.header == ("", "Month", "geography_code", "value")
    assert table.values("value").tolist() == ["7876.0"]


def test_markup_stays_text_and_unseen_characters_go() -> None:
    table = read("code,name\nE01000001,<script>alert(1)</script>\u202e\x07\nE01000002,=1+1\n")
    assert table.values("name").tolist() == ["<script>alert(1)</script>", "=1+1"]


def test_a_row_with_more_cells_than_names_is_damage_and_a_footnote_is_not() -> None:
    lines = ["area_code,count,what", "E05000001,5,a", "E05000002,1,234,a", "E05000003,7,a", ""]
    with pytest.raises(DamagedFileError, match="Row 3 has more cells"):
        read("\n".join(lines))
    lines[2] = 'E05000002,"1,234",a,'  # an empty cell at the end is nothing
    lines[4] = "Source: ONS, 2021, table 3, sheet 1\n"
    assert read("\n".join(lines)).values("count").tolist()[:3] == ["5", "1,234", "7"]


def test_column_names_that_are_shifted_by_an_index_are_damage() -> None:
    with pytest.raises(DamagedFileError, match="a column has no name"):
        read("area,count\n1,Acomb,5\n2,Clifton,7\n")


def test_a_last_line_that_ends_half_way_is_damage() -> None:
    rows = "".join(f"E0100000{i},name {i},{i}\n" for i in range(1, 8))
    whole = "code,name,n\n" + rows
    assert len(read(whole[:-1]).rows) == 7
    with pytest.raises(DamagedFileError, match="half-way"):
        read(whole[: -len("name 7,7\n")])


def test_a_quotation_mark_that_never_closes_is_damage() -> None:
    with pytest.raises(DamagedFileError, match="never closed"):
        read('code,name\nE01000001,"Acomb\nE01000002,x\n')


def test_rows_and_columns_have_limits() -> None:
    assert len(read(PLAIN, Limits(n_rows_max=3)).rows) == 2
    with pytest.raises(TooLargeError):
        read(PLAIN, Limits(n_rows_max=2))
    with pytest.raises(TooLargeError):
        read(PLAIN, Limits(n_columns_max=2))


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", DamagedFileError, "empty"),
        (b"<html><body>Down for maintenance", DamagedFileError, "web page"),
        (b"%PDF-1.7 ...", UnrecognisedFileError, "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", UnrecognisedFileError, "old Excel"),
        (b"\x00\x01\x02\x03" * 20, UnrecognisedFileError, "neither text"),
        (b'{"error":{"code":400,"message":"Cannot perform query."}}', Exception, "error message"),
        (b'{"type":"FeatureCollection","features":[', DamagedFileError, "cut or damaged"),
    ],
)
def test_what_is_no_table_says_what_was_found(content: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        parse_payload(payload(content))


def test_the_dwp_table_of_york_keeps_both_code_columns(york_data: Path) -> None:
    table = read((york_data / "indicators" / "4_AHC_Relative_Ward.csv").read_bytes())
    assert table.header_row == 10
    assert [i for i, name in enumerate(table.header) if name == "Area Code"] == [1, 3]


def test_every_csv_of_york_yields_a_table(york_data: Path) -> None:
    faults = {}
    for file in sorted(york_data.rglob("*.csv")):
        try:
            assert len(read(file.read_bytes()).rows) > 0
        except Exception as error:  # noqa: BLE001 - the test names every file at fault
            faults[file.name] = str(error)
    assert faults == {}
