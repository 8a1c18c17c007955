"""Text of opening hours cut into statements: some days, and when on them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 1_440
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


@dataclass
class HourStatement:
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


def hour_statements(text: str) -> list[HourStatement]:
    """The statements of a text, in order."""
    parts = [HourStatement()]
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
            part = HourStatement(start=at if kind != "next" else found.end())
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


def _begins(part: HourStatement, kind: str) -> bool:
    """Whether a token of this kind opens a new statement."""
    if kind == "next":
        return True
    is_told = bool(part.spans) or part.is_closed or part.is_whole
    if kind in ("day", "week", "end", "all", "holiday"):
        return is_told and bool(part.days or part.is_holiday) and part.last not in ("day", "to")
    if kind == "time":
        return part.last == "day" and is_told
    return kind in ("closed", "always") and is_told


def _take(part: HourStatement, kind: str, text: str, is_range: bool) -> None:
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
