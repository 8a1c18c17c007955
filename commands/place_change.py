"""The acts of `places` that change the register by hand, and what was changed."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from commands.answer import Answer
from geodata.errors import InputError
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
from neighbourhoods.register.field import FIELDS
from neighbourhoods.register.register import history, name_of, place_values
from neighbourhoods.study.study import Study


def add_changes(act: Callable[[str, str], argparse.ArgumentParser]) -> None:
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


def change_register(study: Study, options: argparse.Namespace) -> Answer:
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


def change_history(study: Study, options: argparse.Namespace) -> Answer:
    """Every change of a place, or of all, newest first."""
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
