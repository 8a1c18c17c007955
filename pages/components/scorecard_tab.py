"""What stands under the map of the Test page: measures, later years, partners, fits, method."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from neighbourhoods.measure.fit_sensitivity import FitComparison, FitSensitivity
from neighbourhoods.measure.measure import MEASURES
from neighbourhoods.scorecard.scorecard import Scorecard
from pages.components import words
from pages.components.chart import themed
from pages.components.download import chart_downloads, table_downloads
from pages.components.print_table import print_table
from pages.components.shell import page_link
from pages.components.standing_chart import standing_chart, standing_rows

ROWS_SHOWN = 200
PERCENT = 100.0


METHOD = """
- **Rules** follow the criteria of the Local Government Boundary Commission for England. A rule that nobody
  could check is not known, and counts neither way.
- **Compared with**: as many neighbourhoods of the same areas, each in one piece, within the band that is
  asked for; where the option is outside that, within its own worst deviation, rounded up to a whole per cent.
  {note}
- **Better than** is the share that is worse; as good counts as not worse. Where all ways were gone through
  it is exact, and the best is proven.
- **Single moves**: every area beside another neighbourhood is moved there if what it leaves stays in one
  piece. Repairs come first, then fewer people outside the band, then the mix of wishes, each in shares of
  {scale}.
- **Fits**: the same figures with small areas fitted another way. Local and sensitive counts are left out,
  since two fits of one small count would give it away.
