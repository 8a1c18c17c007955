"""Sums by membership: counts are conserved, rates are not averaged, unknown stays unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from indicators.aggregate import aggregate


def _matrix(assignment: list[int], n_targets: int) -> csr_array:
    places = (np.array(assignment), np.arange(len(assignment)))
    return csr_array((np.ones(len(assignment)), places), shape=(n_targets, len(assignment)))


def _column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, np.newaxis]


def test_rate_is_ratio_of_sums_not_mean_of_rates() -> None:
    # 1 of 10 (10%) and 90 of 100 (90%): 91 of 110, not 50%.
    numerator, denominator, known = aggregate(_matrix([0, 0], 1), _column(1, 90), _column(10, 100))
    assert numerator[0, 0] / denominator[0, 0] == pytest.approx(91 / 110)
    assert known.all()


def test_an_unknown_member_makes_the_whole_unknown_and_no_other() -> None:
    numerator, _, known = aggregate(_matrix([0, 0, 1], 2), _column(1, np.nan, 5), _column(10, 10, 10))
    assert np.isnan(numerator[0, 0])
    assert numerator[1, 0] == 5
    assert known[:, 0].tolist() == [False, True]


def test_an_unknown_area_of_no_weight_does_no_harm() -> None:
    matrix = csr_array(np.array([[1.0, 0.0]]))
    matrix = csr_array((np.array([1.0, 0.0]), np.array([0, 1]), np.array([0, 2])), shape=(1, 2))
    numerator, _, known = aggregate(matrix, _column(4, np.nan), _column(8, np.nan))
    assert numerator[0, 0] == 4
    assert known.all()


def test_a_target_without_members_is_unknown_and_not_zero() -> None:
    numerator, _, known = aggregate(_matrix([0], 2), _column(3), _column(6))
    assert np.isnan(numerator[1, 0])
    assert not known[1, 0]


def test_half_an_area_gives_half_its_people() -> None:
    matrix = csr_array(np.array([[0.5, 1.0], [0.5, 0.0]]))
    numerator, denominator, _ = aggregate(matrix, _column(10, 4), _column(100, 50))
    assert numerator[:, 0].tolist() == [9, 5]
    assert denominator[:, 0].tolist() == [100, 50]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**6)), min_size=4, max_size=40))
def test_counts_are_conserved(pairs: list[tuple[int, int]]) -> None:
    counts = _column(*(count for _, count in pairs))
    numerator, _, _ = aggregate(_matrix([target for target, _ in pairs], 4), counts, counts + 1)
    assert np.nansum(numerator) == counts.sum()


@given(st.permutations(range(6)))
def test_the_order_of_areas_does_not_matter(order: list[int]) -> None:
    assignment, counts = [0, 1, 0, 1, 0, 1], _column(1, 2, 4, 8, 16, 32)
    plain = aggregate(_matrix(assignment, 2), counts, counts)[0]
    shuffled = aggregate(_matrix([assignment[i] for i in order], 2), counts[order], counts[order])[0]
    assert plain.tolist() == shuffled.tolist() == [[21.0], [42.0]]
