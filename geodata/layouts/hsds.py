"""Directories of services (Open Referral UK, HSDS): each location becomes a venue with its services listed.

The owner of a venue is the organisation that runs its services, since a directory says nothing of the
building. A location that is only virtual is no place; one where nothing runs any more is left out and
counted.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from geodata.errors import MissingDataError
from geodata.hsds_document import HEADER
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.site import Listing, parsed_sites
from geodata.layouts.venue import KIND, OPEN
from geodata.payload import Raw, RawTable

SOURCE_ID = "open_referral"


def _matches(raw: Raw) -> bool:
    return isinstance(raw, RawTable) and raw.header == HEADER


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawTable) or raw.rows.empty:
        raise MissingDataError(
            "No service in this directory names a location. Save the services in full (each /services/{id}), "
            "or the list of services at locations.",
            where=raw.name,
        )
    of = {name: raw.rows[position] for position, name in enumerate(HEADER)}
    sites = pd.DataFrame(
        {
            "id": "hsds-" + of["hsds_location_id"],
            "name": of["name"],
            "kind": KIND,
            "address": of["address"],
            "postcode": of["postcode"],
            "status": OPEN,
            "x": of["longitude"],
            "y": of["latitude"],
        }
    )
    reasons = pd.Series("", index=sites.index, dtype=object)
    reasons[of["n_running"] == "0"] = "no service runs there now"
    reasons[of["location_type"] == "virtual"] = "virtual, no place"
    reasons[sites["name"] == ""] = "no name"
    details = pd.DataFrame(
        {
            "type": of["taxonomy"],
            "owner": of["organisation"],
            "services": of["services"],
            "opening_hours": of["opening_hours"],
            "step_free": of["accessibility"],
            "checked_on": of["checked_on"],
        }
    )
    parsed = parsed_sites(sites, reasons, raw, context, Listing(SOURCE_ID), details=details)
    page = str(of["page"].iloc[0])
    if not page:
        return parsed
    # pages of one directory stand side by side
    paged = tuple(replace(one, id=f"{one.id}:page{page}") for one in parsed.datasets)
    return replace(parsed, datasets=paged)


HSDS: tuple[Layout, ...] = (
    Layout("open_referral", "Directory of services (Open Referral UK, HSDS)", 3, _matches, _parse),
)
