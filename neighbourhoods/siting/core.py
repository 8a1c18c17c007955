"""The cheapest plan by weighted costs, and a bound that shows how much cheaper any plan could be.

Minutes, transformed minutes and minutes over a limit are all costs to this module; what they mean is told by
the objectives that call it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neighbourhoods.siting.kernel import Floats, Ints, Rows, Singles, nearest_two
from neighbourhoods.siting.relaxation_kernel import near_lists
from neighbourhoods.siting.start import Choice, Plans, good_plans, kick_on, kicks_of
from neighbourhoods.siting.tree import Node, grown, is_whole, prove

WHOLE_LISTS = 8_000_000  # entries up to which lists are not cut
ROOT_ROUNDS, ROOT_STEP, ROOT_RISE, N_ROOTS = 200, 0.1, 0.01, 8
LEAST_RISE = 0.05  # of the gap, that another ascent of the root must bring
NODE_EFFORT, MOST_NODES = 2e9, 20_000
FAR = 10.0  # what cannot be reached costs so many times the longest journey


@dataclass(frozen=True, eq=False)
class Costs:
    """Weighted costs of serving areas.

    Parameters
    ----------
    weight : float64 (n_areas,)
        Over 0.
    cost : float32 (n_candidates, n_areas)
        Finite: what cannot be reached has a cost over `reach`.
    reach : float
        Costs from here on are of no use to a plan.
    unreached : float
        What an area costs that no hub serves; inf where each must be served.
    """

    weight: Floats
    cost: Singles
    reach: float
    unreached: float


@dataclass(frozen=True, eq=False)
class Answer:
    """The best plan found, and what no plan beats."""

    chosen: Ints
    cost: float
    bound: float
    plans: Plans
    n_nodes: int
    n_free: int
    root: Node | None


def nodes_of(n_pairs: int) -> int:
    """Nodes of branching that a problem of so many areas x candidates is worth."""
    return int(min(NODE_EFFORT / n_pairs, MOST_NODES))


def cheapest_plan(
    costs: Costs,
    choice: Choice,
    priced: Rows,
    possible: Ints,
    seed: int,
    *,
    n_nodes: int,
    first: Ints | None = None,
    n_kicks: int | None = None,
    limit: float = np.inf,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Answer:
    """Interchange, then the bound, then branching on what the bound leaves open.

    Parameters
    ----------
    choice : Choice
        The same costs with all side conditions;
    priced : Rows
        those of them that get prices in the bound (serving every area has its prices anyway).
    possible : int64
        A plan that keeps to the rows.
    n_nodes : int
        Nodes of branching at most; none with 0.
    limit : float
        Only whether a plan costs less is asked: the search ends with the first that does, and the bound
        need not be over the limit.
    n_kicks : int, optional
        Kicks of the best plan where the bound has not proven it; by the problem's size if not given.
    first : int64, optional
        A plan to start from as well.
    """
    random = np.random.default_rng(seed)
    plans = good_plans(choice, possible, random, first=first, limit=limit)
    if plans.is_answered:
        return Answer(plans.best, plans.cost, -np.inf, plans, 0, 0, None)
    root, bound = root_of(costs, choice, priced, plans)
    if root is not None and limit == np.inf:
        before = plans.cost
        kick_on(choice, plans, random, kicks_of(choice) if n_kicks is None else n_kicks)
        if plans.cost < before:
            root = grown(root, choice, priced, plans, is_whole(choice), ROOT_ROUNDS, ROOT_STEP, ROOT_RISE)
            bound = plans.upper if root is None else root.bound
    if root is None or n_nodes == 0:
        return Answer(plans.best, plans.cost, min(bound, plans.cost), plans, 0, _n_free(root), root)
    proof = prove(root, choice, priced, plans, n_nodes, is_stopped)
    return Answer(
        plans.best, plans.cost, min(proof.bound, plans.cost), plans, proof.n_nodes, _n_free(root), root
    )


def _n_free(root: Node | None) -> int:
    return 0 if root is None else int((root.status == 0).sum())


def root_of(costs: Costs, choice: Choice, priced: Rows, plans: Plans) -> tuple[Node | None, float]:
    """The whole problem as a node with its bound raised; None when the best plan is proven so."""
    node = whole_node(costs, choice, priced, plans.best)
    whole = is_whole(choice)
    for k in range(N_ROOTS):
        before = node.bound
        raised = grown(node, choice, priced, plans, whole, ROOT_ROUNDS, ROOT_STEP, ROOT_RISE)
        if raised is None:
            return None, plans.upper
        node = raised
        if k and node.bound - before < LEAST_RISE * (plans.upper - node.bound):
            break
    return node, node.bound


def whole_node(costs: Costs, choice: Choice, priced: Rows, plan: Ints) -> Node:
    """The whole problem with first prices: half way between a plan's nearest and second nearest hubs."""
    m, n = costs.cost.shape
    first = np.empty(n, dtype=np.int64)
    nearest, second = np.empty(n), np.empty(n)
    nearest_two(costs.cost, plan, len(plan), first, nearest, second)
    prices = np.minimum((nearest + np.where(np.isfinite(second), second, nearest)) / 2, costs.unreached)
    most = np.full(n, min(costs.reach, costs.unreached))
    is_cut = np.isfinite(costs.unreached)
    if n * m > WHOLE_LISTS:
        third = third_nearest(costs.cost, plan)
        most, is_cut = np.minimum(most, np.where(np.isfinite(third), third * 1.0001 + 1e-6, most)), True
    return Node(
        -np.inf,
        choice.status.copy(),
        prices,
        np.zeros(len(priced.limit)),
        np.zeros(m),
        near_lists(costs.cost, most, is_cut),
    )


def third_nearest(cost: Singles, chosen: Ints) -> Floats:
    """Cost of each area's third nearest hub; inf where there are fewer."""
    if len(chosen) < 3:
        return np.full(cost.shape[1], np.inf)
    found: Floats = np.partition(cost[chosen], 2, axis=0)[2].astype(np.float64)
    return found
