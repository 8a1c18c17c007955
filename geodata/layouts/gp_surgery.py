"""GP practices of the NHS Organisation Data Service (epraccur): a file without column names.

Known by its values, not by its width: an organisation code first, a postcode in the tenth column, a day in
the eleventh. The older file says "A" and setting "4"; the newer says "ACTIVE" and role RO76.
"""

from __future__ import annotations

import pandas as pd

from geodata.errors import InputError
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.postcode import POSTCODE
from geodata.layouts.site import Listing, joined_address, parsed_sites
from geodata.payload import Raw, RawTable
from geodata.text import repair_mojibake

_CODE, _NAME, _POSTCODE, _OPENED, _STATUS, _SETTING = 0, 1, 9, 10, 12, 25
_ADDRESS = (4, 5, 6, 7, 8)


def _matches(raw: Raw) -> bool:
    if not isinstance(raw, RawTable) or raw.header or raw.rows.shape[1] <= _STATUS:
        return False
    head = raw.rows.head(300)
    return bool(
        head[_CODE].str.fullmatch(r"[A-Z]\w{3,6}").mean() > 0.9
        and head[_POSTCODE].str.fullmatch(POSTCODE).mean() > 0.8
        and head[_OPENED].str.fullmatch(r"\d{8}").mean() > 0.8
        and head[_STATUS].str.fullmatch(r"[ACDP]|ACTIVE|INACTIVE|CLOSED|DORMANT|PROPOSED").mean() > 0.9
    )


def _parse(raw: Raw, context: Context) -> Parsed:
    if not isinstance(raw, RawTable):
        raise InputError("This is no list of practices.", where=raw.name)
    rows = raw.rows
    status = rows[_STATUS]
    reasons = pd.Series("", index=rows.index, dtype=object)
    reasons[~_is_practice(rows)] = "not a GP practice (another prescribing setting)"
    reasons[~status.isin(["A", "ACTIVE"])] = "closed, dormant or not open yet"
    sites = pd.DataFrame(
        {
            "id": rows[_CODE],
            "name": rows[_NAME].map(repair_mojibake).map(_title),
            "kind": "gp_surgery",
            "address": joined_address([rows[position] for position in _ADDRESS]).map(_title),
            "postcode": rows[_POSTCODE],
            "status": "active",
        }
    )
    latest = str(rows[_OPENED].max())
    period = f"to {latest[:4]}-{latest[4:6]}" if len(latest) == 8 else "not stated in the file"
    notes = ("practices by their main address; branch surgeries are in another file (ebranchs)",)
    return parsed_sites(sites, reasons, raw, context, Listing("nhs_ods", period, latest, notes))


def _is_practice(rows: pd.DataFrame) -> pd.Series:
    """Role RO76 anywhere in the role column of the newer file, else prescribing setting 4."""
    position = _SETTING if rows.shape[1] > _SETTING else rows.shape[1] - 1
    roles = rows[position]
    if roles.str.contains("RO", regex=False).any():
        return roles.str.split("|").map(lambda codes: "RO76" in codes)
    return roles == "4"


def _title(text: str) -> str:
    """Words in capitals as words: "PRIORY MEDICAL GROUP" reads "Priory Medical Group"."""
    if text != text.upper():
        return text
    words = (word.capitalize() if word.isalpha() else word.title() for word in text.split(" "))
    return " ".join(words).replace("'S", "'s")


GP_SURGERIES: tuple[Layout, ...] = (
    Layout("epraccur", "GP practices (NHS ODS epraccur)", 3, _matches, _parse),
)
