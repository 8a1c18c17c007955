"""What figures are asked for: a set of targets, and how areas of each geography belong to them.

The mistake this prevents: a figure without a word on how it was fitted to its footprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

PUBLISHED = "published"
EXACT = "exact"
BEST_FIT = "best fit"
BY_POSTCODE = "by postcode"
MODELLED = "modelled"
WEIGHTED_MEAN = "weighted mean"
FIT_ORDER = (PUBLISHED, EXACT, BEST_FIT, BY_POSTCODE, MODELLED)

# From fine to coarse. Wards of earlier years are never a source for an authority's total.
FINENESS = ("oa21", "oa11", "lsoa21", "lsoa11", "synthetic", "ward", "msoa21", "msoa11")


@dataclass(frozen=True)
class Membership:
    """How the areas of one geography make up the targets.

    Parameters
    ----------
    matrix : csr_array, targets x areas
        Share of each area that belongs to each target; rows in the order of `Target.codes`.
    from_codes : Index
        Area codes, in the order of the columns.
    method : str
        "published", "exact", "best fit by lookup", "best fit by centroid", "by postcode" or
        "modelled".
    straddling : Series, optional
        By target code: share (0 to 1) of people in areas that cross the target's line.
    """

    matrix: csr_array
    from_codes: pd.Index
    method: str
    straddling: pd.Series | None = None


@dataclass(frozen=True)
class Target:
    """Areas or footprints for which figures are wanted.

    Parameters
    ----------
    codes : Index
        Area codes or footprint ids.
    memberships : Mapping of str to Membership
        By source geography. Where the targets are areas of a geography themselves, that geography's
        membership is the identity.
    """

    codes: pd.Index
    memberships: Mapping[str, Membership]


def published_at(codes: pd.Index) -> Membership:
    """The identity: figures published for the targets themselves."""
    n = len(codes)
    return Membership(csr_array((np.ones(n), np.arange(n), np.arange(n + 1)), shape=(n, n)), codes, PUBLISHED)


def fit_word(membership: Membership, codes: pd.Index) -> str:
    """One of `FIT_ORDER` for a membership.

    Raises
    ------
    ValueError
        When the method is none of the known ones.
    """
    if membership.method == PUBLISHED or _is_identity(membership, codes):
        return PUBLISHED
    for word in FIT_ORDER[1:]:
        if membership.method.startswith(word):
            return word
    message = f"{membership.method!r} is no way of fitting areas to targets"
    raise ValueError(message)


def _is_identity(membership: Membership, codes: pd.Index) -> bool:
    matrix = membership.matrix
    return (
        membership.from_codes.equals(codes)
        and matrix.nnz == len(codes)
        and bool(np.all(matrix.diagonal() == 1))
    )
