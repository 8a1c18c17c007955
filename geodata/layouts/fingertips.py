"""Fingertips exports: one row per indicator, area, sex, age and period, limits and count beside the value.

The same area comes once for each parent, and again for each deprivation group: one row is kept. Pooled
periods overlap, so they stand side by side and are never summed.
"""

from __future__ import annotations

import pandas as pd

from geodata.errors import DamagedFileError
from geodata.layouts.cell import COLUMNS, Origin, parsed_cells
from geodata.layouts.cut import add_dropped, cut_to_authority, dropped_by
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.number import MISSING, SUPPRESSED, numbers
from geodata.layouts.table_row import filled_rows, squeeze, table_layout
from geodata.payload import RawTable

_BESIDE = (
    "Count",
    "Denominator",
    "Lower CI 95.0 limit",
    "Upper CI 95.0 limit",
    "Lower CI 99.8 limit",
    "Upper CI 99.8 limit",
)
_MARKS = ("Indicator ID", "Indicator Name", "Area Code", "Sex", "Age", "Time period", "Value")
BY_MSOA, MSOA, PERSONS = "fingertips_msoa", "msoa", "persons"
IN_CATEGORY = "part of an area only (category)"
SECOND_PARENT = "same figure under another parent"


def _matches(raw: RawTable) -> bool:
    return raw.has(*_MARKS)


def _parse(raw: RawTable, context: Context) -> Parsed:
    rows, empty = filled_rows(raw)
    reasons = pd.Series("", index=rows, dtype=object)
    if raw.has("Category Type"):
        reasons[raw.values("Category Type").loc[rows] != ""] = IN_CATEGORY
    whole = rows[(reasons == "").to_numpy()]
    codes = raw.values("Area Code").loc[whole]
    names = raw.values("Area Name").loc[whole] if raw.has("Area Name") else None
    cut = cut_to_authority(codes, context, names=names, where=raw.name)
    cells = (
        raw.values("Indicator ID")
        + " "
        + raw.values("Indicator Name").map(squeeze)
        + " ("
        + raw.values("Sex")
        + ", "
        + raw.values("Age")
        + ")"
    )
    ours = whole[cut.keep.to_numpy()]
    table = pd.DataFrame(
        {
            "table": "fingertips",
            "geography": cut.geography.loc[ours],
            "area_code": codes.loc[ours],
            "period": raw.values("Time period").loc[ours],
            "cell": cells.loc[ours],
            "indicator": raw.values("Indicator ID").loc[ours],
            "sex": raw.values("Sex").loc[ours].str.lower(),
            "value": raw.values("Value").loc[ours],
        }
    )
    again = table.duplicated(["area_code", "period", "cell", "value"])
    reasons[again[again].index] = SECOND_PARENT
    table = table[~again]
    clash = table.duplicated(["area_code", "period", "cell"])
    if clash.any():
        first = table[clash].iloc[0]
        raise DamagedFileError(
            f"{first['cell']}, {first['period']}, has two values for {first['area_code']}. "
            "Export the indicator again, for one area type at a time.",
            where=raw.name,
        )
    frame = pd.concat(_with_limits(table, raw), ignore_index=True)
    frame = pd.concat([frame, _by_msoa(frame)], ignore_index=True)
    origin = Origin(
        "ohid_fingertips",
        len(raw.rows),
        add_dropped(empty, dropped_by(reasons), cut.dropped),
        complete=False,
    )
    return parsed_cells(frame.loc[:, list(COLUMNS)], raw, context, origin, len(table), key=frame["indicator"])


def _with_limits(table: pd.DataFrame, raw: RawTable) -> list[pd.DataFrame]:
    """The values, and beside them count, denominator and limits wherever they are filled in."""
    note = raw.values("Value note").loc[table.index] if raw.has("Value note") else None
    values, statuses = numbers(table["value"], where=raw.name)
    parts = [table.assign(value=values, status=statuses)]
    if note is not None:
        hidden = note.str.contains("suppress|disclos", case=False, regex=True).to_numpy(dtype=bool)
        parts[0]["status"] = parts[0]["status"].mask(hidden & (statuses == MISSING), SUPPRESSED)
    for name in _BESIDE:
        if not raw.has(name):
            continue
        filled = table[raw.values(name).loc[table.index] != ""]
        values, statuses = numbers(raw.values(name).loc[filled.index], where=raw.name)
        parts.append(filled.assign(cell=filled["cell"] + " | " + name, value=values, status=statuses))
    return parts


def _by_msoa(frame: pd.DataFrame) -> pd.DataFrame:
    """The figures of MSOAs once more by the indicator's number, as the catalogue asks for them.

    "93105 | Count" for persons and "93283 male" for one sex: names of indicators, with their years of age,
    are worded anew from time to time. Where a number comes for several ages there is no such cell.
    """
    rows = frame[frame["geography"].str.startswith(MSOA)]
    beside = rows["cell"].str.extract(r" \| ([^|]+)$")[0]
    of = rows["indicator"].where(rows["sex"] == PERSONS, rows["indicator"] + " " + rows["sex"])
    rows = rows.assign(table=BY_MSOA, cell=of.where(beside.isna(), of + " | " + beside.fillna("")))
    several = rows.duplicated(["area_code", "period", "cell"], keep=False)
    return rows[~rows["cell"].isin(rows.loc[several, "cell"])]


FINGERTIPS = (table_layout("fingertips", "Fingertips export (OHID)", _matches, _parse),)
