"""Higher, lower or similar: said only as far as the interval allows.

The mistake this prevents: a league table read from noise, and red or green for things on which
nobody has agreed what is good.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from indicators.indicator import Polarity

HIGHER = "higher"
LOWER = "lower"
SIMILAR = "similar"
NOT_COMPARED = "not compared"
BETTER = "better"
WORSE = "worse"


def compare(lower: ArrayLike, upper: ArrayLike, reference: ArrayLike) -> NDArray[np.object_]:
    """Where each interval lies against a reference value.

    Parameters
    ----------
    lower, upper : array_like
        95% limits, in the indicator's unit.
    reference : array_like
        The authority's value, in the same unit.

    Returns
    -------
    ndarray of str
        "similar" when the interval covers the reference (its ends included), "higher" when it lies
        above, "lower" when it lies below, "not compared" when any of the three is NaN. This is the
        rule of the Fingertips technical guidance.
    """
    low, high, value = np.broadcast_arrays(
        np.asarray(lower, dtype=np.float64),
        np.asarray(upper, dtype=np.float64),
        np.asarray(reference, dtype=np.float64),
    )
    unknown = np.isnan(low) | np.isnan(high) | np.isnan(value)
    words = np.full(low.shape, SIMILAR, dtype=object)
    words[low > value] = HIGHER
    words[high < value] = LOWER
    words[unknown] = NOT_COMPARED
    return words


def judge(comparison: str, polarity: Polarity) -> str:
    """Better or worse, where polarity is agreed; otherwise the comparison as it stands.

    Parameters
    ----------
    comparison : str
        One of the words of `compare`.
    polarity : Polarity
    """
    if polarity == "no_judgement" or comparison not in (HIGHER, LOWER):
        return comparison
    worse = HIGHER if polarity == "high_is_worse" else LOWER
    return WORSE if comparison == worse else BETTER
