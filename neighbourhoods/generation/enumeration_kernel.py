"""The compiled part of the enumeration: one node of the search tree in, its children out.

Sets of areas are bit masks. A node is a footprint being grown from the lowest free area: what it holds,
what it may no longer take, what is still free. Every contiguous set that holds the root is reached by
exactly one sequence of takes and refusals, so every option is found once and none is missed. `expand`
serves both the search, which visits every child, and the estimate, which follows one child at random.
"""

from __future__ import annotations

import numba
import numpy as np
from numba.core import config
from numpy.typing import NDArray

from geodata.compiled_code import compiled_code_folder

config.CACHE_DIR = config.CACHE_DIR or compiled_code_folder()  # type: ignore[attr-defined]

Masks = NDArray[np.int64]
Floats = NDArray[np.float64]

N_CHUNKS, CHUNK_BITS = 4, 8
MOST_AREAS = N_CHUNKS * CHUNK_BITS
CHUNK = (1 << CHUNK_BITS) - 1
FREE, HELD, REFUSED, DEPTH = 0, 1, 2, 3
NODE_FIELDS = 4
NEIGHBOURS, TOGETHER, APART = 0, 1, 2
RUNNING, FINISHED, FULL = 0, 1, 2
STOP_AT_FIRST, TIGHTEN = 1, 2


@numba.njit(cache=True, inline="always")
def union(table: Masks, mask: int) -> int:
    """The union of what `table` gives for each area in a mask; four look-ups of eight areas each."""
    return (  # type: ignore[no-any-return]
        table[0, mask & CHUNK]
        | table[1, (mask >> CHUNK_BITS) & CHUNK]
        | table[2, (mask >> (2 * CHUNK_BITS)) & CHUNK]
        | table[3, (mask >> (3 * CHUNK_BITS)) & CHUNK]
    )


@numba.njit(cache=True, inline="always")
def total(table: Floats, mask: int) -> float:
    """The sum of people over the areas in a mask."""
    return (  # type: ignore[no-any-return]
        table[0, mask & CHUNK]
        + table[1, (mask >> CHUNK_BITS) & CHUNK]
        + table[2, (mask >> (2 * CHUNK_BITS)) & CHUNK]
        + table[3, (mask >> (3 * CHUNK_BITS)) & CHUNK]
    )


@numba.njit(cache=True)
def piece_of(seed: int, within: int, neighbours: Masks) -> int:
    """All that can be reached from `seed` without leaving `within`."""
    reached = seed
    edge = seed
    while edge:
        edge = union(neighbours, edge) & within & ~reached
        reached |= edge
    return reached


@numba.njit(cache=True)
def can_be_split(free: int, fewest: int, most: int, tables: Masks, people: Floats, band: Floats) -> bool:
    """Whether the populations of the pieces of `free` allow whole footprints, `fewest` to `most` in all."""
    at_least, at_most = 0, 0
    while free:
        piece = piece_of(free & -free, free, tables[NEIGHBOURS])
        count = total(people, piece)
        low = int(np.ceil(count / band[1]))
        high = int(np.floor(count / band[0])) if band[0] > 0 else most
        low = max(low, 1)
        if low > high:
            return False
        at_least += low
        at_most += high
        free &= ~piece
    return at_least <= most and at_most >= fewest


@numba.njit(cache=True)
def expand(
    stack: Masks,
    parts: Masks,
    top: int,
    tables: Masks,
    people: Floats,
    band: Floats,
    n_wanted: Masks,
) -> tuple[int, int]:
    """Take the node on top of the stack off and put its children on.

    Parameters
    ----------
    stack : int64 (n, 4)
        FREE (areas in no footprint, the one being grown left out), HELD, REFUSED, DEPTH. A node whose
        DEPTH is negative (~depth) has not changed since it was last looked at, so it is not closed again.
    parts : int64 (n_areas,)
        Footprints closed on the way to the node; that of its own depth is written here.
    tables : int64 (3, 4, 256)
        Neighbours of, areas that go with, and areas that may not go with any set of areas.
    people : float64 (4, 256)
    band : float64 (2,)
        Least and most people in a footprint.
    n_wanted : int64 (2,)
        Fewest and most footprints.

    Returns
    -------
    (top, found)
        New top of the stack; the number of footprints when `parts` holds a whole option, else 0.
    """
    top -= 1
    free, held, refused = stack[top, FREE], stack[top, HELD], stack[top, REFUSED]
    depth = stack[top, DEPTH]
    is_new = depth >= 0
    if not is_new:
        depth = ~depth
    count = total(people, held)
    if count > band[1]:
        return top, 0
    needed = union(tables[TOGETHER], held)
    refused |= union(tables[APART], held) & free
    refused |= union(tables[TOGETHER], refused) & ~held
    if (
        (held & refused)
        or (needed & refused)
        or (needed & ~(held | free))
        or (needed & union(tables[APART], held))
    ):
        return top, 0
    reach = piece_of(held, (held | free) & ~refused, tables[NEIGHBOURS])
    if total(people, reach) < band[0] or needed & ~reach:
        return top, 0
    cut_off = free & ~reach
    while cut_off:
        piece = piece_of(cut_off & -cut_off, cut_off, tables[NEIGHBOURS])
        is_final = union(tables[NEIGHBOURS], piece) & free & reach == 0
        if is_final and not can_be_split(piece, 1, n_wanted[1], tables, people, band):
            return top, 0
        cut_off &= ~piece
    found = 0
    edge = union(tables[NEIGHBOURS], held) & free & ~refused
    if edge:
        if needed & ~held & edge:
            edge = needed & ~held & edge
            choice = edge & -edge
        else:
            choice = edge & -edge
            stack[top, FREE], stack[top, HELD] = free, held
            stack[top, REFUSED], stack[top, DEPTH] = refused | choice, ~depth
            top += 1
        if count + total(people, choice) <= band[1]:
            stack[top, FREE], stack[top, HELD] = free & ~choice, held | choice
            stack[top, REFUSED], stack[top, DEPTH] = refused, depth
            top += 1
    if is_new and count >= band[0] and needed & ~held == 0:
        parts[depth] = held
        n_closed = depth + 1
        if free == 0:
            if n_wanted[0] <= n_closed <= n_wanted[1]:
                found = n_closed
        elif n_closed < n_wanted[1] and can_be_split(
            free, n_wanted[0] - n_closed, n_wanted[1] - n_closed, tables, people, band
        ):
            root = free & -free
            stack[top, FREE], stack[top, HELD] = free & ~root, root
            stack[top, REFUSED], stack[top, DEPTH] = 0, n_closed
            top += 1
    return top, found


