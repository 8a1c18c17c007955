"""Classes of a choropleth: fifths only where there are areas enough, else equal steps.

The mistake this prevents: four neighbourhoods put into fifths, which makes a league table of noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

N_CLASSES = 5
N_CLASSES_FEW = 3
AREAS_FOR_FIFTHS = 15


@dataclass(frozen=True)
class Classes:
    """Class limits and the class of each value.

    Parameters
    ----------
    limits : tuple of float
        n + 1 ascending limits; the first is the lowest value and the last the highest.
    index : ndarray of int
        Class of each value from 0; -1 where the value is NaN. A value on a limit belongs above it.
    method : str
        "fifths" or "equal steps", as said in the legend.
    """

    limits: tuple[float, ...]
    index: NDArray[np.int64]
    method: str

    @property
    def n_classes(self) -> int:
        """Number of classes in use; 0 when there is no value."""
        return max(len(self.limits) - 1, 0)


def classify(values: ArrayLike) -> Classes:
    """Put values into at most five classes.

    Parameters
    ----------
    values : array-like of float
        NaN for no data.

    Returns
    -------
    Classes
        Fifths (quantiles) with at least three areas to a class; equal steps over the range for
        fewer areas; one class when all values are alike.
    """
    given = np.asarray(values, dtype=float)
    known = given[~np.isnan(given)]
    if not len(known):
        return Classes((), np.full(len(given), -1), "no data")
    if known.min() == known.max():
        return Classes((known.min(), known.max()), np.where(np.isnan(given), -1, 0), "one value")
    if len(known) >= AREAS_FOR_FIFTHS:
        limits = np.unique(np.quantile(known, np.linspace(0, 1, N_CLASSES + 1)))
        method = "fifths"
    else:
        limits = np.linspace(known.min(), known.max(), min(N_CLASSES_FEW, len(known)) + 1)
        method = "equal steps"
    index = np.clip(np.searchsorted(limits, given, side="right") - 1, 0, len(limits) - 2)
    return Classes(tuple(float(v) for v in limits), np.where(np.isnan(given), -1, index), method)
