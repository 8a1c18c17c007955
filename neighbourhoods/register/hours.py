"""Opening hours as people write them, read into minutes of the seven days.

Lists say "Mon-Fri 9am-5pm", OpenStreetMap "Mo-Fr 09:00-17:00; Sa 10:00-13:00", others "Monday: 10:00 - 17:00,
Tuesday: Closed". What is not understood stays text, and the part that it stands in counts for nothing: the
mistake this prevents is "first Monday of the month" taken for every Monday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from neighbourhoods.register.hour_statement import DAY, DAY_NAMES, hour_statements

EVENING = 18 * 60
OPEN_AT = {"weekday_evening": "On a weekday after 6pm", "weekend": "At the weekend"}


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


@lru_cache(maxsize=4_096)
def parse_hours(text: str) -> Hours:
    """Opening hours out of text.

    Parameters
    ----------
    text : str
        Days before or after their times; parts between semicolons, bars or lines. A later part that overlaps
        an earlier one of the same day replaces it, as in OpenStreetMap's `opening_hours`
        (wiki.openstreetmap.org, Key:opening_hours/specification); other times add up. "Café: Mon 9-5" is
        open for something, so times under a name always add up. Bank and school holidays are passed over.
        Times without a day are not understood.

    Returns
    -------
    Hours
    """
    days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    unread: list[str] = []
    is_known = False
    for part in hour_statements(text):
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
