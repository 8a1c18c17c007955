"""Opening hours as people write them, read into minutes of the seven days.

Lists say "Mon-Fri 9am-5pm", OpenStreetMap "Mo-Fr 09:00-17:00; Sa 10:00-13:00", others "Monday: 10:00 - 17:00,
Tuesday: Closed". What is not understood stays text, and the part that it stands in counts for nothing: the
mistake this prevents is "first Monday of the month" taken for every Monday.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 1_440
EVENING = 18 * 60
OPEN_AT = {"weekday_evening": "On a weekday after 6pm", "weekend": "At the weekend"}
_NO_DAYS: tuple[tuple[tuple[int, int], ...], ...] = ((),) * 7
_EARLY = 7  # "2-5" is the afternoon, "7-9" the morning
_TOKEN = re.compile(
    r"""
    (?P<always>24\s*/\s*7|open\s+all\s+hours)
  | (?P<whole>(?:open\s+)?24\s*(?:hours|hrs)\b)
  | (?P<all>daily|every\s*day|7\s+days\s+a\s+week|seven\s+days\s+a\s+week)
  | (?P<week>weekdays?\b) | (?P<end>weekends?\b)
  | (?P<holiday>(?:bank|public|school)\s+holidays?|\bPH\b|\bSH\b)
  | (?P<closed>closed\b|\boff\b)
  | (?P<day>mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?
      |mon|tues?|weds?|thur?s?|fri|sat|sun|mo|tu|we|th|fr|sa|su)(?![a-z])\.?
  | (?P<time>12\s*(?:noon|midday|midnight)\b
      |(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?:(?P<half>[ap])\.?\s?m\b\.?)?(?![\d:])
      |noon\b|midday\b|midnight\b)
  | (?P<to>-|–|—|\bto\b|\btill?\b|\buntil\b)
  | (?P<next>;|\||\n)
  | (?P<skip>,|&|:|\band\b|\bopen(?:ing|s)?\b|\bhours\b|\btimes\b|\bfrom\b|\bbetween\b|\s+)
  | (?P<word>[^\s,;:|]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = re.compile(r"\s*([^:;|\n]*?[^:;|\n\s\d])\s*:\s*(?=[a-z]|24\s*h)", re.IGNORECASE)


@dataclass(frozen=True)
class Hours:
    """When a place is open.

    Parameters
    ----------
    by_day : tuple of seven tuples of (int, int)
        Monday first: opens and closes, minutes after that day's midnight, in order, apart from each other.
        Past midnight the close counts on (26:00 is 1,560). A day without any is closed, if `is_known`.
    text : str
        As it was written.
    unread : tuple of str
        Parts that are not understood, which count for nothing.
    is_known : bool
        Whether any part was understood; else nobody knows when the place is open.
    """

    by_day: tuple[tuple[tuple[int, int], ...], ...]
    text: str = ""
    unread: tuple[str, ...] = ()
    is_known: bool = False

    def is_open(self, day: int, start: int, end: int | None = None) -> bool:
        """Whether it is open at a minute of a day (0 for Monday), or all the time from one to another."""
        until = start + 1 if end is None else end
        spans = [*self.by_day[day], *((a - DAY, b - DAY) for a, b in self.by_day[day - 1])]
        return any(opens <= start and until <= closes for opens, closes in spans)

    def meets(self, when: str) -> bool:
        """Whether it is open at a time of `OPEN_AT`; False where nobody knows."""
        if when == "weekend":
            return any(self.by_day[5:])
        return any(closes > EVENING for day in self.by_day[:5] for _, closes in day)


@dataclass
class _Part:
    """One statement: days, and when on them."""

    days: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    is_closed: bool = False
    is_holiday: bool = False
    is_whole: bool = False
    is_labelled: bool = False
    is_unclear: bool = False
    last: str = ""
    start: int = 0
    end: int = 0


@lru_cache(maxsize=4_096)
def parse_hours(text: str) -> Hours:
    """Opening hours out of text.

    Parameters
    ----------
    text : str
        Days before or after their times; parts between semicolons, bars or lines. A later part that overlaps
        an earlier one of the same day replaces it, as in OpenStreetMap's `opening_hours`
        (wiki.openstreetmap.org, Key:opening_hours/specification); other times add up. "Café: Mon 9-5" is open for something, so times
        under a name always add up. Bank and school holidays are passed over. Times without a day are not
        understood.

    Returns
    -------
    Hours
    """
    days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    unread: list[str] = []
    is_known = False
    for part in _parts(text):
        said = text[part.start : part.end].strip(" ,;|\n")
        spans = [(0, DAY)] if part.is_whole else part.spans
        if part.is_holiday and not part.is_unclear:
            continue
        if part.is_unclear or not part.days or not (spans or part.is_closed):
            if said:
                unread.append(said)
            continue
        is_known = True
        for day in part.days:
            if part.is_closed:
                days[day] = []
                continue
            if not part.is_labelled:
                days[day] = [one for one in days[day] if not any(_overlap(one, new) for new in spans)]
            days[day] = _joined([*days[day], *spans])
    return Hours(tuple(tuple(one) for one in days), text, tuple(unread), is_known)


def hours_words(hours: Hours) -> str:
    """ "Mon to Fri 09:00 to 17:00; Sat 10:00 to 13:00", which reads back the same; empty where not known."""
    if not hours.is_known:
        return ""
    if not any(hours.by_day):
        return "Mon to Sun closed"
    parts = []
    first = 0
    for day in range(1, 8):
        if day < 7 and hours.by_day[day] == hours.by_day[first]:
            continue
        if hours.by_day[first]:
            named = DAY_NAMES[first] if day - first == 1 else f"{DAY_NAMES[first]} to {DAY_NAMES[day - 1]}"
            spans = ", ".join(f"{_clock(a)} to {_clock(b)}" for a, b in hours.by_day[first])
            parts.append(f"{named} {spans}")
        first = day
    return "; ".join(parts)


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}" if minute != DAY else "24:00"


