"""The command `places`: lists in, the register out, changes by hand, duplicates, needs beside assets."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import pandas as pd

from commands.answer import Answer
from commands.argument import Subcommands, add_command
from commands.data import import_files
from commands.opened import open_study
from geodata.errors import InputError
from geodata.layouts.place import PLACES
from geodata.layouts.postcode import POSTCODES
from neighbourhoods.register.change import PlaceChange, standing_ids
from neighbourhoods.register.edit import (
    add_place,
    edit_place,
    merge_places,
    redo_change,
    remove_place,
    tell_apart,
    undo_change,
)
from neighbourhoods.register.field import FIELDS, KINDS
from neighbourhoods.register.hours import OPEN_AT, hours_words, parse_hours
from neighbourhoods.register.register import history, name_of, place_values, register_frame
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
    sub.add_argument("--authority", help="GSS code of the authority, such as E06000014")
    sub.set_defaults(run=import_files, only=IMPORTED)

    sub = act("list", "Every place with all that the register says of it.")
    sub.add_argument("--kind", choices=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))
    sub.add_argument("--open-at", choices=tuple(OPEN_AT), help="those alone that are known to be open then")

    _add_changes(act)
    act("duplicates", "Pairs of places that may be one, for a person to decide on.")

    sub = act("needs", "Needs of a theme beside the places that help with it, by area.")
    sub.add_argument("--theme", required=True, metavar="THEME", help=", ".join(THEMES))
    sub.add_argument("--geography", default="ward")
    sub.add_argument("--need", default="", metavar="INDICATOR", help="that measures it (default: the first)")
    sub.add_argument("--minutes", type=float, default=15.0, help="walk within reach (default 15)")


def _add_changes(act: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The acts that change the register; each is kept with who and why."""

    def change(name: str, help_text: str, *places: str, may_set: bool = False) -> None:
        sub = act(name, help_text)
        for one in places:
            sub.add_argument(one, metavar=one.upper())
        if may_set:
            sub.add_argument(
                "--set",
                action="append",
                default=[],
                metavar="FIELD=VALUE",
                help=f"once for each of {', '.join(FIELDS)}; nothing after = empties it",
            )
        sub.add_argument("--who", required=True, metavar="NAME", help="who makes the change")
        sub.add_argument("--why", default="", metavar="TEXT")

    change("add", "Add a place: a name, and a postcode or x and y, are needed.", may_set=True)
    change("edit", "Change what the register says of a place.", "place_id", may_set=True)
    change("remove", "Take a place out of the register; undo brings it back.", "place_id")
    change(
        "merge",
        "Make one place of two: the second goes up in the first.",
        "kept_id",
        "merged_id",
        may_set=True,
    )
    change("apart", "Keep that two places are not the same one.", "first_id", "second_id")
    change("undo", "Take the last change of a place back.", "place_id")
    change("redo", "Do again what was taken back last.", "place_id")
    sub = act("history", "Every change of a place, or of all, newest first, with who, when and why.")
    sub.add_argument("place_id", metavar="PLACE_ID", nargs="?", default="")


def _places(options: argparse.Namespace) -> Answer:
    """One act; `import` alone is done as any import is."""
    acts = {"list": _list, "duplicates": _duplicates, "needs": _needs, "history": _history}
    return acts.get(options.act, _change)(open_study(options), options)


def _change(study: Study, options: argparse.Namespace) -> Answer:
    """One change of the register, by the same functions as on the Assets page."""
    told = {"author": options.who, "reason": options.why}
    given = _given(getattr(options, "set", []))
    place_id = getattr(options, "place_id", getattr(options, "kept_id", getattr(options, "first_id", "")))
    if options.act == "add":
        place_id = add_place(study, given, **told)
    elif options.act == "edit":
        edit_place(study, place_id, given, **told)
    elif options.act == "merge":
        merge_places(study, place_id, options.merged_id, given, **told)
    elif options.act == "apart":
        tell_apart(study, place_id, options.second_id, **told)
    else:
        {"remove": remove_place, "undo": undo_change, "redo": redo_change}[options.act](
            study, place_id, **told
        )
    now = study.renewed()
    change = history(now, place_id)[0]
    name = name_of(now, place_id)
    return (
        {"authority": study.authority_code, "place_id": place_id, "name": name, "change": _record(change)},
        f"{name} ({place_id}): {_words(change)}",
    )


def _given(pairs: Sequence[str]) -> dict[str, object]:
    """Values by field out of FIELD=VALUE."""
    found: dict[str, object] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or name not in FIELDS:
            raise InputError(f"--set {pair!r}: write FIELD=VALUE; fields are {', '.join(FIELDS)}.")
        found[name] = value
    return found


def _history(study: Study, options: argparse.Namespace) -> Answer:
    changes = tuple(reversed(study.place_changes()))
    if options.place_id:
        changes = history(study, options.place_id)
        if not changes:
            place_values(study, options.place_id)  # refuses an id that nobody knows
    standing = standing_ids(study.place_changes())
    rows = [
        {**_record(one), "name": name_of(study, one.place_id), "stands": one.id in standing}
        for one in changes
    ]
    lines = [f"{one.created}  {name_of(study, one.place_id)}: {_words(one)}" for one in changes]
    return {"changes": rows}, "\n".join(lines) or "Nothing has been changed by hand."


def _record(change: PlaceChange) -> dict[str, object]:
    return {
        "id": change.id,
        "act": change.act,
        "place_id": change.place_id,
        "other_id": change.other_id or None,
        "fields": {name: {"before": was, "after": now} for name, (was, now) in change.fields.items()},
        "undoes": change.undoes or None,
        "who": change.author,
        "when": change.created,
        "why": change.reason,
    }


def _words(change: PlaceChange) -> str:
    fields = "; ".join(f"{name}: {was!r} to {now!r}" for name, (was, now) in change.fields.items())
    other = f" with {change.other_id}" if change.other_id else ""
    why = f" ({change.reason})" if change.reason else ""
    return f"{change.act}{other} by {change.author}{why}{'. ' + fields if fields else ''}"


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
