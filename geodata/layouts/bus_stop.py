"""NaPTAN: active bus and coach stops, by their points in metres or degrees."""

from __future__ import annotations

import pandas as pd

from geodata.errors import InputError
from geodata.layouts.centroid import xy_in_metres
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.site import Listing, joined_address, parsed_sites, text_column
from geodata.payload import Raw, RawTable

_BUS_STOP_TYPES = ("BCT", "BCS", "BCQ")


def _matches(raw: Raw) -> bool:
    return isinstance(raw, RawTable) and raw.has("ATCOCode", "CommonName", "StopType")


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawTable) or raw.rows.empty:
        raise InputError("There is no stop in this file: the area asked for may not exist.", where=raw.name)
    indicator = text_column(raw, "Indicator")
    name = text_column(raw, "CommonName")
    easting, northing = text_column(raw, "Easting"), text_column(raw, "Northing")
    longitude, latitude = text_column(raw, "Longitude"), text_column(raw, "Latitude")
    metres = (easting != "") & (northing != "")
    sites = pd.DataFrame(
        {
            "id": text_column(raw, "ATCOCode"),
            "name": name.where(indicator == "", name + " (" + indicator + ")"),
            "kind": "bus_stop",
            "address": joined_address([text_column(raw, "Street"), text_column(raw, "LocalityName")]),
            "postcode": "",
            "status": "active",
        }
    )
    x, y = easting.copy(), northing.copy()
    if not metres.all():
        degrees_x, degrees_y, _ = xy_in_metres(longitude[~metres], latitude[~metres])
        x, y = x.astype(object), y.astype(object)
        x[~metres], y[~metres] = degrees_x, degrees_y
    sites["x"], sites["y"] = pd.to_numeric(x, errors="coerce"), pd.to_numeric(y, errors="coerce")
    reasons = pd.Series("", index=sites.index, dtype=object)
    reasons[sites["x"].isna() | sites["y"].isna()] = "no location"
    reasons[text_column(raw, "Status").str.lower().isin(["inactive", "pending", "del"])] = "inactive"
    reasons[~text_column(raw, "StopType").isin(_BUS_STOP_TYPES)] = "not a bus stop (rail, taxi, ferry, air)"
    stamp = text_column(raw, "ModificationDateTime", "ModificationDatetime").max()
    return parsed_sites(sites, reasons, raw, context, Listing("dft_naptan", precedence=str(stamp)[:10]))


BUS_STOPS: tuple[Layout, ...] = (Layout("naptan", "Bus stops (NaPTAN)", 3, _matches, _parse),)
