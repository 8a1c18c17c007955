"""A partner's line as a constraint: which neighbours it parts, which areas it holds together, what clashes.

Not to cross a line means that no footprint has areas on two sides of it: neighbours across it are neighbours
no more. A problem carries each line by name, so that an impossible request can say which partner to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.errors import InputError
from neighbourhoods.generation.problem import Line, Problem
from neighbourhoods.measure.violation import names_in_words
from neighbourhoods.partner.partner import PartnerSet

Edge = tuple[int, int]


def partner_lines(
    keep_whole: Sequence[PartnerSet], not_across: Sequence[PartnerSet], edges: Sequence[Edge]
) -> tuple[Line, ...]:
    """Lines of partners' sets over areas with these neighbours; areas in none of a set are a side of it."""
    wholes = [Line(one.name, wholes=one.named_groups) for one in keep_whole]
    across = [
        Line(one.name, frozenset((a, b) for a, b in edges if one.row[a] != one.row[b])) for one in not_across
    ]
    return (*wholes, *across)


def require_locks_on_one_side(
    locked: Sequence[frozenset[int]], not_across: Sequence[PartnerSet], names: Sequence[str]
) -> None:
    """A locked footprint stands as it is, so it may not lie across a line that is to be kept.

    Raises
    ------
    InputError
        Names the footprint's areas and the partner's set.
    """
    for held in locked:
        for one in not_across:
            if len({int(one.row[area]) for area in held}) > 1:
                areas = names_in_words([names[area] for area in sorted(held)])
                raise InputError(
                    f"The locked footprint of {areas} lies across the line of {one.name}. Unlock it, or let "
                    "that line be crossed."
                )


def without_line(problem: Problem, line: Line) -> Problem:
    """The problem as it is when one line is given up and the others are kept."""
    rest = tuple(one for one in problem.lines if one is not line)
    still = frozenset().union(*(one.crossed for one in rest))
    together = list(problem.together)
    for _, group in line.wholes:
        together.remove(group)
    return replace(
        problem, edges=(*problem.edges, *sorted(line.crossed - still)), together=tuple(together), lines=rest
    )


def without_whole(problem: Problem, line: Line, name: str) -> Problem:
    """The problem as it is when one of a partner's areas need not stay whole."""
    group = dict(line.wholes)[name]
    together = list(problem.together)
    together.remove(group)
    kept = replace(line, wholes=tuple(whole for whole in line.wholes if whole[0] != name))
    lines = tuple(kept if one is line else one for one in problem.lines)
    return replace(problem, together=tuple(together), lines=lines)


def line_clashes(problem: Problem, names: Sequence[str]) -> Iterator[str]:
    """What cannot be for a line's sake, in words.

    Parameters
    ----------
    names : sequence of str
        Of the areas, in order.
    """
    low, high = problem.band
    slack = 1e-9 * max(problem.target, 1.0)
    for line in problem.lines:
        for label, group in line.wholes:
            people = sum(problem.people[area] for area in group)
            if people > high + slack:
                yield (
                    f"{label} of {line.name}, kept whole, has {people:,.0f} people, and the band ends at "
                    f"{high:,.0f}"
                )
    parting = [line.name for line in problem.lines if line.crossed]
    if not parting:
        return
    sides = _sides(problem)
    for group in problem.together:
        if not any(group <= set(side) for side in sides):
            yield (
                f"{names_in_words([names[a] for a in sorted(group)])} are to be together, and the line of "
                f"{names_in_words(parting)} parts them"
            )
    residents = [sum(problem.people[area] for area in side) for side in sides]
    ranges = [_n_footprints(one, low - slack, high + slack) for one in residents]
    n_least = sum(least for least, _ in ranges)
    if n_least > problem.n_max:
        yield (
            f"within the line of {names_in_words(parting)} it takes {n_least} footprints at least, and at "
            f"most {problem.n_max} are asked for"
        )
    closed_in = [i for i, (least, most) in enumerate(ranges) if least > most]
    if closed_in:
        first = max(closed_in, key=lambda i: residents[i])
        inside = names_in_words([names[area] for area in sides[first]])
        others = f"; so it is in {len(closed_in) - 1} more places" if len(closed_in) > 1 else ""
        yield (
            f"the line of {names_in_words(parting)} closes in {inside} with {residents[first]:,.0f} people, "
            f"who make no whole number of footprints of {low:,.0f} to {high:,.0f}{others}"
        )


def _sides(problem: Problem) -> list[list[int]]:
    """Areas that can be reached from one another without crossing a line."""
    n = len(problem.people)
    ends = np.array(problem.edges, dtype=np.int64).reshape(-1, 2)
    graph = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
    n_sides, side = connected_components(graph, directed=False)
    return [np.flatnonzero(side == one).tolist() for one in range(n_sides)]


def _n_footprints(people: float, low: float, high: float) -> tuple[int, int]:
    """Fewest and most footprints that so many people can make; none when the first is the larger."""
    least = max(int(np.ceil(people / high)), 1)
    most = int(people // low) if low > 0 else max(least, int(people))
    return least, most
