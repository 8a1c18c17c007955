"""What must be said beside a figure: why it is not there, or how many people it places wrongly.

The mistake this prevents: unknown, suppressed and not published running together in one blank.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.geography import geography
from indicators.indicator import Indicator
from indicators.observed import Observed
from indicators.target import BEST_FIT, EXACT, PUBLISHED, Membership

Floats = NDArray[np.float64]

SPLIT_NOTE = "Unknown: an area of the publication was split, and this is a part of it."
LOCAL_NOTE = "Suppressed: a count of 1 to 4, or one that would give such a count away."
UNSAVED_NOTE = "An option that is not saved shows less of these: save it to see more."


def gap_notes(n_hidden: Floats, n_missing: Floats, n_all: Floats, fit: str, reason: str) -> list[str]:
    """Why each target has no figure; empty where it has one.

    Parameters
    ----------
    n_hidden, n_missing, n_all : ndarray
        Members of each target that are suppressed at source, that are unknown, and all of them.
    fit : str
    reason : str
        What the observations say about the gap; may be empty.
    """
    notes = []
    for hidden, missing, areas in zip(n_hidden, n_missing, n_all, strict=True):
        if hidden and fit == PUBLISHED:
            note = "Suppressed by the publisher."
        elif hidden:
            note = f"Suppressed by the publisher in {hidden:.0f} of {areas:.0f} small areas."
        elif missing and reason:
            note = f"Unknown: {reason}."
        elif missing and fit == PUBLISHED:
            note = "The publication gives no figure for this area."
        elif missing:
            note = f"The publication gives no figure for {missing:.0f} of {areas:.0f} areas."
        elif not areas:
            note = "No area of this publication falls here."
        else:
            note = ""
        notes.append(note)
    return notes


def straddling_notes(membership: Membership, fit: str, codes: pd.Index) -> list[str]:
    """Share of people in small areas that cross each target's line, in words; empty where none."""
    if membership.straddling is None or fit in (PUBLISHED, EXACT):
        return [""] * len(codes)
    shares = membership.straddling.reindex(codes).to_numpy(dtype=np.float64)
    how = "Best fit" if fit == BEST_FIT else fit.capitalize()
    return [
        f"{how}: {share:.0%} of people live in small areas that cross the line." if share > 0 else ""
        for share in shares
    ]


def unreached_note(indicator: Indicator, observed: Mapping[str, Observed]) -> str:
    """Says by which geographies an indicator is published, where none of them joins the targets."""
    holding = ", ".join(geography(one).label for one, of in observed.items() if indicator.id in of.position)
    return f"Published by {holding} only: not spread to these areas."


def joined(first: str, second: str) -> str:
    """Two notes one after the other, either of which may be empty."""
    return " ".join(part for part in (first, second) if part)
