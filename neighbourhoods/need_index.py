"""A need index of chosen indicators and weights, in z-scores, that stays a ratio of sums.

The index of any set of areas is the weighted mean of z = (its value - the authority's) / s over indicators,
where its value is the sum of numerators over the sum of denominators and s is the standard deviation of the
areas' values, weighted by denominators. The mistakes this prevents: averaging rates of unlike areas, and
counting deprivation twice by mixing an index with its own domains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geodata.errors import InputError
from indicators.indicator import Indicator
from neighbourhoods.need import NeedTable

Floats = NDArray[np.float64]
Standardisation = Literal["z", "rank"]
STANDARDISATION = "z-scores, weighted by the people counted"
OVERALL = ("imd", "imd_most_deprived")
DEPRIVATION_TABLES = "iod20"


@dataclass(frozen=True, eq=False)
class NeedIndex:
    """What is needed to score any set of areas.

    Parameters
    ----------
    indicator_ids : tuple of str
    weights : float (m,)
        Share of each indicator, adding up to 1; positive counts towards need.
    numerator, denominator : float (n_areas, m)
    level, spread : float (m,)
        The authority's value, and the standard deviation between areas.
    """

    indicator_ids: tuple[str, ...]
    weights: Floats
    numerator: Floats
    denominator: Floats
    level: Floats
    spread: Floats

    def score(self, numerator: Floats, denominator: Floats) -> Floats:
        """Index of sums (..., m): 0 is the authority, 1 a standard deviation between areas."""
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (numerator / denominator - self.level) / self.spread
        return np.asarray(z @ self.weights)

    @property
    def area_scores(self) -> Floats:
        """Index of each area; NaN where nobody is counted."""
        return self.score(self.numerator, self.denominator)


def need_index(
    table: NeedTable, chosen: Sequence[tuple[str, float]], catalogue: Mapping[str, Indicator]
) -> NeedIndex:
    """An index of chosen indicators.

    Parameters
    ----------
    table : NeedTable
    chosen : sequence of (indicator_id, weight)
        Weights above nought; an indicator of which more is better counts the other way round.

    Raises
    ------
    InputError
        When an indicator is unknown, has no figure for an area or does not differ between areas; when a
        weight is not above nought; when an index of deprivation is mixed with its own parts.
    """
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
    signs = [-1.0 if catalogue[one].polarity == "high_is_better" else 1.0 for one, _ in chosen]
    weights = np.array([weight for _, weight in chosen]) * signs
    ids = tuple(one for one, _ in chosen)
    return NeedIndex(ids, weights / np.abs(weights).sum(), numerator, denominator, level, spread)


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
    parts = [
        one
        for one in indicator_ids
        if one in catalogue
        and one not in OVERALL
        and catalogue[one].numerator.table.startswith(DEPRIVATION_TABLES)
    ]
    if overall and (parts or len(overall) > 1):
        other = (parts or overall[1:])[0]
        raise InputError(
            f"{catalogue[overall[0]].label} already holds {catalogue[other].label}: choose one of them."
        )
