"""What is asked of the joint search, and what comes of it: plain values that runs keep and pages show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from geodata.errors import InputError
from neighbourhoods.outreach.case import ASSUMPTIONS, CaseValues
from neighbourhoods.outreach.plan import DAY_NAMES, OutreachParams, OutreachPlan, Session
from neighbourhoods.scenario.cost import HUB_ASSUMPTIONS, HubCosts
from neighbourhoods.scenario.scenario import ReachRule

WEEKDAYS = (0, 1, 2, 3, 4)
PROVEN_GAP = 0.0005


@dataclass(frozen=True)
class MixParams:
    """What is asked.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of place that could house a hub.
    stop_kinds : tuple of str
        Kinds of place at which the bus may stand.
    depot_id : str
    rule : ReachRule
        What is within reach, and whose need is counted.
    share : float
        Of need, that is to be within reach (0 to 1).
    fixed, closed : tuple of str
        Place ids that must, or may not, be a hub.
    n_hubs_max, n_vehicles_max : int
        Every number of hubs from 1 (or the fixed ones) and of vehicles from 0 is tried up to these.
    shifts : tuple of int
        Minutes that a driver may be out in a day; each is tried, rising.
    days : tuple of int
        0 for Monday; the bus goes every week.
    start_minute, end_minute, dwell_minutes : int
        Days and hours hold where no bus is given to begin with.
    drive_km_h : float
        Where no street network is loaded.
    hub_costs : HubCosts
    case : CaseValues
    seed : int
    bound_seconds : float
        Longest that the bound for one number of hubs may take.
    bus : OutreachParams, optional
        What is asked of the bus of a scenario: its sessions, what is forbidden to it, hours and qualities of
        stops, points of its own, range and breaks hold for the bus of every mix. Its hubs, numbers, weeks,
        held visits and areas that may not be left out do not.
    """

    kinds: tuple[str, ...]
    stop_kinds: tuple[str, ...]
    depot_id: str
    rule: ReachRule = field(default_factory=ReachRule)
    share: float = 0.95
    fixed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    n_hubs_max: int = 8
    n_vehicles_max: int = 1
    shifts: tuple[int, ...] = (240, 420)
    days: tuple[int, ...] = WEEKDAYS
    start_minute: int = 540
    end_minute: int = 1_020
    dwell_minutes: int = 60
    drive_km_h: float = 25.0
    hub_costs: HubCosts = field(default_factory=HubCosts)
    case: CaseValues = field(default_factory=CaseValues)
    seed: int = 0
    bound_seconds: float = 20.0
    bus: OutreachParams | None = None

    def __post_init__(self) -> None:
        if not self.kinds or not self.stop_kinds:
            raise InputError(
                "Choose at least one kind of place for hubs, and one at which the bus may stand."
            )
        if not 0 < self.share <= 1:
            raise InputError("The share of need that is to be within reach lies above 0 and is at most 1.")
        if self.n_hubs_max < max(1, len(self.fixed)):
            raise InputError(
                f"Ask for at least {max(1, len(self.fixed))} hubs: one, and all that must be hubs."
            )
        if self.n_vehicles_max < 0 or not self.shifts or list(self.shifts) != sorted(set(self.shifts)):
            raise InputError("Vehicles are none or more; hours of a shift are given rising, each once.")
        if set(self.fixed) & set(self.closed):
            raise InputError(
                "A place cannot both have to be a hub and not be one; take it out of one of the two."
            )
        unknown = [
            record.label
            for values, records in ((self.hub_costs, HUB_ASSUMPTIONS), (self.case, ASSUMPTIONS))
            for name, record in records.items()
            if np.isnan(getattr(values, name)) and name not in ("uptake_share", "contacts_per_person")
        ]
        if unknown:
            raise InputError(f"The cheapest mix rests on every cost: fill in {unknown[0].lower()!r}.")
        bus_params(
            self, ("any",), max(self.n_vehicles_max, 1), self.shifts[-1]
        )  # what contradicts itself is said


def bus_params(params: MixParams, hub_ids: tuple[str, ...], n_vehicles: int, shift: int) -> OutreachParams:
    """What is asked of the bus beside some hubs."""
    ground = params.bus or OutreachParams(
        hub_ids=hub_ids,
        sessions=(
            Session("bus", params.rule.service_id, params.days, params.start_minute, params.end_minute),
        ),
        stop_kinds=params.stop_kinds,
        depot_id=params.depot_id,
    )
    return replace(
        ground,
        hub_ids=hub_ids,
        stop_kinds=params.stop_kinds,
        depot_id=params.depot_id,
        far_minutes=params.rule.minutes,
        mode=params.rule.mode,
        km_h=params.rule.km_h,
        stop_minutes=params.rule.stop_minutes,
        n_vehicles=n_vehicles,
        n_weeks=1,
        shift_minutes=shift,
        drive_km_h=params.drive_km_h,
        dwell_minutes=params.dwell_minutes,
        must_serve_need=float("inf"),
        fixed=(),
        seed=params.seed,
    )


def week_minutes(params: MixParams) -> float:
    """The most minutes a week that one vehicle can be out: its longest shift, or the sessions of each day."""
    asked = bus_params(params, ("any",), 1, params.shifts[-1])
    by_day = [sum(one.minutes for one in asked.sessions if day in one.days) for day in range(len(DAY_NAMES))]
    return float(sum(min(asked.shift_minutes, minutes) for minutes in by_day))


@dataclass(frozen=True)
class Mix:
    """One mix of hubs and bus.

    Parameters
    ----------
    hub_ids : tuple of str
    n_vehicles, shift_minutes : int
        0 for no bus.
    n_stops : int
    vehicle_hours : float
        A week.
    share : float
        Of need that is within reach.
    hub_gbp, bus_gbp : float
        A year.
    """

    hub_ids: tuple[str, ...]
    n_vehicles: int
    shift_minutes: int
    n_stops: int
    vehicle_hours: float
    share: float
    hub_gbp: float
    bus_gbp: float

    @property
    def cost_gbp(self) -> float:
        """Pounds a year."""
        return self.hub_gbp + self.bus_gbp


@dataclass(frozen=True, eq=False)
class ScenarioMix:
    """What the joint search found.

    Parameters
    ----------
    params : MixParams
    mixes : tuple of Mix
        Every mix that was looked at, in the order of cost.
    best : int
        Place of the cheapest that brings the share within reach; -1 where none does.
    plan : OutreachPlan, optional
        The bus of the best; None where it has none.
    bound_gbp : float
        No mix of these numbers of hubs and vehicles, places and stops that brings the share within reach
        costs less; infinite where it is proven that there is none.
    bound_by_n : tuple of float
        The same for each number of hubs alone, from the least.
    most_share : float
        Of need that all candidates and all stops together would reach.
    n_candidates, n_stops : int
    is_whole : bool
        Whether nothing was left out because it was cancelled.
    method : str
    runtime_s : float
    """

    params: MixParams
    mixes: tuple[Mix, ...]
    best: int
    plan: OutreachPlan | None
    bound_gbp: float
    bound_by_n: tuple[float, ...]
    most_share: float
    n_candidates: int
    n_stops: int
    is_whole: bool
    method: str
    runtime_s: float

    @property
    def cheapest(self) -> Mix | None:
        """The cheapest mix that brings the share within reach; None where none does."""
        return None if self.best < 0 else self.mixes[self.best]

    @property
    def gap(self) -> float:
        """How far the bound is below the cheapest found, as a share of its cost; NaN without one."""
        found = self.cheapest
        if found is None or not found.cost_gbp > 0 or not np.isfinite(self.bound_gbp):
            return float("nan")
        return max(0.0, 1.0 - self.bound_gbp / found.cost_gbp)

    @property
    def front(self) -> tuple[int, ...]:
        """Places of the mixes that no cheaper one reaches as many as, cheapest first."""
        kept: list[int] = []
        most = -1.0
        for place, one in enumerate(self.mixes):  # in the order of cost
            if one.share > most + 1e-12:
                kept.append(place)
                most = one.share
        return tuple(kept)
