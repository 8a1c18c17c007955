"""Sets of areas as bit masks, and tables that answer for eight areas at once what a set gives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.generation import enumeration_kernel as kernel
from neighbourhoods.generation.problem import Problem

Floats = NDArray[np.float64]
Masks = NDArray[np.int64]


def from_the_edge(areas: tuple[int, ...], edges: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """Areas breadth first from one with fewest neighbours: a search from there meets dead ends early."""
    beside: dict[int, list[int]] = {area: [] for area in areas}
    for a, b in edges:
        if a in beside and b in beside:
            beside[a].append(b)
            beside[b].append(a)
    order: list[int] = []
    seen: set[int] = set()
    for start in sorted(areas, key=lambda area: (len(set(beside[area])), area)):
        queue = [start] if start not in seen else []
        seen.update(queue)
        for area in queue:
            nearby = sorted(set(beside[area]) - seen)
            seen.update(nearby)
            queue.extend(nearby)
        order.extend(queue)
    return tuple(order)


def constraint_masks(problem: Problem, position: dict[int, int]) -> tuple[list[int], list[int], list[int]]:
    """Neighbours, areas to be together with, and areas to be apart from, for each bit."""
    n = len(position)
    neighbours, together, apart = [0] * n, [0] * n, [0] * n
    for pairs, masks in ((problem.edges, neighbours), (problem.apart, apart)):
        for a, b in pairs:
            if a in position and b in position and a != b:
                masks[position[a]] |= 1 << position[b]
                masks[position[b]] |= 1 << position[a]
    for group in problem.together:
        mask = sum(1 << position[area] for area in group if area in position)
        for area in group & position.keys():
            together[position[area]] |= mask
    for _ in range(n):  # sets that share an area are one
        for bit in range(n):
            for other in range(n):
                if together[bit] >> other & 1:
                    together[bit] |= together[other]
    return neighbours, together, apart


def unions(masks: list[int]) -> Masks:
    """For each chunk of eight areas and each set of them, the union of their masks."""
    table = np.zeros((kernel.N_CHUNKS, kernel.CHUNK + 1), dtype=np.int64)
    for bit, mask in enumerate(masks):
        chunk, place = divmod(bit, kernel.CHUNK_BITS)
        with_it = np.arange(kernel.CHUNK + 1) >> place & 1 == 1
        table[chunk, with_it] |= mask
    return table


def sums(people: list[float]) -> Floats:
    """For each chunk of eight areas and each set of them, their people."""
    table = np.zeros((kernel.N_CHUNKS, kernel.CHUNK + 1))
    for bit, count in enumerate(people):
        chunk, place = divmod(bit, kernel.CHUNK_BITS)
        with_it = np.arange(kernel.CHUNK + 1) >> place & 1 == 1
        table[chunk, with_it] += count
    return table
