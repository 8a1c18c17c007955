"""Two plans for hubs beside each other: who gains, who loses, by area, group, deprivation and footprint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import (
    Access,
    access_by_area,
    access_by_fifth,
    access_by_footprint,
    access_by_group,
    shown_area,
    within_column,
)

Floats = NDArray[np.float64]
FELT_MINUTES = 0.5  # a journey that changes by less is called the same
BY = ("area", "group", "fifth", "footprint")


@dataclass(frozen=True, eq=False)
class ReachChanges:
    """Several changes of one plan, by area of the kind that is shown.

    Parameters
    ----------
    people : float (n_areas,)
    gain, lose : float (n_changes, n_areas)
        People whose journey becomes shorter or longer by `FELT_MINUTES` or more.
    minutes : float (n_changes, n_areas)
        Mean change, less is nearer; NaN where nobody lives.
    """

    people: Floats
    gain: Floats
    lose: Floats
    minutes: Floats


def reach_changes(study: Study, before: Access, minutes: Floats) -> ReachChanges:
    """What becomes of journeys in each of several changes; one by one it would be the same to the last bit.

    Parameters
    ----------
    minutes : float (n_points, n_changes)
        To the nearest hub after each change.
    """
    points = before.points
    areas, row = study.areas(before.params.geography), shown_area(study, before)
    known = (row >= 0) & ~np.isnan(points.population)
    change = minutes - before.minutes[:, None]
    values = np.column_stack([change < -FELT_MINUTES, change > FELT_MINUTES, change]).astype(float)
    summed = points.by_area(values) * points.population[:, None]
    people = np.bincount(row[known], points.population[known], len(areas)).astype(float)
    over = np.stack([np.bincount(row[known], one[known], len(areas)) for one in summed.T]).astype(float)
    gain, lose, total = over.reshape(3, minutes.shape[1], len(areas))
    with np.errstate(invalid="ignore"):
        return ReachChanges(people, gain, lose, total / people)


def reach_change(study: Study, before: Access, after: Access) -> pd.DataFrame:
    """By area: area_name, people, people_who_gain, people_who_lose, minutes (mean change, less is nearer).

    Whose journey changes by less than `FELT_MINUTES` neither gains nor loses.
    """
    one = reach_changes(study, before, after.minutes[:, None])
    areas = study.areas(before.params.geography)
    return pd.DataFrame(
        {
            "area_name": areas["area_name"].to_numpy(),
            "people": one.people,
            "people_who_gain": one.gain[0],
            "people_who_lose": one.lose[0],
            "minutes": one.minutes[0],
        },
        index=areas.index,
    )


def change_by(
    study: Study, before: Access, after: Access, by: str, limit: float, option: FootprintOption | None = None
) -> pd.DataFrame | None:
    """How minutes and reach change for each part of the people.

    Parameters
    ----------
    by : str
        One of `BY`.
    limit : float
        Minutes within which a hub is in reach; one of the limits of both.
    option : FootprintOption, optional
        For "footprint".

    Returns
    -------
    DataFrame or None
        label, people, minutes_before, minutes_after, within_before, within_after (shares of the people);
        None where deprivation is not known, or no option is given.
    """
    told_before, told_after = _table(study, before, by, option), _table(study, after, by, option)
    if told_before is None or told_after is None:
        return None
    labels, first = told_before
    second = told_after[1]
    column = within_column(limit)
    return pd.DataFrame(
        {
            "label": labels,
            "people": first["people"],
            "minutes_before": first["minutes"],
            "minutes_after": second["minutes"],
            "within_before": first[column],
            "within_after": second[column],
        }
    )


def _table(
    study: Study, found: Access, by: str, option: FootprintOption | None
) -> tuple[pd.Series, pd.DataFrame] | None:
    if by == "area":
        rows = access_by_area(study, found)
        return rows["area_name"], rows
    if by == "group":
        rows = access_by_group(study, found)
        return rows["label"], rows
    if by == "footprint":
        if option is None:
            return None
        rows = access_by_footprint(study, found, option)
        return rows["footprint_name"], rows
    fifths = access_by_fifth(study, found)
    if fifths is None:
        return None
    return pd.Series([str(one) for one in fifths.index], index=fifths.index), fifths
