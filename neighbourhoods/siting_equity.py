"""The plan that is best for the worst-served share of need, found by many p-medians.

The mean of the worst share b is the least over t of t + sum of w max(0, minutes - t) / (b sum of w)
(Rockafellar and Uryasev, Journal of Risk 2, 2000). For one t that is a p-median of the minutes over t. From
t = 0 upward, steps are as long as the proof allows that no plan beats the best within them; where a step
holds no journey of its own length, every plan's value is linear in it and its ends decide.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from neighbourhoods.siting_core import Answer
from neighbourhoods.siting_kernel import Floats, Ints
from neighbourhoods.siting_median import Median
from neighbourhoods.siting_problem import SitingProblem

FIRST_STEP, LEAST_STEP = 1 / 16, 1e-9  # of the longest journey


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

    def over(self, limit: float, seed: int, n_nodes: int) -> float:
        """Least that any plan's minutes over `limit` come to, by the share's weight; plans met are noted."""
        changed = self.median.with_costs(lambda cost: np.maximum(cost - limit, 0.0))
        first = self.chosen if len(self.chosen) else None
        found: Answer = changed.solve(seed, n_nodes, first=first, n_kicks=4)
        self.n_nodes += found.n_nodes
        self.n_steps += found.plans.n_changes
        self.note(found.chosen)
        return found.bound / self.scale


def worst_served(
    worst: Worst, seed: int, n_nodes: int, tolerance: float, is_stopped: Callable[[], bool]
) -> float:
    """The bound on every plan's value; the best plan is left in `worst`.

    Parameters
    ----------
    tolerance : float
        Share of the best value by which a plan must be better to be looked for.
    """
    journeys: Floats = worst.journeys
    at, end = 0.0, float(journeys[-1])
    over_at = worst.over(at, seed, n_nodes)
    step = FIRST_STEP * end
    bound = at + over_at if end == 0 else np.inf
    while at < min(end, worst.best):  # a limit over the best value has a worse one
        if is_stopped():
            return min(bound, at)  # every plan's value is at least the limit that is best for it
        following = float(journeys[np.searchsorted(journeys, at, side="right")])
        to = min(max(at + step, following), end)
        over_to = worst.over(to, seed, n_nodes)
        inside = (
            min(at + over_at, to + over_to) if to == following else lowest(at, over_at, to, over_to, worst)
        )
        if inside < worst.best * (1 - tolerance) and to > following:
            step = max(min(to - at, step) / 2, LEAST_STEP * end)
            continue
        bound = min(bound, inside)
        at, over_at = to, over_to
        step *= 1.5
    return min(bound, worst.best)


def lowest(at: float, over_at: float, to: float, over_to: float, worst: Worst) -> float:
    """No plan's value is less for any limit between two.

    Per minute of limit a plan's value rises by at most 1 and falls by at most 1 / share - 1.
    """
    fall = float(worst.median.costs.weight.sum()) / worst.scale - 1.0
    left, right, width = at + over_at, to + over_to, to - at
    x = min(max((left - right + width) / (1.0 + fall), 0.0), width)
    return min(max(left - fall * one, right - (width - one)) for one in (0.0, x, width))
