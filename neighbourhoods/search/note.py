"""What must go with the options of a search so that they can be ranked, trusted and found again.

The scales of the mix were fixed before the search proper, the bounds are worked out after it. An option's
mix under other weights, and how far it may be from the best there is, follow from these alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.bound.bound import Bound, mix_bound
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search.scale import scaled_mix

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SearchNote:
    """What goes with the options of a search.

    Parameters
    ----------
    scales : mapping of str to (float, float)
        Of each wish, what counts as 0 (the best found for that wish alone in the search's first part) and as
        1 (the median of a first random sample); where more is better, both with their sign changed.
    bounds : tuple of Bound
        By wish, what no option beats.
    steps : int
        Steps that were asked for.
    stopped_early : bool
        Cancelled, or out of time.
    bound_s : float
        Seconds that the bounds took, after the options were found.
    """

    scales: Mapping[str, tuple[float, float]]
    bounds: tuple[Bound, ...]
    steps: int
    stopped_early: bool
    bound_s: float

    def mix(self, scores: pd.DataFrame, weights: Mapping[str, float]) -> Floats:
        """Weighted mean over wishes, each on its scale.

        A wish that the search did not look at has none; it is laid between the best and the worst of these.
        """
        values = {}
        for one in weights:
            found = scores[WISHES[one].measure_id].to_numpy(dtype=float)
            values[one] = found if WISHES[one].less_is_better else -found
        return scaled_mix(values, weights, self.scales)

    def mix_bound(self, weights: Mapping[str, float]) -> float:
        """No option has a smaller mix; NaN where a wish is weighed that the search did not look at."""
        return mix_bound({one.wish_id: one for one in self.bounds}, weights, self.scales)
