"""Intervals against independent implementations, and what must hold of any interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import binomtest, poisson

from indicators.interval import LEVEL_95, LEVEL_998, byar, events_interval, exact_poisson, interval, wilson

LEVELS = (LEVEL_95, LEVEL_998)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("x", "n"), [(0, 1), (0, 50), (1, 50), (7, 12), (50, 50), (319, 1627), (1, 200_000)])
def test_wilson_agrees_with_scipy(x: int, n: int, level: float) -> None:
    lower, upper = wilson(x, n, level)
    independent = binomtest(x, n).proportion_ci(confidence_level=level, method="wilson")
    assert lower == pytest.approx(independent.low, abs=1e-12)
    assert upper == pytest.approx(independent.high, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("x", [0, 1, 2, 5, 9, 10, 30, 200])
def test_exact_limits_leave_half_of_the_error_in_each_tail_of_the_poisson(x: int, level: float) -> None:
    tail = (1 - level) / 2
    lower, upper = exact_poisson(x, level)
    assert upper == pytest.approx(brentq(lambda mean: poisson.cdf(x, mean) - tail, 0, 10 * x + 50), rel=1e-8)
    if x:
        root = brentq(lambda mean: poisson.sf(x - 1, mean) - tail, 1e-9, x + 1e-9)
        assert lower == pytest.approx(root, rel=1e-8)
    else:
        assert lower == 0


@pytest.mark.parametrize(("level", "tolerance"), [(LEVEL_95, 0.01), (LEVEL_998, 0.02)])
@pytest.mark.parametrize("x", [10, 11, 15, 25, 100, 5000])
def test_byar_lies_within_a_hundredth_or_two_of_the_exact_limits_from_ten_events(
    x: int, level: float, tolerance: float
) -> None:
    for approximate, exact in zip(byar(x, level), exact_poisson(x, level), strict=True):
        assert approximate == pytest.approx(exact, rel=tolerance)


def test_the_textbook_limits_of_no_event_and_of_ten() -> None:
    # Garwood (1936): 0 to 3.689 for no event, 4.795 to 18.390 for ten, at 95%.
    assert exact_poisson(0)[1] == pytest.approx(3.689, abs=5e-4)
    assert [float(limit) for limit in exact_poisson(10)] == pytest.approx([4.795, 18.390], abs=1e-3)


def test_exact_below_ten_and_byar_from_ten() -> None:
    assert events_interval([9.0])[0] == pytest.approx(exact_poisson([9.0])[0], abs=0)
    assert events_interval([10.0])[0] == pytest.approx(byar([10.0])[0], abs=0)
    assert events_interval([11.0])[1] == pytest.approx(byar([11.0])[1], abs=0)


def test_a_rate_has_the_limits_of_its_events_over_the_people_at_risk() -> None:
    lower, upper = interval("rate", [20.0], [4000.0], 1000.0)
    low, high = byar(20.0)
    assert (lower[0], upper[0]) == pytest.approx((float(low) / 4, float(high) / 4))


@pytest.mark.parametrize("statistic", ["count", "ratio", "score"])
def test_what_has_no_published_interval_gets_none(statistic: str) -> None:
    lower, upper = interval(statistic, [5.0], [10.0], 100.0)
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


@pytest.mark.parametrize(("x", "n"), [(np.nan, 10), (3, np.nan), (-1, 10), (11, 10), (0, 0)])
def test_no_interval_is_made_up_for_what_cannot_be(x: float, n: float) -> None:
    lower, upper = interval("proportion", x, n)
    assert np.isnan(lower)
    assert np.isnan(upper)
    assert np.isnan(interval("rate", 3, 0)[0])


def test_a_level_outside_zero_to_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(1, 2, 95)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_brackets_the_share_within_zero_to_one(pair: tuple[int, int]) -> None:
    x, n = pair
    lower, upper = wilson(x, n)
    assert 0 <= lower <= x / n <= upper <= 1


@given(st.integers(1, 10**5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_higher_level_never_gives_a_narrower_interval(pair: tuple[int, int]) -> None:
    x, n = pair
    for narrow, wide in (
        (wilson(x, n, LEVEL_95), wilson(x, n, LEVEL_998)),
        (events_interval(x, LEVEL_95), events_interval(x, LEVEL_998)),
    ):
        assert wide[0] <= narrow[0]
        assert wide[1] >= narrow[1]


@given(st.floats(0, 1e6))
def test_limits_of_events_bracket_the_count(x: float) -> None:
    lower, upper = events_interval(x)
    assert 0 <= lower <= x < upper


@given(st.lists(st.integers(0, 500), min_size=1, max_size=20))
def test_an_array_gives_what_its_members_give_one_by_one(counts: list[int]) -> None:
    together = events_interval(np.array(counts, dtype=float))[1]
    assert together == pytest.approx([float(events_interval(one)[1]) for one in counts])
