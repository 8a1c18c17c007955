"""The kinds of area, and how an official code says which kind it is.

Vintage is part of the identity: an LSOA of 2011 is not an LSOA of 2021 although most codes are
the same, so `lsoa11` and `lsoa21` are two geographies. Wards in force are `ward`; wards of an
earlier vintage that were imported for reference are `ward13`, `ward22` and so on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Geography:
    """One kind of area.

    Parameters
    ----------
    id : str
        Key used in frames and files: `ward`, `lsoa21`, `lad`, ...
    label, plural : str
        Words for a page: "ward", "wards"; "LSOA (2021)", "LSOAs (2021)".
    prefixes : tuple of str
        First three characters of the English codes.
    vintage : str
        Census or boundary year; empty where the file gives it (wards, districts).
    typical_population : int
        Order of magnitude of residents, for words on pages only.
    """

    id: str
    label: str
    plural: str
    prefixes: tuple[str, ...]
    vintage: str
    typical_population: int


GEOGRAPHIES: dict[str, Geography] = {
    g.id: g
    for g in (
        Geography("oa11", "output area (2011)", "output areas (2011)", ("E00",), "2011", 300),
        Geography("oa21", "output area (2021)", "output areas (2021)", ("E00",), "2021", 300),
        Geography("lsoa11", "LSOA (2011)", "LSOAs (2011)", ("E01",), "2011", 1_600),
        Geography("lsoa21", "LSOA (2021)", "LSOAs (2021)", ("E01",), "2021", 1_600),
        Geography("msoa11", "MSOA (2011)", "MSOAs (2011)", ("E02",), "2011", 8_000),
        Geography("msoa21", "MSOA (2021)", "MSOAs (2021)", ("E02",), "2021", 8_000),
        Geography("ward", "ward", "wards", ("E05",), "", 9_000),
        Geography("synthetic", "synthetic small area", "synthetic small areas", ("SYN",), "", 1_700),
        Geography("lad", "authority", "authorities", ("E06", "E07", "E08", "E09"), "", 150_000),
    )
}

CODE_PATTERN = re.compile(r"^[EWSN]\d{8}$")

_OLD_WARD = re.compile(r"^ward(\d\d)$")


def geography(geography_id: str) -> Geography:
    """The record of a geography; `ward13` and its like are built from `ward`.

    Raises
    ------
    KeyError
        When the id is none of these.
    """
    old = _OLD_WARD.match(geography_id)
    if old:
        year = f"20{old.group(1)}"
        ward = GEOGRAPHIES["ward"]
        return Geography(
            geography_id,
            f"ward of {year}",
            f"wards of {year}",
            ward.prefixes,
            year,
            ward.typical_population,
        )
    return GEOGRAPHIES[geography_id]
