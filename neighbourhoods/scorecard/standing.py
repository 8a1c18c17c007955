"""How an option stands among all that are possible: exact shares, exact fronts, proven best.

Everything here takes arrays with one entry for each option that is possible. Nothing is sampled.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
ROUNDING = 1e-9


def share_worse(values: Floats, value: float, *, less_is_better: bool = True) -> float:
    """Share of options that are worse than `value` on one measure; as good as it is not worse.

    NaN where `value` is not known or there is no option.
    """
    if not len(values) or np.isnan(value):
        return float("nan")
    slack = ROUNDING * max(abs(value), 1.0)
    worse = values > value + slack if less_is_better else values < value - slack
    return float(worse.mean())


def mixed(columns: list[Floats], weights: list[float], less_is_better: list[bool]) -> Floats:
    """Weighted mean of measures, each on a scale from 0 (the best there is) to 1 (the worst there is).

    A measure on which all options are the same counts as 0. Weights must add up to more than nought.
    """
    if not columns:
        return np.zeros(0)
    mix = np.zeros(len(columns[0]))
    for values, weight, less in zip(columns, weights, less_is_better, strict=True):
        signed = values if less else -values
        low, high = signed.min(), signed.max()
        if high - low > ROUNDING * max(abs(high), abs(low)):
            mix += weight * (signed - low) / (high - low)
    return mix / sum(weights)


def pareto_front(columns: list[Floats], less_is_better: list[bool]) -> Places:
    """Positions of the options that no other beats: none is as good on every measure and better on one.

    Options that are equal on all measures stand or fall together. In order of the first measure.
    """
    costs = np.stack([v if less else -v for v, less in zip(columns, less_is_better, strict=True)], axis=1)
    order = np.lexsort(costs.T[::-1])
    ordered = costs[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    distinct = ordered[is_new]  # in order, so that none beats one before it
    standing = _may_stand(distinct)
    place = 0
    while place < len(standing):
        first = distinct[standing[place]]
        beaten = (distinct[standing] >= first).all(axis=1)
        beaten[place] = False
        standing = standing[~beaten]
        place += 1
    is_on = np.zeros(len(distinct), dtype=bool)
    is_on[standing] = True
    return np.asarray(order[is_on[np.cumsum(is_new) - 1]], dtype=np.int64)


def _may_stand(ordered: Floats) -> Places:
    """All rows for three measures; for two, those below every row before them, which is the front."""
    if ordered.shape[1] != 2 or not len(ordered):
        return np.arange(len(ordered))
    least_before = np.concatenate([[np.inf], np.minimum.accumulate(ordered[:-1, 1])])
    return np.flatnonzero(ordered[:, 1] < least_before)
