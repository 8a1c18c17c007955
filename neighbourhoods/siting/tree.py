"""Branch and bound over candidates: opened or closed, best bound first, until no better plan can be left.

Each node inherits its parent's prices, raises its bound from there and settles candidates; lists of what is
still possible shrink on the way down. What is left open when the nodes are used up has a bound, and the least
of them is the bound of the whole.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neighbourhoods.siting.bound_kernel import ascend
from neighbourhoods.siting.kernel import CLOSED, FREE, OPEN, Floats, Ints, Marks, Rows, plan_cost
from neighbourhoods.siting.relaxation_kernel import Lists, reduced
from neighbourhoods.siting.start import Choice, Plans, improved

NODE_ROUNDS, NODE_STEP, NODE_RISE = 200, 0.1, 0.1
SHRUNK = 0.8  # share of entries left at which lists are made anew
TOLERANCE = 1e-7  # of the best cost: plans that are better by less count as no better


@dataclass(frozen=True, eq=False)
class Node:
    """A part of all plans, with a bound on their cost."""

    bound: float
    status: Marks
    prices: Floats
    row_prices: Floats
    share: Floats
    lists: Lists


@dataclass
class Proof:
    """How far a proof has come."""

    bound: float
    n_nodes: int
    n_left: int


def cutoff_of(plans: Plans, is_whole: bool) -> float:
    """What a better plan must cost less than: where costs are whole numbers, one less."""
    better = plans.cost - 1.0 + 1e-6 if is_whole else plans.cost - TOLERANCE * abs(plans.cost)
    return min(better, plans.limit)


def is_whole(choice: Choice) -> bool:
    """Whether every plan's cost is a whole number that is counted exactly."""
    if choice.weight.sum() * float(choice.cost.max()) > 2**50:
        return False
    return bool((choice.weight % 1 == 0).all() and (choice.cost % 1 == 0).all())


def leaf(node_status: Marks, choice: Choice, plans: Plans) -> None:
    """Note the plan of a node that leaves no choice."""
    chosen = np.flatnonzero(node_status == OPEN).astype(np.int64)
    if len(chosen):
        plans.add(chosen, plan_cost(choice.cost, choice.weight, chosen))


def keeps(rows: Rows, chosen: Ints) -> bool:
    """Whether a choice keeps to rows."""
    if not len(rows.limit):
        return True
    is_in = np.zeros(len(rows.by_candidate) - 1)
    is_in[chosen] = 1.0
    sums = np.bincount(
        np.repeat(np.arange(len(rows.limit)), np.diff(rows.by_row)),
        rows.value * is_in[rows.candidate],
        len(rows.limit),
    )
    return bool((sums <= rows.limit + 1e-9).all())


def grown(
    node: Node,
    choice: Choice,
    priced: Rows,
    plans: Plans,
    whole: bool,
    n_rounds: int,
    step: float,
    least_rise: float,
) -> Node | None:
    """The node with its bound raised; None where it holds no better plan than the best."""
    status, prices, row_prices = node.status.copy(), node.prices.copy(), node.row_prices.copy()
    share, chosen = node.share.copy(), np.zeros(len(status), dtype=np.int8)
    cutoff = cutoff_of(plans, whole)
    bound = ascend(
        choice.cost,
        node.lists,
        choice.weight,
        priced,
        status,
        choice.n_max,
        prices,
        row_prices,
        cutoff,
        plans.upper,
        n_rounds,
        step,
        least_rise,
        share,
        chosen,
    )
    bound = max(bound, node.bound)
    if bound >= cutoff:
        return None
    places = np.flatnonzero(chosen).astype(np.int64)
    if len(places) and keeps(choice.rows, places):
        cost = plan_cost(choice.cost, choice.weight, places)
        if cost < plans.cost * 1.01:
            improved(choice, places, np.arange(len(status)), plans)
    if not (status == FREE).any():
        at_end = np.flatnonzero(status == OPEN).astype(np.int64)
        if keeps(choice.rows, at_end):
            leaf(status, choice, plans)
        return None
    lists = reduced(node.lists, status)
    if len(lists.cost) > SHRUNK * len(node.lists.cost):
        lists = node.lists
    return Node(bound, status, prices, row_prices, share, lists)


def branch_at(node: Node) -> int:
    """The free candidate about which the relaxation is least decided."""
    free = np.flatnonzero(node.status == FREE)
    return int(free[np.argmin(np.abs(node.share[free] - 0.5))])


def prove(
    root: Node,
    choice: Choice,
    priced: Rows,
    plans: Plans,
    n_nodes: int,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Proof:
    """Branch until nothing better can be left or `n_nodes` were looked at.

    Parameters
    ----------
    root : Node
        With its bound raised.
    priced : Rows
        The rows of `choice` that get prices.
    plans : Plans
        Better plans that are met are added.
    """
    whole = is_whole(choice)
    open_nodes: list[tuple[float, int, Node]] = [(root.bound, 0, root)]
    n_seen = 0
    while open_nodes:
        bound, _, node = open_nodes[0]
        if bound >= cutoff_of(plans, whole):
            return Proof(plans.upper, n_seen, 0)
        if n_seen >= n_nodes or plans.is_answered or is_stopped():
            return Proof(bound, n_seen, len(open_nodes))
        heapq.heappop(open_nodes)
        at = branch_at(node)
        for mark in (OPEN, CLOSED):
            status = node.status.copy()
            status[at] = mark
            n_seen += 1
            child = Node(node.bound, status, node.prices, node.row_prices, node.share, node.lists)
            kept = grown(child, choice, priced, plans, whole, NODE_ROUNDS, NODE_STEP, NODE_RISE)
            if kept is not None:
                heapq.heappush(open_nodes, (kept.bound, n_seen, kept))
    return Proof(plans.upper, n_seen, 0)
