"""Events that come once, every week or every second one, as an iCalendar file (RFC 5545).

Hours are those of the clock on the wall: the time zone travels with the file, so that 10:15 stays 10:15 when
summer time begins. Lines are folded at 75 octets, never within a letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from geodata.errors import InputError

ZONE = "Europe/London"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LINE_OCTETS = 75
_TIME_ZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "DTSTART:19810329T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class CalendarEvent:
    """One event, that comes again or once.

    Parameters
    ----------
    uid : str
        The same for the same event in every file, so that a calendar takes it for a newer version.
    first, last_day : datetime, date
        When it begins for the first time, by the clock in London; the last day on which it may come.
    minutes : int
    every_weeks : int
        0 for an event that comes once.
    summary, location, description : str
    lat, lon : float
        Degrees.
    except_days : tuple of date
        On which it does not come.
    """

    uid: str
    first: datetime
    last_day: date
    minutes: int
    every_weeks: int
    summary: str
    location: str
    description: str
    lat: float
    lon: float
    except_days: tuple[date, ...] = ()


def to_icalendar_bytes(events: Sequence[CalendarEvent], name: str, stamp: datetime) -> bytes:
    """A calendar.

    Parameters
    ----------
    name : str
        Shown by calendar programs.
    stamp : datetime
        When it was made (UTC).

    Raises
    ------
    InputError
        Without an event: a calendar must have one.
    """
    if not events:
        raise InputError("There is no visit to put into a calendar. Find stops and rounds first.")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Neighbourhoods//Outreach bus//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        *_TIME_ZONE,
        *(line for event in events for line in _event_lines(event, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(folded(line) for line in lines).encode()


def escaped(text: str) -> str:
    """Text as a value (RFC 5545, 3.3.11): backslash, semicolon, comma and line end behind a backslash."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def folded(line: str) -> str:
    """A line of at most 75 octets and its continuations, each behind a space (RFC 5545, 3.1)."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += octets
    return "\r\n".join([*parts, part]) + "\r\n"


def _event_lines(event: CalendarEvent, stamp: datetime) -> list[str]:
    zone = ZoneInfo(ZONE)
    until = datetime.combine(event.last_day, time(23, 59, 59), zone).astimezone(UTC)
    day = WEEKDAYS[event.first.weekday()]
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={ZONE}:{event.first:%Y%m%dT%H%M%S}",
        f"DURATION:PT{event.minutes}M",
        *(
            [f"RRULE:FREQ=WEEKLY;INTERVAL={event.every_weeks};BYDAY={day};UNTIL={until:%Y%m%dT%H%M%SZ}"]
            if event.every_weeks
            else []
        ),
        *(f"EXDATE;TZID={ZONE}:{one:%Y%m%d}T{event.first:%H%M%S}" for one in event.except_days),
        f"SUMMARY:{escaped(event.summary)}",
        f"LOCATION:{escaped(event.location)}",
        f"GEO:{event.lat:.6f};{event.lon:.6f}",
        f"DESCRIPTION:{escaped(event.description)}",
        "END:VEVENT",
    ]
