"""The siting of hubs beside spopt's models of the same name, on the same instance.

    python -m benchmarks.siting_rival [--size small|york] [--seconds 120]

spopt writes each model out in full and hands it to a solver; here that is HiGHS, by PuLP, with a limit on its
time. It needs spopt, PuLP and highspy (`pip install -r benchmarks/rivals.txt`); without them it says so.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks.app_server import machine
from benchmarks.siting import MINUTES_MAX, SIZES, synthetic
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingProblem
from neighbourhoods.siting.siting import site_hubs

NEEDS = ("spopt", "pulp", "highspy")
MODELS = ("p_median", "max_coverage", "set_cover", "p_center")


def model_of(objective_id: str, problem: SitingProblem) -> Any:
    """spopt's model of an objective."""
    from spopt.locate import LSCP, MCLP, PCenter, PMedian

    cost = problem.travel_minutes.astype(float)
    makers: dict[str, Callable[[], Any]] = {
        "p_median": lambda: PMedian.from_cost_matrix(cost, problem.demand, p_facilities=problem.n_hubs),
        "max_coverage": lambda: MCLP.from_cost_matrix(
            cost, problem.demand, service_radius=MINUTES_MAX, p_facilities=problem.n_hubs
        ),
        "set_cover": lambda: LSCP.from_cost_matrix(cost, service_radius=MINUTES_MAX),
        "p_center": lambda: PCenter.from_cost_matrix(cost, p_facilities=problem.n_hubs),
    }
    return makers[objective_id]()


def value_of(objective_id: str, problem: SitingProblem, chosen: np.ndarray) -> float:
    """What some candidates come to, in our unit, whoever has chosen them."""
    minutes = problem.travel_minutes[:, chosen].min(axis=1)
    if objective_id == "p_median":
        return float(np.average(minutes, weights=problem.demand))
    if objective_id == "max_coverage":
        return float(problem.demand[minutes <= MINUTES_MAX].sum() / problem.demand.sum())
    return float(len(chosen)) if objective_id == "set_cover" else float(minutes.max())


def spopt_answer(objective_id: str, problem: SitingProblem, seconds: float) -> tuple[float, float, str]:
    """Value, seconds and the solver's own word; NaN where it found none."""
    import pulp

    warnings.simplefilter("ignore")
    began = time.perf_counter()
    try:
        model = model_of(objective_id, problem)
        model.problem.solve(pulp.HiGHS(msg=False, timeLimit=seconds))
    except (RuntimeError, ValueError) as fault:
        return float("nan"), time.perf_counter() - began, f"no plan ({fault})"
    spent = time.perf_counter() - began
    taken = [v.value() or 0.0 for v in model.fac_vars]
    chosen = np.flatnonzero(np.array(taken) > 0.5)
    word = pulp.LpSolution[model.problem.sol_status]
    return value_of(objective_id, problem, chosen) if len(chosen) else float("nan"), spent, word


def compare(size: str, seconds: float) -> None:
    """One line for each objective."""
    n, m, p = SIZES[size]
    problem = synthetic(n, m, p, 1)
    print(f"{n:,} areas, {m:,} candidates, {p} hubs, {MINUTES_MAX:g} minutes; {machine()}")
    print("objective    |    ours   gap        s |   spopt and HiGHS      s | times as long")
    for objective_id in MODELS:
        is_cover = objective_id == "set_cover"
        asked = replace(problem, n_hubs=None) if is_cover else problem
        if is_cover:  # spopt's covers all that can be covered: nobody is left out
            near = problem.travel_minutes <= MINUTES_MAX
            reached = near.any(axis=1)
            asked = replace(
                asked,
                area_ids=tuple(np.array(problem.area_ids)[reached]),
                demand=problem.demand[reached],
                people=problem.demand[reached],
                travel_minutes=problem.travel_minutes[reached],
            )
        found = site_hubs(asked, objective_id, SitingParams(minutes_max=MINUTES_MAX, covered_share=1.0))
        value, spent, word = spopt_answer(objective_id, asked, seconds)
        print(
            f"{objective_id:<12} | {found.value:8.4f} {found.gap:7.3%} {found.runtime_s:6.2f} | "
            f"{value:8.4f} {word:<16} {spent:6.1f} | {spent / max(found.runtime_s, 1e-3):8.0f}",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=("small", "york", "all"), default="all")
    parser.add_argument("--seconds", type=float, default=120.0, help="for spopt's solver (default 120)")
    given = parser.parse_args()
    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} is not installed (pip install -r benchmarks/rivals.txt)")
        return
    site_hubs(synthetic(60, 10, 2, 0), "p_median")  # compiled, or read from the cache
    for size in ("small", "york") if given.size == "all" else (given.size,):
        compare(size, given.seconds)


if __name__ == "__main__":
    main()
