"""A fit: how much of each small area counts towards each larger one, and how that is known.

The mistake this prevents is a figure for a footprint that does not say whether its areas nest exactly,
were fitted by their centroids, or were modelled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from geodata.errors import VintageError
from geodata.geography import geography

Method = Literal["exact", "best fit by lookup", "best fit by centroid", "by postcode", "modelled"]


@dataclass(frozen=True, eq=False)
class Fit:
    """Membership of small areas in larger ones.

    Parameters
    ----------
    from_geography, to_geography : str
    method : str
        "exact", "best fit by lookup", "best fit by centroid", "by postcode" (shares of postcodes) or
        "modelled" (spread by population; never shown without that word).
    matrix : csr_array (n_to, n_from)
        Share of each from-area that counts towards each to-area. A weight of NaN says that part of a
        from-area belongs there and nobody knows how much: any count through it is unknown.
    to_codes, from_codes : pd.Index
    straddling : pd.Series
        By to-code: share (0 to 1) of the people in from-areas that reach into it who live in one that
        crosses its line; NaN where unknown.
    unmatched : tuple of str
        From-areas that belong to no to-area.
    notes : tuple of str
        What a reader of the figures should know.
    """

    from_geography: str
    to_geography: str
    method: Method
    matrix: csr_array
    to_codes: pd.Index
    from_codes: pd.Index
    straddling: pd.Series
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def assignment(self) -> pd.Series:
        """The to-code that takes most of each from-area; None for those without one."""
        columns = self.matrix.tocsc()
        best: list[str | None] = []
        for i in range(len(self.from_codes)):
            rows = columns.indices[columns.indptr[i] : columns.indptr[i + 1]]
            weights = np.nan_to_num(columns.data[columns.indptr[i] : columns.indptr[i + 1]])
            best.append(str(self.to_codes[rows[np.argmax(weights)]]) if len(rows) else None)
        return pd.Series(best, index=self.from_codes, dtype=object, name="to_code")

    def with_straddling(self, touches: csr_array, from_codes: pd.Index, population_by_area: pd.Series) -> Fit:
        """The same fit with the share of people near the line worked out.

        For each to-area: of the people in all from-areas that reach into it, wherever they are counted,
        the share who live in from-areas that reach into another to-area too. People whom a best fit
        counts next door are thus part of it.

        Parameters
        ----------
        touches : csr_array of bool (n_to, n_from)
            Does the from-area reach into the to-area? Rows as `to_codes`, columns as `from_codes`.
        population_by_area : pd.Series
            By from-code; where any of those people are unknown, so is the share.
        """
        people = population_by_area.reindex(from_codes).to_numpy(dtype=float)
        reaches = csr_array(touches, dtype=float)
        crosses = np.asarray(reaches.sum(axis=0)).ravel() > 1
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (reaches @ np.where(crosses, people, people * 0)) / (reaches @ people)
        return replace(self, straddling=pd.Series(share, index=self.to_codes, name="straddling"))


def fit_from_pairs(
    from_geography: str,
    to_geography: str,
    method: Method,
    from_codes: pd.Index,
    to_codes: pd.Index,
    pairs: tuple[ArrayLike, ArrayLike],
    weight: ArrayLike | None = None,
    notes: tuple[str, ...] = (),
) -> Fit:
    """A fit from pairs of (from-codes, to-codes) and their weights (1 where not given)."""
    column = from_codes.get_indexer(pd.Index(np.asarray(pairs[0])))
    row = to_codes.get_indexer(pd.Index(np.asarray(pairs[1])))
    data = np.ones(len(row)) if weight is None else np.asarray(weight, dtype=float)
    matrix = csr_array((data, (row, column)), shape=(len(to_codes), len(from_codes)))
    matched = np.zeros(len(from_codes), dtype=bool)
    matched[column] = True
    return Fit(
        from_geography,
        to_geography,
        method,
        matrix,
        to_codes,
        from_codes,
        pd.Series(np.nan, index=to_codes, name="straddling"),
        tuple(str(code) for code in from_codes[~matched]),
        notes,
    )


def vintage_error(from_geography: str, to_geography: str, found: str) -> VintageError:
    """The error for two geographies that nothing joins; names both and says what to import."""
    one, other = geography(from_geography).plural, geography(to_geography).plural
    return VintageError(
        f"Figures for {one} cannot be carried to {other}: {found}. "
        f"Import the published lookup from {one} to {other}."
    )
