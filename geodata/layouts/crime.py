"""Street-level crime of data.police.uk, counted by LSOA, month and published crime type.

A month that was loaded is known for every LSOA of the authority, so an LSOA without a row is a true
nought; a month that was not loaded is unknown. LSOA codes of 2011 and of 2021 are two geographies: the few
codes that changed tell which one a month uses, and its date where none of them stands in it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pandas as pd

from geodata.errors import InputError, OtherAuthorityError
from geodata.geography import geography
from geodata.layouts.cell import COLUMNS, Origin, parsed_cells
from geodata.layouts.cut import OTHER_VINTAGE, add_dropped, dropped_by
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.table_row import filled_rows, table_layout
from geodata.payload import RawTable

CRIME_TYPES = (
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
)
NO_LOCATION = "no location"
REPEATED_CRIME = "crime listed again with another outcome"
FIRST_MONTH_OF_2021_CODES = "2023-01"
_LSOA_SHARE_MIN = 1 / 3
_ROW_SHARE_MIN = 0.01
_MARKS = ("Crime ID", "Month", "LSOA code", "Crime type")


def _matches(raw: RawTable) -> bool:
    return raw.has(*_MARKS)


def lsoa_vintage(codes: Iterable[str], month: str, context: Context) -> str:
    """ "lsoa11" or "lsoa21": by the codes that only one of the two has, else by the month.

    Parameters
    ----------
    codes : iterable of str
        LSOA codes of that month's rows.
    month : str
        "2025-01".
    """
    known11 = context.area_codes.get("lsoa11", frozenset())
    known21 = context.area_codes.get("lsoa21", frozenset())
    present = set(codes)
    if known11 and known21:
        only11, only21 = len(present & (known11 - known21)), len(present & (known21 - known11))
        if only11 != only21:
            return "lsoa11" if only11 > only21 else "lsoa21"
    return "lsoa21" if month >= FIRST_MONTH_OF_2021_CODES else "lsoa11"


def counted(
    found: pd.DataFrame, level: str, month: str, codes: Iterable[str], types: Iterable[str] = CRIME_TYPES
) -> pd.DataFrame:
    """Counts by LSOA and crime type, noughts included.

    Parameters
    ----------
    found : DataFrame
        Columns area_code, cell: one row per crime.
    codes : iterable of str
        Every LSOA of the authority; empty where they are not known (then only those with rows are given).
    """
    every_code = sorted(set(codes) | set(found["area_code"]))
    every_type = sorted({*types, *found["cell"]})
    index = pd.MultiIndex.from_tuples(
        list(itertools.product(every_code, every_type)), names=["area_code", "cell"]
    )
    counts = found.groupby(["area_code", "cell"]).size().reindex(index, fill_value=0)
    frame = counts.rename("value").astype("float64").reset_index()
    frame = frame.assign(table="crime", geography=level, period=month, status="")
    return frame.loc[:, list(COLUMNS)]


def _known_codes(level: str, context: Context, where: str) -> frozenset[str]:
    known = context.area_codes.get(level, frozenset())
    if context.authority_code and not known:
        kind = geography(level)
        raise InputError(
            f"This month of street crime is placed by {kind.plural}, and those of "
            f"{context.authority_name or context.authority_code} are not known yet. Import their boundaries "
            "or a lookup that names them first, or in the same import.",
            where=where,
        )
    return known


def _require_own_force(
    codes: pd.Series, n_ours: int, known: frozenset[str], context: Context, raw: RawTable
) -> None:
    """A neighbouring force's file holds a stray row or two: that is not the authority's month."""
    enough_lsoas = codes[codes.isin(known)].nunique() >= _LSOA_SHARE_MIN * len(known)
    if n_ours and (enough_lsoas or n_ours >= _ROW_SHARE_MIN * len(codes)):
        return
    forces = raw.values("Falls within").mode() if raw.has("Falls within") else pd.Series(dtype=str)
    force = forces.iloc[0] if len(forces) else "another force"
    raise OtherAuthorityError(
        f"Of {len(codes):,} crimes, {n_ours:,} lie in {context.authority_name} ({context.authority_code}): "
        f"this is the file of {force}. "
        f"Import the street file of the force that covers {context.authority_name}.",
        where=raw.name,
    )


def _parse(raw: RawTable, context: Context) -> Parsed:
    rows, empty = filled_rows(raw)
    table = pd.DataFrame(
        {
            "crime_id": raw.values("Crime ID").loc[rows],
            "month": raw.values("Month").loc[rows].str.slice(0, 7),
            "area_code": raw.values("LSOA code").loc[rows],
            "cell": raw.values("Crime type").loc[rows].str.split().str.join(" "),
        }
    )
    reasons = pd.Series("", index=rows, dtype=object)
    reasons[table["area_code"] == ""] = NO_LOCATION
    reasons[~table["month"].str.fullmatch(r"\d{4}-\d\d")] = "no month"
    notes: list[str] = []
    parts: list[pd.DataFrame] = []
    for month, of_month in table[reasons == ""].groupby("month", sort=True):
        level = lsoa_vintage(of_month["area_code"], str(month), context)
        known = _known_codes(level, context, raw.name)
        ours = of_month["area_code"].isin(known) if known else pd.Series(True, index=of_month.index)
        other = context.area_codes.get("lsoa11" if level == "lsoa21" else "lsoa21", frozenset())
        outside = f"outside {context.authority_name or 'the authority'}"
        reasons[ours[~ours].index] = outside
        reasons[(~ours & of_month["area_code"].isin(other)).loc[lambda is_old: is_old].index] = OTHER_VINTAGE
        if known:
            _require_own_force(of_month["area_code"], int(ours.sum()), known, context, raw)
        mine = of_month[ours]
        again = mine.duplicated(["crime_id", "cell", "area_code"]) & (mine["crime_id"] != "")
        reasons[again[again].index] = REPEATED_CRIME
        parts.append(counted(mine[~again], level, str(month), known))
        notes.append(f"{month} by {geography(level).plural}")
    kept = int((reasons == "").sum())
    if not parts:
        raise InputError(
            "No row has both a month and a place. Import the street file as published.", where=raw.name
        )
    origin = Origin(
        "police_uk", len(raw.rows), add_dropped(empty, dropped_by(reasons)), tuple(notes), complete=False
    )
    return parsed_cells(pd.concat(parts, ignore_index=True), raw, context, origin, kept)


CRIME = (table_layout("police_street", "Street-level crime by month (data.police.uk)", _matches, _parse),)
