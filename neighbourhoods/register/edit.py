"""What people may do to the register of places: change, add, take out, merge, tell apart, undo and redo.

Every act is checked first and then kept as one change with who and why; when it is refused nothing has
changed. `Study.places` shows the result on every page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import shapely

from geodata.errors import InputError
from geodata.register_table import put_place_change
from neighbourhoods.register.change import (
    ADD,
    DISTINCT,
    MERGE,
    REMOVE,
    SET,
    UNDO,
    XY,
    PlaceChange,
    Value,
    to_redo,
    to_undo,
)
from neighbourhoods.register.field import changed_values, plain_value, require_in_britain
from neighbourhoods.register.register import place_values, postcode_xy
from neighbourhoods.study.study import Study

Changes = dict[str, tuple[Value, Value]]


def edit_place(
    study: Study, place_id: str, given: Mapping[str, object], *, author: str, reason: str = ""
) -> str:
    """Change what the register says of a place; returns the id of the change.

    A new postcode moves the place there, unless new coordinates are given with it.

    Raises
    ------
    InputError
        For a value that cannot be read, a place outside the authority, no author, or nothing to change.
    """
    before = place_values(study, place_id)
    fields: Changes = changed_values(before, given)
    if "postcode" in fields and fields["postcode"][1] and not set(XY) & set(fields):
        x, y = postcode_xy(study, str(fields["postcode"][1]))
        fields |= changed_values(before, {"x": x, "y": y})
    if set(XY) & set(fields):
        _require_inside(study, *(fields[one][1] if one in fields else plain_value(before[one]) for one in XY))
    if not fields:
        raise InputError("Nothing is changed: every field is as it was.")
    return _keep(study, SET, place_id, fields=fields, author=author, reason=reason)


def add_place(study: Study, given: Mapping[str, object], *, author: str, reason: str = "") -> str:
    """Add a place by its coordinates, or by its postcode; returns its place_id.

    Raises
    ------
    InputError
        As `edit_place`, and without a name or a place to stand.
    """
    wanted = {"name": "", "kind": "venue", "status": "open", **given}
    fields: Changes = changed_values({}, wanted)
    fields |= changed_values({}, {"kind": wanted["kind"], "status": wanted["status"]})
    if "name" not in fields:
        raise InputError("Name: a place needs one.")
    if not set(XY) <= set(fields):
        postcode = fields.get("postcode", (None, None))[1]
        if not postcode:
            raise InputError("Give a postcode, or easting and northing: a place must stand somewhere.")
        x, y = postcode_xy(study, str(postcode))
        fields |= {"x": (None, x), "y": (None, y)}
    _require_inside(study, fields["x"][1], fields["y"][1])
    fields["source_id"] = (None, "council_venues")
    seed = repr((sorted((k, v[1]) for k, v in fields.items()), study.version, len(study.place_changes())))
    place_id = f"{fields['kind'][1]}:added-{hashlib.sha256(seed.encode()).hexdigest()[:10]}"
    _keep(study, ADD, place_id, fields=fields, author=author, reason=reason)
    return place_id


def remove_place(study: Study, place_id: str, *, author: str, reason: str = "") -> str:
    """Take a place out of the register; it can be brought back.

    Raises
    ------
    InputError
        Without an author, or when there is no such place.
    """
    place_values(study, place_id)
    return _keep(study, REMOVE, place_id, author=author, reason=reason)


def merge_places(
    study: Study,
    kept_id: str,
    merged_id: str,
    chosen: Mapping[str, object],
    *,
    author: str,
    reason: str = "",
) -> str:
    """Make one place of two: the second goes up in the first, and can be taken out again.

    Parameters
    ----------
    chosen : Mapping
        Values by field that the place is to have from now on; fields that are left out stay as they are.

    Raises
    ------
    InputError
        As `edit_place`, or when both are the same place.
    """
    if kept_id == merged_id:
        raise InputError("A place cannot be merged with itself.")
    place_values(study, merged_id)
    fields: Changes = changed_values(place_values(study, kept_id), chosen)
    return _keep(study, MERGE, kept_id, merged_id, fields=fields, author=author, reason=reason)


def tell_apart(study: Study, first_id: str, second_id: str, *, author: str, reason: str = "") -> str:
    """Keep that two places are not the same, so that nobody is asked again.

    Raises
    ------
    InputError
        Without an author, or when one of them is not there.
    """
    place_values(study, first_id)
    place_values(study, second_id)
    return _keep(study, DISTINCT, first_id, second_id, author=author, reason=reason)


def undo_change(study: Study, place_id: str, *, author: str, reason: str = "") -> str:
    """Take the last change of a place back.

    Raises
    ------
    InputError
        When there is none.
    """
    last = to_undo(study.place_changes(), place_id)
    if last is None:
        raise InputError("There is no change of this place to take back.")
    return _keep_undo(study, last, author, reason)


def redo_change(study: Study, place_id: str, *, author: str, reason: str = "") -> str:
    """Do again what was taken back last.

    Raises
    ------
    InputError
        When nothing was, or the place has been changed anew.
    """
    last = to_redo(study.place_changes(), place_id)
    if last is None:
        raise InputError("Nothing of this place was taken back last, so nothing can be done again.")
    return _keep_undo(study, last, author, reason)


def _require_inside(study: Study, x: Value, y: Value) -> None:
    require_in_britain(x, y)
    if not study.geographies or x is None or y is None:
        return
    shapes = study.outlines(study.geographies[0]).geometry.to_numpy()
    if not shapely.intersects(shapes, shapely.Point(float(x), float(y))).any():
        raise InputError(
            f"The point at easting {float(x):,.0f} and northing {float(y):,.0f} lies outside "
            f"{study.authority_name}."
        )


def _keep_undo(study: Study, last: PlaceChange, author: str, reason: str) -> str:
    return _keep(study, UNDO, last.place_id, last.other_id, undoes=last.id, author=author, reason=reason)


def _keep(
    study: Study,
    act: str,
    place_id: str,
    other_id: str = "",
    *,
    author: str,
    fields: Mapping[str, tuple[Value, Value]] | None = None,
    undoes: str = "",
    reason: str = "",
) -> str:
    if not author.strip():
        raise InputError("Say who you are: each change is kept with its author.")
    row: dict[str, object] = {
        "act": act,
        "place_id": place_id,
        "other_id": other_id,
        "fields": {name: list(pair) for name, pair in (fields or {}).items()},
        "undoes": undoes,
        "author": author.strip(),
        "reason": reason.strip(),
        "authority_code": study.authority_code,
    }
    return put_place_change(study.store, row, seen=study.version)
