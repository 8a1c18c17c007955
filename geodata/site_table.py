"""Development sites as a table to fill in by hand, checked on saving by the same rules as an imported file.

The mistake this prevents: a second, laxer door. What is typed becomes a table of text and goes through the
layout; nothing is saved while a row is at fault.
"""

from __future__ import annotations

from datetime import UTC, datetime

import geopandas as gpd
import pandas as pd

from geodata.archive import digest
from geodata.authority_scope import outline_of, stored_areas
from geodata.errors import InputError
from geodata.layouts.development_site import SITES_ID, parse_sites
from geodata.layouts.layout import Context, Parsed
from geodata.payload import RawTable
from geodata.store import Store

FIXED_COLUMNS = (
    "Site",
    "Easting",
    "Northing",
    "Postcode",
    "People per home",
    "Homes in all",
    "First year",
    "Last year",
)
N_YEARS = 15
TYPED = "filled in on the Data page"


def editable_sites(sites: gpd.GeoDataFrame | None, base_year: int) -> pd.DataFrame:
    """The stored sites as the table that is filled in: `FIXED_COLUMNS`, then homes in each year.

    Years run from the one after `base_year` for 15 years, and on to the last in which a home is built; homes
    of years before are shown too. "Homes in all" with its two years is a short way to fill in a row; on
    saving it is spread over the years.
    """
    stored = {} if sites is None else {int(str(c)): sites[c] for c in sites.columns if str(c).isdecimal()}
    built = [year for year, homes in stored.items() if (homes > 0).any()]
    first = min([*built, base_year + 1])
    last = max([*built, base_year + N_YEARS])
    table = pd.DataFrame(index=range(0 if sites is None else len(sites)))
    for column in FIXED_COLUMNS:
        is_text = column in ("Site", "Postcode")
        table[column] = pd.Series("" if is_text else float("nan"), index=table.index).astype(
            object if is_text else float
        )
    if sites is not None:
        table["Site"] = sites["site_name"].astype(str).to_numpy()
        table["Easting"] = sites.geometry.x.round(1).to_numpy()
        table["Northing"] = sites.geometry.y.round(1).to_numpy()
        table["People per home"] = sites["people_per_home"].to_numpy(dtype=float)
    for year in range(first, last + 1):
        homes = stored[year].to_numpy(dtype=float) if year in stored else float("nan")
        table[str(year)] = pd.Series(homes, index=table.index, dtype=float).where(lambda h: h > 0)
    return table


def save_sites(store: Store, table: pd.DataFrame) -> Parsed | None:
    """Check a table as `editable_sites` gives it and store its sites in place of those before.

    Rows without anything in them are passed over; without any other row the sites are removed, and None comes
    back.

    Raises
    ------
    InputError
        Names every faulty row; nothing is stored.
    """
    rows = table.map(_text).reset_index(drop=True)
    rows = rows[(rows != "").any(axis=1)]
    if rows.empty:
        if any(d.id == SITES_ID for d in store.datasets()):
            store.remove(SITES_ID)
        return None
    header = tuple(str(c) for c in rows.columns)
    content = rows.to_csv(index=False).encode()
    numbered = rows.set_axis(pd.RangeIndex(rows.shape[1]), axis=1)
    raw = RawTable(TYPED, header, numbered, header_row=0, sha256=digest(content))
    parsed = parse_sites(raw, _context(store))
    store.write(parsed.datasets)
    return parsed


def template(base_year: int) -> bytes:
    """An empty table to fill in elsewhere, as CSV: a row of column names and nothing else."""
    return editable_sites(None, base_year).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _context(store: Store) -> Context:
    settings = store.settings()
    areas = stored_areas(store)
    if not areas:
        raise InputError("There are no areas yet. Import boundaries of the wards first.")
    return Context(
        authority_code=settings.get("authority_code") or None,
        retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
        postcodes=store.postcodes(),
        authority_name=settings.get("authority_name", ""),
        outline=outline_of(areas),
        areas=areas,
    )


def _text(value: object) -> str:
    """A cell as it would stand in a file."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
