"""A scenario: an option, its hubs and its bus in one frozen value, and the rule by which it is judged.

A bus that was worked out is kept whole, with its stops and hours, so that a scenario reads the same when the
run that found it is long forgotten. The mistake this prevents: two scenarios compared by different rules of
what is near.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from geodata.errors import InputError
from neighbourhoods.hub.params import HubParams
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.travel.straight_line import TRAVEL_MODES


@dataclass(frozen=True)
class ReachRule:
    """What counts as within reach, and whose need is counted.

    A point is within reach where a hub is at most `minutes` away, or less than `stop_minutes` away a stop
    that the bus visits at least once in every week.

    Parameters
    ----------
    service_id : str
        Key of `SERVICES`: whose need is counted.
    minutes, stop_minutes : float
        Longest journeys to a hub and to a stop.
    mode : str
        Key of `TRAVEL_MODES`.
    km_h : float
        Speed; 0 for the mode's own.
    """

    service_id: str = "everyone"
    minutes: float = 15.0
    stop_minutes: float = 10.0
    mode: str = "walk"
    km_h: float = 0.0

    def __post_init__(self) -> None:
        if self.service_id not in SERVICES:
            raise InputError(f"There is no service {self.service_id!r}; there are {', '.join(SERVICES)}.")
        if self.mode not in TRAVEL_MODES:
            raise InputError(f"There is no way to travel {self.mode!r}; there are {', '.join(TRAVEL_MODES)}.")
        if not 0 < self.minutes < float("inf") or not 0 < self.stop_minutes < float("inf"):
            raise InputError("Minutes to a hub and to a stop must be above nought.")
        if not 0 <= self.km_h < float("inf"):
            raise InputError("A speed is nought, for the mode's own, or more.")


@dataclass(frozen=True, eq=False)
class Scenario:
    """One scenario; empty `id` and `created` until it is saved.

    Parameters
    ----------
    id, name, author, created, rationale : str
    hub_ids : tuple of str
        Place ids of the hubs.
    rule : ReachRule
    hub_plan_id : str
        The saved plan for hubs that they come from; empty for places chosen by hand.
    option_id : str
        The saved option; empty for none.
    bus : OutreachParams, optional
        What is asked of the bus; None for no bus.
    bus_plan : OutreachPlan, optional
        Its stops and rounds once they were worked out.
    bus_run_id : str
        The run that found them; empty for none.
    bus_plan_id : str
        The saved plan of the bus that they come from, as it was edited by hand; empty for none.
    """

    id: str
    name: str
    author: str
    created: str
    rationale: str
    hub_ids: tuple[str, ...]
    rule: ReachRule
    hub_plan_id: str = ""
    option_id: str = ""
    bus: OutreachParams | None = None
    bus_plan: OutreachPlan | None = None
    bus_run_id: str = ""
    bus_plan_id: str = ""

    def __post_init__(self) -> None:
        if not self.hub_ids:
            raise InputError("A scenario needs at least one hub: choose a saved plan or places.")
        if len(set(self.hub_ids)) < len(self.hub_ids):
            raise InputError("A hub is named twice; name each once.")

    @property
    def is_unplanned(self) -> bool:
        """Whether it has a bus whose rounds nobody has worked out yet."""
        return self.bus is not None and self.bus_plan is None

    def with_hubs(self, *, close: tuple[str, ...] = (), add: tuple[str, ...] = ()) -> Scenario:
        """The same with some hubs closed and others opened; no saved plan says so any more.

        Raises
        ------
        InputError
            When one is closed that is no hub, or none is left.
        """
        absent = [one for one in close if one not in self.hub_ids]
        if absent:
            raise InputError(f"{absent[0]!r} is no hub of this scenario; close one that is.")
        left = tuple(one for one in self.hub_ids if one not in close)
        return replace(
            self,
            hub_ids=tuple(dict.fromkeys([*left, *add])),
            hub_plan_id="" if close or add else self.hub_plan_id,
        )

    def with_bus(self, plan: OutreachPlan | None, run_id: str = "", plan_id: str = "") -> Scenario:
        """The same with another bus, or with none; what is near a stop then follows that bus."""
        if plan is None:
            return replace(self, bus=None, bus_plan=None, bus_run_id="", bus_plan_id="")
        rule = replace(self.rule, stop_minutes=plan.params.stop_minutes)
        return replace(
            self, bus=plan.params, bus_plan=plan, bus_run_id=run_id, bus_plan_id=plan_id, rule=rule
        )

    def with_rounds(self, plan: OutreachPlan, run_id: str = "") -> Scenario:
        """A new one, not saved yet: rounds and the hubs that they were worked out for, by the same rule."""
        is_same = set(plan.params.hub_ids) == set(self.hub_ids)
        return replace(
            self.with_bus(plan, run_id),
            id="",
            name="",
            author="",
            created="",
            rationale="",
            hub_ids=plan.params.hub_ids,
            hub_plan_id=self.hub_plan_id if is_same else "",
        )


def rule_of_bus(params: OutreachParams) -> ReachRule:
    """The rule that a bus was planned by; of several services the first."""
    return ReachRule(
        params.sessions[0].service_id, params.far_minutes, params.stop_minutes, params.mode, params.km_h
    )


def rule_of_hubs(params: HubParams) -> ReachRule:
    """The rule that hubs were planned by, for all residents."""
    return ReachRule(minutes=params.minutes, mode=params.mode, km_h=params.km_h)


def new_scenario(
    hub_ids: tuple[str, ...],
    *,
    bus_plan: OutreachPlan | None = None,
    rule: ReachRule | None = None,
    name: str = "",
    option_id: str = "",
    hub_plan_id: str = "",
    bus_run_id: str = "",
    bus_plan_id: str = "",
) -> Scenario:
    """A scenario that is not saved yet.

    Parameters
    ----------
    rule : ReachRule, optional
        Where it is left out, that of the bus, else 15 minutes' walk for everyone.
    """
    params = None if bus_plan is None else bus_plan.params
    judged = rule or (ReachRule() if params is None else rule_of_bus(params))
    return Scenario(
        id="",
        name=name,
        author="",
        created="",
        rationale="",
        hub_ids=hub_ids,
        rule=judged,
        hub_plan_id=hub_plan_id,
        option_id=option_id,
        bus=params,
        bus_plan=bus_plan,
        bus_run_id=bus_run_id,
        bus_plan_id=bus_plan_id,
    )


def weekly_stops(plan: OutreachPlan) -> pd.DataFrame:
    """Rows of a plan's stops that are visited at least once in every week of its cycle, by stop_id."""
    weeks = plan.visits.groupby("stop_id")["week"].nunique()
    kept = weeks.index[weeks >= plan.params.n_weeks]
    return plan.stops[plan.stops.index.isin(kept)]
