"""The arrays between which the search for rounds works: what is asked, and the rounds as they are drawn.

A visit below `n_items` is free: its number is that of its item, which is a stop in a session. The others are
fixed, and may have an hour. The worth of all visits is a sum over layers: the first visits of all stops make
the first layer, the second ones the next; in a layer each point counts by the best of its stops, and a layer
by `worth`. So a stop beside another adds only what the other does not reach, and so does a repeat.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

OPEN, IN_PART, CLOSED = 0, 1, 2
SLACK = 1e-9
NONE: Any = np.int64(
    -1
)  # no place, or the depot; a literal -1 would have functions compiled once more for it


class Task(NamedTuple):
    """What is asked, as arrays.

    Parameters
    ----------
    by_item, point, gain : int64 (n_items + 1,), int64, float64
        What each item is worth at each point that it reaches.
    by_point, item, item_gain : int64 (n_points + 1,), int64, float64
        The same by point.
    is_must : bool (n_points,)
        Points that count in the first layer only: they stand for areas that may not be left out.
    item_session : int64 (n_items,)
    visit_item, visit_stop : int64 (n_visits,)
    visit_at : float64 (n_visits,)
        Minute at which it must begin; below nought for any.
    drive : float64 (n_stops + 1, n_stops + 1)
        Minutes between stops; the last is the depot.
    km : float64 (n_stops + 1, n_stops + 1)
    dwell : float
    round_session, round_group, round_sitting, round_day : int64 (n_rounds,)
        A group is a driver's day; a sitting a session on one day of one week, over all vehicles; days from 0
        for Monday.
    earliest, latest : float64 (n_rounds,)
    by_group, group_round : int64 (n_groups + 1,), int64
        Rounds of each group in the order in which they are driven.
    shift, rest, rest_after : float
    worth : float64 (n_layers,)
    hours : int64 (n_stops, n_rounds)
        When a vehicle may stand there while the round lasts: `OPEN` all through, `IN_PART`, or `CLOSED`.
    by_window, opens, closes : int64 (7 n_stops + 1,), float64, float64
        Windows of each stop and day in rising order; heeded where `hours` says `IN_PART`.
    range_km, refuel : float
        Furthest that a vehicle drives until it is refuelled at the depot, and the minutes that this takes.
    is_strict : bool
        Whether anything has an hour or a window, a range ends, or a drive is forbidden: else a round is its
        minutes and no more.
    """

    by_item: Ints
    point: Ints
    gain: Floats
    by_point: Ints
    item: Ints
    item_gain: Floats
    is_must: Flags
    item_session: Ints
    visit_item: Ints
    visit_stop: Ints
    visit_at: Floats
    drive: Floats
    km: Floats
    dwell: float
    round_session: Ints
    round_group: Ints
    round_sitting: Ints
    round_day: Ints
    earliest: Floats
    latest: Floats
    by_group: Ints
    group_round: Ints
    shift: float
    rest: float
    rest_after: float
    worth: Floats
    hours: Ints
    by_window: Ints
    opens: Floats
    closes: Floats
    range_km: float
    refuel: float
    is_strict: bool


class Drawn(NamedTuple):
    """Rounds as they are drawn, changed in place.

    Parameters
    ----------
    visit : int64 (n_rounds, n_most)
    length, n_timed : int64 (n_rounds,)
        Visits of a round; those of them with an hour or a window.
    minutes : float64 (n_rounds,)
        From leaving the depot to being back, the rest among it.
    early, late : float64 (n_rounds, n_most)
        When the bus can leave each visit at the earliest, and must begin it at the latest, if the round had
        its driver's day for itself and no rest; only of strict tasks.
    n_of : int64 (n_items,)
    sits : bool (n_items, n_sittings)
    best : float64 (n_layers, n_points)
    next_gain, is_stale : float64 (n_items,), bool (n_items,)
        What one more visit adds; whether that is to be worked out anew.
    is_moved : bool (n_rounds,)
        Rounds that have changed since it was last looked where visits cost least in them.
    """

    visit: Ints
    length: Ints
    n_timed: Ints
    minutes: Floats
    early: Floats
    late: Floats
    n_of: Ints
    sits: Flags
    best: Floats
    next_gain: Floats
    is_stale: Flags
    is_moved: Flags


class Desk(NamedTuple):
    """Room to work in; what stands there from before means nothing.

    Parameters
    ----------
    around, stop : int64 (n_most + 2,)
        Visits of a round that is tried; stops of a round, the depot first and last.
    arrive, depart : float64 (n_most + 2,)
    place : int64 (n_items, n_rounds)
        Where each item costs least: -1 where it does not fit, -2 where that is not known.
    cost : float64 (n_items, n_rounds)
    room : float64 (n_rounds,)
    prize, luck, even : float64 (n_items,)
        How much each item is sought; by how much luck raises that, and where it does not.
    is_off : bool (n_rounds,)
        Rounds that have changed in this step.
    rounds, places, score : int64, int64, float64 (n_rounds n_most,)
        Visits that may be taken out.
    """

    around: Ints
    stop: Ints
    arrive: Floats
    depart: Floats
    place: Ints
    cost: Floats
    room: Floats
    prize: Floats
    luck: Floats
    even: Floats
    is_off: Flags
    rounds: Ints
    places: Ints
    score: Floats
