"""Counts as circles: colours on areas are for rates, since a large area with few people fills most of a map.

The area of a circle is proportional to what it counts (after Flannery, Canadian Cartographer 8, 1971, without
his correction: legends say how large a circle is).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pages.components import words
from pages.components.area_map_state import NO_DATA, SUPPRESSED, LegendEntry, MapState

LARGEST = 35  # sizes travel as one character an area, "0" to "z"
PLAIN = 0
RADII = ((30, 22), (150, 12), (800, 7))  # pixels of the largest circle, by how many there are
SMALLEST_RADIUS = 4
N_IN_LEGEND = 3
_ROUND = (5, 2, 1)


def sizes_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Radius of each circle in `LARGEST` steps of the largest; nought where nothing is counted."""
    known = np.nan_to_num(values, nan=0.0)
    largest = known.max(initial=0.0)
    if largest <= 0:
        return np.zeros(len(known), dtype=np.int64)
    sizes = np.rint(LARGEST * np.sqrt(np.maximum(known, 0.0) / largest)).astype(np.int64)
    return np.where((known > 0) & (sizes == 0), 1, sizes)


def radius_px(n_circles: int) -> int:
    """Pixels of the largest of so many circles."""
    return next((radius for most, radius in RADII if n_circles <= most), SMALLEST_RADIUS)


def legend_values(largest: float) -> list[float]:
    """Up to three round numbers that are no larger, the largest first: 10,000, 5,000, 2,000."""
    if not largest > 0:
        return []
    power = 10.0 ** math.floor(math.log10(largest))
    found = [digit * power for digit in _ROUND if digit * power <= largest]
    lower = [digit * power / 10 for digit in _ROUND]
    return [one for one in (*found, *lower) if one >= 1][:N_IN_LEGEND]


def with_circles(state: MapState, units: pd.DataFrame, key: pd.Index, decimals: int) -> MapState:
    """A map of classes as one of circles on plain areas.

    Parameters
    ----------
    units : DataFrame
        Index area_code or footprint_id; value, suppressed.
    key : Index
        The unit of each area, in the order of the map.
    """
    shown = units["value"].where(~units["suppressed"].astype(bool)).to_numpy(dtype=float)
    sizes = pd.Series(sizes_of(shown), index=units.index)
    largest = float(np.nan_to_num(shown, nan=0.0).max(initial=0.0))
    entries = [
        LegendEntry(PLAIN, words.number(one, decimals), circle=round(LARGEST * math.sqrt(one / largest)))
        for one in legend_values(largest)
    ]
    legend = state.legend
    if legend is not None:
        rest = [one for one in legend.entries if one.fill in (NO_DATA, SUPPRESSED)]
        unit = legend.unit.partition(";")[0] + "; size of circles"
        legend = replace(legend, unit=unit, entries=(*entries, *rest), authority=None)
    return replace(
        state,
        palette=(),
        fill_by_area=tuple(f if f in (NO_DATA, SUPPRESSED) else PLAIN for f in state.fill_by_area),
        circle_by_area=tuple(int(v) for v in sizes.reindex(key).fillna(0)),
        circle_px=radius_px(int((sizes > 0).sum())),
        legend=legend,
    )
