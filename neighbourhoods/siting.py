"""Siting hubs: one problem, one of several published objectives, one answer with its proof.

Which objective is right is a choice of policy, so each is a record with its source and all give the same kind
of result. The mistake this prevents: to compare plans by the number that one of them was made for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from neighbourhoods import siting_solve
from neighbourhoods.siting_params import SitingParams
from neighbourhoods.siting_problem import SitingError, SitingProblem
from neighbourhoods.siting_result import SitingResult
from neighbourhoods.siting_solve import Solved


@dataclass(frozen=True)
class SitingObjective:
    """One objective.

    Parameters
    ----------
    label, unit, source : str
    less_is_better : bool
    solve : callable
    needs : tuple of str
        Settings of `SitingParams` that must be given.
    """

    label: str
    unit: str
    source: str
    less_is_better: bool
    solve: Callable[[SitingProblem, SitingParams, Callable[[], bool]], Solved]
    needs: tuple[str, ...] = ()


OBJECTIVES = {
    "p_median": SitingObjective(
        "Shortest journeys on average, by need",
        "minutes",
        "Hakimi, Operations Research 12, 1964",
        True,
        siting_solve.p_median,
    ),
    "max_coverage": SitingObjective(
        "Most need within so many minutes",
        "share of need",
        "Church and ReVelle, Papers of the RSA 32, 1974",
        False,
        siting_solve.max_coverage,
        ("minutes_max",),
    ),
    "set_cover": SitingObjective(
        "Fewest hubs that cover a share of people",
        "hubs",
        "Toregas, Swain, ReVelle and Bergman, Operations Research 19, 1971",
        True,
        siting_solve.set_cover,
        ("minutes_max",),
    ),
    "p_center": SitingObjective(
        "Shortest longest journey",
        "minutes",
        "Hakimi, Operations Research 12, 1964; Minieka, SIAM Review 12, 1970",
        True,
        siting_solve.p_center,
    ),
    "equity": SitingObjective(
        "Shortest journeys on average for the worst-served share of need",
        "minutes",
        "Rockafellar and Uryasev, Journal of Risk 2, 2000",
        True,
        siting_solve.equity,
    ),
    "kolm_pollak": SitingObjective(
        "Least Kolm-Pollak equivalent of journeys",
        "minutes",
        "Horton, Logan, Murrell, Skipper and Speakman, 2024",
        True,
        siting_solve.kolm_pollak,
    ),
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
    found = objective.solve(problem, params, is_stopped)
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
