"""One indicator in matched footprints: how far apart, with limits, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from indicators.difference import HIGHER, LOWER, NOT_CLEAR, NOT_JUDGED, SAME_PEOPLE
from indicators.indicator import Indicator
from neighbourhoods.comparison.difference import LIMITED, option_differences
from pages.components import words
from pages.components.compare_choice import Compared
from pages.components.download import table_downloads
from pages.components.print_table import print_table

LOWER_LIMIT, UPPER_LIMIT, METHOD = "Lower 95%", "Upper 95%", "Limits"
UNITED = ("In the first", "In the other", "Difference")
HOW = (
    "Matched footprints mostly hold the same people, so they are not two separate samples. Each pair is cut "
    "into those who are only in the one, only in the other, and in both; the 95% limits rest on these parts, "
    "so that people who are in both are counted once. Higher or lower is said where the limits leave out "
    "nought. Of twenty pairs that do not really differ, about one would be called higher or lower by chance."
)
HOW_LOCAL = (
    "This count is local and sensitive. Limits made from the parts could give small counts away, so they are "
    "made from the two figures shown, as if these were separate people: wider than need be."
)
HOW_NONE = "This kind of figure has no interval, so differences are shown and not judged."


def show_differences(compared: Compared, indicator: Indicator) -> None:
    """A finding in words and a table for the first option against each of the others."""
    first = compared.title(compared.first)
    unit = "%, differences in percentage points" if indicator.unit == "%" else indicator.unit
    st.markdown(f"**Differences from {words.plain(first)}, footprint by footprint** ({words.plain(unit)})")
    tables = {
        o.id: option_differences(compared.study, compared.first, o, indicator.id) for o in compared.others
    }
    for option in compared.others if indicator.statistic in LIMITED else ():
        found = finding_words(tables[option.id]["finding"].tolist(), compared.title(option), first)
        st.markdown(words.plain(found))
    table = difference_rows(compared, tables, indicator)
    shown = shown_rows(table, indicator)
    decimals = indicator.decimals
    formats = {
        name: f"%+.{decimals + 1}f" if name.startswith("Difference") else f"%.{decimals}f"
        for name in shown.select_dtypes("number").columns
    }
    if indicator.statistic == "count":
        formats = dict.fromkeys(formats, "localized")
    st.dataframe(
        shown,
        hide_index=True,
        alt=f"Differences in {indicator.label} between matched footprints",
        column_config={name: st.column_config.NumberColumn(format=one) for name, one in formats.items()},
    )
    print_table(shown, decimals=decimals + 1)
    st.caption(_how(indicator))
    table_downloads(table, f"differences_{indicator.id}", compared.notes, key="differences")


def difference_rows(
    compared: Compared, tables: dict[str, pd.DataFrame], indicator: Indicator
) -> pd.DataFrame:
    """All pairs under one another, as they are downloaded."""
    unit = "percentage points" if indicator.unit == "%" else indicator.unit
    parts = [
        pd.DataFrame(
            {
                "Option": compared.title(option),
                f"Footprint of {compared.title(compared.first)}": rows["footprint_name"],
                "Matched with": rows["other_footprint_name"],
                f"In the first ({indicator.unit})": rows["value"],
                f"In the other ({indicator.unit})": rows["other_value"],
                f"Difference ({unit})": rows["difference"],
                LOWER_LIMIT: rows["lower"],
                UPPER_LIMIT: rows["upper"],
                "Finding": rows["finding"].where(~rows["suppressed"], words.SUPPRESSED),
                METHOD: rows["limits"],
            }
        )
        for option, rows in ((o, tables[o.id]) for o in compared.others)
    ]
    return pd.concat(parts, ignore_index=True)


def shown_rows(table: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The same for the page, where the unit stands above: limits as words, to one place more than values."""
    places = indicator.decimals + 1
    limits = [
        "" if np.isnan(low) else f"{low:+,.{places}f} to {high:+,.{places}f}"
        for low, high in zip(table[LOWER_LIMIT], table[UPPER_LIMIT], strict=True)
    ]
    shown = table.drop(columns=[LOWER_LIMIT, UPPER_LIMIT, METHOD])
    shown.columns = [name.split(" (")[0] if name.startswith(UNITED) else name for name in shown.columns]
    if any(limits):
        shown.insert(shown.columns.get_loc("Finding"), "95% limits", limits)
    return shown


def finding_words(findings: Sequence[str], other: str, first: str) -> str:
    """ "Under B against A, of 4 matched footprints 1 is higher and 3 have no clear difference."."""
    one_many = {
        HIGHER: ("is higher", "are higher"),
        LOWER: ("is lower", "are lower"),
        NOT_CLEAR: ("has no clear difference", "have no clear difference"),
        SAME_PEOPLE: ("holds the same people", "hold the same people"),
        NOT_JUDGED: ("is not judged", "are not judged"),
    }
    said = [words.plural(findings.count(one), *forms) for one, forms in one_many.items() if one in findings]
    pairs = words.plural(len(findings), "matched footprint")
    return f"Under {other} against {first}, of {pairs} {words.listed(said, limit=5)}."


def _how(indicator: Indicator) -> str:
    if indicator.statistic not in LIMITED:
        return HOW_NONE
    return HOW_LOCAL if indicator.disclosure == "local_sensitive" else HOW
