"""The compiled search: an option is changed step by step, and worse ones are accepted ever more seldom.

Steps move one area, exchange two, or put two footprints together and part them anew along a random tree.
Every footprint is in one piece at every step; the band and the pairs to be together or apart carry a price
that rises while they are broken. Annealing after Kirkpatrick, Gelatt and Vecchi (Science 220, 1983);
recombination after DeFord, Duchin and Solomon (Harvard Data Science Review 3.1, 2021), for search only.
The number of steps and the seed alone decide what comes out, not the clock.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.search.graph import FIXED, SIZE, WALK, Graph
from neighbourhoods.search.state_kernel import (
    BOUNDARY,
    BROKEN,
    EXCESS,
    FOOTPRINT,
    MAY_ENCLOSE,
    N_BOUNDARY,
    N_ENCLOSED,
    QUEUE,
    SEEN,
    Aim,
    State,
    commit,
    compiled,
    price,
    weigh,
)
from neighbourhoods.search.tree_kernel import draw, move_over, recombine, undo

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LOOKED_AT = 400  # nodes of a footprint that are walked through to see whether it stays in one piece
PRICED_EVERY, DEARER, CHEAPER, LEAST_PENALTY, MOST_PENALTY = 256, 1.05, 0.98, 0.05, 1_000.0
TRIES = 8
LEAST_GAIN = 1e-12
CHANCES = np.round(-np.log((np.arange(4_096) + 0.5) / 4_096), 9)  # rounded: the same on every machine


@compiled
def may_leave(graph: Graph, state: State, u: int) -> bool:
    """Whether the footprint of `u` is in one piece without it; False too when that takes long to see."""
    footprint, seen, queue, n = state.at[FOOTPRINT], state.at[SEEN], state.at[QUEUE], len(graph.node)
    f = footprint[u]
    to_find, mark = seen[n] + 1, seen[n] + 2  # marks on those that must be reached, and on those that were
    seen[n] = mark
    n_left, start = -1, -1
    for j in range(graph.off[u], graph.off[u + 1]):
        v = graph.nb[j]
        if graph.arc[j, WALK] and footprint[v] == f:
            seen[v] = to_find
            n_left += 1
            start = v
    if n_left < 1 or state.sums[f, SIZE] == 1:
        return n_left == 0 and state.sums[f, SIZE] > 1
    seen[u], seen[start], queue[0], n_reached = mark, mark, start, 1
    for place in range(LOOKED_AT):
        if place == n_reached:
            return False
        v = queue[place]
        for j in range(graph.off[v], graph.off[v + 1]):
            w = graph.nb[j]
            if graph.arc[j, WALK] and seen[w] != mark and footprint[w] == f:
                if seen[w] == to_find:
                    n_left -= 1
                    if n_left == 0:
                        return True
                seen[w] = mark
                queue[n_reached] = w
                n_reached += 1
    return False


@compiled
def any_boundary(state: State) -> int:
    """A node with neighbours elsewhere, by chance."""
    return state.at[BOUNDARY, draw(state.random, state.whole[N_BOUNDARY])]  # type: ignore[no-any-return]


@compiled
def footprint_beside(graph: Graph, state: State, u: int) -> int:
    """A footprint next to node `u`, by chance; -1 when there is none that may change, or `u` may not."""
    if graph.node[u, FIXED]:
        return -1
    footprint, first, n = state.at[FOOTPRINT], graph.off[u], graph.off[u + 1] - graph.off[u]
    start = draw(state.random, n)
    for i in range(n):
        j = first + (start + i) % n
        v = graph.nb[j]
        if graph.arc[j, WALK] and footprint[v] != footprint[u] and not graph.node[v, FIXED]:
            return footprint[v]  # type: ignore[no-any-return]
    return -1


@compiled
def is_beside(graph: Graph, state: State, u: int, f: int) -> bool:
    """Whether node `u` is next to footprint `f`."""
    for j in range(graph.off[u], graph.off[u + 1]):
        if graph.arc[j, WALK] and state.at[FOOTPRINT, graph.nb[j]] == f:
            return True
    return False


@compiled
def node_between(graph: Graph, state: State, g: int, f: int, but: int) -> int:
    """A node of footprint `g` that is next to footprint `f`, by chance; -1 when none comes up."""
    footprint = state.at[FOOTPRINT]
    for _ in range(TRIES):
        u = any_boundary(state)
        if footprint[u] == g and u != but and is_beside(graph, state, u, f):
            return int(u)
    return -1


@compiled
def is_taken(state: State, rise: float, temperature: float) -> bool:
    """Whether a change of cost is accepted: with chance exp(-rise / temperature)."""
    return bool(rise <= 0.0 or rise <= temperature * CHANCES[draw(state.random, 4_096)])


@compiled
def is_sound(aim: Aim, state: State) -> bool:
    """Whether all that is asked is met."""
    whole = state.whole
    return whole[EXCESS] == 0 and whole[BROKEN] == 0 and (aim.limit[MAY_ENCLOSE] or whole[N_ENCLOSED] == 0)  # type: ignore[no-any-return]


@compiled
def flip(graph: Graph, aim: Aim, state: State, u: int, g: int, cost: float, limit: float) -> float:
    """Move node `u` to `g` if that costs at most `limit` and nothing falls apart; the cost afterwards."""
    f = state.at[FOOTPRINT, u]
    weigh(graph, aim, state, u, g)
    new = price(aim, state, state.then_whole, f, g)
    if new > limit or not may_leave(graph, state, u):
        return cost
    n_enclosed = state.whole[N_ENCLOSED]
    commit(graph, state, u, g)
    if not aim.limit[MAY_ENCLOSE] and state.whole[N_ENCLOSED] > n_enclosed:
        move_over(graph, aim, state, u, f)
        return cost
    return float(new)


@compiled
def exchange(graph: Graph, aim: Aim, state: State, u: int, g: int, cost: float, limit: float) -> float:
    """Move node `u` to `g` and one of g's to where it was, if both together cost at most `limit`."""
    f = state.at[FOOTPRINT, u]
    v = node_between(graph, state, g, f, u)
    if v < 0:
        return cost
    flip(graph, aim, state, u, g, cost, np.inf)
    if state.at[FOOTPRINT, u] != g:
        return cost
    new = cost
    if is_beside(graph, state, v, f):  # it may have been so by `u` alone
        new = flip(graph, aim, state, v, f, cost, limit)
    if state.at[FOOTPRINT, v] != f:
        move_over(graph, aim, state, u, f)
        return cost
    return new


