"""Confidence limits: Wilson for proportions, Byar's or exact Poisson for events.

The mistake this prevents: a difference being believed that chance alone would give. All functions
take and return arrays; an input that has no interval (unknown, negative, more cases than people,
nobody at risk) gives NaN limits and never a made-up number.

Formulas are those of the R package PHEindicatormethods and of OHID's "Fingertips technical
guidance: confidence intervals", which rest on Wilson (1927), Journal of the American Statistical
Association 22, 209 to 212, and Breslow and Day (1987), Statistical Methods in Cancer Research,
volume II, page 69 (Byar's approximation) and page 70 (exact limits by chi-square).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, ndtri

Floats = NDArray[np.float64]

LEVEL_95 = 0.95
LEVEL_998 = 0.998
EXACT_BELOW = 10.0  # events; Byar's approximation from ten upwards
_NO_EVENT = 1e-9  # an apportioned count below this is none


def wilson(x: ArrayLike, n: ArrayLike, level: float = LEVEL_95) -> tuple[Floats, Floats]:
    """Wilson score limits of a proportion.

    Parameters
    ----------
    x, n : array_like
        People with the thing, and all people; broadcast together.
    level : float
        0.95 or 0.998 (any share strictly between 0 and 1).

    Returns
    -------
    lower, upper : ndarray
        Shares, 0 to 1; NaN where x or n is unknown, n is not positive, or x lies outside 0 to n.

    Notes
    -----
    (2x + z^2 -/+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2)), Wilson (1927).
    """
    cases, people = np.broadcast_arrays(_floats(x), _floats(n))
    usable = (people > 0) & (cases >= 0) & (cases <= people)
    cases = np.where(usable, cases, np.nan)
    people = np.where(usable, people, np.nan)
    z = _z(level)
    centre = 2 * cases + z**2
    half = z * np.sqrt(z**2 + 4 * cases * (1 - cases / people))
    scale = 2 * (people + z**2)
    lower = np.where(cases == 0, 0.0, (centre - half) / scale)
    upper = np.where(cases == people, 1.0, (centre + half) / scale)
    return lower, upper


def byar(x: ArrayLike, level: float = LEVEL_95) -> tuple[Floats, Floats]:
    """Byar's approximate limits of a count of events.

    Parameters
    ----------
    x : array_like
        Counts of events, zero or more.
    level : float

    Returns
    -------
    lower, upper : ndarray
        Events; NaN where x is unknown or negative. The lower limit of zero events is zero.

    Notes
    -----
    x(1 - 1/(9x) - z/(3 sqrt x))^3 and the same with x + 1 and + z; Breslow and Day (1987), p. 69.
    Within 1% of the exact limits from ten events upwards at 95%.
    """
    events = _events(x)
    z = _z(level)
    some = events > _NO_EVENT
    safe = np.where(some, events, 1.0)
    root = 1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))
    lower = np.where(some, safe * np.maximum(root, 0.0) ** 3, events * 0)
    above = events + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return lower, upper


def exact_poisson(x: ArrayLike, level: float = LEVEL_95) -> tuple[Floats, Floats]:
    """Exact Poisson limits of a count of events.

    Parameters
    ----------
    x : array_like
        Counts of events, zero or more.
    level : float

    Returns
    -------
    lower, upper : ndarray
        Events; NaN where x is unknown or negative.

    Notes
    -----
    chi2(a/2; 2x)/2 and chi2(1 - a/2; 2x + 2)/2, Breslow and Day (1987), p. 70. Half a chi-square
    quantile with 2x degrees of freedom is a gamma quantile of shape x, which is what is computed.
    """
    events = _events(x)
    tail = (1 - level) / 2
    some = events > _NO_EVENT
    lower = np.where(some, gammaincinv(np.where(some, events, 1.0), tail), events * 0)
    upper = np.asarray(gammaincinv(events + 1, 1 - tail), dtype=np.float64)
    return lower, upper


def events_interval(x: ArrayLike, level: float = LEVEL_95) -> tuple[Floats, Floats]:
    """Limits of a count of events: exact Poisson below ten, Byar's from ten upwards."""
    events = _events(x)
    exact_lower, exact_upper = exact_poisson(events, level)
    few = events < EXACT_BELOW
    byar_lower, byar_upper = byar(np.where(few, EXACT_BELOW, events), level)
    return np.where(few, exact_lower, byar_lower), np.where(few, exact_upper, byar_upper)


def interval(
    statistic: str,
    numerator: ArrayLike,
    denominator: ArrayLike,
    multiplier: ArrayLike = 1.0,
    level: float = LEVEL_95,
) -> tuple[Floats, Floats]:
    """Limits of an indicator's value, in its own unit.

    Parameters
    ----------
    statistic : str
        "proportion" gets Wilson, "rate" gets Byar's or exact Poisson over the denominator; "count",
        "ratio" and "score" have no published interval and get NaN.
    numerator, denominator, multiplier : array_like
        As in value = numerator / denominator * multiplier.
    level : float

    Returns
    -------
    lower, upper : ndarray
    """
    num, den, scale = np.broadcast_arrays(_floats(numerator), _floats(denominator), _floats(multiplier))
    if statistic == "proportion":
        lower, upper = wilson(num, den, level)
    elif statistic == "rate":
        low, high = events_interval(num, level)
        at_risk = np.where(den > 0, den, np.nan)
        lower, upper = low / at_risk, high / at_risk
    else:
        nothing = np.full(num.shape, np.nan)
        return nothing, nothing.copy()
    return lower * scale, upper * scale


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _events(values: ArrayLike) -> Floats:
    events = _floats(values)
    return np.where(events >= 0, events, np.nan)


def _z(level: float) -> float:
    if not 0 < level < 1:
        message = f"a confidence level lies between 0 and 1, not {level}"
        raise ValueError(message)
    return float(ndtri(0.5 + level / 2))
