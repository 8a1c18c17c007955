"""Scenarios as plain values for scripts, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from neighbourhoods.outreach.report import outreach_json
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.scenario.change import HubChange
from neighbourhoods.scenario.library import bus_source, gone_words
from neighbourhoods.scenario.measure import ScenarioComparison, ScenarioFigures
from neighbourhoods.scenario.mix_limit import kept_lines, left_out_lines
from neighbourhoods.scenario.mix_params import Mix, ScenarioMix
from neighbourhoods.scenario.scenario import ReachRule, Scenario
from neighbourhoods.study.study import Study
from neighbourhoods.travel.straight_line import TRAVEL_MODES

MOST_NAMED = 5


def rule_words(rule: ReachRule) -> str:
    """What counts as within reach, in a sentence."""
    journey = TRAVEL_MODES[rule.mode].journey
    return (
        f"Within reach: at most {rule.minutes:g} minutes' {journey} to a hub, or less than "
        f"{rule.stop_minutes:g} to a stop that the bus visits every week. Need: "
        f"{SERVICES[rule.service_id].label.lower()} ({SERVICES[rule.service_id].why[:-1].lower()})."
    )


def scenario_json(study: Study, scenario: Scenario) -> dict[str, object]:
    """A scenario: id, name, author, created, rationale, option_id, hub_plan_id, hubs, rule, bus, gone."""
    names = study.places()["name"]
    bus: dict[str, object] | None = None
    if scenario.bus is not None:
        plan = scenario.bus_plan
        bus = {
            "run_id": scenario.bus_run_id or None,
            "plan_id": scenario.bus_plan_id or None,
            "n_vehicles": scenario.bus.n_vehicles,
            "plan": None if plan is None else outreach_json(plan),
        }
    return {
        "id": scenario.id,
        "name": scenario.name,
        "author": scenario.author,
        "created": scenario.created,
        "rationale": scenario.rationale,
        "option_id": scenario.option_id or None,
        "hub_plan_id": scenario.hub_plan_id or None,
        "hubs": [{"place_id": one, "name": names.get(one)} for one in scenario.hub_ids],
        "rule": asdict(scenario.rule),
        "bus": bus,
        "gone": list(gone_words(study, scenario)),
    }


def figures_json(figures: ScenarioFigures) -> dict[str, object]:
    """The fields of `ScenarioFigures`; what is not known is null."""
    return asdict(figures)


def scenarios_words(study: Study, scenarios: Sequence[Scenario]) -> str:
    """Saved scenarios, one on a line."""
    lines = []
    for one in scenarios:
        bus = "no bus" if one.bus is None else "a bus" if one.bus_plan is not None else "a bus without rounds"
        source = bus_source(study, one)
        bus += "" if source is None else f" by the plan {source.name!r}"
        who = f", {one.author}" if one.author else ""
        lines.append(
            f"{one.id}  {one.created[:10]}  {one.name}: {len(one.hub_ids)} hubs and {bus}{who}"
            + "".join(f"\n  {said}" for said in gone_words(study, one))
        )
    return "\n".join(lines) or "No scenario is saved yet."


def figures_words(scenario: Scenario, figures: ScenarioFigures) -> str:
    """What a scenario costs and reaches, in two sentences."""
    cost = "an unknown sum" if np.isnan(figures.cost_gbp) else f"about £{figures.cost_gbp:,.0f}"
    reached = "unknown" if np.isnan(figures.need_share) else f"{figures.need_share:.1%}"
    assumed = f" The cost of {figures.n_assumed} hubs is an assumption." if figures.n_assumed else ""
    return (
        f"{scenario.name or 'The scenario'}: {figures.n_hubs} hubs and "
        f"{'no bus' if scenario.bus is None else 'a bus'} cost {cost} a year. Need within reach: "
        f"{figures.need_hub_share:.1%} of a hub, {reached} of a hub or a stop.{assumed} "
        f"{rule_words(scenario.rule)}"
    )


def comparison_json(found: ScenarioComparison) -> dict[str, object]:
    """Scenarios side by side: rule, scenarios (name and figures), contest (measure_id, …, values, winner)."""
    contest = [
        {
            "measure_id": key,
            "label": row["label"],
            "unit": row["unit"],
            "group": row["group"],
            "values": [row[str(place)] for place in range(len(found.names))],
            "winner": found.names[int(row["winner"])] if int(row["winner"]) >= 0 else None,
        }
        for key, row in found.contest.iterrows()
    ]
    scenarios = [
        {"name": name, **figures_json(one)} for name, one in zip(found.names, found.figures, strict=True)
    ]
    return {"rule": asdict(found.rule), "scenarios": scenarios, "contest": contest}


def comparison_words(found: ScenarioComparison) -> str:
    """The same as a table in words, with who does best."""
    table = pd.DataFrame({"": found.contest["label"]})
    for place, name in enumerate(found.names):
        table[name] = [
            value_words(float(value), str(unit))
            for value, unit in zip(found.contest[str(place)], found.contest["unit"], strict=True)
        ]
    table["best"] = [found.names[int(w)] if int(w) >= 0 else "" for w in found.contest["winner"]]
    return f"{rule_words(found.rule)}\n{table.to_string(index=False)}"


def value_words(value: float, unit: str) -> str:
    """A value of a measure as it is read; "not known" for NaN."""
    if np.isnan(value):
        return "not known"
    if unit == "gbp":
        return f"£{value:,.0f}"
    if unit == "share":
        return f"{100 * value:.1f}%"
    return f"{value:,.1f}" if unit == "minutes" else f"{value:,.3f}" if unit == "index" else f"{value:,.0f}"


def change_json(found: HubChange) -> dict[str, object]:
    """What a change of hubs does: sums, stops, and what the rounds serve before and after."""
    rounds = {}
    for name in ("before", "after"):
        worth = getattr(found, f"rounds_{name}")
        rounds[name] = (
            None if worth is None else {"need": worth.need, "served": worth.served, "value": worth.value}
        )
    return {
        "need_newly_far": found.need_newly_far,
        "need_newly_near": found.need_newly_near,
        "people_newly_far": found.people_newly_far,
        "people_newly_near": found.people_newly_near,
        "need_left": found.need_left,
        "rounds": rounds,
        "stops": found.stops.reset_index().to_dict("records"),
        "stops_not_needed": list(found.stops_not_needed),
    }


def change_words(found: HubChange) -> str:
    """The same in words."""
    said = [
        f"About {found.need_newly_far:,.0f} people of need come to be far from every hub, and "
        f"{found.need_newly_near:,.0f} near one."
    ]
    before, after = found.rounds_before, found.rounds_after
    if before is not None and after is not None:
        said.append(
            f"On the same rounds the bus serves about {after.served:,.0f} people of need who are far from "
            f"hubs, where it served {before.served:,.0f}; {found.need_left:,.0f} of those newly far have no "
            "stop near."
        )
        idle = [str(found.stops["name"][one]) for one in found.stops_not_needed]
        if idle:
            named = ", ".join(idle[:MOST_NAMED]) + (", …" if len(idle) > MOST_NAMED else "")
            said.append(
                f"{len(idle)} of its stops {'is' if len(idle) == 1 else 'are'} no longer needed, for nobody "
                f"near is far from every hub: {named}."
            )
    return " ".join(said)


def mix_json(found: ScenarioMix) -> dict[str, object]:
    """A joint search with its proof.

    Keys
    ----
    params, kept and left_out (sentences on what the search keeps of the bus it begins with, and what it does
    not), best, bound_gbp, gap, bound_by_n, most_share, n_candidates, n_stops, is_whole, method, runtime_s,
    mixes (n_hubs, hub_ids, n_vehicles, shift_minutes, n_stops, vehicle_hours, share, hub_gbp, bus_gbp,
    cost_gbp, is_on_front), plan (the bus of the best, as of `outreach`).
    """
    front = set(found.front)
    rows = [
        {**asdict(one), "n_hubs": len(one.hub_ids), "cost_gbp": one.cost_gbp, "is_on_front": place in front}
        for place, one in enumerate(found.mixes)
    ]
    asked = asdict(found.params)
    for name in ("must_serve_need", "range_km"):
        if asked["bus"] is not None and not np.isfinite(asked["bus"][name]):
            asked["bus"][name] = None
    return {
        "params": asked,
        "kept": list(kept_lines(found.params)),
        "left_out": list(left_out_lines(found.params)),
        "best": None if found.best < 0 else rows[found.best],
        "bound_gbp": found.bound_gbp,
        "gap": found.gap,
        "bound_by_n": list(found.bound_by_n),
        "most_share": found.most_share,
        "n_candidates": found.n_candidates,
        "n_stops": found.n_stops,
        "is_whole": found.is_whole,
        "method": found.method,
        "runtime_s": found.runtime_s,
        "mixes": rows,
        "plan": None if found.plan is None else outreach_json(found.plan),
    }


def mix_words(found: ScenarioMix) -> str:
    """The finding of a joint search, how sure it is, and the mixes that none cheaper reaches as many as."""
    lines = [mix_finding(found), mix_proof(found), rule_words(found.params.rule)]
    lines += [*kept_lines(found.params), *left_out_lines(found.params), found.method]
    lines += [f"  {mix_line(found.mixes[place])}" for place in found.front]
    return "\n".join(lines)


def mix_line(one: Mix) -> str:
    """A mix in a line."""
    vehicles = (
        "no bus" if not one.n_vehicles else "1 bus" if one.n_vehicles == 1 else f"{one.n_vehicles} buses"
    )
    hubs = "1 hub" if len(one.hub_ids) == 1 else f"{len(one.hub_ids)} hubs"
    stops = f", {one.n_stops} stops" if one.n_stops else ""
    return f"{hubs} and {vehicles}{stops}: {one.share:.1%} of need for £{one.cost_gbp:,.0f} a year"


def mix_finding(found: ScenarioMix) -> str:
    """The cheapest mix that brings the share within reach, or why there is none."""
    best, share = found.cheapest, found.params.share
    if best is not None:
        return f"The cheapest mix found that brings {share:.0%} of need within reach: {mix_line(best)}."
    if found.most_share < share:
        return (
            f"No mix can bring {share:.0%} of need within reach: all {found.n_candidates} places and "
            f"{found.n_stops} stops together reach {found.most_share:.1%}. Ask for less, or choose more "
            "kinds of place."
        )
    if not found.mixes:
        return "Nothing was found before it was stopped."
    most = max(found.mixes, key=lambda one: one.share)
    return (
        f"No mix that was looked at brings {share:.0%} of need within reach; the most is {mix_line(most)}. "
        "Allow more hubs or vehicles, or longer hours."
    )


def mix_proof(found: ScenarioMix) -> str:
    """How sure it is that no mix is cheaper."""
    least, asked = max(1, len(found.params.fixed)), found.params
    among = f"with {least} to {asked.n_hubs_max} hubs and up to {asked.n_vehicles_max} vehicles"
    if not found.is_whole:
        return "It was stopped before all numbers of hubs were tried, so that nothing is proven."
    if np.isinf(found.bound_gbp):
        return f"Proven: no mix {among} can do it."
    if found.cheapest is None:
        return (
            f"Whether any mix {among} can do it is not proven; none costs less than £{found.bound_gbp:,.0f}."
        )
    if found.gap < 1e-6:
        return f"Proven: no mix {among} is cheaper."
    return (
        f"It is the best that was found; proven is that no mix {among} costs less than "
        f"£{found.bound_gbp:,.0f} a year, {found.gap:.0%} below. The bound lets the bus drive shorter ways "
        "than it can, and stand at a stop in part."
    )
