"""How long a bus drives between stops, and how far.

Minutes are those of the street network where one is loaded, else the straight line times a detour at the
vehicle's speed; a timetable has no parts of a minute, so that they are rounded up. Kilometres are the
straight line times the detour in either case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from geodata.errors import InputError
from neighbourhoods.outreach.plan import OutreachParams
from neighbourhoods.study.study import Study
from neighbourhoods.travel.matrix import is_along_streets, minutes_to_places, street_use
from neighbourhoods.travel.straight_line import DETOUR

Floats = NDArray[np.float64]
MOST_STOPS = 3_000


@dataclass(frozen=True, eq=False)
class Drives:
    """Drives between stops and the depot, which is the last.

    Parameters
    ----------
    minutes : float (n_stops + 1, n_stops + 1)
        Whole minutes, none shorter than a way by another stop.
    km : float (n_stops + 1, n_stops + 1)
    is_straight : bool
        Whether the straight line was taken.
    """

    minutes: Floats
    km: Floats
    is_straight: bool


def outreach_drives(study: Study, params: OutreachParams, stops_xy: Floats) -> Drives:
    """Drives between all stops and the depot.

    Raises
    ------
    InputError
        When the depot is not loaded, there are too many stops, or a stop cannot be driven to.
    """
    places = study.places()
    if params.depot_id not in places.index:
        raise InputError(
            f"The depot {params.depot_id!r} is not in the register of places; choose one that is."
        )
    if len(stops_xy) > MOST_STOPS:
        raise InputError(
            f"Rounds are worked out for up to {MOST_STOPS:,} places; there are {len(stops_xy):,}. Choose "
            "fewer kinds of place."
        )
    depot = places.loc[params.depot_id].geometry
    xy = np.concatenate([stops_xy, [[depot.x, depot.y]]])
    is_straight = not is_along_streets(street_use(study, xy, "drive"), "best")
    minutes = minutes_to_places(study, xy, xy, "drive", params.drive_km_h if is_straight else 0.0)
    if not np.isfinite(minutes).all():
        raise InputError(
            "A place where the bus may stand cannot be driven to along the streets that are loaded."
        )
    whole = np.ceil(minutes - 1e-9)
    np.fill_diagonal(whole, 0.0)
    return Drives(whole, cdist(xy, xy) * DETOUR / 1_000, is_straight)
