"""Which kind of area a file's codes are, and of which vintage.

Codes are matched with the areas of the workspace, never by their look alone: most LSOAs of 2011 and
2021 share their codes, and a ward keeps its look when its boundary changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from geodata.errors import MissingDataError, OptionError, VintageError
from geodata.geography import CODE_PATTERN, GEOGRAPHIES, geography

N_NAMED = 5
_OLD_WARD = re.compile(r"^ward\d\d$")
_YEAR = re.compile(r"20(\d\d)|(\d\d)")


def find_code_column(
    header: Sequence[str], rows: Sequence[Sequence[str]], skip: Iterable[int], known: frozenset[str]
) -> int:
    """Position of the column of area codes: the one that names most areas of the workspace.

    A column counts when at least half of its filled cells are official codes or known areas; of two
    with as many known areas (an LSOA and its ward), the one with more different codes.

    Raises
    ------
    OptionError
        When there is none.
    """
    best: tuple[int, int, int] | None = None
    skipped = set(skip)
    for position in range(len(header)):
        values = [text for row in rows if (text := row[position].strip().upper())]
        codes = {text for text in values if text in known or CODE_PATTERN.match(text)}
        n_codes = sum(text in codes for text in values)
        if position in skipped or not codes or 2 * n_codes < len(values):
            continue
        rank = (len(codes & known), len(codes), -position)
        best = max(best or rank, rank)
    if best is None:
        raise OptionError(
            "There is no column of official area codes (such as E05010311 or E01013335). "
            f"The columns are: {', '.join(header)}."
        )
    return -best[2]


def require_geography(
    row_by_code: Mapping[str, int], header: str, areas_by_geography: Mapping[str, pd.DataFrame]
) -> str:
    """The geography that all of the codes belong to.

    Parameters
    ----------
    row_by_code : Mapping of str to int
        Area code -> row of the file, counted from 1.
    header : str
        Name of the code column; a year in it ("LSOA11CD") decides between equals.
    areas_by_geography : Mapping of str to DataFrame
        Frames indexed by area_code.

    Raises
    ------
    VintageError
        Some or all codes are of another vintage; names both.
    MissingDataError
        The workspace has no areas of this kind.
    OptionError
        Codes that are not known at all; names rows and codes.
    """
    codes = set(row_by_code)
    year = _year(header)
    known = {g: codes & set(frame.index) for g, frame in areas_by_geography.items()}

    def rank(g: str) -> tuple[int, bool, str, int, str]:
        """Most codes known, then the year in the header, then the newest: a part of a list is not of 2011."""
        newest = geography(g).vintage or "9999"
        return len(known[g]), bool(year) and g.endswith(year), newest, -len(areas_by_geography[g]), g

    best = max(known, key=rank, default="")
    if not best or not known[best]:
        raise _foreign(codes, year, areas_by_geography)
    if _OLD_WARD.match(best) and "ward" in areas_by_geography:
        raise _other_vintage(sorted(codes), geography(best).plural, "ward", areas_by_geography)
    unknown = sorted(codes - known[best], key=lambda code: row_by_code[code])
    if not unknown:
        return best
    for other in known:
        if (
            other != best
            and geography(other).prefixes == geography(best).prefixes
            and known[other] & set(unknown)
        ):
            raise _other_vintage(
                sorted(known[other] - known[best]), geography(other).plural, best, areas_by_geography
            )
    vintage = geography(best).vintage
    if year and vintage and not vintage.endswith(year):
        raise _other_vintage(unknown, _kind(unknown[0], year), best, areas_by_geography)
    named = [f"row {row_by_code[code]} ({code}{_kind_note(code, best)})" for code in unknown[:N_NAMED]]
    raise OptionError(
        f"{_not_among(len(unknown))} the workspace's {geography(best).plural}: "
        f"{some_of(named, len(unknown))}. Correct them or take the rows out."
    )


def _not_among(n: int) -> str:
    return "1 of the codes is not among" if n == 1 else f"{n:,} of the codes are not among"


def some_of(texts: Sequence[str], n_total: int | None = None) -> str:
    """The first five texts, and how many more there are."""
    n_more = (len(texts) if n_total is None else n_total) - min(len(texts), N_NAMED)
    return ", ".join(texts[:N_NAMED]) + (f" and {n_more:,} more" if n_more else "")


def _foreign(
    codes: set[str], year: str, areas_by_geography: Mapping[str, pd.DataFrame]
) -> VintageError | MissingDataError:
    first = min(codes)
    for g in areas_by_geography:
        if first.startswith(geography(g).prefixes):
            return _other_vintage(sorted(codes), _kind(first, year), g, areas_by_geography)
    there = ", ".join(geography(g).plural for g in areas_by_geography) or "no areas"
    return MissingDataError(
        f"The file's codes (such as {first}) are {_kind(first, year)}; the workspace has {there}. "
        "Import their boundaries first."
    )


def _other_vintage(
    codes: Sequence[str], theirs: str, ours: str, areas_by_geography: Mapping[str, pd.DataFrame]
) -> VintageError:
    index = areas_by_geography[ours].index
    return VintageError(
        f"{len(codes):,} of the file's codes ({some_of(codes[:2], len(codes))}) are {theirs}; "
        f"the workspace's areas are {geography(ours).plural} {index.min()} to {index.max()}. "
        "They are of another year or another authority: give the option in the workspace's areas."
    )


def _kind(code: str, year: str) -> str:
    """Words for a code's kind: "wards of 2013", "LSOAs (2011)", "wards of another vintage"."""
    kinds = [g for g in GEOGRAPHIES.values() if code.startswith(g.prefixes)]
    if not kinds:
        return "codes of an unknown kind"
    dated = [g for g in kinds if year and g.vintage.endswith(year)]
    if dated:
        return dated[0].plural
    plural = kinds[0].plural.removesuffix(f" ({kinds[0].vintage})")
    return f"{plural} of 20{year}" if year else f"{plural} of another vintage"


def _kind_note(code: str, best: str) -> str:
    if code.startswith(geography(best).prefixes) or not CODE_PATTERN.match(code):
        return ""
    kinds = [g for g in GEOGRAPHIES.values() if code.startswith(g.prefixes)]
    return f", a code of another kind: {kinds[0].label}" if kinds else ", a code of another kind"


def _year(header: str) -> str:
    """Two digits of the year in a column's name; empty when there is none."""
    found = _YEAR.search(header)
    return (found.group(1) or found.group(2)) if found else ""
