"""The scales of a search's wishes: fixed before the search proper, so that a mix of them stays what it is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scales = Mapping[str, tuple[float, float]]

LEAST_SPAN = 1e-9


def scaled(values: Floats, scale: tuple[float, float]) -> Floats:
    """Values of a wish (less is better) on its scale."""
    zero, one = scale
    return np.asarray((values - zero) / (one - zero))


def scaled_mix(values: Mapping[str, Floats], weights: Mapping[str, float], scales: Scales) -> Floats:
    """Weighted mean over wishes, each on its scale."""
    parts = [weight * scaled(values[one], scales[one]) for one, weight in weights.items()]
    return np.asarray(np.sum(parts, axis=0) / sum(weights.values()))


def scale_between(zero: float, one: float) -> tuple[float, float]:
    """A scale that runs upwards, however near its ends are."""
    return zero, max(one, zero + max(abs(zero), 1.0) * LEAST_SPAN)
