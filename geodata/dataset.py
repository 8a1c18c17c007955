"""One table of the workspace, on its way in (`NewDataset`) or as it stands there (`Dataset`).

The id is the whole identity: writing a dataset replaces the one with the same id, so it names the
kind, the table, the geography and the period, and never the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from geodata.provenance import Provenance


@dataclass(frozen=True)
class Dataset:
    """One stored table with its origin.

    Parameters
    ----------
    id : str
        Stable key: "cells:ts037:lsoa21:2021", "areas:ward", "lookup:lsoa21:ward:best_fit",
        "places:library:ace_libraries", "sites:development", "partner:police_beats".
    kind : str
        One of "areas", "cells", "places", "lookup", "centroids", "postcodes", "authority_totals", "sites",
        "partner".
    geography : str
        Key into `geodata.geography.GEOGRAPHIES`; empty for places.
    provenance : Provenance
    extra : Mapping of str to str
        {"to_geography": "ward", "method": "best_fit"} for lookups, {"kind": "library"} for places.
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
