"""Scenarios in the workspace: saved whole, listed, given another name, taken off the list.

What a scenario refers to may go: a plan, an option, a place. Then it is shown with what it kept, and what is
gone is said in words; it never quietly becomes another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pandas as pd

from geodata.errors import InputError
from geodata.scenario_table import (
    REMOVED,
    RENAMED,
    SAVED,
    list_scenario_rows,
    put_scenario,
    remove_scenario,
    rename_scenario,
)
from neighbourhoods.hub.library import saved_plans
from neighbourhoods.outreach.edit_library import SavedOutreach, saved_outreach
from neighbourhoods.outreach.plan import OutreachParams, OutreachPlan
from neighbourhoods.run.codec import from_json, to_json
from neighbourhoods.scenario.scenario import ReachRule, Scenario
from neighbourhoods.study.study import Study

TABLES = ("stops", "visits", "rounds", "areas")
NUMBERS = ("value", "bound", "gap", "runtime_s")


def save_scenario(
    study: Study, scenario: Scenario, *, name: str, author: str = "", rationale: str = ""
) -> str:
    """Save a scenario; returns its id.

    Raises
    ------
    InputError
        Without a name, or when two of one name would stand in the list.
    """
    if any(one.name == name.strip() for one in saved_scenarios(study)):
        raise InputError(f"There is a scenario {name.strip()!r} already; give this one another name.")
    return put_scenario(
        study.store,
        authority_code=study.authority_code,
        name=name,
        author=author,
        rationale=rationale,
        content=_content(scenario),
    )


def saved_scenarios(study: Study) -> tuple[Scenario, ...]:
    """Every scenario that is saved and was not removed, newest first, by its newest name."""
    rows: dict[str, Mapping[str, object]] = {}
    names: dict[str, str] = {}
    for row in list_scenario_rows(study.store, study.authority_code):
        scenario_id = str(row["id"])
        if row["act"] == SAVED:
            rows[scenario_id] = row
        if row["act"] in (SAVED, RENAMED):
            names[scenario_id] = str(row["name"])
        if row["act"] == REMOVED:
            rows.pop(scenario_id, None)
    return tuple(_scenario(row, names[one]) for one, row in reversed(rows.items()))


def find_scenario(study: Study, given: str) -> Scenario:
    """A saved scenario by its id or its name.

    Raises
    ------
    InputError
        When there is none.
    """
    saved = saved_scenarios(study)
    found = [one for one in saved if one.id == given] + [one for one in saved if one.name == given]
    if not found:
        known = ", ".join(f"{one.name} ({one.id})" for one in saved[:5]) or "none"
        raise InputError(f"There is no saved scenario {given!r}; saved are {known}.")
    return found[0]


def call_scenario(study: Study, scenario_id: str, *, name: str, author: str = "") -> None:
    """Give a saved scenario another name; raises as `rename_scenario`, or for a name that is taken."""
    if any(one.name == name.strip() and one.id != scenario_id for one in saved_scenarios(study)):
        raise InputError(f"There is a scenario {name.strip()!r} already; choose another name.")
    rename_scenario(study.store, scenario_id, authority_code=study.authority_code, name=name, author=author)


def drop_scenario(study: Study, scenario_id: str, *, author: str = "") -> None:
    """Take a saved scenario off the list; raises as `remove_scenario`."""
    remove_scenario(study.store, scenario_id, authority_code=study.authority_code, author=author)


def gone_words(study: Study, scenario: Scenario) -> tuple[str, ...]:
    """What the scenario refers to and is no longer there, a sentence each; empty where all is."""
    said = []
    places = study.places()
    lost = [one for one in scenario.hub_ids if one not in places.index]
    if lost:
        said.append(
            f"{len(lost)} of {len(scenario.hub_ids)} hubs are no longer in the register "
            f"({', '.join(lost[:3])}); figures are of those that are."
        )
    if scenario.hub_plan_id and all(one.id != scenario.hub_plan_id for one in saved_plans(study.store)):
        said.append("The plan that the hubs come from is no longer kept; the hubs are as they were saved.")
    if scenario.option_id and study.find_option(scenario.option_id) is None:
        said.append("The option that it belongs to is no longer kept; no footprints are shown.")
    if scenario.bus_plan_id and bus_source(study, scenario) is None:
        said.append("The plan that the bus comes from is no longer kept; its rounds are as they were saved.")
    if scenario.is_unplanned:
        said.append(
            "The rounds of its bus were not worked out, so what the bus costs and reaches is not known."
        )
    if scenario.bus is not None and set(scenario.bus.hub_ids) != set(scenario.hub_ids):
        said.append(
            "The rounds were drawn for other hubs than these; whom they serve is worked out anew, the hours "
            "stay as they are."
        )
    return tuple(said)


def bus_source(study: Study, scenario: Scenario) -> SavedOutreach | None:
    """The saved plan that the bus comes from; None where it comes from another, or that one is gone."""
    if not scenario.bus_plan_id:
        return None
    kept = saved_outreach(study.store, study.authority_code)
    return next((one for one in kept if one.id == scenario.bus_plan_id), None)


def standing_hubs(study: Study, scenario: Scenario) -> tuple[str, ...]:
    """The hubs that are in the register.

    Raises
    ------
    InputError
        When none is.
    """
    places = study.places()
    found = tuple(one for one in scenario.hub_ids if one in places.index)
    if not found:
        named = f" of {scenario.name!r}" if scenario.name else ""
        raise InputError(f"No hub{named} is in the register of places any more; choose others.")
    return found


def _content(scenario: Scenario) -> dict[str, object]:
    return {
        "hub_ids": list(scenario.hub_ids),
        "hub_plan_id": scenario.hub_plan_id,
        "option_id": scenario.option_id,
        "rule": to_json(scenario.rule),
        "bus": None if scenario.bus is None else to_json(scenario.bus),
        "bus_run_id": scenario.bus_run_id,
        "bus_plan_id": scenario.bus_plan_id,
        "bus_plan": None if scenario.bus_plan is None else _plan_content(scenario.bus_plan),
    }


def _plan_content(plan: OutreachPlan) -> dict[str, object]:
    """A plan for a bus as plain JSON; what was asked stands beside it."""
    tables = {name: getattr(plan, name).reset_index() for name in ("stops", "areas")}
    tables |= {name: getattr(plan, name) for name in ("visits", "rounds")}
    return {
        **{name: table.to_dict("split", index=False) for name, table in tables.items()},
        **{name: float(getattr(plan, name)) for name in NUMBERS},
        "method": plan.method,
    }


def _scenario(row: Mapping[str, object], name: str) -> Scenario:
    content = cast(Mapping[str, object], row["content"])
    bus = content["bus"]
    params = None if bus is None else from_json(cast(Mapping[str, object], bus), OutreachParams)
    kept = content["bus_plan"]
    plan = None
    if params is not None and kept is not None:
        plan = _plan(params, cast(Mapping[str, object], kept))
    return Scenario(
        str(row["id"]),
        name,
        str(row["author"]),
        str(row["created"]),
        str(row["rationale"]),
        tuple(map(str, cast(list[str], content["hub_ids"]))),
        from_json(cast(Mapping[str, object], content["rule"]), ReachRule),
        str(content["hub_plan_id"]),
        str(content["option_id"]),
        params,
        plan,
        str(content["bus_run_id"]),
        str(content.get("bus_plan_id", "")),  # scenarios saved before plans of the bus could be chosen
    )


def _plan(params: OutreachParams, kept: Mapping[str, object]) -> OutreachPlan:
    tables = {}
    for name in TABLES:
        one = cast(Mapping[str, list[object]], kept[name])
        tables[name] = pd.DataFrame(one["data"], columns=pd.Index(one["columns"]))
    value, bound, gap, runtime_s = (float(cast(float, kept[name])) for name in NUMBERS)
    return OutreachPlan(
        params,
        tables["stops"].set_index("stop_id"),
        tables["visits"],
        tables["rounds"],
        tables["areas"].set_index("area_code").astype(float),
        value,
        bound,
        gap,
        str(kept["method"]),
        runtime_s,
    )
