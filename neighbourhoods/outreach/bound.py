"""No plan serves more than this: a bound over all rounds that there are.

Two things are let go. Where a bus drives: a visit takes its dwell and at least half of the two shortest
drives at its stop, so that a driver's day holds so many visits and no more. And that a point counts once in a
layer: a price for each point takes what is counted twice away again (Lagrangian relaxation; Fisher,
Management Science 27, 1981; Galvao and ReVelle, European Journal of Operational Research 88, 1996). Any
prices give a valid bound; the least that is met is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Counts = tuple[int, ...]

N_PRICES = 300
PATIENCE = 12
SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class DriverDay:
    """One driver's day.

    Parameters
    ----------
    minutes_by_session : tuple of float
        How long the round of each session may take; 0 for one that does not run on that day.
    shift : float
        Longest that all of them may take.
    """

    minutes_by_session: tuple[float, ...]
    shift: float


@dataclass(frozen=True, eq=False)
class BoundTask:
    """What a bound is asked for.

    Parameters
    ----------
    gain : tuple of csr_array (n_stops, n_points)
        By session, what a first visit of each stop is worth at each point.
    n_sittings : tuple of int
        By session, how often a stop can be visited.
    worth : float (n_layers,)
        What the first, second, … visit is worth of the first; not rising.
    drive : float (n_stops + 1, n_stops + 1)
        Minutes, the last the depot.
    dwell, rest, rest_after : float
    days : sequence of DriverDay
    """

    gain: tuple[csr_array, ...]
    n_sittings: tuple[int, ...]
    worth: Floats
    drive: Floats
    dwell: float
    rest: float
    rest_after: float
    days: Sequence[DriverDay]


def upper_bound(task: BoundTask, found: float, n_prices: int = N_PRICES) -> float:
    """A value that no plan exceeds.

    Parameters
    ----------
    found : float
        Value of a plan; only how fast the prices settle rests on it.
    n_prices : int
        How often prices are changed.
    """
    counts = most_counts(task)
    parts = [_Part.of(gain, task.worth[:n]) for gain, n in zip(task.gain, task.n_sittings, strict=True)]
    best = sum(part.ceiling for part in parts)
    prices = [np.zeros_like(part.top) for part in parts]
    pace, quiet = 1.0, 0
    for _ in range(n_prices):
        values = [part.values(price) for part, price in zip(parts, prices, strict=True)]
        ranked = [np.argsort(-one, axis=None, kind="stable") for one in values]
        sums = [
            np.concatenate([[0.0], np.cumsum(one.ravel()[order])])
            for one, order in zip(values, ranked, strict=True)
        ]
        worth, taken = max(
            (sum(float(one[min(k, len(one) - 1)]) for one, k in zip(sums, each, strict=True)), each)
            for each in counts
        )
        bound = worth + sum(float(price.sum()) for price in prices)
        if bound < best - 1e-12 * abs(best):
            best, quiet = bound, 0
        else:
            quiet += 1
        if quiet >= PATIENCE:
            pace, quiet = pace / 2, 0
        slopes = [
            part.slope(price, order[:k])
            for part, price, order, k in zip(parts, prices, ranked, taken, strict=True)
        ]
        steep = sum(float(np.square(one).sum()) for one in slopes)
        if steep == 0 or bound <= found * (1 + 1e-9):
            break
        step = pace * max(bound - found, 1e-9 * abs(bound)) / steep
        prices = [np.maximum(price - step * slope, 0.0) for price, slope in zip(prices, slopes, strict=True)]
    return max(best, 0.0)


@dataclass(frozen=True, eq=False)
class _Part:
    """One session: gains, and by layer and point the most that any stop is worth."""

    stop: NDArray[np.int64]
    point: NDArray[np.int64]
    gain: Floats  # (n_layers, n_entries)
    n_stops: int
    top: Floats  # (n_layers, n_points)

    @classmethod
    def of(cls, gain: csr_array, worth: Floats) -> _Part:
        table = gain.tocoo()
        top = np.zeros(gain.shape[1])
        np.maximum.at(top, table.col, table.data)
        return cls(
            table.row.astype(np.int64),
            table.col.astype(np.int64),
            worth[:, None] * table.data,
            gain.shape[0],
            worth[:, None] * top,
        )

    @property
    def ceiling(self) -> float:
        """What all stops together are worth in all layers."""
        return float(self.top.sum())

    def values(self, price: Floats) -> Floats:
        """What each visit is worth above the prices (n_layers, n_stops)."""
        above = np.maximum(self.gain - price[:, self.point], 0.0)
        return np.array([np.bincount(self.stop, row, self.n_stops) for row in above])

    def slope(self, price: Floats, taken: NDArray[np.int64]) -> Floats:
        """By how much the bound rises with each price, for the visits that are taken."""
        is_taken = np.zeros((len(self.gain), self.n_stops), dtype=bool)
        is_taken.ravel()[taken] = True
        counts = is_taken[:, self.stop] & (self.gain > price[:, self.point])
        n_points = self.top.shape[1]
        served = np.array([np.bincount(self.point[row], minlength=n_points) for row in counts])
        slope = 1.0 - served
        slope[(price == 0) & (slope > 0)] = 0.0  # a price cannot fall below nought
        return slope


def most_counts(task: BoundTask) -> list[Counts]:
    """Numbers of visits by session that all days together may hold; those that others exceed are left out."""
    n_sessions = len(task.gain)
    least = _least_minutes(task)
    total: list[Counts] = [(0,) * n_sessions]
    known: dict[tuple[tuple[float, ...], float], list[Counts]] = {}
    for day in task.days:
        key = (day.minutes_by_session, day.shift)
        if key not in known:
            known[key] = _day_counts(task, day, least)
        total = _highest({tuple(map(sum, zip(a, b, strict=True))) for a in total for b in known[key]})
    return total


def _least_minutes(task: BoundTask) -> Floats:
    """The fewest minutes of a round of so many visits, from 0 (n_stops + 1,).

    Each drive is half of a stop's that it leaves and half of one's that it leads to; so a round takes at
    least half of the shortest drives to and from each of its stops, and half of those of the depot.
    """
    drive = task.drive.copy()
    np.fill_diagonal(drive, np.inf)
    half = (drive.min(axis=0) + drive.min(axis=1)) / 2
    shares = np.sort(half[:-1])
    n = np.arange(1, len(shares) + 1)
    minutes = half[-1] + np.cumsum(shares) + n * task.dwell
    minutes = np.where(minutes > task.rest_after + SLACK, minutes + task.rest, minutes)
    return np.concatenate([[0.0], minutes])


def _day_counts(task: BoundTask, day: DriverDay, least: Floats) -> list[Counts]:
    each = [
        range(int(np.searchsorted(least, minutes + SLACK, side="right")) if minutes > 0 else 1)
        for minutes in day.minutes_by_session
    ]
    return _highest({one for one in product(*each) if sum(least[k] for k in one) <= day.shift + SLACK})


def _highest(counts: set[Counts]) -> list[Counts]:
    """Those that no other has at least as many of in every session, in falling order."""
    kept: list[Counts] = []
    for one in sorted(counts, reverse=True):
        if not any(all(a >= b for a, b in zip(other, one, strict=True)) for other in kept):
            kept.append(one)
    return kept
