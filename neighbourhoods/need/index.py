"""A need index of chosen indicators and weights, standardised in a named way.

The index of any set of areas is the weighted mean, over indicators, of sums divided by sums. With z-scores
the sums are the indicator's own: z = (its value - the authority's) / s, where s is the standard deviation of
the areas' values, weighted by denominators. With ranks they are residents times the area's score on the
exponential scale of the Indices of Deprivation, over residents: the mean score. The mistakes this prevents:
averaging rates of unlike areas, and counting deprivation twice by mixing an index with its own domains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from indicators.indicator import Indicator
from neighbourhoods.need.need import NeedTable

Floats = NDArray[np.float64]
Standardisation = Literal["z", "rank"]
STANDARDISATIONS: dict[Standardisation, str] = {
    "z": "z-scores, weighted by the people counted",
    "rank": "ranks of areas on the exponential scale of the Indices of Deprivation, 0 to 100, weighted by "
    "residents",
}
OVERALL = ("imd", "imd_most_deprived")
DEPRIVATION_TABLES = "iod20"
SCALE = 23.0  # of the exponential scale: a tenth of areas score above 50


@dataclass(frozen=True, eq=False)
class NeedIndex:
    """What is needed to score any set of areas.

    Parameters
    ----------
    indicator_ids : tuple of str
    weights : float (m,)
        Share of each indicator, their sizes adding up to 1. With z-scores a negative one counts the other way
        round (more is better); with ranks the ranks are turned round and all are positive.
    numerator, denominator : float (n_areas, m)
        With ranks: residents times the area's score, and residents.
    level, spread : float (m,)
        The authority's value, and the standard deviation between areas; with ranks noughts and ones.
    standardisation : "z" or "rank"
    """

    indicator_ids: tuple[str, ...]
    weights: Floats
    numerator: Floats
    denominator: Floats
    level: Floats
    spread: Floats
    standardisation: Standardisation = "z"

    def parts(self, numerator: Floats, denominator: Floats) -> Floats:
        """Standardised value of sums by indicator (..., m); `score` is their weighted sum."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((numerator / denominator - self.level) / self.spread)

    def score(self, numerator: Floats, denominator: Floats) -> Floats:
        """Index of sums (..., m).

        With z-scores 0 is the authority and 1 a standard deviation between areas; with ranks 0 to 100, where
        100 is the area in most need on every indicator.
        """
        return np.asarray(self.parts(numerator, denominator) @ self.weights)

    @property
    def area_scores(self) -> Floats:
        """Index of each area; NaN where nobody is counted."""
        return self.score(self.numerator, self.denominator)


