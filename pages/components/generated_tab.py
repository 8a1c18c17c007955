"""What stands under the ways that were found: the price of wishes, an option's standing, the method."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from neighbourhoods.generation.generation import GenerationResult
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.need.index import STANDARDISATIONS
from neighbourhoods.search.note import SearchNote
from pages.components import words
from pages.components.chart import themed
from pages.components.download import chart_downloads, table_downloads
from pages.components.front_chart import POINT, front_chart, front_rows
from pages.components.generating import ORDER, UNITS, look_at

ROWS_SHOWN = 200
Places = NDArray[np.int64]


def figures_of(result: GenerationResult, numbers: Places, order: Places) -> pd.DataFrame:
    """Measures as they are shown, with each option's place in `order` (none when it is filtered out)."""
    measured = result.measure_ids
    frame = pd.DataFrame({UNITS[m][0]: result.values(m)[numbers] * UNITS[m][1] for m in measured})
    place = pd.Series(np.arange(1, len(order) + 1), index=order)
    frame.insert(0, "Place", place.reindex(numbers).astype("Int64").to_numpy())
    frame.insert(1, "Mix", result.mix[numbers])
    return frame


def figure_columns(result: GenerationResult) -> dict[str, object]:
    """How those columns are written."""
    columns = {UNITS[m][0]: st.column_config.NumberColumn(format=UNITS[m][2]) for m in result.measure_ids}
    for whole in ("population_range", "people_who_move", "people_outside_partner"):
        columns[UNITS[whole][0]] = st.column_config.NumberColumn(format="localized")
    mix = st.column_config.NumberColumn(format="%.3f", help="0 is the best on every wish, 1 the worst.")
    return {**columns, "Mix": mix}


def show_front(result: GenerationResult, number: int, source: str, notes: Sequence[str]) -> None:
    """Two wishes against each other: what one costs in the other, as points and as a table.

    Places are those in the ranking of all ways, whatever is filtered.
    """
    choices = [w.id for w in WISHES.values() if w.measure_id in result.measure_ids]
    left, right = st.columns(2)
    label = {one: WISHES[one].label for one in choices}
    first = left.selectbox("One wish", choices, key="front_first", format_func=label.get)
    second = right.selectbox("Another", choices, index=1, key="front_second", format_func=label.get)
    if WISHES[first].measure_id == WISHES[second].measure_id:
        st.info("Choose two wishes that are measured differently.", icon=":material/info:")
        return
    taken = (WISHES[first].measure_id, WISHES[second].measure_id)
    third = st.selectbox(
        "And a third",
        [one for one in choices if WISHES[one].measure_id not in taken],
        index=None,
        key="front_third",
        placeholder="None",
        format_func=label.get,
    )
    wishes = (first, second) if third is None else (first, second, third)
    front = result.front(wishes)
    named = words.listed([label[one].lower() for one in wishes])
    st.markdown(
        f"**{words.plural(len(front), 'way is', 'ways are')} beaten by no other on {named}.** "
        "Among them, to gain on one is to lose on another."
    )
    chart = themed(
        front_chart(front_rows(result, wishes, number), (first, second)),
        f"{label[first]} against {label[second].lower()}",
        f"{words.plural(result.n_options, 'way')} within {result.params.tolerance:.0%}; "
        "choose a point to see it on the map",
        source,
    )
    st.altair_chart(
        chart,
        theme=None,
        key="generate_chart",
        on_select=_choose_point,
        selection_mode=POINT,
        alt=f"{label[first]} against {label[second].lower()}; the table below says the same",
    )
    chart_downloads(chart, "front", key="front_chart")
    st.dataframe(
        figures_of(result, front[:ROWS_SHOWN], result.ranking),
        hide_index=True,
        alt="The ways that no other beats on these wishes",
        column_config=figure_columns(result),
    )
    table_downloads(figures_of(result, front, result.ranking), "front", notes, key="front")


def _choose_point() -> None:
    """Look at the option whose point was chosen, if no filter leaves it out."""
    points = st.session_state["generate_chart"]["selection"].get(POINT, [])
    if points:
        look_at(int(points[0]["number"]), st.session_state[ORDER])


