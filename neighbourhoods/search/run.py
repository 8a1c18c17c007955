"""One run of the search: how an option begins, what its steps cost, and the good options met on the way.

A run is told apart by its number of footprints, weights, steps and seed; the same run gives the same options
on every machine. Runs know nothing of each other, so that they may go on side by side.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.town import Town
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.search import kernel, state_kernel
from neighbourhoods.search.graph import FIRST, FIXED, MATCH, N_ARC, PEOPLE, SIZE, WALK, Graph, Ground, Ints
from neighbourhoods.search.state_kernel import Aim, State
from neighbourhoods.search.tree_kernel import cut_off, draw

Floats = NDArray[np.float64]
TERMS = {
    "max_deviation": state_kernel.BALANCE,
    "shared_border_m": state_kernel.COMPACT,
    "cut_edges": state_kernel.CUT_EDGES,
    "polsby_popper_mean": state_kernel.ROUNDED,
    "people_who_move": state_kernel.AS_NOW,
    "need_index_spread": state_kernel.SPREAD,
    "people_outside_partner": state_kernel.PARTNERS,
    "travel_minutes_mean": state_kernel.NEAR,
    "max_deviation_future": state_kernel.LATER,
}
HEAT = 0.4  # first temperature, in changes of cost that one area's move makes on average
N_WINDOWS, MOST_AT_ONCE = 100, 30_000  # of a run, at least; steps of one, so that it can be stopped
EXCHANGE_PERCENT = 20
MOST_SHARES = 64


@dataclass(frozen=True)
class Run:
    """What tells one run apart.

    Parameters
    ----------
    n : int
        Footprints.
    weights : mapping of str to float
        What a unit of the measure of each wish costs, by wish id; positive whichever way is better.
    steps : int
    seed : int
    heat : float
        First temperature, see `HEAT`; nought takes improvements only.
    start : int64 (n_areas,), optional
        Footprints to start from; by chance otherwise.
    share : int
        Which of the ways to share footprints between parts of the map that are not connected.
    """

    n: int
    weights: Mapping[str, float]
    steps: int
    seed: int
    heat: float = HEAT
    start: Ints | None = None
    share: int = 0


def aim_of(ground: Ground, problem: Problem, town: Town, run: Run, *, may_enclose: bool) -> Aim:
    """The kernel's weights and limits."""
    limit = np.zeros(state_kernel.N_LIMITS, dtype=np.int64)
    low, high, target = ground.limits(problem)
    limit[state_kernel.K] = run.n
    limit[[state_kernel.LOW, state_kernel.HIGH, state_kernel.TARGET]] = low, high, target
    limit[state_kernel.TOTAL] = ground.graph.node[:, PEOPLE].sum()
    limit[state_kernel.N_NEED], limit[state_kernel.N_PARTNER] = ground.n_need, ground.n_partner
    limit[state_kernel.N_NOW], limit[state_kernel.MAY_ENCLOSE] = ground.n_now, may_enclose
    weight = np.zeros(state_kernel.SLOPE + ground.n_need)
    for one, value in run.weights.items():
        wish = WISHES[one]
        weight[TERMS[wish.measure_id]] += value if wish.less_is_better else -value
    later = town.future_target * ground.people_unit
    weight[state_kernel.LATER_TARGET] = later if np.isfinite(later) else 1.0
    weight[state_kernel.UNIT], weight[state_kernel.LEVEL] = ground.people_unit, ground.level
    weight[state_kernel.SLOPE :] = ground.slope
    return Aim(limit, weight)


