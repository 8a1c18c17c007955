"""What the tests of statistics layouts share: a toy authority and the way from text to cells.

Toytown (E06000099) has two wards and, of each census, two LSOAs; one LSOA of 2011 was split in 2021:

    2011:  E01000001  E01000002
    2021:  E01000001  E01000003 + E01000004
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.archive import read_payloads
from geodata.content import parse_payload
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.statistics import STATISTICS
from geodata.payload import Payload, Raw, RawTable

TOYTOWN = Context(
    authority_code="E06000099",
    authority_name="Toytown",
    retrieved="2026-11-22T12:00:00Z",
    area_codes={
        "lsoa11": frozenset({"E01000001", "E01000002"}),
        "lsoa21": frozenset({"E01000001", "E01000003", "E01000004"}),
        "msoa21": frozenset({"E02000001"}),
        "ward": frozenset({"E05000001", "E05000002"}),
        "ward13": frozenset({"E05000091"}),
    },
)
NOWHERE = Context()


def table(text: str, *, sheet: str = "", encoding: str = "utf-8") -> RawTable:
    """A table as the reader gives it."""
    raw = parse_payload(Payload("table.csv", "0" * 64, text.encode(encoding)))[0]
    assert isinstance(raw, RawTable)
    return RawTable(
        raw.name, raw.header, raw.rows, raw.header_row, raw.notes, sheet, raw.preamble, raw.sha256
    )


def layout_of(raw: Raw) -> Layout:
    """The one layout that knows the table; two would be a riddle, none a gap."""
    found = [layout for layout in STATISTICS if layout.matches(raw)]
    assert len(found) == 1, [layout.id for layout in found]
    return found[0]


def parse(raw: Raw, context: Context = TOYTOWN) -> Parsed:
    """Parse with the layout that knows the table, and check that no row is lost."""
    parsed = layout_of(raw).parse(raw, context)
    assert parsed.rows_in - parsed.rows_kept == sum(entry.n_rows for entry in parsed.dropped)
    for dataset in parsed.datasets:
        origin = dataset.provenance
        assert origin.rows_in - origin.rows_kept == sum(entry.n_rows for entry in origin.dropped)
    return parsed


def cells_of(parsed: Parsed) -> pd.DataFrame:
    """All cells of a file."""
    return pd.concat([dataset.frame for dataset in parsed.datasets], ignore_index=True)


def figures(parsed: Parsed) -> dict[tuple[str, str, str], float]:
    """(area, period, cell) -> value; fails when one stands twice."""
    cells = cells_of(parsed)
    keys = list(zip(cells["area_code"], cells["period"], cells["cell"], strict=True))
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, cells["value"], strict=True))


def dropped(parsed: Parsed) -> dict[str, int]:
    """Reason -> source rows."""
    return {entry.reason: entry.n_rows for entry in parsed.dropped}


def york_context(york_data: Path) -> Context:
    """York's codes and outlines from its published boundaries."""
    areas = {}
    for level, name, column in (
        ("lsoa21", "lsoa21", "LSOA21CD"),
        ("lsoa11", "lsoa11", "LSOA11CD"),
        ("msoa21", "msoa21", "MSOA21CD"),
        ("ward", "ward", "WD"),
    ):
        frame = gpd.read_file(york_data / "boundaries" / f"{name}_E06000014.geojson").to_crs(27700)
        code = next(c for c in frame.columns if c.upper().startswith(column) and c.upper().endswith("CD"))
        label = next(c for c in frame.columns if c.upper() == code.upper()[:-2] + "NM")
        areas[level] = frame.rename(columns={code: "area_code", label: "area_name"}).set_index("area_code")
    return Context(
        authority_code="E06000014",
        authority_name="York",
        retrieved="2026-11-22T12:00:00Z",
        area_codes={level: frozenset(frame.index) for level, frame in areas.items()},
        areas=areas,
    )


def parse_file(path: Path, context: Context) -> dict[str, Parsed]:
    """Every table of a real file that can be parsed, by the name of its payload."""
    return {
        raw.name: parse(raw, context)
        for payload in read_payloads(path)
        for raw in parse_payload(payload)
        if not raw.name.endswith("-oa.csv")
    }


def parse_only(path: Path, context: Context) -> Parsed:
    """The one table of a real file."""
    (parsed,) = parse_file(path, context).values()
    return parsed
