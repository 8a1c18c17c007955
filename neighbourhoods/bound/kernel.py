"""The compiled part of the bound: tables over sets at a frontier and people taken so far.

Nodes are gone through in an order in which few of them are ever half-done. A row of a table stands for which
nodes of the frontier are taken, a column for people; the entry is the least cost of getting there. Costs are
whole numbers, so that a bound is a bound to the last digit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.compiled import compiler

compiled = compiler(__file__)

Ints = NDArray[np.int64]
Table = NDArray[np.int32]
NOWHERE = 1 << 30  # costs stay below half of it


@compiled
def take_or_leave(
    table: Table,
    wider: Table,
    leave: Table,
    take: Table,
    people: int,
    old: tuple[int, int],
    new: tuple[int, int],
) -> None:
    """One node more at the frontier, as the lowest bit of a row's number.

    Parameters
    ----------
    table : int32 (n_rows, n_columns); wider : int32 (2 n_rows, n_columns)
        Read and written.
    leave, take : int32 (n_rows,)
        What it costs to leave or take the node.
    people : int
        Columns by which taking it moves on.
    old, new : (int, int)
        Columns of `table` that count and of `wider` that will, the end not included.
    """
    for row in range(len(table)):
        shifted(table[row], wider[2 * row], leave[row], 0, old, new)
        shifted(table[row], wider[2 * row + 1], take[row], people, old, new)


@compiled
def shifted(
    before: Table, after: Table, cost: int, people: int, old: tuple[int, int], new: tuple[int, int]
) -> None:
    """A row moved on by some people at a cost; NOWHERE stays far away, as all costs together are small."""
    first, last = max(old[0] + people, new[0]), min(old[1] + people, new[1])
    first, last = min(first, new[1]), max(last, min(first, new[1]))
    after[new[0] : first] = NOWHERE
    after[last : new[1]] = NOWHERE
    for column in range(first, last):
        after[column] = before[column - people] + cost


@compiled
def forget(
    table: Table, narrower: Table, was_taken: NDArray[np.bool_], bit: int, columns: tuple[int, int]
) -> None:
    """A node leaves the frontier: of the rows with and without it the cheaper stays, and which one it was."""
    low = (1 << bit) - 1
    for row in range(len(narrower)):
        without = ((row & ~low) << 1) | (row & low)
        a, b, kept, taken = table[without], table[without | (1 << bit)], narrower[row], was_taken[row]
        for column in range(columns[0], columns[1]):
            is_less = b[column] < a[column]
            taken[column] = is_less
            kept[column] = b[column] if is_less else a[column]


@compiled
def frontier_sizes(order: Ints, off: Ints, nb: Ints, place: Ints, ends: Ints) -> float:
    """Rows of all tables together when nodes come in this order; `place`, `ends` (n,) are room to work in."""
    n = len(order)
    for i in range(n):
        place[order[i]] = i
        ends[i] = 0
    for v in range(n):
        last = place[v]
        for j in range(off[v], off[v + 1]):
            last = max(last, place[nb[j]])
        ends[last] += 1
    n_open, total = 0, 0.0
    for i in range(n):
        n_open += 1
        total += 2.0 ** min(n_open, 60)
        n_open -= ends[i]
    return total


@compiled
def greedy_order(off: Ints, nb: Ints, start: int, order: Ints) -> None:
    """Write an order from `start` that always adds the node after which fewest are half-done."""
    n = len(order)
    is_done = np.zeros(n, dtype=np.bool_)
    n_left = off[1:] - off[:-1]  # neighbours not yet in the order
    n_left = n_left.copy()
    for i in range(n):
        best, best_growth, best_degree = -1, 1 << 30, 1 << 30
        if i == 0:
            best = start
        else:
            for v in range(n):
                if is_done[v]:
                    continue
                n_done = off[v + 1] - off[v] - n_left[v]
                growth = np.int64(n_left[v] > 0)
                for j in range(off[v], off[v + 1]):
                    if is_done[nb[j]] and n_left[nb[j]] == 1:
                        growth -= 1
                if n_done == 0:
                    growth += 2
                if growth < best_growth or (growth == best_growth and n_left[v] < best_degree):
                    best, best_growth, best_degree = v, int(growth), int(n_left[v])
        order[i] = best
        is_done[best] = True
        for j in range(off[best], off[best + 1]):
            n_left[nb[j]] -= 1


@compiled
def improve_order(order: Ints, off: Ints, nb: Ints, draws: Ints, chances: NDArray[np.float64]) -> float:
    """Move single nodes in the order so that tables become smaller; rows of all tables in the end.

    ``draws`` (n_tries, 2): the place of a node and how far it goes. ``chances`` (n_tries,): by which share
    the tables may grow for the moment.
    """
    n = len(order)
    place, ends, trial, now = np.zeros(n, np.int64), np.zeros(n, np.int64), order.copy(), order.copy()
    least = frontier_sizes(order, off, nb, place, ends)
    current = least
    for t in range(len(draws)):
        a = draws[t, 0]
        b = min(max(a + draws[t, 1], 0), n - 1)
        trial[:] = now
        v, step = now[a], 1 if b > a else -1
        for i in range(a, b, step):
            trial[i] = now[i + step]
        trial[b] = v
        total = frontier_sizes(trial, off, nb, place, ends)
        if total <= current * (1.0 + chances[t]):
            current = total
            now[:] = trial
            if total < least:
                least = total
                order[:] = trial
    return float(least)
