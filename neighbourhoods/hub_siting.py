"""Where teams should stand: candidates among real places, people who need them, and the best plan by one aim.

Journeys of an area are the mean over its starting points, so that a plan is judged by the same minutes as the
Access page shows. The mistake this prevents: a plan that is best for the middles of areas, where few live.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.errors import InputError
from geodata.layouts.venue import CANDIDATE
from neighbourhoods.access import GROUPS, Access, AccessParams, access, group_counts
from neighbourhoods.option import FootprintOption
from neighbourhoods.starting_point import StartingPoints, starting_points
from neighbourhoods.study import Study
from neighbourhoods.travel import TRAVEL_MODES
from neighbourhoods.travel_matrix import minutes_to_places

OBJECTIVES: dict[str, str] = {
    "p_median": "Shortest journeys on average",
    "max_coverage": "Most people within reach",
    "equity": "Shortest journeys for the worst-served fifth",
    "p_center": "Shortest longest journey",
    "set_cover": "Fewest hubs that put 95% within reach",
}
BUS_STOP = "bus_stop"
MOST_COMPARED = 12  # numbers of hubs in the trade-off, if not more are asked for
NEAR = 0.01
FELT_MINUTES = 0.5  # a journey that changes by less is called the same


@dataclass(frozen=True)
class HubParams:
    """What is asked.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of place that could house a hub.
    n_hubs : int
        Hubs wanted; not used by `set_cover`, which finds how few do.
    objective : str
        Key of `OBJECTIVES`.
    minutes : float
        Within reach, for the two covering objectives.
    who : str
        Indicator id whose people are served; one of `GROUPS`.
    mode : str
        Key of `TRAVEL_MODES`.
    km_h : float
        Speed; 0 for the mode's own.
    fixed, closed : tuple of str
        Place ids that must, or may not, be a hub.
    option : FootprintOption, optional
        Each of its footprints is to have at least one hub.
    budget_gbp : float
        Most that running the hubs for a year, and opening new ones, may cost; 0 for no budget.
    seed : int
    """

    kinds: tuple[str, ...]
    n_hubs: int = 6
    objective: str = "p_median"
    minutes: float = 15.0
    who: str = "pop_total"
    mode: str = "walk"
    km_h: float = 0.0
    fixed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    option: FootprintOption | None = None
    budget_gbp: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.kinds:
            raise InputError("Choose at least one kind of place that could house a hub.")
        if self.objective not in OBJECTIVES:
            raise InputError(f"There is no objective {self.objective!r}; there are {', '.join(OBJECTIVES)}.")
        if self.mode not in TRAVEL_MODES:
            raise InputError(f"There is no way to travel {self.mode!r}; there are {', '.join(TRAVEL_MODES)}.")
        if self.who not in GROUPS:
            raise InputError(f"There is no group of people {self.who!r}; there are {', '.join(GROUPS)}.")
        if self.n_hubs < 1:
            raise InputError(f"Ask for one hub or more, not {self.n_hubs}.")
        if not 0 < self.minutes < float("inf") or not 0 <= self.km_h < float("inf"):
            raise InputError("Minutes and speed must be above nought.")
        if not 0 <= self.budget_gbp < float("inf"):
            raise InputError("A budget is nought, for none, or more.")
        both = sorted(set(self.fixed) & set(self.closed))
        if both:
            raise InputError(f"{both[0]} cannot be both fixed and closed; take it out of one of the two.")

    @property
    def speed_km_h(self) -> float:
        """The speed that is used."""
        return self.km_h or TRAVEL_MODES[self.mode].km_h


@dataclass(frozen=True, eq=False)
class HubPlan:
    """Hubs, and how good the plan is known to be.

    Parameters
    ----------
    params : HubParams
    chosen : tuple of str
        Place ids.
    value, bound : float
        Of the objective, in its unit; no plan has a better value than the bound.
    gap : float
        Their distance as a share of the value.
    is_proven : bool
        Whether no plan is better.
    n_candidates : int
    method : str
        In words.
    runtime_s : float
    trade_off : DataFrame
        The plan with the shortest mean journey for each number of hubs: n_hubs, minutes, bound.
    stability : DataFrame
        By place_id, how firmly it is chosen for short mean journeys: near_share (of the plans met that are at
        most `NEAR` longer on average), draw_share (of best plans when need is weighed a little differently).
    """

    params: HubParams
    chosen: tuple[str, ...]
    value: float
    bound: float
    gap: float
    is_proven: bool
    n_candidates: int
    method: str
    runtime_s: float
    trade_off: pd.DataFrame
    stability: pd.DataFrame


def candidates(study: Study, kinds: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Places that could house a hub, by place_id.

    Raises
    ------
    InputError
        When a kind has no place.
    """
    places = study.places()
    lacking = sorted(set(kinds) - set(places["kind"]))
    if lacking:
        loaded = ", ".join(sorted(study.place_kinds)) or "none"
        raise InputError(f"No place of the kind {lacking[0]!r} is loaded; loaded are {loaded}.")
    return places[places["kind"].isin(kinds)]


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
    from neighbourhoods.siting import site_hubs  # compiled: read only when it is wanted
    from neighbourhoods.siting_params import SitingParams
    from neighbourhoods.siting_problem import SitingProblem
    from neighbourhoods.siting_stability import near_optimal_share
    from neighbourhoods.siting_trade_off import trade_off

    places = candidates(study, params.kinds)
    for one in (*params.fixed, *params.closed):
        if one not in places.index:
            raise InputError(f"There is no place {one!r} among those that could house a hub.")
    if progress:
        progress(0, 4, "working out journeys")
    points = starting_points(study, _finest(study))
    footprints = None if params.option is None else _footprint_of(study, params.option, places)
    problem = SitingProblem(
        tuple(map(str, points.area_codes)),
        tuple(map(str, places.index)),
        _people(study, params.who, points),
        _mean_minutes(study, points, places, params, progress),
        None if params.objective == "set_cover" else params.n_hubs,
        fixed=params.fixed,
        closed=params.closed,
        footprint_by_candidate=footprints,
        footprint_ids=None if params.option is None else params.option.footprint_ids,
        **_costs(places, params.budget_gbp),
    )
    if progress:
        progress(1, 4, f"choosing among {len(places):,} places")
    settings = SitingParams(minutes_max=params.minutes, seed=params.seed)
    is_stopped = cancelled or (lambda: False)
    found = site_hubs(problem, params.objective, settings, is_stopped)
    if progress:
        progress(2, 4, "looking at other numbers of hubs")
    most = max(params.n_hubs, len(found.chosen), min(MOST_COMPARED, len(places)))
    mean = replace(problem, n_hubs=len(found.chosen))
    others = trade_off(mean, range(1, most + 1), settings, is_stopped)
    if progress:
        progress(3, 4, "seeing how firm the choice is")
    firm = near_optimal_share(mean, within=NEAR, seed=params.seed).shares
    return HubPlan(
        params,
        found.chosen,
        float(found.value),
        float(found.bound),
        float(found.gap),
        bool(found.is_proven),
        len(places),
        found.method,
        found.runtime_s,
        pd.DataFrame(
            {
                "n_hubs": [len(one.chosen) for one in others],
                "minutes": [float(one.value) for one in others],
                "bound": [float(one.bound) for one in others],
            }
        ),
        firm[["near_share", "draw_share"]].rename_axis("place_id"),
    )


