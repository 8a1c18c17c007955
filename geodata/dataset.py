"""One table of the workspace, on its way in (`NewDataset`) or as it stands there (`Dataset`).

The id is the whole identity: writing a dataset replaces the one with the same id, so it names the
kind, the table, the geography and the period, and never the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from geodata.provenance import Provenance

OF_FIGURES = ("areas", "cells", "lookup", "centroids", "postcodes", "authority_totals")
KINDS = (*OF_FIGURES, "places", "place_hours", "sites", "partner", "roads", "timetable")


@dataclass(frozen=True)
class Dataset:
    """One stored table with its origin.

    Parameters
    ----------
    id : str
        Stable key: "cells:ts037:lsoa21:2021", "areas:ward", "lookup:lsoa21:ward:best_fit",
        "places:library:ace_libraries", "place_hours:library", "sites:development", "partner:police_beats",
        "roads:openstreetmap", "timetable:calls".
    kind : str
        One of `KINDS`.
    geography : str
        Key into `geodata.geography.GEOGRAPHIES`; empty for places.
    provenance : Provenance
    extra : Mapping of str to str
        {"to_geography": "ward", "method": "best_fit"} for lookups, {"kind": "library"} for places,
        {"content": "<sha256>"} for roads and timetables.
    """

    id: str
    kind: str
    geography: str
    provenance: Provenance
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewDataset:
    """A table to be written; `frame` holds the columns that its kind promises (see `Dataset`)."""

    id: str
    kind: str
    geography: str
    frame: pd.DataFrame
    provenance: Provenance
    extra: Mapping[str, str] = field(default_factory=dict)


def require_sound(datasets: Sequence[NewDataset]) -> None:
    """Refuse what would spoil a workspace.

    Raises
    ------
    ValueError
        For an unknown kind, an id given twice, or outlines and points that are not in EPSG:27700.
    """
    ids = [new.id for new in datasets]
    if len(set(ids)) < len(ids):
        raise ValueError(f"an id is given twice: {ids}")
    for new in datasets:
        if new.kind not in KINDS:
            raise ValueError(f"{new.id}: unknown kind {new.kind!r}")
        if (
            new.kind in ("areas", "places", "sites", "roads")
            and getattr(new.frame, "crs", None) != "EPSG:27700"
        ):
            raise ValueError(f"{new.id}: outlines, points and lines are stored in EPSG:27700")
