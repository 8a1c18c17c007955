"""Text that a spreadsheet would run is given a leading apostrophe on the way out, and loses it on the way in.

Only text is touched, so that a negative number stays a number. Text that already begins with
apostrophes before such a sign gets one more: what goes out and comes back is what it was.
"""

from __future__ import annotations

import re

import pandas as pd

# The signs a spreadsheet takes for a formula, with their full-width forms; tab and line ends lead to them.
_SIGNS = r"[=+\-@\t\r\n＝＋－＠]"
_RUNS = re.compile(rf"^'*{_SIGNS}")
_NEUTRALISED = re.compile(rf"^'+{_SIGNS}")


def neutralise(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if _RUNS.match(text) else text


def restore(text: str) -> str:
    """The text that `neutralise` was given."""
    return text[1:] if _NEUTRALISED.match(text) else text


def neutralise_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every text in its cells and its column names neutralised."""
    safe = frame.copy()
    safe.columns = pd.Index([neutralise(str(column)) for column in frame.columns])
    for position, dtype in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype)):
            cells = [_neutralise_cell(value) for value in frame.iloc[:, position]]
            safe.isetitem(position, cells)
    return safe


def _neutralise_cell(value: object) -> object:
    return neutralise(value) if isinstance(value, str) else value
