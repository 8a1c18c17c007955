"""What both samplers share, compiled: their own source of chance, and seeing a footprint inside another.

Chance comes from integers that are handed in and handed back (xoshiro256++, Blackman and Vigna, ACM
Transactions on Mathematical Software 47, 2021), never from a library's own state: a stretch of sampling that
is done again from the same state gives the same options, on any machine and in any order of the work.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.compiled import compiler

FILES = (
    "../generation/enumeration_kernel",
    "sampler_blocks",
    "sampler_kernel",
    "sampler_recombine",
    "sampler_redraw",
    "sampler_start",
    "sampler_tree",
)
HERE = Path(__file__).parent
compiled = compiler(*(str(HERE / f"{one}.py") for one in FILES))

Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

ONE_IN_2_53 = 1.0 / (1 << 53)


class Surround(NamedTuple):
    """What is needed to see that a footprint lies inside another.

    Parameters
    ----------
    place : int64 (n_areas,)
        Node of each area; ~f for an area of the locked footprint f.
    first, second : int64 (n_borders,)
        Areas that share a border; links are none.
    on_edge : bool (n_areas,)
        Areas that touch the outside.
    n_locked : int
    is_forbidden : bool
        Whether a footprint may not lie inside another.
    """

    place: Integers
    first: Integers
    second: Integers
    on_edge: NDArray[np.bool_]
    n_locked: int
    is_forbidden: bool


@compiled
def draw_word(chance: Words) -> Any:
    """The next 64 bits; `chance` (four words, not all nought) moves on."""
    result = chance[0] + chance[3]
    result = ((result << np.uint64(23)) | (result >> np.uint64(41))) + chance[0]
    shifted = chance[1] << np.uint64(17)
    chance[2] ^= chance[0]
    chance[3] ^= chance[1]
    chance[1] ^= chance[2]
    chance[0] ^= chance[3]
    chance[2] ^= shifted
    chance[3] = (chance[3] << np.uint64(45)) | (chance[3] >> np.uint64(19))
    return result


@compiled
def draw_share(chance: Words) -> float:
    """A number from 0 to just under 1, in steps of 2^-53."""
    return np.float64(draw_word(chance) >> np.uint64(11)) * ONE_IN_2_53


@compiled
def draw_below(chance: Words, n: int) -> int:
    """A whole number from 0 to n - 1; each is as likely to within n parts in 2^53."""
    return int(draw_share(chance) * n)


@compiled
def has_enclosed(label: Integers, n_footprints: int, surround: Surround) -> bool:
    """Whether a footprint borders on one other only and does not touch the outside.

    Parameters
    ----------
    label : int64 (n_nodes,)
        Footprint of each node, the locked ones not counted.
    n_footprints : int
        How many there are beside the locked ones.
    """
    n_locked = surround.n_locked
    n = n_locked + n_footprints
    beside = np.full(n, -1, np.int64)
    is_free = np.zeros(n, np.bool_)
    of_area = np.empty(len(surround.place), np.int64)
    for area in range(len(of_area)):
        node = surround.place[area]
        of_area[area] = ~node if node < 0 else n_locked + label[node]
        if surround.on_edge[area]:
            is_free[of_area[area]] = True
    for border in range(len(surround.first)):
        a, b = of_area[surround.first[border]], of_area[surround.second[border]]
        if a == b:
            continue
        if beside[a] >= 0 and beside[a] != b:
            is_free[a] = True
        if beside[b] >= 0 and beside[b] != a:
            is_free[b] = True
        beside[a], beside[b] = b, a
    return bool(np.any((beside >= 0) & ~is_free))


@compiled
def renumber(rows: NDArray[np.int16]) -> None:
    """Number the footprints of each row in the order of their first areas, in place."""
    number = np.empty(rows.max() + 1 if rows.size else 0, np.int16)
    for row in range(len(rows)):
        number[:] = -1
        following = 0
        for area in range(rows.shape[1]):
            footprint = rows[row, area]
            if number[footprint] < 0:
                number[footprint] = following
                following += 1
            rows[row, area] = number[footprint]
