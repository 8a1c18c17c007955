"""The council's own register of venues: where teams stand or could stand, what each costs, whether it stays.

No two councils keep such a list alike, so columns are known by the names they go by. A number that cannot be
read stops the file and is named: a cost that fell out of the sum would make the dearest venue look free.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import shapely

from geodata.errors import InputError
from geodata.layouts.column import keys_of
from geodata.layouts.layout import Context, Layout, Parsed
from geodata.layouts.site import Listing, parsed_sites
from geodata.layouts.site_column import SiteColumns
from geodata.layouts.site_schedule import text_of
from geodata.payload import Raw, RawFeatures, RawTable

KIND = "venue"
STAYS, MAY_CLOSE, CANDIDATE, OPEN = "stays", "may close", "candidate", "open"
TEXTS = (
    "type",
    "owner",
    "services",
    "opening_hours",
    "step_free",
    "parking",
    "permission",
    "hard_standing",
    "power",
    "toilets",
    "condition",
    "source",
    "checked_on",
)
NUMBERS = ("capacity", "running_cost_gbp", "opening_cost_gbp")
_VARIANTS = {
    "name": "venue venuename assetname asset buildingname building propertyname property sitename placename "
    "place name",
    "id": "uprn venueid assetid assetreference assetref propertyreference placeid reference ref id",
    "x": "easting eastings x xcoordinate longitude long lon lng",
    "y": "northing northings y ycoordinate latitude lat",
    "postcode": "postcode postalcode",
    "address": "address fulladdress siteaddress addressline1",
    "status": "status planningstatus future proposal decision",
    "type": "kind type venuetype assettype category use",
    "owner": "owner ownership ownedby tenure landlord",
    "services": "services servicesoffered activities",
    "opening_hours": "openinghours hours opening",
    "step_free": "stepfree stepfreeaccess wheelchair accessible access",
    "parking": "parking carpark spaces",
    "permission": "permission buspermission busmaystand busmaystandhere",
    "hard_standing": "hardstanding hardstand",
    "power": "power powersupply powerforabus electricity hookup",
    "toilets": "toilets toilet publictoilets wc",
    "condition": "condition conditiongrade conditionrating",
    "capacity": "capacity capacitypeople people places maxoccupancy room seats",
    "running_cost_gbp": "runningcost runningcosts annualrunningcost runningcostgbp runningcostayear "
    "annualcost costperyear revenuecost",
    "opening_cost_gbp": "openingcost openingcostgbp setupcost capitalcost costtoopen refurbishmentcost",
    "source": "source",
    "checked_on": "checkedon checked datechecked lastchecked lastupdated",
}
_ROLES = {role: tuple(names.split()) for role, names in _VARIANTS.items()}
_TELLING = ("owner", "running_cost_gbp", "opening_cost_gbp", "condition", "step_free")
_STATUS = {
    STAYS: "stays stay retain retained keep kept fixed staying",
    MAY_CLOSE: "may close mayclose could close review under review close closing dispose surplus",
    CANDIDATE: "candidate proposed new possible option potential",
}
_STATUS_OF = {re.sub(r"\W", "", word): status for status, words in _STATUS.items() for word in words.split()}
_STATUS_OF |= {"mayclose": MAY_CLOSE, "couldclose": MAY_CLOSE, "underreview": MAY_CLOSE}
N_NAMED = 5


def _columns(raw: Raw) -> SiteColumns:
    by_name: dict[str, int | str] = {}
    for key, text in keys_of(raw):
        by_name.setdefault(re.sub(r"[^a-z0-9]+", "", text.lower()), key)
    found: dict[str, int | str] = {}
    for role, names in _ROLES.items():
        known = [by_name[name] for name in names if name in by_name]
        if known and known[0] not in found.values():
            found[role] = known[0]
    return SiteColumns(found)


def _matches(raw: Raw) -> bool:
    """A name, a place, and what only a register of premises says: who owns it, what it costs, its state."""
    if not isinstance(raw, RawTable | RawFeatures):
        return False
    columns = _columns(raw)
    has_place = isinstance(raw, RawFeatures) or columns.has("x", "y") or columns.has("postcode")
    return columns.has("name") and has_place and any(columns.has(one) for one in _TELLING)


def _parse(raw: Raw, context: Context) -> Parsed:
    columns = _columns(raw)
    rows = raw.frame.index if isinstance(raw, RawFeatures) else raw.rows.index
    texts = {role: text_of(raw, columns, role, rows) for role in _ROLES}
    numbers = _numbers(raw, texts, rows)
    names = texts["name"]
    own = texts["id"].str.removeprefix(f"{KIND}:")  # as the register gives its ids away
    given = own.where(own != "", names + " " + texts["postcode"])
    sites = pd.DataFrame(
        {
            "id": given.str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True).str.strip("-"),
            "name": names,
            "kind": KIND,
            "address": texts["address"],
            "postcode": texts["postcode"],
            "status": texts["status"].map(_status),
        }
    )
    if isinstance(raw, RawFeatures):
        inner = shapely.point_on_surface(raw.frame.geometry.to_numpy())
        sites["x"], sites["y"] = shapely.get_x(inner), shapely.get_y(inner)
    elif columns.has("x", "y"):
        sites["x"], sites["y"] = texts["x"].str.replace(",", ""), texts["y"].str.replace(",", "")
    details = pd.DataFrame({**{role: texts[role] for role in TEXTS}, **numbers}, index=rows)
    reasons = pd.Series("", index=rows, dtype=object)
    reasons[names == ""] = "no name"
    return parsed_sites(sites, reasons, raw, context, Listing("council_venues"), details=details)


def _status(text: str) -> str:
    """One of the four states; what is not understood is open as it is."""
    plain = re.sub(r"[^a-z]", "", text.lower())
    return _STATUS_OF.get(plain, OPEN)


def _numbers(raw: Raw, texts: dict[str, pd.Series], rows: pd.Index) -> dict[str, pd.Series]:
    """Costs and capacities; NaN where none is given.

    Raises
    ------
    InputError
        Names the rows whose number cannot be read or is below nought.
    """
    found, faults = {}, []
    for role in NUMBERS:
        plain = texts[role].str.replace(r"[£,\s]", "", regex=True)
        values = pd.to_numeric(plain.where(plain != ""), errors="coerce").astype("float64")
        bad = (plain != "") & (values.isna() | (values < 0) | np.isinf(values))
        faults += [
            f"{texts['name'][row] or f'row {row}'}: {role.replace('_gbp', '').replace('_', ' ')} "
            f"{texts[role][row]!r}"
            for row in rows[bad.to_numpy()]
        ]
        found[role] = values
    if faults:
        more = f" and {len(faults) - N_NAMED} more" if len(faults) > N_NAMED else ""
        raise InputError(
            f"Numbers that cannot be read: {'; '.join(faults[:N_NAMED])}{more}. Give pounds or people as "
            "plain numbers of nought or more, or leave the cell empty.",
            where=raw.name,
        )
    return found


VENUES: tuple[Layout, ...] = (
    Layout("council_venues", "The council's register of venues", 3, _matches, _parse),
)
