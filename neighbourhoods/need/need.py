"""How footprints differ in need: spread between them, and how much of the variation they capture.

Works on sums of numerators and denominators, never on averaged rates. The total variation between areas
does not depend on the option, so it is worked out once per set of data and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MIN_VARIATION = 1e-12  # below this share of the mean, areas do not differ beyond rounding


@dataclass(frozen=True, eq=False)
class NeedTable:
    """Chosen indicators of the areas of one geography.

    Parameters
    ----------
    area_codes : pd.Index
        In the topology's order.
    indicator_ids : tuple of str
    numerator, denominator : float (n_areas, n_indicators)
        NaN where unknown. Indicators without a denominator (counts) have no place here.
    """

    area_codes: pd.Index
    indicator_ids: tuple[str, ...]
    numerator: Floats
    denominator: Floats

    @cached_property
    def index(self) -> pd.Index:
        """Indicators, as the index of a frame."""
        return pd.Index(self.indicator_ids, name="indicator_id")

    @cached_property
    def known(self) -> tuple[Floats, Floats]:
        """Numerators and denominators with nothing where either is unknown or nobody is counted."""
        known = np.isfinite(self.numerator) & (self.denominator > 0)
        return np.where(known, self.numerator, 0.0), np.where(known, self.denominator, 0.0)

    @cached_property
    def sums(self) -> Floats:
        """Both side by side (n_areas, 2 n_indicators): one product aggregates all."""
        return np.ascontiguousarray(np.hstack(self.known))

    @cached_property
    def squares(self) -> Floats:
        """numerator^2 / denominator by area and indicator: rate squared, weighted."""
        numerator, denominator = self.known
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(denominator > 0, np.square(numerator) / denominator, 0.0)

    @cached_property
    def has_zero(self) -> NDArray[np.bool_]:
        """True for indicators that are nowhere below nought, so that one value can be twice another."""
        return np.asarray((self.known[0] >= 0).all(axis=0), dtype=np.bool_)

    @cached_property
    def total_squares(self) -> Floats:
        """Sum of `squares` over all areas."""
        return np.asarray(self.squares.sum(axis=0))


def need_table(observations: pd.DataFrame, area_codes: pd.Index) -> NeedTable:
    """Arrays from observations of one geography and one period per indicator.

    Parameters
    ----------
    observations : DataFrame
        area_code, indicator_id, numerator, denominator; rows with a NaN denominator are counts and are
        left out. Areas that are missing are unknown.
    """
    rows = observations[observations["denominator"].notna()]
    tables = [
        rows.pivot(index="area_code", columns="indicator_id", values=column).reindex(area_codes)
        for column in ("numerator", "denominator")
    ]
    ids = tuple(str(name) for name in tables[0].columns)
    return NeedTable(area_codes, ids, tables[0].to_numpy(dtype=float), tables[1].to_numpy(dtype=float))


def distinctiveness(footprint_sums: Floats, squares: Floats) -> Floats:
    """Share of each indicator's variation between areas that lies between footprints.

    Parameters
    ----------
    footprint_sums : float (n_footprints, 2 n_indicators)
        Sums of `NeedTable.sums` over each footprint's areas.
    squares : float (n_indicators,)
        Sum of `NeedTable.squares` over the areas that are in a footprint.

    Returns
    -------
    float (n_indicators,)
        Weighted eta squared, 0 to 1; NaN where areas do not differ at all or nothing is known. With
        rate r = N / D and weight D, between = sum_f N_f^2 / D_f - N^2 / D and total = sum_i N_i^2 / D_i -
        N^2 / D.
    """
    m = footprint_sums.shape[1] // 2
    numerator, denominator = footprint_sums[:, :m], footprint_sums[:, m:]
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.square(numerator.sum(axis=0)) / denominator.sum(axis=0)
        within_mean = np.where(denominator > 0, np.square(numerator) / denominator, 0.0).sum(axis=0)
        total = squares - level
        share = (within_mean - level) / total
    share[~(total > MIN_VARIATION * np.abs(level))] = np.nan
    return np.asarray(np.clip(share, 0.0, 1.0))


def need_spread(footprint_sums: Floats, has_zero: NDArray[np.bool_] | None = None) -> Floats:
    """How far footprints' values lie from the whole's, for each indicator, as a share of the whole's.

    Standard deviation of footprint values, weighted by denominators, over the value of all footprints
    together; NaN where that is nought.

    Parameters
    ----------
    footprint_sums : float (n_footprints, 2 n_indicators)
    has_zero : bool (n_indicators,), optional
        NaN where False: of a score that lies round nought no share can be taken.
    """
    m = footprint_sums.shape[1] // 2
    numerator, denominator = footprint_sums[:, :m], footprint_sums[:, m:]
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = numerator.sum(axis=0) / denominator.sum(axis=0)
        value = np.where(denominator > 0, numerator / denominator, whole)
        variance = (denominator * np.square(value - whole)).sum(axis=0) / denominator.sum(axis=0)
        spread = np.sqrt(variance) / np.abs(whole)
    is_told = np.isfinite(spread) if has_zero is None else np.isfinite(spread) & has_zero
    return np.asarray(np.where(is_told, spread, np.nan))
