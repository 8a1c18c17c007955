"""Every way to cut small graphs, the slow way: all set partitions, kept when they meet the wishes."""

from __future__ import annotations

from collections.abc import Iterator

from neighbourhoods.generation.problem import Problem

Partition = tuple[int, ...]


def set_partitions(n: int) -> Iterator[Partition]:
    """Every partition of n things as a restricted growth string: Bell(n) of them."""

    def grow(prefix: list[int]) -> Iterator[Partition]:
        if len(prefix) == n:
            yield tuple(prefix)
            return
        for number in range(max(prefix, default=-1) + 2):
            yield from grow([*prefix, number])

    return grow([])


def is_in_one_piece(areas: set[int], edges: tuple[tuple[int, int], ...]) -> bool:
    """Whether one can walk between any two of the areas inside them."""
    reached, waiting = set(), [min(areas)]
    while waiting:
        area = waiting.pop()
        reached.add(area)
        beside = {b for a, b in edges if a == area} | {a for a, b in edges if b == area}
        waiting += list((beside & areas) - reached)
    return reached == areas


def meets(partition: Partition, problem: Problem) -> bool:
    """Whether a partition is an option of the problem."""
    parts = [{i for i, p in enumerate(partition) if p == number} for number in set(partition)]
    return (
        problem.n_min <= len(parts) <= problem.n_max
        and all(is_in_one_piece(part, problem.edges) for part in parts)
        and all(problem.is_in_band(sum(problem.people[i] for i in part)) for part in parts)
        and all(len({partition[i] for i in group}) <= 1 for group in problem.together)
        and all(partition[a] != partition[b] for a, b in problem.apart)
        and all(set(held) in parts for held in problem.locked)
    )


def brute_force(problem: Problem) -> list[Partition]:
    """Every option of a small problem, in order."""
    return sorted(p for p in set_partitions(len(problem.people)) if meets(p, problem))


def grid(width: int, height: int) -> tuple[tuple[int, int], ...]:
    """Edges of a grid graph, rows from the bottom."""
    across = [(y * width + x, y * width + x + 1) for y in range(height) for x in range(width - 1)]
    up = [(y * width + x, y * width + x + width) for y in range(height - 1) for x in range(width)]
    return tuple(across + up)
