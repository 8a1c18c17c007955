"""An option laid over a partner's areas: who of each footprint lives in which of them, and who is outside.

Both are made of the same areas, fitted by best fit, so that a person is counted once. The mistake this
prevents: two sets of lines that look alike on a map and part thousands of people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from neighbourhoods.partner import PartnerSet
from neighbourhoods.trial import Trial


@dataclass(frozen=True, eq=False)
class PartnerOverlap:
    """One option over one partner's areas.

    Parameters
    ----------
    partner_id, name : str
    overlaps : DataFrame
        footprint_id, footprint_name, partner_area ("" for none), people, share_of_footprint,
        share_of_partner, leads (bool): one row for each pair that shares people, the most first in each.
    people_outside : float
        People whose footprint is led by another of the partner's areas than the one they live in.
    share_outside : float
        Of all people.
    n_split : int
        The partner's areas that lie in two footprints or more.
    """

    partner_id: str
    name: str
    overlaps: pd.DataFrame
    people_outside: float
    share_outside: float
    n_split: int


def partner_overlap(trial: Trial, partner: PartnerSet) -> PartnerOverlap:
    """People of each footprint by the partner's area they live in."""
    n_labels = len(partner.labels)
    held = np.zeros((trial.k, n_labels + 1))
    placed = np.flatnonzero(trial.index >= 0)
    column = np.where(partner.row < 0, n_labels, partner.row)
    np.add.at(held, (trial.index[placed], column[placed]), trial.town.people[placed])
    n_areas = np.zeros_like(held)
    np.add.at(n_areas, (trial.index[placed], column[placed]), 1)
    lead = held[:, :n_labels].argmax(axis=1) if n_labels else np.full(trial.k, -1)
    rows = []
    for footprint in range(trial.k):
        for label in np.argsort(-held[footprint], kind="stable").tolist():
            if not n_areas[footprint, label]:
                continue
            people = float(held[footprint, label])
            is_none = label == n_labels
            rows.append(
                {
                    "footprint_id": trial.ids[footprint],
                    "footprint_name": trial.name(footprint),
                    "partner_area": "" if is_none else partner.labels[label],
                    "people": people,
                    "share_of_footprint": _share(people, float(held[footprint].sum())),
                    "share_of_partner": float("nan")
                    if is_none
                    else _share(people, float(held[:, label].sum())),
                    "leads": bool(label == lead[footprint] and not is_none),
                }
            )
    total = float(trial.town.people.sum())
    inside = sum(float(row["people"]) for row in rows if row["leads"])
    n_split = int(((n_areas[:, :n_labels] > 0).sum(axis=0) > 1).sum())
    return PartnerOverlap(
        partner.id, partner.name, pd.DataFrame(rows), total - inside, _share(total - inside, total), n_split
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
