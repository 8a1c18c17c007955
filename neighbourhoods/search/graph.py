"""A problem and its town as arrays of whole numbers, for the compiled search.

Everything that is summed is an integer (people, millimetres, square metres, scaled numerators), so that sums
do not depend on the order in which areas came and went, or on the machine. Areas that must be together and
are connected become one node; a locked footprint is one node that stays alone. The mistake this prevents:
a search that returns another option on another computer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.generation.problem import SLACK, Problem
from neighbourhoods.measure.option_score import outside_m
from neighbourhoods.measure.town import Town
from neighbourhoods.need.index import NeedIndex

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FINE = 1_000  # parts of a person, when people are not whole numbers; of a metre; of a minute
MOST = 1 << 50  # largest sum of numerators or denominators
APART, TOGETHER = 1, -1
MM, PAIRS, WALK, N_ARC = range(4)
# Columns of a node and of a footprint. The sum over a footprint's nodes is a footprint's value, but:
# OUTLINE less twice the border inside it, AMONG more twice the travel between its nodes; from ROUND on
# what the footprint adds to a measure.
PEOPLE, FUTURE, AREA, OUTSIDE, SIZE, FIXED, OUTLINE, AMONG = range(8)
ROUND, PARTNER, STAY, TRAVEL, NEED, NEED_SQUARE, MATCH, N_BESIDE, IS_ENCLOSED = range(8, 17)
FIRST = 17  # of the columns whose number depends on what is asked: numerators, denominators, partner, now


class Graph(NamedTuple):
    """Nodes and what is known of them.

    Parameters
    ----------
    off, nb : int64 (n + 1,), int64 (n_arcs,)
        Neighbours of node i are `nb[off[i]:off[i + 1]]`, each border seen from both sides.
    arc : int64 (n_arcs, N_ARC)
        MM of shared border; PAIRS of areas that share it; WALK is above nought where one can go across: not
        over a partner's line, but over a link that has no border.
    node : int64 (n, n_columns)
        Sums of each node by column, see above; AREA in m2, OUTSIDE and OUTLINE in mm.
    travel : int64 (n, n)
        People x people x milliminutes; no rows when it is not asked for.
    rule_off, rule : int64 (n + 1,), int64 (n_rules, 2)
        Nodes that must not share a footprint with node i (APART) or must (TOGETHER), with that sign.
    """

    off: Ints
    nb: Ints
    arc: Ints
    node: Ints
    travel: Ints
    rule_off: Ints
    rule: Ints


class Ground(NamedTuple):
    """A graph with what leads back to areas and to their units.

    Parameters
    ----------
    node_of_area : int64 (n_areas,)
    people_unit : int
        Parts that one person was counted as.
    n_need, n_partner, n_now : int
        Numbers of indicators, of a partner's areas, of footprints in the option that people move from.
    slope : float64 (n_need,)
        Need index of a footprint = sum of slope x numerator / denominator, plus `level`.
    """

    graph: Graph
    node_of_area: Ints
    people_unit: int
    n_need: int
    n_partner: int
    n_now: int
    slope: Floats
    level: float

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.graph.node)

    def limits(self, problem: Problem) -> tuple[int, int, int]:
        """Least and most people in a footprint, and the target, in the graph's units."""
        low, high = problem.band
        slack = SLACK * problem.target
        unit = self.people_unit
        least = max(int(np.ceil((low - slack) * unit)), 0)
        return least, int(np.floor((high + slack) * unit)), round(problem.target * unit)


