"""A layout is one published shape of table: how it is known again and how it becomes datasets.

A layout looks at columns and values only. The file's name and its place on disk say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from geodata.dataset import NewDataset
from geodata.payload import Raw
from geodata.provenance import Dropped


@dataclass(frozen=True)
class Context:
    """What is known of the workspace and of the other files of the same import.

    Parameters
    ----------
    authority_code : str or None
        LAD code of the workspace's authority; None while nothing names one (then nothing is cut).
    area_codes : Mapping of str to frozenset of str
        Known codes of the authority by geography, from boundaries and lookups in store and import.
    retrieved : str
        ISO date and time (UTC) of the import.
    postcodes : DataFrame or None
        Index postcode; x, y, ward_code, lad_code, quality.
    authority_name : str
    outline : shapely geometry or None
        The authority, EPSG:27700.
    areas : Mapping of str to GeoDataFrame
        Boundaries of the store and of this import, by geography.
    """

    authority_code: str | None = None
    area_codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    retrieved: str = ""
    postcodes: pd.DataFrame | None = None
    authority_name: str = ""
    outline: object | None = None
    areas: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """What a layout made of one table.

    Parameters
    ----------
    datasets : tuple of NewDataset
        Empty for a file that is known but holds nothing to store (say why in `notes`).
    rows_in, rows_kept : int
        Of the file; `rows_in - rows_kept` equals the sum over `dropped`.
    dropped : tuple of Dropped
    geography : str
        For the report; empty for places.
    notes : tuple of str
    """

    datasets: tuple[NewDataset, ...]
    rows_in: int
    rows_kept: int
    dropped: tuple[Dropped, ...] = ()
    geography: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """One published shape of table.

    Parameters
    ----------
    id : str
    label : str
        For the report: "Census 2021 table (Nomis bulk CSV)".
    stage : int
        0 boundaries, 1 lookups, centroids and postcodes, 2 statistics, 3 places, roads and timetables.
    matches : callable
        Raw -> bool, by columns and values; never raises.
    parse : callable
        (Raw, Context) -> Parsed; raises `InputError` with a message that a planner can act on.
    """

    id: str
    label: str
    stage: int
    matches: Callable[[Raw], bool]
    parse: Callable[[Raw, Context], Parsed]
