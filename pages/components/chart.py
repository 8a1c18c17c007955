"""Every chart of the app, in one theme: intervals as thin rules, the authority as a named dark line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from indicators.indicator import Indicator

INK = "#1A1A1A"
MUTED = "#5A6268"
BLUE = "#12436D"
PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
GRID = "#D5D9DD"
PAPER_WIDTH = 760
IN_THE_DARK = {INK: "#F0F2F4", MUTED: "#A9B2BA", BLUE: "#6FAEDD", GRID: "#353C44"}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Source Sans 3', 'DejaVu Sans', sans-serif"
ROW_HEIGHT = 22
FRAME_HEIGHT = 130  # title, subtitle and axis stand inside the height


def themed(
    chart: alt.LayerChart | alt.Chart, title: str, subtitle: str, source: str
) -> alt.LayerChart | alt.Chart:
    """The house theme; the source line stands in the chart so that a download carries it.

    Where the visitor's page is dark, ink and lines are light; `on_paper` puts them back.
    """
    whole = _whole(chart, title, subtitle, source)
    if st.context.theme.type != "dark":
        return whole
    return type(chart).from_dict(_exchanged(whole.to_dict(), IN_THE_DARK), validate=False)


def on_paper(chart: alt.TopLevelMixin) -> dict[str, object]:
    """The chart's specification with dark ink on white and a width of its own."""
    light = {dark: plain for plain, dark in IN_THE_DARK.items()}
    specification = _exchanged(chart.to_dict(), light)
    return {**specification, "background": "#FFFFFF", "width": PAPER_WIDTH}


def _exchanged(specification: dict[str, Any], colours: Mapping[str, str]) -> dict[str, Any]:
    """The same with other colours, in everything but the data."""

    def changed(part: object, name: str = "") -> object:
        if name in ("datasets", "values"):
            return part
        if isinstance(part, dict):
            return {key: changed(value, key) for key, value in part.items()}
        if isinstance(part, list):
            return [changed(one) for one in part]
        return colours.get(part, part) if isinstance(part, str) else part

    return {key: changed(value, key) for key, value in specification.items()}


def _whole(
    chart: alt.LayerChart | alt.Chart, title: str, subtitle: str, source: str
) -> alt.LayerChart | alt.Chart:
    return (
        chart.properties(
            title=alt.TitleParams(
                text=title,
                subtitle=[subtitle, *textwrap.wrap(source, 90)],
                limit=2000,
                anchor="start",
                fontSize=16,
                subtitleFontSize=13,
                subtitlePadding=4,
                offset=14,
            )
        )
        .configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13, titleFontSize=13, titleFontWeight="normal", gridColor=GRID, domain=False
        )
        .configure_axisY(grid=False, ticks=False)
    )


def ranked_dots(
    rows: pd.DataFrame, indicator: Indicator, authority: float, authority_name: str
) -> alt.LayerChart:
    """One dot with its interval for each area, in order of value, against the authority.

    Parameters
    ----------
    rows : DataFrame
        Columns name, value, lower, upper, selected (bool).
    """
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "name:N",
            sort=alt.EncodingSortField("value", order="descending"),
            title=None,
            axis=alt.Axis(labelLimit=260),
        ),
    )
    value_axis = alt.X("value:Q", title=indicator.unit, scale=alt.Scale(zero=False, nice=True))
    interval = base.mark_rule(strokeWidth=1.5, color=MUTED).encode(
        x=alt.X("lower:Q", title=indicator.unit), x2="upper:Q"
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=value_axis,
        color=alt.condition("datum.selected", alt.value("#F46A25"), alt.value(BLUE)),
        tooltip=[
            alt.Tooltip("name:N", title="Area"),
            alt.Tooltip("value:Q", title=indicator.unit, format=f",.{indicator.decimals}f"),
        ],
    )
    reference = pd.DataFrame({"value": [authority], "name": [authority_name]})
    line = alt.Chart(reference).mark_rule(color=INK, strokeWidth=2).encode(x="value:Q")
    label = (
        alt.Chart(reference)
        .mark_text(align="left", dx=4, dy=-6, color=INK, fontSize=13, baseline="bottom")
        .encode(x="value:Q", y=alt.value(0), text="name:N")
    )
    return alt.layer(interval, dots, line, label).properties(height=ROW_HEIGHT * len(rows) + FRAME_HEIGHT)


def against_authority(rows: pd.DataFrame, authority_name: str) -> alt.LayerChart:
    """Indicators of one area as a percentage of the authority's value, with intervals.

    Parameters
    ----------
    rows : DataFrame
        Columns name, value, lower, upper; the authority is 100.
    """
    axis = alt.X("value:Q", title=f"{authority_name} = 100", scale=alt.Scale(zero=False))
    base = alt.Chart(rows).encode(y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=380)))
    interval = base.mark_rule(strokeWidth=1.5, color=MUTED).encode(
        x=alt.X("lower:Q", title=f"{authority_name} = 100"), x2="upper:Q"
    )
    dots = base.mark_point(filled=True, size=70, opacity=1, color=BLUE).encode(
        x=axis, tooltip=[alt.Tooltip("name:N", title="Indicator"), alt.Tooltip("value:Q", format=",.0f")]
    )
    line = alt.Chart(pd.DataFrame({"value": [100.0]})).mark_rule(color=INK, strokeWidth=2).encode(x="value:Q")
    return alt.layer(interval, dots, line).properties(height=ROW_HEIGHT * len(rows) + FRAME_HEIGHT)


def footprint_ranges(
    rows: pd.DataFrame, indicator: Indicator, authority: float, authority_name: str
) -> alt.LayerChart:
    """Dots with intervals for each footprint of each option, on one axis.

    Parameters
    ----------
    rows : DataFrame
        Columns option, name, value, lower, upper.
    """
    data = rows.assign(label=rows["option"] + ": " + rows["name"])[
        ["label", "option", "value", "lower", "upper"]
    ]
    base = alt.Chart(data).encode(y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)))
    interval = base.mark_rule(strokeWidth=1.5, color=MUTED).encode(
        x=alt.X("lower:Q", title=indicator.unit, scale=alt.Scale(zero=False)), x2="upper:Q"
    )
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("value:Q", title=indicator.unit, scale=alt.Scale(zero=False)),
        color=alt.Color("option:N", scale=alt.Scale(range=list(PALETTE)), legend=None),
        shape=alt.Shape("option:N", legend=None),
    )
    reference = pd.DataFrame({"value": [authority], "name": [authority_name]})
    line = alt.Chart(reference).mark_rule(color=INK, strokeWidth=2).encode(x="value:Q")
    label = (
        alt.Chart(reference)
        .mark_text(align="left", dx=4, dy=-6, color=INK, fontSize=13, baseline="bottom")
        .encode(x="value:Q", y=alt.value(0), text="name:N")
    )
    return alt.layer(interval, dots, line, label).properties(height=ROW_HEIGHT * len(data) + FRAME_HEIGHT)
