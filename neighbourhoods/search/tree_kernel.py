"""Random trees and where to cut them: how options begin, and how two footprints are recombined.

A tree grows from a node over random borders; cutting one of its links parts the nodes into two pieces, each
in one piece. The generator of chance is written out here, so that every machine draws the same numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.search.graph import PEOPLE, WALK, Graph
from neighbourhoods.search.state_kernel import (
    BEFORE,
    BELOW,
    FOOTPRINT,
    ORDER,
    PARENT,
    QUEUE,
    SEEN,
    Aim,
    State,
    commit,
    compiled,
    outside_band,
    weigh,
)

Ints = NDArray[np.int64]
TREES = 4  # grown before an option's first footprints are cut off


@compiled
def draw(random: NDArray[np.uint64], n: int) -> int:
    """A whole number from 0 to n - 1, by splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    z = random[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return np.int64(z >> np.uint64(33)) % n  # type: ignore[return-value]


@compiled
def grow_tree(graph: Graph, state: State, waiting: Ints, root: int, f: int, g: int) -> int:
    """A random tree over all that can be reached from `root` inside footprints `f` and `g`.

    Nodes are written to ORDER as they join, the places in it of their parents to PARENT; by place, people
    and nodes that hang from each (itself included) to BELOW and QUEUE. ``waiting`` (n_arcs,) is room to work
    in. Returns the number of nodes.
    """
    n, n_arcs, at = len(graph.node), len(graph.nb), state.at
    at[SEEN, n] += 1
    mark = at[SEEN, n]
    at[SEEN, root] = mark
    at[ORDER, 0], at[PARENT, 0], n_nodes, n_waiting = root, -1, 1, 0
    while True:
        newest = n_nodes - 1
        u = at[ORDER, newest]
        for j in range(graph.off[u], graph.off[u + 1]):
            v = graph.nb[j]
            h = at[FOOTPRINT, v]
            if graph.arc[j, WALK] and at[SEEN, v] != mark and h in (f, g):
                waiting[n_waiting] = newest * n_arcs + j
                n_waiting += 1
        while n_waiting > 0 and n_nodes == newest + 1:
            i = draw(state.random, n_waiting)
            n_waiting -= 1
            parent, j = waiting[i] // n_arcs, waiting[i] % n_arcs
            waiting[i] = waiting[n_waiting]
            v = graph.nb[j]
            if at[SEEN, v] != mark:
                at[SEEN, v] = mark
                at[ORDER, n_nodes], at[PARENT, n_nodes] = v, parent
                n_nodes += 1
        if n_nodes == newest + 1:
            break
    for place in range(n_nodes):
        at[BELOW, place], at[QUEUE, place] = graph.node[at[ORDER, place], PEOPLE], 1
    for place in range(n_nodes - 1, 0, -1):
        at[BELOW, at[PARENT, place]] += at[BELOW, place]
        at[QUEUE, at[PARENT, place]] += at[QUEUE, place]
    return n_nodes


@compiled
def mark_below(state: State, n_nodes: int, cut: int) -> None:
    """Write to BEFORE, by place, 1 for what hangs from place `cut` and 0 for the rest."""
    before, parent = state.at[BEFORE], state.at[PARENT]
    before[0] = 0
    for place in range(1, n_nodes):
        before[place] = 1 if place == cut else before[parent[place]]


@compiled
def cut_off(graph: Graph, state: State, waiting: Ints, root: int, g: int, n_off: int, n_all: int) -> bool:
    """Give `n_off` of `n_all` footprints' worth of people, out of the footprint of `root`, to footprint `g`.

    Of a few random trees the one that can be cut nearest to it. Only FOOTPRINT changes; sums are to be added
    up afterwards. False when no tree can be cut so that either side has a node for each of its footprints.
    """
    at = state.at
    f = at[FOOTPRINT, root]
    least, n_best = np.int64(-1), 0
    for _ in range(TREES):
        n_nodes = grow_tree(graph, state, waiting, root, f, f)
        people = at[BELOW, 0]
        wanted = people * n_off // n_all
        cut, takes_below = -1, True
        for place in range(1, n_nodes):
            for side in range(2):
                nodes, taken = at[QUEUE, place], at[BELOW, place]
                if side == 1:
                    nodes, taken = n_nodes - nodes, people - taken
                if nodes < n_off or n_nodes - nodes < n_all - n_off:
                    continue
                if least < 0 or abs(taken - wanted) < least:
                    least, cut, takes_below = abs(taken - wanted), place, side == 0
        if cut >= 0:
            mark_below(state, n_nodes, cut)
            n_best = n_nodes
            for place in range(n_nodes):
                is_off = (at[BEFORE, place] == 1) == takes_below
                waiting[len(waiting) - 1 - place] = 2 * at[ORDER, place] + np.int64(is_off)
    for place in range(n_best):
        code = waiting[len(waiting) - 1 - place]
        if code % 2 == 1:
            at[FOOTPRINT, code // 2] = g
    return n_best > 0


@compiled
def move_over(graph: Graph, aim: Aim, state: State, u: int, g: int) -> None:
    """Weigh and do a move."""
    weigh(graph, aim, state, u, g)
    commit(graph, state, u, g)


@compiled
def recombine(graph: Graph, aim: Aim, state: State, waiting: Ints, u: int, g: int) -> int:
    """Put the footprint of node `u` together with its neighbour `g` and part them anew.

    A random tree is cut where both sides lie in the band, or nearest to it; of equals one by chance. Returns
    how many nodes moved: they stand in ORDER from 0 on, the footprints they left in BEFORE, so that it can
    be undone.
    """
    at = state.at
    footprint, order, before = at[FOOTPRINT], at[ORDER], at[BEFORE]
    f = footprint[u]
    n_nodes = grow_tree(graph, state, waiting, u, f, g)
    people, least, n_equal, cut = at[BELOW, 0], np.int64(-1), 0, 0
    for place in range(1, n_nodes):
        taken = at[BELOW, place]
        excess = np.int64(outside_band(aim, taken) + outside_band(aim, people - taken))
        if least < 0 or excess < least:
            least, n_equal = excess, 0
        if excess == least:
            n_equal += 1
            if draw(state.random, n_equal) == 0:
                cut = place
    mark_below(state, n_nodes, cut)
    n_kept = 0  # nodes that stay if what hangs below takes f's place
    for place in range(n_nodes):
        n_kept += 1 if (before[place] == 1) == (footprint[order[place]] == f) else 0
    below, above = (f, g) if 2 * n_kept >= n_nodes else (g, f)
    n_moved = 0
    for place in range(n_nodes):
        v = order[place]
        old, new = footprint[v], below if before[place] == 1 else above
        if old != new:
            move_over(graph, aim, state, v, new)
            order[n_moved], before[n_moved] = v, old  # never beyond `place`
            n_moved += 1
    return n_moved


@compiled
def undo(graph: Graph, aim: Aim, state: State, n_moved: int) -> None:
    """Take a recombination back."""
    for place in range(n_moved - 1, -1, -1):
        move_over(graph, aim, state, state.at[ORDER, place], state.at[BEFORE, place])
