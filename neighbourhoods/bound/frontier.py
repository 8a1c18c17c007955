"""The cheapest set of areas within a band of people, proven: what prices a footprint when a bound is sought.

Whether the set is in one piece is left open, so that it costs at most what any footprint does. People are
counted in steps; the band is widened by as much as rounding can amount to. The mistakes this prevents: a
bound that misses a footprint because of rounding, or one that takes a solver's word for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.bound import kernel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_ROWS = 1 << 19  # of all tables together; about a second for each price at a thousand columns
HOPELESS = float(MOST_ROWS << 40)  # of one order: no other beginning makes up for so much
N_STARTS, N_IMPROVED, N_TRIES, FURTHEST, HEAT = 64, 4, 150_000, 12, 0.3


@dataclass(frozen=True, eq=False)
class Frontier:
    """An order in which to go through the nodes of a graph.

    Parameters
    ----------
    people : int64 (n,)
    first, second : int64 (n_edges,)
    order : int64 (n,)
    n_rows : float
        Rows of all tables together.
    """

    people: Ints
    first: Ints
    second: Ints
    order: Ints
    n_rows: float

    @property
    def most_rows(self) -> float:
        """Rows of the largest table, at most."""
        return self.n_rows / 4


@dataclass(frozen=True, eq=False)
class Priced:
    """What a price came to.

    Parameters
    ----------
    least : int64 (n_columns,)
        Least cost of any set whose people come to each column from `first` on, rounding priced at `lean`.
    first, step : int
        A set that comes to column c has c x step people and what rounding left out.
    lean : int
        What a person costs that rounding left out of the count.
    over, under : float
        What rounding people down and up can amount to in one set.
    sets : bool (n_sets, n)
        Sets that cost this little, one for each of the cheapest columns; may lie a little outside the band.
    """

    least: Ints
    first: int
    step: int
    lean: int
    over: float
    under: float
    sets: Flags

    def by_column(self, low: float, high: float) -> Floats:
        """No set of each column with `low` to `high` people costs less; endless where there is none.

        In column c rounding has left out between low - c x step and high - c x step people, which at their
        price cost at most the larger of the two.
        """
        column = self.first + np.arange(len(self.least))
        left_out = np.stack([low - column * self.step, high - column * self.step])
        may_be = (left_out[0] <= self.over) & (left_out[1] >= -self.under)
        least = self.least - (self.lean * left_out).max(axis=0)
        return np.where(may_be & (self.least < kernel.NOWHERE // 2), least, np.inf)


def least_within(runs: Sequence[Priced], low: float, high: float) -> float:
    """No set with `low` to `high` people costs less, by the best of several runs for each column."""
    return float(np.max([one.by_column(low, high) for one in runs], axis=0).min(initial=np.inf))


def frontier_of(people: Ints, first: Ints, second: Ints, seed: int = 0) -> Frontier | None:
    """An order with few half-done nodes; None when tables would be larger than `MOST_ROWS`."""
    n = len(people)
    source, target = np.concatenate([first, second]), np.concatenate([second, first])
    nb = target[np.argsort(source, kind="stable")]
    off = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    random = np.random.default_rng(seed)
    room = np.zeros((2, n), dtype=np.int64)
    orders = []
    for start in np.unique(np.linspace(0, n - 1, min(n, N_STARTS)).astype(int)).tolist():
        order = np.zeros(n, dtype=np.int64)
        kernel.greedy_order(off, nb, start, order)
        n_rows = kernel.frontier_sizes(order, off, nb, room[0], room[1])
        if n_rows > HOPELESS:
            return None
        orders.append((n_rows, start, order))
    orders.sort(key=lambda one: one[:2])
    if not orders or orders[0][0] > MOST_ROWS << 8:
        return None
    improved = []
    for _, start, order in orders[:N_IMPROVED]:
        draws = np.stack(
            [random.integers(0, n, N_TRIES), random.integers(-FURTHEST, FURTHEST + 1, N_TRIES)], axis=1
        )
        chances = HEAT * random.random(N_TRIES) * np.linspace(1, 0, N_TRIES)
        improved.append((kernel.improve_order(order, off, nb, draws, chances), start, order))
    n_rows, _, order = min(improved, key=lambda one: one[:2])
    return Frontier(people, first, second, order, n_rows) if n_rows <= MOST_ROWS else None


def price(
    frontier: Frontier,
    cost: Ints,
    worth: Ints,
    low: float,
    high: float,
    *,
    n_columns: int,
    n_sets: int,
    lean: int = 0,
) -> Priced:
    """Least of (costs of borders of a set, less what its nodes are worth) over sets within a band.

    Parameters
    ----------
    cost : int64 (n_edges,)
    worth : int64 (n,)
        The sums of both are below 2^28 in size.
    low, high : float
        Band of people.
    n_columns : int
        Steps in which people up to `high` are counted.
    n_sets : int
        Sets to give back at most.
    lean : int
        What a person costs that rounding leaves out. Sets just outside the band, which only rounding brings
        in, have many of them or few, and so cost more.
    """
    n = len(frontier.people)
    step = max(int(high) // n_columns, 1)
    steps = np.rint(frontier.people / step).astype(np.int64)
    left_out = frontier.people - steps * step
    over, under = _rounding(frontier.people, left_out, high)
    first = max(int(np.ceil((low - over) / step)), 0)
    total = int(steps.sum())
    end = max(min(int(np.floor((high + under) / step)), total), first) + 1
    beside: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for edge, (a, b) in enumerate(zip(frontier.first.tolist(), frontier.second.tolist(), strict=True)):
        beside[a].append((b, edge))
        beside[b].append((a, edge))
    place = np.empty(n, dtype=np.int64)
    place[frontier.order] = np.arange(n)
    last = [max([int(place[v]), *(int(place[u]) for u, _ in beside[v])]) for v in range(n)]
    table = np.zeros((1, end), dtype=np.int32)
    open_nodes: list[int] = []
    columns, n_done = (0, 1), 0
    trail: list[tuple[int, int, Flags | None]] = []
    for i, v in enumerate(frontier.order.tolist()):
        row = np.arange(len(table))
        leave = np.zeros(len(table), dtype=np.int32)
        take = np.full(len(table), lean * left_out[v] - worth[v], dtype=np.int32)
        for u, edge in beside[v]:
            if place[u] < i:
                is_taken = (row >> (len(open_nodes) - 1 - open_nodes.index(u))) & 1
                leave += (is_taken * cost[edge]).astype(np.int32)
                take += ((1 - is_taken) * cost[edge]).astype(np.int32)
        n_done += int(steps[v])
        following = (max(first - (total - n_done), 0), min(end, n_done + 1))
        wider = np.empty((2 * len(table), end), dtype=np.int32)
        kernel.take_or_leave(table, wider, leave, take, int(steps[v]), columns, following)
        table, columns = wider, following
        open_nodes.append(v)
        trail.append((v, -1, None))
        for u in [u for u in open_nodes if last[u] <= i]:
            bit = len(open_nodes) - 1 - open_nodes.index(u)
            narrower = np.empty((len(table) // 2, end), dtype=np.int32)
            was_taken = np.empty(narrower.shape, dtype=np.bool_)
            kernel.forget(table, narrower, was_taken, bit, columns)
            table = narrower
            open_nodes.remove(u)
            trail.append((u, bit, was_taken if n_sets else None))
    least = table[0, first:end].astype(np.int64) if first <= total else np.full(1, kernel.NOWHERE)
    chosen = [c for c in np.argsort(least, kind="stable").tolist() if least[c] < kernel.NOWHERE // 2][:n_sets]
    sets = [_set_at(trail, steps, first + column) for column in chosen]
    return Priced(least, first, step, lean, over, under, np.array(sets, dtype=bool).reshape(-1, n))


def _set_at(trail: list[tuple[int, int, Flags | None]], steps: Ints, column: int) -> Flags:
    """The set that came to a column, by going back."""
    taken = np.zeros(len(steps), dtype=bool)
    row = 0
    for node, bit, was_taken in reversed(trail):
        if was_taken is None:
            row >>= 1
            if taken[node]:
                column -= int(steps[node])
        else:
            taken[node] = was_taken[row, column]
            low = (1 << bit) - 1
            row = ((row & ~low) << 1) | (row & low) | (int(taken[node]) << bit)
    return taken


def _rounding(people: Ints, excess: Ints, high: float) -> tuple[float, float]:
    """Most that a set of at most `high` people can lose, or win, by rounding each of its nodes' people.

    A knapsack relaxed to fractions: nodes with the largest excess for their people first.
    """

    def most(gain: Floats) -> float:
        order = np.argsort(-gain / np.maximum(people, 1), kind="stable")
        order = order[gain[order] > 0]
        room = np.clip(high - np.concatenate([[0.0], np.cumsum(people[order])[:-1]]), 0, None)
        return float((gain[order] * np.minimum(room / np.maximum(people[order], 1), 1.0)).sum())

    return most(excess.astype(float)), most(-excess.astype(float))