def windows(
    ground: Ground, aim: Aim, run: Run, is_stopped: Callable[[], bool]
) -> Iterator[tuple[int, Ints | None, float]]:
    """Go on with a run window by window.

    Yields
    ------
    (steps done, footprint of each node in the best sound option of the window or None, its cost)
    """
    begun = beginning(ground, aim, run)
    if begun is None:
        return
    state, waiting = begun
    graph = ground.graph
    _match(ground, aim, state)
    heat = run.heat * kernel.mean_change(graph, aim, state, 1_000) if run.heat > 0 else 0.0
    recombine_every = max(20, ground.n // (2 * run.n))
    look_every = 1 + ground.n // 500
    n_windows = max(min(N_WINDOWS, run.steps // 200), run.steps // MOST_AT_ONCE, 1)
    ends = np.linspace(0, run.steps, n_windows + 1).astype(int)
    for first, last in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        best, cost = np.zeros(ground.n, dtype=np.int64), np.array([np.inf])
        steps = (first, last, run.steps)
        rhythm = (EXCHANGE_PERCENT, recombine_every, look_every)
        kernel.anneal(graph, aim, state, waiting, steps, heat, rhythm, best, cost)
        yield last - first, best if np.isfinite(cost[0]) else None, float(cost[0])
        if is_stopped():
            return
        _match(ground, aim, state)


def beginning(ground: Ground, aim: Aim, run: Run) -> tuple[State, Ints] | None:
    """An option to start from, and room to work in; None when its parts have too few nodes to share.

    Each connected part of the map is cut in two along a random tree, each of these again, until every
    footprint stands by itself; then people are about even, which the steps put right.
    """
    graph, n = ground.graph, ground.n
    waiting = np.zeros(len(graph.nb) + n, dtype=np.int64)
    fixed = np.flatnonzero(graph.node[:, FIXED])
    footprint = np.zeros(n, dtype=np.int64)
    if run.start is not None:
        footprint[ground.node_of_area] = run.start
        return state_kernel.new_state(graph, aim, footprint, run.seed), waiting
    parts = parts_of(ground)
    shares = _shares(ground, aim, parts, run.n - len(fixed))
    if not shares:
        return None
    wanted = dict(enumerate(shares[run.share % len(shares)]))
    footprint[:] = parts
    following = len(wanted)
    footprint[fixed] = run.n - len(fixed) + np.arange(len(fixed))
    random = np.array([run.seed], dtype=np.uint64)
    state = state_kernel.new_state(graph, aim, footprint, run.seed)
    while (most := max(wanted, key=lambda f: wanted[f], default=-1)) >= 0 and wanted[most] > 1:
        held = np.flatnonzero((state.at[state_kernel.FOOTPRINT, :n] == most) & (graph.node[:, FIXED] == 0))
        root = int(held[draw(random, len(held))])
        n_all = wanted[most]
        n_off = n_all // 2
        if not cut_off(graph, state, waiting, root, following, n_off, n_all):
            return None
        wanted[most], wanted[following] = n_all - n_off, n_off
        following += 1
    return state_kernel.new_state(graph, aim, state.at[state_kernel.FOOTPRINT, :n], run.seed), waiting


def warm_up() -> float:
    """Have the search compiled, or read from this user's cache; seconds that took."""
    began = time.perf_counter()
    off, nb = np.array([0, 1, 3, 5, 6]), np.array([1, 0, 2, 1, 3, 2])
    node = np.zeros((4, FIRST), dtype=np.int64)
    node[:, [PEOPLE, SIZE]] = 1
    none = np.zeros((0, 2), dtype=np.int64)
    graph = Graph(off, nb, np.ones((6, N_ARC), dtype=np.int64), node, none[:, :0], off * 0, none)
    limit = np.array([2, 1, 3, 2, 4, 0, 0, 0, 1])
    ground = Ground(graph, np.arange(4), 1, 0, 0, 0, np.zeros(0), 0.0)
    weight = np.zeros(state_kernel.SLOPE)
    weight[[state_kernel.LATER_TARGET, state_kernel.UNIT]] = 1
    list(windows(ground, Aim(limit, weight), Run(2, {}, 2, 0), lambda: False))
    return time.perf_counter() - began


def start_of(ground: Ground, problem: Problem, town: Town, n: int) -> Ints | None:
    """The option that people move from, if a run to `n` footprints can start from it."""
    now = town.as_now
    if now is None or int(now.max()) + 1 != n or len(np.unique(now)) != n:
        return None
    whole = all(len(np.unique(now[ground.node_of_area == node])) == 1 for node in range(ground.n))
    edges = np.array([edge for edge in problem.edges if now[edge[0]] == now[edge[1]]]).reshape(-1, 2)
    links = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(len(now), len(now)))
    is_loose = np.ones(len(now), dtype=bool)
    is_loose[[area for held in problem.locked for area in held]] = False
    piece = connected_components(links, directed=False)[1]
    pieces = {(int(now[area]), int(piece[area])) for area in np.flatnonzero(is_loose)}
    return now if whole and len(pieces) == n - len(problem.locked) else None


def _match(ground: Ground, aim: Aim, state: State) -> None:
    """Match footprints afresh with those that people move from."""
    if aim.weight[state_kernel.AS_NOW] == 0.0:
        return
    first = FIRST + 2 * ground.n_need + ground.n_partner
    rows, columns = linear_sum_assignment(state.sums[:, first : first + ground.n_now], maximize=True)
    state.sums[:, MATCH] = -1
    state.sums[rows, MATCH] = columns
    state_kernel.add_up(ground.graph, aim, state)


def parts_of(ground: Ground) -> Ints:
    """Connected part of the map that each node is in; locked footprints are no part of it (-1)."""
    graph = ground.graph
    source = np.repeat(np.arange(ground.n), np.diff(graph.off))
    fixed = graph.node[:, FIXED] > 0
    open_arc = (graph.arc[:, WALK] > 0) & ~fixed[source] & ~fixed[graph.nb]
    links = coo_array(
        (np.ones(int(open_arc.sum())), (source[open_arc], graph.nb[open_arc])), shape=(ground.n, ground.n)
    )
    piece = connected_components(links, directed=False)[1]
    part = np.full(ground.n, -1, dtype=np.int64)
    part[~fixed] = np.unique(piece[~fixed], return_inverse=True)[1]
    return part


def _shares(ground: Ground, aim: Aim, parts: Ints, n: int) -> list[tuple[int, ...]]:
    """Ways to share `n` footprints between parts of the map, those nearest to the target first."""
    n_parts = int(parts.max(initial=-1)) + 1
    if n_parts == 0:
        return [()] if n == 0 else []
    people = np.bincount(parts[parts >= 0], ground.graph.node[parts >= 0, PEOPLE])
    low, high, target = (
        float(aim.limit[i]) for i in (state_kernel.LOW, state_kernel.HIGH, state_kernel.TARGET)
    )
    choices = []
    for count in people.tolist():
        fewest = max(ceil(count / high - 1e-9), 1)
        most = max(floor(count / low + 1e-9), fewest) if low > 0 else n
        near = max(round(count / target), 1)
        choices.append(sorted({*range(fewest, min(most, n) + 1), near}, key=partial(_distance, near)))

    def share(first: int, left: int) -> Iterator[tuple[int, ...]]:
        if first == n_parts:
            yield from [()] if left == 0 else []
            return
        after = choices[first + 1 :]
        for count in choices[first]:
            if sum(map(min, after)) <= left - count <= sum(map(max, after)):
                yield from ((count, *others) for others in share(first + 1, left - count))

    def away(counts: tuple[int, ...]) -> float:
        return max((abs(p / f - target) for p, f in zip(people.tolist(), counts, strict=True)), default=0.0)

    return sorted(islice(share(0, n), MOST_SHARES), key=away)


def _distance(near: int, count: int) -> int:
    return abs(count - near)
