"""Small sitings and every plan there is: values by the definitions, written out apart from the solvers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import numpy as np

from neighbourhoods.siting.problem import SitingProblem

OBJECTIVE_IDS = ("p_median", "max_coverage", "set_cover", "p_center", "equity", "kolm_pollak")
MINUTES_MAX, SHARE, WORST, KAPPA = 12.0, 0.8, 0.3, 0.2
CONDITIONS = (
    "none",
    "fixed",
    "budget",
    "footprints",
    "one_of",
    "together",
    "distance",
    "holes",
    "lost",
    "all",
)


def case(
    seed: int, condition: str = "none", n: int = 8, m: int = 8, p: int = 3, **more: Any
) -> SitingProblem:
    """Areas and candidates by chance on a square of 20 minutes; what must hold by name."""
    random = np.random.default_rng(seed)
    areas, candidates = random.random((n, 2)) * 20, random.random((m, 2)) * 20
    metres = np.hypot(*(candidates[:, None] - candidates[None]).transpose(2, 0, 1)) * 80
    minutes = np.hypot(*(areas[:, None] - candidates[None]).transpose(2, 0, 1)).astype(np.float32)
    ids = tuple(f"c{k}" for k in range(m))
    given: dict[str, Any] = {"n_hubs": p}
    is_all = condition == "all"
    if condition == "fixed" or is_all:
        given |= {"fixed": {ids[0]}, "closed": {ids[1], ids[2]}}
    if condition == "budget" or is_all:
        given |= {
            "opening_cost_gbp": random.integers(10, 100, m).astype(float),
            "running_cost_gbp": random.integers(5, 20, m).astype(float),
            "budget_gbp": 160.0,
            "existing": {ids[0], ids[3]},
        }
    if condition == "footprints" or is_all:
        given |= {"footprint_by_candidate": ["A" if k % 3 else "B" for k in range(m)]}
    if condition == "one_of":
        given |= {"one_of": ({ids[2], ids[3]}, {ids[4], ids[5], ids[2]})}
    if condition == "together":
        given |= {"together": ((ids[2], ids[3]), (ids[4], ids[5]))}
    if condition == "distance" or is_all:
        given |= {"distance_m": metres, "distance_min_m": 600.0}
    if condition in ("holes", "lost"):
        minutes[random.random((n, m)) < 0.35] = np.nan
        minutes[:, 6] = np.where(np.isnan(minutes[:, 6]), 30.0, minutes[:, 6])
    if condition == "lost":
        given |= {"unreached_minutes": 45.0}
    demand = random.integers(0, 9, n).astype(float)
    demand[0] = 5.0
    given |= {"people": random.integers(1, 50, n).astype(float)}
    return SitingProblem(tuple(f"a{k}" for k in range(n)), ids, demand, minutes, **(given | more))


def keeps(problem: SitingProblem, plan: tuple[int, ...]) -> bool:
    """Whether a plan keeps to every condition but capacities, each as it is said in words."""
    chosen = {problem.candidate_ids[k] for k in plan}
    if not set(problem.fixed) <= chosen or chosen & set(problem.closed):
        return False
    if problem.n_hubs is not None and len(chosen) > problem.n_hubs:
        return False
    if problem.budget_gbp is not None:
        paid = sum(
            (problem.running_cost_gbp[k] if problem.running_cost_gbp is not None else 0.0)
            + (
                problem.opening_cost_gbp[k]
                if problem.opening_cost_gbp is not None and problem.candidate_ids[k] not in problem.existing
                else 0.0
            )
            for k in plan
        )
        if paid > problem.budget_gbp + 1e-9:
            return False
    if problem.footprint_by_candidate is not None:
        served = {problem.footprint_by_candidate[k] for k in plan}
        if not set(problem.footprint_ids or ()) <= served:
            return False
    if any(not set(one) & chosen for one in problem.one_of):
        return False
    if any((a in chosen) != (b in chosen) for a, b in problem.together):
        return False
    if problem.distance_m is not None:
        new = [k for k in plan if problem.candidate_ids[k] not in problem.existing]
        if any(problem.distance_m[a, b] < problem.distance_min_m for a, b in combinations(new, 2)):
            return False
    if problem.unreached_minutes is None:
        reached = np.isfinite(problem.travel_minutes[:, plan]).any(axis=1)
        return bool(reached[problem.demand > 0].all())
    return True


def plans(problem: SitingProblem) -> Iterator[tuple[int, ...]]:
    """Every plan that keeps to the conditions."""
    m = len(problem.candidate_ids)
    for size in range(1, (problem.n_hubs or m) + 1):
        for plan in combinations(range(m), size):
            if keeps(problem, plan):
                yield plan


def journeys(problem: SitingProblem, plan: tuple[int, ...]) -> Iterator[np.ndarray]:
    """Minutes by area: to the nearest; with capacities, in every way to place areas. NaN: nowhere."""
    minutes = problem.travel_minutes[:, plan].astype(float)
    minutes[~np.isfinite(minutes)] = np.nan
    if problem.capacity is None:
        yield np.array([np.nan if np.isnan(row).all() else np.nanmin(row) for row in minutes])
        return
    assert problem.people is not None
    for where in product(range(-1, len(plan)), repeat=len(minutes)):
        hub = np.array(where)
        load = np.bincount(hub[hub >= 0], problem.people[hub >= 0], len(plan))
        if (load <= problem.capacity[list(plan)]).all():
            found = np.where(hub >= 0, minutes[np.arange(len(hub)), hub], np.nan)
            if not np.isnan(found[hub >= 0]).any():
                yield found


def value_of(problem: SitingProblem, objective_id: str, minutes: np.ndarray, n_hubs: int) -> float:
    """A plan's value, to be made small (coverage negated); inf where it is none."""
    demand, people = problem.demand, problem.people
    assert people is not None
    if objective_id == "max_coverage":
        return -sum(demand[k] for k in range(len(demand)) if minutes[k] <= MINUTES_MAX) / sum(demand)
    if objective_id == "set_cover":
        within = sum(people[k] for k in range(len(people)) if minutes[k] <= MINUTES_MAX)
        return n_hubs if within >= SHARE * sum(people) - 1e-9 else math.inf
    if problem.capacity is not None and problem.unreached_minutes is None and np.isnan(minutes).any():
        return math.inf  # everybody has a place, also where there is no need
    if problem.unreached_minutes is not None:
        minutes = np.where(np.isnan(minutes), problem.unreached_minutes, minutes)
    used = [k for k in range(len(demand)) if demand[k] > 0]
    if objective_id == "p_median":
        return sum(demand[k] * minutes[k] for k in used) / sum(demand)
    if objective_id == "p_center":
        return max(minutes[k] for k in used)
    if objective_id == "kolm_pollak":
        return math.log(sum(demand[k] * math.exp(KAPPA * minutes[k]) for k in used) / sum(demand)) / KAPPA
    limits = [0.0, *(minutes[k] for k in used)]  # of conditional value at risk, which is least at one of them
    return min(
        t + sum(demand[k] * max(0.0, minutes[k] - t) for k in used) / (WORST * sum(demand)) for t in limits
    )


def best_value(problem: SitingProblem, objective_id: str) -> float:
    """The least value of all plans there are; inf where there is none."""
    return min(
        (
            value_of(problem, objective_id, minutes, len(plan))
            for plan in plans(problem)
            for minutes in journeys(problem, plan)
        ),
        default=math.inf,
    )
