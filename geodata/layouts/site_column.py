"""Columns of a table of development sites, by the names that councils give them.

No two councils write a housing trajectory alike. The mistake this prevents: homes that fall out of the count
because their column is called something else; a column that covers several years is refused, not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely

from geodata.errors import InputError
from geodata.layouts.column import keys_of
from geodata.payload import Raw, RawFeatures

Key = int | str

_VARIANTS = {
    "name": "sitename site development developmentname schemename scheme sitenameaddress allocationname "
    "allocation siteaddress name address location sitereference siteref siteid reference ref",
    "x": "easting eastings geox xcoordinate xcoord bngeasting bnge x longitude long lon lng",
    "y": "northing northings geoy ycoordinate ycoord bngnorthing bngn y latitude lat",
    "postcode": "postcode sitepostcode postalcode",
    "people_per_home": "peopleperhome peopleperdwelling personsperhome personsperdwelling householdsize "
    "averagehouseholdsize residentsperhome residentsperdwelling occupancy",
    "per_year": "homesperyear homesayear homesperannum dwellingsperyear dwellingsayear dwellingsperannum "
    "unitsperyear unitsperannum annualhomes annualdwellings completionsperyear annualcompletions buildrate "
    "deliveryrate perannum dpa",
    "total": "totalhomes homes numberofhomes nethomes homesinall homestotal totaldwellings dwellings "
    "netdwellings numberofdwellings netadditionaldwellings minnetdwellings totalunits units netunits "
    "capacity total",
    "first": "firstyear startyear yearfrom fromyear start from first begins yearofstart startdate "
    "firstcompletion firstcompletions",
    "last": "lastyear endyear yearto toyear end to last ends yearofcompletion completionyear enddate finish "
    "lastcompletion lastcompletions",
}
VARIANTS: dict[str, tuple[str, ...]] = {role: tuple(names.split()) for role, names in _VARIANTS.items()}
_SITE_WORDS = ("site", "development", "scheme", "allocation")
_OF_HOMES = r"(?:net |total )?(?:homes|dwellings|units|completions|fy|year)"
_YEAR = re.compile(
    rf"^(?:{_OF_HOMES}[ :(]*)?((?:19|20)\d\d)(?:\s*[/\-–]\s*(\d\d|(?:19|20)\d\d))?(?:[ )]*{_OF_HOMES}?\)?)$",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?:19|20)\d\d(?:/\d\d)?\s*(?:-|–|/|to)\s*(?:19|20)?\d\d(?:/\d\d)?", re.IGNORECASE)


@dataclass(frozen=True)
class SiteColumns:
    """Where a table of sites holds what.

    Parameters
    ----------
    by_role : Mapping of str to int or str
        Key of `VARIANTS` to the column; roles that no column has are absent.
    years : Mapping of int or str to int
        Column of homes in one year, and that year.
    """

    by_role: Mapping[str, Key]
    years: Mapping[Key, int] = field(default_factory=dict)

    def has(self, *roles: str) -> bool:
        """Whether every role has a column."""
        return all(role in self.by_role for role in roles)


def year_of(text: str) -> int | None:
    """The year that a text says: 2026 for "2026", 2027 for "2026/27" (the year it ends in); else None."""
    match = _YEAR.match(" ".join(text.split()))
    if match is None:
        return None
    first, last = int(match.group(1)), match.group(2)
    if last is None:
        return first
    return first + 1 if (first + 1) % 100 == int(last) % 100 and len(last) in (2, 4) else None


def is_financial_year(text: str) -> bool:
    """Whether a text says a year that runs over two: "2026/27"."""
    match = _YEAR.match(" ".join(text.split()))
    return match is not None and match.group(2) is not None


def site_columns(raw: Raw) -> SiteColumns:
    """Columns of a table by role; of two that fit a role the name that stands first in `VARIANTS`."""
    by_name: dict[str, Key] = {}
    for key, text in keys_of(raw):
        by_name.setdefault(_plain(text), key)
    by_role: dict[str, Key] = {}
    for role, names in VARIANTS.items():
        found = next((by_name[name] for name in names if name in by_name), None)
        if found is not None:
            by_role[role] = found
    taken = set(by_role.values())
    years = {key: year for key, text in keys_of(raw) if key not in taken and (year := year_of(text))}
    return SiteColumns(by_role, years)


def is_site_table(raw: Raw) -> bool:
    """Whether these are development sites: a site, homes by year, and most often where it stands."""
    columns = site_columns(raw)
    if not columns.has("name") or not (columns.has("per_year") or columns.has("total") or columns.years):
        return False
    texts = [text.lower() for _, text in keys_of(raw)]
    says_site = any(word in text for text in texts for word in _SITE_WORDS)
    says_homes = columns.has("per_year") or columns.has("total", "first", "last")
    is_points = isinstance(raw, RawFeatures) and not _has_lines(raw)
    has_place = is_points or columns.has("x", "y") or columns.has("postcode")
    return (says_site and (says_homes or len(columns.years) > 1)) or (says_homes and has_place)


def require_single_years(raw: Raw, columns: SiteColumns) -> None:
    """Refuse columns of several years together, and two columns of one year.

    Raises
    ------
    InputError
        Names the column.
    """
    for key, text in keys_of(raw):
        if key not in columns.years and key not in columns.by_role.values() and _SPAN.fullmatch(text.strip()):
            raise InputError(
                f"The column “{text}” covers several years. Give one column for each year, or homes a year "
                "with a first and a last year.",
                where=raw.name,
            )
    seen: dict[int, Key] = {}
    for key, year in columns.years.items():
        if year in seen:
            raise InputError(f"Two columns give the homes of {year}. Take one out.", where=raw.name)
        seen[year] = key


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def _has_lines(raw: RawFeatures) -> bool:
    return bool(np.isin(shapely.get_type_id(raw.frame.geometry.to_numpy()), (1, 2, 5)).any())
