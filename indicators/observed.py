"""Observations of one geography as arrays, areas x indicators.

The mistake this prevents: rows of one indicator lined up with areas of another order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.indicator import Indicator
from indicators.panel import KNOWN, MISSING, SUPPRESSED

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]


@dataclass(frozen=True)
class Observed:
    """All that is observed at one geography.

    Parameters
    ----------
    area_codes : Index
    position : dict of str to int
        indicator_id -> column.
    numerator, denominator : ndarray, areas x indicators
        A count's denominator is zero here, so that it is not taken for unknown.
    flags : ndarray of int8, areas x indicators
        KNOWN, MISSING or SUPPRESSED.
    period, reason : dict of str to str
        By indicator_id.
    """

    area_codes: pd.Index
    position: dict[str, int]
    numerator: Floats
    denominator: Floats
    flags: Flags
    period: dict[str, str]
    reason: dict[str, str]

    def any_known(self, indicator_id: str) -> bool:
        """True when at least one area has a figure."""
        return bool((self.flags[:, self.position[indicator_id]] == KNOWN).any())

    def arrays(self, indicator_ids: Sequence[str], area_codes: pd.Index) -> tuple[Floats, Floats, Flags]:
        """Numerators, denominators and flags in a given order of areas; absent areas are MISSING."""
        columns = np.array([self.position[one] for one in indicator_ids], dtype=np.intp)
        rows = self.area_codes.get_indexer(area_codes)
        absent = (rows < 0)[:, np.newaxis]
        numerator = np.where(absent, np.nan, self.numerator[np.ix_(rows, columns)])
        denominator = np.where(absent, np.nan, self.denominator[np.ix_(rows, columns)])
        flags = np.where(absent, np.int8(MISSING), self.flags[np.ix_(rows, columns)])
        return numerator, denominator, flags


def by_geography(observations: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> dict[str, Observed]:
    """Observations of each geography as arrays; indicators that are not in the catalogue are left out."""
    wanted = observations[observations["indicator_id"].isin(list(catalogue))]
    return {
        str(geography): _observed(rows, catalogue)
        for geography, rows in wanted.groupby("geography", sort=True, observed=True)
    }


def _observed(rows: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> Observed:
    area, area_codes = pd.factorize(rows["area_code"])
    column, indicator_ids = pd.factorize(rows["indicator_id"])
    shape = (len(area_codes), len(indicator_ids))
    numerator, denominator = np.full(shape, np.nan), np.full(shape, np.nan)
    flags = np.full(shape, MISSING, dtype=np.int8)
    status, words = pd.factorize(rows["status"])
    flag_of_word = [
        KNOWN if word == "" else SUPPRESSED if word == "suppressed" else MISSING for word in words
    ]
    numerator[area, column] = rows["numerator"].to_numpy(dtype=np.float64)
    denominator[area, column] = rows["denominator"].to_numpy(dtype=np.float64)
    flags[area, column] = np.array(flag_of_word, dtype=np.int8)[status]
    for position, indicator_id in enumerate(indicator_ids):
        if catalogue[str(indicator_id)].denominator is None:
            denominator[:, position] = np.where(flags[:, position] == KNOWN, 0.0, np.nan)
    first = rows.drop_duplicates("indicator_id")
    period = dict(zip(first["indicator_id"], first["period"], strict=True))
    reasons = first["reason"] if "reason" in first.columns else pd.Series("", index=first.index)
    reason = dict(zip(first["indicator_id"], reasons, strict=True))
    return Observed(
        pd.Index(area_codes, name="area_code"),
        {str(indicator_id): position for position, indicator_id in enumerate(indicator_ids)},
        numerator,
        denominator,
        flags,
        period,
        reason,
    )
