"""Values that JSON knows, out of numbers and tables."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

WHOLE_FROM = 10_000  # figures this large are shown without decimals


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """One mapping for each row."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


def plain(value: object) -> object:
    """JSON values only: NaN and infinities become null, numpy scalars become Python's."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is pd.NA or value is pd.NaT:
        return None
    return value


def table_words(frame: pd.DataFrame) -> str:
    """A table for people: numbers with commas, as many digits as tell them apart, and blanks for unknown."""
    words = {str(column): [_cell(value) for value in frame[column]] for column in frame.columns}
    return pd.DataFrame(words, columns=list(map(str, frame.columns))).to_string(index=False)


def _cell(value: object) -> str:
    known = plain(value)
    if known is None:
        return ""
    if isinstance(known, bool):
        return "yes" if known else "no"
    if isinstance(known, int):
        return f"{known:,}"
    if isinstance(known, float):
        whole = known == round(known) or abs(known) >= WHOLE_FROM
        return f"{known:,.0f}" if whole else f"{known:,.4g}" if abs(known) < 1 else f"{known:,.2f}"
    return str(known)
