"""The act `suggest` of `scenarios`: the cheapest mix of hubs and bus."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from commands.argument import ids
from commands.assumption import add_assumptions, parse_assumptions
from commands.bus import add_bus, read_bus
from commands.bus_argument import parse_clock, parse_hours
from geodata.errors import InputError
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.scenario.scenario import ReachRule
from neighbourhoods.study.study import Study


def add_suggest(act: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the act `suggest`."""
    sub = act("suggest", "The cheapest mix of hubs and bus that brings a share of need within reach.")
    sub.add_argument("--kind", action="append", required=True, metavar="KIND", help="that could house a hub")
    add_bus(sub)
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
    add_assumptions(sub)


def suggest(study: Study, options: argparse.Namespace) -> tuple[dict[str, object], str]:
    """The best mix as plain values and in words."""
    from neighbourhoods.scenario.mix import suggest_mix
    from neighbourhoods.scenario.mix_params import MixParams
    from neighbourhoods.scenario.report import mix_json, mix_words

    hubs, case = parse_assumptions(options.assume)
    start, _, end = options.hours.partition("-")
    if ":" not in start or ":" not in end:
        raise InputError(f"Hours of the day are written HH:MM-HH:MM, not {options.hours!r}.")
    plan, _ = read_bus(study, options)
    bus = None if plan is None else plan.params
    if bus is None and not options.depot:
        raise InputError("Give --depot, or a bus by --bus-plan or --bus-run that has one.")
    params = MixParams(
        kinds=tuple(options.kind),
        stop_kinds=tuple(options.stop_kind) or (("bus_stop",) if bus is None else bus.stop_kinds),
        depot_id=options.depot or ("" if bus is None else bus.depot_id),
        rule=ReachRule(options.service, options.minutes, options.stop_minutes, options.mode),
        share=options.share,
        fixed=ids(options.fixed),
        closed=ids(options.closed),
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
