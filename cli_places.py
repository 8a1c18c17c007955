"""The command `places`: lists of places in, the register out, duplicates, and needs beside assets."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from geodata.errors import InputError
from geodata.layouts.place import PLACES
from geodata.layouts.postcode import POSTCODES
from neighbourhoods.register.field import KINDS
from neighbourhoods.register.register import register_frame
from neighbourhoods.register.theme import THEMES
from neighbourhoods.study.study import Study

IMPORTED = frozenset(layout.id for layout in (*PLACES, *POSTCODES))  # postcodes place what has no coordinates


def add_places(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command and its four acts to the parser."""
    text = "The register of places: import lists, list it, find duplicates, needs beside assets."
    parser = commands.add_parser("places", help=text, description=text)
    acts = parser.add_subparsers(dest="act", required=True, parser_class=type(parser))

    def act(name: str, help_text: str) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = acts.add_parser(name, help=help_text, description=help_text)
        sub.add_argument("--workspace", help="folder of the workspace (default: ./workspace)")
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        return sub

    sub = act("import", "Import lists of places and postcodes; files of anything else are refused.")
    sub.add_argument("paths", nargs="+", metavar="PATH")
    sub.add_argument("--authority", help="GSS code of the authority, such as E06000014")
    sub.set_defaults(only=IMPORTED)

    sub = act("list", "Every place with all that the register says of it.")
    sub.add_argument("--kind", choices=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))

    act("duplicates", "Pairs of places that may be one, for a person to decide on.")

    sub = act("needs", "Needs of a theme beside the places that help with it, by area.")
    sub.add_argument("--theme", required=True, metavar="THEME", help=", ".join(THEMES))
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--need", default="", metavar="INDICATOR", help="that measures it (default: the first)")
    sub.add_argument("--minutes", type=float, default=15.0, help="walk within reach (default 15)")


def places_command(study: Study, options: argparse.Namespace) -> tuple[object, str]:
    """What one act comes to, as plain values and in words; "import" is done as any import is."""
    return {"list": _list, "duplicates": _duplicates, "needs": _needs}[options.act](study, options)


def _list(study: Study, options: argparse.Namespace) -> tuple[object, str]:
    frame = register_frame(study, stops=options.kind == "bus_stop")
    if options.kind:
        frame = frame[frame["kind"] == options.kind]
        if frame.empty:
            loaded = ", ".join(sorted(study.place_kinds)) or "none"
            raise InputError(f"no place of the kind {options.kind!r} is loaded; loaded are {loaded}")
    rows = pd.DataFrame(frame.drop(columns="geometry")).assign(x=frame.geometry.x, y=frame.geometry.y)
    records = rows.reset_index().to_dict("records")
    words = rows[["name", "kind", "status", "owner", "postcode"]].to_string()
    return {"authority": study.authority_code, "places": records}, words


def _duplicates(study: Study, options: argparse.Namespace) -> tuple[object, str]:
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


def _needs(study: Study, options: argparse.Namespace) -> tuple[object, str]:
    from neighbourhoods.register.need_asset import NeedParams, need_assets
    from neighbourhoods.register.need_asset_report import need_json, need_words

    params = NeedParams(options.theme, options.geography, options.need, options.minutes)
    found = need_assets(study, params)
    return {"authority": study.authority_name, **need_json(study, found)}, need_words(study, found)
