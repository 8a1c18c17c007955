"""The share of drawn options that are worse than one, with limits from what the draws are worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indicators.interval import wilson
from neighbourhoods.sample.mixing import bulk_ess, share_ess, tail_ess
from neighbourhoods.scorecard.standing import ROUNDING

Floats = NDArray[np.float64]


def by_chain(values: Floats, chain: NDArray[np.int64]) -> Floats:
    """Values as (n_chains, n_draws), as many of each chain as the shortest has."""
    numbers, sizes = np.unique(chain, return_counts=True)
    return np.stack([values[chain == number][: sizes.min()] for number in numbers])


def sampled_share(
    values: Floats, chain: NDArray[np.int64], value: float, *, less_is_better: bool
) -> tuple[float, float, float]:
    """Share of draws that are worse than `value`, and its 95% limits (Wilson).

    Parameters
    ----------
    values : float (n_options,)
        One measure of each draw.
    chain : int (n_options,)
        The chain each comes from, draws of a chain in order.

    Returns
    -------
    share, lower, upper
        NaN where `value` is not known. The number of draws is the effective one of this very share; where all
        or none are worse, the least of those of the measure.
    """
    if np.isnan(value) or not len(values):
        return float("nan"), float("nan"), float("nan")
    slack = ROUNDING * max(abs(value), 1.0)
    is_worse = values > value + slack if less_is_better else values < value - slack
    n_effective = share_ess(by_chain(is_worse.astype(float), chain) > 0)
    if np.isnan(n_effective):
        chains = by_chain(values, chain)
        n_effective = float(np.nanmin([tail_ess(chains), bulk_ess(chains), len(values)]))
    share = float(is_worse.mean())
    lower, upper = wilson(share * n_effective, n_effective)
    return share, float(lower), float(upper)
