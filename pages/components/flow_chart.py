"""Who goes where between two options: people as numbers and as shade, footprint by footprint.

A table of numbers in the form of a chart, and no ribbons: with six footprints on each side ribbons cross
until nobody can read how many people are in one of them.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from neighbourhoods.comparison.comparison import OptionComparison
from neighbourhoods.option.option import FootprintOption

ROW = 40
SHADES = ("#EDF3FA", "#12436D")
WHITE_FROM = 0.69  # here black and white text have the same contrast with the shade, 4.6 to 1
CHANGED, STAYS = "Change footprint", "Stay, by whatever name"


def flow_rows(first: FootprintOption, second: FootprintOption, comparison: OptionComparison) -> pd.DataFrame:
    """One row for each pair that shares people.

    Returns
    -------
    DataFrame
        Columns row, column (names, numbered where two are alike), row_order, column_order, people, n_areas,
        share (of the largest, 0 to 1), kind (`CHANGED` or `STAYS`). Columns stand in the order of the rows
        they match, so that those who stay lie on the diagonal.
    """
    flows = comparison.flows
    rows = [*first.footprint_ids, ""]
    matched = [comparison.matched[one] for one in rows if one in comparison.matched]
    columns = [*matched, *(one for one in second.footprint_ids if one not in matched), ""]
    row_name = _names(flows, "from_footprint")
    column_name = _names(flows, "to_footprint")
    largest = flows["people"].max()
    return pd.DataFrame(
        {
            "row": flows["from_footprint_id"].map(row_name),
            "column": flows["to_footprint_id"].map(column_name),
            "row_order": flows["from_footprint_id"].map(rows.index),
            "column_order": flows["to_footprint_id"].map(columns.index),
            "people": flows["people"],
            "n_areas": flows["n_areas"],
            "share": flows["people"] / largest if largest > 0 else 0.0,
            "kind": flows["changed"].map({True: CHANGED, False: STAYS}),
        }
    )


def flow_chart(rows: pd.DataFrame, first: str, second: str) -> alt.LayerChart:
    """The chart; framed cells are those who stay.

    Parameters
    ----------
    rows : DataFrame
        As `flow_rows` returns them.
    first, second : str
        Titles of the two options.
    """
    row_names = rows.sort_values("row_order")["row"].unique().tolist()
    column_names = rows.sort_values("column_order")["column"].unique().tolist()
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "row:N",
            sort=row_names,
            title=first,
            axis=alt.Axis(labelLimit=240, titleLimit=400, titlePadding=12),
        ),
        x=alt.X(
            "column:N",
            sort=column_names,
            title=second,
            axis=alt.Axis(
                orient="top", labelLimit=160, labelAngle=0, titleLimit=600, grid=False, ticks=False
            ),
        ),
    )
    stays = alt.datum.kind == STAYS
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=list(SHADES)), legend=None),
        stroke=alt.condition(stays, alt.value("#F46A25"), alt.value("#FFFFFF")),
        strokeWidth=alt.condition(stays, alt.value(3), alt.value(1)),
        tooltip=[
            alt.Tooltip("row:N", title=first),
            alt.Tooltip("column:N", title=second),
            alt.Tooltip("people:Q", title="People", format=",.0f"),
            alt.Tooltip("n_areas:Q", title="Areas"),
            alt.Tooltip("kind:N", title="They"),
        ],
    )
    numbers = base.mark_text(fontSize=13).encode(
        text=alt.Text("people:Q", format=",.0f"),
        color=alt.condition(alt.datum.share >= WHITE_FROM, alt.value("#FFFFFF"), alt.value("#000000")),
    )
    return alt.layer(cells, numbers).properties(height=ROW * len(row_names) + 150)


def _names(flows: pd.DataFrame, side: str) -> dict[str, str]:
    """Name by footprint id; two of one name carry their ids as well."""
    named = flows.drop_duplicates(f"{side}_id").set_index(f"{side}_id")[f"{side}_name"]
    alike = named.duplicated(keep=False)
    return {str(i): f"{name} ({i})" if alike[i] else str(name) for i, name in named.items()}
