"""Where teams should stand: candidates among real places, people who need them, and the best plan by one aim.

Journeys of an area are the mean over its starting points, so that a plan is judged by the same minutes as the
Access page shows. The mistake this prevents: a plan that is best for the middles of areas, where few live.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from geodata.errors import InputError
from neighbourhoods.hub.ground import HubGround, cost_columns, hub_ground, open_now, services_of
from neighbourhoods.hub.params import NEAR, HubParams, HubPlan
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.register.open_place import is_open_at, open_places
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import group_counts
from neighbourhoods.travel.starting_point import StartingPoints

if TYPE_CHECKING:  # compiled: read only when it is wanted
    from neighbourhoods.siting.params import SitingParams
    from neighbourhoods.siting.problem import SitingProblem
    from neighbourhoods.siting.result import SitingResult

MOST_COMPARED = 12  # numbers of hubs in the trade-off, if not more are asked for
N_NAMED = 3
TRADE_OFF = ("n_hubs", "minutes", "bound", "cost_gbp")


def suggest_hubs(
    study: Study,
    params: HubParams,
    *,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> HubPlan:
    """The best plan that is found, with a bound on all others.

    Raises
    ------
    InputError
        When what is asked cannot be met, naming what clashes.
    """
    from neighbourhoods.siting.params import SitingParams
    from neighbourhoods.siting.siting import site_hubs

    def say(done: int, doing: str) -> None:
        if progress:
            progress(done, 4, doing)

    def told(n_done: int, n_all: int) -> None:
        say(0, f"working out journeys along streets: {n_done:,} of {n_all:,} places")

    say(0, "working out journeys")
    ground = hub_ground(study, params, told)
    places = ground.places
    problem = problem_of(study, params, ground)
    say(1, f"choosing among {is_open_at(places, params.open_at).sum():,} places")
    settings = SitingParams(minutes_max=params.minutes, seed=params.seed)
    is_stopped = cancelled or (lambda: False)
    found = site_hubs(problem, params.objective, settings, is_stopped)
    say(2, "looking at other numbers of hubs")
    free = replace(problem, n_hubs=len(found.chosen), capacity=None)
    if params.heeds_capacity:  # other plans are not held to it, so they would say nothing of this one
        others, firm = [], pd.DataFrame(columns=["near_share", "draw_share"], dtype=float)
    else:
        most = max(params.n_hubs, len(found.chosen), min(MOST_COMPARED, len(places)))
        others = _other_numbers(free, most, settings, is_stopped)
        say(3, "seeing how firm the choice is")
        firm = _firmness(free, params.seed)
    return HubPlan(
        params,
        found.chosen,
        float(found.value),
        float(found.bound),
        float(found.gap),
        bool(found.is_proven),
        int(is_open_at(places, params.open_at).sum()),
        found.method,
        found.runtime_s,
        _rows(others, places),
        firm.rename_axis("place_id"),
        _as_now(free, places),
    )


def problem_of(study: Study, params: HubParams, ground: HubGround) -> SitingProblem:
    """What is asked, as the solvers take it.

    Raises
    ------
    InputError
        When it cannot be met, naming what clashes.
    """
    from neighbourhoods.siting.problem import SitingProblem

    places, points = ground.places, ground.points
    named = (*params.fixed, *params.closed, *(one for pair in params.together for one in pair))
    unknown = [one for one in named if one not in places.index]
    if unknown:
        raise InputError(f"There is no place {unknown[0]!r} among those that could house a hub.")
    is_open = is_open_at(places, params.open_at)
    shut = [str(one) for one in places.index[~is_open]]
    if not is_open.all():
        open_places(places, params.open_at)  # refuses where none is
    held = [one for one in params.fixed if one in shut]
    if held:
        raise InputError(
            f"{places.loc[held[0], 'name']} must be a hub but is not known to be open then. Give its opening "
            "hours in the register, leave it free, or choose any time."
        )
    footprints = None if params.option is None else _footprint_of(study, params.option, places)
    return SitingProblem(
        tuple(map(str, points.area_codes)),
        tuple(map(str, places.index)),
        _people(study, params.who, points),
        points.by_area(ground.minutes.astype(float)).astype(np.float32),
        None if params.objective == "set_cover" else params.n_hubs,
        people=_people(study, params.who, points),
        fixed=params.fixed,
        closed=tuple(dict.fromkeys([*params.closed, *shut])),
        existing=open_now(places),
        footprint_by_candidate=footprints,
        footprint_ids=None if params.option is None else params.option.footprint_ids,
        capacity=_capacity(places) if params.heeds_capacity else None,
        one_of=[_houses(places, one) for one in params.house],
        together=[(first, second) for first, second in params.together],
        **_apart(places, params.apart_m),
        **_costs(places, params.budget_gbp),
    )


def _other_numbers(
    problem: SitingProblem, most: int, settings: SitingParams, is_stopped: Callable[[], bool]
) -> list[SitingResult]:
    from neighbourhoods.siting.trade_off import AS_NOW, trade_off

    found = trade_off(problem, range(1, most + 1), settings, is_stopped)
    return [one for one in found if one.method != AS_NOW]


def _firmness(problem: SitingProblem, seed: int) -> pd.DataFrame:
    from neighbourhoods.siting.stability import near_optimal_share

    return near_optimal_share(problem, within=NEAR, seed=seed).shares[["near_share", "draw_share"]]


def _as_now(problem: SitingProblem, places: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """The places that are open already as a plan of their own."""
    from neighbourhoods.siting.trade_off import as_now

    now = open_now(places)
    return _rows([as_now(problem, now)], places) if now else None


def _rows(plans: Sequence[SitingResult], places: gpd.GeoDataFrame) -> pd.DataFrame:
    costs = cost_columns(places)
    each = [costs.loc[list(one.chosen)] for one in plans]
    return pd.DataFrame(
        [
            (len(one.chosen), float(one.value), float(one.bound), float(cost.to_numpy(dtype=float).sum()))
            for one, cost in zip(plans, each, strict=True)
        ],
        columns=list(TRADE_OFF),
    ).astype({"n_hubs": "int64", "minutes": float, "bound": float, "cost_gbp": float})


def _people(study: Study, who: str, points: StartingPoints) -> np.ndarray:
    counts = group_counts(study, points.geography)
    if who not in counts:
        raise InputError(f"The number of people ({who}) is not known for every area; choose another group.")
    return counts[who].reindex(points.area_codes).to_numpy(dtype=float)


def _named(places: gpd.GeoDataFrame, ids: pd.Index) -> str:
    """How many places, and the first few by name."""
    first = ", ".join(str(name) for name in places.loc[ids[:N_NAMED], "name"])
    return f"{len(ids)} of the places that could house a hub ({first}{', …' if len(ids) > N_NAMED else ''})"


def _costs(places: gpd.GeoDataFrame, budget_gbp: float) -> dict[str, Any]:
    """Costs and budget as a problem takes them; nothing without a budget."""
    if not budget_gbp:
        return {}
    costs = cost_columns(places)
    unknown = costs.index[costs["running"].isna()]
    if len(unknown):
        raise InputError(
            f"The running cost of {_named(places, unknown)} is not known. Give it in the register of venues, "
            "choose other kinds of place, or leave the budget out."
        )
    return {
        "running_cost_gbp": costs["running"].to_numpy(dtype=float),
        "opening_cost_gbp": costs["opening"].to_numpy(dtype=float),
        "budget_gbp": budget_gbp,
    }


def _capacity(places: gpd.GeoDataFrame) -> NDArray[np.float64]:
    known = places.get("capacity", pd.Series(np.nan, index=places.index))
    unknown = places.index[known.isna()]
    if len(unknown):
        raise InputError(
            f"For how many people there is room is not known of {_named(places, unknown)}. Give it in the "
            "register of venues, choose other kinds of place, or leave capacities aside."
        )
    return np.asarray(known, dtype=float)


def _houses(places: gpd.GeoDataFrame, services: tuple[str, ...]) -> tuple[str, ...]:
    """Places that have all of some services."""
    wanted = {one.strip().lower() for one in services}
    offered = services_of(places)
    found = tuple(str(one) for one, has in offered.items() if wanted <= has)
    if not found:
        raise InputError(
            f"No place that could house a hub has {' and '.join(sorted(wanted))} under one roof. Name fewer "
            "services, or add them to a venue in the register."
        )
    return found


def _apart(places: gpd.GeoDataFrame, apart_m: float) -> dict[str, Any]:
    """Distances as a problem takes them; nothing where none is asked."""
    if not apart_m:
        return {}
    xy = np.column_stack([places.geometry.x, places.geometry.y])
    return {"distance_m": cdist(xy, xy), "distance_min_m": apart_m}


def _footprint_of(study: Study, option: FootprintOption, places: gpd.GeoDataFrame) -> list[str]:
    """The footprint in which each place stands; empty for one outside all."""
    areas = study.areas(option.geography)
    footprint = [option.assignment.get(str(code), "") for code in areas.index]
    place, area = shapely.STRtree(areas.geometry.to_numpy()).query(
        places.geometry.to_numpy(), predicate="intersects"
    )
    found = [""] * len(places)
    for one, row in zip(place.tolist(), area.tolist(), strict=True):
        found[one] = found[one] or footprint[row]
    return found
