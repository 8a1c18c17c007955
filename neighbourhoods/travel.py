"""Minutes between areas where no street network is loaded: straight line, a detour factor and a speed.

An area is a patch and not a point, so that going about inside it takes time too. The mistake this prevents:
footprints of few large areas that look nearer together than those of many small ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from geodata.errors import TooLargeError

Floats = NDArray[np.float64]
WALKING_KM_H = 4.8
DETOUR = 1.3
DISC = 128 / (45 * np.pi)  # mean distance between two points of a disc, in radii
MOST_AREAS = 5_000


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
    return np.asarray(metres * detour / (km_h * 1_000 / 60))
