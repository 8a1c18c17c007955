"""All ways to divide a few areas into footprints, compiled and remembered: what a pair redraw draws from.

The ways are those of the enumeration, by the same search. Which blocks are too large to go through depends
on the areas alone and not on what was done before, so that leaving those as they are favours no option.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.generation.enumeration_kernel import MOST_AREAS, expand
from neighbourhoods.sample.sampler_kernel import compiled

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_AT_ONCE = 4
MOST_IN_BLOCK = (0, 22, 22, 18, 18)
MOST_WAYS, MOST_STEPS = 1 << 15, 1 << 14
ROOM = 1 << 18
SLOTS = 1 << 16
TOO_LARGE = -1


class Blocks(NamedTuple):
    """Ways to divide what has been taken up before, by its areas; emptied when full.

    Parameters
    ----------
    key : int64 (SLOTS,)
        Areas as a bit mask, and how many footprints they may make; 0 for none.
    first, n_ways : int64 (SLOTS,)
        Where the ways stand; `TOO_LARGE` for more ways or steps than are gone through.
    ways : int64 (ROOM, MOST_AT_ONCE)
        Footprints of each way as bit masks, then noughts.
    used : int64 (2,)
        Slots and rows in use.
    """

    key: Integers
    first: Integers
    n_ways: Integers
    ways: Integers
    used: Integers


def no_blocks(room: int = ROOM) -> Blocks:
    """Nothing taken up yet."""
    slots = np.zeros(SLOTS, dtype=np.int64)
    ways = np.zeros((room, MOST_AT_ONCE), dtype=np.int64)
    return Blocks(slots, slots.copy(), slots.copy(), ways, np.zeros(2, dtype=np.int64))


class Rules(NamedTuple):
    """What an option of few areas must meet.

    Parameters
    ----------
    tables : int64 (3, 4, 256); people : float64 (4, 256); band : float64 (2,)
        As the enumeration has them.
    n_wanted : int64 (2,)
        Fewest and most footprints beside the locked ones.
    weight : float64 (MOST_AT_ONCE + 1,)
        How often one, two, three or four footprints are taken up; entry 0 is not used.
    """

    tables: Integers
    people: Floats
    band: Floats
    n_wanted: Integers
    weight: Floats


@compiled
def ways_of(union: int, n_taken: int, rules: Rules, blocks: Blocks, stack: Integers, closed: Integers) -> int:
    """Slot with all ways to divide some areas; they are gone through when they are new."""
    is_fixed = rules.n_wanted[0] == rules.n_wanted[1]
    key = union | ((n_taken if is_fixed else MOST_AT_ONCE + 1) << MOST_AREAS)
    slot = _slot_of(key, blocks)
    if blocks.key[slot] == key:
        return int(slot)
    if 2 * blocks.used[0] > len(blocks.key) or len(blocks.ways) - blocks.used[1] < MOST_WAYS:
        blocks.key[:] = 0
        blocks.used[:] = 0
        slot = _slot_of(key, blocks)
    most = MOST_IN_BLOCK[n_taken if is_fixed else 2]
    wanted = np.array([n_taken, n_taken] if is_fixed else [1, MOST_AT_ONCE])
    first = blocks.used[1]
    n_ways = 0
    n_areas = 0
    for bit in range(MOST_AREAS):
        n_areas += (union >> bit) & 1
    root = union & -union
    stack[0] = (union & ~root, root, 0, 0)
    top = 1
    for _ in range(MOST_STEPS if n_areas <= most else 0):
        if top == 0 or n_ways == MOST_WAYS:
            break
        top, n_closed = expand(stack, closed, top, rules.tables, rules.people, rules.band, wanted)
        if n_closed:
            for part in range(MOST_AT_ONCE):
                blocks.ways[first + n_ways, part] = closed[part] if part < n_closed else 0
            n_ways += 1
    blocks.key[slot] = key
    blocks.first[slot] = first
    blocks.n_ways[slot] = n_ways if top == 0 else TOO_LARGE
    blocks.used[0] += 1
    blocks.used[1] += n_ways if top == 0 else 0
    return int(slot)


@compiled
def _slot_of(key: int, blocks: Blocks) -> int:
    """Where a key stands, or may be put."""
    slots = len(blocks.key)
    mixed = key ^ (key >> 17)
    slot = ((mixed * 0x9E3779B1) >> 12) & (slots - 1)
    while blocks.key[slot] not in (0, key):
        slot = (slot + 1) & (slots - 1)
    return slot
