"""Workbooks give values only; what could run or swell is refused or inert."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from geodata.content import parse_payload
from geodata.errors import DamagedFileError, UnrecognisedFileError, UnsafeFileError
from geodata.payload import RawTable
from tests.geodata.file_fixture import payload


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def tables(content: bytes) -> list[RawTable]:
    return [raw for raw in parse_payload(payload(content, "b.xlsx")) if isinstance(raw, RawTable)]


DATA: list[list[object]] = [
    ["LSOA code (2021)", "Rank", "Score"],
    ["E01000001", 5, 1.5],
    ["E01000002", 6.0, None],
]


def test_a_sheet_of_notes_before_the_data_is_passed_over() -> None:
    (table,) = tables(workbook({"Notes": [["Read this"], ["and this"]], "Data": DATA}))
    assert table.sheet == "Data"
    assert table.header == ("LSOA code (2021)", "Rank", "Score")
    assert table.rows.to_numpy().tolist() == [["E01000001", "5", "1.5"], ["E01000002", "6", ""]]


def test_a_formula_is_never_computed_and_never_blank() -> None:
    (table,) = tables(
        workbook({"Data": [["code", "n"], ["E01000001", "=1+1"], ["E01000002", '=HYPERLINK("http://x")']]})
    )
    assert table.rows[1].tolist() == ["=1+1", '=HYPERLINK("http://x")']


def test_entities_in_the_xml_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"Data": DATA}))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + part
            new.writestr(name, part)
    with pytest.raises(UnsafeFileError, match="entities"):
        tables(buffer.getvalue())


def test_a_workbook_without_its_parts_is_damaged_and_one_without_a_table_is_not_recognised() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<broken")
    with pytest.raises(DamagedFileError):
        tables(buffer.getvalue())
    with pytest.raises(UnrecognisedFileError):
        tables(workbook({"Only notes": [["one column"], ["of text"]]}))
