"""The scales of a search's wishes: fixed before the search proper, so that a mix of them stays what it is.

Apart from the search, so that a result is read without the compiler.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scales = Mapping[str, tuple[float, float]]


def scaled_mix(values: Mapping[str, Floats], weights: Mapping[str, float], scales: Scales) -> Floats:
    """Weighted mean over wishes (less is better), each on its scale; without one, from best to worst."""
    parts: list[Floats] = []
    for one, weight in weights.items():
        if not len(values[one]):
            return np.zeros(0)
        zero, end = scales.get(one) or (float(values[one].min()), float(values[one].max()))
        parts.append(weight * (values[one] - zero) / (end - zero if end > zero else 1.0))
    return np.asarray(np.sum(parts, axis=0) / sum(weights.values()))
