"""What did not fit when polygons became an option, in words."""

from __future__ import annotations

import pandas as pd

from neighbourhoods.option.polygon import FittingReport
from pages.components import words


def fitting_words(report: FittingReport, areas: pd.DataFrame) -> str:
    """Overlaps, gaps and empty footprints of a fitting; "All areas fitted" when there are none."""
    parts = []
    if report.gaps:
        names = [str(areas["area_name"].get(code, code)) for code in report.gaps]
        parts.append(f"In no polygon, so in no footprint: {words.listed(names)}.")
    if report.contested:
        names = [str(areas["area_name"].get(code, code)) for code in report.contested]
        parts.append(f"In more than one polygon, given to the one that covers most: {words.listed(names)}.")
    parts.extend(
        f"{row.footprint_a} and {row.footprint_b} overlap by {row.area_m2:,.0f} square metres."
        for row in report.overlaps.head(3).itertuples()
    )
    if report.empty:
        parts.append(f"Without any area: {words.listed(list(report.empty))}.")
    fitted = (
        "Fitted by population-weighted centroid."
        if not report.by_representative_point
        else (
            f"{words.plural(len(report.by_representative_point), 'area')} fitted by a point inside, "
            "for want of population-weighted centroids."
        )
    )
    return " ".join([*(parts or ["All areas fitted."]), fitted])
