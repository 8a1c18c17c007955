"""How little border any option can have: prices for areas, and the cheapest footprint at those prices.

Each footprint of an option costs half its border with others, and takes each of its areas once. With any
prices for areas, an option of n footprints costs at least the sum of prices plus n times the least of (cost
less prices) over all sets of areas within the band (Lagrange; a set need not be in one piece, so nothing is
missed). Good prices are the duals of a linear program over footprints met so far (Dantzig and Wolfe,
Operations Research 8, 1960; for graphs Johnson, Mehrotra and Nemhauser, Mathematical Programming 62, 1993),
drawn towards the best so far. Every round's bound holds whether or not later rounds come.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from neighbourhoods.bound.frontier import Frontier, Priced, least_within, price

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WHOLE = float(1 << 24)  # all border together, in whole numbers
N_LEVELS = 40  # bands inside the band for which a bound is kept
N_SETS = 60
MOST_THREADS = 2  # each has tables of its own
ROOMY = 200_000  # rows of all tables together, above which people are counted more coarsely
DEAREST, MOST_WORTH = 8.0, float(1 << 27)
LEANS = (0.01, 0.03, 0.1)  # price of a step of rounding, as a share of a footprint's cost
PULL = 0.5  # towards the best prices so far
LEAST_RISE = 1e-4  # of a bound, for another round at the same fineness
CLOSE = 0.002  # of the best known: near enough


@dataclass(frozen=True)
class Stage:
    """Rounds for the band of one level, with people counted in so many steps; then rounding is priced too."""

    level: int
    n_columns: int
    n_rounds: int
    is_refined: bool = True


WIDE_FROM = 0.03  # tolerance; in a narrower band coarse counts say nothing
WIDE = (Stage(N_LEVELS - 1, 250, 20, False), Stage(N_LEVELS - 1, 1_000, 20))
NARROW = (Stage(N_LEVELS - 1, 1_000, 12, False), Stage(N_LEVELS - 1, 2_500, 20))
INNER = (Stage(19, 1_000, 10), Stage(9, 1_000, 10), Stage(4, 2_500, 8))


@dataclass
class Prices:
    """A bound that is being worked out for one number of footprints; it only rises.

    Parameters
    ----------
    frontier : Frontier
    cost : float (n_edges,)
        What it costs when the ends of each of the frontier's edges are parted.
    n : int
        Footprints.
    target, tolerance : float
        Band, in the frontier's units of people.
    slack : float
        By which a footprint may lie outside, as a share of the target: rounding.
    """

    frontier: Frontier
    cost: Floats
    n: int
    target: float
    tolerance: float
    slack: float = 0.0
    levels: Floats = field(init=False)
    bound: Floats = field(init=False)
    _columns: dict[bytes, Flags] = field(init=False, default_factory=dict)
    _best: dict[int, tuple[float, Ints]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.levels = self.tolerance * np.arange(1, N_LEVELS + 1) / N_LEVELS
        self.bound = np.zeros(N_LEVELS)
        self.scale = WHOLE / max(float(self.cost.sum()), 1e-9)
        self.whole = np.floor(self.cost * self.scale).astype(np.int64)

    def add(self, sets: Flags) -> int:
        """Footprints to take prices from; those outside the band are passed over. Number of new ones."""
        people = sets @ self.frontier.people
        away = np.abs(people - self.target) <= self._width(self.tolerance)
        before = len(self._columns)
        for one in sets[away]:
            self._columns.setdefault(np.packbits(one).tobytes(), one)
        return len(self._columns) - before

    def improve(self, level: int, n_columns: int) -> bool:
        """One round for the band of a level; whether another at this fineness may gain something."""
        prices = self._duals(level)
        value, centre = self._best.get(level, (-np.inf, prices))
        worth = np.rint(PULL * centre + (1 - PULL) * prices).astype(np.int64)
        priced = self._priced(level, worth, n_columns, N_SETS)
        new = self._take([priced], worth, level)
        if new > value:
            self._best[level] = new, worth
        return self.add(priced.sets) > 0 or new > value + LEAST_RISE * abs(value)

    def begin_again(self) -> None:
        """Before a finer count of people: prices are still drawn to the best, whose value is forgotten."""
        self._best = {level: (-np.inf, worth) for level, (_, worth) in self._best.items()}

    def refine(self, level: int, n_columns: int) -> None:
        """The bound again at the best prices of a level, rounding priced in several ways."""
        if level not in self._best:
            return
        worth = self._best[level][1]
        step = max(self.target / n_columns, 1.0)
        dear = float(self.bound[level]) * self.scale * 2 / self.n / step
        leans = [round(sign * share * dear) for share in LEANS for sign in (1, -1)]
        with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as threads:
            runs = list(threads.map(lambda lean: self._priced(level, worth, n_columns, 0, lean), (0, *leans)))
        self._take(runs, worth, level)

    def _width(self, tolerance: float) -> float:
        """People by which a footprint may differ from the target."""
        return self.target * (tolerance + self.slack)

    def _priced(self, level: int, worth: Ints, n_columns: int, n_sets: int, lean: int = 0) -> Priced:
        width = self._width(self.levels[level])
        low, high = self.target - width, self.target + width
        return price(
            self.frontier, self.whole, worth, low, high, n_columns=n_columns, n_sets=n_sets, lean=lean
        )

    def _take(self, runs: Sequence[Priced], worth: Ints, widest: int) -> float:
        """The bound for the widest level that was priced; what narrower ones gain is kept too."""
        widths = [self._width(away) for away in self.levels[: widest + 1].tolist()]
        least = np.array([least_within(runs, self.target - width, self.target + width) for width in widths])
        values = (float(worth.sum()) + self.n * least) / 2 / self.scale
        self.bound[: widest + 1] = np.maximum(self.bound[: widest + 1], values)
        self.bound = np.maximum.accumulate(self.bound[::-1])[::-1]  # a narrower band has no less
        return float(values[-1])

    def _duals(self, level: int) -> Floats:
        """Prices of areas from the linear program over the footprints within a band.

        An area may be missed or taken twice at `most`, several times what it costs on average, so that there
        always is a solution and no price is larger than that.
        """
        n = len(self.frontier.people)
        sets = np.array(list(self._columns.values()), dtype=bool).reshape(-1, n)
        people = sets @ self.frontier.people
        sets = sets[np.abs(people - self.target) <= self._width(self.levels[level])]
        cost = (sets[:, self.frontier.first] != sets[:, self.frontier.second]) @ self.whole
        most = (
            min(DEAREST * self.n * (float(cost.mean()) if len(cost) else WHOLE) / n, MOST_WORTH / n) / WHOLE
        )
        rows = vstack(
            [
                hstack([csr_array(sets.T.astype(float)), eye_array(n), -eye_array(n)]),
                csr_array(np.append(np.ones(len(sets)), np.zeros(2 * n))[None, :]),
            ]
        )
        once = np.append(np.ones(n), self.n)
        costs = np.concatenate([cost / WHOLE, np.full(2 * n, most)])
        solved = linprog(costs, A_eq=rows, b_eq=once, method="highs")
        if solved.status != 0:
            return np.zeros(n)  # any prices give a bound
        return np.asarray(solved.eqlin.marginals)[:-1] * WHOLE


def raise_bound(
    prices: Prices,
    best: float,
    *,
    by_deviation: bool = False,
    is_stopped: Callable[[], bool] = lambda: False,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Stages of pricing for the whole band, people counted ever finer, and then for narrower bands.

    Parameters
    ----------
    best : float
        What is known to be reachable: nearer than `CLOSE` to it there is nothing to gain.
    by_deviation : bool
        Whether options that deviate little are to have a bound of their own.
    """
    widest, done = N_LEVELS - 1, 0
    share = min(1.0, ROOMY / prices.frontier.n_rows)
    stages = [*(WIDE if prices.tolerance >= WIDE_FROM else NARROW), *(INNER if by_deviation else ())]
    total = sum(stage.n_rounds for stage in stages)
    for stage in stages:
        prices.begin_again()
        end = done + stage.n_rounds
        while done < end and not is_stopped():
            if stage.level == widest and prices.bound[widest] >= best * (1 - CLOSE):
                break
            told(done, total)
            done += 1
            if not prices.improve(stage.level, round(stage.n_columns * share)):
                break
        done = end
        is_close = stage.level == widest and prices.bound[widest] >= best * (1 - CLOSE)
        if stage.is_refined and not is_close and not is_stopped():
            prices.refine(stage.level, round(stage.n_columns * share))
    told(total, total)
