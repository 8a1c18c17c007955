"""Where one option stands among all that are possible, a row for each measure, worst left and best right."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from neighbourhoods.measure.measured import Measured
from neighbourhoods.scorecard.alternatives import Alternatives
from pages.components.chart import BLUE, FRAME_HEIGHT, INK

SHOWN = 250
ROW = 34
ORANGE = "#F46A25"


def standing_rows(measures: Sequence[Measured], among: Alternatives) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ticks of the alternatives, evenly through their ranks, and one point for the option.

    Columns measure, place (0 the worst of them, 1 the best), figure, says.
    """
    ticks, points = [], []
    for one in measures:
        values = np.sort(among.values(one.measure_id))
        if not len(values) or values[0] == values[-1]:
            continue
        worst, best = (values[-1], values[0]) if one.less_is_better else (values[0], values[-1])
        kept = values[np.unique(np.linspace(0, len(values) - 1, SHOWN).round().astype(int))]
        ticks.append(pd.DataFrame({"measure": one.label, "place": (kept - worst) / (best - worst)}))
        points.append(
            {
                "measure": one.label,
                "place": (one.value - worst) / (best - worst),
                "figure": one.value_words,
                "says": one.standing_words(among),
            }
        )
    return (pd.concat(ticks, ignore_index=True) if ticks else pd.DataFrame()), pd.DataFrame(points)


def standing_chart(ticks: pd.DataFrame, points: pd.DataFrame, name: str) -> alt.LayerChart:
    """A strip of ticks for each measure with a diamond for the option, its figure beside it."""
    axis = alt.Axis(
        values=[0, 1], labelExpr="datum.value == 0 ? 'Worst of them' : 'Best of them'", grid=False
    )
    low, high = min(0.0, points["place"].min()), max(1.0, points["place"].max())
    x = alt.X("place:Q", title=None, axis=axis, scale=alt.Scale(domain=[low - 0.02, high + 0.02], nice=False))
    y = alt.Y("measure:N", sort=list(points["measure"]), title=None, axis=alt.Axis(labelLimit=260))
    strip = alt.Chart(ticks).mark_tick(thickness=1, size=20, opacity=0.35, color=BLUE).encode(x=x, y=y)
    base = alt.Chart(points).encode(x=x, y=y)
    mark = base.mark_point(
        shape="diamond", filled=True, size=190, color=ORANGE, opacity=1, stroke="#FFFFFF", strokeWidth=1
    ).encode(
        tooltip=[
            alt.Tooltip("measure:N", title="Measure"),
            alt.Tooltip("figure:N", title=name),
            alt.Tooltip("says:N", title="Among them"),
        ]
    )
    label = base.mark_text(dy=-15, fontSize=12, color=INK, align="center").encode(text="figure:N")
    return alt.layer(strip, mark, label).properties(height=ROW * len(points) + FRAME_HEIGHT)
