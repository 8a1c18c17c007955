"""Street crime as the police interface gives it: one point per crime and no LSOA code.

The points are snapped map points; each is placed in the LSOA whose outline holds it.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geodata.errors import InputError
from geodata.layouts.cell import Origin, parsed_cells
from geodata.layouts.crime import NO_LOCATION, REPEATED_CRIME, counted
from geodata.layouts.cut import add_dropped, dropped_by
from geodata.layouts.layout import Context, Parsed
from geodata.layouts.table_row import filled_rows, table_layout
from geodata.payload import RawTable

TYPE_BY_CATEGORY = {
    "anti-social-behaviour": "Anti-social behaviour",
    "bicycle-theft": "Bicycle theft",
    "burglary": "Burglary",
    "criminal-damage-arson": "Criminal damage and arson",
    "drugs": "Drugs",
    "other-crime": "Other crime",
    "other-theft": "Other theft",
    "possession-of-weapons": "Possession of weapons",
    "public-order": "Public order",
    "robbery": "Robbery",
    "shoplifting": "Shoplifting",
    "theft-from-the-person": "Theft from the person",
    "vehicle-crime": "Vehicle crime",
    "violent-crime": "Violence and sexual offences",
}


def _matches(raw: RawTable) -> bool:
    return raw.has("category", "persistent_id", "date", "lat", "long")


def _place(longitude: pd.Series, latitude: pd.Series, areas: gpd.GeoDataFrame) -> pd.Series:
    """Area code of each point; "" outside every outline."""
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(longitude, latitude, crs=4326), index=longitude.index
    ).to_crs(areas.crs)
    outlines = gpd.GeoDataFrame({"code": areas.index}, geometry=areas.geometry.to_numpy(), crs=areas.crs)
    joined = gpd.sjoin(points, outlines, predicate="intersects")
    codes = joined.loc[~joined.index.duplicated(), "code"]
    found: pd.Series = codes.reindex(longitude.index).fillna("").astype(object)
    return found


def _parse(raw: RawTable, context: Context) -> Parsed:
    level = next((name for name in ("lsoa21", "lsoa11") if name in context.areas), None)
    if level is None:
        raise InputError(
            "These crimes are points without LSOA codes. Import the outlines of the LSOAs first, or in the "
            "same import; or the monthly street file, which carries the codes.",
            where=raw.name,
        )
    rows, empty = filled_rows(raw)
    table = pd.DataFrame(
        {
            "crime_id": raw.values("persistent_id").loc[rows],
            "month": raw.values("date").loc[rows].str.slice(0, 7),
            "cell": raw.values("category").loc[rows].map(TYPE_BY_CATEGORY),
            "longitude": pd.to_numeric(raw.values("long").loc[rows], errors="coerce"),
            "latitude": pd.to_numeric(raw.values("lat").loc[rows], errors="coerce"),
        }
    )
    areas = gpd.GeoDataFrame(context.areas[level])
    reasons = pd.Series("", index=rows, dtype=object)
    reasons[table["cell"].isna()] = "unknown crime category"
    reasons[table["longitude"].isna() | table["latitude"].isna()] = NO_LOCATION
    placed = table[reasons == ""]
    placed = placed.assign(area_code=_place(placed["longitude"], placed["latitude"], areas))
    outside = placed.index[placed["area_code"] == ""]
    reasons[outside] = f"outside {context.authority_name or 'the authority'}"
    inside = placed.drop(index=outside)
    again = inside.duplicated(["crime_id", "cell", "area_code"]) & (inside["crime_id"] != "")
    reasons[again[again].index] = REPEATED_CRIME
    parts = [
        counted(of_month, level, str(month), areas.index)
        for month, of_month in inside[~again].groupby("month", sort=True)
    ]
    if not parts:
        raise InputError("No crime of this file lies in the authority's outlines.", where=raw.name)
    notes = ("each crime is placed in the LSOA whose outline holds its map point",)
    origin = Origin(
        "police_uk", len(raw.rows), add_dropped(empty, dropped_by(reasons)), notes, complete=False
    )
    kept = int((reasons == "").sum())
    return parsed_cells(pd.concat(parts, ignore_index=True), raw, context, origin, kept)


CRIME_POINT = (
    table_layout("police_api", "Street-level crime as points (data.police.uk API)", _matches, _parse),
)
