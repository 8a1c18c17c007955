"""How firmly a candidate is chosen: its share of plans that are nearly as good, and of plans for other needs.

The best plan is best for one set of weights, to the last minute. A candidate that is in nearly all good
plans, and stays when needs are weighed a little differently, is a safe choice; one that is in half of them
is open to local judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from neighbourhoods.siting.kernel import Floats, Ints, is_allowed, loads, plan_cost
from neighbourhoods.siting.median import Median, ready, require_plan
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.start import Plans, improved, kick, kick_on


@dataclass(frozen=True, eq=False)
class SitingStability:
    """Shares of plans by candidate.

    Parameters
    ----------
    shares : pandas.DataFrame
        Index candidate_id; `is_chosen` in the best plan; `near_share` of the near-optimal plans met;
        `draw_share` of the best plans found under drawn needs.
    n_near : int
        Different plans met within the limit, the best one included.
    n_draws : int
    best_again : float
        Share of draws whose best plan found is the same as the best plan.
    regret : float
        How much longer journeys are on average, over the draws, with the best plan than with each draw's own:
        a share.
    """

    shares: pd.DataFrame
    n_near: int
    n_draws: int
    best_again: float
    regret: float


def near_optimal_share(
    problem: SitingProblem,
    *,
    within: float = 0.01,
    spread: float = 0.2,
    n_draws: int = 50,
    n_kicks: int = 200,
    seed: int = 0,
) -> SitingStability:
    """How stable the p-median's choice is.

    Near-optimal plans are those that interchange meets from kicked plans, and all plans one exchange away
    from the best that are good enough; they are a sample, not all there are.

    Parameters
    ----------
    within : float
        How much longer than the best a near-optimal plan's journeys may be, as a share.
    spread : float
        Standard deviation of the logarithm by which each area's need is multiplied in a draw (lognormal,
        mean 1).
    n_draws, n_kicks : int

    Raises
    ------
    SitingError
        When capacities are given, or what is asked cannot be met.
    """
    if problem.capacity is not None:
        raise SitingError("Stability leaves capacities aside: take them out of the problem.")
    median = ready(problem)
    random = np.random.default_rng(seed)
    answer = median.solve(seed, None)
    best = require_plan(answer, median)
    plans = answer.plans
    kick_on(median.choice, plans, random, n_kicks)
    exchanged(median, plans, best)
    near = [np.array(one) for one, cost in plans.met.items() if cost <= plans.cost * (1 + within) + 1e-9]
    drawn, n_again, regret = [], 0, 0.0
    for _ in range(n_draws):
        factor = np.exp(spread * random.standard_normal(len(median.costs.weight)) - spread**2 / 2)
        one = replace(median, costs=replace(median.costs, weight=median.costs.weight * factor))
        found = best_under(one, best, random)
        kept = plan_cost(one.costs.cost, one.costs.weight, best)
        drawn.append(found.best)
        n_again += np.array_equal(found.best, best)
        regret += kept / found.cost - 1.0 if found.cost > 0 else 0.0
    m = len(problem.candidate_ids)
    shares = pd.DataFrame(
        {
            "is_chosen": np.isin(np.arange(m), best),
            "near_share": _share(near, m),
            "draw_share": _share(drawn, m),
        },
        index=pd.Index(problem.candidate_ids, name="candidate_id"),
    )
    n = max(n_draws, 1)
    return SitingStability(shares, len(near), n_draws, n_again / n, regret / n)


def exchanged(median: Median, plans: Plans, best: Ints) -> None:
    """Note every plan that differs from the best by one hub and keeps to the conditions."""
    choice = median.choice
    load = loads(choice.rows, best, len(best))
    others = np.setdiff1d(np.flatnonzero(choice.status >= 0), best)
    for out in best[choice.status[best] == 0]:
        for new in others:
            if is_allowed(choice.rows, load, out, new):
                plan = np.sort(np.append(best[best != out], new))
                plans.add(plan, plan_cost(choice.cost, choice.weight, plan))


def best_under(median: Median, first: Ints, random: np.random.Generator, n_kicks: int = 6) -> Plans:
    """The best plan found for other weights, from a known plan."""
    choice, plans = median.choice, Plans()
    every = random.permutation(len(choice.status))
    improved(choice, first, every, plans)
    for _ in range(n_kicks):
        held = plans.best.copy()
        kick(choice.rows, choice.status, held, len(held), random.random((3, 2)))
        improved(choice, held, every, plans)
    return plans


def _share(plans: list[Ints], m: int) -> Floats:
    counts = np.zeros(m)
    for one in plans:
        counts[one] += 1
    return counts / max(len(plans), 1)
