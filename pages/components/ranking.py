"""The ranked table under a map: the same facts as the map, highest first, with intervals and fit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from indicators.indicator import Indicator
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.layer import Layer
from pages.components.map_state import comparison_words, judgement

REASONS_SHOWN = 12
NAMED_EACH = 3  # so few areas with one reason are each named with it


def ranked(view: pd.DataFrame, authority_code: str) -> pd.DataFrame:
    """Rows with a figure, highest first, without the authority's."""
    units = view.drop(index=authority_code, errors="ignore")
    return units[units["value"].notna()].sort_values("value", ascending=False, kind="stable")


def ranking_table(
    known: pd.DataFrame, layer: Layer, indicator: Indicator, authority_name: str
) -> pd.DataFrame:
    """The table as it is shown and downloaded.

    Parameters
    ----------
    known : DataFrame
        As `ranked` returns it: index area_code or footprint_id.
    """
    table = pd.DataFrame(
        {
            layer.unit_title: [layer.name_of(str(c)) for c in known.index],
            "Value": known["value"].to_numpy(),
            "Lower 95%": known["lower"].to_numpy(),
            "Upper 95%": known["upper"].to_numpy(),
            f"Against {authority_name}": [
                comparison_words(str(c), authority_name) for c in known["comparison"]
            ],
            "Judgement": [judgement(str(c), indicator) for c in known["comparison"]],
            "Numerator": known["numerator"].to_numpy(),
            "Denominator": known["denominator"].to_numpy(),
            "Fit": known["fit"].to_numpy(),
            "Note": known["note"].to_numpy(),
            "Code": known.index.to_numpy(),
        }
    )
    empty = [c for c in ("Judgement", "Note", "Lower 95%", "Upper 95%") if not _says(table[c])]
    return table.drop(columns=empty)


def download_table(table: pd.DataFrame, known: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The table with what a file must say by itself: indicator, unit, period and the limits at 99.8%."""
    whole = table.copy()
    if "Lower 95%" in whole:
        at = whole.columns.get_loc("Upper 95%") + 1
        whole.insert(at, "Lower 99.8%", known["lower_998"].to_numpy())
        whole.insert(at + 1, "Upper 99.8%", known["upper_998"].to_numpy())
    periods = [str(p) or indicator.vintage for p in known["period"]]
    return whole.assign(Indicator=indicator.label, Unit=indicator.unit, Period=periods)


def ranking_columns(indicator: Indicator) -> dict[str, object]:
    """Formats of the table's columns."""
    decimals = f"%.{indicator.decimals}f"
    return {
        "Value": st.column_config.NumberColumn(f"Value ({indicator.unit})", format=decimals),
        "Lower 95%": st.column_config.NumberColumn(format=decimals),
        "Upper 95%": st.column_config.NumberColumn(format=decimals),
        "Numerator": st.column_config.NumberColumn(format="localized"),
        "Denominator": st.column_config.NumberColumn(format="localized"),
        "Note": st.column_config.TextColumn(width="large"),
    }


def period_words(view: pd.DataFrame, indicator: Indicator) -> str:
    """The period of the figures shown."""
    return next((str(p) for p in view["period"] if p), indicator.vintage)


def finding_words(
    view: pd.DataFrame, layer: Layer, indicator: Indicator, area: str | None, study: Study
) -> str:
    """The finding of the moment: the chosen area, else the one that stands highest, against the authority."""
    known = ranked(view, study.authority_code)
    if known.empty:
        return f"{indicator.label}: no figure by {layer.unit_label}"
    against = ""
    if study.authority_code in view.index and indicator.statistic != "count":
        value = float(view.at[study.authority_code, "value"])
        if not pd.isna(value):
            against = f", against {words.figure(indicator, value)} in {study.authority_name}"
    if area and area in view.index:
        row = view.loc[area]
        text = words.figure(indicator, row["value"], suppressed=bool(row["suppressed"]))
        return f"{indicator.label}: {text} in {layer.name_of(area)}{against}"
    text = words.figure(indicator, known["value"].iloc[0])
    return f"{indicator.label}: highest in {layer.name_of(str(known.index[0]))}, {text}{against}"


def coverage_words(view: pd.DataFrame, layer: Layer, indicator: Indicator, study: Study) -> str:
    """Measure, coverage and period in one line."""
    n_known = len(ranked(view, study.authority_code))
    n_all = len(view.index.drop(study.authority_code, errors="ignore"))
    period = period_words(view, indicator)
    return (
        f"{indicator.definition} {study.authority_name} by {layer.unit_label}, {period}. "
        f"{words.plural(n_known, layer.unit_label, layer.unit_plural)} with a figure of {n_all}."
    )


def summary_words(view: pd.DataFrame, layer: Layer, indicator: Indicator, study: Study) -> str:
    """What the map shows, for those who do not see it."""
    units = view.drop(index=study.authority_code, errors="ignore")
    counted = words.plural(len(units), layer.unit_label, layer.unit_plural)
    n_higher = int((units["comparison"] == "higher").sum())
    n_lower = int((units["comparison"] == "lower").sum())
    n_similar = int((units["comparison"] == "similar").sum())
    known = ranked(view, study.authority_code)
    if known.empty:
        said = f"none of {counted} has a figure."
    elif n_higher + n_lower + n_similar:
        said = (
            f"of {counted}, {n_higher} are higher than {study.authority_name} and {n_lower} lower, judged by "
            "95% intervals; the rest are similar or not compared."
        )
    else:
        low, high = (
            f"{words.figure(indicator, float(known['value'].iloc[at]))} in "
            f"{layer.name_of(str(known.index[at]))}"
            for at in (-1, 0)
        )
        has_interval = known["lower"].notna().any()
        why = (
            f"there is no figure of {study.authority_name} to compare with"
            if has_interval
            else "this kind of figure has no interval to be judged by"
        )
        said = f"of {counted}, from {low} to {high}; {why}."
    return f"In words: {said} {indicator.caveat}"


def lacking_words(view: pd.DataFrame, layer: Layer, authority_code: str) -> str:
    """Areas without a figure and why, each reason once; empty when there is none."""
    units = view.drop(index=authority_code, errors="ignore")
    lacking = units[units["value"].isna()]
    if lacking.empty:
        return ""
    why = lacking["note"].fillna("").str.rstrip(".").replace("", words.NO_DATA)
    why = why.where(~lacking["suppressed"].astype(bool), words.SUPPRESSED)
    parts = []
    for reason, codes in why.groupby(why, sort=False).groups.items():
        if len(codes) == len(units):
            return f"Without a figure: every {layer.unit_label}. {str(reason)[:1].upper()}{str(reason)[1:]}."
        names = [layer.name_of(str(code)) for code in codes]
        if len(names) <= NAMED_EACH:
            parts += [f"{name} ({reason})" for name in names]
        else:
            parts.append(f"{words.listed(names, REASONS_SHOWN)} ({reason})")
    return f"Without a figure: {'; '.join(parts)}."


def _says(column: pd.Series) -> bool:
    return bool((column.notna() & (column != "")).any())
