"""Hidden areas that are only ever shown together in an option that nobody saved.

Saved options are settled one after the other, each against what the earlier ones show. An option from a
file leaves no trace, so the next file cannot be settled against it: two files that differ by one small
area would give its count away. Hidden areas are therefore put into blocks, the same for every such option,
and a footprint's figure is shown only where it holds each block wholly or not at all. Then all that such
options can ever show follows from the sums of the blocks; and blocks are made so large that their sums,
with all areas that are shown, give nothing away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from indicators.disclosure import gives_away, is_small

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]

_ROUNDING = 1e-9


def hidden_blocks(
    counts: Floats, hidden: Flags, labels: Rows, known: csr_array, secrets: Floats
) -> list[Rows]:
    """Blocks of hidden areas whose sums may be known; empty where not even all of them together may.

    Parameters
    ----------
    counts : ndarray, areas
        NaN is unknown.
    hidden : ndarray of bool, areas
    labels : ndarray of int, areas
        Areas with the same label begin in one block: their ward.
    known : csr_array, sums x areas
        All that readers may have.
    secrets : ndarray, sums x areas
        What must not follow from it.
    """
    places = np.flatnonzero(hidden & ~np.isnan(counts))
    blocks: list[Rows] = [places[labels[places] == one] for one in np.unique(labels[places])]
    while blocks:
        sums = np.array([counts[block].sum() for block in blocks])
        small = np.flatnonzero(is_small(sums))
        if not small.size and not _given_away(blocks, known, secrets):
            return blocks
        if len(blocks) == 1:
            return []
        first = int(small[0]) if small.size else int(np.argmin(sums))
        others = [i for i in range(len(blocks)) if i != first]
        second = min(others, key=lambda i: float(sums[i]))
        joined = np.sort(np.concatenate([blocks[first], blocks[second]]))
        blocks = [block for i, block in enumerate(blocks) if i not in (first, second)] + [joined]
    return []


def block_rows(blocks: Sequence[Rows], n_areas: int) -> csr_array:
    """Membership of the blocks: blocks x areas."""
    rows = np.zeros((len(blocks), n_areas))
    for number, block in enumerate(blocks):
        rows[number, block] = 1.0
    return csr_array(rows)


def divides(matrix: csr_array, hidden: Flags, blocks: Sequence[Rows]) -> Flags:
    """True for each sum that holds a part of a block, or a hidden area that is in no block."""
    weights = matrix[:, np.flatnonzero(hidden)].toarray()
    place = np.cumsum(hidden) - 1
    alone = hidden.copy()
    found = np.zeros(matrix.shape[0], dtype=bool)
    for block in blocks:
        alone[block] = False
        found |= np.ptp(weights[:, place[block]], axis=1) > _ROUNDING
    return np.asarray(
        found | (weights[:, place[np.flatnonzero(alone)]] > _ROUNDING).any(axis=1), dtype=np.bool_
    )


def _given_away(blocks: Sequence[Rows], known: csr_array, secrets: Floats) -> bool:
    system = csr_array(vstack([known, block_rows(blocks, known.shape[1])], format="csr"))
    return any(gives_away(system, secret) for secret in secrets)