@numba.njit(cache=True)
def search(
    stack: Masks,
    parts: Masks,
    top: int,
    tables: Masks,
    people: Floats,
    band: Floats,
    n_wanted: Masks,
    found: NDArray[np.int8],
    n_found: int,
    target: float,
    mode: int,
    n_steps: int,
) -> tuple[int, int, int, int]:
    """Go on with a search for at most `n_steps` nodes.

    Parameters
    ----------
    found : int8 (capacity, n_areas)
        Footprint of each area in each option found; written from `n_found` on.
    mode : int
        0: every option. STOP_AT_FIRST: until there is one. TIGHTEN: each option found narrows `band` (which
        is changed) to less than its own worst deviation from `target`, so the last one found is the best.

    Returns
    -------
    (state, top, n_found, steps)
        RUNNING when the steps are used up, FULL when there is no room for another option, else FINISHED.
    """
    for step in range(n_steps):
        if top == 0:
            return FINISHED, top, n_found, step
        if n_found == len(found):
            return FULL, top, n_found, step
        top, n_closed = expand(stack, parts, top, tables, people, band, n_wanted)
        if n_closed == 0:
            continue
        if mode == TIGHTEN:
            worst = 0.0
            for part in range(n_closed):
                worst = max(worst, abs(total(people, parts[part]) - target))
            if target + worst > band[1]:
                continue
            band[0] = target - worst * (1 - 1e-9) + 1e-9
            band[1] = target + worst * (1 - 1e-9) - 1e-9
            n_found = 0
        for part in range(n_closed):
            for area in range(found.shape[1]):
                if (parts[part] >> area) & 1:
                    found[n_found, area] = part
        n_found += 1
        if mode == STOP_AT_FIRST:
            return FINISHED, top, n_found, step + 1
    return RUNNING, top, n_found, n_steps


@numba.njit(cache=True)
def widen(
    nodes: Masks, tables: Masks, people: Floats, band: Floats, n_wanted: Masks, wanted: int
) -> tuple[Masks, int]:
    """Go down the tree level by level until there are `wanted` nodes side by side, or none.

    Returns
    -------
    (nodes, n_visited)
        The nodes of that level, and how many stand above it.
    """
    stack = np.zeros((8, NODE_FIELDS), np.int64)
    parts = np.zeros(2 * MOST_AREAS, np.int64)
    n_visited = 0
    while 0 < len(nodes) < wanted:
        following = np.zeros((3 * len(nodes), NODE_FIELDS), np.int64)
        n_following = 0
        for row in range(len(nodes)):
            stack[0] = nodes[row]
            top, _ = expand(stack, parts, 1, tables, people, band, n_wanted)
            for child in range(top):
                following[n_following] = stack[child]
                n_following += 1
        n_visited += len(nodes)
        nodes = following[:n_following]
    return nodes, n_visited


@numba.njit(cache=True)
def probe(
    starts: Masks, draws: Floats, tables: Masks, people: Floats, band: Floats, n_wanted: Masks
) -> Floats:
    """One random way down from each of the `starts`: estimates of how many nodes stand from there on.

    A node on the way stands for as many as the product of the numbers of children above it (Knuth,
    Mathematics of Computation 29, 1975, 121-136), so that the mean over probes is unbiased.
    """
    stack = np.zeros((8, NODE_FIELDS), np.int64)
    parts = np.zeros(2 * MOST_AREAS, np.int64)
    n_nodes = np.zeros(len(starts))
    for row in range(len(starts)):
        stack[0] = starts[row]
        weight, top, level = 1.0, 1, 0
        while top:
            n_nodes[row] += weight
            top, _ = expand(stack, parts, top, tables, people, band, n_wanted)
            if top:
                weight *= top
                stack[0] = stack[int(draws[row, level % draws.shape[1]] * top)]
                top, level = 1, level + 1
    return n_nodes
