"""The value of a plan by each objective, from each area's minutes: plain sums, used by all solvers.

Weights are the problem's demand; shares of people use its people. Areas without demand count for nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mean_minutes(minutes: Floats, demand: Floats) -> float:
    """Need-weighted mean (p-median: Hakimi, Operations Research 12, 1964)."""
    used = demand > 0
    return float(demand[used] @ minutes[used] / demand.sum())


def covered_share(minutes: Floats, weight: Floats, minutes_max: float) -> float:
    """Share of weight within `minutes_max` (Church and ReVelle, Papers of the RSA 32, 1974)."""
    within = minutes <= np.float32(minutes_max)
    return float(weight[within].sum() / weight.sum())


def longest_minutes(minutes: Floats, demand: Floats) -> float:
    """Longest journey of any area with demand (p-center: Hakimi, 1964)."""
    return float(minutes[demand > 0].max())


def worst_mean(minutes: Floats, demand: Floats, share: float) -> float:
    """Mean minutes of the worst-served share of demand.

    Conditional value at risk (Rockafellar and Uryasev, Journal of Risk 2, 2000). The area on the limit counts
    with the part that fits.
    """
    used = demand > 0
    order = np.argsort(-minutes[used], kind="stable")
    weight = demand[used][order]
    left = share * weight.sum() - np.concatenate([[0.0], np.cumsum(weight)[:-1]])
    taken = np.clip(left, 0.0, weight)
    return float(taken @ minutes[used][order] / (share * weight.sum()))


def kolm_pollak(minutes: Floats, demand: Floats, kappa: float) -> float:
    """Kolm-Pollak equally distributed equivalent of minutes: the time that, had by all, is as bad.

    (1 / kappa) ln( sum of w exp(kappa t) / sum of w ), kappa over 0 per minute (Horton, Logan, Murrell,
    Skipper and Speakman: A scalable optimization approach for equitable facility location,
    2024). Never below the mean.
    """
    used = demand > 0
    top = float(minutes[used].max())
    return top + float(np.log(demand[used] @ np.exp(kappa * (minutes[used] - top)) / demand.sum())) / kappa


def kappa_of(minutes: Floats, demand: Floats, aversion: float) -> float:
    """Kappa of an aversion to inequality: aversion times sum of w t / sum of w t^2 of a known plan.

    The scale makes the aversion a pure number (Sheriff and Maguire, 2020; Horton et al., 2024).
    """
    used = demand > 0
    squares = float(demand[used] @ minutes[used] ** 2)
    return aversion * float(demand[used] @ minutes[used]) / squares if squares > 0 else aversion
