"""The command `places`: lists in, the register out, changes by hand, duplicates, needs beside assets."""

from __future__ import annotations

import argparse

import pandas as pd

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.data import import_files
from commands.opened import open_study
from commands.place_change import add_changes, change_history, change_register
from geodata.errors import InputError
from geodata.layouts.place import PLACES
from geodata.layouts.postcode import POSTCODES
from neighbourhoods.register.field import KINDS
from neighbourhoods.register.hours import OPEN_AT, hours_words, parse_hours
from neighbourhoods.register.register import register_frame
from neighbourhoods.register.theme import THEMES
from neighbourhoods.study.study import Study

IMPORTED = frozenset(layout.id for layout in (*PLACES, *POSTCODES))  # postcodes place what has no coordinates


def add_places(subcommands: Subcommands) -> None:
    """Add the command `places` and its acts."""
    text = "The register of places: import lists, list it, find duplicates, needs beside assets."
    parser = subcommands.add_parser("places", help=text, description=text)
    acts = parser.add_subparsers(dest="act", required=True, parser_class=type(parser))

    def act(name: str, help_text: str) -> argparse.ArgumentParser:
        return add_command(acts, name, help_text, _places)

    sub = act("import", "Import lists of places and postcodes; files of anything else are refused.")
    sub.add_argument("paths", nargs="+", metavar="PATH")
    sub.add_argument(
        "--authority", help="GSS code of the authority, such as E06000014, or its name where a file gives it"
    )
    sub.set_defaults(run=import_files, only=IMPORTED)

    sub = act("list", "Every place with all that the register says of it.")
    sub.add_argument("--kind", choices=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))
    sub.add_argument("--open-at", choices=tuple(OPEN_AT), help="those alone that are known to be open then")

    add_changes(act)
    act("duplicates", "Pairs of places that may be one, for a person to decide on.")

    sub = act("needs", "Needs of a theme beside the places that help with it, by area.")
    sub.add_argument("--theme", required=True, metavar="THEME", help=", ".join(THEMES))
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--need", default="", metavar="INDICATOR", help="that measures it (default: the first)")
    sub.add_argument("--minutes", type=float, default=15.0, help="walk within reach (default 15)")


def _places(options: argparse.Namespace) -> Answer:
    """One act; `import` alone is done as any import is."""
    acts = {"list": _list, "duplicates": _duplicates, "needs": _needs, "history": change_history}
    return acts.get(options.act, change_register)(open_study(options), options)


def _list(study: Study, options: argparse.Namespace) -> Answer:
    frame = register_frame(study, stops=options.kind == "bus_stop")
    if options.kind:
        frame = frame[frame["kind"] == options.kind]
        if frame.empty:
            loaded = ", ".join(sorted(study.place_kinds)) or "none"
            raise InputError(f"no place of the kind {options.kind!r} is loaded; loaded are {loaded}")
    rows = pd.DataFrame(frame.drop(columns="geometry")).assign(x=frame.geometry.x, y=frame.geometry.y)
    hours = {place_id: parse_hours(text) for place_id, text in rows["opening_hours"].items()}
    if options.open_at:
        rows = rows[[hours[place_id].meets(options.open_at) for place_id in rows.index]]
    records = rows.reset_index().to_dict("records")
    for record in records:
        told = hours[record["place_id"]]
        record["hours"] = [[list(span) for span in day] for day in told.by_day] if told.is_known else None
        record["hours_words"] = hours_words(told)
        record["hours_unread"] = list(told.unread)
    words = rows[["name", "kind", "status", "owner", "postcode"]].to_string()
    return {"authority": study.authority_code, "places": records}, words


def _duplicates(study: Study, options: argparse.Namespace) -> Answer:
    from neighbourhoods.register.duplicate import duplicates

    names = study.places()["name"]
    rows = [
        {
            "first_id": pair.first_id,
            "first_name": names[pair.first_id],
            "second_id": pair.second_id,
            "second_name": names[pair.second_id],
            "score": pair.score,
            "name_likeness": pair.name,
            "metres": pair.metres,
            "same_postcode": pair.same_postcode,
            "reasons": list(pair.reasons),
        }
        for pair in duplicates(study)
    ]
    lines = [f"{r['score']:.2f}  {r['first_name']} | {r['second_name']}" for r in rows]
    return {"pairs": rows}, "\n".join(lines) or "No two places look like the same one."


def _needs(study: Study, options: argparse.Namespace) -> Answer:
    from neighbourhoods.register.need_asset import NeedParams, need_assets
    from neighbourhoods.register.need_asset_report import need_json, need_words

    params = NeedParams(options.theme, options.geography, options.need, options.minutes)
    found = need_assets(study, params)
    return {"authority": study.authority_name, **need_json(study, found)}, need_words(study, found)
