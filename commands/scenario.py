"""The command `scenarios`: hubs and a bus together, saved, laid side by side, searched for."""

from __future__ import annotations

import argparse
from dataclasses import fields

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.opened import open_study
from commands.outreach import parse_clock, parse_hours
from geodata.errors import InputError
from neighbourhoods.outreach.case import CaseValues
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.scenario.cost import HubCosts
from neighbourhoods.scenario.scenario import ReachRule, Scenario, new_scenario, rule_of_hubs
from neighbourhoods.study.study import Study

_NAMES = {one.name for kind in (HubCosts, CaseValues) for one in fields(kind)}


def add_scenarios(subcommands: Subcommands) -> None:
    """Add the command `scenarios` and its acts."""
    text = "Scenarios of hubs and a bus: cost, coverage, equity; and the cheapest mix."
    parser = subcommands.add_parser("scenarios", help=text, description=text)
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")

    def act(name: str, says: str) -> argparse.ArgumentParser:
        return add_command(acts, name, says, _scenarios)

    def assume(sub: argparse.ArgumentParser) -> None:
        sub.add_argument(
            "--assume",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help=f"an assumption of cost: {', '.join(sorted(_NAMES))}",
        )

    act("list", "Saved scenarios, newest first.")
    sub = act("save", "Save hubs and, if given, a bus that was worked out.")
    sub.add_argument("--name", required=True)
    sub.add_argument(
        "--hubs", required=True, metavar="PLAN_OR_IDS", help="a saved plan, or PLACE_ID,PLACE_ID,…"
    )
    _add_bus(sub)
    sub.add_argument("--option", default="", metavar="ID", help="the saved option it belongs to")
    sub.add_argument("--author", default="")
    sub.add_argument("--rationale", default="")
    sub = act("show", "One scenario by all its measures; with --close or --add what that does to the bus.")
    sub.add_argument("scenario", metavar="ID_OR_NAME")
    sub.add_argument("--close", default="", metavar="PLACE_ID,…", help="hubs that are closed")
    sub.add_argument("--add", default="", metavar="PLACE_ID,…", help="places that become hubs")
    assume(sub)
    sub = act("compare", "Two or three scenarios side by side, by the rule of the first.")
    sub.add_argument("scenarios", nargs="+", metavar="ID_OR_NAME")
    assume(sub)
    sub = act("rename", "Give a scenario another name.")
    sub.add_argument("scenario", metavar="ID_OR_NAME")
    sub.add_argument("--name", required=True)
    sub.add_argument("--author", default="")
    sub = act("remove", "Take a scenario off the list.")
    sub.add_argument("scenario", metavar="ID_OR_NAME")
    sub.add_argument("--author", default="")
    sub = act("suggest", "The cheapest mix of hubs and bus that brings a share of need within reach.")
    sub.add_argument("--kind", action="append", required=True, metavar="KIND", help="that could house a hub")
    _add_bus(sub)
    sub.add_argument("--depot", default="", metavar="PLACE_ID", help="that of the bus, where one is given")
    sub.add_argument(
        "--stop-kind", action="append", default=[], metavar="KIND", help="default: those of the bus, bus_stop"
    )
    sub.add_argument("--share", type=float, default=0.95, help="of need (default 0.95)")
    sub.add_argument("--service", default="everyone", choices=tuple(SERVICES), help="whose need is counted")
    sub.add_argument("--minutes", type=float, default=15.0, help="to a hub (default 15)")
    sub.add_argument("--stop-minutes", type=float, default=10.0, help="to a stop (default 10)")
    sub.add_argument("--mode", default="walk", choices=("walk", "cycle", "drive"))
    sub.add_argument("--hubs-max", type=int, default=8)
    sub.add_argument("--vehicles-max", type=int, default=1)
    sub.add_argument("--shift", action="append", default=[], metavar="HOURS", help="default: 4h and 7h")
    sub.add_argument(
        "--hours", default="9:00-17:00", metavar="HH:MM-HH:MM", help="of the day; a bus has its sessions"
    )
    sub.add_argument("--dwell", type=int, metavar="MINUTES", help="at each stop (default 60)")
    sub.add_argument("--fixed", default="", metavar="PLACE_ID,…", help="must be a hub")
    sub.add_argument("--closed", default="", metavar="PLACE_ID,…", help="may not be a hub")
    sub.add_argument("--seed", type=int, default=0)
    assume(sub)


def _add_bus(sub: argparse.ArgumentParser) -> None:
    bus = sub.add_mutually_exclusive_group()
    bus.add_argument("--bus-run", default="", metavar="RUN_ID", help="a finished run of the bus")
    bus.add_argument("--bus-plan", default="", metavar="ID_OR_NAME", help="a saved plan of the bus")


def _scenarios(options: argparse.Namespace) -> Answer:
    study = open_study(options)
    found, words = {
        "list": _list,
        "save": _save,
        "show": _show,
        "compare": _compare,
        "rename": _rename,
        "remove": _remove,
        "suggest": _suggest,
    }[options.act](study, options)
    return {"authority": study.authority_name, **found}, words


