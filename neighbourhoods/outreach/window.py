"""When a vehicle may stand at a stop: windows of stops as arrays for the search.

Windows of one stop that overlap on a day are one window. The mistake this prevents: a bus at a car park
whose barrier is down, and a stop taken for open because the window that closes it is of another day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.outreach.plan import DAY_NAMES, MOST_MINUTE, OutreachParams, StopWindow
from neighbourhoods.outreach.task import CLOSED, IN_PART, OPEN
from neighbourhoods.register.hours import parse_hours

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Span = tuple[float, float]


def windows_by_day(params: OutreachParams) -> dict[str, tuple[tuple[Span, ...], ...]]:
    """By stop_id of those that have windows: for each day of the week its windows (open, close) in order."""
    given: dict[str, list[list[Span]]] = defaultdict(lambda: [[] for _ in DAY_NAMES])
    for one in params.windows:
        for day in range(len(DAY_NAMES)) if one.day < 0 else (one.day,):
            given[one.stop_id][day].append((float(one.open_minute), float(one.close_minute)))
    return {stop_id: tuple(tuple(_joined(one)) for one in days) for stop_id, days in sorted(given.items())}


def opening_windows(params: OutreachParams, places: pd.DataFrame) -> tuple[StopWindow, ...]:
    """Windows of places whose opening hours are understood, where they are to be kept.

    A place that has windows of its own or a fixed visit keeps what was set by hand; one that is said to be
    closed on all days has no hours that could be kept. What goes on past midnight ends there.

    Parameters
    ----------
    places : DataFrame
        By stop_id; opening hours as text in `opening_hours`, where there are any.
    """
    if not params.keep_opening_hours or "opening_hours" not in places:
        return ()
    by_hand = {one.stop_id for one in params.windows} | {one.stop_id for one in params.fixed}
    windows = []
    for stop_id, text in places["opening_hours"].dropna().astype(str).items():
        if str(stop_id) in by_hand:
            continue
        for day, spans in enumerate(parse_hours(text).by_day):
            windows += [
                StopWindow(str(stop_id), day, opens, min(closes, MOST_MINUTE)) for opens, closes in spans
            ]
    return tuple(windows)


def hours_words(params: OutreachParams, opening: tuple[StopWindow, ...]) -> str:
    """How many stops have hours that are kept, in words."""
    n_given = len({one.stop_id for one in params.windows})
    n_known = len({one.stop_id for one in opening})
    return f"hours kept of {n_given:,} stops as given and of {n_known:,} as the register has them"


def stop_windows(
    params: OutreachParams, stop_ids: list[str], days: Ints, earliest: Floats, latest: Floats
) -> dict[str, Any]:
    """The fields `hours`, `by_window`, `opens` and `closes` of a task.

    Parameters
    ----------
    days, earliest, latest : (n_rounds,)
        Of the rounds.
    """
    by_stop = windows_by_day(params)
    hours = np.full((len(stop_ids), len(days)), OPEN, dtype=np.int64)
    counts, spans = np.zeros(7 * len(stop_ids), dtype=np.int64), list[Span]()
    for row, stop_id in enumerate(stop_ids):
        if stop_id not in by_stop:
            continue
        for day, own in enumerate(by_stop[stop_id]):
            counts[7 * row + day] = len(own)
            spans += own
        for r in range(len(days)):
            hours[row, r] = _held(by_stop[stop_id][days[r]], earliest[r], latest[r], params.dwell_minutes)
    return {
        "hours": hours,
        "by_window": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "opens": np.array([one for one, _ in spans], dtype=float),
        "closes": np.array([one for _, one in spans], dtype=float),
    }


def require_open(params: OutreachParams) -> None:
    """Do nothing where every fixed visit with an hour lies in a window of its stop.

    Raises
    ------
    InputError
        When one does not, naming it.
    """
    by_stop = windows_by_day(params)
    for visit in params.fixed:
        if visit.stop_id not in by_stop:
            continue
        own, at = by_stop[visit.stop_id][visit.day], visit.arrive_minute
        is_open = any(begin <= at and at + params.dwell_minutes <= end for begin, end in own)
        if not own or (at >= 0 and not is_open):
            raise InputError(
                f"The fixed visit of {visit.stop_id} on {DAY_NAMES[visit.day]} ({visit.session_id}) is not "
                "within the hours in which a vehicle may stand there. Give it another hour or day, or the "
                "stop other hours."
            )


def require_known_stops(params: OutreachParams, place_ids: Container[object]) -> None:
    """Do nothing where hours and forbidden drives name places that there are.

    Raises
    ------
    InputError
        When one is not in the register, naming it.
    """
    for named, what in (
        ([one.stop_id for one in params.windows], "whose hours are given"),
        ([one for drive in params.forbidden_drives for one in drive], "of a forbidden drive"),
    ):
        unknown = next((one for one in named if one not in place_ids), None)
        if unknown is not None:
            raise InputError(f"The stop {unknown!r} {what} is not in the register of places.")


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _held(spans: tuple[Span, ...], earliest: float, latest: float, dwell: float) -> int:
    """Whether a stop is open all through a round, in part, or never for as long as a visit."""
    if any(begin <= earliest and latest <= end for begin, end in spans):
        return OPEN
    is_ever = any(min(end, latest) - max(begin, earliest) >= dwell for begin, end in spans)
    return IN_PART if is_ever else CLOSED
