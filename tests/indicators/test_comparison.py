"""Words of comparison at, just under and just over the reference."""

from __future__ import annotations

import numpy as np
import pytest

from indicators.comparison import compare, judge


@pytest.mark.parametrize(
    ("lower", "upper", "word"),
    [
        (10.0, 12.0, "similar"),  # the reference is the lower limit
        (10.001, 12.0, "higher"),
        (8.0, 10.0, "similar"),  # the reference is the upper limit
        (8.0, 9.999, "lower"),
        (8.0, 12.0, "similar"),
        (np.nan, 12.0, "not compared"),
        (8.0, np.nan, "not compared"),
    ],
)
def test_similar_exactly_when_the_interval_covers_the_reference(
    lower: float, upper: float, word: str
) -> None:
    assert compare([lower], [upper], 10.0).tolist() == [word]


def test_nothing_is_compared_with_an_unknown_reference() -> None:
    assert compare([1.0, 2.0], [3.0, 4.0], np.nan).tolist() == ["not compared", "not compared"]


def test_better_and_worse_only_where_polarity_is_agreed() -> None:
    assert judge("higher", "high_is_worse") == "worse"
    assert judge("lower", "high_is_worse") == "better"
    assert judge("higher", "high_is_better") == "better"
    assert judge("lower", "high_is_better") == "worse"
    assert judge("higher", "no_judgement") == "higher"
    assert judge("similar", "high_is_worse") == "similar"
    assert judge("not compared", "high_is_worse") == "not compared"
