"""Which figures of a local and sensitive indicator stay hidden, given all that readers already have.

The mistake this prevents: a small count that comes back as one saved option's footprint less another's,
or as a ward less the LSOAs inside it. Views are settled one after the other, each against what the
earlier ones show, so that a figure that was shown once is never counted as hidden afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from indicators.aggregate import has_unknown_part
from indicators.disclosure import suppress
from indicators.indicator import Indicator
from indicators.target import PUBLISHED, Membership, Target, fit_word

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def hide_local(
    indicator: Indicator,
    numerator: Floats,
    denominator: Floats,
    target: Target,
    geography: str,
    earlier: Sequence[Target] = (),
) -> tuple[Flags, bool]:
    """Targets to hide for small local counts, and whether the authority's total is one of them.

    Parameters
    ----------
    indicator : Indicator
    numerator, denominator : ndarray, areas
        In the order of the target's membership of `geography`.
    target : Target
    geography : str
        Kind of area that the counts are known for.
    earlier : sequence of Target
        What readers may already have, oldest first: areas of other kinds, footprints of saved options.
    """
    counts = [] if indicator.statistic == "score" else [numerator]
    counts += [] if indicator.denominator is None else [denominator]
    membership = target.memberships[geography]
    shown: csr_array | None = None
    for view in earlier:
        other = view.memberships.get(geography)
        if other is None or fit_word(other, view.codes) == PUBLISHED:
            continue  # not shown at all, or single areas, which are settled in every view alike
        matrix = _in_order(other, membership)
        hidden, _ = _hidden(counts, matrix, shown)
        rows = matrix[np.flatnonzero(~hidden)]
        shown = rows if shown is None else csr_array(vstack([shown, rows], format="csr"))
    own = _without_unknown_parts(membership.matrix)
    return _hidden(counts, own, shown, single=fit_word(membership, target.codes) == PUBLISHED)


def _hidden(
    counts: Sequence[Floats], matrix: csr_array, shown: csr_array | None, *, single: bool = False
) -> tuple[Flags, bool]:
    total = csr_array(np.ones((1, matrix.shape[1])))
    groups = csr_array(vstack([matrix, total], format="csr"))
    kept = np.zeros(groups.shape[0], dtype=bool)
    kept[-1] = True
    hidden = np.zeros(matrix.shape[0], dtype=bool)
    whole = False
    for one in counts:
        found = suppress(one, groups, kept=kept, shown_elsewhere=shown)
        cells = np.asarray(matrix @ found.cells.astype(np.float64)) > 0
        hidden |= cells if single else found.groups[:-1]
        whole = whole or bool(found.groups[-1])
    return hidden, whole


def _in_order(other: Membership, membership: Membership) -> csr_array:
    """The other view's matrix with its columns in the order of this one's areas."""
    matrix = _without_unknown_parts(other.matrix)
    if other.from_codes.equals(membership.from_codes):
        return matrix
    place = other.from_codes.get_indexer(membership.from_codes)
    known = np.flatnonzero(place >= 0)
    shape = (len(other.from_codes), len(membership.from_codes))
    return csr_array(matrix @ csr_array((np.ones(len(known)), (place[known], known)), shape=shape))


def _without_unknown_parts(matrix: csr_array) -> csr_array:
    """The matrix with the rows of targets that have no figure for a split area left empty."""
    whole = np.repeat(~has_unknown_part(matrix), np.diff(matrix.indptr))
    return csr_array((np.where(whole, matrix.data, 0.0), matrix.indices, matrix.indptr), shape=matrix.shape)
