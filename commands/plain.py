"""Values that JSON knows, out of numbers and tables."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd


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
