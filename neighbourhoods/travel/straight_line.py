"""Minutes where no street network is loaded: straight line, a detour factor and a speed.

An area is a patch and not a point, so that going about inside it takes time too. The mistake this prevents:
footprints of few large areas that look nearer together than those of many small ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from geodata.errors import TooLargeError

Floats = NDArray[np.float64]
WALKING_KM_H = 4.8
DETOUR = 1.3


@dataclass(frozen=True)
class TravelMode:
    """One way to get about.

    Parameters
    ----------
    id : str
    label : str
        "Walking".
    journey : str
        "15 minutes' walk" is 15 minutes' `journey`.
    km_h : float
        Speed where no other is given.
    speed_source : str
        Where that speed is from.
    """

    id: str
    label: str
    journey: str
    km_h: float
    speed_source: str


TRAVEL_MODES: dict[str, TravelMode] = {
    mode.id: mode
    for mode in (
        TravelMode(
            "walk",
            "Walking",
            "walk",
            WALKING_KM_H,
            "the walking speed of the Department for Transport's journey time statistics",
        ),
        TravelMode("cycle", "Cycling", "cycle ride", 14.0, "an assumption: an unhurried rider in traffic"),
        TravelMode("drive", "Driving", "drive", 25.0, "an assumption: town streets outside the rush hour"),
    )
}
BUS = TravelMode(
    "bus",
    "Bus and walking",
    "journey by bus",
    WALKING_KM_H,
    "on foot the walking speed of the Department for Transport's journey time statistics",
)
ACCESS_MODES: dict[str, TravelMode] = {**TRAVEL_MODES, BUS.id: BUS}
DISC = 128 / (45 * np.pi)  # mean distance between two points of a disc, in radii
MOST_AREAS = 5_000


def minutes_of_metres(metres: Floats, *, km_h: float, detour: float = DETOUR) -> Floats:
    """Estimated minutes for a straight line of so many metres (any shape)."""
    return np.asarray(metres * detour / (km_h * 1_000 / 60))


def pairs_within(
    from_m: Floats, to_m: Floats, metres: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Pairs of points at most so many metres apart: row of the first, row of the second, metres."""
    lists = cKDTree(to_m).query_ball_point(from_m, metres)
    first = np.repeat(np.arange(len(from_m)), [len(one) for one in lists])
    second = np.fromiter((one for found in lists for one in found), dtype=np.int64, count=len(first))
    return first, second, np.hypot(*(from_m[first] - to_m[second]).T)


def minutes_to_points(
    from_m: Floats, to_m: Floats, *, km_h: float = WALKING_KM_H, detour: float = DETOUR
) -> Floats:
    """Estimated minutes from each of some points to each of others.

    Parameters
    ----------
    from_m, to_m : float (n, 2), (m, 2)
        Metres in EPSG:27700.

    Returns
    -------
    float (n, m)
    """
    return minutes_of_metres(cdist(from_m, to_m), km_h=km_h, detour=detour)


def straight_line_minutes(
    points_m: Floats, area_m2: Floats, *, km_h: float = WALKING_KM_H, detour: float = DETOUR
) -> Floats:
    """Estimated minutes between areas.

    Parameters
    ----------
    points_m : float (n_areas, 2)
        Centres in EPSG:27700, population-weighted where they are known.
    area_m2 : float (n_areas,)
    km_h, detour : float
        Speed, and length of the way over the straight line.

    Returns
    -------
    float (n_areas, n_areas)
        Symmetric; within an area the mean distance of two points of a disc of its size, 128 r / 45 pi.

    Raises
    ------
    TooLargeError
        Above `MOST_AREAS` areas.
    """
    if len(points_m) > MOST_AREAS:
        raise TooLargeError(
            f"Minutes between areas are worked out for up to {MOST_AREAS:,} areas; there are "
            f"{len(points_m):,}. Leave out the wish to be near each other, or use larger areas."
        )
    metres = cdist(points_m, points_m)
    np.fill_diagonal(metres, DISC * np.sqrt(area_m2 / np.pi))
    return minutes_of_metres(metres, km_h=km_h, detour=detour)
