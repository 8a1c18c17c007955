"""Schools of Get Information about Schools: the published extract by its column names, and the tidy one.

Only what a map needs is read; names and telephone numbers of heads are never taken.
"""

from __future__ import annotations

import pandas as pd

from geodata.errors import InputError
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.origin import outside
from geodata.layouts.site import Listing, joined_address, parsed_sites, text_column
from geodata.payload import Raw, RawTable

_NO_SCHOOL = ("higher education institutions", "children's centre", "online provider")


def _is_published(raw: RawTable) -> bool:
    return raw.has("URN", "EstablishmentName", "EstablishmentStatus (name)", "Easting", "Northing")


def _is_tidy(raw: RawTable) -> bool:
    return raw.has("urn", "establishment_name", "establishment_type", "easting", "northing")


def _matches(raw: Raw) -> bool:
    return isinstance(raw, RawTable) and (_is_published(raw) or _is_tidy(raw))


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawTable):
        raise InputError("This is no list of schools.", where=raw.name)
    status = text_column(raw, "EstablishmentStatus (name)")
    kind = text_column(raw, "TypeOfEstablishment (name)", "establishment_type")
    sites = pd.DataFrame(
        {
            "id": text_column(raw, "URN").str.removesuffix(".0"),
            "name": text_column(raw, "EstablishmentName", "establishment_name"),
            "kind": "school",
            "address": joined_address(
                [text_column(raw, name) for name in ("Street", "Locality", "Town", "Address3")]
            ),
            "postcode": text_column(raw, "Postcode"),
            "status": status.where(status != "", "open").str.lower(),
            "x": text_column(raw, "Easting"),
            "y": text_column(raw, "Northing"),
        }
    )
    reasons = pd.Series("", index=sites.index, dtype=object)
    reasons[kind.str.lower().map(lambda text: text.startswith(_NO_SCHOOL))] = (
        "not a school (higher education)"
    )
    if raw.has("EstablishmentStatus (name)"):
        reasons[~status.str.lower().str.startswith("open")] = "closed or not open yet"
    district = text_column(raw, "DistrictAdministrative (code)")
    if context.authority_code and district.ne("").any():
        reasons[district.ne("") & district.ne(context.authority_code)] = outside(context)
    notes = ("schools stand where they are sited; pupils may live elsewhere",)
    precedence = "1" if _is_published(raw) else "0"
    return parsed_sites(sites, reasons, raw, context, Listing("dfe_gias", precedence=precedence, notes=notes))


SCHOOLS: tuple[Layout, ...] = (
    Layout("gias", "Schools (Get Information about Schools)", 3, _matches, _parse),
)
