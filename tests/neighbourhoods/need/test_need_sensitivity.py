"""How ranks change when weights vary: against exact chances, and what must hold for any draw."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import beta

from geodata.errors import InputError
from neighbourhoods.need.index import NeedIndex
from neighbourhoods.need.sensitivity import NeedSensitivity, need_sensitivity, ranks_of, sensitivity_json
from neighbourhoods.need.words import sensitivity_words, share_words


def index_of(parts: list[list[float]], weights: list[float]) -> NeedIndex:
    """Areas whose standardised values are the parts themselves."""
    numerator = np.array(parts, dtype=float)
    m = numerator.shape[1]
    ids = tuple(f"x{i}" for i in range(m))
    return NeedIndex(ids, np.array(weights), numerator, np.ones_like(numerator), np.zeros(m), np.ones(m))


def drawn(parts: list[list[float]], weights: list[float], **settings: float) -> NeedSensitivity:
    """Each area its own footprint, A, B, C, ..."""
    names = list("ABCDEF")[: len(parts)]
    eye = csr_array(np.eye(len(parts)))
    return need_sensitivity(index_of(parts, weights), eye, names, names, **settings)  # type: ignore[arg-type]


def test_two_footprints_change_places_as_often_as_the_beta_distribution_says() -> None:
    """A is (1, 0) and B (0, 1): A is neediest while the first weight is above a half."""
    found = drawn([[1, 0], [0, 1]], [0.6, 0.4], n_draws=20_000, concentration=10)
    chance = float(beta(6, 4).cdf(0.5))
    within = 4 * np.sqrt(chance * (1 - chance) / 20_000)
    assert found.swaps[0, 1] == pytest.approx(chance, abs=within)
    assert found.neediest.tolist() == pytest.approx([1 - chance, chance], abs=within)
    assert found.index.tolist() == [0.6, 0.4]
    low, high = beta(6, 4).ppf([0.05, 0.95])
    assert [found.lower[0], found.upper[0]] == pytest.approx([low, high], abs=0.01)


def test_with_the_stated_concentration_a_half_becomes_a_quarter_to_three_quarters() -> None:
    assert beta(5, 5).ppf([0.05, 0.95]) == pytest.approx([0.25, 0.75], abs=0.005)


def test_a_footprint_that_is_highest_on_everything_is_always_neediest() -> None:
    found = drawn([[2, 2, 2], [1, 0, 1], [0, 1, 1]], [0.5, 0.3, 0.2])
    assert found.neediest.tolist() == [1, 0, 0]
    assert found.changes[0] == 0
    assert sensitivity_words(found).startswith("A is neediest in all 2,000 weightings; B and C change places")


def test_more_of_what_is_better_counts_against_need_in_every_draw() -> None:
    found = drawn([[0, 1], [0, 0]], [0.5, -0.5])
    assert found.rank.tolist() == [2, 1]
    assert found.changes.tolist() == [0, 0]


def test_leaving_an_indicator_out_scales_the_others_up() -> None:
    found = drawn([[1, 0, 0], [0, 1, 1]], [0.6, 0.3, 0.1])
    expected = [[0, 1], [6 / 7, 1 / 7], [2 / 3, 1 / 3]]
    assert found.left_out_index == pytest.approx(np.array(expected))
    assert found.left_out_rank.tolist() == [[2, 1], [1, 2], [1, 2]]


def test_a_single_indicator_has_no_weights_to_vary() -> None:
    found = drawn([[1], [2]], [1.0])
    assert found.rank_shares.tolist() == [[0, 1], [1, 0]]
    assert found.left_out_index.shape == (0, 2)
    assert "no weights to vary" in sensitivity_words(found)


def test_equals_share_a_rank_and_nobody_is_put_first() -> None:
    assert ranks_of(np.array([[3.0, 1.0, 3.0]])).tolist() == [[1, 3, 1]]
    assert sensitivity_words(drawn([[1, 1], [1, 1]], [0.5, 0.5])).startswith("A and B are equally needy")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.floats(-3, 3), min_size=3, max_size=3), min_size=2, max_size=5),
    st.lists(st.floats(0.05, 1), min_size=3, max_size=3),
    st.integers(0, 5),
)
def test_any_draw_gives_each_footprint_one_rank_and_repeats_by_its_seed(
    parts: list[list[float]], weights: list[float], seed: int
) -> None:
    shares = [w / sum(weights) for w in weights]
    found = drawn(parts, shares, n_draws=200, seed=seed)
    assert found.rank_shares.sum(axis=1) == pytest.approx(np.ones(len(parts)))
    own = found.rank_shares[np.arange(len(parts)), found.rank - 1]
    assert found.changes == pytest.approx(1 - own)
    assert found.swaps == pytest.approx(found.swaps.T)
    assert (found.lower <= found.upper).all()
    again = drawn(parts, shares, n_draws=200, seed=seed)
    assert np.array_equal(found.rank_shares, again.rank_shares)
    document = sensitivity_json(found, sensitivity_words(found))
    assert json.loads(json.dumps(document))["seed"] == seed


def test_shares_are_never_rounded_to_all_or_none() -> None:
    assert share_words(1.0, 2_000) == "all 2,000 weightings"
    assert share_words(1_999 / 2_000, 2_000) == "more than 99% of 2,000 weightings"
    assert share_words(0.31) == "31%"
    assert share_words(1 / 2_000) == "fewer than 1%"
    assert share_words(0.0) == "none"


@pytest.mark.parametrize(
    ("settings", "fault"),
    [({"n_draws": 0}, "1 to 100,000 times"), ({"concentration": 0.0}, "above nought")],
)
def test_what_cannot_be_drawn_is_refused(settings: dict[str, float], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        drawn([[1, 0], [0, 1]], [0.5, 0.5], **settings)
