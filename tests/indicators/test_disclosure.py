"""An attacker with a pencil: no hidden count comes back by adding and subtracting what is shown.

The attack is written here anew, by exact fractions, and shares nothing with the code under test.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from indicators.disclosure import across_options, gives_away, is_small, suppress


def _recovered(shown: list[tuple[list[int], int]], n_areas: int) -> dict[int, Fraction]:
    """Areas whose count follows from shown sums (members, total), by Gauss-Jordan elimination.

    A shown zero tells that each of its members is zero.
    """
    facts = list(shown)
    facts += [([area], 0) for members, total in shown if total == 0 for area in members]
    rows = [
        [Fraction(int(area in members)) for area in range(n_areas)] + [Fraction(total)]
        for members, total in facts
    ]
    top = 0
    for column in range(n_areas):
        pivot = next((i for i in range(top, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        rows[top] = [value / rows[top][column] for value in rows[top]]
        for i in range(len(rows)):
            if i != top and rows[i][column]:
                factor = rows[i][column]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[top], strict=True)]
        top += 1
    found = {}
    for row in rows[:top]:
        named = [area for area in range(n_areas) if row[area]]
        if len(named) == 1:
            found[named[0]] = row[-1] / row[named[0]]
    return found


def _groups(assignment: list[int]) -> list[list[int]]:
    return [[a for a, g in enumerate(assignment) if g == group] for group in sorted(set(assignment))]


def _matrix(groups: list[list[int]], n: int) -> csr_array:
    dense = np.zeros((len(groups), n))
    for row, members in enumerate(groups):
        dense[row, members] = 1
    return csr_array(dense)


_counts = st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 20, 50]), min_size=3, max_size=9)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_area_of_one_to_four_follows_from_areas_footprints_and_total(data: st.DataObject) -> None:
    counts = data.draw(_counts)
    n = len(counts)
    assignment = data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    groups = [*_groups(assignment), list(range(n))]
    kept = np.zeros(len(groups), dtype=bool)
    kept[-1] = True
    result = suppress(np.array(counts, dtype=float), _matrix(groups, n), kept=kept)
    shown = [([area], counts[area]) for area in range(n) if not result.cells[area]]
    shown += [
        (members, sum(counts[a] for a in members))
        for members, hidden in zip(groups, result.groups, strict=True)
        if not hidden
    ]
    assert all(not 1 <= total <= 4 for _, total in shown)
    recovered = _recovered(shown, n)
    assert not [area for area in recovered if 1 <= counts[area] <= 4]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_one_option_minus_another_isolates_no_small_area(data: st.DataObject) -> None:
    counts = data.draw(_counts)
    n = len(counts)
    options = [
        _groups(data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
        for _ in range(data.draw(st.integers(2, 3)))
    ]
    masks = across_options(np.array(counts, dtype=float), [_matrix(option, n) for option in options])
    kept = suppress(np.array(counts, dtype=float), _matrix([list(range(n))], n), kept=np.array([True]))
    shown = [([area], counts[area]) for area in range(n) if not kept.cells[area]]
    if not kept.groups[0]:
        shown.append((list(range(n)), sum(counts)))
    for option, mask in zip(options, masks, strict=True):
        shown += [
            (members, sum(counts[a] for a in members))
            for members, hidden in zip(option, mask, strict=True)
            if not hidden
        ]
    recovered = _recovered(shown, n)
    assert not [area for area in recovered if 1 <= counts[area] <= 4]


def test_two_options_that_differ_by_one_small_area_are_not_both_shown() -> None:
    # Areas 20, 20, 3, 20, 20. Option A keeps the 3 with the left, option B with the right:
    # A's left footprint minus B's is the area of 3.
    counts = np.array([20.0, 20, 3, 20, 20])
    first = _matrix([[0, 1, 2], [3, 4]], 5)
    second = _matrix([[0, 1], [2, 3, 4]], 5)
    masks = across_options(counts, [first, second])
    shown = [
        (members, int(counts[members].sum()))
        for option, mask in (([[0, 1, 2], [3, 4]], masks[0]), ([[0, 1], [2, 3, 4]], masks[1]))
        for members, hidden in zip(option, mask, strict=True)
        if not hidden
    ]
    assert 2 not in _recovered(shown, 5)
    assert any(mask.any() for mask in masks)


def test_a_single_small_area_takes_the_next_smallest_with_it() -> None:
    # 3 + 10 + 20 = 33: with the total shown, hiding 3 alone is no use; 10 goes too, 20 stays.
    result = suppress(np.array([3.0, 10, 20]), _matrix([[0, 1, 2]], 3), kept=np.array([True]))
    assert result.cells.tolist() == [True, True, False]
    assert result.groups.tolist() == [False]


def test_zero_and_unknown_are_not_suppressed() -> None:
    result = suppress(np.array([0.0, np.nan, 5.0, 30.0]), _matrix([[0, 2]], 4))
    assert result.cells.tolist() == [False] * 4
    assert result.groups.tolist() == [False]


def test_two_small_areas_hide_each_other_and_nothing_else_goes() -> None:
    result = suppress(np.array([3.0, 2, 20, 30]), _matrix([[0, 1, 2, 3]], 4), kept=np.array([True]))
    assert result.cells.tolist() == [True, True, False, False]


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False), (np.nan, False)])
def test_one_to_four_are_small(count: float, small: bool) -> None:
    assert bool(is_small(np.array([count]))[0]) is small


def test_a_sum_is_given_away_by_its_complement_and_the_total() -> None:
    shown = csr_array(np.array([[1.0, 1, 1], [1, 1, 0]]))
    assert gives_away(shown, np.array([0.0, 0, 1]))
    assert not gives_away(shown, np.array([1.0, 0, 0]))
