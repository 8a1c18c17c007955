"""The workspace's tables as a page lists them: one row for each file that was imported."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from geodata.dataset import Dataset
from geodata.geography import geography
from geodata.source import SOURCES

SPAN_FROM = 3
YEAR_LENGTH = 4  # a shorter period is a mark of the publisher, not a date


def tables_by_file(datasets: Sequence[Dataset]) -> pd.DataFrame:
    """One row per file: what it holds, publication, period, rows in and kept, what was left out and why."""
    ordered = sorted(datasets, key=_file)
    rows = []
    for _, group in groupby(ordered, key=_file):
        members = list(group)
        origin = members[0].provenance
        source = SOURCES[origin.source_id]
        rows.append(
            {
                "File": origin.file_name,
                "Publication": source.title,
                "Period": _periods([d.provenance.period for d in members]),
                "Areas": ", ".join(sorted({geography(d.geography).plural for d in members if d.geography})),
                "Rows in": origin.rows_in,
                "Rows kept": origin.rows_kept,
                "Left out": "; ".join(f"{x.n_rows:,} {x.reason}" for x in origin.dropped),
                "Imported": origin.retrieved[:10],
                "Publisher": source.publisher,
                "Licence": source.licence,
                "Notes": "; ".join(dict.fromkeys(n for d in members for n in d.provenance.notes)),
                "Tables": ", ".join(d.id for d in members[:SPAN_FROM])
                + (f" and {len(members) - SPAN_FROM} more" if len(members) > SPAN_FROM else ""),
                "SHA-256": origin.sha256,
            }
        )
    return pd.DataFrame(rows)


def _file(dataset: Dataset) -> tuple[str, str]:
    return dataset.provenance.source_id, dataset.provenance.file_name


def _periods(periods: Sequence[str]) -> str:
    found = sorted({_dated(p) for p in periods if len(p) >= YEAR_LENGTH}) or [""]
    return found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}"


def _dated(period: str) -> str:
    """A span without a first that is no date: "up to 2025-26" for "0 to 2025-26"."""
    first, _, last = period.partition(" to ")
    return f"up to {last}" if last and len(first) < YEAR_LENGTH else period
