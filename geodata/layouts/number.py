"""Published figures as text, into numbers that keep "zero", "unknown" and "suppressed" apart.

The mistake this prevents: a blank, an "[x]" or a "*" read as nought.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import DamagedFileError

KNOWN = ""
SUPPRESSED = "suppressed"
MISSING = "missing"

_SUPPRESSED_MARKS = frozenset({"*", "**", "[low]", "low", "c", "[c]", "supp", "suppressed", "s", "[s]"})
_MISSING_MARKS = frozenset(
    {"-", "–", "..", "...", ".", ":", "z", "[z]", "x", "[x]", "u", "[u]", "w", "[w]", "na", "n/a", "nan"}
    | {"null", "none", "#", "#n/a"}
)
_GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"  # and not "12,5", which is no hundred and twenty-five
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"


def numbers(
    texts: pd.Series, *, blank: str = MISSING, any_text: bool = False, where: str = ""
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Values and statuses of published figures.

    Parameters
    ----------
    texts : Series of str
        "1,234", "19.8%", "", "[x]", "*"; thousand separators and a final percent sign are taken off.
    blank : str
        Status of an empty cell: "missing", or "suppressed" where the publisher blanks small numbers.
    any_text : bool
        True: any other text is "missing" too (publications that use words of their own).
    where : str
        File for the message.

    Returns
    -------
    values : float array
        NaN wherever the status is not "".
    statuses : object array of str
        "" known, "suppressed", "missing".

    Raises
    ------
    DamagedFileError
        When a text is neither a number nor a known mark; names the text and its row.
    """
    clean = texts.str.strip().str.removesuffix("%").str.strip()
    grouped = clean.str.fullmatch(_GROUPED)
    clean = clean.mask(grouped, clean.str.replace(",", "", regex=False))
    is_number = clean.str.fullmatch(_NUMBER).to_numpy(dtype=bool)
    statuses = np.full(len(clean), KNOWN, dtype=object)
    values = np.full(len(clean), np.nan)
    values[is_number] = clean[is_number].astype("float64").to_numpy()
    is_number = np.isfinite(values)  # "1e400" is a number to nobody
    values[~is_number] = np.nan
    if is_number.all():
        return values, statuses
    lower = clean.str.lower()
    is_blank = (lower == "").to_numpy(dtype=bool)
    is_suppressed = lower.isin(_SUPPRESSED_MARKS).to_numpy(dtype=bool)
    statuses[is_blank] = blank
    statuses[is_suppressed] = SUPPRESSED
    rest = ~(is_number | is_blank | is_suppressed)
    unknown = rest & ~lower.isin(_MISSING_MARKS).to_numpy(dtype=bool)
    if unknown.any() and not any_text:
        place = int(np.flatnonzero(unknown)[0])
        text = str(texts.iloc[place])[:40]
        raise DamagedFileError(
            f"“{text}” stands where a number is expected (data row {int(texts.index[place]) + 1}). "
            "Put the number right, or leave the cell blank, and import the file again.",
            where=where or None,
        )
    statuses[rest] = MISSING
    return values, statuses
