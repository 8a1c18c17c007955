"""Minutes from points to places: over the streets where a network is loaded, else in a straight line.

Everything that asks for journeys asks here, so that Access and Hubs can never mean different minutes by the
same words. Journeys over streets are kept by the content of all that they depend on: the roads, the points,
the places, the mode and the speed.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.travel_file import Arrays, read_travel, write_travel
from neighbourhoods.study.ground import Ground
from neighbourhoods.travel.straight_line import TRAVEL_MODES, minutes_of_metres, minutes_to_points
from neighbourhoods.travel.street_journey import StreetJourneys
from neighbourhoods.travel.street_network import NoRoadError, put_on_street

VERSION = "1"  # of the rules for journeys: a change makes all that was kept worthless
PARTIAL_SHARE = 0.1
SMALL_AREAS = ("oa21", "lsoa21", "oa11", "lsoa11")
ROUTES: dict[str, str] = {
    "best": "Streets, if all are loaded",
    "streets": "Streets as loaded",
    "straight": "A straight line",
}
HELD_BYTES = 64_000_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Homes:
    """Points that say where people live, and how near to a road they are where all streets are known.

    Parameters
    ----------
    name : str
        "postcodes".
    limit_m : float
        Hardly one of them is further from a road.
    """

    name: str
    limit_m: float


POSTCODES, CENTROIDS = Homes("postcodes", 100.0), Homes("population-weighted centroids", 200.0)


@dataclass(frozen=True, eq=False)
class StreetUse:
    """How well the roads that are loaded serve some starting points.

    Parameters
    ----------
    source_id : str
        Key into `geodata.source.SOURCES`.
    n_far : int
        Starting points without a road within `ROAD_LIMIT_M`: from there the straight line was taken.
    n_points : int
    kept_share : float
        Length of the roads that hang together, over the length of all that the mode may use.
    homes : Homes, optional
        What the file of roads was judged by; None where nothing says where people live.
    off_share : float
        Share of them that lie further than their limit from any road; NaN for none.
    """

    source_id: str
    n_far: int
    n_points: int
    kept_share: float
    homes: Homes | None = None
    off_share: float = np.nan

    @property
    def far_share(self) -> float:
        """Share of the starting points without a road near them."""
        return self.n_far / self.n_points if self.n_points else 0.0

    @property
    def is_partial(self) -> bool:
        """Whether the file cannot hold all streets: many homes lie off them, or none is for the mode."""
        return self.off_share > PARTIAL_SHARE or self.kept_share == 0


@dataclass(frozen=True, eq=False)
class NearestPlaces:
    """The nearest place of each point.

    Parameters
    ----------
    minutes : float (n_points,)
    place : int (n_points,)
        Row of the place.
    streets : StreetUse or None
        The roads that are loaded; None for none.
    is_straight : bool
        Whether the straight line was taken.
    day : str
        By bus the day whose timetable was taken ("2026-11-03").
    """

    minutes: Floats
    place: Ints
    streets: StreetUse | None
    is_straight: bool
    day: str = ""


def street_use(study: Ground, points_xy: Floats, mode: str) -> StreetUse | None:
    """How well the roads that are loaded serve some points; None when none are loaded."""
    roads = study.roads
    if roads is None:
        return None

    homes, homes_xy = _homes(study)

    def work() -> Arrays:
        try:
            network = study.street_network(mode)
        except NoRoadError:  # the file may hold footpaths only, and the question be of cars
            return {"told": np.array([len(points_xy), 0.0, np.nan])}
        is_far = put_on_street(network, points_xy).is_far
        off_share = np.nan
        if homes is not None:
            off_share = put_on_street(network, homes_xy).is_off(homes.limit_m).mean()
        return {"told": np.array([is_far.sum(), network.kept_share, off_share])}

    found = kept(study, ("use", mode, homes), (points_xy, homes_xy), work)
    n_far, kept_share, off_share = found["told"].tolist()
    return StreetUse(roads.provenance.source_id, int(n_far), len(points_xy), kept_share, homes, off_share)


def _homes(study: Ground) -> tuple[Homes | None, Floats]:
    """The best there is to judge a file of roads by: postcodes, else centroids of small areas, else none."""
    postcodes = study.postcodes()
    if postcodes is not None and len(postcodes):
        return POSTCODES, postcodes[["x", "y"]].dropna().to_numpy(dtype=float)
    for geography in SMALL_AREAS:
        centroids = study.centroids(geography)
        if centroids is not None and len(centroids):
            return CENTROIDS, centroids[["x", "y"]].dropna().to_numpy(dtype=float)
    return None, np.zeros((0, 2))


def is_along_streets(use: StreetUse | None, route: str) -> bool:
    """Whether journeys go along streets, by what is loaded and what is asked."""
    if use is None or route == "straight":
        return False
    return route == "streets" or not use.is_partial


def nearest_places(
    study: Ground,
    points_xy: Floats,
    places_xy: Floats,
    mode: str,
    km_h: float = 0.0,
    *,
    route: str = "best",
) -> NearestPlaces:
    """How far each point is from the nearest place.

    Parameters
    ----------
    points_xy, places_xy : float (n, 2), (m, 2)
        Metres in EPSG:27700; at least one place.
    mode : str
        Key of `TRAVEL_MODES`.
    km_h : float
        Speed; 0 for the mode's own.
    route : str
        Key of `ROUTES`.

    Raises
    ------
    InputError
        When no road that is loaded is open to the mode.
    """
    use = street_use(study, points_xy, mode)
    if not is_along_streets(use, route):
        metres, place = cKDTree(places_xy).query(points_xy)
        minutes = minutes_of_metres(np.asarray(metres), km_h=km_h or TRAVEL_MODES[mode].km_h)
        return NearestPlaces(minutes, np.asarray(place, dtype=np.int64), use, True)

    def work() -> Arrays:
        minutes, place = StreetJourneys(study.street_network(mode), points_xy, places_xy, km_h).nearest()
        return {"minutes": minutes, "place": place}

    found = kept(study, ("nearest", mode, km_h), (points_xy, places_xy), work)
    return NearestPlaces(found["minutes"].astype(float), found["place"].astype(np.int64), use, False)


def minutes_to_places(
    study: Ground,
    points_xy: Floats,
    places_xy: Floats,
    mode: str,
    km_h: float = 0.0,
    *,
    route: str = "best",
    progress: Progress | None = None,
) -> Floats:
    """Minutes (n, m) from each point to each place; parameters and errors as of `nearest_places`.

    Parameters
    ----------
    progress : callable, optional
        Called with the places done and all places; not at all where the minutes were kept.
    """
    if not is_along_streets(street_use(study, points_xy, mode), route):
        return minutes_to_points(points_xy, places_xy, km_h=km_h or TRAVEL_MODES[mode].km_h)

    def work() -> Arrays:
        journeys = StreetJourneys(study.street_network(mode), points_xy, places_xy, km_h)
        return {"minutes": journeys.matrix(progress).astype(np.float32)}

    return kept(study, ("matrix", mode, km_h), (points_xy, places_xy), work)["minutes"].astype(float)


_HELD: OrderedDict[str, Arrays] = OrderedDict()  # what was asked for last, last; keys say all of the content
_LOCK = threading.Lock()


def kept(
    study: Ground, asked: tuple[object, ...], arrays: tuple[Floats, ...], work: Callable[[], Arrays]
) -> Arrays:
    """What was worked out before for the same content, in memory or in the workspace, or is now.

    Parameters
    ----------
    asked : tuple
        All that the work depends on but the roads and the arrays; its first part names the question.
    arrays : tuple of float arrays
    work : callable
    """
    key = _key(study, asked, arrays)
    with _LOCK:
        if key in _HELD:
            _HELD.move_to_end(key)
            return _HELD[key]
    found = read_travel(study.store.root, key)
    if found is None:
        found = work()
        write_travel(study.store.root, key, found)
    with _LOCK:
        _HELD[key] = found
        while len(_HELD) > 1 and sum(_bytes(one) for one in _HELD.values()) > HELD_BYTES:
            _HELD.popitem(last=False)
    return found


def _key(study: Ground, asked: tuple[object, ...], arrays: tuple[Floats, ...]) -> str:
    roads = study.roads
    content = "" if roads is None else roads.extra.get("content", "")
    told = hashlib.sha256(repr((VERSION, content, *asked, *(a.shape for a in arrays))).encode())
    for array in arrays:
        told.update(np.ascontiguousarray(array, dtype=float).tobytes())
    return told.hexdigest()


def _bytes(arrays: Arrays) -> int:
    return sum(array.nbytes for array in arrays.values())
