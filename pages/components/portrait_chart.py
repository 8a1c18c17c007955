"""Footprints on one axis for each indicator, and by their need: lettered dots, ranges as thin rules."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import altair as alt
import pandas as pd

from pages.components.chart import FRAME_HEIGHT, INK
from pages.components.map_state import footprint_colours

DARK_LETTERS = ("#28A197", "#F46A25", "#A285D1")  # grounds on which a white letter would be too faint
RULE = "#6F777E"  # three to one or better on a light ground and on a dark one
STEP = 15  # pixels for each dot
GAP = 10  # pixels between indicators
DOT = 170
NEED_STEP = 30
LABEL_WIDTH = 44  # characters of a line beside the axis


def distinct_chart(
    rows: pd.DataFrame, letters: Sequence[str], authority_name: str, limits: tuple[float, float]
) -> alt.LayerChart:
    """Differences of footprints from the authority, in standard deviations between areas.

    Parameters
    ----------
    rows : DataFrame
        Columns indicator (label), letter, name, said (the figure in words), value, lower, upper.
    letters : sequence of str
        Every footprint's letter, in the order of the map.
    limits : tuple of float
        Ends of the axis, the same for every domain.
    """
    title = f"Standard deviations between areas above or below {authority_name}"
    axis = alt.X("value:Q", title=title, scale=alt.Scale(domain=list(limits), nice=True))
    wrapped = rows["indicator"].map(lambda label: "\n".join(textwrap.wrap(str(label), LABEL_WIDTH)))
    labels = alt.Axis(labelLimit=330, labelExpr="split(datum.label, '\\n')")
    base = alt.Chart(_coloured(rows.assign(indicator=wrapped), letters)).encode(
        y=alt.Y("indicator:N", sort=None, title=None, axis=labels),
        yOffset=alt.YOffset("letter:N", sort=list(letters)),
    )
    zero = pd.DataFrame({"value": [0.0], "name": [authority_name]})
    line = alt.Chart(zero).mark_rule(color=RULE, strokeWidth=3).encode(x="value:Q")
    text = alt.Chart(zero).encode(x="value:Q", y=alt.value(0), text="name:N")
    place = {"align": "left", "dx": 5, "dy": -6, "fontSize": 13, "baseline": "bottom"}
    halo = text.mark_text(color="#FFFFFF", stroke="#FFFFFF", strokeWidth=4, **place)
    label = text.mark_text(color=INK, **place)
    n_rows = rows["indicator"].nunique()
    height = n_rows * (STEP * len(letters) + GAP) + FRAME_HEIGHT
    layers = [line, halo, label, *_lettered(base, axis, [alt.Tooltip("said:N", title="Figure")])]
    return alt.layer(*layers).properties(height=height)


def need_chart(rows: pd.DataFrame, letters: Sequence[str], title: str) -> alt.LayerChart:
    """Need index of each footprint, the neediest first, with the range of nine in ten weightings.

    Parameters
    ----------
    rows : DataFrame
        Columns letter, name, value, lower, upper, in the order to be shown.
    """
    ticks = alt.Axis(tickCount=8)
    axis = alt.X("value:Q", title=title, scale=alt.Scale(zero=False, nice=True), axis=ticks)
    base = alt.Chart(_coloured(rows, letters)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260))
    )
    layers = _lettered(base, axis, [alt.Tooltip("value:Q", title="Index", format=".2f")])
    return alt.layer(*layers).properties(height=NEED_STEP * len(rows) + FRAME_HEIGHT)


def _coloured(rows: pd.DataFrame, letters: Sequence[str]) -> pd.DataFrame:
    """With the colour of each footprint and of the letter on it."""
    ground = dict(zip(letters, footprint_colours(len(letters)), strict=True))
    colours = rows["letter"].map(ground)
    return rows.assign(ground=colours, ink=[INK if c in DARK_LETTERS else "#FFFFFF" for c in colours])


def _lettered(base: alt.Chart, axis: alt.X, tips: list[alt.Tooltip]) -> list[alt.Chart]:
    """A rule for the range, a dot in the footprint's colour with its letter: colour is never the only key."""
    rule = base.mark_rule(strokeWidth=1.5, color=RULE).encode(x="lower:Q", x2="upper:Q")
    dot = base.mark_point(filled=True, size=DOT, opacity=1).encode(
        x=axis,
        color=alt.Color("ground:N", scale=None),
        tooltip=[alt.Tooltip("name:N", title="Neighbourhood"), *tips],
    )
    letter = base.mark_text(fontSize=10, fontWeight="bold", baseline="middle").encode(
        x=axis,
        text="letter:N",
        color=alt.Color("ink:N", scale=None),
    )
    return [rule, dot, letter]
