"""R-hat and effective numbers of draws against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from neighbourhoods.sample.ensemble_merge import percentile_error
from neighbourhoods.sample.mixing import (
    autocovariance,
    bulk_ess,
    ess,
    plain_r_hat,
    r_hat,
    rank_normalised,
    share_ess,
    split_chains,
    tail_ess,
)

Floats = NDArray[np.float64]


def autoregressive(phi: float, n_chains: int = 4, n_draws: int = 60_000, seed: int = 0) -> Floats:
    """Stationary chains in which each value is phi times the last plus noise."""
    noise = np.random.default_rng(seed).normal(size=(n_chains, n_draws))
    values = np.zeros_like(noise)
    values[:, 0] = noise[:, 0] / math.sqrt(1 - phi**2)
    for draw in range(1, n_draws):
        values[:, draw] = phi * values[:, draw - 1] + noise[:, draw]
    return values


def test_independent_draws_are_worth_themselves() -> None:
    values = np.random.default_rng(0).normal(size=(4, 5_000))
    for worth in (ess(values), bulk_ess(values), tail_ess(values)):
        assert worth == pytest.approx(20_000, rel=0.05)
    assert r_hat(values) == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("phi", [0.5, 0.9, -0.5])
def test_draws_that_resemble_the_last_are_worth_what_theory_says(phi: float) -> None:
    """The sum of autocorrelations of AR(1) is known: N (1 - phi) / (1 + phi) independent draws."""
    worth = 240_000 * (1 - phi) / (1 + phi)
    assert ess(autoregressive(phi)) == pytest.approx(worth, rel=0.1)
    assert bulk_ess(autoregressive(phi)) == pytest.approx(worth, rel=0.1)


def test_share_of_draws_above_nought_is_worth_what_theory_says() -> None:
    """Signs of a Gaussian AR(1) correlate by 2 / pi arcsin(phi^t)."""
    phi = 0.8
    rho = [2 / math.pi * math.asin(phi**t) for t in range(1, 200)]
    worth = 240_000 / (1 + 2 * sum(rho))
    assert share_ess(autoregressive(phi) > 0) == pytest.approx(worth, rel=0.1)


def test_plain_r_hat_of_four_numbers() -> None:
    """Chains 0, 2 and 4, 6: W = 2, B / n = 8, so V = 1 + 8 and R-hat = sqrt(9 / 2)."""
    assert plain_r_hat(np.array([[0.0, 2.0], [4.0, 6.0]])) == pytest.approx(math.sqrt(4.5))


def test_chains_in_different_places_or_of_different_spread_are_seen() -> None:
    values = np.random.default_rng(0).normal(size=(4, 1_000))
    assert r_hat(values + np.array([[0], [0], [0], [2.0]])) > 1.2
    assert r_hat(values * np.array([[1], [1], [1], [4.0]])) > 1.1
    assert plain_r_hat(values * np.array([[1], [1], [1], [4.0]])) < 1.01  # only the folded one sees it


def test_a_chain_that_drifts_is_seen_though_all_drift_alike() -> None:
    drift = np.linspace(0, 3, 1_000)
    assert r_hat(np.random.default_rng(0).normal(size=(4, 1_000)) + drift) > 1.2


def test_only_the_order_of_values_counts() -> None:
    values = autoregressive(0.5, n_draws=1_000)
    assert bulk_ess(np.exp(values)) == pytest.approx(bulk_ess(values))
    assert tail_ess(np.exp(values)) == pytest.approx(tail_ess(values), rel=0.02)


def test_ranks_are_normal_scores_with_ties_sharing_theirs() -> None:
    """Of three, the middle one is at (2 - 3/8) / (3 + 1/4) = 1/2, so its score is nought."""
    assert rank_normalised(np.array([[3.0, 1.0, 2.0]]))[0, 2] == pytest.approx(0)
    tied = rank_normalised(np.array([[5.0, 5.0, 1.0, 9.0]]))[0]
    assert tied[0] == tied[1] == pytest.approx(0)


def test_halves_of_an_odd_chain_leave_the_middle_out() -> None:
    assert split_chains(np.arange(5.0)[None, :]).tolist() == [[0, 1], [3, 4]]


def test_autocovariance_is_the_sum_of_products() -> None:
    values = np.array([[1.0, 4.0, 2.0, 7.0, 6.0]])
    away = values[0] - 4
    wanted = [(away[: 5 - lag] * away[lag:]).sum() / 5 for lag in range(5)]
    assert autocovariance(values)[0] == pytest.approx(wanted)


def test_what_does_not_vary_has_no_figure() -> None:
    constant = np.ones((4, 100))
    assert all(math.isnan(f(constant)) for f in (r_hat, bulk_ess, tail_ess, percentile_error))
    assert math.isnan(share_ess(constant > 0))


def test_chains_that_stand_still_apart_have_no_agreement_at_all() -> None:
    assert r_hat(np.repeat(np.arange(4.0)[:, None], 100, axis=1)) == math.inf


def test_error_of_a_percentile_is_that_of_a_share_of_independent_draws() -> None:
    """At the median of 20,000 independent draws: sqrt(1 / 4 / 20,000)."""
    values = np.random.default_rng(0).normal(size=(4, 5_000))
    assert percentile_error(values) == pytest.approx(math.sqrt(0.25 / 20_000), rel=0.05)
