"""The authority's own figure, against which every area and footprint is compared.

The mistake this prevents: a reference made of other data than the figures beside it, or of an
average of the areas' rates. It is the sum over the finest geography that is known in full; where
none is, the figure that was published for the authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indicators.indicator import Indicator
from indicators.observed import Observed
from indicators.panel import KNOWN, SUPPRESSED
from indicators.target import EXACT, FINENESS, PUBLISHED, WEIGHTED_MEAN

NOT_COMBINED = "not combined"
NOT_COMBINED_NOTE = "Cannot be combined: shown only for the areas it is published for."


@dataclass(frozen=True)
class Reference:
    """One indicator for the authority as a whole; NaN is unknown."""

    period: str
    numerator: float
    denominator: float
    suppressed: bool
    fit: str
    note: str

    def hidden(self) -> Reference:
        """The same with its numbers suppressed as a small local count."""
        return replace(
            self,
            numerator=float("nan"),
            denominator=float("nan"),
            suppressed=True,
            note="Suppressed: a count of 1 to 4.",
        )


def authority_references(
    observed: Mapping[str, Observed], catalogue: Mapping[str, Indicator], authority_code: str
) -> dict[str, Reference]:
    """The authority's figure of each indicator that is observed anywhere.

    Parameters
    ----------
    observed : Mapping of str to Observed
        By geography.
    catalogue : Mapping of str to Indicator
    authority_code : str

    Returns
    -------
    dict of str to Reference
        By indicator_id.
    """
    return {
        indicator.id: _reference(indicator, observed, authority_code)
        for indicator in catalogue.values()
        if any(indicator.id in one.position for one in observed.values())
    }


def _reference(indicator: Indicator, observed: Mapping[str, Observed], authority_code: str) -> Reference:
    holding = [
        geography
        for geography in FINENESS
        if geography in observed and indicator.id in observed[geography].position
    ]
    combined = indicator.aggregation != NOT_COMBINED
    for geography in holding:
        one = observed[geography]
        column = one.position[indicator.id]
        if combined and (one.flags[:, column] == KNOWN).all():
            return Reference(
                one.period[indicator.id],
                float(one.numerator[:, column].sum()),
                float(one.denominator[:, column].sum()),
                False,
                WEIGHTED_MEAN if indicator.statistic == "score" else EXACT,
                "",
            )
    published = observed.get("lad")
    if published is not None and indicator.id in published.position:
        numerator, denominator, flags = published.arrays([indicator.id], pd.Index([authority_code]))
        if flags[0, 0] == KNOWN:
            return Reference(
                published.period[indicator.id],
                float(numerator[0, 0]),
                float(denominator[0, 0]),
                False,
                PUBLISHED,
                "Published for the authority; not known for every area.",
            )
    if not combined:
        return Reference("", np.nan, np.nan, False, "", NOT_COMBINED_NOTE)
    return _unknown(indicator, observed, holding)


def _unknown(indicator: Indicator, observed: Mapping[str, Observed], holding: list[str]) -> Reference:
    if not holding:
        return Reference("", np.nan, np.nan, False, "", "No figure for the whole authority.")
    one = observed[holding[0]]
    flags = one.flags[:, one.position[indicator.id]]
    n_hidden = int((flags == SUPPRESSED).sum())
    n_missing = int((flags != KNOWN).sum()) - n_hidden
    if n_hidden:
        note = f"Suppressed by the publisher in {n_hidden} of {len(flags)} small areas."
    elif one.reason[indicator.id]:
        note = f"Unknown: {one.reason[indicator.id]}."
    else:
        note = f"The publication gives no figure for {n_missing} of {len(flags)} areas."
    return Reference(one.period[indicator.id], np.nan, np.nan, n_hidden > 0, "", note)
