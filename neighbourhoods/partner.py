"""A partner's areas (primary care networks, police beats, school clusters) seen from ours.

Each of our areas belongs to the partner's area that its people are fitted to, or to none. Boundaries of
partners seldom follow ours: the mistake this prevents is to read a fit as if it were the line itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.option import FootprintOption


@dataclass(frozen=True, eq=False)
class PartnerSet:
    """One partner's areas, fitted to areas of one geography.

    Parameters
    ----------
    id, name : str
        Of the whole set: "Primary care networks".
    labels : tuple of str
        Names of the partner's areas.
    row : int64 (n_areas,)
        Place in `labels` of the partner's area that each of our areas is fitted to; -1 for none.
    """

    id: str
    name: str
    labels: tuple[str, ...]
    row: NDArray[np.int64]

    @property
    def groups(self) -> tuple[frozenset[int], ...]:
        """Our areas (by place) of each of the partner's that has two or more."""
        held = (np.flatnonzero(self.row == number) for number in range(len(self.labels)))
        return tuple(frozenset(rows.tolist()) for rows in held if len(rows) > 1)


def partner_set_of_option(option: FootprintOption, area_codes: pd.Index) -> PartnerSet:
    """A saved option's footprints taken as a partner's areas; areas it leaves out belong to none."""
    ids = option.footprint_ids
    place = {one: number for number, one in enumerate(ids)}
    row = [place.get(option.assignment.get(str(code), ""), -1) for code in area_codes]
    labels = tuple(option.footprint_name(one) for one in ids)
    return PartnerSet(option.id, option.name, labels, np.array(row, dtype=np.int64))
