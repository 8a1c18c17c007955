"""What is asked when an option is tested: frozen values that can be kept, cited and repeated."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from geodata.errors import InputError
from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.measure.wish import DEFAULT_WISHES, require_wishes
from neighbourhoods.need.index import Standardisation
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outlook.growth import HORIZONS
from neighbourhoods.travel.straight_line import WALKING_KM_H

N_SAMPLED = 10_000
TOLERANCE = 0.10
EDGE = 1e-9  # rounding, as in neighbourhoods.measure.fault


@dataclass(frozen=True)
class ScorecardParams:
    """What an option is held to and compared with.

    Parameters
    ----------
    target : float or None
        People wanted in each footprint; None for an equal share of the authority.
    tolerance : float
        Width of the band either side of the target, as a share.
    wishes : tuple of (str, float)
        Wish ids and weights: the mix by which single moves are ranked.
    need : tuple of (str, float)
        Indicator ids and weights of the need index; empty for none.
    standardisation : "z" or "rank"
        How indicators of the need index are made comparable.
    as_now : FootprintOption or None
        The option that people would move from.
    partner_ids : tuple of str
        Partners' sets that the option is laid against; the wish to be in line is measured by the first.
    horizons : tuple of int
        Years from now at which the band is tested, where development sites are loaded.
    km_h : float
        Speed for minutes between residents; 0 to leave travel out.
    n_sampled : int
        Options to sample where there are too many ways to go through them all; 0 for none.
    seed : int
        Of the sampling.
    """

    target: float | None = None
    tolerance: float = TOLERANCE
    wishes: tuple[tuple[str, float], ...] = DEFAULT_WISHES
    need: tuple[tuple[str, float], ...] = ()
    standardisation: Standardisation = "z"
    as_now: FootprintOption | None = None
    partner_ids: tuple[str, ...] = ()
    horizons: tuple[int, ...] = tuple(years for years in HORIZONS if years)
    km_h: float = 0.0
    n_sampled: int = N_SAMPLED
    seed: int = 0

    def __post_init__(self) -> None:
        if self.target is not None and not 0 < self.target < float("inf"):
            raise InputError(f"The target must be above nought, not {self.target}.")
        if not 0 <= self.tolerance < float("inf"):
            raise InputError(f"The band must be nought or wider, not {self.tolerance}.")
        if any(years <= 0 for years in self.horizons):
            raise InputError("Future years are counted from now: give 1 or more.")
        if self.n_sampled < 0:
            raise InputError(f"The number of options to sample must be nought or more, not {self.n_sampled}.")
        object.__setattr__(self, "wishes", require_wishes(self.wishes))
        if any(one == "travel" for one, _ in self.wishes) and self.km_h <= 0:
            object.__setattr__(self, "km_h", WALKING_KM_H)

    def generation(
        self,
        option: FootprintOption,
        tolerance: float,
        *,
        allow_enclosed: bool,
        future_years: int,
        partner_id: str,
    ) -> GenerationParams:
        """What to generate so that the option stands among its like: as many footprints of the same areas.

        Parameters
        ----------
        tolerance : float
            Band that is used, which may be wider than the one asked for.
        allow_enclosed : bool
            Whether a footprint may lie inside another, as one of the option's may.
        future_years : int
            The furthest year that can be told; 0 for none.
        partner_id : str
            The first of the partners' sets that fits the areas; empty for none.

        Raises
        ------
        InputError
            When the wishes need something that was not given.
        """
        n = len(option.footprint_ids)
        return GenerationParams(
            geography=option.geography,
            n_min=n,
            n_max=n,
            tolerance=tolerance,
            target=self.target,
            as_now=self.as_now,
            allow_enclosed=allow_enclosed,
            wishes=self.wishes,
            need=self.need,
            standardisation=self.standardisation,
            partner_id=partner_id,
            future_years=future_years,
            km_h=self.km_h,
            seed=self.seed,
        )


def band_for(tolerance: float, worst_deviation: float) -> float:
    """The band asked for or, where the option is outside it, the next whole per cent that holds it."""
    if worst_deviation <= tolerance * (1 + EDGE) + EDGE:
        return tolerance
    return ceil(worst_deviation * 100 - EDGE) / 100
