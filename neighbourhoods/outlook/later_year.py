"""An option in a later year: residents with the homes built by then, the band grown as the whole has.

The mistake this prevents: a neighbourhood that is even today and a third too large when the homes stand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.measure.move import sums_of
from neighbourhoods.scorecard.trial import Trial

Floats = NDArray[np.float64]
ROUNDING = 1e-9  # as in neighbourhoods.measure.fault: at the very edge of the band is inside


@dataclass(frozen=True, eq=False)
class LaterYear:
    """One option so many years from now.

    Parameters
    ----------
    years : int
        From now; 0 is today.
    target : float
        People wanted in each footprint then.
    tolerance : float
    people : float (n_footprints,)
        Residents by footprint; NaN where they are not known.
    """

    years: int
    target: float
    tolerance: float
    people: Floats

    @property
    def band(self) -> tuple[float, float]:
        """Least and most people in a footprint."""
        return self.target * (1 - self.tolerance), self.target * (1 + self.tolerance)

    @property
    def deviation(self) -> Floats:
        """(people - target) / target by footprint."""
        return np.asarray((self.people - self.target) / self.target)

    @property
    def is_known(self) -> bool:
        """Whether residents of every footprint are known."""
        return bool(np.isfinite(self.people).all() and np.isfinite(self.target))

    def outside(self, people: Floats | None = None) -> Floats:
        """People under (negative) or over the band, 0 inside; of other sums over footprints if given."""
        low, high = self.band
        slack = ROUNDING * self.target
        held = self.people if people is None else people
        under, over = np.minimum(held - low + slack, 0.0), np.maximum(held - high - slack, 0.0)
        return np.asarray(under + over)


def today(trial: Trial) -> LaterYear:
    """The option as it is now."""
    people = sums_of(trial.town.people, trial.index, trial.k)
    return LaterYear(0, trial.town.target, trial.params.tolerance, people)


def later_years(trial: Trial) -> tuple[LaterYear, ...]:
    """The option in each future year that can be told, soonest first."""
    now = trial.town.people.sum()
    return tuple(
        LaterYear(
            years,
            trial.town.target * float(residents.sum() / now),
            trial.params.tolerance,
            sums_of(residents, trial.index, trial.k),
        )
        for years, residents in trial.later
    )
