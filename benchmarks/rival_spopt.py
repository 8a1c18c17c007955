"""spopt's ways to make regions of areas that are alike; here what is to be alike is where an area lies.

None of them knows a band of people: MaxP has a least number and looks for as many footprints as it can make,
the others have none. Each has the wish to be compact only by the places of the areas.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.rival_task import Answer, Best, Task

MOST_AREAS = {"MaxP": 100, "AZP": 500, "RegionKMeans": 500, "Spenc": 5_000}
PLACE = ["x", "y"]
WITHOUT_CHANCE = ("Skater", "WardSpatial")


def ways(n_areas: int) -> dict[str, Callable[[Task], Answer]]:
    """Each way by its name."""
    return {name: partial(_best, name) for name in WAYS if n_areas <= MOST_AREAS.get(name, n_areas)}


def _best(way: str, task: Task) -> Answer:
    from libpysal.weights import W

    warnings.simplefilter("ignore")
    areas = pd.DataFrame({"people": task.people, "x": task.xy[:, 0], "y": task.xy[:, 1]})
    beside: dict[int, list[int]] = {area: [] for area in areas.index}
    for a, b in zip(task.first.tolist(), task.second.tolist(), strict=True):
        beside[a].append(b)
        beside[b].append(a)
    weights = W(beside, silence_warnings=True)
    best, n_done = Best(task), 0
    for seed in task.seeds:
        np.random.seed(seed)  # noqa: NPY002 - what they draw from when they take no seed
        best.see(_numbered(WAYS[way](task, areas, weights, seed)))
        n_done += 1
        if best.seconds > task.seconds * n_done or way in WITHOUT_CHANCE:
            break
    return best.answer(f"{n_done} seed{'s' if n_done > 1 else ''}")


def _numbered(labels: Any) -> NDArray[np.int64]:
    return np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)


def _skater(task: Task, areas: pd.DataFrame, weights: Any, seed: int) -> Any:
    from spopt.region import Skater

    way = Skater(areas, weights, PLACE, n_clusters=task.n)
    way.solve()
    return way.labels_


def _ward(task: Task, areas: pd.DataFrame, weights: Any, seed: int) -> Any:
    from spopt.region import WardSpatial

    way = WardSpatial(areas, weights, PLACE, n_clusters=task.n)
    way.solve()
    return way.labels_


def _azp(task: Task, areas: pd.DataFrame, weights: Any, seed: int) -> Any:
    from spopt.region import AZP

    way = AZP(areas, weights, PLACE, n_clusters=task.n, random_state=seed)
    way.solve()
    return way.labels_


def _means(task: Task, areas: pd.DataFrame, weights: Any, seed: int) -> Any:
    from spopt.region import RegionKMeansHeuristic

    way = RegionKMeansHeuristic(task.xy, task.n, weights, seed=seed)
    way.solve()
    return way.labels_


def _spenc(task: Task, areas: pd.DataFrame, weights: Any, seed: int) -> Any:
    from spopt.region import Spenc

    scaled = (areas - areas.mean()) / areas.std()
    way = Spenc(scaled, weights, PLACE, n_clusters=task.n, random_state=seed)
    way.solve()
    return way.labels_


def _max_p(task: Task, areas: pd.DataFrame, weights: Any, seed: int) -> Any:
    from spopt.region import MaxPHeuristic

    low = task.target * (1 - task.tolerance)
    way = MaxPHeuristic(areas, weights, PLACE, "people", low)
    way.solve()
    return way.labels_


WAYS = {
    "Skater": _skater,
    "WardSpatial": _ward,
    "AZP": _azp,
    "RegionKMeans": _means,
    "Spenc": _spenc,
    "MaxP": _max_p,
}