@compiled
def anneal(
    graph: Graph,
    aim: Aim,
    state: State,
    waiting: Ints,
    steps: tuple[int, int, int],
    heat: float,
    rhythm: tuple[int, int, int],
    best: Ints,
    best_cost: Floats,
) -> None:
    """Steps `steps[0]` to `steps[1]` of a run of `steps[2]`; the best sound option met is kept.

    Parameters
    ----------
    heat : float
        Temperature at the run's beginning, in the unit of cost; it falls to nought as a square.
    rhythm : (int, int, int)
        Percent of steps that exchange two areas; steps from one recombination to the next; steps between
        looks whether the option is the best.
    best, best_cost : int64 (n,), float64 (1,)
        Written where a better one is met.
    """
    exchange_percent, recombine_every, look_every = rhythm
    cost = price(aim, state, state.whole, -1, -1)
    for step in range(steps[0], steps[1]):
        if step % look_every == 0 and cost < best_cost[0] - LEAST_GAIN and is_sound(aim, state):
            best_cost[0] = cost
            best[:] = state.at[FOOTPRINT, : len(best)]
        if state.whole[N_BOUNDARY] == 0:
            return
        left = 1.0 - step / steps[2]
        temperature = heat * left * left
        if step % PRICED_EVERY == 0:
            factor = DEARER if state.whole[EXCESS] > 0 else CHEAPER
            state.penalty[0] = min(max(state.penalty[0] * factor, LEAST_PENALTY), MOST_PENALTY)
            cost = price(aim, state, state.whole, -1, -1)
        u = any_boundary(state)
        g = footprint_beside(graph, state, u)
        if g < 0:
            continue
        if step % recombine_every == 0:
            n_enclosed = state.whole[N_ENCLOSED]
            n_moved = recombine(graph, aim, state, waiting, u, g)
            new = price(aim, state, state.whole, -1, -1)
            is_inside = not aim.limit[MAY_ENCLOSE] and state.whole[N_ENCLOSED] > n_enclosed
            if is_inside or not is_taken(state, new - cost, temperature):
                undo(graph, aim, state, n_moved)
            else:
                cost = new
            continue
        limit = cost + temperature * CHANCES[draw(state.random, 4_096)]
        if draw(state.random, 100) < exchange_percent:
            cost = exchange(graph, aim, state, u, g, cost, limit)
        else:
            cost = flip(graph, aim, state, u, g, cost, limit)


@compiled
def mean_change(graph: Graph, aim: Aim, state: State, n: int) -> float:
    """How much one area's move changes the cost, on average over `n` drawn by chance; nothing is moved."""
    cost = price(aim, state, state.whole, -1, -1)
    total, n_seen = 0.0, 0
    for _ in range(n):
        if state.whole[N_BOUNDARY] == 0:
            break
        u = any_boundary(state)
        g = footprint_beside(graph, state, u)
        if g >= 0:
            weigh(graph, aim, state, u, g)
            total += abs(price(aim, state, state.then_whole, state.at[FOOTPRINT, u], g) - cost)
            n_seen += 1
    return total / n_seen if n_seen else 0.0
