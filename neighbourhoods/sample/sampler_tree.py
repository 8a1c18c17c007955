"""Random spanning trees and where they can be cut, compiled: recombination and first options use them.

A tree that spans some nodes is drawn so that each is as likely as any other (Wilson, STOC 1996, 296-303).
Cutting one of its links leaves two pieces that are each in one piece; a link is *even* when both then hold
people within the band.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.sample.sampler_kernel import Words, compiled, draw_below

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
ROUNDING = 1e-9


class Graph(NamedTuple):
    """What is divided: nodes that are areas, or areas that stay together and touch.

    Parameters
    ----------
    people : float64 (n_nodes,)
    band : float64 (2,)
        Least and most people in a footprint.
    start, beside : int64 (n_nodes + 1,), (2 n_links,)
        Neighbours of node i are `beside[start[i]:start[i + 1]]`.
    first, second : int64 (n_links,)
        Each pair of neighbours once.
    by_people : int64 (n_nodes,)
        Nodes from the fewest people to the most.
    apart, together : int64 (n, 2)
        Pairs of nodes that may not, and that must, share a footprint.
    """

    people: Floats
    band: Floats
    start: Integers
    beside: Integers
    first: Integers
    second: Integers
    by_people: Integers
    apart: Integers
    together: Integers


class Tree(NamedTuple):
    """A spanning tree of some nodes, and room to draw it in.

    Parameters
    ----------
    order : int64 (n_nodes,)
        Its nodes, each after the node it hangs on; the first is the root.
    parent : int64 (n_nodes,)
        By node: what it hangs on.
    within : float64 (n_nodes,)
        By node: people of the node and of all that hangs on it.
    is_in : bool (n_nodes,)
    even : int64 (n_nodes,)
        Room for the nodes whose link to their parent is even.
    """

    order: Integers
    parent: Integers
    within: Floats
    is_in: NDArray[np.bool_]
    even: Integers


@compiled
def no_tree(n_nodes: int) -> Tree:
    """Room for a tree of up to so many nodes."""
    return Tree(
        np.zeros(n_nodes, np.int64),
        np.zeros(n_nodes, np.int64),
        np.zeros(n_nodes),
        np.zeros(n_nodes, np.bool_),
        np.zeros(n_nodes, np.int64),
    )


@compiled
def draw_tree(chance: Words, nodes: Integers, piece: Integers, graph: Graph, tree: Tree) -> None:
    """Draw a spanning tree of `nodes`, which are those of `piece` 1 and hang together.

    Parameters
    ----------
    nodes : int64 (n,)
    piece : int64 (n_nodes,)
        1 for the nodes in question, otherwise another number.
    """
    order, parent, within, is_in, start = tree.order, tree.parent, tree.within, tree.is_in, graph.start
    for node in nodes:
        is_in[node] = False
        within[node] = graph.people[node]
    order[0] = nodes[0]
    is_in[nodes[0]] = True
    parent[nodes[0]] = -1
    n = 1
    for begin in nodes:
        node = begin
        while not is_in[node]:
            following = graph.beside[start[node] + draw_below(chance, start[node + 1] - start[node])]
            if piece[following] == 1:
                parent[node] = following
                node = following
        length = 0
        node = begin
        while not is_in[node]:
            is_in[node] = True
            length += 1
            node = parent[node]
        node = begin
        for place in range(n + length - 1, n - 1, -1):
            order[place] = node
            node = parent[node]
        n += length
    for place in range(n - 1, 0, -1):
        within[parent[order[place]]] += within[order[place]]


@compiled
def even_links(n: int, low: float, high: float, tree: Tree) -> int:
    """Nodes of a tree of `n` at whose link both sides hold `low` to `high`; written to `tree.even`."""
    whole = tree.within[tree.order[0]]
    n_even = 0
    for place in range(1, n):
        node = tree.order[place]
        if low <= tree.within[node] <= high and low <= whole - tree.within[node] <= high:
            tree.even[n_even] = node
            n_even += 1
    return n_even


@compiled
def most_even_links(n: int, whole: float, piece: Integers, graph: Graph) -> int:
    """No spanning tree of the nodes of `piece` 1 has more even links than this.

    Notes
    -----
    Let L be the fewest people on either side of an even link. Of three even links of which none lies between
    the other two, the outer sides are disjoint and hold 3 L or more. So with fewer than 3 L in all, the even
    links lie on one path. Along it the people on one side grow from L at least to (all - L) at most, and
    between two links that follow each other there is a node or more that is in no other such gap. There are
    then at most one more than the nodes that fit into (all - 2 L), the smallest taken first. Otherwise all
    n - 1 links may be even.
    """
    least = max(graph.band[0], whole - graph.band[1])
    slack = ROUNDING * whole
    if whole >= 3 * least - slack:
        return n - 1
    room = whole - 2 * least + slack
    most = 1
    for node in graph.by_people:
        if piece[node] == 1:
            room -= graph.people[node]
            if room < 0 or most == n - 1:
                break
            most += 1
    return most


@compiled
def mark_side(n: int, below: int, tree: Tree, piece: Integers, mark: int) -> None:
    """Write `mark` into `piece` for `below` and all that hangs on it."""
    piece[below] = mark
    for place in range(1, n):
        node = tree.order[place]
        if tree.parent[node] >= 0 and piece[tree.parent[node]] == mark:
            piece[node] = mark
