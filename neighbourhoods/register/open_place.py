"""Places that are known to be open on a weekday evening or at the weekend.

Of whom nobody knows the hours is not taken for open: the mistake this prevents is a library that counts for
people who come after work and find it shut.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.register.hours import OPEN_AT, parse_hours


def require_open_at(when: str) -> str:
    """A key of `OPEN_AT`, or "" for any time.

    Raises
    ------
    InputError
        For anything else.
    """
    if when and when not in OPEN_AT:
        raise InputError(f"There is no time {when!r}; there are {', '.join(OPEN_AT)}.")
    return when


def open_places(places: gpd.GeoDataFrame, when: str) -> gpd.GeoDataFrame:
    """Those that are known to be open then; all of them for "".

    Raises
    ------
    InputError
        When none is.
    """
    if not when:
        return places
    kept = places[is_open_at(places, when)]
    if kept.empty:
        raise InputError(
            f"None of these {len(places):,} places is known to be open {_said(when)}. Give opening hours in "
            "the register under Assets, as in Mon-Fri 9am-8pm, or choose any time."
        )
    return kept


def is_open_at(places: gpd.GeoDataFrame, when: str) -> NDArray[np.bool_]:
    """Which places (n,) are known to be open then; all of them for ""."""
    if not when:
        return np.ones(len(places), dtype=bool)
    texts = places["opening_hours"].fillna("")
    return np.array([parse_hours(str(text)).meets(when) for text in texts], dtype=bool)


def open_words(places: gpd.GeoDataFrame, when: str) -> str:
    """How many of some places count, and of how many nobody knows; empty for ""."""
    if not when:
        return ""
    hours = [parse_hours(str(text)) for text in places["opening_hours"].fillna("")]
    n_open, n_unknown = sum(one.meets(when) for one in hours), sum(not one.is_known for one in hours)
    unknown = f"; of {n_unknown:,} the hours are not known, and they do not count" if n_unknown else ""
    return f"Only places open {_said(when)} count: {n_open:,} of {len(hours):,}{unknown}."


def _said(when: str) -> str:
    return OPEN_AT[when][0].lower() + OPEN_AT[when][1:]
