"""Who is within reach of a place or a set of places, by age and by need: people, not shares.

An area's people are spread over its starting points, so these are estimates and are rounded where they are
shown. Indicators of the council's own that are sensitive are left out: a number of people near a place,
taken from that near another, could give a small area's count away.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, access_by_group, within_column
from neighbourhoods.travel.band import reach_bands


def people_column(limit: float) -> str:
    """ "people_within_15" for 15 minutes."""
    return f"people_{within_column(limit)}"


def catchment(study: Study, found: Access) -> pd.DataFrame:
    """By indicator id of a group of people: label, people (in all), people_within_<limit> for each limit.

    Parameters
    ----------
    found : Access
        Of the places whose catchment it is.
    """
    groups = access_by_group(study, found)
    frame = groups[["label", "people"]].copy()
    for limit in found.params.limits:
        frame[people_column(limit)] = groups["people"] * groups[within_column(limit)]
    return frame


def catchment_map(study: Study, found: Access) -> gpd.GeoDataFrame:
    """The bands of `reach_bands` by minutes, with the people within each of them by group, rounded."""
    bands = reach_bands(study, found)
    people = catchment(study, found)
    for indicator_id, row in people.iterrows():
        bands[str(indicator_id)] = np.round([row[people_column(limit)] for limit in found.params.limits])
    return bands
