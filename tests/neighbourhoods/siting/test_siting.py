"""Sitings beside every plan there is, by every objective under every condition."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.siting.params import SitingParams
from neighbourhoods.siting.problem import SitingError, SitingProblem
from neighbourhoods.siting.siting import site_hubs
from tests.neighbourhoods.siting.siting_case import (
    CONDITIONS,
    KAPPA,
    MINUTES_MAX,
    OBJECTIVE_IDS,
    SHARE,
    WORST,
    best_value,
    case,
    keeps,
    value_of,
)

PARAMS = SitingParams(
    minutes_max=MINUTES_MAX, covered_share=SHARE, worst_share=WORST, kappa=KAPPA, tolerance=0.0, seed=3
)


def checked(problem: SitingProblem, objective_id: str) -> None:
    best = best_value(problem, objective_id)
    if math.isinf(best):
        with pytest.raises(SitingError):
            site_hubs(problem, objective_id, PARAMS)
        return
    found = site_hubs(problem, objective_id, PARAMS)
    sign = 1 if OBJECTIVES[objective_id].less_is_better else -1
    assert sign * found.value == pytest.approx(best, rel=1e-6, abs=1e-9)
    assert sign * found.bound <= best + 1e-6 * abs(best)
    assert found.is_proven
    plan = tuple(problem.places(found.chosen))
    assert keeps(problem, plan)
    assert value_of(problem, objective_id, found.minutes_by_area, len(plan)) == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("objective_id", OBJECTIVE_IDS)
def test_no_plan_there_is_beats_the_one_found(objective_id: str, condition: str) -> None:
    for seed in range(8):
        checked(case(seed, condition), objective_id)


@pytest.mark.parametrize("condition", ["none", "fixed", "budget", "together", "lost", "all"])
@pytest.mark.parametrize("objective_id", OBJECTIVE_IDS)
def test_no_plan_with_room_for_all_beats_the_one_found(objective_id: str, condition: str) -> None:
    for seed in range(4):
        capacity = np.random.default_rng(seed).integers(40, 140, 7).astype(float)
        checked(case(seed, condition, n=5, m=7, p=2, capacity=capacity), objective_id)
