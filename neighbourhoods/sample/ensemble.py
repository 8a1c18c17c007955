"""An ensemble: thousands of valid options drawn by chance, so that any option has percentiles.

A percentile is a share of the distribution that the sampler draws from, which is said in words beside it, and
it carries an interval from the number of independent draws that the sample is worth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import InputError
from neighbourhoods.generation.generation import SCORED, GenerationParams
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.row import option_of_row
from neighbourhoods.sample.sampled_share import sampled_share
from neighbourhoods.sample.sampler_method import Method

Floats = NDArray[np.float64]
Footprints = NDArray[np.int8] | NDArray[np.int16]

FEWEST_PER_CHAIN = 20
MIXED_R_HAT, FEWEST_EFFECTIVE = 1.01, 400.0  # Vehtari et al. (2021), section 4


@dataclass(frozen=True)
class EnsembleParams:
    """What is asked.

    Parameters
    ----------
    generation : GenerationParams
        The constraints, and what options are scored against; wishes play no part.
    n_options : int
        Options to draw in all.
    n_chains : int
        Chains that begin far from each other, two or more.
    thin : int
        Steps from one option that is kept to the next; 0 to leave it to the method.
    burn_in : int
        Options that each chain begins with and that are thrown away.
    seed : int
    method : "auto", "redraw" or "recombination"
        "auto" goes by size.
    """

    generation: GenerationParams
    n_options: int = 10_000
    n_chains: int = 8
    thin: int = 0
    burn_in: int = 100
    seed: int = 0
    method: Literal["auto", "redraw", "recombination"] = "auto"

    def __post_init__(self) -> None:
        if self.n_chains < 2:
            raise InputError(f"Chains are compared with each other: ask for 2 or more, not {self.n_chains}.")
        if self.n_options < FEWEST_PER_CHAIN * self.n_chains:
            raise InputError(
                f"{self.n_chains} chains need {FEWEST_PER_CHAIN * self.n_chains} options to be compared, "
                f"not {self.n_options}."
            )
        if self.thin < 0 or self.burn_in < 0 or self.seed < 0:
            raise InputError("Steps between options, options thrown away and the seed are nought or more.")

    @property
    def n_draws(self) -> int:
        """Options of each chain."""
        return -(-self.n_options // self.n_chains)


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What was drawn.

    Parameters
    ----------
    params : EnsembleParams
    area_codes : Index
        Area of each column of `footprint`.
    people : float (n_areas,)
    target : float
        The target that was used.
    method : "redraw" or "recombination"
    distribution : str
        What is drawn from, in words.
    thin : int
        The steps between draws that were used.
    footprint : int8 or int16 (n_options, n_areas)
        Footprint of each area in each option, chain by chain.
    scores : DataFrame
        One row per option: chain, draw and the measures of `option_score.score_options`.
    diagnostics : DataFrame
        By measure_id: r_hat, bulk_ess, tail_ess, percentile_error.
    chains : DataFrame
        By chain: n_steps, n_changed, n_refused, n_left, acceptance.
    n_distinct : int
        Options that differ from each other.
    is_complete : bool
        Whether as many were drawn as were asked for.
    runtime_s, worker_s, compile_s : float
        Seconds it took, seconds of work of all workers together, and seconds in which the program was
        compiled beforehand (about nought after the first time on a machine).
    """

    params: EnsembleParams
    area_codes: pd.Index
    people: Floats
    target: float
    method: Method
    distribution: str
    thin: int
    footprint: NDArray[np.int16]
    scores: pd.DataFrame
    diagnostics: pd.DataFrame
    chains: pd.DataFrame
    n_distinct: int
    is_complete: bool
    runtime_s: float
    worker_s: float
    compile_s: float = 0.0
    measure_versions: Mapping[str, str] = field(
        default_factory=lambda: {one: MEASURES[one].version for one in SCORED}
    )

    @property
    def n_options(self) -> int:
        """Number of options drawn."""
        return len(self.footprint)

    @property
    def measure_ids(self) -> tuple[str, ...]:
        """Measures that are known for these options."""
        return tuple(one for one in SCORED if self.scores[one].notna().any())

    @property
    def is_mixed(self) -> bool:
        """Whether chains agree and are worth enough independent draws on every measure that varies."""
        varying = self.diagnostics.dropna(subset=["r_hat"])
        worth = varying[["bulk_ess", "tail_ess"]].to_numpy(dtype=float)
        return bool((varying["r_hat"] <= MIXED_R_HAT).all() and (worth >= FEWEST_EFFECTIVE).all())

    def values(self, measure_id: str) -> Floats:
        """One measure of every option."""
        return self.scores[measure_id].to_numpy(dtype=float)

    def option(self, number: int, name: str = "") -> FootprintOption:
        """One of the options, its footprints lettered; locked ones keep their names."""
        asked = self.params.generation
        draw = self.scores.iloc[number]
        return option_of_row(
            self.footprint[number],
            self.area_codes,
            asked,
            name=name or f"Drawn {number + 1:,} of {self.n_options:,}",
            rationale=(
                f"Drawn by chance: option {int(draw['draw']) + 1:,} of chain {int(draw['chain']) + 1}, "
                f"seed {self.params.seed}, within {asked.tolerance:.1%} of {self.target:,.0f} people."
            ),
            seed=self.params.seed,
        )

    def percentiles(self, scores: pd.Series) -> pd.DataFrame:
        """Share of options with a smaller value than one with these scores, by measure.

        Returns
        -------
        DataFrame
            Index measure_id; share, lower, upper (95%, from the effective number of draws); NaN where the
            score is not known.
        """
        rows = {}
        for one in self.measure_ids:
            rows[one] = self._share(one, float(scores[one]), less_is_better=False)
        return pd.DataFrame.from_dict(rows, orient="index", columns=["share", "lower", "upper"])

    def share_better(self, scores: pd.Series) -> pd.DataFrame:
        """Share of options that one with these scores is better than, by wish.

        Returns
        -------
        DataFrame
            Index wish_id; share, lower, upper (95%, from the effective number of draws).
        """
        rows = {
            wish.id: self._share(
                wish.measure_id, float(scores[wish.measure_id]), less_is_better=wish.less_is_better
            )
            for wish in WISHES.values()
            if wish.measure_id in self.measure_ids
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=["share", "lower", "upper"])

    def _share(self, measure_id: str, value: float, *, less_is_better: bool) -> tuple[float, float, float]:
        chain = self.scores["chain"].to_numpy(dtype=np.int64)
        return sampled_share(self.values(measure_id), chain, value, less_is_better=less_is_better)
