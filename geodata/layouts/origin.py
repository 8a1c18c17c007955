"""Provenance of what a layout of outlines, lookups or places makes, and its words for what was left out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geodata.layouts.layout import Context
from geodata.payload import Raw
from geodata.provenance import Dropped, Provenance


def authority(context: Context) -> str:
    """The authority in words: "York (E06000014)"."""
    code = context.authority_code or "the authority"
    return f"{context.authority_name} ({code})" if context.authority_name else code


def outside(context: Context) -> str:
    """Reason for rows of other places: "outside York"."""
    return f"outside {context.authority_name or context.authority_code or 'the authority'}"


def count_reasons(reasons: pd.Series) -> tuple[Dropped, ...]:
    """Rows by reason ("" is kept), the most frequent first."""
    counts = reasons[reasons != ""].value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return tuple(Dropped(str(reason), int(n)) for reason, n in ordered)


def provenance_of(
    raw: Raw,
    context: Context,
    source_id: str,
    *,
    period: str,
    rows_in: int,
    dropped: Sequence[Dropped] = (),
    notes: Sequence[str] = (),
) -> Provenance:
    """The origin of a dataset; rows kept are those that were not dropped."""
    return Provenance(
        source_id=source_id,
        file_name=raw.name,
        sha256=raw.sha256,
        period=period,
        retrieved=context.retrieved,
        rows_in=rows_in,
        rows_kept=rows_in - sum(entry.n_rows for entry in dropped),
        dropped=tuple(dropped),
        notes=(*raw.notes, *notes),
    )
