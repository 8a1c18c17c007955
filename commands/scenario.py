"""The command `scenarios`: hubs and a bus together, saved, laid side by side, searched for."""

from __future__ import annotations

import argparse

from commands.answer import Answer
from commands.argument import Subcommands, add_command, ids
from commands.assumption import add_assumptions, parse_assumptions
from commands.bus import add_bus, read_bus
from commands.mix import add_suggest, suggest
from commands.opened import open_study
from geodata.errors import InputError
from neighbourhoods.scenario.scenario import ReachRule, Scenario, new_scenario, rule_of_hubs
from neighbourhoods.study.study import Study


def add_scenarios(subcommands: Subcommands) -> None:
    """Add the command `scenarios` and its acts."""
    text = "Scenarios of hubs and a bus: cost, coverage, equity; and the cheapest mix."
    parser = subcommands.add_parser("scenarios", help=text, description=text)
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")

    def act(name: str, says: str) -> argparse.ArgumentParser:
        return add_command(acts, name, says, _scenarios)

    act("list", "Saved scenarios, newest first.")
    sub = act("save", "Save hubs and, if given, a bus that was worked out.")
    sub.add_argument("--name", required=True)
    sub.add_argument(
        "--hubs", required=True, metavar="PLAN_OR_IDS", help="a saved plan, or PLACE_ID,PLACE_ID,…"
    )
    add_bus(sub)
    sub.add_argument("--option", default="", metavar="ID", help="the saved option it belongs to")
    sub.add_argument("--author", default="")
    sub.add_argument("--rationale", default="")
    sub = act("show", "One scenario by all its measures; with --close or --add what that does to the bus.")
    sub.add_argument("scenario", metavar="ID_OR_NAME")
    sub.add_argument("--close", default="", metavar="PLACE_ID,…", help="hubs that are closed")
    sub.add_argument("--add", default="", metavar="PLACE_ID,…", help="places that become hubs")
    add_assumptions(sub)
    sub = act("compare", "Two or three scenarios side by side, by the rule of the first.")
    sub.add_argument("scenarios", nargs="+", metavar="ID_OR_NAME")
    add_assumptions(sub)
    sub = act("rename", "Give a scenario another name.")
    sub.add_argument("scenario", metavar="ID_OR_NAME")
    sub.add_argument("--name", required=True)
    sub.add_argument("--author", default="")
    sub = act("remove", "Take a scenario off the list.")
    sub.add_argument("scenario", metavar="ID_OR_NAME")
    sub.add_argument("--author", default="")
    add_suggest(act)


def _scenarios(options: argparse.Namespace) -> Answer:
    """What the act comes to, with whose it is."""
    study = open_study(options)
    found, words = {
        "list": _list,
        "save": _save,
        "show": _show,
        "compare": _compare,
        "rename": _rename,
        "remove": _remove,
        "suggest": suggest,
    }[options.act](study, options)
    return {"authority": study.authority_name, **found}, words


def _list(study: Study, _options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from neighbourhoods.scenario.library import saved_scenarios
    from neighbourhoods.scenario.report import scenario_json, scenarios_words

    saved = saved_scenarios(study)
    return {"scenarios": [scenario_json(study, one) for one in saved]}, scenarios_words(study, saved)


def _save(study: Study, options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from neighbourhoods.scenario.library import save_scenario

    scenario = _given(study, options)
    scenario_id = save_scenario(
        study, scenario, name=options.name, author=options.author, rationale=options.rationale
    )
    return {
        "id": scenario_id,
        "name": options.name.strip(),
    }, f"Saved as {options.name.strip()} ({scenario_id})"


def _given(study: Study, options: argparse.Namespace) -> Scenario:
    from neighbourhoods.hub.library import find_plan

    listed, rule, plan_id = ids(options.hubs), ReachRule(), ""
    unknown = [one for one in listed if one not in study.places().index]
    if len(listed) > 1 and unknown:
        raise InputError(f"There is no place {unknown[0]!r} in the register.")
    if unknown or not listed:
        plan = find_plan(study.store, options.hubs)
        listed, rule, plan_id = plan.chosen, rule_of_hubs(plan.params), plan.id
    if options.option and study.find_option(options.option) is None:
        raise InputError(f"{options.option!r} is neither the id nor the name of a saved option.")
    option = study.find_option(options.option) if options.option else None
    bus, bus_plan_id = read_bus(study, options)
    return new_scenario(
        listed,
        bus_plan=bus,
        rule=None if bus is not None else rule,
        option_id="" if option is None else option.id,
        hub_plan_id=plan_id,
        bus_run_id=options.bus_run,
        bus_plan_id=bus_plan_id,
    )


def _show(study: Study, options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from neighbourhoods.scenario.change import change_hubs
    from neighbourhoods.scenario.library import find_scenario
    from neighbourhoods.scenario.measure import scenario_figures
    from neighbourhoods.scenario.report import (
        change_json,
        change_words,
        figures_json,
        figures_words,
        scenario_json,
    )

    scenario = find_scenario(study, options.scenario)
    hubs, case = parse_assumptions(options.assume)
    figures = scenario_figures(study, scenario, hub_values=hubs, case_values=case)
    told = scenario_json(study, scenario)
    found: dict[str, object] = {**told, "figures": figures_json(figures)}
    words = [figures_words(scenario, figures)]
    if options.close or options.add:
        change = change_hubs(study, scenario, close=ids(options.close), add=ids(options.add))
        found["change"] = change_json(change)
        words.append(change_words(change))
    return found, "\n".join(words)


def _compare(study: Study, options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from neighbourhoods.scenario.library import find_scenario
    from neighbourhoods.scenario.measure import compare_scenarios
    from neighbourhoods.scenario.report import comparison_json, comparison_words

    given = [find_scenario(study, one) for one in options.scenarios]
    hubs, case = parse_assumptions(options.assume)
    found = compare_scenarios(study, given, hub_values=hubs, case_values=case)
    return comparison_json(found), comparison_words(found)


def _rename(study: Study, options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from neighbourhoods.scenario.library import call_scenario, find_scenario

    scenario = find_scenario(study, options.scenario)
    call_scenario(study, scenario.id, name=options.name, author=options.author)
    return {"id": scenario.id, "name": options.name.strip()}, f"{scenario.id} is {options.name.strip()} now"


def _remove(study: Study, options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from neighbourhoods.scenario.library import drop_scenario, find_scenario

    scenario = find_scenario(study, options.scenario)
    drop_scenario(study, scenario.id, author=options.author)
    return {"removed": scenario.id}, f"Removed {scenario.name}"
