"""What is asked of journeys to places, and what comes of it: people by how far they are.

Sums are taken over the people of the starting points' areas, so that any group's minutes are a mean over its
people and never a mean of means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.register.open_place import require_open_at
from neighbourhoods.travel.matrix import ROUTES, StreetUse
from neighbourhoods.travel.starting_point import StartingPoints
from neighbourhoods.travel.straight_line import ACCESS_MODES, TravelMode

Floats = NDArray[np.float64]
LIMITS = (10.0, 15.0, 20.0)


@dataclass(frozen=True)
class AccessParams:
    """What is asked.

    Parameters
    ----------
    kinds : tuple of str
        Kinds of place; the nearest of any of them counts.
    geography : str
        Kind of area that is shown.
    mode : str
        Key of `ACCESS_MODES`.
    km_h : float
        Speed; 0 for the mode's own.
    limits : tuple of float
        Minutes within which a place is in reach, rising.
    route : str
        Key of `ROUTES`.
    open_at : str
        Key of `OPEN_AT`: only places known to be open then count; "" for all.
    """

    kinds: tuple[str, ...]
    geography: str
    mode: str = "walk"
    km_h: float = 0.0
    limits: tuple[float, ...] = LIMITS
    route: str = "best"
    open_at: str = ""

    def __post_init__(self) -> None:
        if not self.kinds:
            raise InputError("Choose at least one kind of place.")
        require_open_at(self.open_at)
        if self.mode not in ACCESS_MODES:
            raise InputError(f"There is no way to travel {self.mode!r}; there are {', '.join(ACCESS_MODES)}.")
        if self.route not in ROUTES:
            raise InputError(f"There is no route {self.route!r}; there are {', '.join(ROUTES)}.")
        if not 0 <= self.km_h < float("inf"):
            raise InputError(f"A speed is above nought, not {self.km_h}.")
        is_rising = all(a < b for a, b in zip(self.limits, self.limits[1:], strict=False))
        if not self.limits or not is_rising or not self.limits[0] > 0 or not self.limits[-1] < float("inf"):
            raise InputError("Minutes within reach must be above nought, each more than the one before.")

    @property
    def travel_mode(self) -> TravelMode:
        """The record of the mode."""
        return ACCESS_MODES[self.mode]

    @property
    def speed_km_h(self) -> float:
        """The speed that is used."""
        return self.km_h or self.travel_mode.km_h


@dataclass(frozen=True, eq=False)
class Access:
    """Minutes from every starting point to the nearest place.

    Parameters
    ----------
    params : AccessParams
    points : StartingPoints
    places : GeoDataFrame
        The places that count, by place_id.
    minutes : float (n_points,)
    nearest : int (n_points,)
        Row in `places`.
    streets : StreetUse, optional
        The network that is loaded; None for none.
    is_straight : bool
        Whether the straight line was taken; by bus, on foot all the way.
    day : str
        By bus the day whose timetable was taken ("2026-11-03").
    """

    params: AccessParams
    points: StartingPoints
    places: gpd.GeoDataFrame
    minutes: Floats
    nearest: NDArray[np.int64]
    streets: StreetUse | None = None
    is_straight: bool = True
    day: str = ""

    @cached_property
    def by_point_area(self) -> pd.DataFrame:
        """By area of the starting points: population, minutes (mean), within_<limit> (shares)."""
        within = np.column_stack([self.minutes <= limit for limit in self.params.limits]).astype(float)
        frame = pd.DataFrame(
            {"population": self.points.population, "minutes": self.points.by_area(self.minutes)},
            index=self.points.area_codes,
        )
        frame[[within_column(limit) for limit in self.params.limits]] = self.points.by_area(within)
        return frame

    def over(self, people: Floats, group: NDArray[np.int64], n_groups: int) -> pd.DataFrame:
        """Sums over groups of the starting points' areas.

        Parameters
        ----------
        people : float (n_areas,)
            Whoever is counted; NaN where nobody knows.
        group : int (n_areas,)
            From 0; -1 for none.

        Returns
        -------
        DataFrame
            By group: people, minutes (their mean), within_<limit> (share of them), people_beyond (further
            than the last limit); NaN in a group where nobody is.
        """
        known = ~np.isnan(people) & (group >= 0)
        weight, row = people[known], group[known]
        total = np.bincount(row, weight, n_groups).astype(float)
        means = np.empty((n_groups, self._values.shape[1]))
        with np.errstate(invalid="ignore", divide="ignore"):
            for place, values in enumerate(self._values[known].T):
                means[:, place] = np.bincount(row, weight * values, n_groups) / total
        return self._frame(total, means)

    def over_groups(self, counts: Floats) -> pd.DataFrame:
        """The same for groups that overlap.

        Parameters
        ----------
        counts : float (n_areas, n_groups)
            People of each group in each of the starting points' areas.
        """
        total = counts.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._frame(total, (counts.T @ self._values) / total[:, None])

    @cached_property
    def _values(self) -> Floats:
        """Minutes, and shares within each limit, as one table (n_areas, 1 + n_limits)."""
        return self.by_point_area.drop(columns="population").to_numpy(dtype=float)

    def _frame(self, total: Floats, means: Floats) -> pd.DataFrame:
        columns = ["people", *self.by_point_area.columns.drop("population"), "people_beyond"]
        return pd.DataFrame(np.column_stack([total, means, total * (1 - means[:, -1])]), columns=columns)

    @cached_property
    def whole(self) -> pd.Series:
        """Of all residents together: as a row of `over`."""
        return self.over(
            self.points.population, np.zeros(len(self.points.area_codes), dtype=np.int64), 1
        ).iloc[0]

    @cached_property
    def by_place(self) -> pd.DataFrame:
        """By place_id: name, kind, people for whom it is the nearest, their mean minutes."""
        people = self.points.share * np.nan_to_num(self.points.population)[self.points.row]
        total = np.bincount(self.nearest, people, len(self.places))
        with np.errstate(invalid="ignore"):
            minutes = np.bincount(self.nearest, people * self.minutes, len(self.places)) / total
        frame = pd.DataFrame(self.places[["name", "kind"]])
        frame["people"], frame["minutes"] = total, minutes
        return frame.sort_values("people", ascending=False, kind="stable")


def within_column(limit: float) -> str:
    """ "within_15" for 15 minutes."""
    return f"within_{limit:g}"
