"""When a vehicle is refuelled between the rounds of its day, for plans by hand as the search counts it.

Kilometres add up over the rounds of a day; before a round that would go beyond the range with those since the
depot's pump, the vehicle is refuelled, and that takes its minutes of the driver's shift. The mistake this
prevents: an evening round that is driven on what the day has used up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan

SLACK = 1e-9


@dataclass(frozen=True)
class Refuelling:
    """One that is due at the depot.

    Parameters
    ----------
    week, day, vehicle : int
    back_minute, leave_minute : float
        When the round before ends, and the next begins.
    km : float
        Of the rounds since the last one, the next among them.
    """

    week: int
    day: int
    vehicle: int
    back_minute: float
    leave_minute: float
    km: float

    @property
    def minutes(self) -> float:
        """That there are for it."""
        return max(self.leave_minute - self.back_minute, 0.0)


def is_refuelled(params: OutreachParams, since_km: float, km: float) -> bool:
    """Whether a vehicle that has driven `since_km` is refuelled before a round of `km`."""
    return since_km > 0 and since_km + km > params.range_km + SLACK


def refuellings(plan: OutreachPlan) -> Iterator[Refuelling]:
    """Every one that is due, in the order of the plan's rounds."""
    since: dict[tuple[int, int, int], float] = {}
    before: dict[tuple[int, int, int], dict[Any, Any]] = {}
    for row in plan.rounds.to_dict("records"):
        driver = (int(row["week"]), int(row["day"]), int(row["vehicle"]))
        driven, km = since.get(driver, 0.0), float(row["drive_km"])
        if is_refuelled(plan.params, driven, km):
            back = float(before[driver]["return_minute"])
            yield Refuelling(*driver, back, float(row["leave_minute"]), driven + km)
            driven = 0.0
        since[driver], before[driver] = driven + km, row
