"""Keep a council's own indicator in the workspace: its cells with their origin, then its record."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pandas as pd

from geodata.dataset import NewDataset
from geodata.errors import InputError
from geodata.option_table import put_custom_indicator, remove_custom_indicator
from geodata.own_table import read_own_table
from geodata.provenance import Provenance
from geodata.store import Store
from indicators.catalogue import CATALOGUE
from indicators.custom import TABLE_PREFIX, parse_custom
from indicators.custom_form import CustomForm
from indicators.indicator import Indicator
from indicators.record import to_json
from neighbourhoods.study.study import Study

SOURCE_ID = "local"


def add_indicator(study: Study, form: CustomForm, content: bytes, file_name: str) -> Indicator:
    """Check a council's file against its form and keep both.

    Raises
    ------
    InputError
        Lists what is wrong with the file or the form; nothing is kept then.
    """
    codes = {g: frozenset(study.outlines(g).index) for g in study.geographies}
    frame = read_own_table(content, file_name)
    indicator, cells = parse_custom(frame, form, codes, frozenset(CATALOGUE))
    keep_indicator(study.store, indicator, cells, file_name=file_name, content=content, source=form.source)
    return indicator


def drop_indicator(store: Store, indicator_id: str) -> None:
    """Take a council's own indicator and its cells out of the workspace.

    Raises
    ------
    InputError
        When the workspace holds none of this id.
    """
    if indicator_id in CATALOGUE:
        raise InputError(f"{indicator_id!r} is published: only a council's own indicators can be removed")
    remove_custom_indicator(store, indicator_id)
    for dataset in store.datasets():
        if dataset.id.startswith(f"cells:{TABLE_PREFIX}{indicator_id}:"):
            store.remove(dataset.id)


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
