"""A first option by chance, compiled: areas are cut in two along random trees until all are footprints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.sample.sampler_kernel import Surround, Words, compiled, draw_below, has_enclosed
from neighbourhoods.sample.sampler_tree import Graph, Tree, draw_tree, mark_side, no_tree

Integers = NDArray[np.int64]

TREES_A_PIECE = 400


@compiled
def first_option(
    chance: Words,
    island: Integers,
    wanted: Integers,
    graph: Graph,
    surround: Surround,
    most_nodes: int,
    label: Integers,
) -> bool:
    """Divide each island into as many footprints as are wanted of it; False when none was found in time.

    Parameters
    ----------
    chance : uint64 (4,)
        Changed.
    island : int64 (n_nodes,)
        Which nodes hang together, numbered from 0.
    wanted : int64 (n_islands,)
        Footprints of each.
    most_nodes : int
        Nodes of spanning trees to draw in all.
    label : int64 (n_nodes,)
        Written: footprint of each node.
    """
    n_nodes = len(label)
    tree, piece, nodes = no_tree(n_nodes), np.zeros(n_nodes, np.int64), np.zeros(n_nodes, np.int64)
    n_wanted = np.zeros(wanted.sum() + len(wanted), np.int64)
    drawn = np.zeros(1, np.int64)
    while drawn[0] < most_nodes:
        label[:] = island
        n_wanted[: len(wanted)] = wanted
        n_pieces, done = len(wanted), 0
        while done < n_pieces:
            if n_wanted[done] == 1:
                if not _is_footprint(done, label, graph):
                    break
                done += 1
                continue
            n = 0
            for node in range(n_nodes):
                piece[node] = label[node] == done
                if piece[node]:
                    nodes[n] = node
                    n += 1
            n_here = _cut(chance, nodes[:n], n_wanted[done], piece, graph, tree, drawn)
            if n_here == 0:
                break
            for node in nodes[:n]:
                if piece[node] == 2:
                    label[node] = n_pieces
            n_wanted[n_pieces] = n_here
            n_wanted[done] -= n_here
            n_pieces += 1
        if done < n_pieces:
            drawn[0] += n_nodes  # so that what fails without a tree ends too
            continue
        if not (surround.is_forbidden and has_enclosed(label, n_pieces, surround)):
            return True
    return False


@compiled
def _cut(
    chance: Words,
    nodes: Integers,
    n_wanted: int,
    piece: Integers,
    graph: Graph,
    tree: Tree,
    drawn: Integers,
) -> int:
    """Part a piece in two that can each be whole footprints; `piece` is 2 for the one whose number is given.

    Nought when no tree could be cut. Of what is to be parted further the people are at first kept within half
    the band, so that later cuts have room.
    """
    n, (low, high) = len(nodes), graph.band
    for attempt in range(TREES_A_PIECE):
        inset = (high - low) / 4 if attempt < TREES_A_PIECE // 2 else 0.0
        drawn[0] += n
        draw_tree(chance, nodes, piece, graph, tree)
        whole = tree.within[tree.order[0]]
        n_found, below, n_below = 0, 0, 0
        for place in range(1, n):
            node = tree.order[place]
            people = tree.within[node]
            for number in range(max(1, int(np.ceil(people / high))), n_wanted):
                if people < number * low:
                    break
                rest = n_wanted - number
                room = inset if rest > 1 else 0.0
                fits = rest * (low + room) <= whole - people <= rest * (high - room)
                room = inset if number > 1 else 0.0
                if fits and number * (low + room) <= people <= number * (high - room):
                    n_found += 1
                    if draw_below(chance, n_found) == 0:
                        below, n_below = node, number
        if n_found == 0:
            continue
        mark_side(n, below, tree, piece, 2)
        if _may_stand(n_below, n_wanted - n_below, piece, graph):
            return n_below
        for node in nodes:
            piece[node] = 1
    return 0


@compiled
def _may_stand(n_below: int, n_above: int, piece: Integers, graph: Graph) -> bool:
    """Whether a cut parts nothing that is to be together, and can still part what is to be apart."""
    for pair in range(len(graph.together)):
        if piece[graph.together[pair, 0]] != piece[graph.together[pair, 1]]:
            return False
    for pair in range(len(graph.apart)):
        side = piece[graph.apart[pair, 0]]
        if side == piece[graph.apart[pair, 1]]:
            if side == 1 and n_above == 1:
                return False
            if side == 2 and n_below == 1:
                return False
    return True


@compiled
def _is_footprint(number: int, label: Integers, graph: Graph) -> bool:
    """Whether a piece is within the band, and parts and holds nothing that it must not."""
    people = 0.0
    for node in range(len(label)):
        if label[node] == number:
            people += graph.people[node]
    for pair in range(len(graph.together)):
        a, b = label[graph.together[pair, 0]], label[graph.together[pair, 1]]
        if a != b and (a == number or b == number):
            return False
    for pair in range(len(graph.apart)):
        a, b = label[graph.apart[pair, 0]], label[graph.apart[pair, 1]]
        if a == b == number:
            return False
    return bool(graph.band[0] <= people <= graph.band[1])