def ground_of(problem: Problem, town: Town) -> Ground:
    """The arrays of a problem."""
    node = _nodes(problem)
    n = int(node.max(initial=-1)) + 1
    people = np.asarray(problem.people)
    unit = 1 if (people == np.rint(people)).all() else FINE
    whole = _rounded(people * unit)
    none = np.zeros((len(people), 0), dtype=np.int64)
    numerator, denominator, slope, level = _need(town.need, none)
    partner = none if town.partner is None else _tally(town.partner.row, whole)
    now = none if town.as_now is None else _tally(town.as_now, whole)
    off, nb, arc = _arcs(problem, town, node, n)
    travel = _travel(town, whole, node, n)
    fixed = sorted(area for held in problem.locked for area in held)
    table = np.zeros((len(people), FIRST), dtype=np.int64)
    table[:, PEOPLE] = whole
    table[:, FUTURE] = 0 if town.future_people is None else _rounded(town.future_people * unit)
    table[:, AREA] = _rounded(town.topology.area_m2)
    table[:, OUTSIDE] = _rounded(outside_m(town.topology) * FINE)
    table[fixed, FIXED] = 1
    columns = sums_of(np.hstack([table, numerator, denominator, partner, now]), node, n)
    graph = Graph(off, nb, arc, _finished(columns, off, arc, travel), travel, *_rules(problem, node, n))
    return Ground(graph, node, unit, len(slope), partner.shape[1], now.shape[1], slope, level)


def merged(ground: Ground, onto: Ints) -> Ground:
    """The same with nodes put together: node i becomes part of node `onto[i]`; none of them under a rule."""
    old, n = ground.graph, int(onto.max(initial=-1)) + 1
    source = np.repeat(np.arange(ground.n), np.diff(old.off))
    keep = onto[source] < onto[old.nb]
    off, nb, arc = _csr(onto[source[keep]], onto[old.nb[keep]], n, old.arc[keep])
    travel = _merged_travel(old.travel, onto, n)
    node = _finished(sums_of(old.node, onto, n), off, arc, travel)
    ruled = np.repeat(np.arange(ground.n), np.diff(old.rule_off))
    pairs = np.column_stack([onto[ruled], onto[old.rule[:, 0]], old.rule[:, 1]])
    graph = Graph(off, nb, arc, node, travel, *_rule_arrays(pairs[pairs[:, 0] < pairs[:, 1]], n))
    return ground._replace(graph=graph, node_of_area=onto[ground.node_of_area])


def sums_of(values: Ints, place: Ints, n: int) -> Ints:
    """Rows of `values` added up by place; every place has one."""
    if not len(values):
        return np.zeros((n, *values.shape[1:]), dtype=np.int64)
    order = np.argsort(place, kind="stable")
    return np.add.reduceat(values[order], np.searchsorted(place[order], np.arange(n)), axis=0)


def _finished(columns: Ints, off: Ints, arc: Ints, travel: Ints) -> Ints:
    """With each node's own outline and travel, as a footprint of it alone would have."""
    n = len(columns)
    columns[:, SIZE] = 1
    columns[:, FIXED] = columns[:, FIXED] > 0
    source = np.repeat(np.arange(n), np.diff(off))
    border = np.zeros(n, dtype=np.int64)
    np.add.at(border, source, arc[:, MM])
    columns[:, OUTLINE] = columns[:, OUTSIDE] + border
    columns[:, AMONG] = np.diag(travel) if len(travel) else 0
    return columns


def _nodes(problem: Problem) -> Ints:
    """Node of each area: locked footprints whole, and the connected parts of what is to be together."""
    n = len(problem.people)
    beside: list[set[int]] = [set() for _ in range(n)]
    for a, b in problem.edges:
        beside[a].add(b)
        beside[b].add(a)
    parent = list(range(n))

    def root(area: int) -> int:
        while parent[area] != area:
            area = parent[area] = parent[parent[area]]
        return area

    def join(a: int, b: int) -> None:
        a, b = root(a), root(b)
        parent[max(a, b)] = min(a, b)

    for group in problem.together:
        for area in sorted(group):
            for other in beside[area] & group:
                join(area, other)
    for held in problem.locked:
        for area in sorted(held):
            join(min(held), area)
    roots = np.array([root(area) for area in range(n)], dtype=np.int64)
    return np.unique(roots, return_inverse=True)[1].astype(np.int64)


