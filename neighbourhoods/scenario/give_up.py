"""What a stop or an hour less of the bus does to people, and which hub would bring them back.

The mistake this prevents: a stop that is given up for its few visitors, whose people have no other way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.scenario.reach import ScenarioReach, scenario_reach
from neighbourhoods.scenario.scenario import Scenario, weekly_stops
from neighbourhoods.study.study import Study
from neighbourhoods.travel.matrix import minutes_to_places


@dataclass(frozen=True, eq=False)
class BusChange:
    """What giving up visits of the bus does.

    Parameters
    ----------
    plan : OutreachPlan
        With those visits left out; the rounds keep their other hours, only the sums of visits are fewer.
    stop_ids : tuple of str
        Stops that the bus calls at no more, or not in every week.
    minutes_freed : float
        At the stops in one cycle; driving that is saved too is not counted.
    need_lost, people_lost : float
        Within reach before, and of nothing now.
    candidates : DataFrame
        By place_id: name, kind, need_back, share_back (of the need lost); places that would bring some back
        as hubs, most first.
    """

    plan: OutreachPlan
    stop_ids: tuple[str, ...]
    minutes_freed: float
    need_lost: float
    people_lost: float
    candidates: pd.DataFrame


def give_up_stop(study: Study, scenario: Scenario, stop_id: str, kinds: tuple[str, ...]) -> BusChange:
    """The bus without one of its stops.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of place that could be a hub instead.

    Raises
    ------
    InputError
        When the scenario has no such stop.
    """
    plan = _require_plan(scenario)
    if stop_id not in set(plan.visits["stop_id"]):
        raise InputError(f"The bus does not call at {stop_id!r}; choose one of its stops.")
    return _without(study, scenario, plan.visits["stop_id"] != stop_id, kinds)


def give_up_hours(study: Study, scenario: Scenario, hours: float, kinds: tuple[str, ...]) -> BusChange:
    """The bus without the visits that serve fewest, until at least so many hours at stops are free.

    Raises
    ------
    InputError
        When the hours are not above nought, or more than the bus has.
    """
    plan = _require_plan(scenario)
    minutes = plan.visits["depart_minute"] - plan.visits["arrive_minute"]
    if not 0 < hours * 60 <= float(minutes.sum()):
        raise InputError(
            f"The bus is at its stops for {minutes.sum() / 60:,.1f} hours in all; give up more than none and "
            "no more than these."
        )
    order = plan.visits["people"].sort_values(kind="stable").index
    before = minutes.loc[order].cumsum() - minutes.loc[order]
    dropped = order[(before < hours * 60).to_numpy()]
    return _without(study, scenario, ~plan.visits.index.isin(dropped), kinds)


def _require_plan(scenario: Scenario) -> OutreachPlan:
    if scenario.bus_plan is None:
        raise InputError(
            "This scenario has no bus whose rounds were worked out; there is nothing to give up."
        )
    return scenario.bus_plan


def _without(
    study: Study, scenario: Scenario, is_kept: pd.Series | NDArray[np.bool_], kinds: tuple[str, ...]
) -> BusChange:
    plan = _require_plan(scenario)
    dropped = plan.visits[~np.asarray(is_kept)]
    left = replace(plan, visits=plan.visits[np.asarray(is_kept)].reset_index(drop=True))
    old = scenario_reach(study, scenario)
    new = scenario_reach(study, replace(scenario, bus_plan=left))
    lost = old.is_reached & ~new.is_reached
    gone = weekly_stops(plan).index.difference(weekly_stops(left).index)
    return BusChange(
        left,
        tuple(map(str, gone)),
        float((dropped["depart_minute"] - dropped["arrive_minute"]).sum()),
        float(old.need[lost].sum()),
        float(old.people[lost].sum()),
        _candidates(study, scenario, old, lost, kinds),
    )


def _candidates(
    study: Study, scenario: Scenario, reach: ScenarioReach, lost: NDArray[np.bool_], kinds: tuple[str, ...]
) -> pd.DataFrame:
    """Places that would bring back need that is lost, most first."""
    places = study.places()
    free = places[places["kind"].isin(kinds) & ~places.index.isin(scenario.hub_ids)]
    need = reach.need[lost]
    back = np.zeros(len(free))
    if len(free) and need.sum() > 0:
        xy = np.column_stack([free.geometry.x, free.geometry.y])
        rule = reach.rule
        minutes = minutes_to_places(study, reach.hubs.points.xy[lost], xy, rule.mode, rule.km_h)
        back = need @ (minutes <= rule.minutes)
    frame = pd.DataFrame(
        {
            "name": free["name"].astype(str),
            "kind": free["kind"].astype(str),
            "need_back": back,
            "share_back": back / need.sum() if need.sum() > 0 else 0.0,
        },
        index=free.index,
    ).rename_axis("place_id")
    return frame[frame["need_back"] > 0].sort_values("need_back", ascending=False, kind="stable")
