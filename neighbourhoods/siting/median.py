"""p-median and what is one with other costs: mean minutes, Kolm-Pollak's equivalent, minutes over a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from neighbourhoods.siting.core import FAR, Answer, Costs, cheapest_plan, nodes_of
from neighbourhoods.siting.kernel import Flags, Floats, Ints, Marks, Rows
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.rows import most_hubs, require_possible, rows_of, status_of
from neighbourhoods.siting.start import Choice

METHOD = (
    "interchange from seeded starts; bound by prices for serving each area; branching on the candidates left"
)


@dataclass(frozen=True, eq=False)
class Median:
    """A problem made ready for the p-median's solver; its matrices are used again for other numbers of hubs.

    Parameters
    ----------
    used : bool (n_areas,)
        Areas with demand.
    costs : Costs
        Of those areas: minutes.
    rows, priced : Rows
    status : int8 (n_candidates,)
    n_max : int
    possible : int64
        Places of a choice that keeps to all conditions but capacities.
    """

    used: Flags
    costs: Costs
    rows: Rows
    priced: Rows
    status: Marks
    n_max: int
    possible: Ints

    def solve(
        self,
        seed: int,
        n_nodes: int | None,
        *,
        first: Ints | None = None,
        n_kicks: int | None = None,
        limit: float = np.inf,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Answer:
        """The cheapest plan by these costs."""
        return cheapest_plan(
            self.costs,
            self.choice,
            self.priced,
            self.possible,
            seed,
            n_nodes=nodes_of(self.costs.cost.size) if n_nodes is None else n_nodes,
            first=first,
            n_kicks=n_kicks,
            limit=limit,
            is_stopped=is_stopped,
        )

    @property
    def choice(self) -> Choice:
        """What interchange works on."""
        return Choice(self.costs.weight, self.costs.cost, self.rows, self.status, self.n_max)

    def with_costs(self, changed: Callable[[Floats], Floats]) -> Median:
        """The same with each cost changed by a rising function."""
        cost = self.costs.cost
        made = np.empty_like(cost)
        for j in range(len(cost)):  # one candidate at a time: no second matrix in float64
            made[j] = changed(cost[j].astype(np.float64))
        ends = changed(np.array([self.costs.reach, self.costs.unreached]))
        reach = float(np.nextafter(np.float32(ends[0]), np.float32(np.inf)))
        made[cost >= self.costs.reach] = ends[1] if np.isfinite(ends[1]) else max(reach * FAR, FAR)
        return replace(self, costs=replace(self.costs, cost=made, reach=reach, unreached=float(ends[1])))


def ready(problem: SitingProblem, *, farthest: float = np.inf) -> Median:
    """A problem made ready.

    Parameters
    ----------
    farthest : float
        Journeys that take longer count as impossible.

    Raises
    ------
    SitingError
        When no choice meets what is asked.
    """
    n_max = most_hubs(problem)
    if np.isfinite(farthest):
        minutes = problem.travel_minutes
        problem = replace(
            problem, travel_minutes=np.where(minutes <= np.float32(farthest), minutes, np.float32(np.nan))
        )
    possible = require_possible(problem, n_max)
    used = problem.demand > 0
    cost = np.ascontiguousarray(problem.travel_minutes[used].T)
    longest = problem.longest_minutes
    reach = longest + 1.0 if problem.unreached_minutes is None else problem.unreached_minutes
    unreached = np.inf if problem.unreached_minutes is None else problem.unreached_minutes
    far = np.float32(reach if np.isfinite(unreached) else FAR * reach)
    cost = np.where(np.isfinite(cost), cost, far)
    return Median(
        used,
        Costs(problem.demand[used], cost, reach, unreached),
        rows_of(problem, reach=True),
        rows_of(problem, reach=False),
        status_of(problem),
        n_max,
        possible,
    )


def require_plan(answer: Answer, median: Median) -> Ints:
    """Places of the chosen candidates.

    Raises
    ------
    SitingError
        When none was found in which every area reaches a hub.
    """
    if not len(answer.chosen):
        raise SitingError("No plan was found that meets all that is asked: ask for less.")
    return answer.chosen
