"""Reversible recombination, compiled: two neighbours are merged and parted again along a random tree.

After Cannon, Duchin, Randall and Rule, "Spanning tree methods for sampling graph partitions" (2022). There a
pair of footprints is drawn, a spanning tree of the two is drawn, one of its even links is drawn with chance
1 / M each, where M is as many as any tree could have, and the new pair is taken with chance
1 / (links between the two). Here the pair is that of a cut link drawn from all, and the new pair is taken
with chance min(1, cut links before / cut links after), which keeps the same balance and stays put less.

Why the balance holds. Write t(A) for the number of spanning trees of A, U for the two footprints together,
e for the links between them, c for all cut links. The pair A, B is drawn with chance e / c. The trees of U
that have an even link whose cut gives A', B' are t(A') t(B') e', out of t(U); each then has that link drawn
with chance 1 / M(U). So the chance to propose (A', B') from (A, B) is (e / c) t(A') t(B') e' / (t(U) M(U)),
and back (e' / c') t(A) t(B) e / (t(U) M(U)). Options shall weigh t(A) t(B) times the rest, which is the same
before and after. Then weight times proposal differs in the two directions by the factor c' / c only, and
Metropolis and Hastings make up for it. M depends on U alone. What breaks a constraint is refused.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.sample.sampler_kernel import (
    Surround,
    Words,
    compiled,
    draw_below,
    draw_share,
    has_enclosed,
)
from neighbourhoods.sample.sampler_redraw import CHANGED, LEFT, REFUSED, STEPS
from neighbourhoods.sample.sampler_tree import (
    Graph,
    draw_tree,
    even_links,
    mark_side,
    most_even_links,
    no_tree,
)

Integers = NDArray[np.int64]


@compiled
def recombine(
    chance: Words,
    label: Integers,
    n_footprints: int,
    graph: Graph,
    surround: Surround,
    n_draws: int,
    thin: int,
    rows: NDArray[np.int16],
    counts: Integers,
) -> None:
    """Draw options one after the other, `thin` steps apart.

    Parameters
    ----------
    chance : uint64 (4,); label : int64 (n_nodes,)
        Changed; `label` is the footprint of each node.
    rows : int16 (n_draws, n_nodes)
        Written: footprint of each node.
    counts : int64 (4,)
        Added to: steps, steps that changed the option, steps refused for a constraint, steps whose tree had
        no even link or whose link was not drawn.
    """
    n_nodes = len(label)
    tree, piece, nodes = no_tree(n_nodes), np.zeros(n_nodes, np.int64), np.zeros(n_nodes, np.int64)
    n_cut = 0
    for link in range(len(graph.first)):
        n_cut += label[graph.first[link]] != label[graph.second[link]]
    for row in range(n_draws):
        for _ in range(thin if n_cut else 0):
            counts[STEPS] += 1
            link = draw_below(chance, len(graph.first))
            while label[graph.first[link]] == label[graph.second[link]]:
                link = draw_below(chance, len(graph.first))
            one, other = label[graph.first[link]], label[graph.second[link]]
            n = 0
            for node in range(n_nodes):
                piece[node] = label[node] == one or label[node] == other
                if piece[node]:
                    nodes[n] = node
                    n += 1
            draw_tree(chance, nodes[:n], piece, graph, tree)
            n_even = even_links(n, graph.band[0], graph.band[1], tree)
            most = most_even_links(n, tree.within[tree.order[0]], piece, graph)
            drawn = draw_below(chance, most)
            if drawn >= n_even:
                counts[LEFT] += 1
                continue
            mark_side(n, tree.even[drawn], tree, piece, 2)
            if _breaks(piece, graph):
                counts[REFUSED] += 1
                continue
            more = _more_cut(nodes[:n], piece, label, graph)
            if draw_share(chance) * (n_cut + more) >= n_cut:
                continue
            if surround.is_forbidden and _would_enclose(
                nodes[:n], piece, label, one, other, n_footprints, surround
            ):
                counts[REFUSED] += 1
                continue
            n_cut += more
            counts[CHANGED] += _lay_down(nodes[:n], piece, label, one, other)
        rows[row] = label


@compiled
def _breaks(piece: Integers, graph: Graph) -> bool:
    """Whether two nodes that are to be apart are on one side, or two to be together are not."""
    for pair in range(len(graph.apart)):
        a, b = piece[graph.apart[pair, 0]], piece[graph.apart[pair, 1]]
        if a == b and a > 0:
            return True
    for pair in range(len(graph.together)):
        a, b = piece[graph.together[pair, 0]], piece[graph.together[pair, 1]]
        if a != b:
            return True
    return False


@compiled
def _more_cut(nodes: Integers, piece: Integers, label: Integers, graph: Graph) -> int:
    """How many more links are cut between the two new pieces than between the two old ones."""
    more = 0
    for node in nodes:
        for place in range(graph.start[node], graph.start[node + 1]):
            other = graph.beside[place]
            if other > node and piece[other]:
                more += int(piece[node] != piece[other]) - int(label[node] != label[other])
    return more


@compiled
def _lay_down(nodes: Integers, piece: Integers, label: Integers, one: int, other: int) -> bool:
    """Write the two new pieces; whether they are other than the two old ones."""
    is_flipped, is_same = False, True
    first = label[nodes[0]] == one
    is_flipped = first != (piece[nodes[0]] == 1)
    for node in nodes:
        now = (piece[node] == 1) != is_flipped
        is_same &= now == (label[node] == one)
        label[node] = one if now else other
    return not is_same


@compiled
def _would_enclose(
    nodes: Integers,
    piece: Integers,
    label: Integers,
    one: int,
    other: int,
    n_footprints: int,
    surround: Surround,
) -> bool:
    after = label.copy()
    for node in nodes:
        after[node] = one if piece[node] == 1 else other
    return bool(has_enclosed(after, n_footprints, surround))
