"""How long a bus drives between stops, and how far.

Minutes are those of the street network where one is loaded, else the straight line times a detour at the
vehicle's speed; a timetable has no parts of a minute, so that they are rounded up. Kilometres are the
straight line times the detour in either case. A road that is forbidden is taken out of the streets, a drive
that is forbidden takes longer than any day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from geodata.errors import InputError
from neighbourhoods.outreach.plan import ForbiddenRoad, OutreachParams
from neighbourhoods.study.study import Study
from neighbourhoods.travel.matrix import is_along_streets, kept, minutes_to_places, street_use
from neighbourhoods.travel.straight_line import DETOUR
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import StreetNetwork

Floats = NDArray[np.float64]
MOST_STOPS = 3_000
NEAR_M = 30.0  # a forbidden road is the nearest one within this
NEVER_MINUTES = 10_000.0  # of a drive that is forbidden: no day holds it


@dataclass(frozen=True, eq=False)
class Drives:
    """Drives between stops and the depot, which is the last.

    Parameters
    ----------
    minutes : float (n_stops + 1, n_stops + 1)
        Whole minutes, none shorter than a way by another stop; `NEVER_MINUTES` where it is forbidden.
    km : float (n_stops + 1, n_stops + 1)
    is_straight : bool
        Whether the straight line was taken.
    has_forbidden : bool
        Whether a drive between two of the stops is forbidden.
    """

    minutes: Floats
    km: Floats
    is_straight: bool
    has_forbidden: bool = False


def outreach_drives(
    study: Study, params: OutreachParams, stops_xy: Floats, stop_ids: Sequence[str] = ()
) -> Drives:
    """Drives between all stops and the depot.

    Parameters
    ----------
    stop_ids : sequence of str
        Of the stops; without them no drive is taken for forbidden.

    Raises
    ------
    InputError
        When the depot is not loaded, there are too many stops, a stop cannot be driven to, or there is no
        road where one is forbidden.
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
    is_straight = not drives_along_streets(study, xy)
    if params.forbidden_roads:
        minutes = _without_roads(study, params.forbidden_roads, xy, is_straight)
    else:
        minutes = minutes_to_places(study, xy, xy, "drive", params.drive_km_h if is_straight else 0.0)
    if not np.isfinite(minutes).all():
        raise InputError(
            "A place where the bus may stand cannot be driven to along the streets that are loaded"
            f"{' and not forbidden' if params.forbidden_roads else ''}."
        )
    whole = np.ceil(minutes - 1e-9)
    np.fill_diagonal(whole, 0.0)
    ids = [*stop_ids, params.depot_id]
    has_forbidden = len(ids) == len(xy) and forbid_drives(whole, params.forbidden_drives, ids)
    return Drives(whole, cdist(xy, xy) * DETOUR / 1_000, is_straight, has_forbidden)


def drives_along_streets(study: Study, xy: Floats) -> bool:
    """Whether a bus between these places is taken along the streets that are loaded."""
    return is_along_streets(street_use(study, xy, "drive"), "best")


def driving_network(study: Study, forbidden: tuple[ForbiddenRoad, ...]) -> StreetNetwork:
    """The streets that a bus may use, those that are forbidden and those that they cut off taken out.

    Raises
    ------
    InputError
        When no road is within `NEAR_M` of a point where one is forbidden, or none is left.
    """
    network = study.street_network("drive")
    if not forbidden:
        return network
    points = shapely.points([(one.x, one.y) for one in forbidden])
    (at, edge), _ = network.tree.query_nearest(
        points, max_distance=NEAR_M, return_distance=True, all_matches=False
    )
    off = sorted(set(range(len(forbidden))) - set(at.tolist()))
    if off:
        one = forbidden[off[0]]
        raise InputError(
            f"No road that a bus may use is within {NEAR_M:g} m of {one.x:,.0f}, {one.y:,.0f}. Set the "
            "forbidden road on a line of the map, or leave it out."
        )
    is_left = np.ones(len(network.edge_m), dtype=bool)
    is_left[edge] = False
    ahead, back = is_left & network.forward, is_left & network.backward
    rows = np.concatenate([network.edge_from[ahead], network.edge_to[back]])
    columns = np.concatenate([network.edge_to[ahead], network.edge_from[back]])
    shape = (network.n_nodes, network.n_nodes)
    _, part = connected_components(
        csr_array((np.ones(len(rows)), (rows, columns)), shape=shape), directed=True, connection="strong"
    )
    inside = is_left & (part[network.edge_from] == part[network.edge_to])
    if not inside.any():
        raise InputError("No road is left that a bus may use. Forbid fewer.")
    whole = np.bincount(part[network.edge_from[inside]], network.edge_m[inside])
    rest = np.flatnonzero(inside & (part[network.edge_from] == int(np.argmax(whole))))
    return replace(
        network,
        edge_from=network.edge_from[rest],
        edge_to=network.edge_to[rest],
        edge_m=network.edge_m[rest],
        minutes=network.minutes[rest],
        forward=network.forward[rest],
        backward=network.backward[rest],
        lines=network.lines[rest],
        tree=shapely.STRtree(network.lines[rest]),
        kept_share=network.kept_share * float(network.edge_m[rest].sum() / network.edge_m.sum()),
    )


def _without_roads(
    study: Study, forbidden: tuple[ForbiddenRoad, ...], xy: Floats, is_straight: bool
) -> Floats:
    """Minutes between places along streets of which some are forbidden."""
    if is_straight:
        raise InputError(
            "A road can be forbidden where streets are loaded, and drives are straight lines here. Import "
            "the streets of the whole authority, or forbid the drive between two stops."
        )
    network = driving_network(study, forbidden)
    told = tuple((one.x, one.y) for one in forbidden)
    found = kept(
        study,
        ("drives", told),
        (xy,),
        lambda: {"minutes": StreetJourneys(network, xy, xy).matrix().astype(np.float32)},
    )
    return found["minutes"].astype(float)


def forbid_drives(minutes: Floats, drives: tuple[tuple[str, str], ...], ids: list[str]) -> bool:
    """Make forbidden drives longer than any day; whether there is one between these stops."""
    is_any = False
    for a, b in drives:
        first = [k for k, one in enumerate(ids) if one == a]  # the depot may be a stop as well
        second = [k for k, one in enumerate(ids) if one == b]
        if first and second:
            minutes[np.ix_(first, second)] = NEVER_MINUTES
            minutes[np.ix_(second, first)] = NEVER_MINUTES
            is_any = True
    return is_any
