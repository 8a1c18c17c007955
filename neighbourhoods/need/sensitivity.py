"""How far a need index rests on its weights: the same footprints under thousands of other weightings.

The mistake this prevents: a footprint called the neediest because somebody put one weight at two and not at
one. Weights are drawn from a Dirichlet distribution around those that were chosen, and each indicator is left
out in turn; what is kept is how often ranks change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.errors import InputError
from neighbourhoods.need.index import STANDARDISATIONS, NeedIndex

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]

N_DRAWS = 2_000
CONCENTRATION = 10.0  # a weight of a half then lies between a quarter and three quarters in nine draws of ten
MOST_DRAWS = 100_000
RANGE = (5.0, 95.0)
SAME = 9  # decimals to which two indices are equal


@dataclass(frozen=True, eq=False)
class NeedSensitivity:
    """Footprints of an option under the chosen weights and under others.

    Parameters
    ----------
    footprint_ids, footprint_names : tuple of str
    need : NeedIndex
        With the chosen weights.
    index : float (k,)
    rank : int (k,)
        1 for the neediest; equals share a rank.
    lower, upper : float (k,)
        Between them lie nine in ten draws of the index.
    rank_shares : float (k, k)
        Share of draws in which each footprint (rows) holds each rank (columns).
    changes : float (k,)
        Share of draws in which the rank is another than under the chosen weights.
    swaps : float (k, k)
        Share of draws in which two footprints stand the other way round than under the chosen weights.
    left_out_index, left_out_rank : (m, k)
        With each indicator left out in turn, the other weights scaled up; no rows for a single indicator.
    n_draws : int
    seed : int
    concentration : float
        Sum of the parameters of the Dirichlet distribution.
    """

    footprint_ids: tuple[str, ...]
    footprint_names: tuple[str, ...]
    need: NeedIndex
    index: Floats
    rank: Ranks
    lower: Floats
    upper: Floats
    rank_shares: Floats
    changes: Floats
    swaps: Floats
    left_out_index: Floats
    left_out_rank: Ranks
    n_draws: int
    seed: int
    concentration: float

    @property
    def neediest(self) -> Floats:
        """Share of draws in which each footprint is the neediest."""
        return np.asarray(self.rank_shares[:, 0])


def need_sensitivity(
    need: NeedIndex,
    membership: csr_array,
    footprint_ids: Sequence[str],
    footprint_names: Sequence[str],
    *,
    n_draws: int = N_DRAWS,
    seed: int = 1,
    concentration: float = CONCENTRATION,
) -> NeedSensitivity:
    """Draw weights and see what becomes of the footprints' ranks.

    Parameters
    ----------
    need : NeedIndex
    membership : csr_array, footprints x areas
        In the order of the index's areas; 1 where an area is in a footprint.
    n_draws, seed : int
    concentration : float
        The larger, the nearer the draws to the chosen weights: a weight w has the standard deviation
        sqrt(w (1 - w) / (concentration + 1)).

    Raises
    ------
    InputError
        When there is no footprint, or the number of draws or the concentration is out of bounds.
    """
    if not len(footprint_ids):
        raise InputError("There is no footprint in this option: place areas in one first.")
    if not 1 <= n_draws <= MOST_DRAWS:
        raise InputError(f"Weights can be drawn 1 to {MOST_DRAWS:,} times, not {n_draws:,}.")
    if not 0 < concentration < float("inf"):
        raise InputError(f"The concentration must be above nought, not {concentration}.")
    parts = need.parts(membership @ need.numerator, membership @ need.denominator)
    size, sign = np.abs(need.weights), np.sign(need.weights)
    index = _index(parts, need.weights[None, :])[0]
    drawn = np.random.default_rng(seed).dirichlet(concentration * size, size=n_draws)
    indices = _index(parts, drawn * sign)
    ranks, rank = ranks_of(indices), ranks_of(index[None, :])[0]
    k = len(index)
    lower, upper = np.percentile(indices, RANGE, axis=0)
    others = _left_out(size) * sign
    left_out = _index(parts, others)
    return NeedSensitivity(
        tuple(footprint_ids),
        tuple(footprint_names),
        need,
        index,
        rank,
        np.asarray(lower),
        np.asarray(upper),
        np.stack([(ranks == place).mean(axis=0) for place in range(1, k + 1)], axis=1),
        (ranks != rank).mean(axis=0),
        _swaps(ranks, rank),
        left_out,
        ranks_of(left_out),
        n_draws,
        seed,
        concentration,
    )


def ranks_of(indices: Floats) -> Ranks:
    """Rank of each footprint in each row, 1 for the highest index; equals share the best of their ranks."""
    rounded = np.round(indices, SAME)
    higher = rounded[:, None, :] > rounded[:, :, None]
    return np.asarray(higher.sum(axis=2) + 1, dtype=np.int64)


def sensitivity_json(found: NeedSensitivity, sentence: str) -> dict[str, object]:
    """Plain lists and numbers for scripts."""
    ids = found.footprint_ids
    k = len(ids)
    need = found.need
    weights = dict(zip(need.indicator_ids, np.abs(need.weights).tolist(), strict=True))
    return {
        "standardisation": STANDARDISATIONS[need.standardisation],
        "indicators": weights,
        "n_draws": found.n_draws,
        "seed": found.seed,
        "concentration": found.concentration,
        "sentence": sentence,
        "footprints": [
            {
                "footprint_id": ids[f],
                "footprint_name": found.footprint_names[f],
                "index": float(found.index[f]),
                "lower_90": float(found.lower[f]),
                "upper_90": float(found.upper[f]),
                "rank": int(found.rank[f]),
                "rank_shares": found.rank_shares[f].tolist(),
                "neediest_share": float(found.neediest[f]),
                "rank_changes_share": float(found.changes[f]),
            }
            for f in range(k)
        ],
        "pairs": [
            {"footprint_ids": [ids[a], ids[b]], "change_places_share": float(found.swaps[a, b])}
            for a in range(k)
            for b in range(a + 1, k)
        ],
        "left_out": [
            {
                "indicator_id": one,
                "index": dict(zip(ids, found.left_out_index[row].tolist(), strict=True)),
                "rank": dict(zip(ids, found.left_out_rank[row].tolist(), strict=True)),
            }
            for row, one in enumerate(need.indicator_ids[: len(found.left_out_index)])
        ],
    }


def _index(parts: Floats, weights: Floats) -> Floats:
    """(n_weightings, k): index of each footprint under each weighting."""
    return np.asarray(weights @ parts.T)


def _left_out(size: Floats) -> Floats:
    """(m, m): the weights with each left out in turn; (0, 1) for a single one."""
    m = len(size)
    if m == 1:
        return np.zeros((0, 1))
    kept = size * (1 - np.eye(m))
    return np.asarray(kept / kept.sum(axis=1, keepdims=True))


def _swaps(ranks: Ranks, rank: Ranks) -> Floats:
    order = np.sign(ranks[:, :, None] - ranks[:, None, :])
    chosen = np.sign(rank[:, None] - rank[None, :])
    return np.asarray((order * chosen < 0).mean(axis=0))
