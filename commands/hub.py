"""The command `hubs`: the best places for hubs, and plans that were saved."""

from __future__ import annotations

import argparse

from commands.answer import Answer
from commands.argument import Subcommands, add_command, ids, number, people
from commands.opened import open_study, read_option
from geodata.errors import InputError
from neighbourhoods.register.hours import OPEN_AT
from neighbourhoods.siting.objective import OBJECTIVES as SITING_OBJECTIVES


def add_hubs(subcommands: Subcommands) -> None:
    """Add the command `hubs`."""
    sub = add_command(
        subcommands, "hubs", "The best places for hubs by one aim, with a bound that no plan beats.", _hubs
    )
    sub.add_argument("--n", type=int, default=6, help="hubs wanted (default 6)")
    sub.add_argument("--kind", action="append", default=[], metavar="KIND", help="of place to stand in")
    sub.add_argument("--objective", default="p_median", help=", ".join(SITING_OBJECTIVES))
    sub.add_argument("--minutes", type=people, default=15.0, help="within reach (default 15)")
    sub.add_argument("--who", default="pop_total", metavar="INDICATOR", help="people who are served")
    sub.add_argument("--mode", default="walk", choices=("walk", "cycle", "drive", "bus"))
    sub.add_argument("--km-h", type=number, default=0.0, help="speed (default: the mode's own)")
    sub.add_argument("--fixed", default="", metavar="PLACE_ID,…", help="must be a hub")
    sub.add_argument("--closed", default="", metavar="PLACE_ID,…", help="may not be a hub")
    sub.add_argument("--option", metavar="FILE_OR_ID", help="at least one in each of its footprints")
    sub.add_argument("--budget", type=number, default=0.0, metavar="GBP", help="most they may cost")
    sub.add_argument("--capacity", action="store_true", help="serve no more people than there is room for")
    sub.add_argument(
        "--house", action="append", default=[], metavar="SERVICE+SERVICE", help="under one roof in one hub"
    )
    sub.add_argument(
        "--together", action="append", default=[], metavar="PLACE_ID+PLACE_ID", help="both or neither"
    )
    sub.add_argument("--apart", type=number, default=0.0, metavar="METRES", help="between new hubs")
    sub.add_argument("--open-at", default="", choices=tuple(OPEN_AT), help="places known to be open then")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--save", metavar="NAME", help="keep the plan, with the option that it belongs to")
    sub.add_argument("--author", default="")
    sub.add_argument("--rationale", default="")
    sub.add_argument("--plans", action="store_true", help="list the saved plans instead")
    sub.add_argument("--compare", metavar="ID,ID", help="lay saved plans side by side instead, and as now")


def _hubs(options: argparse.Namespace) -> Answer:
    from neighbourhoods.hub.library import compare_plans, find_plan, save_plan, saved_plans
    from neighbourhoods.hub.params import HubParams
    from neighbourhoods.hub.report import comparison_json, hubs_json, hubs_words, plan_json, plans_words
    from neighbourhoods.hub.siting import suggest_hubs

    study = open_study(options)
    if options.plans:
        plans = saved_plans(study.store)
        return {"plans": [plan_json(one) for one in plans]}, plans_words(plans)
    option = read_option(study, options.option) if options.option else None
    if options.compare:
        found = compare_plans(
            study, [find_plan(study.store, one) for one in ids(options.compare)], option=option
        )
        return comparison_json(found), found.measures.round(2).to_string(index=False)
    if not options.kind:
        raise InputError("Say which kinds of place could house a hub: --kind library, for one.")
    params = HubParams(
        tuple(options.kind),
        options.n,
        options.objective,
        options.minutes,
        options.who,
        options.mode,
        options.km_h,
        ids(options.fixed),
        ids(options.closed),
        option,
        options.budget,
        options.seed,
        options.capacity,
        tuple(tuple(one.split("+")) for one in options.house),
        tuple(tuple(one.split("+")) for one in options.together),
        options.apart,
        options.open_at,
    )
    plan = suggest_hubs(study, params)
    said = {"authority": study.authority_name, **hubs_json(study, plan)}
    if options.save:
        plan_id = save_plan(
            study.store, plan, name=options.save, author=options.author, rationale=options.rationale
        )
        said["saved"] = {"id": plan_id, "name": options.save}
    return said, hubs_words(study, plan)
