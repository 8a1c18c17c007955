"""Bounds on shared border and cut edges for a problem as it was asked: locks, lines, a range of numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.bound.bound import BORDER_HOW, SPECTRAL_HOW, Bound
from neighbourhoods.bound.column import N_LEVELS, Prices, raise_bound
from neighbourhoods.bound.frontier import Frontier, frontier_of
from neighbourhoods.bound.spectral import spectral_bound
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.option_score import population_by_footprint
from neighbourhoods.search.graph import FINE, FIXED, MM, PAIRS, PEOPLE, Ground
from neighbourhoods.search.run import parts_of

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
    *,
    by_deviation: bool = False,
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
    by_deviation : bool
        Whether options that deviate little are to have a bound of their own, for a mix with balance.
    told : callable
        Called with rounds done, rounds at most, and the gap to the best known as a share.
    """
    column, unit = BORDER_WISHES[wish_id]
    cost: Floats = borders.arcs[:, column].astype(np.float64) * unit
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
    first = [np.argsort(values, kind="stable")[:N_FIRST]]
    if by_deviation:
        people = population_by_footprint(footprint, np.asarray(problem.people))
        away = np.nanmax(np.abs(people - problem.target), axis=1)
        first.append(np.argsort(away, kind="stable")[:N_FIRST])
    sets = _sets(footprint[np.concatenate(first)], ground, borders)
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

        def tell(done: int, total: int, prices: Prices = prices, place: int = place) -> None:
            gap = 1 - (prices.bound[-1] + always) / (best + always) if best + always > 0 else 0.0
            told(place * total + done, len(numbers) * total, gap)

        raise_bound(prices, best, by_deviation=by_deviation, is_stopped=is_stopped, told=tell)
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
