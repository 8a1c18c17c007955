"""What an option is compared with: as many footprints of the same areas, all ways there are.

The mistake this prevents: a percentile that does not say among how many, of what kind, and within which band.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from geodata.errors import InputError, TooLargeError
from neighbourhoods.enumeration import MOST_STEPS, estimate_steps
from neighbourhoods.generate import generate, problem_of
from neighbourhoods.generation import GenerationParams
from neighbourhoods.scorecard_params import band_for
from neighbourhoods.standing import share_worse
from neighbourhoods.study import Study
from neighbourhoods.trial import Trial
from neighbourhoods.wish import Wish

Progress = Callable[[int, int, str], None]
Kind = Literal["all ways", "sampled", "none"]


@dataclass(frozen=True)
class Standing:
    """Share of the alternatives that are worse on one measure.

    Parameters
    ----------
    better_than, lower, upper : float
        Shares, 0 to 1; the limits are those of the sampling (95%) and equal it where all ways were gone
        through. NaN where nothing is known.
    """

    better_than: float
    lower: float
    upper: float


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The options that one option stands among.

    Parameters
    ----------
    kind : "all ways", "sampled" or "none"
    scores : DataFrame
        One row per option; columns as `option_score.score_options`. Empty for none.
    tolerance : float
        Band that they keep to.
    is_widened : bool
        Whether that is wider than the band asked for, because the option is outside it.
    note : str
        What a reader should know of them: why there is none, how they were sampled.
    bounds : Mapping of str to float
        By measure, what no option can be better than; for all ways the best of them.
    n_steps_expected : float
        Steps that going through all ways takes, as estimated beforehand; infinite for too many areas.
    seed, runtime_s
        How they came about.
    """

    kind: Kind
    scores: pd.DataFrame
    tolerance: float
    is_widened: bool = False
    note: str = ""
    bounds: Mapping[str, float] = field(default_factory=dict)
    n_steps_expected: float = 0.0
    seed: int = 0
    runtime_s: float = 0.0

    @property
    def n(self) -> int:
        """Number of options."""
        return len(self.scores)

    @property
    def words(self) -> str:
        """ "all 2,565 ways", "10,000 sampled options"."""
        if self.kind == "all ways":
            return "the only way" if self.n == 1 else f"all {self.n:,} ways"
        return f"{self.n:,} sampled options" if self.kind == "sampled" else "nothing"

    def values(self, measure_id: str) -> np.ndarray:
        """One measure of every option; empty where it is not known."""
        if measure_id not in self.scores:
            return np.zeros(0)
        values = self.scores[measure_id].to_numpy(dtype=float)
        return values if np.isfinite(values).all() else np.zeros(0)

    def standing(self, wish: Wish, value: float) -> Standing:
        """How an option with this value stands."""
        share = share_worse(self.values(wish.measure_id), value, less_is_better=wish.less_is_better)
        return Standing(share, share, share)

    def best(self, wish: Wish) -> float:
        """The best value among them; NaN where it is not known."""
        values = self.values(wish.measure_id)
        if not len(values):
            return float("nan")
        return float(values.min() if wish.less_is_better else values.max())

    def bound(self, wish: Wish) -> float:
        """What no option can be better than; NaN where nothing is proven."""
        return self.best(wish) if self.kind == "all ways" else self.bounds.get(wish.measure_id, float("nan"))


def no_alternatives(note: str, tolerance: float = 0.0, n_steps_expected: float = 0.0) -> Alternatives:
    """Nothing to compare with, and why."""
    return Alternatives("none", pd.DataFrame(), tolerance, note=note, n_steps_expected=n_steps_expected)


def params_for(trial: Trial) -> GenerationParams:
    """What to go through for this option: its own number of footprints, in a band that holds it."""
    band = band_for(trial.params.tolerance, float(trial.scores["max_deviation"]))
    return replace(trial.generation, tolerance=band, allow_enclosed=bool(trial.scores["n_enclosed"] > 0))


def steps_for(study: Study, trial: Trial) -> float:
    """How many steps it would take to go through all ways; infinite where there are too many areas."""
    if trial.n_unassigned:
        return 0.0
    try:
        return estimate_steps(problem_of(study, params_for(trial)), trial.params.seed)
    except TooLargeError:
        return float("inf")
    except InputError:  # a population is not known: said by `alternatives`
        return 0.0


def alternatives(
    study: Study,
    trial: Trial,
    *,
    most_steps: float = MOST_STEPS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Alternatives:
    """All ways to make as many footprints of the same areas, or a sample of them, or why there is neither.

    An option that is outside the band asked for stands among those in a band as wide as its own worst
    deviation, rounded up to a whole per cent.

    Parameters
    ----------
    most_steps : float
        A search of more than these is not begun; above `MOST_STEPS` none ever is.
    """
    if trial.n_unassigned:
        left = "area is" if trial.n_unassigned == 1 else "areas are"
        return no_alternatives(
            f"{trial.n_unassigned:,} {left} in no footprint: place them to compare with all ways."
        )
    params = params_for(trial)
    steps = steps_for(study, trial)
    if steps > MOST_STEPS:
        return _sampled(study, trial, params, steps)
    if steps > most_steps:
        return no_alternatives("Not compared with all ways yet.", params.tolerance, steps)
    try:
        found = generate(study, params, progress=progress, cancelled=cancelled)
    except InputError as fault:
        return no_alternatives(str(fault), params.tolerance)
    if not found.is_complete:
        return no_alternatives(
            "The search was stopped before all ways were found, so nothing is proven.", params.tolerance
        )
    return Alternatives(
        "all ways",
        found.scores,
        params.tolerance,
        is_widened=params.tolerance > trial.params.tolerance,
        note=_note(trial),
        n_steps_expected=steps,
        seed=params.seed,
        runtime_s=found.runtime_s,
    )


def _sampled(study: Study, trial: Trial, params: GenerationParams, steps: float) -> Alternatives:
    many = f"about {steps:,.0f} steps" if np.isfinite(steps) else f"{trial.topology.n_areas:,} areas"
    return no_alternatives(
        f"There are too many ways to go through them all ({many}), and no sample of them was drawn.",
        params.tolerance,
        steps,
    )


def _note(trial: Trial) -> str:
    """What sets the option apart from those that it is compared with, or them from what was asked."""
    said = []
    if any(v.kind == "not_contiguous" for v in trial.evaluation.violations):
        said.append("The option has a footprint in pieces; those it is compared with have none.")
    if trial.scores["n_enclosed"] > 0:
        said.append("As in the option, a footprint may lie inside another in those it is compared with.")
    return " ".join(said)
