"""How far residents are from places of a kind: minutes to the nearest, who is within reach, who is not.

Everything is worked out for starting points and summed with the people who start there, so that a group, a
footprint and the authority are sums of the same parts. The mistake this prevents: an average of areas'
averages, in which a hamlet counts as much as a town.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.measure.evaluate import footprint_index
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.register.open_place import open_places
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access_result import LIMITS, Access, AccessParams, within_column
from neighbourhoods.travel.matrix import nearest_places
from neighbourhoods.travel.starting_point import starting_points
from neighbourhoods.travel.straight_line import BUS
from neighbourhoods.travel.timetable_journey import nearest_by_bus

Floats = NDArray[np.float64]
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

__all__ = [
    "DEPRIVATION",
    "GROUPS",
    "LIMITS",
    "Access",
    "AccessParams",
    "access",
    "access_by_area",
    "access_by_fifth",
    "access_by_footprint",
    "access_by_group",
    "concentration_index",
    "deprivation_indicator",
    "deprivation_order",
    "group_counts",
    "within_column",
]


def access(study: Study, params: AccessParams, *, only: Collection[str] | None = None) -> Access:
    """How far residents are from the nearest place of some kinds.

    Parameters
    ----------
    only : collection of str, optional
        Place ids: of the places of these kinds only those count.

    Raises
    ------
    InputError
        When there is no place of these kinds, none is known to be open when it is asked, no road that is
        loaded is open to the mode, or a timetable is asked for and none is loaded.
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
    chosen = open_places(chosen, params.open_at)
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
    areas = study.areas(found.params.geography)
    frame = found.over(found.points.population, shown_area(study, found), len(areas)).set_index(areas.index)
    frame.insert(0, "area_name", areas["area_name"])
    return frame


def shown_area(study: Study, found: Access) -> NDArray[np.int64]:
    """For each area of the starting points the row of the area that is shown; -1 for none."""
    geography, points = found.params.geography, found.points

    def work() -> NDArray[np.int64]:
        codes = study.areas(geography).index
        if geography == points.geography:
            return np.asarray(codes.get_indexer(points.area_codes), dtype=np.int64)
        into = study.fit(points.geography, geography).assignment.reindex(points.area_codes)
        return np.asarray(codes.get_indexer(pd.Index(into)), dtype=np.int64)

    return study.kept(("shown_area", points.geography, geography), work)


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
