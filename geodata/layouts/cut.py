"""Which rows of a published table belong to the authority: told by codes, never by names.

A code's first three characters say its level; which codes are the authority's is known from boundaries
and lookups, or from a district code that stands beside them in the same row. Nothing is left out
without a reason that is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geodata.errors import DamagedFileError, InputError, OtherAuthorityError, VintageError
from geodata.geography import geography
from geodata.layouts.layout import Context
from geodata.provenance import Dropped

ABOVE = "above authority level"
OTHER_AUTHORITY = "other authority"
OTHER_VINTAGE = "code of another vintage"
NO_CODE = "no area code"
NOT_AN_AREA = "not the code of an English area"
EMPTY = "empty row"
REPEATED = "row listed twice"

_LEVELS = {"E00": "oa", "E01": "lsoa", "E02": "msoa", "E05": "ward"} | dict.fromkeys(
    ("E06", "E07", "E08", "E09"), "lad"
)
_ABOVE_PREFIXES = ("E10", "E11", "E12", "E13", "E92", "K0")
_COUNTRIES = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland"}


@dataclass(frozen=True)
class Cut:
    """The rows that stay.

    Parameters
    ----------
    keep : Series of bool
    geography : Series of str
        Geography id of each row; "" where it is dropped.
    dropped : tuple of Dropped
    """

    keep: pd.Series
    geography: pd.Series
    dropped: tuple[Dropped, ...]


def dropped_by(reasons: pd.Series) -> tuple[Dropped, ...]:
    """Count the reasons (one per source row, "" for kept rows), most frequent first."""
    counts = reasons[reasons != ""].value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return tuple(Dropped(str(reason), int(n)) for reason, n in ordered)


def add_dropped(*parts: Sequence[Dropped]) -> tuple[Dropped, ...]:
    """Dropped rows of several steps, the same reasons added."""
    totals: dict[str, int] = {}
    for part in parts:
        for entry in part:
            totals[entry.reason] = totals.get(entry.reason, 0) + entry.n_rows
    return tuple(Dropped(reason, n) for reason, n in totals.items() if n)


def levels_of(codes: pd.Series, vintage: str = "21") -> pd.Series:
    """Geography id of each code ("lsoa21", "ward", "lad"), "" where it is none of ours.

    Parameters
    ----------
    codes : Series of str
    vintage : str
        "21" or "11": the census geography of output areas, LSOAs and MSOAs, which codes do not tell.
    """
    named = {
        prefix: level + vintage if level in ("oa", "lsoa", "msoa") else level
        for prefix, level in _LEVELS.items()
    }
    found = codes.str.slice(0, 3).map(named).fillna("").astype(object)
    return found.where(codes.str.fullmatch(r"E\d{8}"), "")


def cut_to_authority(
    codes: pd.Series,
    context: Context,
    *,
    vintage: str = "21",
    lad_codes: pd.Series | None = None,
    names: pd.Series | None = None,
    where: str = "",
) -> Cut:
    """Keep the rows whose code is the authority's, or the code of one of its areas.

    Parameters
    ----------
    codes : Series of str
        One area code per row.
    context : Context
        With no `authority_code`, every English area is kept.
    vintage : str
        "21" or "11" (see `levels_of`).
    lad_codes : Series of str, optional
        District of each row where the table says it: then codes need not be known beforehand.
    names : Series of str, optional
        Names of the rows' areas, for the message when none is the authority's.

    Raises
    ------
    InputError
        When the authority's codes of that geography are not known yet.
    VintageError
        When the only rows of the authority carry codes of another vintage.
    OtherAuthorityError
        When no row is the authority's.
    """
    codes = codes.str.strip()
    levels = levels_of(codes, vintage)
    reasons = pd.Series("", index=codes.index, dtype=object)
    reasons[levels == ""] = NOT_AN_AREA
    reasons[(levels == "") & codes.str.startswith(_ABOVE_PREFIXES)] = ABOVE
    for letter, country in _COUNTRIES.items():
        reasons[(levels == "") & codes.str.startswith(letter)] = country
    reasons[codes == ""] = NO_CODE
    if context.authority_code:
        for level in [name for name in pd.unique(levels) if name]:
            rows = levels == level
            reasons[rows] = _reasons_of(level, codes[rows], context, lad_codes, where)
    keep = reasons == ""
    if not keep.any():
        _refuse_foreign(reasons, levels, names, context, where)
        _refuse_strange(reasons, codes, where)
    return Cut(keep, levels.where(keep, ""), dropped_by(reasons))


def _reasons_of(
    level: str, codes: pd.Series, context: Context, lad_codes: pd.Series | None, where: str
) -> pd.Series:
    """Why each row of one level is left out; "" for those that stay."""
    reasons = pd.Series("", index=codes.index, dtype=object)
    if level == "lad":
        reasons[codes != context.authority_code] = OTHER_AUTHORITY
        return reasons
    known = context.area_codes.get(level, frozenset())
    if lad_codes is None and not known:
        kind = geography(level)
        raise InputError(
            f"This is a table by {kind.label}, and the {kind.plural} of "
            f"{context.authority_name or context.authority_code} are not known yet. Import their boundaries "
            "or a lookup that names them first, or in the same import.",
            where=where or None,
        )
    ours = codes.isin(known) if known else pd.Series(True, index=codes.index)
    others = _other_vintages(level, context)
    reasons[~ours] = OTHER_AUTHORITY
    reasons[~ours & codes.isin(others)] = OTHER_VINTAGE
    if lad_codes is not None:
        of_authority = lad_codes.loc[codes.index].str.strip() == context.authority_code
        reasons[of_authority & ~ours] = OTHER_VINTAGE
        reasons[~of_authority] = OTHER_AUTHORITY
    return reasons


def _other_vintages(level: str, context: Context) -> frozenset[str]:
    """Codes of the authority in other vintages of the same level."""
    stem = level.rstrip("0123456789")
    return frozenset().union(
        *(
            codes
            for name, codes in context.area_codes.items()
            if name != level and name.rstrip("0123456789") == stem
        )
    )


def _refuse_foreign(
    reasons: pd.Series, levels: pd.Series, names: pd.Series | None, context: Context, where: str
) -> None:
    """Raise where rows were of another place or vintage; a table of regions or of Wales passes."""
    authority = f"{context.authority_name} ({context.authority_code})".strip()
    if (reasons == OTHER_VINTAGE).any():
        level = str(levels[reasons == OTHER_VINTAGE].iloc[0])
        raise VintageError(
            f"The codes are not those of the {geography(level).plural} that the workspace knows for "
            f"{authority}, but of another vintage. Import the table for the areas in force, or boundaries "
            "and a lookup of its vintage.",
            where=where or None,
        )
    foreign = reasons == OTHER_AUTHORITY
    if foreign.any():
        held = _most_frequent(names[foreign]) if names is not None else ""
        found = f"Its rows are of {held}" if held else "Its area codes are of other places"
        raise OtherAuthorityError(
            f"No row is of {authority}. {found}. Import the file for {authority}, or the national one.",
            where=where or None,
        )


def _refuse_strange(reasons: pd.Series, codes: pd.Series, where: str) -> None:
    """Raise where nothing in the column of codes is one."""
    strange = reasons == NOT_AN_AREA
    if strange.any() and reasons.isin((NOT_AN_AREA, NO_CODE)).all():
        raise DamagedFileError(
            f"No row holds the code of an English area; the first is “{codes[strange].iloc[0][:40]}”. "
            "Codes are written like E01013335, in capitals. Import the file as it was published.",
            where=where or None,
        )


def _most_frequent(names: pd.Series) -> str:
    """The commonest place name, an LSOA's or MSOA's number taken off ("Leeds 012A")."""
    places = names.str.replace(r"\s\d{3}[A-Z]?$", "", regex=True)
    places = places[places != ""]
    counts = places.value_counts()
    if counts.empty:
        return ""
    first = sorted(str(name) for name in counts[counts == counts.max()].index)[0]
    return first if len(counts) == 1 else f"{first} and {len(counts) - 1} more"
