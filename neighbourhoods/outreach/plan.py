"""What is asked of an outreach bus, and the plan that answers it: values that solvers fill and pages show.

Times are minutes after midnight; a day is 0 for Monday to 6 for Sunday; a week is 0, or 1 where rounds are
fortnightly. The mistake this prevents: a stop that stands at another hour in every week and every export.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geodata.errors import InputError
from neighbourhoods.outreach.own_stop import QUALITIES, OwnStop
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.travel.straight_line import TRAVEL_MODES

LEAST_DWELL_MINUTES = 30.0  # at a stop: the standard for mobile services
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_MINUTE = 24 * 60

# Columns of the tables of a plan.
STOP_COLUMNS = ("name", "kind", "x", "y")
VISIT_COLUMNS = (
    "week",
    "day",
    "vehicle",
    "session_id",
    "place",
    "stop_id",
    "arrive_minute",
    "depart_minute",
    "drive_minutes",
    "drive_km",
    "people",
)
ROUND_COLUMNS = (
    "week",
    "day",
    "vehicle",
    "session_id",
    "leave_minute",
    "return_minute",
    "drive_minutes",
    "drive_km",
    "n_visits",
)


@dataclass(frozen=True)
class Session:
    """A part of the week in which one service is on board.

    Parameters
    ----------
    id : str
        "advice".
    service_id : str
        Key of `SERVICES`: whose need is counted.
    days : tuple of int
        Days on which it runs, rising.
    start_minute, end_minute : int
        When a vehicle leaves the depot at the earliest, and is back at the latest.
    """

    id: str
    service_id: str
    days: tuple[int, ...]
    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        if self.service_id not in SERVICES:
            raise InputError(f"There is no service {self.service_id!r}; there are {', '.join(SERVICES)}.")
        rising = list(self.days) == sorted(set(self.days))
        if not self.days or not rising or not set(self.days) <= set(range(len(DAY_NAMES))):
            raise InputError(f"Session {self.id}: choose at least one day from Monday to Sunday.")
        if not 0 <= self.start_minute < self.end_minute <= MOST_MINUTE:
            raise InputError(f"Session {self.id}: it must end after it begins, within one day.")

    @property
    def minutes(self) -> int:
        """How long a round may take."""
        return self.end_minute - self.start_minute


@dataclass(frozen=True)
class FixedVisit:
    """A visit that the plan must hold: a stop, a day, and an hour where `arrive_minute` is not negative."""

    stop_id: str
    session_id: str
    day: int
    arrive_minute: int = -1
    week: int = 0


@dataclass(frozen=True)
class StopWindow:
    """When a vehicle may stand at a stop: the whole of a visit lies within one of the windows of its day.

    A stop with windows is closed on days that none of them names; one without is open all day.

    Parameters
    ----------
    stop_id : str
    day : int
        0 for Monday to 6 for Sunday; -1 for every day.
    open_minute, close_minute : int
    """

    stop_id: str
    day: int
    open_minute: int
    close_minute: int

    def __post_init__(self) -> None:
        if not -1 <= self.day < len(DAY_NAMES):
            raise InputError(f"Hours of the stop {self.stop_id}: there is no day {self.day}.")
        if not 0 <= self.open_minute < self.close_minute <= MOST_MINUTE:
            raise InputError(
                f"Hours of the stop {self.stop_id}: it must close after it opens, within one day."
            )


@dataclass(frozen=True)
class ForbiddenRoad:
    """A point on a road that the bus may not use, in metres of EPSG:27700."""

    x: float
    y: float


@dataclass(frozen=True)
class OutreachParams:
    """What is asked.

    Parameters
    ----------
    hub_ids : tuple of str
        Places that serve people already; who is far from all of them is whom the bus is for.
    sessions : tuple of Session
    stop_kinds : tuple of str
        Kinds of place at which the bus may stand.
    depot_id : str
        Place at which every round begins and ends.
    far_minutes : float
        Who has a longer journey than this to every hub is far.
    mode, km_h : str, float
        How people go to hubs and to stops; 0 for the mode's own speed.
    stop_minutes : float
        A stop serves people within so many minutes; fewer of them, the longer the way.
    n_vehicles, n_weeks : int
        Vehicles; 1 for rounds of one week, 2 for those of a fortnight.
    shift_minutes : int
        Longest that one driver is on the road in a day, the break among it.
    break_minutes : int
        Taken within a round of more than `break_after_minutes`.
    break_after_minutes : int
    drive_km_h : float
        Speed of the vehicle where no street network is loaded.
    dwell_minutes : int
        At each stop.
    repeat_worth : float
        What a second visit of a stop in one cycle is worth of the first, and so on for each more (0 to 1).
    must_serve_need : float
        No area whose need is above this is left out; infinite for none.
    fixed : tuple of FixedVisit
    forbidden : tuple of str
        Stops that may not be used.
    windows : tuple of StopWindow
        When a vehicle may stand at a stop; a stop without any is open all day.
    keep_opening_hours : bool
        Whether a stop without windows has the opening hours that the register knows of that place.
    forbidden_roads : tuple of ForbiddenRoad
        Roads that the bus may not use, each by a point on it; needs streets to be loaded.
    forbidden_drives : tuple of (str, str)
        Two stops between which the bus does not drive without another between, either way.
    range_km : float
        Furthest that a vehicle drives until it is at the depot again; infinite for no limit.
    refuel_minutes : int
        At the depot between two rounds of a day that are together longer than the range.
    own_stops : tuple of OwnStop
        Points on the map at which the bus may stand as well.
    stop_needs : tuple of str
        Keys of `QUALITIES` that every stop must be known to have; visits that are fixed stay in any case.
    seed : int
    time_limit_s : float
    """

    hub_ids: tuple[str, ...]
    sessions: tuple[Session, ...]
    stop_kinds: tuple[str, ...]
    depot_id: str
    far_minutes: float = 15.0
    mode: str = "walk"
    km_h: float = 0.0
    stop_minutes: float = 10.0
    n_vehicles: int = 1
    n_weeks: int = 1
    shift_minutes: int = 420
    break_minutes: int = 30
    break_after_minutes: int = 360
    drive_km_h: float = 25.0
    dwell_minutes: int = 60
    repeat_worth: float = 0.5
    must_serve_need: float = float("inf")
    fixed: tuple[FixedVisit, ...] = ()
    forbidden: tuple[str, ...] = ()
    windows: tuple[StopWindow, ...] = ()
    keep_opening_hours: bool = True
    forbidden_roads: tuple[ForbiddenRoad, ...] = ()
    forbidden_drives: tuple[tuple[str, str], ...] = ()
    range_km: float = float("inf")
    refuel_minutes: int = 0
    own_stops: tuple[OwnStop, ...] = ()
    stop_needs: tuple[str, ...] = ()
    seed: int = 0
    time_limit_s: float = 10.0

    def __post_init__(self) -> None:
        if not self.hub_ids:
            raise InputError(
                "Choose the hubs that people can go to; the bus is for those who are far from all."
            )
        if not self.sessions or len({one.id for one in self.sessions}) < len(self.sessions):
            raise InputError("Give at least one session, each with a name of its own.")
        if not self.stop_kinds:
            raise InputError("Choose at least one kind of place at which the bus may stand.")
        if self.mode not in TRAVEL_MODES:
            raise InputError(f"There is no way to travel {self.mode!r}; there are {', '.join(TRAVEL_MODES)}.")
        if self.dwell_minutes < LEAST_DWELL_MINUTES:
            raise InputError(
                f"A stop lasts {LEAST_DWELL_MINUTES:g} minutes or more, not {self.dwell_minutes}: people "
                "need time to find it."
            )
        if self.n_vehicles < 1 or self.n_weeks not in (1, 2):
            raise InputError("Ask for one vehicle or more, and for rounds of one week or of two.")
        if not 0 <= self.repeat_worth <= 1:
            raise InputError("What a repeated visit is worth lies between 0 and 1 of the first.")
        if min(self.far_minutes, self.stop_minutes, self.drive_km_h, self.shift_minutes) <= 0:
            raise InputError("Minutes, speed and shift must be above nought.")
        if not self.range_km > 0 or self.refuel_minutes < 0:
            raise InputError("The range must be above nought, and refuelling takes no less than nought.")
        if any(a == b for a, b in self.forbidden_drives):
            raise InputError("A drive that is forbidden leads from one stop to another.")
        if not set(self.stop_needs) <= set(QUALITIES):
            raise InputError(f"Stops can be asked for by {', '.join(QUALITIES)}, not by anything else.")
        if len({one.id for one in self.own_stops}) < len(self.own_stops):
            raise InputError("Two points stand at the same place; take one of them out.")
        unknown = {one.session_id for one in self.fixed} - {one.id for one in self.sessions}
        if unknown:
            raise InputError(f"A fixed visit names the session {sorted(unknown)[0]!r}, which is none.")


@dataclass(frozen=True, eq=False)
class OutreachPlan:
    """Stops, visits and rounds, and how good they are known to be.

    Parameters
    ----------
    params : OutreachParams
    stops : DataFrame
        Index stop_id; `STOP_COLUMNS` (EPSG:27700), the depot among them.
    visits : DataFrame
        One row for each visit, in the order in which they are driven; `VISIT_COLUMNS`: `place` is its number
        in its round from 0, the drive is the one that leads to it, `people` are those of need who are served.
    rounds : DataFrame
        One row for each round; `ROUND_COLUMNS`: the drive back to the depot is counted.
    areas : DataFrame
        Index area_code; by session `need_<id>` (people of need who are far from hubs), `served_<id>` (of
        those, how many the visits serve).
    value, bound : float
        Need served over all sessions, each visit by what it is worth; no plan serves more than the bound.
    gap : float
        Their distance as a share of the bound.
    method : str
    runtime_s : float
    """

    params: OutreachParams
    stops: pd.DataFrame
    visits: pd.DataFrame
    rounds: pd.DataFrame
    areas: pd.DataFrame
    value: float
    bound: float
    gap: float
    method: str
    runtime_s: float
