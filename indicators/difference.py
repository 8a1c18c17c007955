"""The difference between two shares or rates, with limits, also where the two share people.

Two footprints that are compared mostly hold the same people. Taken as two separate samples they would seem
far less certain than they are; taken as the same they would seem certain. So each is cut into the part that
both share and the part that is only its own. The parts are separate people, the difference is a weighted
sum of their rates, and limits of such a sum follow from the limits of its terms.

Let the first footprint hold n_a people of its own, the second n_b of its own, and both n_s in common, with
rates r_a, r_b, r_s, N_A = n_a + n_s and N_B = n_b + n_s. Then

    p_B - p_A = (n_b / N_B) r_b - (n_a / N_A) r_a + (n_s / N_B - n_s / N_A) r_s.

Limits of a sum of c_i r_i with independent terms, by the method of variance estimates recovery (MOVER):

    lower = sum c_i r_i - sqrt(sum of the squares of (c_i r_i - the smaller of c_i l_i and c_i u_i))
    upper = sum c_i r_i + sqrt(sum of the squares of (the larger of c_i l_i and c_i u_i - c_i r_i))

where l_i and u_i are the limits of one rate: Wilson's for a proportion, Byar's or exact Poisson for a rate of
events. Without shared people this is method 10 of Newcombe (1998), Interval estimation for the difference
between independent proportions, Statistics in Medicine 17, 873 to 890, for proportions, and that of Zou and
Donner (2008), Construction of confidence limits about effect measures, Statistics in Medicine 27, 1693 to
1702, for rates. For sums of several terms: Zou, Huang and Zhang (2009), A note on confidence interval
estimation for a linear function of binomial proportions, Computational Statistics and Data Analysis 53, 1080
to 1085.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from indicators.interval import LEVEL_95, interval

Floats = NDArray[np.float64]
Words = NDArray[np.object_]

HIGHER = "higher"
LOWER = "lower"
NOT_CLEAR = "no clear difference"
SAME_PEOPLE = "the same people"
NOT_JUDGED = "not judged"


@dataclass(frozen=True, eq=False)
class Difference:
    """Second less first, in the indicator's unit; NaN where it or its limits are not known."""

    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class Part:
    """People who are counted, and those among them (or the events) that the indicator counts.

    Parameters
    ----------
    numerator, denominator : ndarray
        One entry for each pair that is compared; nought for nobody, NaN where not known.
    """

    numerator: Floats
    denominator: Floats


def difference(
    statistic: str,
    first: Part,
    second: Part,
    shared: Part | None = None,
    *,
    multiplier: float = 1.0,
    level: float = LEVEL_95,
) -> Difference:
    """Second less first, with limits.

    Parameters
    ----------
    statistic : str
        "proportion" or "rate"; for others the difference is given and its limits are NaN.
    first, second : Part
        The people that are only in the one and only in the other.
    shared : Part, optional
        Those in both. Without it the two are taken as separate people; where they are not, the limits are
        wider than they need be, since what is shared moves both alike.
    multiplier : float
        100 for per cent, 1,000 for rates per 1,000.
    level : float

    Returns
    -------
    Difference
        NaN where nobody is in one of the two, or a part is not known. Where the two are the same people
        all three are nought.
    """
    nobody = Part(np.zeros_like(first.numerator), np.zeros_like(first.denominator))
    parts = (first, second, shared or nobody)
    own_a, own_b, both = (part.denominator for part in parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        share_a, share_b = both / (own_a + both), both / (own_b + both)
        weights = np.stack([share_a - 1, 1 - share_b, share_b - share_a])
    rates, lower, upper = (
        np.stack(rows) for rows in zip(*(_rate(statistic, p, level) for p in parts), strict=True)
    )
    value, low, high = mover(weights, rates, lower, upper)
    return Difference(value * multiplier, low * multiplier, high * multiplier)


def mover(
    weights: ArrayLike, rates: ArrayLike, lower: ArrayLike, upper: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Weighted sum of independent rates, and its limits.

    Parameters
    ----------
    weights, rates, lower, upper : array_like (terms, ...)
        Terms of weight nought count for nothing, also when their rate is not known.

    Returns
    -------
    value, lower, upper : ndarray (...)
    """
    c, r, low, high = (np.asarray(one, dtype=np.float64) for one in (weights, rates, lower, upper))
    counts = c != 0  # NaN counts, and makes the sum unknown
    value = np.where(counts, c * r, 0.0)
    one_end, other_end = np.where(counts, c * low, 0.0), np.where(counts, c * high, 0.0)
    below = np.square(value - np.minimum(one_end, other_end)).sum(axis=0)
    above = np.square(np.maximum(one_end, other_end) - value).sum(axis=0)
    total = value.sum(axis=0)
    return total, total - np.sqrt(below), total + np.sqrt(above)


def difference_words(found: Difference) -> Words:
    """Whether the second is higher, lower or not clearly different, by whether the limits leave out nought.

    Where value and both limits are nought the two are the same people, and it says so.
    """
    words = np.full(found.value.shape, NOT_CLEAR, dtype=object)
    words[found.lower > 0] = HIGHER
    words[found.upper < 0] = LOWER
    words[(found.value == 0) & (found.lower == 0) & (found.upper == 0)] = SAME_PEOPLE
    words[np.isnan(found.lower) | np.isnan(found.upper)] = NOT_JUDGED
    return words


def _rate(statistic: str, part: Part, level: float) -> tuple[Floats, Floats, Floats]:
    """Rate of a part with its limits, per one."""
    people = np.where(part.denominator > 0, part.denominator, np.nan)
    lower, upper = interval(statistic, part.numerator, people, 1.0, level)
    return part.numerator / people, lower, upper
