"""Pair redraw, compiled: some footprints are taken up and laid down again in a way drawn from all there are.

Two footprints (or three; up to four where their number may change) are chosen whether they touch or not. All
ways to divide their areas are gone through by the search that also enumerates whole options, and one is
drawn. Such a step leaves "every option is as likely as any other" as it is (a heat bath: the new way does not
depend on the old one), so options come out uniform over all that can be reached from the start.

Where the number of footprints may change, the chance of taking up just these areas is not the same before
and after; a way is then drawn in proportion to that chance. With a fixed number all ways weigh the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neighbourhoods.generation.enumeration_kernel import MOST_AREAS, NODE_FIELDS
from neighbourhoods.sample.sampler_blocks import MOST_AT_ONCE, TOO_LARGE, Blocks, Rules, ways_of
from neighbourhoods.sample.sampler_kernel import (
    Surround,
    Words,
    compiled,
    draw_below,
    draw_share,
    has_enclosed,
)

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

STACK = 256
N_COUNTS = 4
STEPS, CHANGED, REFUSED, LEFT = 0, 1, 2, 3


@compiled
def redraw(
    chance: Words,
    parts: Integers,
    n_parts: int,
    rules: Rules,
    surround: Surround,
    blocks: Blocks,
    n_draws: int,
    thin: int,
    rows: NDArray[np.int16],
    counts: Integers,
) -> int:
    """Draw options one after the other, `thin` steps apart.

    Parameters
    ----------
    chance : uint64 (4,)
        Changed.
    parts : int64 (most footprints,)
        Footprints as bit masks, noughts beyond `n_parts`; changed.
    rows : int16 (n_draws, n_bits)
        Written: footprint of each bit.
    counts : int64 (N_COUNTS,)
        Added to: steps, steps that changed the option, steps refused because a footprint would lie inside
        another, steps that left it because there were too many ways to go through.

    Returns
    -------
    n_parts
        Number of footprints at the end.
    """
    stack = np.zeros((STACK, NODE_FIELDS), np.int64)
    closed = np.zeros(2 * MOST_AREAS, np.int64)
    label = np.zeros(rows.shape[1], np.int64)
    before = np.zeros(MOST_AT_ONCE, np.int64)
    for row in range(n_draws):
        for _ in range(thin if n_parts else 0):
            counts[STEPS] += 1
            n_taken = _take_up(chance, parts, n_parts, rules.weight)
            union = 0
            for part in range(n_taken):  # they were moved to the front
                before[part] = parts[part]
                union |= parts[part]
            slot = ways_of(union, n_taken, rules, blocks, stack, closed)
            if blocks.n_ways[slot] == TOO_LARGE:
                counts[LEFT] += 1
                continue
            way = _draw_way(chance, blocks, slot, n_parts - n_taken, n_taken, rules)
            n_laid = _n_laid(blocks.ways[way])
            n_after = n_parts - n_taken + n_laid
            _replace(parts, n_parts, n_taken, blocks.ways[way], n_laid)
            differs = _differ(parts, n_laid, before, n_taken)
            if surround.is_forbidden and differs:
                _write_labels(parts, n_after, label)
                if has_enclosed(label, n_after, surround):
                    _replace(parts, n_after, n_laid, before, n_taken)
                    counts[REFUSED] += 1
                    continue
            n_parts = n_after
            counts[CHANGED] += differs
        _write_labels(parts, n_parts, label)
        rows[row] = label
    return n_parts


@compiled
def _take_up(chance: Words, parts: Integers, n_parts: int, weight: Floats) -> int:
    """How many footprints are taken up; which they are is drawn too, and they are moved to the front."""
    most = min(n_parts, MOST_AT_ONCE)
    at = draw_share(chance) * weight[1 : most + 1].sum()
    n_taken = most
    for n in range(1, most + 1):
        if weight[n] > 0:
            n_taken = n
            if at < weight[n]:
                break
            at -= weight[n]
    for place in range(n_taken):
        other = place + draw_below(chance, n_parts - place)
        parts[place], parts[other] = parts[other], parts[place]
    return n_taken


@compiled
def _draw_way(chance: Words, blocks: Blocks, slot: int, n_other: int, n_taken: int, rules: Rules) -> int:
    """Row of one way, drawn in proportion to the chance of taking up the same areas after it."""
    first, n_ways = int(blocks.first[slot]), int(blocks.n_ways[slot])
    if rules.n_wanted[0] == rules.n_wanted[1]:
        return int(first + draw_below(chance, n_ways))
    share = np.zeros(MOST_AT_ONCE + 1)
    for n_laid in range(1, MOST_AT_ONCE + 1):
        n_after = n_other + n_laid
        if rules.n_wanted[0] <= n_after <= rules.n_wanted[1]:
            share[n_laid] = _chance_of_taking(n_laid, n_after, rules.weight)
    total = 0.0
    for way in range(first, first + n_ways):
        total += share[_n_laid(blocks.ways[way])]
    at = draw_share(chance) * total
    last = first
    for way in range(first, first + n_ways):
        one = share[_n_laid(blocks.ways[way])]
        if one > 0:
            last = way
            if at < one:
                break
            at -= one
    return last


@compiled
def _chance_of_taking(n_taken: int, n_parts: int, weight: Floats) -> float:
    """Chance that a given set of `n_taken` of `n_parts` footprints is taken up."""
    sets = 1.0
    for i in range(n_taken):
        sets *= (n_parts - i) / (i + 1)
    return weight[n_taken] / weight[1 : min(n_parts, MOST_AT_ONCE) + 1].sum() / sets  # type: ignore[no-any-return]


@compiled
def _n_laid(way: Integers) -> int:
    n = 0
    while n < MOST_AT_ONCE and way[n]:
        n += 1
    return n


@compiled
def _replace(parts: Integers, n_parts: int, n_taken: int, new: Integers, n_new: int) -> None:
    """Put `n_new` footprints in place of the first `n_taken`."""
    n_other = n_parts - n_taken
    if n_new > n_taken:
        for part in range(n_other - 1, -1, -1):
            parts[n_new + part] = parts[n_taken + part]
    elif n_new < n_taken:
        for part in range(n_other):
            parts[n_new + part] = parts[n_taken + part]
        parts[n_new + n_other : n_parts] = 0
    for part in range(n_new):
        parts[part] = new[part]


@compiled
def _write_labels(parts: Integers, n_parts: int, label: Integers) -> None:
    for bit in range(len(label)):
        for part in range(n_parts):
            if (parts[part] >> bit) & 1:
                label[bit] = part


@compiled
def _differ(new: Integers, n_new: int, old: Integers, n_old: int) -> bool:
    """Whether one of the first `n_new` footprints is none of the `n_old`."""
    for part in range(n_new):
        is_old = False
        for other in range(n_old):
            is_old |= new[part] == old[other]
        if not is_old:
            return True
    return False
