"""A problem as the samplers take it: nodes and links, or bits and tables, and what lies round it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.topology import Topology
from neighbourhoods.generation.mask_table import constraint_masks, from_the_edge, sums, unions
from neighbourhoods.generation.problem import SLACK, Problem
from neighbourhoods.sample.sampler_blocks import Rules
from neighbourhoods.sample.sampler_kernel import Surround
from neighbourhoods.sample.sampler_tree import Graph

Integers = NDArray[np.int64]
Groups = tuple[frozenset[int], ...]

ONE_NUMBER = (0.0, 0.0, 0.8, 0.16, 0.04)
A_RANGE = (0.0, 0.1, 0.4, 0.3, 0.2)


@dataclass(frozen=True, eq=False)
class Border:
    """Which areas share a border, links not among them, and which touch the outside.

    Parameters
    ----------
    first, second : int64 (n_borders,)
    on_edge : bool (n_areas,)
    """

    first: Integers
    second: Integers
    on_edge: NDArray[np.bool_]


def border_of(topology: Topology) -> Border:
    """The borders of a geography."""
    first, second, _ = topology.pairs
    outer = (topology.arc_left < 0) | (topology.arc_right < 0)
    on_edge = np.zeros(topology.n_areas, dtype=bool)
    on_edge[np.maximum(topology.arc_left, topology.arc_right)[outer]] = True
    return Border(first.astype(np.int64), second.astype(np.int64), on_edge)


def surround_of(problem: Problem, place: Integers, border: Border | None) -> Surround:
    """Where each area stands, and its borders; without borders a footprint may lie inside another."""
    nothing = np.zeros(0, dtype=np.int64)
    known = border or Border(nothing, nothing, np.zeros(len(problem.people), dtype=bool))
    args = (known.first, known.second, known.on_edge, len(problem.locked), border is not None)
    return Surround(place, *args)


def band_of(problem: Problem) -> NDArray[np.float64]:
    """Least and most people, with the slack for sums that the enumeration has."""
    low, high = problem.band
    slack = SLACK * problem.target
    return np.array([max(low - slack, 0.0), high + slack])


def rules_of(problem: Problem, order: tuple[int, ...], numbers: tuple[int, ...]) -> Rules:
    """Bits and tables for areas in an order, for options with some numbers of footprints."""
    position = {area: bit for bit, area in enumerate(order)}
    tables = np.stack([unions(masks) for masks in constraint_masks(problem, position)])
    ends = (numbers[0], numbers[-1]) if numbers else (problem.n_min, problem.n_max)
    n_wanted = np.maximum(np.array(ends, dtype=np.int64) - len(problem.locked), 0)
    weight = np.array(ONE_NUMBER if n_wanted[0] == n_wanted[1] else A_RANGE)
    return Rules(tables, sums([problem.people[area] for area in order]), band_of(problem), n_wanted, weight)


def bits_of(problem: Problem) -> tuple[int, ...]:
    """Free areas in the order of their bits."""
    return from_the_edge(problem.free, problem.edges)


def place_of(problem: Problem, nodes: list[list[int]]) -> Integers:
    """Node of each area; ~f for areas of the locked footprint f."""
    place = np.zeros(len(problem.people), dtype=np.int64)
    for number, held in enumerate(problem.locked):
        place[sorted(held)] = ~number
    for node, areas in enumerate(nodes):
        place[areas] = node
    return place


def nodes_of(problem: Problem) -> list[list[int]]:
    """Free areas, those together that are to be together and touch; in the order of their first areas."""
    free = set(problem.free)
    node_of = {area: area for area in free}
    for group in merged(problem.together):
        for piece in connected(group & free, problem.edges):
            node_of.update(dict.fromkeys(piece, min(piece)))
    nodes: dict[int, list[int]] = {}
    for area in sorted(free):
        nodes.setdefault(node_of[area], []).append(area)
    return list(nodes.values())


def graph_of(problem: Problem, place: Integers, n_nodes: int) -> Graph:
    """Nodes and links; two nodes are linked once however many borders they share."""
    people = np.zeros(n_nodes)
    for area in problem.free:
        people[place[area]] += problem.people[area]
    links = _pairs(problem.edges, place)
    both = np.concatenate([links, links[:, ::-1]])
    both = both[np.lexsort(both.T[::-1])]
    start = np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=n_nodes))]).astype(np.int64)
    chains = [tuple(zip(sorted(g)[:-1], sorted(g)[1:], strict=True)) for g in merged(problem.together)]
    return Graph(
        people,
        band_of(problem),
        start,
        np.ascontiguousarray(both[:, 1]),
        np.ascontiguousarray(links[:, 0]),
        np.ascontiguousarray(links[:, 1]),
        np.argsort(people, kind="stable").astype(np.int64),
        _pairs(problem.apart, place, keep_same=True),
        _pairs(tuple(pair for chain in chains for pair in chain), place),
    )


def islands_of(graph: Graph) -> Integers:
    """Which nodes hang together, numbered from 0 (n_nodes,)."""
    links = tuple(zip(graph.first.tolist(), graph.second.tolist(), strict=True))
    island = np.zeros(len(graph.people), dtype=np.int64)
    for number, nodes in enumerate(connected(frozenset(range(len(island))), links)):
        island[sorted(nodes)] = number
    return island


def merged(groups: Groups) -> Groups:
    """Sets that share an area made one."""
    found: list[frozenset[int]] = []
    for group in groups:
        touching = [other for other in found if other & group]
        found = [other for other in found if not other & group]
        found.append(group.union(*touching))
    return tuple(found)


def connected(areas: frozenset[int] | set[int], edges: tuple[tuple[int, int], ...]) -> Groups:
    """The pieces that some areas make, in the order of their first areas."""
    beside: dict[int, set[int]] = {area: set() for area in sorted(areas)}
    for a, b in edges:
        if a in beside and b in beside:
            beside[a].add(b)
            beside[b].add(a)
    pieces: list[frozenset[int]] = []
    seen: set[int] = set()
    for area in beside:
        if area in seen:
            continue
        reached, waiting = {area}, [area]
        while waiting:
            more = beside[waiting.pop()] - reached
            reached |= more
            waiting += more
        seen |= reached
        pieces.append(frozenset(reached))
    return tuple(pieces)


def _pairs(pairs: tuple[tuple[int, int], ...], place: Integers, *, keep_same: bool = False) -> Integers:
    """Pairs of areas as pairs of nodes, lower first, each once; locked areas left out."""
    ends = place[np.array(pairs, dtype=np.int64).reshape(-1, 2)]
    ends = np.sort(ends[(ends >= 0).all(axis=1)], axis=1)
    if not keep_same:
        ends = ends[ends[:, 0] != ends[:, 1]]
    return np.ascontiguousarray(np.unique(ends, axis=0))
