"""Which figures of a local and sensitive indicator stay hidden, given all that readers already have.

The mistake this prevents: a small count that comes back as one saved option's footprint less another's,
or as a ward less the LSOAs inside it. Views are settled one after the other, each against what the
earlier ones show, so that a figure that was shown once is never counted as hidden afterwards. An option that
nobody saved cannot be settled in that way: it shows only sums of whole blocks (see `indicators.block`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from indicators.aggregate import has_unknown_part
from indicators.block import block_rows, divides, hidden_blocks
from indicators.disclosure import is_small, suppress
from indicators.indicator import Indicator
from indicators.target import PUBLISHED, Membership, Target, fit_word

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Shown:
    """What readers may already have beside a view, and what kind of view it is.

    Parameters
    ----------
    areas : tuple of Target
        Areas of other kinds.
    options : tuple of Target
        Footprints of saved options, oldest first.
    is_option : bool
        Whether the view is of an option's footprints.
    is_saved : bool
        Whether that option is saved, so that later ones are settled against it.
    """

    areas: tuple[Target, ...] = ()
    options: tuple[Target, ...] = ()
    is_option: bool = False
    is_saved: bool = True


def hide_local(
    indicator: Indicator,
    numerator: Floats,
    denominator: Floats,
    target: Target,
    geography: str,
    earlier: Shown = Shown(),
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
    earlier : Shown
        What readers may already have.
    """
    counts = [] if indicator.statistic == "score" else [numerator]
    counts += [] if indicator.denominator is None else [denominator]
    membership = target.memberships[geography]
    own = _without_unknown_parts(membership.matrix)
    is_single = fit_word(membership, target.codes) == PUBLISHED
    hidden = np.zeros(own.shape[0], dtype=bool)
    shown: csr_array | None = None
    kept_back: csr_array | None = None  # sums over areas that were hidden
    labels = np.zeros(own.shape[1], dtype=np.intp)
    for matrix in _matrices(earlier.areas, membership, geography):
        labels = _largest(matrix) if shown is None else labels
        back, _ = _hidden(counts, matrix, shown)
        shown = _stacked(shown, matrix[np.flatnonzero(~back)])
        kept_back = _stacked(kept_back, matrix[np.flatnonzero(back)])
    if earlier.is_option:
        for one in counts:
            rows, divided = _blocks(one, own, shown, kept_back, labels)
            shown = _stacked(shown, rows)
            hidden |= divided & (not earlier.is_saved)
    for matrix in _matrices(earlier.options, membership, geography):
        back, _ = _hidden(counts, matrix, shown)
        shown = _stacked(shown, matrix[np.flatnonzero(~back)])
    small, whole = _hidden(counts, own, shown, single=is_single)
    return hidden | small, whole


def _matrices(views: Sequence[Target], membership: Membership, geography: str) -> Iterator[csr_array]:
    """How the areas belong to each view that shows sums over them."""
    for view in views:
        other = view.memberships.get(geography)
        if other is None or fit_word(other, view.codes) == PUBLISHED:
            continue  # not shown at all, or single areas, which are settled in every view alike
        yield _in_order(other, membership)


def _blocks(
    counts: Floats, own: csr_array, shown: csr_array | None, kept_back: csr_array | None, labels: Rows
) -> tuple[csr_array, Flags]:
    """Sums of blocks of hidden areas, and the targets that divide one."""
    total = csr_array(np.ones((1, len(counts))))
    found = suppress(counts, total, kept=np.ones(1, dtype=bool))
    unit = csr_array(np.eye(len(counts)))
    known = unit[np.flatnonzero(~found.cells & ~np.isnan(counts))]
    if not found.groups[0] and not np.isnan(counts).any():
        known = _stacked(known, total)
    known = _stacked(known, _known(shown, counts))
    small = _small(kept_back, counts)
    secrets = unit.toarray()[found.cells & is_small(counts)]
    secrets = secrets if small is None else np.vstack([secrets, small.toarray()])
    blocks = hidden_blocks(counts, found.cells, labels, known, secrets)
    return block_rows(blocks, len(counts)), divides(own, found.cells, blocks)


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


def _largest(matrix: csr_array) -> Rows:
    """Position of the target that holds most of each area."""
    return np.asarray(matrix.toarray().argmax(axis=0), dtype=np.intp)


def _known(rows: csr_array | None, counts: Floats) -> csr_array | None:
    """Those of the sums that hold no unknown count."""
    if rows is None:
        return None
    return rows[np.flatnonzero(np.asarray(rows @ np.isnan(counts).astype(np.float64)) == 0)]


def _small(rows: csr_array | None, counts: Floats) -> csr_array | None:
    """Those of the sums that are small themselves."""
    known = _known(rows, counts)
    if known is None:
        return None
    return known[np.flatnonzero(is_small(np.asarray(known @ np.nan_to_num(counts), dtype=np.float64)))]


def _stacked(above: csr_array | None, below: csr_array | None) -> csr_array:
    parts = [part for part in (above, below) if part is not None]
    return csr_array(vstack(parts, format="csr"))
