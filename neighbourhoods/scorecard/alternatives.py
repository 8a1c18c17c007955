"""What an option is compared with: as many footprints of the same areas, all ways there are.

The mistake this prevents: a percentile that does not say among how many, of what kind, and within which band.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.measure.wish import Wish
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.sample.sampled_share import sampled_share
from neighbourhoods.scorecard.params import ScorecardParams
from neighbourhoods.scorecard.standing import share_worse

Kind = Literal["all ways", "sampled", "none"]


@dataclass(frozen=True)
class AlternativesParams:
    """What to compare with: all that the alternatives of an option depend on, and nothing else.

    Parameters
    ----------
    option : FootprintOption
        Who is where; without name, author or status.
    asked : ScorecardParams
    most_steps : float
        A search of more than these is not begun.
    """

    option: FootprintOption
    asked: ScorecardParams
    most_steps: float


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
        One row per option; columns as `option_score.score_options`, for sampled ones `chain` and `draw` too.
        Empty for none.
    tolerance : float
        Band that they keep to.
    is_widened : bool
        Whether that is wider than the band asked for, because the option is outside it.
    note : str
        What a reader should know of them: why there is none, how they were sampled.
    found : Mapping of str to float
        By wish, the best that a search of its own found beside a sample.
    bounds : Mapping of str to float
        By wish, what no option is better than, however found; for all ways it is the best of them.
    bound_words : Mapping of str to str
        How each of those is known.
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
    found: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, float] = field(default_factory=dict)
    bound_words: Mapping[str, str] = field(default_factory=dict)
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

    def values(self, measure_id: str) -> NDArray[np.float64]:
        """One measure of every option; empty where it is not known."""
        if measure_id not in self.scores:
            return np.zeros(0)
        values = self.scores[measure_id].to_numpy(dtype=float)
        return values if np.isfinite(values).all() else np.zeros(0)

    def standing(self, wish: Wish, value: float) -> Standing:
        """How an option with this value stands."""
        values = self.values(wish.measure_id)
        if self.kind == "sampled":
            chain = self.scores["chain"].to_numpy(dtype=np.int64)
            return Standing(*sampled_share(values, chain, value, less_is_better=wish.less_is_better))
        share = share_worse(values, value, less_is_better=wish.less_is_better)
        return Standing(share, share, share)

    def best(self, wish: Wish) -> float:
        """The best value that is known of any of them; NaN where none is."""
        values = self.values(wish.measure_id)
        known = [values.min() if wish.less_is_better else values.max()] if len(values) else []
        known += [self.found[wish.id]] if wish.id in self.found else []
        if not known:
            return float("nan")
        return float(min(known) if wish.less_is_better else max(known))

    def bound(self, wish: Wish) -> float:
        """What no option is better than; NaN where nothing is proven."""
        return self.best(wish) if self.kind == "all ways" else self.bounds.get(wish.id, float("nan"))


def no_alternatives(note: str, tolerance: float = 0.0, n_steps_expected: float = 0.0) -> Alternatives:
    """Nothing to compare with, and why."""
    return Alternatives("none", pd.DataFrame(), tolerance, note=note, n_steps_expected=n_steps_expected)


def comparison_words(params: AlternativesParams) -> str:
    """What was asked, in a phrase."""
    n = len(params.option.footprint_ids)
    return f"an option of {n} neighbourhoods with all ways within {params.asked.tolerance:.0%}"
