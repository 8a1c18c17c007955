"""Places that may stand in the register twice, for a person to look at: never merged in silence.

Two lists seldom spell a name alike. Pairs are sought among places within 250 m of each other or with the same
postcode, and scored by name, distance and postcode:

    score = 0.6 name + 0.25 nearness + 0.15 postcode

name: Dice's coefficient of the words of both names (Dice, Ecology 26, 1945), each weighed by how rare it is
in the register (inverse document frequency), words that differ by a letter or two counting in part.
nearness: 1 at the same point, falling to nought at 250 m. postcode: 1 the same, 0.5 not known of both, 0
another. A pair is shown from a score of 0.6 with a name of 0.5 or more; inside one and the same list, where
twins are rare, with a name of 0.8 or more.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from neighbourhoods.register.change import told_apart
from neighbourhoods.study.study import Study

NEAR_M = 250.0
NAME, NEARNESS, POSTCODE = 0.6, 0.25, 0.15
SCORE_MIN, NAME_MIN, NAME_MIN_IN_LIST = 0.6, 0.5, 0.8
ALIKE = 0.8  # of letters: then two words count as the same in part
NOT_SOUGHT = ("bus_stop",)  # stops stand in pairs on purpose
_EMPTY_WORDS = frozenset(
    ("the", "of", "and", "a", "an", "at", "in", "on", "for", "ltd", "limited", "plc", "llp")
)
_SHORT = {"st": "saint", "dr": "doctor", "rd": "road", "ctr": "centre", "hosp": "hospital", "sch": "school"}


@dataclass(frozen=True)
class DuplicatePair:
    """Two places that may be one.

    Parameters
    ----------
    first_id, second_id : str
        The first says more of itself.
    score, name : float
        From 0 to 1.
    metres : float
    same_postcode : bool or None
        None where one of the two has none.
    """

    first_id: str
    second_id: str
    score: float
    name: float
    metres: float
    same_postcode: bool | None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why they may be the same, in words."""
        names = "the same name" if self.name > 0.99 else f"names alike by {self.name:.0%}"
        apart = "at the same point" if self.metres < 1 else f"{self.metres:,.0f} m apart"
        said = {True: "the same postcode", False: "another postcode", None: "postcode not known of both"}
        return names, apart, said[self.same_postcode]


def find_duplicates(
    places: gpd.GeoDataFrame, apart: Collection[frozenset[str]] = ()
) -> tuple[DuplicatePair, ...]:
    """Pairs that a person should look at, the most alike first.

    Parameters
    ----------
    places : GeoDataFrame
        Columns of the register, points in EPSG:27700.
    apart : collection of pairs of place_id
        Of which somebody has said that they are not the same.
    """
    sought = places[~places["kind"].isin(NOT_SOUGHT)]
    words = [name_words(name) for name in sought["name"]]
    weight = _weights(words)
    ids, postcodes = sought.index.astype(str).to_numpy(), sought["postcode"].to_numpy()
    xy = np.column_stack([sought.geometry.x, sought.geometry.y]).reshape(-1, 2)
    lists = (sought["kind"] + ":" + sought["source_id"]).to_numpy()
    said = ((sought.drop(columns="geometry") != "") & sought.drop(columns="geometry").notna()).sum(axis=1)
    order = np.lexsort((ids, -said.to_numpy()))
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    found = []
    for i, j in _blocks(xy, postcodes):
        if frozenset((ids[i], ids[j])) in apart:
            continue
        name = name_likeness(words[i], words[j], weight)
        if name < (NAME_MIN_IN_LIST if lists[i] == lists[j] else NAME_MIN):
            continue
        metres = float(np.hypot(*(xy[i] - xy[j])))
        both = bool(postcodes[i] and postcodes[j])
        same = bool(postcodes[i] == postcodes[j]) if both else None
        score = pair_score(name, metres, same)
        if score >= SCORE_MIN:
            first, second = (i, j) if rank[i] < rank[j] else (j, i)
            found.append(DuplicatePair(str(ids[first]), str(ids[second]), score, name, metres, same))
    return tuple(sorted(found, key=lambda pair: (-pair.score, pair.first_id, pair.second_id)))


def duplicates(study: Study) -> tuple[DuplicatePair, ...]:
    """Pairs of the register that nobody has looked at yet."""
    return find_duplicates(study.places(), told_apart(study.place_changes()))


def pair_score(name: float, metres: float, same_postcode: bool | None) -> float:
    """The score of a pair (see the module)."""
    postcode = {True: 1.0, None: 0.5, False: 0.0}[same_postcode]
    return round(NAME * name + NEARNESS * max(0.0, 1 - metres / NEAR_M) + POSTCODE * postcode, 6)


def name_words(name: str) -> tuple[str, ...]:
    """Words of a name that tell it apart: no accents, capitals, marks or empty words; each once."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’`]", "", plain)).split()
    spelt = [_SHORT.get(word, word) for word in words]
    return tuple(dict.fromkeys(word for word in spelt if word not in _EMPTY_WORDS)) or tuple(
        dict.fromkeys(spelt)
    )


def name_likeness(one: Sequence[str], other: Sequence[str], weight: Mapping[str, float]) -> float:
    """From 0, no word in common, to 1, the same words in any order."""
    total = sum(weight[word] for word in one) + sum(weight[word] for word in other)
    if not one or not other or not total:
        return 0.0
    common, left = 0.0, list(other)
    for word in one:
        best = max(left, key=lambda w: _alike(word, w), default="")
        alike = _alike(word, best) if best else 0.0
        if alike >= ALIKE:
            left.remove(best)
            common += alike * (weight[word] + weight[best])
    return min(1.0, common / total)


def _alike(one: str, other: str) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other).ratio()


def _weights(names: Sequence[Sequence[str]]) -> dict[str, float]:
    counts = Counter(word for words in names for word in words)
    return {word: math.log(1 + len(names) / n) for word, n in counts.items()}


def _blocks(xy: np.ndarray, postcodes: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of positions within `NEAR_M`, or with the same postcode."""
    if len(xy) < 2:
        return []
    pairs = {(int(i), int(j)) for i, j in cKDTree(xy).query_pairs(NEAR_M, output_type="ndarray")}
    for postcode, rows in pd.Series(range(len(postcodes))).groupby(postcodes):
        if postcode:
            at = rows.tolist()
            pairs |= {(i, j) for n, i in enumerate(at) for j in at[n + 1 :]}
    return sorted(pairs)
