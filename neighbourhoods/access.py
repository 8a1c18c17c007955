"""How far residents are from places of a kind: minutes to the nearest, who is within reach, who is not.

Everything is worked out for starting points and summed with the people who start there, so that a group, a
footprint and the authority are sums of the same parts. The mistake this prevents: an average of areas'
averages, in which a hamlet counts as much as a town.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.evaluate import footprint_index
from neighbourhoods.option import FootprintOption
from neighbourhoods.starting_point import StartingPoints, starting_points
from neighbourhoods.study import Study
from neighbourhoods.timetable_journey import nearest_by_bus
from neighbourhoods.travel import ACCESS_MODES, BUS, TravelMode
from neighbourhoods.travel_matrix import ROUTES, StreetUse, nearest_places

Floats = NDArray[np.float64]
LIMITS = (10.0, 15.0, 20.0)
DEPRIVATION = ("imd", "hh_deprived_1plus")  # more is worse; the first that is loaded puts areas in order
N_FIFTHS = 5
GROUPS = (
    "pop_total",
    "pop_under5",
    "pop_10_19",
    "pop_65plus",
    "pop_85plus",
    "disabled",
    "bad_health",
    "carers",
    "income_dep",
)


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
    """

    kinds: tuple[str, ...]
    geography: str
    mode: str = "walk"
    km_h: float = 0.0
    limits: tuple[float, ...] = LIMITS
    route: str = "best"

    def __post_init__(self) -> None:
        if not self.kinds:
            raise InputError("Choose at least one kind of place.")
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

    def _frame(self, total: Floats, means: Floats) -> pd.DataFrame:
        columns = ["people", *self.by_point_area.columns.drop("population"), "people_beyond"]
        return pd.DataFrame(np.column_stack([total, means, total * (1 - means[:, -1])]), columns=columns)

    @cached_property
    def _values(self) -> Floats:
        """Minutes, and shares within each limit, as one table (n_areas, 1 + n_limits)."""
        return self.by_point_area.drop(columns="population").to_numpy(dtype=float)

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


def access(study: Study, params: AccessParams, *, only: Collection[str] | None = None) -> Access:
    """How far residents are from the nearest place of some kinds.

    Parameters
    ----------
    only : collection of str, optional
        Place ids: of the places of these kinds only those count.

    Raises
    ------
    InputError
        When there is no place of these kinds, no road that is loaded is open to the mode, or a timetable is
        asked for and none is loaded.
    """
    places = study.places()
    chosen = places[places["kind"].isin(params.kinds)]
    lacking = sorted(set(params.kinds) - set(chosen["kind"]))
    if lacking:
        loaded = ", ".join(sorted(study.place_kinds)) or "none"
        raise InputError(f"No place of the kind {lacking[0]!r} is loaded; loaded are {loaded}.")
    if only is not None:
        chosen = chosen[chosen.index.isin(list(only))]
        if chosen.empty:
            raise InputError("None of the places that are to count is loaded.")
    points = starting_points(study, params.geography)
    xy = np.column_stack([chosen.geometry.x, chosen.geometry.y])
    if params.mode == BUS.id:
        found = nearest_by_bus(study, points.xy, xy, params.km_h, route=params.route)
    else:
        found = nearest_places(study, points.xy, xy, params.mode, params.km_h, route=params.route)
    return Access(
        params, points, chosen, found.minutes, found.place, found.streets, found.is_straight, found.day
    )


def access_by_area(study: Study, found: Access) -> pd.DataFrame:
    """By area of the kind that is shown: area_name, and the columns of `Access.over`."""
    geography, base = found.params.geography, found.points.geography
    areas = study.areas(geography)
    if geography == base:
        group = areas.index.get_indexer(found.points.area_codes)
    else:
        into = study.fit(base, geography).assignment.reindex(found.points.area_codes)
        group = areas.index.get_indexer(pd.Index(into))
    frame = found.over(found.points.population, group.astype(np.int64), len(areas)).set_index(areas.index)
    frame.insert(0, "area_name", areas["area_name"])
    return frame


def access_by_footprint(study: Study, found: Access, option: FootprintOption) -> pd.DataFrame:
    """By footprint_id of an option: footprint_name, and the columns of `Access.over`.

    Raises
    ------
    InputError
        When the option cannot be carried to the areas of the starting points.
    """
    fitted = study.in_geography(option, found.points.geography)
    ids = option.footprint_ids
    codes = found.points.area_codes
    group = footprint_index(fitted, study.topology(fitted.geography), ids)
    by_code = pd.Series(group, index=study.topology(fitted.geography).area_codes).reindex(codes).fillna(-1)
    frame = found.over(found.points.population, by_code.to_numpy(dtype=np.int64), len(ids))
    frame.index = pd.Index(ids, name="footprint_id")
    frame.insert(0, "footprint_name", [option.footprint_name(one) for one in ids])
    return frame


