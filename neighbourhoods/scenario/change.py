"""What a change of hubs does to the bus.

The rounds stay as they are and are judged anew, so that the answer is there at once; working out better
rounds for the changed hubs is a search of its own. The mistake this prevents: a hub closed for its rent,
whose people the bus was never planned to carry.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.outreach.need import OutreachNeed, outreach_need
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.stop import decay
from neighbourhoods.outreach.timetable_week import stop_order
from neighbourhoods.scenario.reach import ScenarioReach, scenario_reach
from neighbourhoods.scenario.scenario import Scenario
from neighbourhoods.study.study import Study
from neighbourhoods.travel.matrix import minutes_to_places

Floats = NDArray[np.float64]
NOBODY = 0.5  # people of need that are told as none


@dataclass(frozen=True, eq=False)
class RoundsWorth:
    """What given rounds serve for given hubs.

    Parameters
    ----------
    need, served : float
        People of need who are far from every hub, and those of them whom first visits serve; over sessions.
    value : float
        The same with second visits at their lower worth; as `OutreachPlan.value`.
    by_stop : Series
        By stop_id: need far from hubs near the stop, whoever else is near counted too.
    """

    need: float
    served: float
    value: float
    by_stop: pd.Series


def worth_of_rounds(study: Study, plan: OutreachPlan, hub_ids: tuple[str, ...]) -> RoundsWorth:
    """A plan's rounds as they are, judged for other hubs.

    Raises
    ------
    InputError
        When a hub is not in the register.
    """
    params = replace(plan.params, hub_ids=hub_ids)
    need = outreach_need(study, params)
    ids = stop_order(plan)
    whole = float(need.need.sum())
    if not ids or not len(need.xy):
        return RoundsWorth(whole, 0.0, 0.0, pd.Series(0.0, index=pd.Index(ids, name="stop_id")))
    share = _shares(study, plan, need, ids)
    served, value = 0.0, 0.0
    for k, session in enumerate(params.sessions):
        gain = share * need.need[:, k][:, None]
        visits = plan.visits.loc[plan.visits["session_id"] == session.id, "stop_id"].astype(str)
        times = visits.value_counts().reindex(ids, fill_value=0).to_numpy()
        for layer in range(int(times.max(initial=0))):
            best = float(gain[:, times > layer].max(axis=1).sum())
            value += params.repeat_worth**layer * best
            served += best if layer == 0 else 0.0
    by_stop = (share * need.need.sum(axis=1)[:, None]).sum(axis=0)
    return RoundsWorth(whole, served, value, pd.Series(by_stop, index=pd.Index(ids, name="stop_id")))


def _shares(study: Study, plan: OutreachPlan, need: OutreachNeed, ids: list[str]) -> Floats:
    """Share of the need at each point that each stop serves (n_points, n_stops)."""
    params = plan.params
    xy = plan.stops.loc[ids, ["x", "y"]].to_numpy(dtype=float)
    minutes = minutes_to_places(study, need.xy, xy, params.mode, params.km_h)
    return decay(np.where(np.isfinite(minutes), minutes, np.inf), params.stop_minutes)


@dataclass(frozen=True, eq=False)
class HubChange:
    """What closing and opening hubs does.

    Parameters
    ----------
    before, after : Scenario
    need_newly_far, need_newly_near : float
        People of need who come to be further than the rule's minutes from every hub, or nearer.
    people_newly_far, people_newly_near : float
        Residents, the same.
    need_left : float
        Of those newly far, who are not within reach of a stop either.
    by_area : DataFrame
        By area_code of the starting points' areas: need_newly_far, need_newly_near; areas with either.
    rounds_before, rounds_after : RoundsWorth, optional
        What the same rounds serve; None without a bus that was worked out.
    stops : DataFrame
        By stop_id: name, before, after (need far from hubs near the stop), change; most lost first.
    """

    before: Scenario
    after: Scenario
    need_newly_far: float
    need_newly_near: float
    people_newly_far: float
    people_newly_near: float
    need_left: float
    by_area: pd.DataFrame
    rounds_before: RoundsWorth | None
    rounds_after: RoundsWorth | None
    stops: pd.DataFrame

    @property
    def stops_not_needed(self) -> tuple[str, ...]:
        """Stops near which somebody of need was far from every hub, and nobody is now."""
        idle = (self.stops["before"] >= NOBODY) & (self.stops["after"] < NOBODY)
        return tuple(map(str, self.stops.index[idle]))


def change_hubs(
    study: Study, scenario: Scenario, *, close: tuple[str, ...] = (), add: tuple[str, ...] = ()
) -> HubChange:
    """A scenario with some hubs closed and others opened, its rounds as they are.

    Raises
    ------
    InputError
        When one is closed that is no hub, none is left, or one that is opened is not in the register.
    """
    unknown = [one for one in add if one not in study.places().index]
    if unknown:
        raise InputError(f"There is no place {unknown[0]!r} in the register; open one that is.")
    after = scenario.with_hubs(close=close, add=add)
    old, new = scenario_reach(study, scenario), scenario_reach(study, after)
    far = old.is_near_hub & ~new.is_near_hub
    near = ~old.is_near_hub & new.is_near_hub
    rounds_before = rounds_after = None
    stops = pd.DataFrame(columns=["name", "before", "after", "change"]).rename_axis("stop_id")
    plan = scenario.bus_plan
    if plan is not None:
        standing = set(study.places().index)
        ids_before, ids_after = (tuple(h for h in one.hub_ids if h in standing) for one in (scenario, after))
        rounds_before = worth_of_rounds(study, plan, ids_before)
        rounds_after = worth_of_rounds(study, plan, ids_after)
        stops = pd.DataFrame(
            {
                "name": plan.stops["name"].reindex(rounds_before.by_stop.index),
                "before": rounds_before.by_stop,
                "after": rounds_after.by_stop,
                "change": rounds_after.by_stop - rounds_before.by_stop,
            }
        ).sort_values("change", kind="stable")
    return HubChange(
        scenario,
        after,
        float(old.need[far].sum()),
        float(old.need[near].sum()),
        float(old.people[far].sum()),
        float(old.people[near].sum()),
        float(old.need[far & ~new.is_reached].sum()),
        _by_area(old, far, near),
        rounds_before,
        rounds_after,
        stops,
    )


def _by_area(reach: ScenarioReach, far: NDArray[np.bool_], near: NDArray[np.bool_]) -> pd.DataFrame:
    points = reach.hubs.points
    n = len(points.area_codes)
    frame = pd.DataFrame(
        {
            "need_newly_far": np.bincount(points.row[far], reach.need[far], n),
            "need_newly_near": np.bincount(points.row[near], reach.need[near], n),
        },
        index=pd.Index(points.area_codes, name="area_code"),
    )
    touched = frame[(frame > 0).any(axis=1)]
    return touched.sort_values("need_newly_far", ascending=False, kind="stable")