def reach_of(study: Study, params: HubParams, chosen: tuple[str, ...], geography: str) -> Access:
    """How far everybody is from the nearest of some hubs, as the Access page would say it."""
    asked = AccessParams(params.kinds, geography, params.mode, params.km_h, limits_of(params.minutes))
    return access(study, asked, only=chosen)


def reach_change(study: Study, before: Access, after: Access) -> pd.DataFrame:
    """By area: area_name, people, people_who_gain, people_who_lose, minutes (mean change, less is nearer).

    Whose journey changes by less than `FELT_MINUTES` neither gains nor loses.
    """
    change = after.minutes - before.minutes
    points = before.points
    gained = points.by_area((change < -FELT_MINUTES).astype(float))
    lost = points.by_area((change > FELT_MINUTES).astype(float))
    frame = pd.DataFrame(
        {
            "gain": gained * points.population,
            "lose": lost * points.population,
            "minutes": points.by_area(change),
        },
        index=points.area_codes,
    )
    geography = before.params.geography
    into = pd.Series(frame.index, index=frame.index)
    if geography != points.geography:
        into = study.fit(points.geography, geography).assignment.reindex(frame.index)
    people = pd.Series(points.population, index=frame.index)
    total = people.groupby(into).sum()
    areas = study.areas(geography)
    found = pd.DataFrame(
        {
            "area_name": areas["area_name"],
            "people": total.reindex(areas.index),
            "people_who_gain": frame["gain"].groupby(into).sum().reindex(areas.index),
            "people_who_lose": frame["lose"].groupby(into).sum().reindex(areas.index),
            "minutes": ((frame["minutes"] * people).groupby(into).sum() / total).reindex(areas.index),
        }
    )
    return found.rename_axis("area_code")