def _arcs(problem: Problem, town: Town, node: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    first, second, length = town.topology.pairs
    edges = np.array(problem.edges, dtype=np.int64).reshape(-1, 2)
    a = node[np.concatenate([first.astype(np.int64), edges[:, 0]])]
    b = node[np.concatenate([second.astype(np.int64), edges[:, 1]])]
    arc = np.zeros((len(a), N_ARC), dtype=np.int64)
    arc[: len(first), MM] = _rounded(length * FINE)
    arc[: len(first), PAIRS] = 1
    arc[len(first) :, WALK] = 1
    apart = a != b
    return _csr(a[apart], b[apart], n, arc[apart])


def _csr(first: Ints, second: Ints, n: int, arc: Ints) -> tuple[Ints, Ints, Ints]:
    """Arcs seen from both sides, in order of node and neighbour, repeated pairs summed."""
    key = np.minimum(first, second) * max(n, 1) + np.maximum(first, second)
    unique, place = np.unique(key, return_inverse=True)
    low, high = np.divmod(unique, max(n, 1))
    summed = sums_of(arc, place, len(unique))
    source, target = np.concatenate([low, high]), np.concatenate([high, low])
    order = np.lexsort((target, source))
    off = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    return off, target[order].astype(np.int64), np.concatenate([summed, summed])[order]


def _rules(problem: Problem, node: Ints, n: int) -> tuple[Ints, Ints]:
    """Pairs of nodes that must not be together, and parts of a set that must although they do not touch."""
    pairs = {(min(node[a], node[b]), max(node[a], node[b]), APART) for a, b in problem.apart}
    for group in problem.together:
        parts = sorted({int(node[area]) for area in group})
        pairs |= {(parts[0], other, TOGETHER) for other in parts[1:]}
    return _rule_arrays(np.array(sorted(pairs), dtype=np.int64).reshape(-1, 3), n)


def _rule_arrays(pairs: Ints, n: int) -> tuple[Ints, Ints]:
    both = np.concatenate([pairs, pairs[:, [1, 0, 2]]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    off = np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=n))]).astype(np.int64)
    return off, np.ascontiguousarray(both[:, 1:])


def _need(need: NeedIndex | None, none: Ints) -> tuple[Ints, Ints, Floats, float]:
    """Numerators and denominators as whole numbers, and how the index follows from their ratio."""
    if need is None:
        return none, none, np.zeros(0), 0.0
    columns, scales = [], []
    for table in (need.numerator, need.denominator):
        _, power = np.frexp(MOST / np.abs(table).sum(axis=0))
        scales.append(np.ldexp(0.5, power))
        columns.append(_rounded(table * scales[-1]))
    slope = need.weights / need.spread * scales[1] / scales[0]
    return columns[0], columns[1], slope, float(-(need.weights * need.level / need.spread).sum())


def _tally(row: Ints, people: Ints) -> Ints:
    """People of each area by `row`; -1 belongs nowhere."""
    table = np.zeros((len(row), int(row.max(initial=-1)) + 1), dtype=np.int64)
    known = np.flatnonzero(row >= 0)
    table[known, row[known]] = people[known]
    return table


def _travel(town: Town, people: Ints, node: Ints, n: int) -> Ints:
    if town.travel_minutes is None:
        return np.zeros((0, 0), dtype=np.int64)
    among = _rounded(town.travel_minutes * FINE) * people[:, None] * people[None, :]
    return among if n == len(people) else _merged_travel(among, node, n)


def _merged_travel(travel: Ints, onto: Ints, n: int) -> Ints:
    return sums_of(sums_of(travel, onto, n).T, onto, n) if len(travel) else travel


def _rounded(values: Floats) -> Ints:
    return np.rint(values).astype(np.int64)
