"""One sparse product takes areas to footprints, for all indicators at once.

The mistake this prevents: an average of rates. Numerators and denominators are summed by the same
membership matrix and divided afterwards; a fractional membership (best fit by postcode,
apportionment) is the same product. What is unknown in a member is unknown in the whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def aggregate(
    matrix: csr_array, numerator: Floats, denominator: Floats, known: Flags | None = None
) -> tuple[Floats, Floats, Flags]:
    """Sums of numerators and denominators over the members of each target.

    Parameters
    ----------
    matrix : csr_array, targets x areas
        Share of each area that belongs to each target; 0 or 1 for whole areas.
    numerator, denominator : ndarray, areas x indicators
        A count has no denominator: pass ones or zeros and ignore that result.
    known : ndarray of bool, areas x indicators, optional
        False where an area's figure is unknown or suppressed; by default where either is NaN.

    Returns
    -------
    numerator, denominator : ndarray, targets x indicators
        NaN for a target with an unknown member of positive weight, with a part whose weight is unknown
        (NaN: an area that was split), or with no member at all.
    known : ndarray of bool, targets x indicators
    """
    if known is None:
        known = ~(np.isnan(numerator) | np.isnan(denominator))
    sum_numerator = np.asarray(matrix @ np.where(known, numerator, 0.0), dtype=np.float64)
    sum_denominator = np.asarray(matrix @ np.where(known, denominator, 0.0), dtype=np.float64)
    whole = ~any_member(matrix, ~known) & (has_member(matrix) & ~has_unknown_part(matrix))[:, np.newaxis]
    return np.where(whole, sum_numerator, np.nan), np.where(whole, sum_denominator, np.nan), whole


def any_member(matrix: csr_array, flags: Flags) -> Flags:
    """True for each target (and indicator) with a member of positive weight that is flagged."""
    return n_members(matrix, flags) > 0


def n_members(matrix: csr_array, flags: Flags) -> Floats:
    """Number of members of positive weight that are flagged: targets x indicators."""
    return np.asarray(_pattern(matrix) @ flags.astype(np.float64), dtype=np.float64)


def has_member(matrix: csr_array) -> Flags:
    """True for each target that has at least one member of positive weight."""
    return np.asarray(_pattern(matrix).sum(axis=1)).ravel() > 0


def has_unknown_part(matrix: csr_array) -> Flags:
    """True for each target with a part of an area of which nobody knows how much it is (weight NaN)."""
    total = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
    return np.asarray(np.isnan(total), dtype=np.bool_)


def _pattern(matrix: csr_array) -> csr_array:
    return csr_array(
        ((matrix.data > 0).astype(np.float64), matrix.indices, matrix.indptr), shape=matrix.shape
    )
