"""Rows of figures for a set of targets, each beside the authority's: value, limits, fit and note.

The mistake this prevents: two pages that work out the same figure in two ways. Every page, export
and command takes its figures from here. Rates come from summed counts; a score is a weighted mean,
called so, without an interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from indicators.aggregate import aggregate, has_unknown_part, n_members
from indicators.authority import NOT_COMBINED, NOT_COMBINED_NOTE, Reference, authority_references
from indicators.comparison import NOT_COMPARED, compare
from indicators.indicator import Indicator
from indicators.interval import LEVEL_95, LEVEL_998, interval
from indicators.local_count import Shown, hide_local
from indicators.note import (
    LOCAL_NOTE,
    SPLIT_NOTE,
    UNSAVED_NOTE,
    gap_notes,
    joined,
    straddling_notes,
    unreached_note,
)
from indicators.observed import Observed, by_geography
from indicators.panel import MISSING, SUPPRESSED
from indicators.target import (
    BEST_FIT,
    EXACT,
    FINENESS,
    FIT_ORDER,
    MODELLED,
    PUBLISHED,
    WEIGHTED_MEAN,
    Target,
    fit_word,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Words = NDArray[np.object_]

_ROUNDING = 1e-9
NOTHING_SHOWN = Shown()
VALUE_COLUMNS = ("numerator", "denominator", "value", "lower", "upper", "lower_998", "upper_998")


@dataclass(frozen=True)
class _Figures:
    """One indicator over the targets, the authority last."""

    period: str
    numerator: Floats
    denominator: Floats
    suppressed: Flags
    fit: Words
    note: Words


def profile_rows(
    observations: pd.DataFrame | Mapping[str, Observed],
    target: Target,
    catalogue: Mapping[str, Indicator],
    *,
    authority_code: str,
    id_column: str = "area_code",
    earlier: Shown = NOTHING_SHOWN,
) -> pd.DataFrame:
    """Figures of every indicator for every target and for the authority.

    Parameters
    ----------
    observations : DataFrame, or Mapping of str to Observed
        As `indicators.observe.observe` returns them, of any geographies; or the same as arrays, as
        `indicators.observed.by_geography` returns them, which many targets may share.
    target : Target
    catalogue : Mapping of str to Indicator
        Indicators without an observation give no row.
    authority_code : str
        Goes into `id_column` of the authority's rows.
    id_column : str
        "area_code", or "footprint_id" for an option.
    earlier : Shown
        What readers may already have (areas of other kinds, footprints of saved options), for suppression
        of local and sensitive counts across views. Not looked at without such counts.

    Returns
    -------
    DataFrame
        Columns indicator_id, domain, `id_column`, period, numerator, denominator, value, lower,
        upper, lower_998, upper_998 (95% and 99.8% limits), comparison ("higher", "lower", "similar"
        or "not compared", against the authority), suppressed (bool), fit ("published", "exact",
        "best fit", "by postcode", "modelled", "weighted mean" or ""), note. NaN is unknown or
        suppressed. The authority's value is the sum over the finest geography known in full, or
        else the figure published for it.
    """
    observed = (
        by_geography(observations, catalogue) if isinstance(observations, pd.DataFrame) else observations
    )
    references = authority_references(observed, catalogue, authority_code)
    found: list[tuple[Indicator, _Figures]] = []
    for geography, indicators in _chosen(observed, target, catalogue).items():
        found += _figures(geography, indicators, observed, target, references, earlier)
    if not found:
        return _empty(id_column)
    order = {indicator_id: position for position, indicator_id in enumerate(catalogue)}
    found.sort(key=lambda pair: order[pair[0].id])
    codes = np.append(target.codes.to_numpy(dtype=object), authority_code)
    # one frame from arrays end to end: a frame for each indicator, then joined, takes five times as long
    parts = [_columns(indicator, figures, codes, id_column) for indicator, figures in found]
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _chosen(
    observed: Mapping[str, Observed], target: Target, catalogue: Mapping[str, Indicator]
) -> dict[str, list[Indicator]]:
    """Source geography -> indicators to be taken from it; "" for those no membership reaches."""
    ranks = {
        geography: (FIT_ORDER.index(fit_word(membership, target.codes)), _fineness(geography))
        for geography, membership in target.memberships.items()
    }
    chosen: dict[str, list[Indicator]] = {}
    for indicator in catalogue.values():
        holding = [geography for geography, one in observed.items() if indicator.id in one.position]
        if not holding:
            continue
        reached = [geography for geography in holding if geography in ranks]
        with_figures = [geography for geography in reached if observed[geography].any_known(indicator.id)]
        best = min(with_figures or reached, key=lambda geography: ranks[geography], default="")
        chosen.setdefault(best, []).append(indicator)
    return chosen


def _figures(
    geography: str,
    indicators: list[Indicator],
    observed: Mapping[str, Observed],
    target: Target,
    references: Mapping[str, Reference],
    earlier: Shown,
) -> list[tuple[Indicator, _Figures]]:
    n = len(target.codes)
    if not geography:
        nothing = np.full(n, np.nan)
        none_hidden = np.zeros(n, dtype=bool)
        return [
            (
                one,
                _with_reference(
                    "",
                    nothing,
                    nothing,
                    none_hidden,
                    [""] * n,
                    [unreached_note(one, observed)] * n,
                    references[one.id],
                ),
            )
            for one in indicators
        ]
    membership = target.memberships[geography]
    fit = fit_word(membership, target.codes)
    ids = [one.id for one in indicators]
    numerator, denominator, flags = observed[geography].arrays(ids, membership.from_codes)
    sums, bases, _ = aggregate(membership.matrix, numerator, denominator, flags == 0)
    n_hidden = n_members(membership.matrix, flags == SUPPRESSED)
    n_missing = n_members(membership.matrix, flags == MISSING)
    n_all = n_members(membership.matrix, np.ones((flags.shape[0], 1), dtype=bool))[:, 0]
    straddling = straddling_notes(membership, fit, target.codes)
    apportioned = _has_parts(membership.matrix)
    split = has_unknown_part(membership.matrix)
    results = []
    local_note = joined(LOCAL_NOTE, UNSAVED_NOTE if earlier.is_option and not earlier.is_saved else "")
    for column, indicator in enumerate(indicators):
        reason = observed[geography].reason[indicator.id]
        note = gap_notes(n_hidden[:, column], n_missing[:, column], n_all, fit, reason)
        note = [SPLIT_NOTE if part else text for part, text in zip(split, note, strict=True)]
        hidden = n_hidden[:, column] > 0
        num, den = sums[:, column].copy(), bases[:, column].copy()
        reference = references[indicator.id]
        if indicator.disclosure == "local_sensitive":
            local, whole = hide_local(
                indicator, numerator[:, column], denominator[:, column], target, geography, earlier
            )
            num[local], den[local] = np.nan, np.nan
            hidden = hidden | local
            note = [
                joined(text, local_note) if small else text for text, small in zip(note, local, strict=True)
            ]
            if whole:
                reference = reference.hidden()
        if indicator.aggregation == NOT_COMBINED and fit != PUBLISHED:
            num[:], den[:], note = np.nan, np.nan, [NOT_COMBINED_NOTE] * n
        word = WEIGHTED_MEAN if indicator.statistic == "score" and fit != PUBLISHED else fit
        words = [MODELLED if one and word in (BEST_FIT, EXACT) else word for one in apportioned]
        crossing = [joined(text, line) for text, line in zip(note, straddling, strict=True)]
        period = observed[geography].period[indicator.id]
        results.append((indicator, _with_reference(period, num, den, hidden, words, crossing, reference)))
    return results


def _with_reference(
    period: str,
    numerator: Floats,
    denominator: Floats,
    suppressed: Flags,
    fit: list[str],
    note: list[str],
    reference: Reference,
) -> _Figures:
    return _Figures(
        period or reference.period,
        np.append(numerator, reference.numerator),
        np.append(denominator, reference.denominator),
        np.append(suppressed, reference.suppressed),
        np.array([*fit, reference.fit], dtype=object),
        np.array([*note, reference.note], dtype=object),
    )


def _columns(
    indicator: Indicator, figures: _Figures, codes: Words, id_column: str
) -> dict[str, NDArray[np.generic]]:
    """The rows of one indicator, column by column."""
    num = figures.numerator
    if indicator.denominator is None:
        den = np.full(len(num), np.nan)
        value = num
    else:
        den = figures.denominator
        value = num / np.where(den > 0, den, np.nan) * indicator.multiplier
    lower, upper = interval(indicator.statistic, num, den, indicator.multiplier, LEVEL_95)
    lower_998, upper_998 = interval(indicator.statistic, num, den, indicator.multiplier, LEVEL_998)
    comparison = compare(lower, upper, value[-1])
    comparison[-1] = NOT_COMPARED

    def all_rows(text: str) -> Words:
        return np.full(len(num), text, dtype=object)

    return {
        "indicator_id": all_rows(indicator.id),
        "domain": all_rows(indicator.domain),
        id_column: codes,
        "period": all_rows(figures.period),
        "numerator": num,
        "denominator": den,
        "value": value,
        "lower": lower,
        "upper": upper,
        "lower_998": lower_998,
        "upper_998": upper_998,
        "comparison": comparison,
        "suppressed": figures.suppressed,
        "fit": figures.fit,
        "note": figures.note,
    }


def _has_parts(matrix: csr_array) -> Flags:
    """True for each target that takes a part of an area, as where one area was split into two."""
    is_part = (matrix.data > 0) & (matrix.data < 1 - _ROUNDING)
    part = csr_array((is_part, matrix.indices, matrix.indptr), shape=matrix.shape)
    return np.asarray(part.sum(axis=1)).ravel() > 0


def _fineness(geography: str) -> int:
    return FINENESS.index(geography) if geography in FINENESS else len(FINENESS)


def _empty(id_column: str) -> pd.DataFrame:
    text = ("indicator_id", "domain", id_column, "period")
    columns: dict[str, pd.Series] = {name: pd.Series(dtype="str") for name in text}
    columns |= {name: pd.Series(dtype="float64") for name in VALUE_COLUMNS}
    columns["comparison"] = pd.Series(dtype="str")
    columns["suppressed"] = pd.Series(dtype="bool")
    columns |= {name: pd.Series(dtype="str") for name in ("fit", "note")}
    return pd.DataFrame(columns)