def limits_of(minutes: float) -> tuple[float, ...]:
    """Limits for tables: 10, 15 and 20 minutes, and the one that is asked for."""
    return tuple(sorted({10.0, 15.0, 20.0, minutes}))


def _finest(study: Study) -> str:
    """The kind of area whose people are counted: wards, or what is smaller inside them."""
    known = [g for g in study.geographies if study.population(g).notna().all()]
    if not known:
        raise InputError("Residents are not known for any kind of area; import a population table.")
    return known[0]


def _people(study: Study, who: str, points: StartingPoints) -> np.ndarray:
    counts = group_counts(study, points.geography)
    if who not in counts:
        raise InputError(f"The number of people ({who}) is not known for every area; choose another group.")
    return counts[who].reindex(points.area_codes).to_numpy(dtype=float)


def _mean_minutes(
    study: Study,
    points: StartingPoints,
    places: gpd.GeoDataFrame,
    params: HubParams,
    progress: Callable[[int, int, str], None] | None = None,
) -> np.ndarray:
    """Minutes (n_areas, n_candidates), mean over the starting points of each area."""
    xy = np.column_stack([places.geometry.x, places.geometry.y])

    def told(n_done: int, n_all: int) -> None:
        if progress:
            progress(0, 4, f"working out journeys along streets: {n_done:,} of {n_all:,} places")

    minutes = minutes_to_places(study, points.xy, xy, params.mode, params.km_h, progress=told)
    return points.by_area(minutes).astype(np.float32)


def cost_columns(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """What each place costs in pounds, by place_id: running (a year), opening; NaN where nobody knows.

    Opening costs are those of candidates; whatever is open already opens for nothing.
    """
    nothing = pd.Series(np.nan, index=places.index)
    running = places.get("running_cost_gbp", nothing)
    opening = places.get("opening_cost_gbp", nothing)
    is_new = places["status"] == CANDIDATE
    return pd.DataFrame({"running": running, "opening": opening.fillna(0.0).where(is_new, 0.0)})


def _costs(places: gpd.GeoDataFrame, budget_gbp: float) -> dict[str, Any]:
    """Costs and budget as a problem takes them; nothing without a budget."""
    if not budget_gbp:
        return {}
    costs = cost_columns(places)
    unknown = costs.index[costs["running"].isna()]
    if len(unknown):
        named = ", ".join(str(name) for name in places.loc[unknown[:3], "name"])
        raise InputError(
            f"The running cost of {len(unknown)} of the places that could house a hub is not known ({named}"
            f"{', …' if len(unknown) > 3 else ''}). Give it in the register of venues, choose other kinds of "
            "place, or leave the budget out."
        )
    return {
        "running_cost_gbp": costs["running"].to_numpy(dtype=float),
        "opening_cost_gbp": costs["opening"].to_numpy(dtype=float),
        "existing": [str(one) for one in places.index[places["status"] != CANDIDATE]],
        "budget_gbp": budget_gbp,
    }


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
