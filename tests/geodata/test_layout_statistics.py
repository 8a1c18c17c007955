"""Properties of every statistics layout: columns are found by name, and the order of rows says nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.archive import read_payloads
from geodata.content import parse_payload
from geodata.layouts.layout import Context
from geodata.layouts.statistics import STATISTICS
from geodata.payload import RawTable
from geodata.source import SOURCES
from tests.geodata.statistic_table import figures, layout_of, parse, table

TABLES = {
    "census": (
        "date,geography,geography code,General health: Total,General health: Bad health\n"
        "2021,T 001A,E01000001,100,5\n2021,T 001C,E01000003,50,2\n2021,T 001D,E01000004,60,0\n"
        "2021,Leeds 001A,E01999999,70,7\n"
    ),
    "crime": (
        "Crime ID,Month,Falls within,LSOA code,Crime type,Last outcome category\n"
        "a,2025-01,Toy,E01000001,Burglary,Open\na,2025-01,Toy,E01000001,Burglary,Closed\n"
        ",2025-01,Toy,E01000003,Anti-social behaviour,\nb,2025-01,Toy,E01999999,Drugs,\n"
        "c,2025-01,Toy,,Drugs,\n"
    ),
    "iod": (
        "LSOA code (2021),LSOA name (2021),Local Authority District code (2024),"
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)\n"
        "E01000001,T,E06000099,5\nE01000003,T,E06000099,7\nE01999999,L,E08000035,9\n"
    ),
    "iod_tidy": (
        "lsoa21_code,income_domain_numerator,patient_to_gp_ratio\nE01000001,,1.5\nE01000003,4,2.5\n"
    ),
    "tidy": (
        "date,geography_code,variable_name,value\n2023-10,E05000001,Claimant count,110\n"
        "2023-10,E05000002,Claimant count,90\n2023-10,E06000099,Claimant count,200\n"
    ),
    "fingertips": (
        "Indicator ID,Indicator Name,Area Code,Sex,Age,Category Type,Time period,Value,Count\n"
        "1,X,E06000099,Male,All,,2015,5,10\n1,X,E06000099,Female,All,,2015,6,\n1,X,E92000001,Male,All,,2015,7,\n"
    ),
    "nomis": (
        "DATE_NAME,GEOGRAPHY_CODE,C_AGE_NAME,MEASURES_NAME,OBS_VALUE,OBS_STATUS\n"
        "2021,E06000099,All Ages,Value,9,A\n2021,E06000099,Age 10,Value,,Q\n"
        "2021,E06000001,All Ages,Value,3,A\n"
    ),
    "long": (
        "lsoa21_code,total_households,deprivation_dimensions,n,prop\n"
        "E01000001,10,Household is deprived in one dimension,4,0.4\n"
        "E01000001,10,Household is not deprived in any dimension,6,0.6\n"
        "E01000003,5,Household is deprived in one dimension,5,1\n"
    ),
}


def _same(left: dict[tuple[str, str, str], float], right: dict[tuple[str, str, str], float]) -> bool:
    return left.keys() == right.keys() and all(
        np.array_equal(left[key], right[key], equal_nan=True) for key in left
    )


def _rearranged(raw: RawTable, rows: list[int], columns: list[int]) -> RawTable:
    body = raw.rows.iloc[rows, columns].reset_index(drop=True)
    body.columns = range(body.shape[1])
    return RawTable(raw.name, tuple(raw.header[i] for i in columns), body, sha256=raw.sha256)


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_order_of_rows_and_columns_never_matters(name: str, data: st.DataObject) -> None:
    raw = table(TABLES[name])
    rows = data.draw(st.permutations(range(len(raw.rows))))
    columns = data.draw(st.permutations(range(len(raw.header))))
    shuffled = _rearranged(raw, list(rows), list(columns))
    assert layout_of(shuffled).id == layout_of(raw).id
    first, second = parse(raw), parse(shuffled)
    assert _same(figures(first), figures(second))
    assert {(d.reason, d.n_rows) for d in first.dropped} == {(d.reason, d.n_rows) for d in second.dropped}


@pytest.mark.parametrize("name", TABLES)
def test_the_name_of_the_file_says_nothing(name: str) -> None:
    raw = table(TABLES[name])
    renamed = RawTable("holiday.txt", raw.header, raw.rows, sha256=raw.sha256)
    assert layout_of(renamed).id == layout_of(raw).id
    assert _same(figures(parse(renamed)), figures(parse(raw)))


@pytest.mark.parametrize("name", TABLES)
def test_the_table_that_was_read_is_left_as_it_was(name: str) -> None:
    raw = table(TABLES[name])
    before = raw.rows.copy()
    parse(raw)
    assert raw.rows.equals(before)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "name,code\nX,E01000001\n", "x\ny\n,\n"])
def test_an_unknown_table_matches_no_layout(text: str) -> None:
    raw = RawTable("t.csv", ("a", "b"), table("a,b\n1,2\n").rows) if text.startswith("x") else table(text)
    assert not any(layout.matches(raw) for layout in STATISTICS)


def test_a_table_without_a_header_matches_no_layout() -> None:
    raw = table("YO1 0DQ,10,460000,450000\nYO1 0DR,10,460001,450001\n")
    assert raw.header == ()
    assert not any(layout.matches(raw) for layout in STATISTICS)


def test_layouts_have_distinct_ids_and_words() -> None:
    assert len({layout.id for layout in STATISTICS}) == len(STATISTICS)
    assert all(layout.label and layout.stage == 2 for layout in STATISTICS)


def test_every_statistics_file_of_york_is_known_once_and_stored(york_data: Path, york: Context) -> None:
    seen: dict[str, str] = {}
    n_files = 0
    frames = []
    for folder in ("indicators", "crime"):
        for path in sorted((york_data / folder).iterdir()):
            n_files += 1
            for payload in read_payloads(path):
                for raw in parse_payload(payload):
                    parsed = parse(raw, york)
                    assert parsed.datasets, path.name
                    for dataset in parsed.datasets:
                        assert dataset.provenance.source_id in SOURCES
                        assert dataset.id not in seen, (dataset.id, path.name, seen[dataset.id])
                        seen[dataset.id] = path.name
                        frames.append(dataset.frame)
    stored = pd.concat(frames, ignore_index=True)
    assert not stored.duplicated(["table", "geography", "area_code", "period", "cell"]).any()
    assert stored["value"].isna().equals(stored["status"] != "")
    assert len(set(seen.values())) == n_files > 60
