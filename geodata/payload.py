"""What a file holds once it has been read safely, before anybody knows which publication it is.

Nothing in a file is trusted: text stays text, no formula is computed, no archive is unpacked to disk,
and every size has a limit that is checked before the memory is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which a file is refused with `TooLargeError` or `UnsafeFileError`.

    Parameters
    ----------
    file_bytes : int
        Of one file, also of one unzipped member.
    archive_bytes : int
        Of all members of one archive together, unzipped.
    ratio_max : float
        Unzipped bytes per zipped byte of one member, beyond which it is taken for a bomb.
    n_members_max : int
    depth_max : int
        Archives within archives.
    n_rows_max, n_columns_max, n_features_max, n_vertices_max : int
    """

    file_bytes: int = 400_000_000
    archive_bytes: int = 800_000_000
    ratio_max: float = 200.0
    n_members_max: int = 2_000
    depth_max: int = 2
    n_rows_max: int = 3_000_000
    n_columns_max: int = 2_000
    n_features_max: int = 250_000
    n_vertices_max: int = 30_000_000


@dataclass(frozen=True)
class Payload:
    """The bytes of one file or archive member.

    Parameters
    ----------
    name : str
        "boundaries.zip/ward.shp" for a member; never a path to open.
    sha256 : str
    content : bytes
    """

    name: str
    sha256: str
    content: bytes


@dataclass(frozen=True)
class RawTable:
    """One table as text.

    Parameters
    ----------
    name : str
        The payload's name.
    header : tuple of str
        White space collapsed, one per column; "" for unnamed columns; () when there is no header row.
        A name may stand twice.
    rows : DataFrame
        Columns 0 to n-1, all str ("" for blank), white space at both ends stripped; index 0 to n_rows-1.
    header_row : int
        Line of the header, counted from 1; 0 when there is none.
    notes : tuple of str
    sheet : str
        Of a workbook; empty for text.
    preamble : tuple of str
        Text of the rows above the header.
    sha256 : str
        Of the payload.
    """

    name: str
    header: tuple[str, ...]
    rows: pd.DataFrame
    header_row: int = 1
    notes: tuple[str, ...] = ()
    sheet: str = ""
    preamble: tuple[str, ...] = ()
    sha256: str = ""

    def column(self, name: str) -> int | None:
        """Position of the first column of that name, whatever its capitals; None when absent."""
        wanted = name.casefold()
        return next((i for i, text in enumerate(self.header) if text.casefold() == wanted), None)

    def has(self, *names: str) -> bool:
        """Whether every name stands in the header."""
        present = {text.casefold() for text in self.header}
        return all(name.casefold() in present for name in names)

    def values(self, name: str) -> pd.Series:
        """The column of that name as text.

        Raises
        ------
        KeyError
            When it is absent.
        """
        position = self.column(name)
        if position is None:
            raise KeyError(name)
        return self.rows[position]


@dataclass(frozen=True)
class RawTimetable(RawTable):
    """The tables of a GTFS feed; as a table by itself it has no rows.

    Parameters
    ----------
    tables : Mapping of str to DataFrame
        By file name without its ending ("stop_times"): the columns that are used, all str, "" for blank.
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class RawFeatures:
    """One layer of outlines, points or lines.

    Parameters
    ----------
    name : str
    frame : GeoDataFrame
        EPSG:27700; attribute columns as published, text where they were text.
    notes : tuple of str
        "3 invalid outlines repaired", "no coordinate system named: taken as longitude and latitude".
    sha256 : str
    layer : str
    """

    name: str
    frame: gpd.GeoDataFrame
    notes: tuple[str, ...] = ()
    sha256: str = ""
    layer: str = ""

    def column(self, name: str) -> str | None:
        """The attribute of that name as the file spells it; None when absent."""
        wanted = name.casefold()
        return next((str(c) for c in self.frame.columns if str(c).casefold() == wanted), None)


Raw = RawTable | RawFeatures
