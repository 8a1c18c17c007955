"""Keep a council's own indicator in the workspace: its cells with their origin, then its record."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pandas as pd

from geodata.dataset import NewDataset
from geodata.option_table import put_custom_indicator
from geodata.provenance import Provenance
from geodata.store import Store
from indicators.indicator import Indicator
from indicators.record import to_json

SOURCE_ID = "local"


def keep_indicator(
    store: Store, indicator: Indicator, cells: pd.DataFrame, *, file_name: str, content: bytes, source: str
) -> None:
    """Write the cells, then the record; an indicator of the same id is replaced.

    Parameters
    ----------
    cells : DataFrame
        As `indicators.custom.parse_custom` returns them, of one geography and period.
    file_name, content : str, bytes
        The file that they came from.
    source : str
        Where the council has the figures from.
    """
    geography, period, table = (str(cells[c].iloc[0]) for c in ("geography", "period", "table"))
    provenance = Provenance(
        source_id=SOURCE_ID,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        period=period,
        retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
        rows_in=cells["area_code"].nunique(),
        rows_kept=cells["area_code"].nunique(),
        notes=(f"The council's own indicator: {indicator.label}. Source: {source or 'not stated'}.",),
    )
    store.write([NewDataset(f"cells:{table}:{geography}:{period}", "cells", geography, cells, provenance)])
    for dataset in store.datasets():  # counts by two kinds of area would give each other's small ones away
        if dataset.id.startswith(f"cells:{table}:") and dataset.geography != geography:
            store.remove(dataset.id)
    put_custom_indicator(store, indicator.id, to_json(indicator))