def group_counts(study: Study, geography: str) -> pd.DataFrame:
    """People of each of `GROUPS` by area (columns: indicator ids), where all areas have a figure.

    Local and sensitive counts are left out: sums of them near a place could give a small one away.
    """
    return study.kept(("group_counts", geography), lambda: _group_counts(study, geography))


def _group_counts(study: Study, geography: str) -> pd.DataFrame:
    rows = study.observations()
    rows = rows[(rows["geography"] == geography) & rows["indicator_id"].isin(GROUPS)]
    newest = rows.groupby("indicator_id")["period"].transform("max")
    rows = rows[rows["period"] == newest]
    table = rows.pivot_table(
        index="area_code", columns="indicator_id", values="numerator", aggfunc="sum", dropna=False
    )
    table = table.reindex(study.areas(geography).index)
    return table[
        [
            one
            for one in GROUPS
            if one in table
            and table[one].notna().all()
            and study.catalogue[one].disclosure != "local_sensitive"
        ]
    ]


def access_by_group(study: Study, found: Access) -> pd.DataFrame:
    """By indicator id of a group of people: label, and the columns of `Access.over`."""
    counts = group_counts(study, found.points.geography).reindex(found.points.area_codes)
    frame = found.over_groups(counts.to_numpy(dtype=float)).set_index(pd.Index(counts.columns))
    frame.insert(0, "label", [study.catalogue[one].label for one in frame.index])
    return frame.rename_axis("indicator_id")


def deprivation_indicator(study: Study, geography: str) -> str | None:
    """The first of `DEPRIVATION` that is known for every area of a kind."""
    return study.kept(("deprivation", geography), lambda: _deprivation_indicator(study, geography))


def _deprivation_indicator(study: Study, geography: str) -> str | None:
    rows = study.profile(geography)
    known = rows[rows["value"].notna() & ~rows["suppressed"].astype(bool)]
    codes = set(study.areas(geography).index)
    for one in DEPRIVATION:
        if codes <= set(known.loc[known["indicator_id"] == one, "area_code"]):
            return one
    return None


def deprivation_order(study: Study, geography: str) -> pd.Series | None:
    """Deprivation by area, more is worse; None where it is not known for every area."""
    indicator_id = deprivation_indicator(study, geography)
    if indicator_id is None:
        return None
    rows = study.profile(geography)
    values = rows[rows["indicator_id"] == indicator_id].set_index("area_code")["value"]
    return values.reindex(study.areas(geography).index)


def access_by_fifth(study: Study, found: Access) -> pd.DataFrame | None:
    """By fifth of the residents, from 1 in the most to 5 in the least deprived areas: as `Access.over`.

    Areas are put in order of their deprivation score; an area belongs to the fifth that its middle resident
    is in. None where deprivation or population is not known for every area.
    """
    score = deprivation_order(study, found.points.geography)
    people = found.points.population
    if score is None or np.isnan(people).any():
        return None
    middle = _middle_rank(-score.reindex(found.points.area_codes).to_numpy(dtype=float), people)
    group = np.minimum((middle * N_FIFTHS).astype(np.int64), N_FIFTHS - 1)
    frame = found.over(people, group, N_FIFTHS)
    frame.index = pd.Index(range(1, N_FIFTHS + 1), name="fifth")
    return frame


def concentration_index(study: Study, found: Access) -> float:
    """How unevenly minutes lie against deprivation, from -1 to 1; NaN where deprivation is not known.

    Nought: no slope. Above nought: the more deprived travel longer. Twice the covariance of minutes and rank
    over the mean, residents as weights (Kakwani, Wagstaff and van Doorslaer, Journal of Econometrics 77,
    1997), ranks running from the least deprived.
    """
    score = deprivation_order(study, found.points.geography)
    people = found.points.population
    if score is None or np.isnan(people).any():
        return float("nan")
    rank = _middle_rank(score.reindex(found.points.area_codes).to_numpy(dtype=float), people)
    minutes = found.by_point_area["minutes"].to_numpy(dtype=float)
    weight = people / people.sum()
    mean = float(weight @ minutes)
    return float(2 * (weight @ ((minutes - mean) * (rank - weight @ rank))) / mean) if mean else float("nan")


def _middle_rank(order: Floats, people: Floats) -> Floats:
    """Share of residents before the middle one of each area, areas in rising order; equals share a rank."""
    values, place = np.unique(order, return_inverse=True)
    total = np.bincount(place, people, len(values))
    middle = (np.cumsum(total) - total / 2) / people.sum()
    return np.asarray(middle[place], dtype=float)
