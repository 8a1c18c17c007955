"""What the register says of a place: its fields as literal records, and values checked before they are kept.

What is typed into a form comes as text; here it becomes a value or is refused by the name of its field, so
that a cost that cannot be read is never nought and a date is always a date.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from geodata.errors import InputError
from geodata.layouts.postcode import normal_postcodes
from geodata.layouts.venue import CANDIDATE, MAY_CLOSE, OPEN, STAYS
from geodata.text import one_line
from neighbourhoods.register.change import Value

KINDS: dict[str, str] = {
    "library": "Library",
    "gp_surgery": "GP surgery",
    "school": "School",
    "pharmacy": "Pharmacy",
    "dentist": "Dentist",
    "clinic": "Clinic",
    "hospital": "Hospital",
    "bus_stop": "Bus stop",
    "venue": "Venue",
}
OWNERS = ("Council", "NHS", "Voluntary", "Commercial", "Other public body")
STATUSES = (OPEN, STAYS, MAY_CLOSE, CANDIDATE)
YES_NO = ("yes", "partly", "no")
MOST_LETTERS = 2_000
MOST_NAME = 200
GREAT_BRITAIN = (0.0, 0.0, 700_000.0, 1_300_000.0)  # EPSG:27700


@dataclass(frozen=True)
class RegisterField:
    """One thing that the register says of a place.

    Parameters
    ----------
    id : str
        Name of the column.
    label : str
    form : str
        "text", "long" text, "choice", "number" or "date".
    choices : tuple of str
        Words to choose from; others that a list brought stay as they are.
    hint : str
        Under the box.
    """

    id: str
    label: str
    form: str = "text"
    choices: tuple[str, ...] = ()
    hint: str = ""


FIELDS: dict[str, RegisterField] = {
    one.id: one
    for one in (
        RegisterField("name", "Name"),
        RegisterField("kind", "Kind", "choice", tuple(KINDS)),
        RegisterField("status", "Status", "choice", STATUSES, "Hubs keeps those that stay."),
        RegisterField("owner", "Owner", "choice", OWNERS),
        RegisterField("services", "Services", "long", hint="What goes on there; semicolons between."),
        RegisterField("opening_hours", "Opening hours", "long"),
        RegisterField("step_free", "Step-free access", "choice", YES_NO),
        RegisterField("parking", "Parking"),
        RegisterField("permission", "A bus may stand here", "choice", YES_NO, "Permission was given."),
        RegisterField("hard_standing", "Hard standing", "choice", YES_NO, "For a bus."),
        RegisterField("power", "Power for a bus", "choice", YES_NO),
        RegisterField("toilets", "Toilets", "choice", YES_NO),
        RegisterField("capacity", "Capacity, people", "number"),
        RegisterField("running_cost_gbp", "Running cost a year, pounds", "number"),
        RegisterField("opening_cost_gbp", "Opening cost, pounds", "number", hint="Of a candidate."),
        RegisterField("condition", "Condition"),
        RegisterField("address", "Address"),
        RegisterField("postcode", "Postcode", hint="A new postcode moves the place there."),
        RegisterField("x", "Easting, metres", "number"),
        RegisterField("y", "Northing, metres", "number"),
        RegisterField("source", "Source", hint="Where this is known from."),
        RegisterField("checked_on", "Checked on", "date", hint="Such as 2026-03-31."),
    )
}


def checked_value(name: str, given: object) -> Value:
    """One value as it is kept: text on one line, a number of nought or more, an ISO date; None for a blank.

    Raises
    ------
    InputError
        Names the field, what was given and what is expected.
    """
    one = FIELDS[name]
    text = "" if given is None or (isinstance(given, float) and math.isnan(given)) else one_line(str(given))
    if one.form == "number":
        return _number(one, text)
    if len(text) > (MOST_NAME if name == "name" else MOST_LETTERS):
        raise InputError(f"{one.label}: {len(text):,} letters are too many. Shorten it.")
    if name == "name" and not text:
        raise InputError("Name: a place needs one.")
    if name == "postcode" and text:
        postcode = str(normal_postcodes(pd.Series([text])).iloc[0])
        if not postcode:
            raise InputError(f"Postcode: {text!r} is none. Write it as in YO1 7PR, or leave it empty.")
        return postcode
    if one.form == "date" and text:
        return _date(one, text)
    if name in ("kind", "status") and text not in one.choices:
        raise InputError(f"{one.label}: {text!r} is none of {', '.join(one.choices)}.")
    return text


def changed_values(
    before: Mapping[str, object], given: Mapping[str, object]
) -> dict[str, tuple[Value, Value]]:
    """What a form changes: (before, after) by field; what stays as it was is not checked again.

    Raises
    ------
    InputError
        As `checked_value`; ValueError for a field that there is not.
    """
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise ValueError(f"no such field: {unknown}")
    found: dict[str, tuple[Value, Value]] = {}
    for name, value in given.items():
        was = plain_value(before.get(name))
        if is_same(was, value):
            continue
        now = checked_value(name, value)
        if not is_same(was, now):
            found[name] = (was, now)
    return found


def require_in_britain(x: Value, y: Value) -> None:
    """Refuse coordinates that cannot be metres of the British National Grid.

    Raises
    ------
    InputError
        When one is missing or out of range.
    """
    west, south, east, north = GREAT_BRITAIN
    if not isinstance(x, float) or not isinstance(y, float):
        raise InputError("Easting and northing: both are needed, or a postcode.")
    if not (west <= x <= east and south <= y <= north):
        raise InputError(
            f"Easting {x:,.0f} and northing {y:,.0f} do not lie in Great Britain. Give metres of the British "
            "National Grid, as in 460000 and 452000."
        )


def plain_value(value: object) -> Value:
    """A value of a frame as it is kept: NaN is None, a number a float."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return float(value) if isinstance(value, int | float) else str(value)


def is_same(one: object, other: object) -> bool:
    """Whether two values are the same to the register: nothing is nothing, metres agree to 5 cm."""
    mine, theirs = plain_value(one), plain_value(other)
    if isinstance(mine, float) and isinstance(theirs, float):
        return math.isclose(mine, theirs, abs_tol=0.05)
    return (mine if mine is not None else "") == (theirs if theirs is not None else "")


def _number(one: RegisterField, text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(re.sub(r"[£,\s]", "", text))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise InputError(f"{one.label}: {text!r} is no number of nought or more. Leave it empty if unknown.")
    return number


def _date(one: RegisterField, text: str) -> str:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"):
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if found > date.today():
            raise InputError(f"{one.label}: {text} has not come yet.")
        return found.isoformat()
    raise InputError(f"{one.label}: {text!r} is no date. Write it as in 2026-03-31.")
