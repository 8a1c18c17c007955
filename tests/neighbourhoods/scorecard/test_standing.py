"""Shares, mixes and fronts against the plainest way to work them out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from neighbourhoods.scorecard.standing import mixed, pareto_front, share_worse

small = arrays(float, st.tuples(st.integers(1, 30), st.integers(2, 3)), elements=st.integers(0, 6).map(float))


@given(small)
def test_front_is_what_no_other_beats(table: np.ndarray) -> None:
    def beats(a: np.ndarray, b: np.ndarray) -> bool:
        return bool((a <= b).all() and (a < b).any())

    naive = {i for i, row in enumerate(table) if not any(beats(other, row) for other in table)}
    found = pareto_front(list(table.T), [True] * table.shape[1])
    assert set(found.tolist()) == naive
    assert (np.diff(table[found, 0]) >= 0).all()
    assert set(pareto_front(list(-table.T), [False] * table.shape[1]).tolist()) == naive


@given(small, st.integers(0, 6))
def test_share_worse_counts_those_that_are_strictly_worse(table: np.ndarray, value: int) -> None:
    values = table[:, 0]
    assert share_worse(values, value) == sum(v > value for v in values) / len(values)
    assert share_worse(values, value, less_is_better=False) == sum(v < value for v in values) / len(values)


def test_a_mix_runs_from_the_best_to_the_worst_of_each_measure() -> None:
    border, alike = np.array([10.0, 20.0, 30.0]), np.array([0.9, 0.1, 0.5])
    assert mixed([border], [2.0], [True]).tolist() == [0.0, 0.5, 1.0]
    assert mixed([border, alike], [1.0, 3.0], [True, False]) == pytest.approx([0.0, 0.875, 0.625])
    assert mixed([np.array([5.0, 5.0])], [1.0], [True]).tolist() == [0.0, 0.0]


def test_what_is_not_known_has_no_standing() -> None:
    assert np.isnan(share_worse(np.array([1.0]), float("nan")))
    assert np.isnan(share_worse(np.zeros(0), 1.0))
