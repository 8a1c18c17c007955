"""Whom a bus is for: people of each session's service who have a long journey to every hub.

Counted at the points where they live and not by area, so that a stop in a long rural area serves those near
it and no others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.hub.ground import finest
from neighbourhoods.outreach.plan import OutreachParams
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import group_counts
from neighbourhoods.travel.matrix import nearest_places
from neighbourhoods.travel.starting_point import StartingPoints, starting_points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class OutreachNeed:
    """Need at the points where somebody is far from every hub.

    Parameters
    ----------
    xy : float (n_points, 2)
        Metres in EPSG:27700.
    row : int (n_points,)
        Place of each point's area in `area_codes`.
    need : float (n_points, n_sessions)
        People, weighted where the service is weighted.
    area_codes : Index (n_areas,)
    geography : str
        Kind of these areas.
    minutes_to_hub : float (n_points,)
    """

    xy: Floats
    row: Ints
    need: Floats
    area_codes: pd.Index
    geography: str
    minutes_to_hub: Floats

    @property
    def by_area(self) -> Floats:
        """Need (n_areas, n_sessions)."""
        return self.sum_by_area(self.need)

    def sum_by_area(self, values: Floats) -> Floats:
        """Values by point and session (n_points, n_sessions) summed over each area's points."""
        found = np.zeros((len(self.area_codes), values.shape[1]))
        np.add.at(found, self.row, values)
        return found


def outreach_need(study: Study, params: OutreachParams) -> OutreachNeed:
    """Who is far from every hub, by session.

    Raises
    ------
    InputError
        When a hub is not loaded, or a figure that a service needs is not known for every area.
    """
    places = study.places()
    gone = [one for one in params.hub_ids if one not in places.index]
    if gone:
        raise InputError(f"The hub {gone[0]!r} is not in the register of places; choose hubs that are.")
    hubs = places.loc[list(params.hub_ids)].geometry
    points = starting_points(study, finest(study))
    found = nearest_places(study, points.xy, np.column_stack([hubs.x, hubs.y]), params.mode, params.km_h)
    is_far = found.minutes > params.far_minutes
    weighted = {
        service_id: service_need(study, service_id, points)
        for service_id in dict.fromkeys(one.service_id for one in params.sessions)
    }
    by_area = np.column_stack([weighted[one.service_id] for one in params.sessions])
    need = points.share[:, None] * by_area[points.row]
    kept = np.flatnonzero(is_far & (need.sum(axis=1) > 0))
    return OutreachNeed(
        points.xy[kept],
        points.row[kept],
        need[kept],
        points.area_codes,
        points.geography,
        found.minutes[kept],
    )


def service_need(study: Study, service_id: str, points: StartingPoints) -> Floats:
    """People of a service by area of the starting points, each times the area's weight.

    The weight is the area's rate of the service's weighing indicator over the authority's, so that it is 1
    in an area like the whole.

    Raises
    ------
    InputError
        When a figure is not known for every area.
    """
    service = SERVICES[service_id]
    counts = group_counts(study, points.geography)
    plural = geography_record(points.geography).plural
    if service.people_id not in counts:
        label = study.catalogue[service.people_id].label
        raise InputError(
            f"{service.label}: the number of people is not known for all of the {plural} ({label}). Import "
            "that table, or choose another service."
        )
    people = counts[service.people_id].reindex(points.area_codes).to_numpy(dtype=float)
    return people * _weights(study, service_id, points) if service.weight_id else people


def _weights(study: Study, service_id: str, points: StartingPoints) -> Floats:
    service = SERVICES[service_id]
    rows = study.profile(points.geography)
    rows = rows[(rows["indicator_id"] == service.weight_id) & ~rows["suppressed"].astype(bool)]
    rates = rows.drop_duplicates("area_code").set_index("area_code")["value"].astype(float)
    rate = rates.reindex(points.area_codes).to_numpy()
    whole = float(rates.get(study.authority_code, np.nan))
    if np.isnan(rate).any() or not whole > 0:
        plural = geography_record(points.geography).plural
        label = study.catalogue[service.weight_id].label
        raise InputError(
            f"{service.label} counts people for more by {label.lower()}, which is not known for all of the "
            f"{plural}. Import that table, or choose another service."
        )
    return np.asarray(rate / whole)
