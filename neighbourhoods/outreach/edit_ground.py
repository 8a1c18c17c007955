"""What editing a plan by hand needs to know of its stops: drives between them, and whom each serves.

It is worked out for the few stops of one plan and not for all where the bus may stand, so that an edit is
answered at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from neighbourhoods.outreach.drive import Drives, outreach_drives
from neighbourhoods.outreach.need import OutreachNeed, outreach_need
from neighbourhoods.outreach.own_stop import quality_table, with_own
from neighbourhoods.outreach.plan import OutreachParams
from neighbourhoods.outreach.stop import stop_table, stops_at
from neighbourhoods.study.study import Study

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EditGround:
    """Stops of a plan with the depot.

    Parameters
    ----------
    ids : tuple of str
        Stops, in the order of the reach and the drives; the depot is the last row of the drives alone.
    depot_id : str
    stops : DataFrame
        By stop_id `STOP_COLUMNS`, the depot among them.
    qualities : DataFrame
        By stop_id what is known of each, as of `quality_table`.
    drives : Drives
    need : OutreachNeed
    reach : csr_array (n_stops, n_points)
        Share of the need at a point that a stop serves.
    """

    ids: tuple[str, ...]
    depot_id: str
    stops: pd.DataFrame
    qualities: pd.DataFrame
    drives: Drives
    need: OutreachNeed
    reach: csr_array

    def row(self, stop_id: str) -> int:
        """The row of a stop, or of the depot, in the drives."""
        return self.ids.index(stop_id) if stop_id in self.ids else len(self.ids)

    def minutes(self, start_id: str, end_id: str) -> float:
        """Minutes' drive from one stop to another; the depot is one of them."""
        return float(self.drives.minutes[self.row(start_id), self.row(end_id)])

    def km(self, start_id: str, end_id: str) -> float:
        """Kilometres of the same drive."""
        return float(self.drives.km[self.row(start_id), self.row(end_id)])


def edit_ground(
    study: Study, params: OutreachParams, ids: Sequence[str], need: OutreachNeed | None = None
) -> EditGround:
    """The ground of some stops.

    Parameters
    ----------
    need : OutreachNeed, optional
        Where it is known already.

    Raises
    ------
    InputError
        When a stop, a hub or the depot is not loaded, or one cannot be driven to.
    """
    found = outreach_need(study, params) if need is None else need
    stops = stops_at(study, params, found, ids)
    asked = replace(params, forbidden_drives=())  # one that is forbidden is driven all the same, and said
    drives = outreach_drives(study, asked, stops.xy, [str(one) for one in stops.places.index])
    table = stop_table(stops.places)
    if params.depot_id not in table.index:
        table = pd.concat([table, stop_table(study.places().loc[[params.depot_id]])])
    known = quality_table(study.places(), params.own_stops, list(table.index))
    return EditGround(tuple(ids), params.depot_id, table, known, drives, found, stops.reach)


def nearest_place(
    study: Study, params: OutreachParams, x: float, y: float, within_m: float
) -> tuple[str, str, float] | None:
    """The place or point nearest to a point on the map, where one is within some metres: id, name, metres."""
    places = with_own(study.places(), params.own_stops)
    metres = np.hypot(places.geometry.x.to_numpy() - x, places.geometry.y.to_numpy() - y)
    at = int(metres.argmin())
    if metres[at] > within_m:
        return None
    return str(places.index[at]), str(places["name"].iloc[at]), float(metres[at])
