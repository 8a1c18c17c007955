"""What is said of a bus in one word: sessions, visits, hours of stops, what it avoids, times."""

from __future__ import annotations

import re

from geodata.errors import InputError
from neighbourhoods.outreach.plan import (
    DAY_NAMES,
    MOST_MINUTE,
    FixedVisit,
    ForbiddenRoad,
    Session,
    StopWindow,
)

DAYS = {name[:3].lower(): number for number, name in enumerate(DAY_NAMES)}
_SESSION = re.compile(
    r"(?P<id>[\w-]+)=(?P<service>\w+)@(?P<start>\d{1,2}:\d\d)-(?P<end>\d{1,2}:\d\d)(:(?P<days>[\w,]+))?"
)
_WINDOW = re.compile(r"(?P<id>.+)=(?P<start>\d{1,2}:\d\d)-(?P<end>\d{1,2}:\d\d)(:(?P<days>[a-zA-Z,]+))?")


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
    own = parse_days(found["days"]) if found["days"] else days
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
        StopWindow(found["id"], day, begin, end)
        for day in (parse_days(found["days"]) if found["days"] else (-1,))
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


def parse_days(text: str) -> tuple[int, ...]:
    """ "mon,tue" as days, 0 for Monday.

    Raises
    ------
    InputError
        When one is no day.
    """
    names = [one.strip().lower()[:3] for one in text.split(",") if one.strip()]
    unknown = [one for one in names if one not in DAYS]
    if unknown:
        raise InputError(f"There is no day {unknown[0]!r}; days are {', '.join(DAYS)}.")
    return tuple(sorted({DAYS[one] for one in names}))
