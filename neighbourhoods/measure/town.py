"""What options are scored against; apart from the scoring, so that bounds need no compiler."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.topology import Topology
from neighbourhoods.need.index import NeedIndex
from neighbourhoods.partner.partner import PartnerSet

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Town:
    """What options are scored against.

    Parameters
    ----------
    topology : Topology
    people : float (n_areas,)
        In the topology's order.
    target : float
    as_now : int (n_areas,), optional
        Footprint from 0 of each area in the option that people would move from; all assigned.
    need : NeedIndex, optional
    partner : PartnerSet, optional
        The partner's areas that options are to be in line with.
    travel_minutes : float (n_areas, n_areas), optional
    future_people : float (n_areas,), optional
        Residents in a future year.
    """

    topology: Topology
    people: Floats
    target: float
    as_now: NDArray[np.int64] | None = None
    need: NeedIndex | None = None
    partner: PartnerSet | None = None
    travel_minutes: Floats | None = None
    future_people: Floats | None = None

    @property
    def future_target(self) -> float:
        """The target grown as the whole will have by the future year."""
        if self.future_people is None:
            return float("nan")
        return self.target * float(self.future_people.sum() / self.people.sum())
