"""Two wishes against each other: the options that no other beats, among all that are possible."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from neighbourhoods.generation.generation import GenerationResult
from neighbourhoods.measure.wish import WISHES
from pages.components.chart import BLUE
from pages.components.generating import UNITS

OTHERS_SHOWN = 1_500
POINT = "point"


def front_rows(result: GenerationResult, wishes: tuple[str, ...], shown: int) -> pd.DataFrame:
    """The front, the option in view and some of the rest, evenly through the ranking.

    Columns number, x, y, kind ("None better on all", "Shown on the map", "Other ways").
    """
    front = result.front(wishes)
    step = max(1, result.n_options // OTHERS_SHOWN)
    others = np.setdiff1d(result.ranking[::step], front)
    numbers = np.concatenate([others, front])
    kinds = np.repeat(["Other ways", "None better on all"], [len(others), len(front)]).astype(object)
    if shown in numbers:
        kinds[numbers == shown] = "Shown on the map"
    else:
        numbers, kinds = np.append(numbers, shown), np.append(kinds, "Shown on the map")
    x, y = (WISHES[one].measure_id for one in wishes[:2])
    return pd.DataFrame(
        {
            "number": numbers,
            "x": result.values(x)[numbers] * UNITS[x][1],
            "y": result.values(y)[numbers] * UNITS[y][1],
            "kind": kinds,
        }
    )


def front_chart(rows: pd.DataFrame, wishes: tuple[str, str]) -> alt.Chart:
    """Points to choose from; the front dark, the option in view orange and a diamond."""
    x, y = (UNITS[WISHES[one].measure_id] for one in wishes)
    kinds = ["None better on all", "Shown on the map", "Other ways"]
    choose = alt.selection_point(name=POINT, fields=["number"], on="click", clear=False)
    return (
        alt.Chart(rows)
        .mark_point(filled=True, opacity=1)
        .encode(
            x=alt.X("x:Q", title=x[0], scale=alt.Scale(zero=False)),
            y=alt.Y("y:Q", title=y[0], scale=alt.Scale(zero=False)),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=[BLUE, "#F46A25", "#A9B4BE"]),
                legend=alt.Legend(orient="top", labelFontSize=13, labelLimit=300),
            ),
            shape=alt.Shape(
                "kind:N", title=None, scale=alt.Scale(domain=kinds, range=["circle", "diamond", "circle"])
            ),
            size=alt.condition("datum.kind === 'Other ways'", alt.value(14), alt.value(120)),
            tooltip=[
                alt.Tooltip("x:Q", title=x[0], format=f",{x[2][1:]}"),
                alt.Tooltip("y:Q", title=y[0], format=f",{y[2][1:]}"),
            ],
        )
        .add_params(choose)
        .properties(height=420)
    )
