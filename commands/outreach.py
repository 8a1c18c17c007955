"""The command `outreach`: stops, rounds and hours of a bus for those who are far from hubs."""

from __future__ import annotations

import argparse

from commands.answer import Answer
from commands.argument import Subcommands, add_command, ids
from commands.booking import add_bookings, bookings_command
from commands.bus_argument import (
    parse_avoid,
    parse_days,
    parse_fixed,
    parse_hours,
    parse_session,
    parse_window,
)
from commands.opened import open_study
from geodata.errors import InputError
from neighbourhoods.outreach.plan import OutreachParams
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.study.study import Study


def add_outreach(subcommands: Subcommands) -> None:
    """Add the command `outreach`."""
    text = "Stops, rounds and hours of an outreach bus, with a bound that no plan beats."
    sub = add_command(subcommands, "outreach", text, _outreach)
    sub.add_argument("--hubs", metavar="PLAN_OR_IDS", help="a saved plan, or PLACE_ID,PLACE_ID,…")
    sub.add_argument("--depot", metavar="PLACE_ID", help="where rounds begin and end")
    sub.add_argument(
        "--session",
        action="append",
        default=[],
        metavar="NAME=SERVICE@HH:MM-HH:MM[:DAY,DAY]",
        help=f"what is on board, and when; services: {', '.join(SERVICES)}",
    )
    sub.add_argument("--days", default="mon,tue,wed,thu,fri", help="of sessions that name none")
    sub.add_argument("--stop-kind", action="append", default=[], metavar="KIND", help="default: bus_stop")
    sub.add_argument("--vehicles", type=int, default=1)
    sub.add_argument("--weeks", type=int, default=1, help="1 for weekly rounds, 2 for fortnightly")
    sub.add_argument(
        "--shift", default="7h", metavar="HOURS", help="longest a driver is out in a day: 7h, 6h30"
    )
    sub.add_argument("--far", type=float, default=15.0, metavar="MINUTES", help="from every hub")
    sub.add_argument(
        "--stop-minutes", type=float, default=10.0, metavar="MINUTES", help="within which one serves"
    )
    sub.add_argument("--mode", default="walk", choices=("walk", "cycle", "drive"), help="to hubs and stops")
    sub.add_argument("--dwell", type=int, default=60, metavar="MINUTES", help="at each stop")
    sub.add_argument("--drive-km-h", type=float, default=25.0, help="where no streets are loaded")
    sub.add_argument("--repeat-worth", type=float, default=0.5, help="of a second visit, of the first")
    sub.add_argument(
        "--must-serve", type=float, default=float("inf"), metavar="NEED", help="leave no area out"
    )
    sub.add_argument(
        "--fixed",
        action="append",
        default=[],
        metavar="SESSION/DAY/PLACE_ID[@HH:MM]",
        help="a visit that the plan must hold",
    )
    sub.add_argument("--forbidden", default="", metavar="PLACE_ID,…", help="where the bus may not stand")
    sub.add_argument(
        "--window",
        action="append",
        default=[],
        metavar="PLACE_ID=HH:MM-HH:MM[:DAY,DAY]",
        help="when a vehicle may stand at a stop; on all days where none is named",
    )
    sub.add_argument("--ignore-opening-hours", action="store_true", help="of places where the bus may stand")
    sub.add_argument(
        "--avoid",
        action="append",
        default=[],
        metavar="PLACE_ID/PLACE_ID or X,Y",
        help="a drive between two stops, or a road by a point on it (EPSG:27700), that the bus may not use",
    )
    sub.add_argument("--range-km", type=float, default=float("inf"), help="until the bus is refuelled")
    sub.add_argument("--refuel", type=int, default=0, metavar="MINUTES", help="at the depot")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--seconds", type=float, default=60.0, help="longest the search may take (default 60)")
    acts = sub.add_subparsers(dest="act", metavar="book | bookings")
    add_bookings(acts)


def _outreach(options: argparse.Namespace) -> Answer:
    """The plan as plain values and in words; or what comes of its bookings."""
    study = open_study(options)
    if options.act:
        return bookings_command(study, options)
    if not (options.hubs and options.depot and options.session):
        raise InputError("A plan of the bus needs --hubs, --depot and at least one --session.")
    from neighbourhoods.outreach.outreach import suggest_outreach
    from neighbourhoods.outreach.report import outreach_json, outreach_words

    params = OutreachParams(
        hub_ids=_hub_ids(study, options.hubs),
        sessions=tuple(parse_session(one, parse_days(options.days)) for one in options.session),
        stop_kinds=tuple(options.stop_kind) or ("bus_stop",),
        depot_id=options.depot,
        far_minutes=options.far,
        mode=options.mode,
        stop_minutes=options.stop_minutes,
        n_vehicles=options.vehicles,
        n_weeks=options.weeks,
        shift_minutes=parse_hours(options.shift),
        drive_km_h=options.drive_km_h,
        dwell_minutes=options.dwell,
        repeat_worth=options.repeat_worth,
        must_serve_need=options.must_serve,
        fixed=tuple(parse_fixed(one) for one in options.fixed),
        forbidden=ids(options.forbidden),
        windows=tuple(window for one in options.window for window in parse_window(one)),
        keep_opening_hours=not options.ignore_opening_hours,
        forbidden_roads=tuple(road for one in options.avoid for road in parse_avoid(one)[0]),
        forbidden_drives=tuple(drive for one in options.avoid for drive in parse_avoid(one)[1]),
        range_km=options.range_km,
        refuel_minutes=options.refuel,
        seed=options.seed,
        time_limit_s=options.seconds,
    )
    plan = suggest_outreach(study, params)
    return {"authority": study.authority_name, **outreach_json(plan)}, outreach_words(plan)


def _hub_ids(study: Study, given: str) -> tuple[str, ...]:
    """Ids of places that are in the register, or else the hubs of a saved plan."""
    from neighbourhoods.hub.library import find_plan

    listed = ids(given)
    if set(listed) <= set(study.places().index):
        return listed
    if len(listed) > 1:
        unknown = next(one for one in listed if one not in study.places().index)
        raise InputError(f"There is no place {unknown!r} in the register.")
    return find_plan(study.store, given).chosen
