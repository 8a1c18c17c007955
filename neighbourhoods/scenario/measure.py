"""A scenario by cost, coverage and equity; and two or three of them by the same rule, with who does best.

Every figure that rests on something unknown is NaN: a bus whose rounds were not worked out has no cost and
no reach, and is never counted as a bus that costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geodata.errors import InputError
from neighbourhoods.hub.library import WORST_SHARE
from neighbourhoods.outreach.case import CaseValues, business_case
from neighbourhoods.scenario.cost import HubCosts, hub_costs
from neighbourhoods.scenario.library import standing_hubs
from neighbourhoods.scenario.reach import ScenarioReach, scenario_reach
from neighbourhoods.scenario.scenario import ReachRule, Scenario, weekly_stops
from neighbourhoods.siting.measure import worst_mean
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import access_by_fifth, concentration_index

MOST_COMPARED = 3
NAN = float("nan")


@dataclass(frozen=True)
class ScenarioMeasure:
    """One line of the comparison.

    Parameters
    ----------
    id : str
        Field of `ScenarioFigures`.
    label, unit : str
        `unit` is "gbp", "share", "minutes", "count" or "index".
    group : str
        "Cost", "Coverage" or "Equity"; "" for what is only told.
    better : str
        "less", "more", "nought" (nearest to it) or "" where nobody wins.
    """

    id: str
    label: str
    unit: str
    group: str
    better: str


MEASURES: tuple[ScenarioMeasure, ...] = (
    ScenarioMeasure("n_hubs", "Hubs", "count", "", ""),
    ScenarioMeasure("n_stops", "Stops of the bus, visited every week", "count", "", ""),
    ScenarioMeasure("vehicle_hours", "Vehicle hours a week", "count", "", ""),
    ScenarioMeasure("cost_gbp", "Cost a year", "gbp", "Cost", "less"),
    ScenarioMeasure("hub_gbp", "of it hubs", "gbp", "", ""),
    ScenarioMeasure("bus_gbp", "of it the bus", "gbp", "", ""),
    ScenarioMeasure("gbp_per_person", "Cost for each person of need within reach", "gbp", "Cost", "less"),
    ScenarioMeasure("need_hub_share", "Need within reach of a hub", "share", "Coverage", "more"),
    ScenarioMeasure("need_share", "Need within reach of a hub or a stop", "share", "Coverage", "more"),
    ScenarioMeasure("people_share", "Residents within reach of a hub or a stop", "share", "Coverage", "more"),
    ScenarioMeasure("minutes_hubs", "Minutes to the nearest hub, mean", "minutes", "Coverage", "less"),
    ScenarioMeasure("minutes", "Minutes to the nearest hub or stop, mean", "minutes", "Coverage", "less"),
    ScenarioMeasure(
        "worst_fifth_minutes", "Minutes of the fifth who travel longest, mean", "minutes", "Equity", "less"
    ),
    ScenarioMeasure(
        "deprivation_gap",
        "Minutes of the most deprived fifth more (or fewer) than of the least",
        "minutes",
        "Equity",
        "nought",
    ),
    ScenarioMeasure("concentration_index", "Concentration index of minutes", "index", "Equity", "nought"),
)
CLEAR = {"gbp": 1.0, "share": 0.0005, "minutes": 0.05, "index": 0.0005, "count": 0.5}


@dataclass(frozen=True)
class ScenarioFigures:
    """One scenario by every measure; shares 0 to 1, minutes, pounds a year; NaN is not known.

    Parameters
    ----------
    n_hubs, n_gone : int
        Hubs in the register, and hubs that are not any more.
    n_assumed : int
        Hubs whose cost is an assumption.
    n_stops, vehicle_hours : float
        Stops visited every week; hours a week of all vehicles.
    hub_gbp, bus_gbp, cost_gbp : float
    gbp_per_person : float
        Cost for each person of need within reach of a hub or a stop.
    need, need_reached : float
        People of need in all, and within reach.
    need_hub_share, need_share, people_hub_share, people_share : float
    minutes_hubs, minutes : float
        Mean of residents, to the nearest hub and to the nearest of hubs and stops.
    worst_fifth_minutes, most_deprived_minutes, least_deprived_minutes, deprivation_gap : float
        To the nearest of hubs and stops; the gap is most deprived less least.
    concentration_index : float
    """

    n_hubs: int
    n_gone: int
    n_assumed: int
    n_stops: float
    vehicle_hours: float
    hub_gbp: float
    bus_gbp: float
    cost_gbp: float
    gbp_per_person: float
    need: float
    need_reached: float
    need_hub_share: float
    need_share: float
    people_hub_share: float
    people_share: float
    minutes_hubs: float
    minutes: float
    worst_fifth_minutes: float
    most_deprived_minutes: float
    least_deprived_minutes: float
    deprivation_gap: float
    concentration_index: float


def scenario_figures(
    study: Study,
    scenario: Scenario,
    *,
    hub_values: HubCosts,
    case_values: CaseValues,
    rule: ReachRule | None = None,
    reach: ScenarioReach | None = None,
) -> ScenarioFigures:
    """A scenario by every measure.

    Parameters
    ----------
    rule : ReachRule, optional
        By which it is judged; its own where it is left out.
    reach : ScenarioReach, optional
        Its journeys by that rule, where they are known already.

    Raises
    ------
    InputError
        As `scenario_reach`.
    """
    found = reach or scenario_reach(study, scenario, rule)
    hub_ids = standing_hubs(study, scenario)
    costs = hub_costs(study, hub_ids, hub_values)
    hub_gbp = float(costs["gbp_year"].sum(skipna=False))
    plan, unknown = scenario.bus_plan, scenario.is_unplanned
    bus_gbp, hours, n_stops = 0.0, 0.0, 0.0
    if plan is not None:
        bus_gbp = business_case(plan, case_values).cost_gbp
        minutes = float((plan.rounds["return_minute"] - plan.rounds["leave_minute"]).sum())
        hours, n_stops = minutes / 60 / plan.params.n_weeks, float(len(weekly_stops(plan)))
    if unknown:
        bus_gbp = hours = n_stops = NAN
    need = float(found.need.sum())
    reached = NAN if unknown else float(found.need[found.is_reached].sum())
    cost = hub_gbp + bus_gbp
    most, least = _ends(study, found)
    index = concentration_index(study, found.either)
    lived = found.people > 0
    worst = worst_mean(found.either.minutes[lived], found.people[lived], WORST_SHARE)
    return ScenarioFigures(
        n_hubs=len(hub_ids),
        n_gone=len(scenario.hub_ids) - len(hub_ids),
        n_assumed=int(costs["is_assumed"].sum()),
        n_stops=n_stops,
        vehicle_hours=hours,
        hub_gbp=hub_gbp,
        bus_gbp=bus_gbp,
        cost_gbp=cost,
        gbp_per_person=cost / reached if reached > 0 else NAN,
        need=need,
        need_reached=reached,
        need_hub_share=_share(found.need, found.is_near_hub),
        need_share=NAN if unknown else _share(found.need, found.is_reached),
        people_hub_share=_share(found.people, found.is_near_hub),
        people_share=NAN if unknown else _share(found.people, found.is_reached),
        minutes_hubs=float(found.hubs.whole["minutes"]),
        minutes=NAN if unknown else float(found.either.whole["minutes"]),
        worst_fifth_minutes=NAN if unknown else worst,
        most_deprived_minutes=NAN if unknown else most,
        least_deprived_minutes=NAN if unknown else least,
        deprivation_gap=NAN if unknown else most - least,
        concentration_index=NAN if unknown else index,
    )


@dataclass(frozen=True, eq=False)
class ScenarioComparison:
    """Scenarios side by side, all judged by one rule.

    Parameters
    ----------
    rule : ReachRule
        That of the first.
    names : tuple of str
    figures : tuple of ScenarioFigures
    contest : DataFrame
        By measure id: label, unit, group, one column by place of each scenario ("0", "1", …), winner (place
        of the best; -1 where none is clearly better, one is not known, or nobody can win).
    """

    rule: ReachRule
    names: tuple[str, ...]
    figures: tuple[ScenarioFigures, ...]
    contest: pd.DataFrame


def compare_scenarios(
    study: Study,
    scenarios: Sequence[Scenario],
    *,
    hub_values: HubCosts,
    case_values: CaseValues,
    reach_of: Callable[[Scenario, ReachRule], ScenarioReach] | None = None,
) -> ScenarioComparison:
    """Two or three scenarios by the rule of the first.

    Parameters
    ----------
    reach_of : callable, optional
        Journeys of a scenario by a rule, where they are kept already.

    Raises
    ------
    InputError
        For fewer than two or more than three, or as `scenario_reach`.
    """
    if not 2 <= len(scenarios) <= MOST_COMPARED:
        raise InputError(f"Choose two or {MOST_COMPARED} scenarios to compare, not {len(scenarios)}.")
    rule = scenarios[0].rule
    figures = tuple(
        scenario_figures(
            study,
            one,
            hub_values=hub_values,
            case_values=case_values,
            rule=rule,
            reach=None if reach_of is None else reach_of(one, rule),
        )
        for one in scenarios
    )
    rows = {}
    for one in MEASURES:
        values = [float(getattr(each, one.id)) for each in figures]
        told = {str(place): value for place, value in enumerate(values)}
        rows[one.id] = {"label": one.label, "unit": one.unit, "group": one.group, **told}
        rows[one.id]["winner"] = winner(values, one)
    contest = pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure_id")
    return ScenarioComparison(rule, tuple(one.name for one in scenarios), figures, contest)


def winner(values: Sequence[float], measure: ScenarioMeasure) -> int:
    """Place of the best value; -1 where one is not known, or the best two do not differ to speak of."""
    if not measure.better or not np.isfinite(values).all():
        return -1
    sign = {"less": 1.0, "more": -1.0, "nought": 1.0}[measure.better]
    marks = [sign * (abs(one) if measure.better == "nought" else one) for one in values]
    order = np.argsort(marks, kind="stable")
    is_clear = marks[order[1]] - marks[order[0]] >= CLEAR[measure.unit]
    return int(order[0]) if is_clear else -1


def _share(weight: np.ndarray, chosen: np.ndarray) -> float:
    whole = float(weight.sum())
    return float(weight[chosen].sum()) / whole if whole > 0 else NAN


def _ends(study: Study, found: ScenarioReach) -> tuple[float, float]:
    """Mean minutes of the most and of the least deprived fifth."""
    fifths = access_by_fifth(study, found.either)
    if fifths is None:
        return NAN, NAN
    return float(fifths["minutes"].iloc[0]), float(fifths["minutes"].iloc[-1])
