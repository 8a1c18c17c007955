"""Small local counts stay hidden, also from somebody who can subtract.

The mistake this prevents: a hidden 3 that comes back as total minus the rest, or as one option's
footprint minus another's. What is shown is a set of sums over areas; a hidden figure is given away
exactly when it is a linear combination of the sums that are shown. So that is what is tested, and
further figures are hidden until nothing is given away. Zero, unknown and suppressed stay three
different things: a zero is shown (and then gives away that each of its areas is zero, which is
counted as known), an unknown figure is neither shown nor protected.

Only `local_sensitive` figures pass through here. `published` ones are shown as they are;
`protected_at_source` ones (Census 2021: record swapping and cell key perturbation) are shown with
a note. Attacks by bounds (a hidden count lies between 0 and the rest) are outside its promise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from indicators.indicator import Disclosure

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SMALLEST, LARGEST = 1.0, 4.0  # counts that are hidden, both ends included
_TOLERANCE = 1e-8
_WEIGHT = 1e-7  # weights below this are rounding

NOTES: dict[Disclosure, str] = {
    "published": "",
    "protected_at_source": "Small counts were changed slightly by the publisher to protect people.",
    "local_sensitive": "Counts of 1 to 4, and others that would give them away, are suppressed.",
}


@dataclass(frozen=True)
class Suppression:
    """What must not be shown.

    Parameters
    ----------
    cells : ndarray of bool, areas
        Hidden single areas.
    groups : ndarray of bool, groups
        Hidden sums over areas (footprints, totals).
    """

    cells: Flags
    groups: Flags


def is_small(counts: Floats) -> Flags:
    """True for counts from 1 to 4 (anything above 0 and below 5, for apportioned counts)."""
    return (counts > 0) & (counts < LARGEST + 1)


def suppress(
    counts: Floats,
    groups: csr_array,
    *,
    kept: Flags | None = None,
    shown_elsewhere: csr_array | None = None,
) -> Suppression:
    """Primary and secondary suppression of areas and of sums over them.

    Parameters
    ----------
    counts : ndarray, areas
        Count of each area; NaN is unknown.
    groups : csr_array, groups x areas
        Membership of every sum that is to be shown beside the areas: footprints, totals, those of
        several options one under the other.
    kept : ndarray of bool, groups, optional
        Sums that are published anyhow (the authority's total): hidden only when small themselves.
    shown_elsewhere : csr_array, sums x areas, optional
        Sums that readers already have, such as the footprints of saved options. Small ones among
        them count as hidden.

    Returns
    -------
    Suppression
        Areas are settled first, against each other and the kept sums; then the groups against those
        areas and what is shown elsewhere. So an area is hidden in every view alike.
    """
    unit = _identity(len(counts))
    kept_rows = np.zeros(groups.shape[0], dtype=bool) if kept is None else kept
    totals = groups[np.flatnonzero(kept_rows)]
    totals = totals[np.flatnonzero(_visible(counts, totals))]
    cells = _hide(counts, unit, totals)
    known = _stack(unit[np.flatnonzero(_visible(counts, unit) & ~cells)], totals)
    if shown_elsewhere is not None:
        known = _stack(known, shown_elsewhere[np.flatnonzero(_visible(counts, shown_elsewhere))])
    hidden = is_small(np.asarray(groups @ np.nan_to_num(counts), dtype=np.float64))
    hidden[~kept_rows] = _hide(
        counts, groups[np.flatnonzero(~kept_rows)], known, protected=unit[np.flatnonzero(cells)]
    )
    return Suppression(cells, hidden)


def across_options(counts: Floats, options: list[csr_array]) -> list[Flags]:
    """Footprints to hide in each option so that no difference of options isolates a small area.

    Parameters
    ----------
    counts : ndarray, areas
    options : list of csr_array, footprints x areas
        Earlier options keep what they show; a later one hides what would give something away.

    Returns
    -------
    list of ndarray of bool
        One mask of hidden footprints per option.
    """
    total = csr_array(np.ones((1, len(counts))))
    hidden: list[Flags] = []
    shown = total
    for option in options:
        both = _stack(option, total)
        kept = np.zeros(both.shape[0], dtype=bool)
        kept[-1] = True
        mask = suppress(counts, both, kept=kept, shown_elsewhere=shown).groups[:-1]
        hidden.append(mask)
        shown = _stack(shown, option[np.flatnonzero(~mask)])
    return hidden


def gives_away(shown: csr_array, secret: Floats) -> bool:
    """True when a hidden sum is a linear combination of shown ones.

    Parameters
    ----------
    shown : csr_array, sums x areas
        Memberships of what is shown.
    secret : ndarray, areas
        Membership of what is hidden.
    """
    return _combination(shown, secret) is not None


def _hide(counts: Floats, rows: csr_array, known: csr_array, protected: csr_array | None = None) -> Flags:
    """Rows to hide so that neither they, when small, nor `protected` follow from what is shown."""
    totals = np.asarray(rows @ np.nan_to_num(counts), dtype=np.float64)
    visible = _visible(counts, rows)
    unknown = np.asarray(rows @ np.isnan(counts).astype(np.float64)) > 0
    hidden = is_small(totals) & ~unknown
    zero_areas = np.union1d(_members_of_zeros(counts, rows), _members_of_zeros(counts, known))
    fixed = _stack(known, _identity(len(counts))[zero_areas])
    while True:
        secrets = (
            rows[np.flatnonzero(hidden)]
            if protected is None
            else _stack(rows[np.flatnonzero(hidden)], protected)
        )
        worst = _next_to_hide(rows, np.flatnonzero(visible & ~hidden), fixed, secrets.toarray(), totals)
        if worst is None:
            return hidden
        hidden[worst] = True


def _next_to_hide(
    rows: csr_array, shown: NDArray[np.intp], fixed: csr_array, secrets: Floats, totals: Floats
) -> int | None:
    """Of the shown rows that give a secret away, the smallest above zero; None when none does."""
    system = _stack(fixed, rows[shown])
    for secret in secrets:
        weights = _combination(system, secret)
        if weights is None or gives_away(fixed, secret):
            continue  # safe; or lost already, and nothing here can bring it back
        used = shown[np.abs(weights[fixed.shape[0] :]) > _WEIGHT]
        order = np.lexsort((totals[used], totals[used] == 0))
        return int(used[order[0]])
    return None


def _combination(system: csr_array, secret: Floats) -> Floats | None:
    """Weights of the rows of `system` that add up to `secret`; None when there are none.

    Areas that are shown singly are struck out first, so the equations left are as many as there are
    sums, over the hidden areas only.
    """
    single = np.diff(system.indptr) == 1
    area_of_single = system[np.flatnonzero(single)].indices
    open_area = np.ones(system.shape[1], dtype=bool)
    open_area[area_of_single] = False
    sums = system[np.flatnonzero(~single)]
    equations = sums[:, np.flatnonzero(open_area)].toarray().T
    target = secret[open_area]
    found = np.linalg.lstsq(equations, target, rcond=None)[0] if equations.size else np.zeros(sums.shape[0])
    if np.max(np.abs(equations @ found - target), initial=0.0) > _TOLERANCE:
        return None
    weights = np.zeros(system.shape[0])
    weights[~single] = found
    left = secret - np.asarray(sums.T @ found)
    first, position = np.unique(area_of_single, return_index=True)
    weights[np.flatnonzero(single)[position]] = left[first] / system[np.flatnonzero(single)].data[position]
    return weights


def _visible(counts: Floats, rows: csr_array) -> Flags:
    """Sums that would be shown for all that primary suppression says: known and not small."""
    unknown = np.asarray(rows @ np.isnan(counts).astype(np.float64)) > 0
    totals = np.asarray(rows @ np.nan_to_num(counts), dtype=np.float64)
    return ~unknown & ~is_small(totals)


def _members_of_zeros(counts: Floats, rows: csr_array) -> NDArray[np.intp]:
    """Areas that a shown zero gives away: each member of it is zero too."""
    totals = np.asarray(rows @ np.nan_to_num(counts), dtype=np.float64)
    zero = _visible(counts, rows) & (totals == 0)
    return np.unique(rows[np.flatnonzero(zero)].indices).astype(np.intp)


def _identity(n: int) -> csr_array:
    return csr_array((np.ones(n), np.arange(n), np.arange(n + 1)), shape=(n, n))


def _stack(above: csr_array, below: csr_array) -> csr_array:
    return csr_array(vstack([above, below], format="csr"))
