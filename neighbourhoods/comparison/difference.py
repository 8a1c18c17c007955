"""How the footprints of two options differ in one indicator, with limits.

Footprints are matched first, since their names mean nothing across options. Matched footprints mostly hold
the same people: the limits rest on the people who are only in the one or only in the other, and on those in
both (`indicators.difference`). The mistake this prevents: a difference that is hidden by the uncertainty of
people who are the same on both sides.

A local and sensitive indicator is not cut into such parts: their counts may be small, and limits that were
made from them would let a reader solve for them. There the limits are made from the two figures that are
shown anyhow, as if they were separate people: wider than need be, and they give nothing away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from indicators.difference import Difference, Part, difference, difference_words
from indicators.indicator import Indicator
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study

Floats = NDArray[np.float64]

BY_PARTS = "people in both counted once"
AS_SEPARATE = "as if separate people; wider than need be"
NONE = ""
COLUMNS = (
    "footprint_id",
    "footprint_name",
    "other_footprint_id",
    "other_footprint_name",
    "value",
    "other_value",
    "difference",
    "lower",
    "upper",
    "finding",
    "limits",
    "suppressed",
)
LIMITED = ("proportion", "rate")
_BETWEEN = "\x1f"  # between two footprint ids; no name that a person gives can hold it
_ROUNDING = 1e-6


def option_differences(
    study: Study, first: FootprintOption, second: FootprintOption, indicator_id: str
) -> pd.DataFrame:
    """Value of each footprint of `second` less that of its match in `first`.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row for each matched pair in the order of the first option's footprints. `lower` and
        `upper` are 95% limits of the difference in the indicator's unit; NaN where it has none. `finding` is
        "higher", "lower", "no clear difference", "the same people" or "not judged"; `limits` says how they
        were made.
    """
    indicator = study.catalogue[indicator_id]
    comparison = study.compare(first, second)
    matched = comparison.matched
    pairs = [(one, matched[one]) for one in first.footprint_ids if one in matched]
    rows = (study.indicator_rows(first, indicator_id), study.indicator_rows(second, indicator_id))
    sides = [rows[side].reindex([pair[side] for pair in pairs]) for side in (0, 1)]
    whole = [Part(*_sums(side)) for side in sides]
    parts = None
    if indicator.disclosure != "local_sensitive" and indicator.statistic in LIMITED:
        parts = _parts(study, first, second, indicator, pairs)
    value, other = (side["value"].to_numpy(dtype=np.float64) for side in sides)
    same = _same_people(comparison.flows, pairs) & np.isclose(value, other, rtol=_ROUNDING, atol=0)
    found, limits = _with_limits(indicator, whole, parts, same)
    return pd.DataFrame(
        {
            "footprint_id": [one for one, _ in pairs],
            "footprint_name": [first.footprint_name(one) for one, _ in pairs],
            "other_footprint_id": [other_id for _, other_id in pairs],
            "other_footprint_name": [second.footprint_name(other_id) for _, other_id in pairs],
            "value": value,
            "other_value": other,
            "difference": other - value,
            "lower": found.lower,
            "upper": found.upper,
            "finding": difference_words(found),
            "limits": limits,
            "suppressed": np.logical_or(
                *(side["suppressed"].fillna(False).to_numpy(dtype=bool) for side in sides)
            ),
        },
        columns=list(COLUMNS),
    )


def _with_limits(
    indicator: Indicator,
    whole: Sequence[Part],
    parts: tuple[Part, Part, Part] | None,
    same: NDArray[np.bool_],
) -> tuple[Difference, list[str]]:
    """Limits from the parts where these add up to the figures that are shown; else from the figures."""
    apart = difference(indicator.statistic, *whole, multiplier=indicator.multiplier)
    limits = np.where(np.isnan(apart.lower), NONE, AS_SEPARATE).astype(object)
    found = apart
    if parts is not None:
        use = _add_up(parts, whole)
        cut = difference(indicator.statistic, *parts, multiplier=indicator.multiplier)
        found = _chosen(use, cut, apart)
        limits[use & ~np.isnan(cut.lower)] = BY_PARTS
    nothing = np.zeros(len(same))
    limits[same] = BY_PARTS
    return _chosen(same, Difference(nothing, nothing, nothing), found), limits.tolist()


def _chosen(use: NDArray[np.bool_], one: Difference, other: Difference) -> Difference:
    return Difference(
        *(np.where(use, getattr(one, name), getattr(other, name)) for name in ("value", "lower", "upper"))
    )


def _same_people(flows: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
    """Pairs of footprints that hold the same areas."""
    n_to = flows.groupby("from_footprint_id").size()
    n_from = flows.groupby("to_footprint_id").size()
    return np.array([n_to[one] == 1 and n_from[other] == 1 for one, other in pairs], dtype=bool)


def _parts(
    study: Study,
    first: FootprintOption,
    second: FootprintOption,
    indicator: Indicator,
    pairs: Sequence[tuple[str, str]],
) -> tuple[Part, Part, Part]:
    """For each pair: the people only in the first, only in the second, and in both."""
    geography = max((first.geography, second.geography), key=lambda g: len(study.outlines(g)))
    one, other = (study.in_geography(option, geography).assignment for option in (first, second))
    codes = set(one) | set(other)
    overlay = FootprintOption(
        "", "", geography, {c: f"{one.get(c, '')}{_BETWEEN}{other.get(c, '')}" for c in codes}
    )
    rows = study.sums_of_parts(overlay, indicator.id)
    keys = [str(key).split(_BETWEEN) for key in rows.index]
    from_, to = (np.array([key[side] for key in keys], dtype=object) for side in (0, 1))
    numerator, denominator = _sums(rows)
    masks = (
        [(from_ == a) & (to != b) for a, b in pairs],
        [(from_ != a) & (to == b) for a, b in pairs],
        [(from_ == a) & (to == b) for a, b in pairs],
    )
    only_first, only_second, both = (
        Part(
            np.array([numerator[m].sum() for m in of_pair]), np.array([denominator[m].sum() for m in of_pair])
        )
        for of_pair in masks
    )
    return only_first, only_second, both


def _add_up(parts: tuple[Part, Part, Part], whole: Sequence[Part]) -> NDArray[np.bool_]:
    """Whether the parts of both sides come to the figures that are shown for them.

    They do not where the two options are made of different areas and a figure had to be modelled for one.
    """
    only_first, only_second, both = parts
    sides = ((only_first, whole[0]), (only_second, whole[1]))
    close: list[NDArray[np.bool_]] = [
        np.isclose(
            getattr(own, name) + getattr(both, name), getattr(all_, name), rtol=_ROUNDING, atol=_ROUNDING
        )
        for own, all_ in sides
        for name in ("numerator", "denominator")
    ]
    return np.asarray(np.logical_and.reduce(close), dtype=np.bool_)


def _sums(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    numerator, denominator = (rows[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator"))
    return numerator, denominator
