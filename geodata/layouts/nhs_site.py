"""Sites of the NHS website files: hospitals, clinics, pharmacies, dentists and surgeries, divided by "¬"."""

from __future__ import annotations

import pandas as pd

from geodata.errors import InputError
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.site import Listing, joined_address, parsed_sites, text_column
from geodata.payload import Raw, RawTable

_KINDS = {
    "hospital": "hospital",
    "clinic": "clinic",
    "clinics": "clinic",
    "pharmacy": "pharmacy",
    "dentist": "dentist",
    "dentists": "dentist",
    "gp": "gp_surgery",
    "gpb": "gp_surgery",
    "gp practice": "gp_surgery",
}
_NOTE = "the publication has ended: take it as a list to start from, and check what is still there"


def _matches(raw: Raw) -> bool:
    return isinstance(raw, RawTable) and raw.has(
        "OrganisationID", "OrganisationType", "OrganisationName", "Latitude", "Longitude"
    )


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawTable):
        raise InputError("This is no list of NHS sites.", where=raw.name)
    kind = text_column(raw, "OrganisationType").str.lower().map(_KINDS).fillna("")
    parts = [text_column(raw, name) for name in ("Address1", "Address2", "Address3", "City")]
    sites = pd.DataFrame(
        {
            "id": text_column(raw, "OrganisationID"),
            "name": text_column(raw, "OrganisationName"),
            "kind": kind,
            "address": joined_address(parts),
            "postcode": text_column(raw, "Postcode"),
            "status": "as listed",
            "x": text_column(raw, "Longitude"),
            "y": text_column(raw, "Latitude"),
        }
    )
    reasons = pd.Series("", index=sites.index, dtype=object)
    reasons[kind == ""] = "another type of organisation"
    shown = text_column(raw, "OrganisationStatus").str.lower()
    reasons[~shown.isin(["visible", ""])] = "hidden at source"
    # Ids are given in turn, so the list with the highest id is the later one.
    newest = int(pd.to_numeric(sites["id"], errors="coerce").max())
    listing = Listing("nhs_website", precedence=f"{newest:012d}", notes=(_NOTE,))
    return parsed_sites(sites, reasons, raw, context, listing)


NHS_SITES: tuple[Layout, ...] = (Layout("nhs_website", "NHS website list of sites", 3, _matches, _parse),)
