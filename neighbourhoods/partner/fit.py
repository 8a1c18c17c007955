"""How an option agrees with a partner's areas: who lives where on both maps, and who lives near the line.

People are counted in the smallest areas that have residents, so that a partner's line through a ward is seen.
The mistake this prevents: "in line" said of two maps whose areas agree and whose people do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geodata.straddle import SLIVER_SHARE
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.partner.partner import PartnerSource

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
NONE = "in none of the partner's areas"


@dataclass(frozen=True)
class Straddle:
    """People near the partner's line.

    Parameters
    ----------
    share : float
        Of people, 0 to 1, who live in areas of the option's kind that the line cuts; NaN where unknown.
    people_across : float
        Who live on the other side of the line from where their area is counted; NaN where unknown.
    method : str
        How that is known, as part of a sentence.
    """

    share: float
    people_across: float
    method: str


@dataclass(frozen=True, eq=False)
class PartnerFit:
    """An option against a partner's areas.

    Parameters
    ----------
    partner_id, partner_name : str
    counted_by : str
        Kind of area that people were counted in: "LSOAs (2021)".
    people, areas : DataFrame
        Footprints (rows, by footprint_id) x partner's areas (columns; the last is people in none): residents,
        and areas of that kind (parts of areas where they are shared).
    footprints : DataFrame
        footprint_id, footprint_name, leading (the partner's area that most live in), leading_share, people,
        people_outside (of the leading one).
    partner_areas : DataFrame
        partner_area, residents, n_footprints (that it is split over), leading (footprint_id that most of its
        residents are in), leading_share, registered, registered_less_residents; NaN where not known.
    straddle : Straddle
    notes : tuple of str
    """

    partner_id: str
    partner_name: str
    counted_by: str
    people: pd.DataFrame
    areas: pd.DataFrame
    footprints: pd.DataFrame
    partner_areas: pd.DataFrame
    straddle: Straddle
    notes: tuple[str, ...]

    @property
    def people_outside(self) -> float:
        """People whose footprint is led by another of the partner's areas than theirs, or who are in none."""
        return float(self.footprints["people_outside"].sum())

    def as_json(self) -> dict[str, object]:
        """Plain values; null for what is not known."""
        return {
            "partner_id": self.partner_id,
            "partner_name": self.partner_name,
            "counted_by": self.counted_by,
            "people_outside": self.people_outside,
            "footprints": _records(self.footprints),
            "partner_areas": _records(self.partner_areas),
            "people": _matrix(self.people),
            "areas": _matrix(self.areas),
            "straddling": {
                "share": _plain(self.straddle.share),
                "people_across": _plain(self.straddle.people_across),
                "method": self.straddle.method,
            },
            "notes": list(self.notes),
        }


def partner_fit(
    option: FootprintOption,
    source: PartnerSource,
    *,
    footprint: Rows,
    people: Floats,
    shares: csr_array,
    counted_by: str,
    straddle: Straddle,
) -> PartnerFit:
    """The fit from arrays over the areas that people are counted in.

    Parameters
    ----------
    footprint : int64 (n_areas,)
        Place in `option.footprint_ids`; -1 where unassigned (those people are in no row).
    people : float (n_areas,)
    shares : csr_array (n_labels, n_areas)
        Share of each area in each of the partner's; what is missing to 1 is in none.
    """
    ids = option.footprint_ids
    placed = np.flatnonzero(footprint >= 0)
    member = csr_array((np.ones(len(placed)), (footprint[placed], placed)), shape=(len(ids), len(people)))
    columns = [*source.labels, NONE]
    in_none = np.clip(1 - np.asarray(shares.sum(axis=0)).ravel(), 0.0, None)

    def crossed(weight: Floats) -> pd.DataFrame:
        inside = np.asarray((member @ (shares * weight).T).todense())
        frame = np.column_stack([inside, member @ (in_none * weight)])
        return pd.DataFrame(frame, index=pd.Index(ids, name="footprint_id"), columns=columns)

    by_people, by_area = crossed(people), crossed(np.ones(len(people)))
    notes = []
    if source.has_equal_parts:
        notes.append("areas that lie in several of the partner's are counted in equal parts: modelled")
    n_left = int((footprint < 0).sum())
    if n_left:
        notes.append(f"{n_left:,} of the {counted_by} are in no footprint and not counted")
    return PartnerFit(
        source.id,
        source.name,
        counted_by,
        by_people,
        by_area,
        _by_footprint(option, by_people, list(source.labels)),
        _by_partner_area(by_people, shares @ people, source),
        straddle,
        tuple(notes),
    )


def straddle_by_parts(area: Rows, row: Rows, people: Floats, shares: csr_array, parts: str) -> Straddle:
    """Who is near the line, by smaller areas inside those of the option.

    Parameters
    ----------
    area : int64 (n_parts,)
        The option's area that each part is in; -1 for none.
    row : int64 (n_areas,)
        The partner's area that each of the option's areas is counted in; -1 for none.
    people : float (n_parts,)
    shares : csr_array (n_labels, n_parts)
    parts : str
        What the parts are called.
    """
    n_labels = shares.shape[0]
    whole = np.asarray(shares.todense(), dtype=float)
    whole = np.vstack([whole, np.clip(1 - whole.sum(axis=0), 0.0, None)])
    known = area >= 0
    lives = np.zeros((len(row), n_labels + 1))
    np.add.at(lives, area[known], (whole * people).T[known])
    total = lives.sum(axis=1)
    here = lives[np.arange(len(row)), np.where(row < 0, n_labels, row)]
    is_cut = (lives > 1e-9 * np.maximum(total, 1.0)[:, None]).sum(axis=1) > 1
    share = float(total[is_cut].sum() / total.sum()) if total.sum() else float("nan")
    return Straddle(share, float((total - here).sum()), f"by the {parts} on either side of it")


def straddle_by_land(land: csr_array, people: Floats) -> Straddle:
    """Who is near the line, by the land of each area on either side of it (n_labels, n_areas).

    A side counts when it has more than 1% of the area's land: outlines of two sources never agree better.
    """
    sides = np.asarray(land.todense(), dtype=float)
    sides = np.vstack([sides, 1 - sides.sum(axis=0)])
    is_cut = (sides > SLIVER_SHARE).sum(axis=0) > 1
    share = float(people[is_cut].sum() / people.sum()) if people.sum() else float("nan")
    return Straddle(share, float("nan"), "by areas with more than 1% of their land on either side")


def _by_footprint(option: FootprintOption, people: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    inside = people[labels].to_numpy()
    total = people.to_numpy().sum(axis=1)
    most = inside.max(axis=1, initial=0.0)
    leading = [labels[i] if m > 0 else NONE for i, m in zip(_first_most(inside), most, strict=True)]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = most / total
    return pd.DataFrame(
        {
            "footprint_id": list(people.index),
            "footprint_name": [option.footprint_name(str(one)) for one in people.index],
            "leading": leading,
            "leading_share": share,
            "people": total,
            "people_outside": total - most,
        }
    )


def _by_partner_area(people: pd.DataFrame, residents: Floats, source: PartnerSource) -> pd.DataFrame:
    inside = people[list(source.labels)].to_numpy().T
    most = inside.max(axis=1, initial=0.0)
    ids = list(people.index)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = most / inside.sum(axis=1)
    return pd.DataFrame(
        {
            "partner_area": list(source.labels),
            "residents": residents,
            "n_footprints": (inside > 0).sum(axis=1),
            "leading": [ids[i] if m > 0 else "" for i, m in zip(_first_most(inside), most, strict=True)],
            "leading_share": share,
            "registered": source.registered,
            "registered_less_residents": source.registered - residents,
        }
    )


def _first_most(table: Floats) -> list[int]:
    return [int(row.argmax()) if row.size else 0 for row in table]


def _matrix(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {"footprint_id": str(index), "by_partner_area": {str(k): _plain(v) for k, v in row.items()}}
        for index, row in frame.iterrows()
    ]


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): _plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
