"""How good any option can be, by each wish and by their mix: numbers that no option beats, however found.

A search shows what it found; a bound shows what nobody can find. Their difference is the most that a longer
search could still gain. Each bound is a record with its formula; most are plain arithmetic, border's is a
solver of its own. The mistake this prevents: to take the best that was found for the best there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.town import Town
from neighbourhoods.measure.wish import WISHES

Floats = NDArray[np.float64]
Scales = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Bound:
    """What no option beats on one wish.

    Parameters
    ----------
    wish_id : str
    value : float
        In the unit of the wish's measure.
    how : str
        The formula, in words.
    within : tuple of (float, float)
        (largest deviation, value), deviations rising: no option that deviates at most so far beats it. Empty
        where the bound does not depend on the deviation.
    """

    wish_id: str
    value: float
    how: str
    within: tuple[tuple[float, float], ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether it holds for whatever map and people: a border of nought, a perfect circle."""
        if WISHES[self.wish_id].less_is_better:
            return self.value <= 0
        return self.wish_id == "round" and self.value >= 1


@dataclass(frozen=True)
class _Record:
    how: str
    value: Callable[[Problem, Town, int], float]


def least_deviation(problem: Problem, town: Town, n: int) -> float:
    """Largest deviation when all but locked footprints have the same, to a whole person."""
    people = problem.people
    held = [sum(people[area] for area in locked) for locked in problem.locked]
    left, n_left = sum(people) - sum(held), n - len(held)
    ends = list(held)
    if n_left > 0:
        share = left / n_left
        is_whole = all(float(one).is_integer() for one in people)
        ends += [np.floor(share + 1e-9), np.ceil(share - 1e-9)] if is_whole else [share]
    return max((abs(end - problem.target) for end in ends), default=0.0) / problem.target


def least_deviation_later(problem: Problem, town: Town, n: int) -> float:
    """The same in the future year, where an equal share need not be whole people."""
    if town.future_people is None:
        return float("nan")
    later = town.future_people
    held = [float(later[sorted(locked)].sum()) for locked in problem.locked]
    n_left = n - len(held)
    ends = [*held, (float(later.sum()) - sum(held)) / n_left] if n_left > 0 else held
    return max((abs(end - town.future_target) for end in ends), default=0.0) / town.future_target


def fewest_who_move(problem: Problem, town: Town, n: int) -> float:
    """Everybody but those of the n largest footprints now, as far as each has room in the band."""
    if town.as_now is None:
        return float("nan")
    low, high = problem.band
    now = np.bincount(town.as_now, town.people)
    stay = float(np.sort(np.minimum(now, high))[::-1][:n].sum())
    fewest = float(town.people.sum()) - stay
    if n == len(now):  # each is matched; one with too few people needs others to come
        fewest = max(fewest, float(np.maximum(low - now, 0.0).sum()))
    return max(fewest, 0.0)


def fewest_outside_partner(problem: Problem, town: Town, n: int) -> float:
    """Everybody but the residents of the partner's n largest areas, which n footprints can follow at most."""
    if town.partner is None:
        return float("nan")
    known = town.partner.row >= 0
    residents = np.bincount(town.partner.row[known], town.people[known])
    return float(town.people.sum() - np.sort(residents)[::-1][:n].sum())


def least_minutes(problem: Problem, town: Town, n: int) -> float:
    """Each resident's mean time to the nearest people that fill the smallest footprint of the band."""
    if town.travel_minutes is None:
        return float("nan")
    low = min(max(problem.band[0], 1e-9), float(town.people.sum()))
    total = 0.0
    for minutes, count in zip(town.travel_minutes, town.people, strict=True):
        order = np.argsort(minutes, kind="stable")
        before = np.concatenate([[0.0], np.cumsum(town.people[order])[:-1]])
        taken = np.clip(low - before, 0.0, town.people[order])
        total += count * float(taken @ minutes[order]) / low
    return total / float(town.people.sum())


def most_spread(problem: Problem, town: Town, n: int) -> float:
    """Half the range that a footprint's index can have: none is wider (Popoviciu, Mathematica 9, 1935)."""
    if town.need is None:
        return float("nan")
    parts = town.need.parts(town.need.numerator, town.need.denominator) * town.need.weights
    return float(parts.max(axis=0).sum() - parts.min(axis=0).sum()) / 2


EVERY_WAY = "every way was gone through"
BORDER_HOW = "prices for areas, and the cheapest set of areas at those prices among all within the band"
SPECTRAL_HOW = "the smallest eigenvalues of the map's borders and people; weak, for many areas"
_RECORDS: dict[str, _Record] = {
    "balance": _Record(
        "an equal share for each footprint that is not locked, to a whole person", least_deviation
    ),
    "round": _Record("a circle has 1, and nothing has more", lambda problem, town, n: 1.0),
    "as_now": _Record("everybody but as many as now fit into the n largest footprints", fewest_who_move),
    "alike": _Record("a spread is never below nought", lambda problem, town, n: 0.0),
    "distinct": _Record("half the range that the index of any set of areas can have", most_spread),
    "partners": _Record(
        "everybody but the residents of the partner's n largest areas", fewest_outside_partner
    ),
    "travel": _Record("each resident's nearest people, as many as the smallest footprint has", least_minutes),
    "future": _Record("an equal share of the future year's people for each footprint", least_deviation_later),
    "compactness": _Record("a border is never below nought", lambda problem, town, n: 0.0),
    "cut_edges": _Record("a border is never below nought", lambda problem, town, n: 0.0),
}


def plain_bounds(
    problem: Problem, town: Town, wish_ids: tuple[str, ...], numbers: tuple[int, ...]
) -> dict[str, Bound]:
    """Bounds by arithmetic alone, over all numbers of footprints that are allowed; by wish."""
    found = {}
    for one in wish_ids:
        record = _RECORDS[one]
        values = [record.value(problem, town, n) for n in numbers]
        if values and np.isfinite(values).all():
            best = min(values) if WISHES[one].less_is_better else max(values)
            found[one] = Bound(one, float(best), record.how)
    return found


def mix_bound(bounds: Mapping[str, Bound], weights: Mapping[str, float], scales: Scales) -> float:
    """No option has a smaller mix than this.

    The least of a sum is at least the sum of the leasts. Where deviation is weighed too, options are told
    apart by their own deviation: those that deviate little pay in border, the others in balance.
    """
    if not set(weights) <= bounds.keys() & scales.keys():
        return float("nan")

    def cost(one: str, value: float) -> float:
        return cost_in_mix(one, value, weights, scales)

    ends = sorted({away for one in weights for away, _ in bounds[one].within})
    if "balance" not in weights or not ends:
        return sum(cost(one, bounds[one].value) for one in weights)
    mixes, least = [], bounds["balance"].value
    for end in [away for away in ends if away >= least * (1 - 1e-12)]:
        mix = cost("balance", least)
        for one in weights:
            if one != "balance":
                mix += cost(one, value_within(bounds[one], end))
        mixes.append(mix)
        least = end
    return min(mixes, default=float("inf"))


def cost_in_mix(wish_id: str, value: float, weights: Mapping[str, float], scales: Scales) -> float:
    """What a value of one wish's measure adds to a mix."""
    zero, one = scales[wish_id]
    signed = value if WISHES[wish_id].less_is_better else -value
    return weights[wish_id] / sum(weights.values()) * (signed - zero) / (one - zero)


def value_within(bound: Bound, deviation: float) -> float:
    """What no option beats that deviates at most so far."""
    return next((value for away, value in bound.within if away >= deviation * (1 - 1e-12)), bound.value)
