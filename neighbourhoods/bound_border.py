"""Bounds on shared border and cut edges for a problem as asked: locked footprints, lines, a range of n."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.bound import BORDER_HOW, SPECTRAL_HOW, Bound, Scales, cost_in_mix
from neighbourhoods.bound_column import N_LEVELS, N_ROUNDS, Prices, raise_bound
from neighbourhoods.bound_frontier import Frontier, frontier_of
from neighbourhoods.bound_spectral import spectral_bound
from neighbourhoods.problem import Problem
from neighbourhoods.search_graph import FINE, FIXED, MM, PAIRS, PEOPLE, Ground
from neighbourhoods.search_run import parts_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BORDER_WISHES = {"compactness": (MM, 1 / FINE), "cut_edges": (PAIRS, 1.0)}
N_FIRST = 200  # options whose footprints the first prices come from
SLACK = 2e-9  # the band's edge is inside


@dataclass(frozen=True, eq=False)
class Borders:
    """What can be parted: free nodes, the borders between them, and what is parted whatever is done.

    Parameters
    ----------
    nodes : int64 (n_free,)
        Nodes of the graph that are in no locked footprint.
    first, second : int64 (n_edges,)
        By place in `nodes`; both in one connected part of the map.
    arcs, always : int64 (n_edges, ...), (...)
        Columns of the graph's arcs; and their sums over borders that every option parts.
    frontier : Frontier or None
    """

    nodes: Ints
    people: Ints
    first: Ints
    second: Ints
    arcs: Ints
    always: Ints
    frontier: Frontier | None


def borders_of(ground: Ground) -> Borders:
    """The borders of a problem's graph."""
    graph = ground.graph
    source = np.repeat(np.arange(ground.n), np.diff(graph.off))
    part = parts_of(ground)  # -1 for locked footprints
    once = source < graph.nb
    together = (part[source] >= 0) & (part[source] == part[graph.nb])
    nodes = np.flatnonzero(graph.node[:, FIXED] == 0)
    place = np.full(ground.n, -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    kept = once & together & (graph.arc[:, PAIRS] > 0)
    first, second = place[source[kept]], place[graph.nb[kept]]
    people = graph.node[nodes, PEOPLE]
    return Borders(
        nodes,
        people,
        first,
        second,
        graph.arc[kept],
        graph.arc[once & ~together].sum(axis=0),
        frontier_of(people, first, second) if len(nodes) else None,
    )


def border_bound(
    wish_id: str,
    problem: Problem,
    ground: Ground,
    borders: Borders,
    numbers: tuple[int, ...],
    footprint: NDArray[np.signedinteger],
    values: Floats,
    bounds: Mapping[str, Bound],
    weights: Mapping[str, float],
    scales: Scales,
    *,
    is_stopped: Callable[[], bool] = lambda: False,
    told: Callable[[int, int, float], None] = lambda done, total, gap: None,
) -> Bound:
    """What no option beats on one of `BORDER_WISHES`.

    Parameters
    ----------
    footprint : int (n_options, n_areas)
        Options that were found, and
    values : float (n_options,)
        the measure of each.
    bounds, weights, scales
        Of the other wishes: where balance is weighed too, the bound is raised where the mix is weakest.
    told : callable
        Called with rounds done, rounds at most, and the gap to the best known as a share.
    """
    column, unit = BORDER_WISHES[wish_id]
    cost = np.asarray(borders.arcs[:, column] * unit, dtype=np.float64)
    always = float(borders.always[column]) * unit
    n_locked = len(problem.locked)
    if borders.frontier is None:
        low = problem.band[0] * ground.people_unit
        found = [
            spectral_bound(
                borders.people.astype(float), borders.first, borders.second, cost, n - n_locked, low
            )
            for n in numbers
        ]
        return Bound(wish_id, always + min(found, default=0.0), SPECTRAL_HOW)
    order = np.argsort(values, kind="stable")[:N_FIRST]
    sets = _sets(footprint[order], ground, borders)
    best = float(values.min(initial=np.inf)) - always
    within = np.full(N_LEVELS, np.inf)
    levels = problem.tolerance * np.arange(1, N_LEVELS + 1) / N_LEVELS
    slack = SLACK + (0 if ground.people_unit == 1 else 0.5 * ground.n / (problem.target * ground.people_unit))
    for place, n in enumerate(numbers):
        if n == n_locked:
            within = np.minimum(within, 0.0)
            continue
        prices = Prices(
            borders.frontier,
            cost,
            n - n_locked,
            problem.target * ground.people_unit,
            problem.tolerance,
            slack,
        )
        prices.add(sets)

        def weakest(bound: Floats, n: int = n) -> int:
            return int(np.argmin(_mixes(wish_id, levels, bound + always, bounds, weights, scales)))

        def tell(done: int, total: int, prices: Prices = prices, place: int = place) -> None:
            gap = 1 - (prices.bound[-1] + always) / (best + always) if best + always > 0 else 0.0
            told(place * total + done, len(numbers) * total, gap)

        mixed = wish_id in weights and "balance" in weights
        raise_bound(
            prices,
            best,
            weakest=weakest if mixed else None,
            n_rounds=max(N_ROUNDS // len(numbers), 10),
            is_stopped=is_stopped,
            told=tell,
        )
        within = np.minimum(within, prices.bound)
    within = within + always
    return Bound(
        wish_id, float(within[-1]), BORDER_HOW, tuple(zip(levels.tolist(), within.tolist(), strict=True))
    )


def _sets(footprint: NDArray[np.signedinteger], ground: Ground, borders: Borders) -> NDArray[np.bool_]:
    """Footprints of options as sets of free nodes, locked ones left out."""
    area_of_node = np.unique(ground.node_of_area, return_index=True)[1]
    rows = footprint[:, area_of_node[borders.nodes]]
    found = [row == f for row in rows for f in np.unique(row)]
    return np.array(found, dtype=bool).reshape(-1, len(borders.nodes))


def _mixes(
    wish_id: str,
    levels: Floats,
    values: Floats,
    bounds: Mapping[str, Bound],
    weights: Mapping[str, float],
    scales: Scales,
) -> Floats:
    """By level, what balance and this wish together cost at least."""
    least = bounds["balance"].value
    before = np.maximum(np.concatenate([[0.0], levels[:-1]]), least)
    mixes = [
        cost_in_mix("balance", away, weights, scales) + cost_in_mix(wish_id, value, weights, scales)
        for away, value in zip(before.tolist(), values.tolist(), strict=True)
    ]
    return np.where(levels >= least * (1 - 1e-12), mixes, np.inf)
