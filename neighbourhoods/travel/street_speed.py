"""How fast each road is travelled: a literal table, every figure of it an assumption that is said so.

On foot and by cycle one speed holds everywhere. By car a class of road has a speed below its usual limit, for
junctions and traffic outside the rush hour, and a signed limit is never passed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.travel.straight_line import TRAVEL_MODES

Floats = NDArray[np.float64]
DRIVE_KM_H: dict[str, float] = {
    "motorway": 95.0,
    "motorway_link": 50.0,
    "trunk": 65.0,
    "trunk_link": 40.0,
    "primary": 42.0,
    "primary_link": 30.0,
    "secondary": 38.0,
    "secondary_link": 30.0,
    "tertiary": 34.0,
    "tertiary_link": 28.0,
    "unclassified": 32.0,
    "residential": 24.0,
    "road": 25.0,
    "service": 12.0,
    "living_street": 10.0,
}
SPEED_NOTE = (
    "Driving speeds by class of road are assumptions (motorway 95 km/h, trunk road 65, A road 42, B road 38, "
    "residential street 24, service road 12), never above a signed limit; a road of no known class is driven "
    "at 25 km/h. A driving speed of your own changes all of them in proportion."
)


def edge_km_h(ways: pd.DataFrame, mode: str) -> Floats:
    """Speed on each road, at the mode's own speed.

    Parameters
    ----------
    ways : DataFrame
        Columns road_class and maxspeed_km_h.
    mode : str
        Key of `TRAVEL_MODES`.

    Returns
    -------
    float (n_roads,)
    """
    own = TRAVEL_MODES[mode].km_h
    if mode != "drive":
        return np.full(len(ways), own)
    usual = ways["road_class"].map(DRIVE_KM_H).astype(float).fillna(own).to_numpy()
    limit = ways["maxspeed_km_h"].fillna(np.inf).to_numpy(dtype=float)
    return np.asarray(np.minimum(usual, limit))
