"""Stops that a planner sets on the map, and what is known of any place where a bus may stand.

What nobody has said is not known, and not known counts as no wherever a quality is asked for: a bus that
turns up where nobody gave permission is worse than one that was never planned there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.errors import InputError
from geodata.text import one_line

OWN_KIND = "own"
OWN_LABEL = "Point set on the map"
YES, NO = "yes", "no"
ANSWERS = ("", YES, NO)
NOT_KNOWN = "not known"
HOURS = "opening_hours"  # of the register, as text
MOST_NAME = 80
GREAT_BRITAIN_M = (0.0, 0.0, 700_000.0, 1_300_000.0)  # EPSG:27700


@dataclass(frozen=True)
class StopQuality:
    """One thing that a place where a bus stands may have.

    Parameters
    ----------
    id : str
        Name of the register's column.
    label : str
    lacking : str
        What is said of a stop that is not known to have it: "no permission".
    """

    id: str
    label: str
    lacking: str


QUALITIES: dict[str, StopQuality] = {
    one.id: one
    for one in (
        StopQuality("permission", "Permission", "no permission"),
        StopQuality("hard_standing", "Hard standing", "no hard standing"),
        StopQuality("power", "Power", "no power"),
        StopQuality("toilets", "Toilets", "no toilets"),
    )
}


@dataclass(frozen=True)
class OwnStop:
    """A point that a planner set, with what is known of it.

    Parameters
    ----------
    id : str
        Begins with "own:".
    name : str
    x, y : float
        Metres in EPSG:27700.
    permission, hard_standing, power, toilets : str
        One of `ANSWERS`; empty is not known.
    hours : str
        When one may stand there, as people say it.
    author, created : str
        Who set it, and on which day (ISO).
    """

    id: str
    name: str
    x: float
    y: float
    permission: str = ""
    hard_standing: str = ""
    power: str = ""
    toilets: str = ""
    hours: str = ""
    author: str = ""
    created: str = ""

    def __post_init__(self) -> None:
        west, south, east, north = GREAT_BRITAIN_M
        if not (west <= self.x <= east and south <= self.y <= north):
            raise InputError("The point does not lie in Great Britain. Set it on the map again.")
        if not one_line(self.name) or len(self.name) > MOST_NAME:
            raise InputError(f"Give the point a name of up to {MOST_NAME} letters, as people would say it.")
        for one in QUALITIES.values():
            if getattr(self, one.id) not in ANSWERS:
                raise InputError(f"{one.label}: answer yes or no, or leave it empty if it is not known.")


def own_id(x: float, y: float) -> str:
    """The id of a point: the same place on the ground, to the metre, is the same stop."""
    return f"{OWN_KIND}:{round(x)}-{round(y)}"


def own_places(own: Sequence[OwnStop]) -> gpd.GeoDataFrame:
    """Points as places: index place_id; name, kind, the qualities, geometry."""
    return gpd.GeoDataFrame(
        {
            "name": [one.name for one in own],
            "kind": OWN_KIND,
            **{quality: [getattr(one, quality) for one in own] for quality in QUALITIES},
        },
        geometry=gpd.points_from_xy([one.x for one in own], [one.y for one in own]),
        index=pd.Index([one.id for one in own], name="place_id", dtype=object),
        crs=27700,
    )


def with_own(places: gpd.GeoDataFrame, own: Sequence[OwnStop]) -> gpd.GeoDataFrame:
    """Places with the points beside them; name, kind, opening hours, the qualities and geometry of both.

    What the register says nothing of is empty; a point has the hours that are asked of it, no text.
    """
    kept = gpd.GeoDataFrame(places[["name", "kind", "geometry"]], geometry="geometry", crs=places.crs)
    for quality in QUALITIES:
        known = places[quality] if quality in places else pd.Series("", index=places.index)
        kept[quality] = known.fillna("").astype(str).str.strip().str.lower()
    hours = places[HOURS] if HOURS in places else pd.Series("", index=places.index)
    kept[HOURS] = hours.fillna("").astype(str)
    if not own:
        return kept
    points = own_places(own).assign(**{HOURS: ""})
    return gpd.GeoDataFrame(pd.concat([kept, points]), geometry="geometry", crs=places.crs)


def has_all(places: pd.DataFrame, needs: Iterable[str]) -> np.ndarray:
    """Whether each place is known to have all of some qualities; not known counts as no."""
    found = np.ones(len(places), dtype=bool)
    for quality in needs:
        found &= (places[quality] == YES).to_numpy()
    return found


def lacking_words(places: pd.DataFrame, needs: Sequence[str]) -> str:
    """How many places are left out for want of what is asked: "12 of 80 places are left out: …".

    Returns
    -------
    str
        Empty where none is asked for or none is left out.
    """
    is_out = ~has_all(places, needs)
    if not needs or not is_out.any():
        return ""
    said = []
    for quality in needs:
        answer = places[quality]
        n_no, n_unknown = int((~answer.isin([YES, ""])).sum()), int((answer == "").sum())
        said.append(f"{QUALITIES[quality].label.lower()}: {n_no:,} no, {n_unknown:,} not known")
    return f"{int(is_out.sum()):,} of {len(places):,} places are left out ({'; '.join(said)})."


def quality_table(places: pd.DataFrame, own: Sequence[OwnStop], ids: Sequence[str]) -> pd.DataFrame:
    """What is known of some stops, by stop_id: each quality as yes, no, partly or not known, and hours.

    Parameters
    ----------
    places : DataFrame
        The register by place_id; stops that are not in it are looked for among the points.
    """
    by_id = {one.id: one for one in own}
    rows = []
    for one in ids:
        if one in by_id:
            row = {name: getattr(by_id[one], name) for name in (*QUALITIES, "hours")}
        elif one in places.index:
            values = places.loc[one]
            row = {name: values.get(name) for name in QUALITIES} | {"hours": values.get("opening_hours")}
        else:
            row = {}
        rows.append({name: _answer(row.get(name)) for name in (*QUALITIES, "hours")})
    return pd.DataFrame(
        rows, columns=[*QUALITIES, "hours"], index=pd.Index(list(ids), name="stop_id", dtype=object)
    )


def _answer(value: object) -> str:
    text = "" if value is None or value is pd.NA or value != value else str(value).strip()
    return text or NOT_KNOWN
