"""Classes of a choropleth."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indicators.classify import AREAS_FOR_FIFTHS, N_CLASSES, classify


def test_four_neighbourhoods_are_never_put_into_fifths() -> None:
    classes = classify([4.0, 5.0, 6.0, 10.0])
    assert classes.method == "equal steps"
    assert classes.limits == (4.0, 6.0, 8.0, 10.0)
    assert classes.index.tolist() == [0, 0, 1, 2]


def test_fifths_begin_at_three_areas_to_a_class() -> None:
    assert classify(np.arange(AREAS_FOR_FIFTHS - 1.0)).method == "equal steps"
    assert classify(np.arange(float(AREAS_FOR_FIFTHS))).method == "fifths"


def test_fifths_hold_equal_numbers_of_distinct_values() -> None:
    classes = classify(np.arange(100.0))
    assert np.bincount(classes.index).tolist() == [20, 20, 20, 20, 20]


def test_no_data_is_in_no_class() -> None:
    assert classify([1.0, np.nan, 2.0]).index.tolist() == [0, -1, 1]
    assert classify([np.nan]).n_classes == 0


def test_one_value_is_one_class() -> None:
    classes = classify([3.0, 3.0, np.nan])
    assert classes.n_classes == 1
    assert classes.index.tolist() == [0, 0, -1]


@given(st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=1, max_size=60))
def test_every_value_lies_within_the_limits_of_its_class(values: list[float]) -> None:
    classes = classify(values)
    assert classes.n_classes <= N_CLASSES
    for value, index in zip(values, classes.index, strict=True):
        if np.isnan(value):
            assert index == -1
        else:
            assert classes.limits[index] <= value <= classes.limits[index + 1]
