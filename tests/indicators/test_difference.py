"""Differences with limits: as published, and right where the two share people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.difference import (
    HIGHER,
    LOWER,
    NOT_CLEAR,
    NOT_JUDGED,
    SAME_PEOPLE,
    Difference,
    Part,
    difference,
    difference_words,
    mover,
)
from indicators.interval import wilson


def part(numerator: object, denominator: object) -> Part:
    return Part(np.atleast_1d(np.asarray(numerator, float)), np.atleast_1d(np.asarray(denominator, float)))


NOBODY = part(0, 0)


@pytest.mark.parametrize(
    ("one", "other", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_separate_proportions_are_newcombes_method_10(
    one: tuple[int, int], other: tuple[int, int], lower: float, upper: float
) -> None:
    """Table II of Newcombe (1998), Statistics in Medicine 17, 873 to 890: first less second."""
    found = difference("proportion", part(*other), part(*one))
    assert found.value[0] == pytest.approx(one[0] / one[1] - other[0] / other[1])
    assert (found.lower[0], found.upper[0]) == pytest.approx((lower, upper), abs=5e-5)


def test_separate_rates_are_built_from_published_poisson_limits() -> None:
    """Nine and four events: exact limits 4.115 to 17.08 and 1.090 to 10.24 (Pearson and Hartley, Biometrika
    Tables for Statisticians, table 40), over 1,000 and 2,000 people; put together by hand."""
    found = difference("rate", part(4, 2_000), part(9, 1_000), multiplier=1_000)
    below = np.hypot(9 - 4.115, (10.24 - 4) / 2)
    above = np.hypot(17.08 - 9, (4 - 1.090) / 2)
    assert found.value[0] == pytest.approx(9 - 2)
    assert found.lower[0] == pytest.approx(7 - below, abs=5e-3)
    assert found.upper[0] == pytest.approx(7 + above, abs=5e-3)


def test_turned_round_the_difference_changes_its_sign() -> None:
    a, b, shared = part(30, 200), part(12, 150), part(400, 4_000)
    there = difference("proportion", a, b, shared)
    back = difference("proportion", b, a, shared)
    assert back.value[0] == pytest.approx(-there.value[0])
    assert (back.lower[0], back.upper[0]) == pytest.approx((-there.upper[0], -there.lower[0]))


def test_the_difference_is_that_of_the_whole_footprints() -> None:
    a, b, shared = part(30, 200), part(12, 150), part(400, 4_000)
    found = difference("proportion", a, b, shared, multiplier=100)
    assert found.value[0] == pytest.approx(100 * (412 / 4_150 - 430 / 4_200))


@pytest.mark.parametrize("statistic", ["proportion", "rate"])
def test_the_same_people_do_not_differ(statistic: str) -> None:
    found = difference(statistic, NOBODY, NOBODY, part(400, 4_000))
    assert (found.value[0], found.lower[0], found.upper[0]) == (0, 0, 0)
    assert difference_words(found)[0] == SAME_PEOPLE


def test_a_footprint_that_only_grew_differs_by_what_it_gained() -> None:
    # p_B - p_A = (n_b / N_B) (r_b - r_s): newcomers and those who were there are separate people
    found = difference("proportion", NOBODY, part(80, 400), part(300, 3_600))
    low_b, high_b = wilson(80, 400)
    low_s, high_s = wilson(300, 3_600)
    weight = 400 / 4_000
    middle = weight * (80 / 400 - 300 / 3_600)
    assert found.value[0] == pytest.approx(middle)
    assert found.lower[0] == pytest.approx(middle - weight * np.hypot(80 / 400 - low_b, high_s - 300 / 3_600))
    assert found.upper[0] == pytest.approx(middle + weight * np.hypot(high_b - 80 / 400, 300 / 3_600 - low_s))


counts = st.integers(40, 400)


@settings(max_examples=100, deadline=None)
@given(counts, counts, counts, st.sampled_from(["proportion", "rate"]))
def test_limits_hold_the_difference_and_are_narrower_than_for_separate_people(
    a: int, b: int, shared: int, statistic: str
) -> None:
    one, other, both = part(a, 2_000), part(b, 2_000), part(8 * shared, 16_000)
    found = difference(statistic, one, other, both)
    assert found.lower[0] < found.value[0] < found.upper[0]
    apart = difference(statistic, part(a + 8 * shared, 18_000), part(b + 8 * shared, 18_000))
    assert apart.value[0] == pytest.approx(found.value[0])
    assert apart.lower[0] < found.lower[0]
    assert apart.upper[0] > found.upper[0]


@pytest.mark.parametrize("statistic", ["proportion", "rate"])
def test_nineteen_in_twenty_limits_hold_the_true_difference_where_people_are_shared(statistic: str) -> None:
    """10,000 draws with a seed; the number that hold it is itself a draw, with a standard error of 0.2%."""
    generator = np.random.default_rng(3)
    people = {"a": 900, "b": 1_500, "s": 6_000}
    true = {"a": 0.05, "b": 0.09, "s": 0.06}

    def drawn(which: str) -> Part:
        n = people[which]
        draw = (
            generator.binomial(n, true[which], 10_000)
            if statistic == "proportion"
            else generator.poisson(n * true[which], 10_000)
        )
        return Part(draw.astype(float), np.full(10_000, float(n)))

    found = difference(statistic, drawn("a"), drawn("b"), drawn("s"))
    first = (900 * 0.05 + 6_000 * 0.06) / 6_900
    second = (1_500 * 0.09 + 6_000 * 0.06) / 7_500
    held = np.mean((found.lower <= second - first) & (second - first <= found.upper))
    assert 0.94 < held < 0.965


def test_unknown_parts_give_no_limits_and_nobody_gives_no_difference() -> None:
    unknown = difference("proportion", part(np.nan, np.nan), part(1, 10), part(5, 50))
    empty = difference("proportion", NOBODY, part(1, 10), NOBODY)
    for found in (unknown, empty):
        assert np.isnan([found.value[0], found.lower[0], found.upper[0]]).all()
        assert difference_words(found)[0] == NOT_JUDGED


@pytest.mark.parametrize("statistic", ["score", "ratio", "count"])
def test_what_has_no_interval_has_a_difference_that_is_not_judged(statistic: str) -> None:
    found = difference(statistic, part(30, 10), part(50, 10), part(0, 0))
    assert found.value[0] == pytest.approx(2)
    assert np.isnan(found.lower[0])
    assert difference_words(found)[0] == NOT_JUDGED


def test_words_follow_the_limits_and_nought_itself_is_not_clear() -> None:
    lower, upper = np.array([0.1, 0.0, -1.0, -2.0]), np.array([1.0, 1.0, 0.0, -0.1])
    found = Difference((lower + upper) / 2, lower, upper)
    assert difference_words(found).tolist() == [HIGHER, NOT_CLEAR, NOT_CLEAR, LOWER]


def test_terms_of_no_weight_count_for_nothing() -> None:
    value, lower, upper = mover([1.0, 0.0], [0.5, np.nan], [0.4, np.nan], [0.7, np.nan])
    assert (value, lower, upper) == pytest.approx((0.5, 0.4, 0.7))
