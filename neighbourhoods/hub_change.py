"""Two plans for hubs beside each other: who gains, who loses, by area, group, deprivation and footprint."""

from __future__ import annotations

import pandas as pd

from neighbourhoods.access import (
    Access,
    access_by_area,
    access_by_fifth,
    access_by_footprint,
    access_by_group,
    within_column,
)
from neighbourhoods.option import FootprintOption
from neighbourhoods.study import Study

FELT_MINUTES = 0.5  # a journey that changes by less is called the same
BY = ("area", "group", "fifth", "footprint")


def reach_change(study: Study, before: Access, after: Access) -> pd.DataFrame:
    """By area: area_name, people, people_who_gain, people_who_lose, minutes (mean change, less is nearer).

    Whose journey changes by less than `FELT_MINUTES` neither gains nor loses.
    """
    change = after.minutes - before.minutes
    points = before.points
    gained = points.by_area((change < -FELT_MINUTES).astype(float))
    lost = points.by_area((change > FELT_MINUTES).astype(float))
    frame = pd.DataFrame(
        {
            "gain": gained * points.population,
            "lose": lost * points.population,
            "minutes": points.by_area(change),
        },
        index=points.area_codes,
    )
    geography = before.params.geography
    into = pd.Series(frame.index, index=frame.index)
    if geography != points.geography:
        into = study.fit(points.geography, geography).assignment.reindex(frame.index)
    people = pd.Series(points.population, index=frame.index)
    total = people.groupby(into).sum()
    areas = study.areas(geography)
    found = pd.DataFrame(
        {
            "area_name": areas["area_name"],
            "people": total.reindex(areas.index),
            "people_who_gain": frame["gain"].groupby(into).sum().reindex(areas.index),
            "people_who_lose": frame["lose"].groupby(into).sum().reindex(areas.index),
            "minutes": ((frame["minutes"] * people).groupby(into).sum() / total).reindex(areas.index),
        }
    )
    return found.rename_axis("area_code")


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
