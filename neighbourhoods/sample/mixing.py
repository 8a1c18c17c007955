"""How well chains have mixed, and how many independent draws they are worth.

Draws of one chain resemble each other, so ten thousand of them say less than ten thousand independent ones.
Everything that is said of a share of options ("better than 96%") takes its interval from the effective
number, never from the number of draws. Formulas: Vehtari, Gelman, Simpson, Carpenter and Buerkner,
"Rank-normalization, folding, and localization: an improved R-hat", Bayesian Analysis 16 (2021), 667-718.

Values are arrays (n_chains, n_draws). What does not vary has no such figures: NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

Floats = NDArray[np.float64]

TAILS = (0.05, 0.95)
FEWEST_DRAWS = 4
ROUNDING = 1e-12


def r_hat(values: Floats) -> float:
    """Rank-normalised split R-hat, the larger of the one for place and the one for spread; 1 is mixed."""
    if not _varies(values):
        return float("nan")
    split = split_chains(values)
    folded = np.abs(split - np.median(split))
    return max(plain_r_hat(rank_normalised(split)), plain_r_hat(rank_normalised(folded)))


def bulk_ess(values: Floats) -> float:
    """Effective number of draws for the middle of the distribution."""
    return ess(rank_normalised(split_chains(values))) if _varies(values) else float("nan")


def tail_ess(values: Floats) -> float:
    """Effective number of draws for the 5% and the 95% quantile, whichever is less."""
    if not _varies(values):
        return float("nan")
    split = split_chains(values)
    shares = [share_ess(split <= np.quantile(values, tail)) for tail in TAILS]
    known = [one for one in shares if not np.isnan(one)]
    return min(known) if known else float("nan")


def share_ess(is_so: NDArray[np.bool_]) -> float:
    """Effective number of draws for the share of draws of which something is so; NaN for all or none."""
    return ess(is_so.astype(np.float64)) if _varies(is_so) else float("nan")


def split_chains(values: Floats) -> Floats:
    """Each chain's first half and second half as chains of their own (2 n_chains, n_draws // 2)."""
    half = values.shape[1] // 2
    return np.concatenate([values[:, :half], values[:, values.shape[1] - half :]])


def rank_normalised(values: Floats) -> Floats:
    """Normal scores of the ranks of all draws together, ties sharing their mean rank."""
    ranks = rankdata(values, method="average").reshape(values.shape)
    return np.asarray(ndtri((ranks - 3 / 8) / (values.size + 1 / 4)))


def plain_r_hat(values: Floats) -> float:
    """Square root of the whole variance over that within chains (Gelman and Rubin 1992)."""
    within, whole = _variances(values)
    if within <= ROUNDING * whole:
        return float("inf") if whole > 0 else float("nan")
    return float(np.sqrt(whole / within))


def ess(values: Floats) -> float:
    """Effective number of draws for the mean of `values`.

    Notes
    -----
    Number of draws over (1 + 2 sum of autocorrelations), all chains counted against their common mean. Pairs
    of autocorrelations are added up while they are above nought, none counted for more than the one before it
    (Geyer, Statistical Science 7, 1992). At most the number of draws times its logarithm to base ten.
    """
    n_chains, n_draws = values.shape
    within, whole = _variances(values)
    if n_draws < FEWEST_DRAWS or whole == 0:
        return float("nan")
    covariance = autocovariance(values).mean(axis=0)
    rho = 1 - (within - covariance * n_draws / (n_draws - 1)) / whole
    rho[0] = 1.0
    n_pairs = n_draws // 2
    pairs = rho[0 : 2 * n_pairs : 2] + rho[1 : 2 * n_pairs : 2]
    ends = np.flatnonzero(pairs <= 0)
    last = int(ends[0]) if len(ends) else n_pairs
    monotone = np.minimum.accumulate(pairs[: max(last, 1)])
    after = rho[2 * last] if last < n_pairs and 2 * last < n_draws else 0.0
    tau = -1 + 2 * float(monotone.sum()) + max(float(after), 0.0)
    n = n_chains * n_draws
    return float(n / max(tau, 1 / np.log10(n)))


def autocovariance(values: Floats) -> Floats:
    """Autocovariance of each chain at each lag, divided by the number of draws (n_chains, n_draws)."""
    n = values.shape[1]
    size = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(values - values.mean(axis=1, keepdims=True), size, axis=1)
    return np.asarray(np.fft.irfft(spectrum * spectrum.conj(), size, axis=1)[:, :n] / n)


def _variances(values: Floats) -> tuple[float, float]:
    """Mean variance within chains, and the estimate of the whole variance from within and between them."""
    n_chains, n_draws = values.shape
    within = float(values.var(axis=1, ddof=1).mean())
    between = float(values.mean(axis=1).var(ddof=1)) if n_chains > 1 else 0.0
    return within, within * (n_draws - 1) / n_draws + between


def _varies(values: NDArray[np.float64] | NDArray[np.bool_]) -> bool:
    enough = values.shape[1] >= 2 * FEWEST_DRAWS
    return enough and bool(np.isfinite(values).all()) and bool((values != values.flat[0]).any())
