"""What the Access page shows: minutes on a map in steps people plan by, and tables of who is within reach."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import altair as alt
import numpy as np
import pandas as pd

from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, AccessParams, within_column
from pages.components import words
from pages.components.area_map_state import NO_DATA, Legend, LegendEntry, MapState, Tooltips
from pages.components.chart import BLUE, FRAME_HEIGHT, INK
from pages.components.map_state import PLACE_KINDS, SEQUENTIAL, place_parts

STEPS = (5.0, 10.0, 15.0, 20.0)
MULTIPLES, TOLD_APART = (1, 2, 3, 6), 0.6
BAR_HEIGHT = 34
EVEN = 0.02  # of a concentration index: no slope to speak of


def kind_words(kinds: tuple[str, ...]) -> str:
    """ "a library", "a library or a GP surgery"."""
    named = [PLACE_KINDS[kind].label if kind in PLACE_KINDS else kind.replace("_", " ") for kind in kinds]
    lowered = [name if name[:2].isupper() else name[:1].lower() + name[1:] for name in named]
    return " or ".join(f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in lowered)


def share_words(share: float) -> str:
    """ "56%"; "fewer than 1%" and "more than 99%" where rounding would say none or all."""
    if 0 < share < 0.005:
        return "fewer than 1%"
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def journey_words(params: AccessParams, minutes: float) -> str:
    """ "15 minutes' walk"."""
    return f"{minutes:g} minutes' {params.travel_mode.journey}"


def steps_for(minutes: np.ndarray) -> tuple[float, ...]:
    """Ends of the steps: of five minutes, or a multiple that tells most areas apart."""
    known = minutes[~np.isnan(minutes)]
    for times in MULTIPLES:
        steps = tuple(times * step for step in STEPS)
        if not len(known) or np.mean(known <= steps[-1]) >= TOLD_APART:
            return steps
    return steps


def reach_map_state(study: Study, found: Access, by_area: pd.DataFrame, limit: float) -> MapState:
    """Mean minutes of each area in steps of five, and the places."""
    rows = by_area.reindex(study.topology(found.params.geography).area_codes)
    minutes = rows["minutes"].to_numpy(dtype=float)
    steps = steps_for(minutes)
    step = np.searchsorted(steps, minutes, side="left")
    fills = np.where(np.isnan(minutes), NO_DATA, step)
    ends = [f"up to {steps[0]:g}"]
    ends += [f"{low:g} to {high:g}" for low, high in pairwise(steps)]
    ends.append(f"more than {steps[-1]:g}")
    entries = [LegendEntry(i, label) for i, label in enumerate(ends)]
    if np.isnan(minutes).any():
        entries.append(LegendEntry(NO_DATA, "No data"))
    whole = float(found.whole["minutes"])
    said = [
        "" if np.isnan(mean) else f"{mean:,.0f} minutes on average; {share_words(share)} within {limit:g}"
        for mean, share in zip(minutes, rows[within_column(limit)], strict=True)
    ]
    how = "estimated" if found.is_straight else "along streets"
    if found.day:
        how = "by timetable, waiting counted"
    state = MapState(
        palette=SEQUENTIAL[len(ends)],
        fill_by_area=tuple(int(v) for v in fills),
        legend=Legend(
            title=f"Minutes to {kind_words(found.params.kinds)}",
            unit=f"{found.params.travel_mode.label.lower()}, {how}; mean of residents",
            entries=tuple(entries),
            authority=(int(np.searchsorted(steps, whole)), f"{study.authority_name} {whole:,.0f}")
            if np.isfinite(whole)
            else None,
        ),
        tooltips=Tooltips(tuple(said)),
    )
    return replace(state, **place_parts(study, found.params.kinds, only=found.places.index))


def reach_table(rows: pd.DataFrame, first: str, title: str, params: AccessParams) -> pd.DataFrame:
    """A table as it is read: people, minutes, per cent within each limit, people beyond the last.

    Parameters
    ----------
    rows : DataFrame
        As of `Access.over`, with the column `first`, which is shown as `title`.
    """
    shown = {title: rows[first], "People": rows["people"].round(), "Minutes, mean": rows["minutes"].round(1)}
    for limit in params.limits:
        shown[f"Within {limit:g} (%)"] = (100 * rows[within_column(limit)]).round(1)
    shown[f"People beyond {params.limits[-1]:g}"] = rows["people_beyond"].round()
    return pd.DataFrame(shown).reset_index(drop=True)


def fifth_chart(fifths: pd.DataFrame, limit: float) -> alt.LayerChart:
    """Bars of the share within reach by fifth of residents, each with its number."""
    rows = pd.DataFrame(
        {
            "fifth": [
                {1: "1, most deprived", 5: "5, least deprived"}.get(int(i), str(i)) for i in fifths.index
            ],
            "share": (100 * fifths[within_column(limit)]).to_numpy(),
        }
    )
    rows["said"] = rows["share"].map(lambda v: f"{v:.0f}%")
    base = alt.Chart(rows).encode(
        y=alt.Y("fifth:N", sort=None, title=None, axis=alt.Axis(labelLimit=200)),
        x=alt.X("share:Q", title=f"% within {limit:g} minutes", scale=alt.Scale(domain=[0, 100])),
    )
    bars = base.mark_bar(color=BLUE, size=20)
    text = base.mark_text(align="left", dx=5, fontSize=13, color=INK).encode(text="said:N")
    return alt.layer(bars, text).properties(height=BAR_HEIGHT * len(rows) + FRAME_HEIGHT)


def lowered(label: str) -> str:
    """A label inside a sentence: "residents aged 65 and over"."""
    return label[:1].lower() + label[1:] if not label[:2].isupper() else label


def deprivation_words(fifths: pd.DataFrame, index: float, limit: float) -> str:
    """Who is within reach more often, the most deprived fifth or the least; and the slope between them."""
    gap = 100 * float(fifths.loc[1, within_column(limit)] - fifths.loc[5, within_column(limit)])
    how = (
        "as often within"
        if abs(gap) < 0.5
        else f"{abs(gap):.0f} percentage points {'more' if gap > 0 else 'less'} often within"
    )
    slope = (
        "close to even"
        if abs(index) < EVEN
        else f"the {'more' if index > 0 else 'less'} deprived travel longer"
    )
    return (
        f"Residents of the most deprived fifth of areas are {how} {limit:g} minutes "
        f"{'as' if abs(gap) < 0.5 else 'than'} those of the least deprived. Concentration index of minutes "
        f"{index:+.2f}: {slope}."
    )


def furthest_words(by_area: pd.DataFrame, n: int = 3) -> str:
    """The areas that are furthest, in a phrase."""
    known = by_area[by_area["minutes"].notna()].sort_values("minutes", ascending=False, kind="stable")
    return words.listed(
        [
            f"{words.plain(str(row['area_name']))} ({row['minutes']:,.0f} minutes)"
            for _, row in known.head(n).iterrows()
        ]
    )
