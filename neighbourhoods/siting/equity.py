"""The plan that is best for the worst-served share of need, found by many p-medians.

The mean of the worst share b is the least over t of t + sum of w max(0, minutes - t) / (b sum of w)
(Rockafellar and Uryasev, Journal of Risk 2, 2000). For one t that is a p-median of the minutes over t. From
t = 0 upward, steps are as long as the proof allows that no plan beats the best within them; where a step
holds no journey of its own length, every plan's value is linear in it and its ends decide.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from neighbourhoods.siting.core import Answer
from neighbourhoods.siting.kernel import Floats, Ints
from neighbourhoods.siting.median import Median
from neighbourhoods.siting.problem import SitingProblem

FIRST_STEP = 1 / 16  # of the longest journey
LEAST_TOLERANCE = 3e-7


class Worst:
    """The search's state: the best plan, what is proven below it, work done."""

    def __init__(
        self, problem: SitingProblem, median: Median, share: float, value: Callable[[Ints], float]
    ) -> None:
        self.median = median
        self.scale = share * float(median.costs.weight.sum())
        self.value = value
        ends = [0.0, median.costs.unreached] if np.isfinite(median.costs.unreached) else [0.0]
        minutes = problem.travel_minutes[median.used]
        self.journeys = np.unique(np.concatenate([minutes[np.isfinite(minutes)].astype(float), ends]))
        self.chosen: Ints = np.empty(0, dtype=np.int64)
        self.best, self.n_nodes, self.n_steps = np.inf, 0, 0

    def note(self, chosen: Ints) -> None:
        """Keep a plan if it is the best."""
        value = self.value(chosen)
        if value < self.best:
            self.chosen, self.best = chosen, value

    def over(self, t: float, seed: int, n_nodes: int | None, limit: float = np.inf) -> float:
        """No plan's minutes over `t` come to less, by the share's weight; plans met are noted.

        With a `limit` only whether any is below it: -inf when one is found.
        """
        changed = self.median.with_costs(lambda cost: np.maximum(cost - t, 0.0))
        first = self.chosen if len(self.chosen) else None
        found: Answer = changed.solve(seed, n_nodes, first=first, limit=limit * self.scale)
        self.n_nodes += found.n_nodes
        self.n_steps += found.plans.n_changes
        for plan in found.plans.met:
            self.note(np.array(plan, dtype=np.int64))
        return found.bound / self.scale


def worst_served(
    worst: Worst, seed: int, n_nodes: int | None, tolerance: float, is_stopped: Callable[[], bool]
) -> float:
    """The bound on every plan's value; the best plan is left in `worst`.

    Parameters
    ----------
    tolerance : float
        Share of the best value by which a plan must be better to be looked for.
    """
    journeys: Floats = worst.journeys
    fall = float(worst.median.costs.weight.sum()) / worst.scale - 1.0
    at, end = 0.0, float(journeys[-1])
    over_at = worst.over(at, seed, n_nodes)
    step, bound = FIRST_STEP * end, np.inf
    while at < min(end, worst.best):  # with a limit over the best value every plan's value is over it too
        if is_stopped():
            return min(bound, at)
        aim = worst.best * (1 - max(tolerance, LEAST_TOLERANCE))
        following = float(journeys[np.searchsorted(journeys, at, side="right")])
        to = min(max(at + step, following), end)
        spared = 0.0 if to == following else min(max(at + over_at - aim, 0.0) / max(fall, 1e-12), to - at)
        over_to = worst.over(to, seed, n_nodes, (aim - to) if to == following else aim - at - spared)
        inside = lowest(at + over_at, to + over_to, to - at, fall, is_straight=to == following)
        if inside < aim * (1 - LEAST_TOLERANCE) and to > following:
            step = (to - at) / 2
            continue
        if inside < aim * (1 - LEAST_TOLERANCE):  # the best has changed: its value at this limit, exactly
            over_to = worst.over(to, seed, n_nodes)
            inside = lowest(at + over_at, to + over_to, to - at, fall, is_straight=True)
        bound = min(bound, inside)
        at, over_at = to, over_to
        step *= 1.5
    return min(bound, worst.best)


def lowest(left: float, right: float, width: float, fall: float, *, is_straight: bool) -> float:
    """No plan's value is less for any limit between two for which it is at least `left` and `right`.

    Per minute of limit a plan's value rises by at most 1 and falls by at most `fall`; where no journey's
    length is between the two, it is straight.
    """
    if is_straight or not np.isfinite(right):
        return min(left, right)
    x = min(max((left - right + width) / (1.0 + fall), 0.0), width)
    return min(max(left - fall * one, right - (width - one)) for one in (0.0, x, width))