"""


def show_measures(card: Scorecard, source: str, notes: Sequence[str]) -> None:
    """Each measure with the best there is, the distance and the place among all; then the same as a chart."""
    table = pd.DataFrame(
        {
            "Measure": [m.label for m in card.measures],
            "This option": [m.value_words for m in card.measures],
            "Best known": [m.best_words for m in card.measures],
            "No option beats": [m.bound_words for m in card.measures],
            "Away from that": [m.distance_words for m in card.measures],
            "Better than (%)": [PERCENT * m.better_than for m in card.measures],
            "In words": [m.standing_words(card.among) for m in card.measures],
        }
    )
    is_proven = card.among.kind == "all ways"
    if is_proven:  # the best of all ways is what no option beats
        table = table.drop(columns="No option beats").rename(columns={"Best known": "Best possible"})
    bar = st.column_config.ProgressColumn(format="%.1f", min_value=0, max_value=100)
    st.dataframe(
        table,
        hide_index=True,
        alt="Measures of the option and its place among all",
        column_config={"Better than (%)": bar, "In words": st.column_config.TextColumn(width="large")},
    )
    print_table(table)
    said = [card.among.note] if card.among.note else []
    if card.among.kind == "sampled":
        said.append(
            "Away is counted from what no option beats, where that is known, else from the best known. "
            + " ".join(
                f"{m.label}: {card.among.bound_words[m.wish_id]}."
                for m in card.measures
                if m.wish_id in card.among.bound_words
            )
        )
    for one in said:
        st.caption(words.plain(one))
    notes = [*notes, *said]
    table_downloads(table, "measures", notes, key="test_measures")
    ticks, points = standing_rows(card.measures, card.among)
    if len(points):
        chart = themed(
            standing_chart(ticks, points, card.trial.option.name),
            f"Where {card.trial.option.name} stands among {card.among.words}",
            "Each line is one of them; the diamond is the option, with its figure",
            source,
        )
        st.altair_chart(chart, theme=None, alt="Place of the option on each measure; the table says the same")
        chart_downloads(chart, "standing", key="test_standing")


def show_later(card: Scorecard, notes: Sequence[str]) -> None:
    """People of each footprint today and in later years."""
    base = card.trial.base_year
    if not base:
        st.info(words.plain(card.trial.later_note), icon=":material/info:")
        page_link("data", "Import development sites")
    names = [card.trial.name(i) for i in range(card.trial.k)]
    shown: dict[str, list[object]] = {"Footprint": list(names)}
    kept: dict[str, list[object]] = {"Footprint": list(names)}
    for year in card.years:
        when = f"{base + year.years}" if base else "Today"
        outside = year.outside().tolist()
        people, away = year.people.tolist(), [PERCENT * v for v in year.deviation.tolist()]
        shown[f"People, {when.lower()}"] = [
            f"{words.number(n)} ({a:+.1f}%{_over_or_under(o)})"
            for n, a, o in zip(people, away, outside, strict=True)
        ]
        kept |= {
            f"{when}: people": people,
            f"{when}: from target (%)": away,
            f"{when}: outside the band": outside,
        }
    table = pd.DataFrame(shown)
    st.dataframe(table, hide_index=True, alt="People of each footprint today and later")
    print_table(table)
    if base:
        st.caption(
            "The target grows as the whole authority does, so that only unevenness is held against it. "
            + words.plain(card.trial.later_note)
        )
    table_downloads(pd.DataFrame(kept), "later_years", notes, key="test_later")


def show_fitting(fitting: FitSensitivity, authority_name: str, notes: Sequence[str]) -> None:
    """What hangs on the way small areas are fitted to the footprints."""
    if fitting.source:
        about = words.number(round(fitting.people_straddling, -2))
        st.markdown(
            f"**About {about} people live in small areas that lie across a line between footprints.** "
            f"Figures in use: {_lower(fitting.label)}."
        )
    for one in fitting.others:
        st.markdown(f"**{words.plain(one.label)}**: {fit_words(one, authority_name)}")
        if len(one.changes):
            table = _changes(one)
            st.dataframe(table.head(ROWS_SHOWN), hide_index=True, alt=f"Figures that change: {one.label}")
            table_downloads(table, "fitting", notes, key=f"test_fit_{one.fit or 'lookup'}")
    if len(fitting.straddling):
        shown = fitting.straddling
        table = pd.DataFrame(
            {
                "Footprint": shown["footprint_name"],
                "People in areas that reach into it": shown["people"],
                "Of them across its line": shown["straddling"],
                "Share (%)": (PERCENT * shown["share"]).round(1),
            }
        )
        st.dataframe(table, hide_index=True, alt="People in small areas across a footprint's line")
        print_table(table)
        table_downloads(table, "straddling", notes, key="test_straddling")


def fit_words(one: FitComparison, authority_name: str) -> str:
    """What another fit would change, in a sentence."""
    if one.why_not:
        return words.plain(one.why_not)
    if not one.n_changed and not one.n_flipped:
        return f"none of {one.n_compared:,} figures changes as it is shown."
    flips = words.plural(one.n_flipped, "compares", "compare")
    return (
        f"{one.n_changed:,} of {one.n_compared:,} figures change as they are shown; {flips} otherwise with "
        f"{words.plain(authority_name)} than now."
    )


def show_method(card: Scorecard) -> None:
    """How this is worked out."""
    st.markdown(METHOD.format(note=words.plain(card.among.note), scale=card.moves.scale))
    for one in card.measures:
        record = MEASURES[one.measure_id]
        st.markdown(f"- **{one.label}** (version {one.version}): {record.definition} {record.formula_source}")


def _changes(one: FitComparison) -> pd.DataFrame:
    rows = one.changes
    decimals = rows["decimals"].tolist()
    now, other = (
        [words.number(v, d) for v, d in zip(rows[c], decimals, strict=True)] for c in ("now", "other")
    )
    return pd.DataFrame(
        {
            "Indicator": rows["label"],
            "Footprint": rows["footprint_name"],
            "Now": now,
            "By the other fit": other,
            "Unit": rows["unit"],
            "Compared now": rows["comparison_now"],
            "Compared then": rows["comparison_other"],
            "Becomes another": rows["flips"].map({True: "yes", False: ""}),
        }
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _over_or_under(people: float) -> str:
    if not people:
        return ""
    return f", {words.number(abs(people))} {'over' if people > 0 else 'under'} the band"
