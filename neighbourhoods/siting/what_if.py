"""What closing, opening or moving one hub does to people: who gains minutes, who loses them.

Nothing is optimised: two plans are laid beside each other, so the answer is there before a page is drawn.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from neighbourhoods.siting.kernel import Floats, Ints
from neighbourhoods.siting.measure import mean_minutes
from neighbourhoods.siting.problem import SitingError, SitingProblem, listed
from neighbourhoods.siting.result import counted_minutes, nearest_hubs, plan_cost_gbp


@dataclass(frozen=True, eq=False)
class WhatIf:
    """Two plans beside each other; arrays are by area.

    Parameters
    ----------
    before, after : tuple of str
        Chosen candidates.
    hub_before, hub_after : int64 (n_areas,)
        Places in `candidate_ids`; -1 where no hub is reached.
    minutes_before, minutes_after, change_minutes : float64 (n_areas,)
        NaN where no hub is reached; the change is inf where one no longer is, -inf where one newly is.
    people : float64 (n_areas,)
    mean_before, mean_after : float
        Need-weighted minutes; NaN where some with need reach no hub and no minutes are stated for that.
    cost_change_gbp : float
    people_by_hub : float64 (n_hubs_after,)
        People for whom each hub of `after` is nearest.
    over_capacity : tuple of str
        Hubs of `after` that are nearest to more people than they can serve.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    hub_before: Ints
    hub_after: Ints
    minutes_before: Floats
    minutes_after: Floats
    change_minutes: Floats
    people: Floats
    mean_before: float
    mean_after: float
    cost_change_gbp: float
    people_by_hub: Floats
    over_capacity: tuple[str, ...]

    @property
    def people_who_gain(self) -> float:
        """People with a shorter journey."""
        return float(self.people[self.change_minutes < 0].sum())

    @property
    def people_who_lose(self) -> float:
        """People with a longer journey, or none any more."""
        return float(self.people[self.change_minutes > 0].sum())


def what_if(
    problem: SitingProblem, chosen: Collection[str], *, close: Collection[str] = (), add: Collection[str] = ()
) -> WhatIf:
    """Lay the plan with some hubs closed and others added beside the plan as it is.

    Parameters
    ----------
    chosen : candidate ids
        The plan. Moving a hub is closing one and adding another.

    Raises
    ------
    SitingError
        When one is closed that is no hub of the plan, one is added that is, or none is left.
    """
    now = set(chosen)
    absent, twice = sorted(set(close) - now), sorted(set(add) & now)
    if absent:
        raise SitingError(f"{listed(absent)} cannot be closed: no hub of this plan. Close one of the plan's.")
    if twice:
        raise SitingError(f"{listed(twice)} cannot be added: already a hub of this plan. Add another one.")
    before, after = problem.places(now), problem.places((now - set(close)) | set(add))
    if not before or not after:
        raise SitingError("A plan needs at least one hub, before and after: leave one open.")
    hub_before, minutes_before = nearest_hubs(problem, before)
    hub_after, minutes_after = nearest_hubs(problem, after)
    people = problem.people if problem.people is not None else problem.demand
    served = hub_after >= 0
    by_candidate = np.bincount(hub_after[served], people[served], len(problem.candidate_ids))
    counts = by_candidate[after].astype(np.float64)
    ids = problem.candidate_ids
    over: tuple[str, ...] = ()
    if problem.capacity is not None:
        room = problem.capacity[after]
        over = tuple(ids[k] for k, n, most in zip(after, counts, room, strict=True) if n > most + 1e-9)
    return WhatIf(
        tuple(ids[k] for k in before),
        tuple(ids[k] for k in after),
        hub_before,
        hub_after,
        minutes_before,
        minutes_after,
        change_of(minutes_before, minutes_after),
        people,
        mean_minutes(counted_minutes(problem, minutes_before), problem.demand),
        mean_minutes(counted_minutes(problem, minutes_after), problem.demand),
        plan_cost_gbp(problem, after) - plan_cost_gbp(problem, before),
        counts,
        over,
    )


def change_of(before: Floats, after: Floats) -> Floats:
    """Minutes more (less below 0); 0 where no hub is reached either way."""
    had, has = ~np.isnan(before), ~np.isnan(after)
    change = np.where(had & has, after - before, 0.0)
    return np.where(had & ~has, np.inf, np.where(~had & has, -np.inf, change))
