"""A plan for hubs as it is handed over: what is chosen, who goes where, and how good it is known to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from neighbourhoods.siting.kernel import Floats, Ints
from neighbourhoods.siting.problem import SitingProblem
from neighbourhoods.siting.rows import cost_by_candidate

PROVEN = 1e-6  # gap up to which a plan counts as proven best


@dataclass(frozen=True, eq=False)
class SitingResult:
    """A plan and its proof.

    Parameters
    ----------
    objective_id : str
    chosen : tuple of str
        Ids of the hubs, in the order of the problem's candidates.
    hub_by_area : int64 (n_areas,)
        Place in `candidate_ids` of the hub that each area goes to; -1 where it goes to none.
    minutes_by_area : float64 (n_areas,)
        NaN where it goes to none.
    value, bound : float
        In the objective's unit; no plan has a better value than the bound.
    cost_gbp : float
        Opening and running the chosen ones; 0 where no costs are given.
    runtime_s : float
    method : str
        In words.
    seed : int
    n_nodes, n_steps : int
        Nodes of branching; changes made by interchange.
    """

    objective_id: str
    chosen: tuple[str, ...]
    hub_by_area: Ints
    minutes_by_area: Floats
    value: float
    bound: float
    cost_gbp: float
    runtime_s: float
    method: str
    seed: int
    n_nodes: int = 0
    n_steps: int = 0

    @property
    def gap(self) -> float:
        """How far the bound is from the value, as a share of the value."""
        apart = abs(self.value - self.bound)
        return 0.0 if apart == 0 else apart / max(abs(self.value), 1e-12)

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better, to a millionth."""
        return self.gap <= PROVEN


def nearest_hubs(problem: SitingProblem, chosen: Iterable[int]) -> tuple[Ints, Floats]:
    """Each area's nearest chosen candidate and the minutes there; -1 and NaN where it reaches none.

    Parameters
    ----------
    chosen : places in `candidate_ids`
    """
    places = np.array(sorted(chosen), dtype=np.int64)
    if not len(places):
        return np.full(len(problem.area_ids), -1), np.full(len(problem.area_ids), np.nan)
    minutes = problem.travel_minutes[:, places].astype(np.float64)
    minutes = np.where(np.isfinite(minutes), minutes, np.inf)
    at = minutes.argmin(axis=1)
    found = minutes[np.arange(len(at)), at]
    reached = np.isfinite(found)
    return np.where(reached, places[at], -1), np.where(reached, found, np.nan)


def plan_cost_gbp(problem: SitingProblem, chosen: Iterable[int]) -> float:
    """Pounds for opening those that are new and running all."""
    return float(cost_by_candidate(problem)[sorted(chosen)].sum())


def counted_minutes(problem: SitingProblem, minutes_by_area: Floats) -> Floats:
    """Minutes with what counts for people who reach no hub; NaN where that is not stated."""
    if problem.unreached_minutes is None:
        return minutes_by_area
    return np.where(np.isnan(minutes_by_area), problem.unreached_minutes, minutes_by_area)
