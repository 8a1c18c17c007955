"""Which areas hold a footprint together: how many pieces are left when one area is taken away.

The mistake this prevents: trying every area in turn, which over thousands of areas takes minutes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.topology import Topology

Rows = NDArray[np.int32]
Numbers = NDArray[np.int64]


def neighbour_pairs(topology: Topology) -> tuple[Numbers, Numbers]:
    """Pairs of rows that one can go between, over a border or a link; each pair once."""
    ends = [np.concatenate(pair) for pair in zip(topology.pairs[:2], topology.link_rows, strict=True)]
    return ends[0].astype(np.int64), ends[1].astype(np.int64)


def n_parts_without(topology: Topology, footprint_index: Rows) -> Numbers:
    """For each area, the parts its piece of the footprint falls into when the area is taken out.

    Parameters
    ----------
    footprint_index : int (n_areas,)
        Footprint of each area, from 0; negative where unassigned.

    Returns
    -------
    int (n_areas,)
        0 for an area alone, 1 where the rest holds together, 2 and more where it does not (a point of
        articulation; Tarjan, SIAM Journal on Computing 1, 1972).
    """
    beside = _neighbours_inside(topology, footprint_index)
    n = topology.n_areas
    seen_at, lowest = [-1] * n, [0] * n
    n_parts = [0] * n
    clock = 0
    for root in range(n):
        if seen_at[root] >= 0:
            continue
        seen_at[root] = lowest[root] = clock
        clock += 1
        walk = [(root, -1, iter(beside[root]))]
        while walk:
            area, parent, others = walk[-1]
            for other in others:
                if seen_at[other] < 0:
                    seen_at[other] = lowest[other] = clock
                    clock += 1
                    walk.append((other, area, iter(beside[other])))
                    break
                if other != parent:
                    lowest[area] = min(lowest[area], seen_at[other])
            else:
                walk.pop()
                if parent >= 0:
                    lowest[parent] = min(lowest[parent], lowest[area])
                    n_parts[parent] += lowest[area] >= seen_at[parent]
                    n_parts[area] += 1  # the part that the parent is in
    return np.array(n_parts, dtype=np.int64)


def _neighbours_inside(topology: Topology, footprint_index: Rows) -> list[list[int]]:
    """Neighbours of each area in its own footprint, each once."""
    first, second = neighbour_pairs(topology)
    inside = (footprint_index[first] == footprint_index[second]) & (footprint_index[first] >= 0)
    key = np.unique(
        np.concatenate([_key(first, second, inside, topology), _key(second, first, inside, topology)])
    )
    beside: list[list[int]] = [[] for _ in range(topology.n_areas)]
    for area, other in zip(
        *(part.tolist() for part in np.divmod(key, max(topology.n_areas, 1))), strict=True
    ):
        beside[area].append(other)
    return beside


def _key(one: Numbers, other: Numbers, inside: NDArray[np.bool_], topology: Topology) -> Numbers:
    return np.asarray(one[inside] * topology.n_areas + other[inside], dtype=np.int64)