def show_standing(result: GenerationResult, scores: pd.Series, notes: Sequence[str]) -> None:
    """The option in view, and the one people would move from, among all that are possible.

    Beside a search there is no such crowd: what it kept is chosen for being good. So the best that it found
    and what none beats stand there instead of a percentile.
    """
    given = {"This way": scores}
    if result.as_now_scores is not None and result.params.as_now is not None:
        given[result.params.as_now.name] = result.as_now_scores
    rows = []
    for title, measures in given.items():
        for wish_id, share in result.standing(measures).items():
            wish = WISHES[wish_id]
            label, factor, form = UNITS[wish.measure_id]
            best = float(result.values(wish.measure_id)[result.best(wish_id)]) * factor
            decimals = int(form[2])
            rows.append(
                {
                    "Option": title,
                    "Wish": wish.label,
                    "Measure": label,
                    "Value": words.number(float(measures[wish.measure_id]) * factor, decimals),
                    **_beside(result, wish_id, share, best, factor, decimals),
                }
            )
    if result.note is not None:
        st.info(
            "A percentile needs ways that were not chosen for being good. Save this way and test it: the "
            "Test page draws thousands by chance and says how it stands among them.",
            icon=":material/info:",
        )
    standing = pd.DataFrame(rows)
    st.dataframe(standing, hide_index=True, alt="How the option stands among all that are possible")
    table_downloads(standing, "standing", notes, key="standing")


def _beside(
    result: GenerationResult, wish_id: str, share: float, best: float, factor: float, decimals: int
) -> dict[str, str]:
    """The best there is and the share of all ways that are worse; of a search what it can say instead."""
    if result.note is None:
        ways = words.plural(result.n_options, "way")
        return {
            "Best possible": words.number(best, decimals),
            "Better than": f"{floor(1_000 * share) / 10:.1f}% of {ways}",
        }
    bound = result.bounds.get(wish_id)
    is_known = bound is not None and not bound.says_nothing
    none_beats = words.number(bound.value * factor, decimals) if bound and is_known else "not known"
    return {"Best found": words.number(best, decimals), "None beats": none_beats}


def _search_words(result: GenerationResult, note: SearchNote, plural: str) -> str:
    """How a search went about it."""
    return (
        f"There are too many sets of {plural} to go through, so good ones are looked for: from many first "
        "sets, one area at a time is moved, two are exchanged, or two neighbourhoods are parted anew along "
        "a random tree; a change for the worse is taken ever more rarely (simulated annealing). It tried "
        f"{result.n_steps:,} of {note.steps:,} changes in {result.runtime_s:.1f} seconds, seed "
        f"{result.seed}; the same seed gives the same ways. Then it was worked out what no way can beat, "
        f"in {note.bound_s:.1f} seconds. The mix is the weighted mean of the wishes, each from 0 (the best "
        "found for it alone) to 1 (the middle of a first sample). "
    )


def show_method(result: GenerationResult, label: str, plural: str) -> None:
    """How this is worked out."""
    prepared = f", after {result.compile_s:.0f} seconds of preparing it once" if result.compile_s >= 1 else ""
    st.markdown(
        (
            f"Every set of {plural} in one piece within the band is grown from the first free {label}; a "
            "branch is left only where what remains cannot come out in whole neighbourhoods. Nothing is "
            f"sampled: the search visited {result.n_steps:,} steps in {result.runtime_s:.2f} "
            f"seconds{prepared}. The mix is the weighted mean of the wishes, each from 0 (the best of all "
            "ways) to 1 (the worst). "
            if result.note is None
            else _search_words(result, result.note, plural)
        )
        + "Neighbours share a border or a stated link. The need index is the weighted mean of "
        f"{STANDARDISATIONS[result.params.standardisation]}; a neighbourhood's is that of its sums."
    )
    if result.note is not None:
        for bound in (one for one in result.note.bounds if not one.says_nothing):
            st.markdown(f"- **What no way beats, {WISHES[bound.wish_id].label.lower()}**: {bound.how}")
    for one in result.measure_ids:
        record = MEASURES[one]
        st.markdown(f"- **{record.label}**: {record.definition} {record.formula_source}")
