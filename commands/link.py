"""The command `links`: areas that count as neighbours without a border, and what people say of them."""

from __future__ import annotations

import argparse

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.opened import open_study
from geodata.errors import InputError
from geodata.link import LINK_WORDS
from geodata.link_table import AUTOMATIC, MANUAL, RIVER
from neighbourhoods.study.link import Link, Links, distance_words, join_areas, part_areas

NO_LINK = "Every area is reached over shared borders."


def add_links(subcommands: Subcommands) -> None:
    """Add the command `links`."""
    sub = add_command(
        subcommands,
        "links",
        "List areas that are joined without a border, join two of them, or say that they are not joined.",
        _links,
    )
    sub.add_argument(
        "--geography", help="kind of area (default: the first that is loaded, wards before others)"
    )
    act = sub.add_mutually_exclusive_group()
    act.add_argument("--join", nargs=2, metavar=("A", "B"), help="codes of two areas that are joined")
    act.add_argument("--part", nargs=2, metavar=("A", "B"), help="codes of two areas that are not joined")
    sub.add_argument(
        "--as",
        dest="says",
        choices=(RIVER, MANUAL, AUTOMATIC),
        help="with --join: by a bridge, tunnel or ferry; for another reason; or as the outlines have it",
    )
    sub.add_argument("--reason", default="", metavar="TEXT")
    sub.add_argument("--author", default="", metavar="NAME", help="who says so")


def _links(options: argparse.Namespace) -> Answer:
    if options.says and not options.join:
        raise InputError("--as belongs to --join A B: name the two areas")
    if (options.reason or options.author) and not (options.join or options.part):
        raise InputError("--reason and --author belong to --join A B or --part A B: name the two areas")
    study = open_study(options)
    if not study.geographies:
        raise InputError("no outlines are loaded; import a boundary file first")
    geography = options.geography or study.geographies[0]
    if options.join:
        if not options.says:
            raise InputError("say how they are joined: --as river, --as manual or --as automatic")
        pair = tuple(options.join)
        join_areas(study, geography, pair, options.says, reason=options.reason, author=options.author)
    elif options.part:
        part_areas(study, geography, tuple(options.part), reason=options.reason, author=options.author)
    now = study.renewed().links(geography)
    return {"geography": geography, **now.as_json()}, _words(now)


def _words(now: Links) -> str:
    lines = [_line(one) for one in now.links] or [NO_LINK]
    lines += [f"taken away: {_line(one)}" for one in now.parted]
    lines += [
        f"passed over: {one.focal} and {one.neighbour} ({one.says}): {one.why}" for one in now.passed_over
    ]
    return "\n".join(lines)


def _line(one: Link) -> str:
    about = one.by + (f": {one.reason}" if one.reason else "")
    return (
        f"{one.focal} {one.focal_name} and {one.neighbour} {one.neighbour_name}, {LINK_WORDS[one.kind]}, "
        f"{distance_words(one.distance_m)} ({about})"
    )
