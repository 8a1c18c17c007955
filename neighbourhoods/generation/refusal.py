"""Why nothing can be done as asked, in words, and the smallest change after which something can.

Each thing that was asked is given up in turn while the others are kept; what then becomes possible is told.
The search that found nothing was complete, so "impossible" is proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil, floor

from geodata.errors import InputError
from neighbourhoods.generation.enumeration import has_option, smallest_tolerance
from neighbourhoods.generation.problem import Problem
from neighbourhoods.measure.violation import names_in_words
from neighbourhoods.partner.line import line_clashes, without_line, without_whole

N_TOLD = 4


def refusal(problem: Problem, area_names: Sequence[str]) -> InputError:
    """An error that says what clashes and what would help.

    Parameters
    ----------
    area_names : sequence of str
        In the order of the problem's areas.
    """
    clash = "; ".join(_clashes(problem, area_names)) or (
        f"no {_footprints(problem)} in one piece, each {_band(problem)}, keep to all that is asked"
    )
    helps = list(_relaxations(problem, area_names))[:N_TOLD]
    told = " What helps: " + "; or ".join(helps) + "." if helps else " No one thing given up alone helps."
    return InputError(f"This is impossible: {clash}.{told}")


def plain_clash(problem: Problem, area_names: Sequence[str]) -> InputError | None:
    """A refusal of what cannot be for plain reasons, whatever the areas; None when there is none such."""
    clash = "; ".join(_clashes(problem, area_names))
    if not clash:
        return None
    low, high = problem.band
    total = sum(problem.people)
    helps = ""
    if problem.n_max * high < total * (1 - 1e-9) or problem.n_min * low > total * (1 + 1e-9):
        n = problem.n_max if problem.n_max * high < total else problem.n_min
        helps = f" What helps: a target of {total / n:,.0f} people, which is an equal share of {n}."
    return InputError(f"This is impossible: {clash}.{helps}")


def _clashes(problem: Problem, names: Sequence[str]) -> Iterator[str]:
    """What cannot be for plain reasons."""
    low, high = problem.band
    total = sum(problem.people)
    if not (problem.n_min * low <= total * (1 + 1e-9) and total <= problem.n_max * high * (1 + 1e-9)):
        yield (
            f"{_footprints(problem)} {_band(problem)} hold {problem.n_min * low:,.0f} to "
            f"{problem.n_max * high:,.0f}, and there are {total:,.0f} people"
        )
    for area, people in enumerate(problem.people):
        if people > high * (1 + 1e-9):
            yield f"{names[area]} alone has {people:,.0f} people, and the band ends at {high:,.0f}"
    for held in problem.locked:
        people = sum(problem.people[area] for area in held)
        if not problem.is_in_band(people):
            yield (
                f"the locked footprint of {_named(held, names)} has {people:,.0f} people, "
                f"outside the band of {low:,.0f} to {high:,.0f}"
            )
    yield from line_clashes(problem, names)
    named = [group for line in problem.lines for _, group in line.wholes]
    for group in problem.together:
        people = sum(problem.people[area] for area in group)
        if people > high * (1 + 1e-9) and group not in named:
            together = _named(group, names)
            yield f"{together} together have {people:,.0f} people, and the band ends at {high:,.0f}"
        for held in problem.locked:
            if held & group and not group <= held:
                yield f"{_named(group, names)} are to be together, and a locked footprint parts them"
    for group in problem.joined:
        for a, b in problem.apart:
            if a in group and b in group:
                yield f"{names[a]} and {names[b]} are to be together and apart"
    strangers = _strangers(problem)
    if len(strangers) > problem.n_max:
        yield (
            f"{_named(strangers, names)} are all to be apart, which takes {len(strangers)} footprints, "
            f"and at most {problem.n_max} are asked for"
        )
    for a, b in problem.apart:
        if any(a in held and b in held for held in problem.locked):
            yield f"{names[a]} and {names[b]} are to be apart, and a locked footprint holds both"


def _relaxations(problem: Problem, names: Sequence[str]) -> Iterator[str]:
    """Changes of one thing that make it possible, the band first."""
    is_crowded = len(_strangers(problem)) > problem.n_max  # no band helps
    least = None if is_crowded else smallest_tolerance(problem)
    if least is not None:
        tolerance, is_proven = least
        percent = ceil(tolerance * 1_000 - 1e-6) / 10
        yield (
            f"a band of at least {percent:.1f}% in place of {problem.tolerance * 100:g}%"
            if is_proven
            else f"a band of {percent:.1f}%, perhaps less, in place of {problem.tolerance * 100:g}%"
        )
    yield from _partners_given_up(problem)
    named = [group for line in problem.lines for _, group in line.wholes]
    for group in [g for g in problem.together if g not in named]:
        rest = tuple(g for g in problem.together if g != group)
        if has_option(replace(problem, together=rest)):
            yield f"not to keep {_named(group, names)} together"
    for pair in problem.apart:
        rest_apart = tuple(p for p in problem.apart if p != pair)
        if has_option(replace(problem, apart=rest_apart)):
            yield f"not to keep {_named(frozenset(pair), names)} apart"
    for held in problem.locked:
        if has_option(replace(problem, locked=tuple(h for h in problem.locked if h != held))):
            yield f"to unlock the footprint of {_named(held, names)}"
    low, high = problem.band
    total = sum(problem.people)
    for n in range(max(1, ceil(total / high - 1e-9)), floor(total / low + 1e-9) + 1 if low > 0 else 0):
        if not problem.n_min <= n <= problem.n_max and has_option(replace(problem, n_min=n, n_max=n)):
            yield f"{n} footprints of the same size in place of {_number(problem)}"


def _partners_given_up(problem: Problem) -> Iterator[str]:
    """Partners' lines that stand in the way, one of their areas before all of them."""
    for line in problem.lines:
        if line.crossed and has_option(without_line(problem, line)):
            yield f"not to keep to the line of {line.name}"
        if not line.wholes:
            continue
        helping = [label for label, _ in line.wholes if has_option(without_whole(problem, line, label))]
        yield from (f"not to keep {label} of {line.name} whole" for label in helping[:N_TOLD])
        if not helping and has_option(without_line(problem, line)):
            yield f"not to keep the areas of {line.name} whole"


def _strangers(problem: Problem) -> frozenset[int]:
    """The most areas found of which each two are to be apart."""
    apart = {frozenset(pair) for pair in problem.apart}
    most: frozenset[int] = frozenset()
    for start in sorted({area for pair in problem.apart for area in pair}):
        group = {start}
        for other in range(len(problem.people)):
            if all(frozenset((other, one)) in apart for one in group):
                group.add(other)
        most = max(most, frozenset(group), key=len)
    return most


def _named(areas: frozenset[int], names: Sequence[str]) -> str:
    return names_in_words([names[area] for area in sorted(areas)])


def _number(problem: Problem) -> str:
    n_min, n_max = problem.n_min, problem.n_max
    return f"{n_min}" if n_min == n_max else f"{n_min} to {n_max}"


def _footprints(problem: Problem) -> str:
    return f"{_number(problem)} footprint{'' if problem.n_max == 1 else 's'}"


def _band(problem: Problem) -> str:
    low, high = problem.band
    return f"of {low:,.0f} to {high:,.0f} people"