def need_index(
    table: NeedTable,
    chosen: Sequence[tuple[str, float]],
    catalogue: Mapping[str, Indicator],
    *,
    standardisation: Standardisation = "z",
    people: Floats | None = None,
) -> NeedIndex:
    """An index of chosen indicators.

    Parameters
    ----------
    table : NeedTable
    chosen : sequence of (indicator_id, weight)
        Weights above nought; an indicator of which more is better counts the other way round.
    standardisation : "z" or "rank"
    people : float (n_areas,), optional
        Residents, in the table's order; needed for ranks, which are weighted by them.

    Raises
    ------
    InputError
        When nothing is chosen; when an indicator is unknown, has no figure for an area or does not differ
        between areas; when a weight is not above nought; when an index of deprivation is mixed with its own
        parts; with ranks, when an area's residents are not known.
    """
    if not chosen:
        raise InputError("Choose at least one indicator for the need index.")
    if standardisation not in STANDARDISATIONS:
        raise InputError(f"Standardise by {' or '.join(STANDARDISATIONS)}, not by {standardisation!r}.")
    if len({one for one, _ in chosen}) < len(chosen):
        raise InputError("An indicator is given twice for the need index; give each one weight.")
    require_unmixed([one for one, _ in chosen], catalogue)
    place = {one: i for i, one in enumerate(table.indicator_ids)}
    for one, weight in chosen:
        if one not in catalogue:
            raise InputError(f"There is no indicator {one!r}; see `neighbourhoods indicators`.")
        if not weight > 0 or not np.isfinite(weight):
            raise InputError(f"The weight of {catalogue[one].label} must be above nought, not {weight}.")
        if one not in place or not is_complete(table, one):
            raise InputError(
                f"{catalogue[one].label} cannot be part of the need index: it has no figure for some areas."
            )
    columns = [place[one] for one, _ in chosen]
    numerator, denominator = table.numerator[:, columns], table.denominator[:, columns]
    level = numerator.sum(axis=0) / denominator.sum(axis=0)
    squares = denominator * np.square(numerator / denominator - level)
    spread = np.sqrt(squares.sum(axis=0) / denominator.sum(axis=0))
    for (one, _), value in zip(chosen, spread, strict=True):
        if not value > 0:
            raise InputError(f"{catalogue[one].label} is the same everywhere; leave it out of the index.")
    signs = np.array([-1.0 if catalogue[one].polarity == "high_is_better" else 1.0 for one, _ in chosen])
    weights = np.array([weight for _, weight in chosen])
    weights = weights / weights.sum()
    ids = tuple(one for one, _ in chosen)
    if standardisation == "z":
        return NeedIndex(ids, weights * signs, numerator, denominator, level, spread)
    if people is None or not (people > 0).all():
        raise InputError("Ranks are weighted by residents, and those of some areas are not known.")
    residents = np.repeat(people[:, None], len(ids), axis=1)
    scores = rank_scores(signs * numerator / denominator)
    none, one_each = np.zeros(len(ids)), np.ones(len(ids))
    return NeedIndex(ids, weights, scores * residents, residents, none, one_each, "rank")


def rank_scores(values: Floats) -> Floats:
    """Scores of areas by rank, down the columns: near 0 for the lowest value, 100 for the highest.

    X = -23 ln(1 - R (1 - exp(-100 / 23))), where R is the rank over the number of areas, 1 for the highest;
    equal values share the mean of their ranks. A tenth of areas score above 50, so that great need on one
    indicator is not cancelled by little need on another (The English Indices of Deprivation 2019, Technical
    report, Ministry of Housing, Communities and Local Government, chapter 3, "exponential transformation").
    There the ranks are among all of England's areas, here among those that are given.
    """
    share = pd.DataFrame(values).rank(method="average").to_numpy() / len(values)
    return np.asarray(-SCALE * np.log1p(-share * -np.expm1(-100 / SCALE)))


def is_complete(table: NeedTable, indicator_id: str) -> bool:
    """Whether an indicator has a figure, and people counted, for every area."""
    if indicator_id not in table.indicator_ids:
        return False
    column = table.indicator_ids.index(indicator_id)
    return bool(np.isfinite(table.numerator[:, column]).all() and (table.denominator[:, column] > 0).all())


def require_unmixed(indicator_ids: Sequence[str], catalogue: Mapping[str, Indicator]) -> None:
    """Refuse an index of multiple deprivation beside its own domains.

    Raises
    ------
    InputError
        Names both.
    """
    overall = [one for one in indicator_ids if one in OVERALL]
    parts = [one for one in indicator_ids if one in catalogue and is_deprivation_part(catalogue[one])]
    if overall and (parts or len(overall) > 1):
        other = (parts or overall[1:])[0]
        raise InputError(
            f"{catalogue[overall[0]].label} already holds {catalogue[other].label}: choose one of them."
        )


def is_deprivation_part(indicator: Indicator) -> bool:
    """Whether an indicator is a domain or part of the index of multiple deprivation, or is picked by one."""
    cells = indicator.numerator
    tables = (cells.table, cells.where[0]) if cells.where else (cells.table,)
    return indicator.id not in OVERALL and any(one.startswith(DEPRIVATION_TABLES) for one in tables)
