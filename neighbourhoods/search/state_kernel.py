"""An option while it is being changed: sums of every footprint in whole numbers, and what a move would cost.

One node at a time goes from its footprint to another. `weigh` works out what the two footprints and the whole
would then be, `price` what that is worth, `commit` does it. All sums are integers, so that an area moved and
moved back leaves everything as it was, to the last bit.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.compiled import compiler
from neighbourhoods.search import graph as search_graph
from neighbourhoods.search.graph import (
    AMONG,
    AREA,
    FIRST,
    FUTURE,
    IS_ENCLOSED,
    MATCH,
    MM,
    N_BESIDE,
    NEED,
    NEED_SQUARE,
    OUTLINE,
    OUTSIDE,
    PAIRS,
    PARTNER,
    PEOPLE,
    ROUND,
    STAY,
    TRAVEL,
    WALK,
    Graph,
)

compiled = compiler(search_graph.__file__, __file__, str(Path(__file__).with_name("tree_kernel.py")))

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Rows of `State.at`, by node; SEEN has one place more, the newest mark.
FOOTPRINT, N_OUT, BOUNDARY, PLACE, SEEN, QUEUE, ORDER, PARENT, BEFORE, BELOW, N_AT = range(11)
# Places of `State.whole`; those from ROUND to NEED_SQUARE are sums of the footprints' columns.
BORDER, CUT, EXCESS, BROKEN, N_ENCLOSED, N_BOUNDARY, N_WHOLE = *range(6), NEED_SQUARE + 1
# Places of `Aim.limit` and of `Aim.weight`.
K, LOW, HIGH, TARGET, TOTAL, N_NEED, N_PARTNER, N_NOW, MAY_ENCLOSE, N_LIMITS = range(10)
BALANCE, COMPACT, CUT_EDGES, ROUNDED, AS_NOW, SPREAD, PARTNERS, NEAR, LATER, N_TERMS = range(10)
LATER_TARGET, UNIT, LEVEL, SLOPE = range(N_TERMS, N_TERMS + 4)
FRACTION = float(1 << 40)
GUIDE = 0.1  # weight of the mean deviation beside the largest, which alone would not guide a search
BROKEN_PRICE = 0.2  # of a pair that is together and should be apart, or the other way round


class Aim(NamedTuple):
    """What is sought.

    Parameters
    ----------
    limit : int64 (N_LIMITS,)
        Number of footprints, band, target and all people in the graph's units; numbers of columns; whether a
        footprint may lie inside another.
    weight : float64 (SLOPE + n_need,)
        What one unit of each measure costs, negative when more of it is better; then the target of the
        future year, parts of a person, and level and slopes of the need index.
    """

    limit: Ints
    weight: Floats


class State(NamedTuple):
    """An option and everything summed up about it; changed in place.

    Parameters
    ----------
    at : int64 (N_AT, n + 1)
        By node: its FOOTPRINT; N_OUT, neighbours elsewhere; BOUNDARY, nodes that have some, and their PLACE
        in that list; the others are room to work in.
    sums : int64 (k, n_columns)
        By footprint; columns as in `search_graph`. MATCH is the footprint it is matched with in the option
        that people move from, -1 for none.
    touch : int64 (k, k)
        Pairs of areas by which two footprints meet.
    reach : int64 (k, n)
        Travel from each node to all of each footprint; no rows when it is not asked for.
    whole, then_whole : int64 (N_WHOLE,)
        Sums over all footprints, now and as weighed.
    then : int64 (2, n_columns)
        As weighed: of the footprint left and of the one joined.
    random : uint64 (1,)
    penalty : float64 (1,)
        Price of one target's worth of people outside the band.
    """

    at: Ints
    sums: Ints
    touch: Ints
    reach: Ints
    whole: Ints
    then_whole: Ints
    then: Ints
    random: NDArray[np.uint64]
    penalty: Floats


def new_state(graph: Graph, aim: Aim, footprint: Ints, seed: int, match: Ints | None = None) -> State:
    """The sums of an option, afresh."""
    (n, n_columns), k = graph.node.shape, int(aim.limit[K])
    state = State(
        at=np.zeros((N_AT, n + 1), dtype=np.int64),
        sums=np.zeros((k, n_columns), dtype=np.int64),
        touch=np.zeros((k, k), dtype=np.int64),
        reach=np.zeros((k if len(graph.travel) else 0, n), dtype=np.int64),
        whole=np.zeros(N_WHOLE, dtype=np.int64),
        then_whole=np.zeros(N_WHOLE, dtype=np.int64),
        then=np.zeros((2, n_columns), dtype=np.int64),
        random=np.array([seed], dtype=np.uint64),
        penalty=np.array([1.0]),
    )
    state.at[FOOTPRINT, :n] = footprint
    state.sums[:, MATCH] = -1 if match is None else match
    add_up(graph, aim, state)
    return state


@compiled
def outside_band(aim: Aim, people: int) -> int:
    """People too few or too many."""
    return max(aim.limit[LOW] - people, 0) + max(people - aim.limit[HIGH], 0)  # type: ignore[no-any-return]


@compiled
def set_parts(aim: Aim, sums: Ints) -> None:
    """Write what a footprint with these sums adds to each measure that is weighed."""
    limit, weight = aim.limit, aim.weight
    if weight[ROUNDED] != 0.0:
        outline = float(sums[OUTLINE]) / 1_000.0
        share = 4.0 * np.pi * float(sums[AREA]) / (outline * outline) if outline > 0.0 else 0.0
        sums[ROUND] = np.int64(share * FRACTION)
    first = FIRST + 2 * limit[N_NEED]
    if weight[PARTNERS] != 0.0:
        most = np.int64(0)
        for column in range(first, first + limit[N_PARTNER]):
            most = max(most, sums[column])
        sums[PARTNER] = most
    if weight[AS_NOW] != 0.0:
        sums[STAY] = sums[first + limit[N_PARTNER] + sums[MATCH]] if sums[MATCH] >= 0 else 0
    if weight[NEAR] != 0.0:
        sums[TRAVEL] = sums[AMONG] // sums[PEOPLE] if sums[PEOPLE] > 0 else 0
    if weight[SPREAD] != 0.0:
        score = weight[LEVEL]
        for i in range(limit[N_NEED]):
            denominator = sums[FIRST + limit[N_NEED] + i]
            if denominator > 0:
                score += weight[SLOPE + i] * (float(sums[FIRST + i]) / float(denominator))
        share = float(sums[PEOPLE]) / float(limit[TOTAL])
        sums[NEED] = np.int64(share * score * FRACTION)
        sums[NEED_SQUARE] = np.int64(share * score * score * FRACTION)


@compiled
def weigh(graph: Graph, aim: Aim, state: State, u: int, g: int) -> None:
    """What would be if node `u` went to footprint `g`."""
    footprint, node, then, whole = state.at[FOOTPRINT], graph.node, state.then, state.then_whole
    f = footprint[u]
    f_mm, g_mm, f_pairs, g_pairs = 0, 0, 0, 0
    for j in range(graph.off[u], graph.off[u + 1]):
        h = footprint[graph.nb[j]]
        if h == f:
            f_mm += graph.arc[j, MM]
            f_pairs += graph.arc[j, PAIRS]
        elif h == g:
            g_mm += graph.arc[j, MM]
            g_pairs += graph.arc[j, PAIRS]
    for column in range(node.shape[1]):
        then[0, column] = state.sums[f, column] - node[u, column]
        then[1, column] = state.sums[g, column] + node[u, column]
    then[0, OUTLINE] += 2 * f_mm
    then[1, OUTLINE] -= 2 * g_mm
    if len(graph.travel):
        then[0, AMONG] -= 2 * (state.reach[f, u] - node[u, AMONG])
        then[1, AMONG] += 2 * state.reach[g, u]
    whole[:] = state.whole
    whole[BORDER] += f_mm - g_mm
    whole[CUT] += f_pairs - g_pairs
    for j in range(graph.rule_off[u], graph.rule_off[u + 1]):
        h = footprint[graph.rule[j, 0]]
        whole[BROKEN] += graph.rule[j, 1] * (np.int64(h == g) - np.int64(h == f))
    for side in range(2):
        old, new = state.sums[g if side else f], then[side]
        set_parts(aim, new)
        whole[EXCESS] += outside_band(aim, new[PEOPLE]) - outside_band(aim, old[PEOPLE])
        for part in range(ROUND, NEED_SQUARE + 1):
            whole[part] += new[part] - old[part]


@compiled
def price(aim: Aim, state: State, whole: Ints, f: int, g: int) -> float:
    """What an option costs: its wishes, and what is broken. `f` and `g` as weighed, or both -1."""
    weight, k, target = aim.weight, aim.limit[K], float(aim.limit[TARGET])
    total = float(aim.limit[TOTAL])
    cost = state.penalty[0] * float(whole[EXCESS]) / target + BROKEN_PRICE * float(whole[BROKEN])
    cost += weight[COMPACT] * float(whole[BORDER]) / 1_000.0 + weight[CUT_EDGES] * float(whole[CUT])
    if weight[BALANCE] != 0.0 or weight[LATER] != 0.0:
        largest, together, later, later_together = 0.0, 0.0, 0.0, 0.0
        for h in range(k):
            sums = state.then[0] if h == f else (state.then[1] if h == g else state.sums[h])
            away = abs(float(sums[PEOPLE]) - target)
            largest, together = max(largest, away), together + away
            away = abs(float(sums[FUTURE]) - weight[LATER_TARGET])
            later, later_together = max(later, away), later_together + away
        cost += weight[BALANCE] * (largest + GUIDE * together / k) / target
        cost += weight[LATER] * (later + GUIDE * later_together / k) / weight[LATER_TARGET]
    cost += weight[ROUNDED] * float(whole[ROUND]) / FRACTION / k
    cost -= weight[AS_NOW] * float(whole[STAY]) / weight[UNIT]
    cost -= weight[PARTNERS] * float(whole[PARTNER]) / weight[UNIT]
    cost += weight[NEAR] * float(whole[TRAVEL]) / total / 1_000.0
    if weight[SPREAD] != 0.0:
        mean, square = float(whole[NEED]) / FRACTION, float(whole[NEED_SQUARE]) / FRACTION
        cost += weight[SPREAD] * np.sqrt(max(square - mean * mean, 0.0))
    return cost  # type: ignore[no-any-return]


@compiled
def set_boundary(state: State, u: int) -> None:
    """Keep the list of nodes with neighbours elsewhere."""
    at, n = state.at, state.whole[N_BOUNDARY]
    place = at[PLACE, u]
    if at[N_OUT, u] > 0 and place < 0:
        at[BOUNDARY, n] = u
        at[PLACE, u] = n
        state.whole[N_BOUNDARY] += 1
    elif at[N_OUT, u] == 0 and place >= 0:
        other = at[BOUNDARY, n - 1]
        at[BOUNDARY, place] = other
        at[PLACE, other] = place
        at[PLACE, u] = -1
        state.whole[N_BOUNDARY] -= 1


@compiled
def meet(state: State, f: int, g: int, pairs: int) -> None:
    """Two footprints meet by so many more pairs of areas."""
    before = state.touch[f, g]
    after = before + pairs
    state.touch[f, g] = after
    state.touch[g, f] = after
    change = np.int64(after > 0) - np.int64(before > 0)
    state.sums[f, N_BESIDE] += change
    state.sums[g, N_BESIDE] += change


@compiled
def set_enclosed(state: State, f: int) -> None:
    """Whether a footprint has no outside and one footprint all round it."""
    is_enclosed = np.int64(state.sums[f, OUTSIDE] == 0 and state.sums[f, N_BESIDE] == 1)
    state.whole[N_ENCLOSED] += is_enclosed - state.sums[f, IS_ENCLOSED]
    state.sums[f, IS_ENCLOSED] = is_enclosed


@compiled
def commit(graph: Graph, state: State, u: int, g: int) -> None:
    """Do what was weighed last: node `u` to footprint `g`."""
    footprint, n_out = state.at[FOOTPRINT], state.at[N_OUT]
    f = footprint[u]
    state.whole[:] = state.then_whole
    state.sums[f] = state.then[0]
    state.sums[g] = state.then[1]
    if len(graph.travel):
        state.reach[f] -= graph.travel[u]
        state.reach[g] += graph.travel[u]
    footprint[u] = g
    for j in range(graph.off[u], graph.off[u + 1]):
        v = graph.nb[j]
        h = footprint[v]
        change = np.int64(h == f) - np.int64(h == g)
        if graph.arc[j, WALK] and change != 0:
            n_out[u] += change
            n_out[v] += change
            set_boundary(state, v)
        pairs = graph.arc[j, PAIRS]
        if pairs > 0:
            if h != f:
                meet(state, f, h, -pairs)
            if h != g:
                meet(state, g, h, pairs)
    set_boundary(state, u)
    for j in range(graph.off[u], graph.off[u + 1]):
        set_enclosed(state, footprint[graph.nb[j]])
    set_enclosed(state, f)
    set_enclosed(state, g)


@compiled
def add_up(graph: Graph, aim: Aim, state: State) -> None:
    """All sums of a state afresh, from its footprints and their matches alone."""
    footprint, n = state.at[FOOTPRINT], len(graph.node)
    for f in range(aim.limit[K]):
        match = state.sums[f, MATCH]
        state.sums[f] = 0
        state.sums[f, MATCH] = match
    state.whole[:] = 0
    state.reach[:] = 0
    state.touch[:] = 0
    state.at[N_OUT] = 0
    state.at[PLACE] = -1
    for u in range(n):
        f = footprint[u]
        state.sums[f] += graph.node[u]
        if len(graph.travel):
            state.reach[f] += graph.travel[u]
        for j in range(graph.off[u], graph.off[u + 1]):
            v = graph.nb[j]
            h = footprint[v]
            if h == f:
                state.sums[f, OUTLINE] -= graph.arc[j, MM]
                continue
            state.at[N_OUT, u] += np.int64(graph.arc[j, WALK] > 0)
            if u < v:
                state.whole[BORDER] += graph.arc[j, MM]
                state.whole[CUT] += graph.arc[j, PAIRS]
                if graph.arc[j, PAIRS] > 0:
                    meet(state, f, h, graph.arc[j, PAIRS])
        set_boundary(state, u)
        for j in range(graph.rule_off[u], graph.rule_off[u + 1]):
            is_same = footprint[graph.rule[j, 0]] == f
            if u < graph.rule[j, 0] and is_same == (graph.rule[j, 1] == 1):
                state.whole[BROKEN] += 1
    if len(graph.travel):
        for u in range(n):
            f = footprint[u]
            state.sums[f, AMONG] += state.reach[f, u] - graph.node[u, AMONG]
    for f in range(aim.limit[K]):
        sums = state.sums[f]
        set_parts(aim, sums)
        state.whole[EXCESS] += outside_band(aim, sums[PEOPLE])
        for part in range(ROUND, NEED_SQUARE + 1):
            state.whole[part] += sums[part]
        set_enclosed(state, f)