def parse_assumptions(given: list[str]) -> tuple[HubCosts, CaseValues]:
    """ "running_gbp_year=45000" and others as assumptions; NAME= without a value is not known.

    Raises
    ------
    InputError
        When one is not known or no number.
    """
    values: dict[str, float] = {}
    for one in given:
        name, _, text = one.partition("=")
        if name not in _NAMES:
            raise InputError(f"There is no assumption {name!r}; there are {', '.join(sorted(_NAMES))}.")
        try:
            values[name] = float(text) if text else float("nan")
        except ValueError as fault:
            raise InputError(f"An assumption is written NAME=NUMBER, not {one!r}.") from fault
    hubs = {one.name: values[one.name] for one in fields(HubCosts) if one.name in values}
    case = {one.name: values[one.name] for one in fields(CaseValues) if one.name in values}
    return HubCosts(**hubs), CaseValues(**case)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split(",") if one)


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

    ids, rule, plan_id = _ids(options.hubs), ReachRule(), ""
    unknown = [one for one in ids if one not in study.places().index]
    if len(ids) > 1 and unknown:
        raise InputError(f"There is no place {unknown[0]!r} in the register.")
    if unknown or not ids:
        plan = find_plan(study.store, options.hubs)
        ids, rule, plan_id = plan.chosen, rule_of_hubs(plan.params), plan.id
    if options.option and study.find_option(options.option) is None:
        raise InputError(f"{options.option!r} is neither the id nor the name of a saved option.")
    option = study.find_option(options.option) if options.option else None
    bus, bus_plan_id = _bus(study, options)
    return new_scenario(
        ids,
        bus_plan=bus,
        rule=None if bus is not None else rule,
        option_id="" if option is None else option.id,
        hub_plan_id=plan_id,
        bus_run_id=options.bus_run,
        bus_plan_id=bus_plan_id,
    )


def _bus(study: Study, options: argparse.Namespace) -> tuple[OutreachPlan | None, str]:
    """The bus of a saved plan, with the plan's id, or of a run; None where none is given."""
    from neighbourhoods.outreach.edit_library import find_outreach, plan_of

    if options.bus_plan:
        saved = find_outreach(study.store, study.authority_code, options.bus_plan)
        return plan_of(saved), saved.id
    return (bus_of_run(study, options.bus_run) if options.bus_run else None), ""


def bus_of_run(study: Study, run_id: str) -> OutreachPlan:
    """The plan that a finished run of the bus found; raises InputError where it is none."""
    from geodata.run_file import read_run_result
    from geodata.run_table import get_run
    from neighbourhoods.run.run import run_kind

    run = get_run(study.store, run_id)
    if run.kind != "outreach" or not run.result_file:
        raise InputError(f"The run {run_id!r} is no finished run of the bus.")
    found = run_kind(run.kind).result_from_parts(read_run_result(study.store.root, run.result_file))
    if not isinstance(found, OutreachPlan):
        raise InputError(f"The run {run_id!r} is no finished run of the bus.")
    return found


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
        change = change_hubs(study, scenario, close=_ids(options.close), add=_ids(options.add))
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


def _suggest(study: Study, options: argparse.Namespace) -> tuple[dict[str, object], str]:
    from neighbourhoods.scenario.mix import suggest_mix
    from neighbourhoods.scenario.mix_params import MixParams
    from neighbourhoods.scenario.report import mix_json, mix_words

    hubs, case = parse_assumptions(options.assume)
    start, _, end = options.hours.partition("-")
    if ":" not in start or ":" not in end:
        raise InputError(f"Hours of the day are written HH:MM-HH:MM, not {options.hours!r}.")
    plan, _ = _bus(study, options)
    bus = None if plan is None else plan.params
    if bus is None and not options.depot:
        raise InputError("Give --depot, or a bus by --bus-plan or --bus-run that has one.")
    params = MixParams(
        kinds=tuple(options.kind),
        stop_kinds=tuple(options.stop_kind) or (("bus_stop",) if bus is None else bus.stop_kinds),
        depot_id=options.depot or ("" if bus is None else bus.depot_id),
        rule=ReachRule(options.service, options.minutes, options.stop_minutes, options.mode),
        share=options.share,
        fixed=_ids(options.fixed),
        closed=_ids(options.closed),
        n_hubs_max=options.hubs_max,
        n_vehicles_max=options.vehicles_max,
        shifts=tuple(sorted({parse_hours(one) for one in options.shift or ["4h", "7h"]})),
        start_minute=parse_clock(start),
        end_minute=parse_clock(end),
        dwell_minutes=options.dwell or (60 if bus is None else bus.dwell_minutes),
        drive_km_h=25.0 if bus is None else bus.drive_km_h,
        bus=bus,
        hub_costs=hubs,
        case=case,
        seed=options.seed,
    )
    found = suggest_mix(study, params)
    return mix_json(found), mix_words(found)
