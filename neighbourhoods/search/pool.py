"""The options that a search keeps: each once, scored as everywhere else, the best by many wishes.

Scores are laid on scales that are fixed before the search proper: 0 is the best that a first run found for
that wish alone, 1 the median of a first random sample of options that meet all constraints. So a mix does
not change when more options are found. An option may be better than 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import score_options
from neighbourhoods.measure.town import Town
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.scorecard.standing import pareto_front
from neighbourhoods.search.scale import Scales, scaled_mix

Footprints = NDArray[np.int16]
Floats = NDArray[np.float64]

CELLS_KEPT = 2_000_000  # areas x options, so that large towns keep fewer
FEWEST_KEPT, MOST_KEPT = 20, 3_000


class Pool:
    """Distinct options and their scores; it grows by `add` and is cut back to its best by `trim`."""

    def __init__(self, problem: Problem, town: Town, *, may_enclose: bool) -> None:
        self.problem, self.town, self.may_enclose = problem, town, may_enclose
        n_areas = len(problem.people)
        self.room = min(max(CELLS_KEPT // max(n_areas, 1), FEWEST_KEPT), MOST_KEPT)
        self.footprint: Footprints = np.zeros((0, n_areas), dtype=np.int16)
        self.scores = pd.DataFrame()
        self._seen: set[bytes] = set()

    def add(self, rows: Iterable[NDArray[np.integer]]) -> int:
        """Take options in but those that are here already or break the band; the number of new ones."""
        people = np.asarray(self.problem.people)
        new = []
        for row in rows:
            settled = in_order_of_areas(row)
            key = settled.tobytes()
            sums = np.bincount(settled, people)
            if key not in self._seen and all(self.problem.is_in_band(float(count)) for count in sums):
                self._seen.add(key)
                new.append(settled)
        if not new:
            return 0
        footprint = np.stack(new)
        scores = score_options(footprint, self.town)
        kept = (
            np.ones(len(footprint), dtype=bool)
            if self.may_enclose
            else (scores["n_enclosed"] == 0).to_numpy()
        )
        self.footprint = np.concatenate([self.footprint, footprint[kept]])
        self.scores = pd.concat([self.scores, scores[kept]], ignore_index=True)
        return int(kept.sum())

    def copy(self) -> Pool:
        """The same options in a pool that can grow by itself."""
        other = Pool(self.problem, self.town, may_enclose=self.may_enclose)
        other.footprint, other.scores, other._seen = self.footprint, self.scores, set(self._seen)
        return other

    def values(self, wish_id: str) -> Floats:
        """A wish's measure of every option, less always better."""
        wish = WISHES[wish_id]
        values = self.scores[wish.measure_id].to_numpy(dtype=float)
        return values if wish.less_is_better else -values

    def mix(self, weights: Mapping[str, float], scales: Scales) -> Floats:
        """Weighted mean over wishes of every option."""
        return scaled_mix({one: self.values(one) for one in weights}, weights, scales)

    def trim(self, weights: Mapping[str, float], scales: Scales, *, settle: bool = False) -> None:
        """Keep what is best: by mix a half, by each wish alone and on the front of those weighed the rest.

        With `settle` the options are put into a settled order, which does not depend on when each was found.
        """
        if len(self.footprint) > self.room or settle:
            kept = self._best(weights, scales)
            if settle:
                kept = np.array(
                    sorted(kept.tolist(), key=lambda i: self.footprint[i].astype(">i2").tobytes()), int
                )
            self.footprint = self.footprint[kept]
            self.scores = self.scores.iloc[kept].reset_index(drop=True)
            self._seen = {row.tobytes() for row in self.footprint}

    def _best(self, weights: Mapping[str, float], scales: Scales) -> NDArray[np.int64]:
        if len(self.footprint) <= self.room:
            return np.arange(len(self.footprint))
        mix = self.mix(weights, scales)
        order = np.argsort(mix, kind="stable")
        kept = dict.fromkeys(order[: self.room // 2].tolist())
        if len(weights) > 1:
            first = sorted(weights, key=lambda one: -weights[one])[:3]
            front = pareto_front([self.values(one) for one in first], [True] * len(first))
            kept |= dict.fromkeys(front[np.argsort(mix[front], kind="stable")][: self.room // 4].tolist())
        share = max((self.room - len(kept)) // (2 * max(len(scales), 1)), 1)
        for one in scales:
            kept |= dict.fromkeys(np.argsort(self.values(one), kind="stable")[:share].tolist())
        kept |= dict.fromkeys(order.tolist())
        return np.array(list(kept)[: self.room], dtype=np.int64)


def in_order_of_areas(row: NDArray[np.integer]) -> Footprints:
    """Footprints numbered in the order of their first areas."""
    _, first, inverse = np.unique(row, return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int16)
    number[np.argsort(first)] = np.arange(len(first))
    return number[inverse]
