"""Siting hubs: one problem, one of several published objectives, one answer with its proof."""

from __future__ import annotations

import time
from collections.abc import Callable

from neighbourhoods.siting import solve as siting_solve
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.result import SitingResult
from neighbourhoods.siting.solve import Solved

SOLVERS: dict[str, Callable[[SitingProblem, SitingParams, Callable[[], bool]], Solved]] = {
    "p_median": siting_solve.p_median,
    "max_coverage": siting_solve.max_coverage,
    "equity": siting_solve.equity,
    "kolm_pollak": siting_solve.kolm_pollak,
    "p_center": siting_solve.p_center,
    "set_cover": siting_solve.set_cover,
}


def site_hubs(
    problem: SitingProblem,
    objective_id: str,
    params: SitingParams | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> SitingResult:
    """The best plan found by an objective, with a bound on all others.

    Parameters
    ----------
    objective_id : str
        One of `OBJECTIVES`.
    is_stopped : callable
        Asked between steps of a proof; where it says so, the answer is what is known by then.

    Raises
    ------
    SitingError
        When the objective is not known, a setting is missing, or what is asked cannot be met.
    """
    params = params or SitingParams()
    if objective_id not in OBJECTIVES:
        raise SitingError(f"There is no objective {objective_id}: take one of {', '.join(OBJECTIVES)}.")
    objective = OBJECTIVES[objective_id]
    missing = [name for name in objective.needs if getattr(params, name) is None]
    if missing:
        raise SitingError(f"The objective {objective_id} needs {', '.join(missing)}.")
    began = time.perf_counter()
    found = SOLVERS[objective_id](problem, params, is_stopped)
    return SitingResult(
        objective_id,
        tuple(problem.candidate_ids[k] for k in sorted(found.chosen)),
        found.hub_by_area,
        found.minutes_by_area,
        found.value,
        found.bound,
        found.cost_gbp,
        time.perf_counter() - began,
        found.method,
        params.seed,
        found.n_nodes,
        found.n_steps,
    )