def _parts(text: str) -> list[_Part]:
    """The statements of a text, in order."""
    parts = [_Part()]
    times: list[re.Match[str]] = []
    is_range = False
    at = 0
    while at < len(text):
        label = _LABEL.match(text, at) if not parts[-1].last and not parts[-1].is_unclear else None
        if label and not any(m.lastgroup != "word" for m in _plain(label[1])):
            parts[-1].is_labelled, at = True, label.end()
            continue
        found = _TOKEN.match(text, at)
        if found is None:  # a colon between digits, or the like
            parts[-1].is_unclear, at = True, at + 1
            continue
        kind = _kind(found)
        part = parts[-1]
        if _begins(part, kind):
            part.is_unclear |= bool(times)
            times, is_range = [], False
            part = _Part(start=at if kind != "next" else found.end())
            parts.append(part)
        at = found.end()
        part.end = at
        if kind == "next" or kind == "skip":
            continue
        if kind == "to":
            part.is_unclear |= is_range or part.last not in ("day", "time")
            is_range = True
            continue
        if kind == "time":
            times.append(found)
            if len(times) == 2:
                span = _span(times[0], times[1]) if is_range else None
                part.is_unclear |= span is None
                part.spans += [span] if span is not None else []
                times = []
        else:
            part.is_unclear |= bool(times)
            _take(part, kind, found[0], is_range)
        is_range = False
        part.last = "day" if kind in ("week", "end", "all", "always") else kind
    parts[-1].is_unclear |= bool(times) or is_range
    return parts


def _begins(part: _Part, kind: str) -> bool:
    """Whether a token of this kind opens a new statement."""
    if kind == "next":
        return True
    is_told = bool(part.spans) or part.is_closed or part.is_whole
    if kind in ("day", "week", "end", "all", "holiday"):
        return is_told and bool(part.days or part.is_holiday) and part.last not in ("day", "to")
    if kind == "time":
        return part.last == "day" and is_told
    return kind in ("closed", "always") and is_told


def _take(part: _Part, kind: str, text: str, is_range: bool) -> None:
    """A token other than a time into its statement."""
    if kind == "day":
        day = [name[:2].lower() for name in DAY_NAMES].index(text[:2].lower())
        if is_range and part.days:
            span = (day - part.days[-1]) % 7
            part.days += [(part.days[-1] + step) % 7 for step in range(1, span + 1)]
        else:
            part.days.append(day)
    elif kind in ("week", "end", "all", "always"):
        part.days += {"week": range(5), "end": range(5, 7)}.get(kind, range(7))
        part.is_whole |= kind == "always"
    elif kind == "whole":
        part.is_whole = True
        part.days += [] if part.days else range(7)
    elif kind == "closed":
        part.is_closed = True
    elif kind == "holiday":
        part.is_holiday = True
    else:
        part.is_unclear = True


def _plain(label: str) -> list[re.Match[str]]:
    """The tokens of a would-be label but for spaces and commas; a name holds none that says when."""
    return [m for m in _TOKEN.finditer(label) if _kind(m) != "skip"]


def _kind(found: re.Match[str]) -> str:
    kinds = (
        "always",
        "whole",
        "all",
        "week",
        "end",
        "holiday",
        "closed",
        "day",
        "time",
        "to",
        "next",
        "skip",
    )
    return next((one for one in kinds if found[one] is not None), "word")


def _span(first: re.Match[str], second: re.Match[str]) -> tuple[int, int] | None:
    """From one time to another, in minutes; halves of the day that are not written are guessed by sense."""
    opens, closes = _minute(first), _minute(second)
    if opens is None or closes is None:
        return None
    loose = [_is_loose(one) for one in (first, second)]
    if loose[0] and second["half"] and opens < DAY // 2 and opens + DAY // 2 < closes:
        opens += DAY // 2
    if all(loose) and opens < _EARLY * 60:
        opens += DAY // 2
    if closes <= opens:
        closes += DAY // 2 if loose[1] and closes + DAY // 2 > opens else DAY
    return opens, closes


def _is_loose(one: re.Match[str]) -> bool:
    """Whether a time leaves open which half of the day it is in."""
    hour = one["hour"]
    return hour is not None and one["half"] is None and not hour.startswith("0") and 1 <= int(hour) <= 12


def _minute(one: re.Match[str]) -> int | None:
    if one["hour"] is None:
        return DAY if "midnight" in one[0].lower() else DAY // 2
    hour, minute = int(one["hour"]), int(one["minute"] or 0)
    if one["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if one["half"].lower() == "p" else 0)
    return hour * 60 + minute if hour * 60 + minute <= 2 * DAY and minute < 60 else None


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found
