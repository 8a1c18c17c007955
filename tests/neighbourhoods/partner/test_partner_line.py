"""A partner's line holds in every option, and an impossible request names the partner to ask."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geodata.errors import InputError
from neighbourhoods.generation.enumeration import enumerate_options, has_option
from neighbourhoods.generation.problem import Problem
from neighbourhoods.generation.refusal import refusal
from neighbourhoods.partner.line import partner_lines, require_locks_on_one_side, without_line, without_whole
from neighbourhoods.partner.partner import PartnerSet
from tests.neighbourhoods.partition import grid

NAMES = ["Ash", "Birch", "Cedar", "Dale", "Elm", "Fir"]
EDGES = grid(3, 2)  # Ash Birch Cedar below, Dale Elm Fir above


def beats(*row: int) -> PartnerSet:
    return PartnerSet("p", "Police beats", ("West", "Middle", "East"), np.array(row, dtype=np.int64))


ROWS = beats(0, 0, 0, 1, 1, 1)
COLUMNS = beats(0, 1, 2, 0, 1, 2)


def problem(
    people: tuple[float, ...],
    n: int,
    tolerance: float,
    *,
    keep_whole: tuple[PartnerSet, ...] = (),
    not_across: tuple[PartnerSet, ...] = (),
) -> Problem:
    lines = partner_lines(keep_whole, not_across, EDGES)
    crossed = frozenset().union(*(line.crossed for line in lines))
    return Problem(
        people,
        tuple(edge for edge in EDGES if edge not in crossed),
        n,
        n,
        sum(people) / n,
        tolerance,
        together=tuple(group for line in lines for _, group in line.wholes),
        lines=lines,
    )


SAME = (1.0,) * 6


def test_no_option_has_areas_on_two_sides_of_a_line() -> None:
    free = enumerate_options(problem(SAME, 2, 0.4))
    held = enumerate_options(problem(SAME, 2, 0.4, not_across=(ROWS,)))
    on_one_side = [
        all(len({int(ROWS.row[a]) for a in np.flatnonzero(one == f)}) == 1 for f in (0, 1))
        for one in free.footprint
    ]
    assert held.n_options == sum(on_one_side) == 1
    assert np.array_equal(held.footprint, free.footprint[on_one_side])


def test_areas_in_none_are_a_side_of_their_own() -> None:
    (line,) = partner_lines((), (beats(0, 0, -1, 0, 0, -1),), EDGES)
    assert line.crossed == {(1, 2), (4, 5)}


def test_areas_of_a_partner_stay_whole() -> None:
    free = enumerate_options(problem(SAME, 2, 0.4))
    held = enumerate_options(problem(SAME, 2, 0.4, keep_whole=(COLUMNS,)))
    kept = [all(one[a] == one[a + 3] for a in range(3)) for one in free.footprint]
    assert np.array_equal(held.footprint, free.footprint[kept])


def test_giving_a_line_up_brings_back_only_what_it_alone_parted() -> None:
    both = problem(SAME, 2, 0.4, not_across=(ROWS, COLUMNS))
    assert both.edges == ()
    without_rows = without_line(both, both.lines[0])
    assert set(without_rows.edges) == {(0, 3), (1, 4), (2, 5)}
    whole = problem(SAME, 2, 0.4, keep_whole=(COLUMNS,))
    assert without_line(whole, whole.lines[0]).together == ()
    assert without_whole(whole, whole.lines[0], "West").together == (frozenset({1, 4}), frozenset({2, 5}))


def test_refusal_names_the_partner_whose_line_stands_in_the_way() -> None:
    """Rows of 9 and 3 people: 3 are too few for a footprint of 4 to 8; columns make halves of 4 and 8."""
    asked = problem((3.0, 3.0, 3.0, 1.0, 1.0, 1.0), 2, 0.34, not_across=(ROWS,))
    assert has_option(asked) is False
    said = str(refusal(asked, NAMES))
    assert "the line of Police beats closes in Dale, Elm and Fir with 3 people" in said
    assert "not to keep to the line of Police beats" in said


def test_refusal_says_how_many_footprints_a_line_takes() -> None:
    said = str(refusal(problem(SAME, 2, 0.5, not_across=(COLUMNS,)), NAMES))
    assert "it takes 3 footprints at least, and at most 2 are asked for" in said


def test_refusal_names_the_partners_area_that_is_too_large_to_stay_whole() -> None:
    asked = problem((6.0, 1.0, 1.0, 6.0, 1.0, 1.0), 2, 0.25, keep_whole=(COLUMNS,))
    said = str(refusal(asked, NAMES))
    assert "West of Police beats, kept whole, has 12 people, and the band ends at 10" in said
    assert "not to keep West of Police beats whole" in said
    assert "Ash and Dale together" not in said


def test_refusal_names_what_a_line_parts_though_it_is_to_be_together() -> None:
    asked = replace(problem(SAME, 2, 0.4, not_across=(ROWS,)), together=(frozenset({0, 3}),))
    said = str(refusal(asked, NAMES))
    assert "Ash and Dale are to be together, and the line of Police beats parts them" in said
    assert "not to keep Ash and Dale together" in said


def test_a_locked_footprint_across_a_line_is_refused_at_once() -> None:
    require_locks_on_one_side([frozenset({0, 1})], [ROWS], NAMES)
    with pytest.raises(InputError, match="Ash and Dale lies across the line of Police beats"):
        require_locks_on_one_side([frozenset({0, 3})], [ROWS], NAMES)
