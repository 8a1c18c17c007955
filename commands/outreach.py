"""The command `outreach`: stops, rounds and hours of a bus for those who are far from hubs."""

from __future__ import annotations

import argparse
import re

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.booking import add_bookings, bookings_command
from commands.opened import open_study
from geodata.errors import InputError
from neighbourhoods.outreach.plan import (
    DAY_NAMES,
    MOST_MINUTE,
    FixedVisit,
    ForbiddenRoad,
    OutreachParams,
    Session,
    StopWindow,
)
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.study.study import Study

DAYS = {name[:3].lower(): number for number, name in enumerate(DAY_NAMES)}
_SESSION = re.compile(
    r"(?P<id>[\w-]+)=(?P<service>\w+)@(?P<start>\d{1,2}:\d\d)-(?P<end>\d{1,2}:\d\d)(:(?P<days>[\w,]+))?"
)

_WINDOW = re.compile(r"(?P<id>.+)=(?P<start>\d{1,2}:\d\d)-(?P<end>\d{1,2}:\d\d)(:(?P<days>[a-zA-Z,]+))?")


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
        sessions=tuple(parse_session(one, _days(options.days)) for one in options.session),
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
        forbidden=tuple(one for one in options.forbidden.split(",") if one),
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


def parse_session(text: str, days: tuple[int, ...]) -> Session:
    """ "youth=youth@17:00-20:00:tue,thu" as a session; `days` where it names none.

    Raises
    ------
    InputError
        When it is written in another way.
    """
    found = _SESSION.fullmatch(text)
    if found is None:
        raise InputError(
            "A session is written NAME=SERVICE@HH:MM-HH:MM, with :DAY,DAY where it does not run on all; "
            f"not {text!r}."
        )
    own = _days(found["days"]) if found["days"] else days
    return Session(found["id"], found["service"], own, parse_clock(found["start"]), parse_clock(found["end"]))


def parse_fixed(text: str) -> FixedVisit:
    """ "advice/tue/library:1@10:30" as a fixed visit.

    Raises
    ------
    InputError
        When it is written in another way.
    """
    session, _, rest = text.partition("/")
    day, _, stop = rest.partition("/")
    timed = re.fullmatch(r"(.+)@(\d{1,2}:\d\d)", stop)
    if not stop or day not in DAYS:
        raise InputError(
            f"A fixed visit is written SESSION/DAY/PLACE_ID or with @HH:MM at its end; not {text!r}."
        )
    if timed:
        return FixedVisit(timed[1], session, DAYS[day], parse_clock(timed[2]))
    return FixedVisit(stop, session, DAYS[day])


def parse_window(text: str) -> tuple[StopWindow, ...]:
    """ "library:1=9:00-12:00:mon,tue" as windows of a stop; one of every day where no day is named.

    Raises
    ------
    InputError
        When it is written in another way.
    """
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise InputError(
            "Hours of a stop are written PLACE_ID=HH:MM-HH:MM, with :DAY,DAY where they are not of every "
            f"day; not {text!r}."
        )
    begin, end = parse_clock(found["start"]), parse_clock(found["end"])
    return tuple(
        StopWindow(found["id"], day, begin, end) for day in (_days(found["days"]) if found["days"] else (-1,))
    )


def parse_avoid(text: str) -> tuple[tuple[ForbiddenRoad, ...], tuple[tuple[str, str], ...]]:
    """ "library:1/library:2" as a drive that is forbidden, "460000,452000" as a road: roads and drives.

    Raises
    ------
    InputError
        When it is written in another way.
    """
    point = re.fullmatch(r"(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)", text)
    if point:
        return (ForbiddenRoad(float(point[1]), float(point[2])),), ()
    first, _, second = text.partition("/")
    if not first or not second:
        raise InputError(
            f"What the bus avoids is written PLACE_ID/PLACE_ID for a drive, X,Y for a road; not {text!r}."
        )
    return (), ((first, second),)


def parse_clock(text: str) -> int:
    """ "9:30" as minutes after midnight.

    Raises
    ------
    InputError
        When there is no such time of day.
    """
    hours, _, minutes = text.partition(":")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > MOST_MINUTE:
        raise InputError(f"{text} is no time of day.")
    return found


def parse_hours(text: str) -> int:
    """ "7h", "6h30" or "7.5" as minutes.

    Raises
    ------
    InputError
        When it is written in another way.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)h?(\d\d)?", text.strip().lower())
    if found is None:
        raise InputError(f"Hours are written 7h or 6h30, not {text!r}.")
    return round(float(found[1]) * 60) + int(found[2] or 0)


def _days(text: str) -> tuple[int, ...]:
    names = [one.strip().lower()[:3] for one in text.split(",") if one.strip()]
    unknown = [one for one in names if one not in DAYS]
    if unknown:
        raise InputError(f"There is no day {unknown[0]!r}; days are {', '.join(DAYS)}.")
    return tuple(sorted({DAYS[one] for one in names}))


def _hub_ids(study: Study, given: str) -> tuple[str, ...]:
    """Ids of places that are in the register, or else the hubs of a saved plan."""
    from neighbourhoods.hub.library import find_plan

    ids = tuple(one for one in given.split(",") if one)
    if set(ids) <= set(study.places().index):
        return ids
    if len(ids) > 1:
        unknown = next(one for one in ids if one not in study.places().index)
        raise InputError(f"There is no place {unknown!r} in the register.")
    return find_plan(study.store, given).chosen
