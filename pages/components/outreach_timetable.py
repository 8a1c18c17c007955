"""Under the map of the bus: its timetable, its stops and its rounds, on the screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from neighbourhoods.outreach.plan import DAY_NAMES, OutreachPlan
from neighbourhoods.outreach.timetable_week import (
    clock,
    round_sheet,
    round_title,
    rounds_in_order,
    service_label,
    sheet_fault,
    timetable,
    week_words,
)
from pages.components import words
from pages.components.outreach_print import paper, poster_pages, sheet_pages
from pages.components.outreach_view import stops_shown
from pages.components.shown_table import shown_table

PAPER = {"": "The page as it is", "poster": "A poster for each stop", "sheet": "A sheet for each round"}


def show_timetable(plan: OutreachPlan, notes: Sequence[str]) -> None:
    """The week or fortnight, visit by visit."""
    rows = timetable(plan)
    table = pd.DataFrame(
        {
            **({"Week": rows["week"]} if plan.params.n_weeks > 1 else {}),
            "Day": rows["day"],
            **({"Vehicle": rows["vehicle"]} if plan.params.n_vehicles > 1 else {}),
            "Open": rows["open"],
            "Close": rows["close"],
            "Stop": rows["stop"],
            "On board": rows["service"],
            "People of need served": rows["people"].round(),
        }
    )
    shown_table(table, "outreach_timetable", "Timetable of the bus, in order of day and hour", notes)


def show_paper(plan: OutreachPlan, operator: str) -> None:
    """A choice of what is printed, and a preview of it."""
    chosen = st.selectbox(
        "Print",
        list(PAPER),
        key="outreach_paper",
        format_func=PAPER.get,
        help="Then print with the browser, Ctrl+P: one A4 page for each.",
    )
    if chosen:
        pages = poster_pages(plan, operator) if chosen == "poster" else sheet_pages(plan)
        st.caption(f"{words.plural(len(pages), 'page')}. Print with the browser (Ctrl+P).")
        st.html(paper(pages, chosen))


def show_stops(plan: OutreachPlan, notes: Sequence[str]) -> None:
    """Each stop with all its hours."""
    shown_table(stops_shown(plan), "outreach_stops", "Stops of the bus with their days and hours", notes)
    st.caption(
        "People of need served are those near the stop, fewer of them the longer the way; each counts at the "
        "best of their stops, and again, for less, at a second visit."
    )


def show_rounds(plan: OutreachPlan, notes: Sequence[str]) -> None:
    """Every round with its hours and kilometres, and one of them as its driver reads it."""
    rounds = rounds_in_order(plan)
    table = pd.DataFrame(
        {
            **(
                {"Week": [week_words(int(one), 2) for one in rounds["week"]]}
                if plan.params.n_weeks > 1
                else {}
            ),
            "Day": [DAY_NAMES[int(day)] for day in rounds["day"]],
            "Vehicle": rounds["vehicle"].astype(int) + 1,
            "On board": [service_label(plan.params, str(one)) for one in rounds["session_id"]],
            "Leave": rounds["leave_minute"].map(clock),
            "Back": rounds["return_minute"].map(clock),
            "Hours": ((rounds["return_minute"] - rounds["leave_minute"]) / 60).round(1),
            "Driving, minutes": rounds["drive_minutes"].round(),
            "Kilometres": rounds["drive_km"].round(1),
            "Visits": rounds["n_visits"],
        }
    )
    shown_table(table, "outreach_rounds", "Rounds of the bus, from the depot back to it", notes)
    chosen = st.selectbox(
        "Round",
        range(len(rounds)),
        key="outreach_round",
        format_func=lambda i: round_title(plan, rounds.iloc[i]),
    )
    one = rounds.iloc[chosen]
    if fault := sheet_fault(plan, one):
        st.warning(fault, icon=":material/warning:")
    sheet = round_sheet(plan, one)
    shown_table(
        pd.DataFrame(
            {
                "From": sheet["start_minute"].map(clock),
                "To": sheet["end_minute"].map(clock),
                "What": sheet["what"],
                "Where": sheet["where"],
                "Kilometres": ["" if np.isnan(km) else f"{km:,.1f}" for km in sheet["km"]],
            }
        ),
        "outreach_round_sheet",
        "The round as its driver reads it",
        notes,
    )
