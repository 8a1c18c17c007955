"""The commands `access` and `timetables`: who is within reach of places, and by which bus."""

from __future__ import annotations

import argparse

from commands.answer import Answer
from commands.argument import Subcommands, add_command, number
from commands.opened import open_study, read_option
from geodata.errors import InputError
from neighbourhoods.register.hours import OPEN_AT


def add_access(subcommands: Subcommands) -> None:
    """Add the command `access`."""
    sub = add_command(
        subcommands, "access", "Minutes to the nearest place of a kind, and who is within reach.", _access
    )
    sub.add_argument("--kind", action="append", required=True, metavar="KIND", help="library, gp_surgery, …")
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--mode", default="walk", choices=("walk", "cycle", "drive", "bus"))
    sub.add_argument("--km-h", type=number, default=0.0, help="speed (default: the mode's own)")
    sub.add_argument("--minutes", default="10,15,20", metavar="M,M,…", help="within reach (default 10,15,20)")
    sub.add_argument("--route", default="best", choices=("best", "streets", "straight"))
    sub.add_argument("--place", action="append", metavar="PLACE_ID", help="count these places alone")
    sub.add_argument("--open-at", default="", choices=tuple(OPEN_AT), help="places known to be open then")
    sub.add_argument("--option", metavar="FILE_OR_ID", help="by the footprints of this option too")


def add_timetables(subcommands: Subcommands) -> None:
    """Add the command `timetables`."""
    sub = add_command(
        subcommands, "timetables", "The bus timetables that are loaded; removes one.", _timetables
    )
    sub.add_argument("--remove", metavar="ID")


def _access(options: argparse.Namespace) -> Answer:
    from neighbourhoods.travel.access import AccessParams, access
    from neighbourhoods.travel.access_report import access_json, access_words

    study = open_study(options)
    option = read_option(study, options.option) if options.option else None
    try:
        limits = tuple(number(one) for one in options.minutes.split(","))
    except argparse.ArgumentTypeError as fault:
        raise InputError(f"--minutes takes numbers with commas between, such as 10,15,20: {fault}") from fault
    params = AccessParams(
        tuple(options.kind),
        options.geography,
        options.mode,
        options.km_h,
        limits,
        options.route,
        options.open_at,
    )
    found = access(study, params, only=options.place)
    unknown = sorted(set(options.place or ()) - set(found.places.index))
    if unknown:
        raise InputError(f"There is no place {unknown[0]!r} among those of the kinds that were asked for.")
    said = {"authority": study.authority_name, **access_json(study, found, option)}
    return said, access_words(study, found, option)


def _timetables(options: argparse.Namespace) -> Answer:
    from neighbourhoods.travel.timetable import remove_feed, timetable_feeds

    study = open_study(options)
    if options.remove:
        gone = remove_feed(study, options.remove)
        return {"removed": gone.id}, f"Removed {gone.id}"
    rows = [{"id": f.id, "file_name": f.file_name, "date": f.date} for f in timetable_feeds(study)]
    lines = [f"{row['id']}  {row['file_name']}  {row['date']}" for row in rows]
    return {"timetables": rows}, "\n".join(lines) or "No bus timetable is loaded."
