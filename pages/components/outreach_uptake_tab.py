"""Visitors at each visit: recorded as a count, corrected by a further row, and read for the review rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.uptake_table import MOST_VISITORS, put_uptake
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.service import SERVICES
from neighbourhoods.outreach.timetable_week import stop_hours
from neighbourhoods.outreach.uptake import review_words, standing_visits, stop_reviews
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.shown_table import shown_table

SAID = "outreach_uptake_said"


def show_uptake(study: Study, plan: OutreachPlan, notes: Sequence[str]) -> None:
    """A form for one visit, what stands, and which stops are due for a review."""
    visits = standing_visits(study)
    _form(study, plan, visits)
    said, is_good = st.session_state.pop(SAID, ("", True))
    if said:
        (st.success if is_good else st.error)(words.plain(said), icon=":material/info:")
    if visits.empty:
        st.info("No visit is recorded yet. Record how many came, and stops that few come to are named here.")
        return
    reviews = stop_reviews(visits)
    due = reviews[reviews["finding"] == "review"]["stop_name"].astype(str)
    st.markdown(
        f"**{words.plural(len(due), 'stop')} due for a review: "
        f"{words.listed([words.plain(one) for one in due], 8)}.**"
        if len(due)
        else "**No stop is due for a review.**"
    )
    shown_table(
        pd.DataFrame(
            {
                "Stop": reviews["stop_name"],
                "On board": [_service(one) for one in reviews["service_id"]],
                "Visits recorded": reviews["n_visits"],
                "Visitors": reviews["n_visitors"],
                "Finding": [
                    review_words(str(finding), float(mean), int(n))
                    for finding, mean, n in zip(
                        reviews["finding"], reviews["last_mean"], reviews["n_visits"], strict=True
                    )
                ],
            }
        ),
        "outreach_reviews",
        "Stops by their visitors lately, fewest first",
        notes,
    )
    newest = visits.iloc[::-1]
    shown_table(
        pd.DataFrame(
            {
                "Day": newest["visited_on"],
                "Stop": newest["stop_name"],
                "On board": [_service(one) for one in newest["service_id"]],
                "Visitors": newest["n_visitors"],
                "Corrected": ["yes" if one else "" for one in newest["corrects"]],
                "Recorded by": newest["author"],
            }
        ).reset_index(drop=True),
        "outreach_uptake",
        "Visits recorded, newest first",
        notes,
    )


def _service(service_id: str) -> str:
    return SERVICES[service_id].label if service_id in SERVICES else service_id


def _form(study: Study, plan: OutreachPlan, visits: pd.DataFrame) -> None:
    services = {one.id: one.service_id for one in plan.params.sessions}
    hours = stop_hours(plan).drop_duplicates(["stop_id", "session_id"])
    names = plan.stops["name"].astype(str)
    stops = {
        f"{stop_id}|{services[session]}": (str(stop_id), services[session])
        for stop_id, session in zip(hours["stop_id"], hours["session_id"], strict=True)
    }
    slips = {
        str(one): f"{row['visited_on']}, {row['stop_name']}: {row['n_visitors']}"
        for one, row in visits.iloc[::-1].to_dict("index").items()
    }
    if not stops:
        return
    with st.form("outreach_uptake_form", border=True):
        st.markdown("Record a visit: a count, nothing of any person.")
        left, middle, right = st.columns([3, 2, 2], gap="small")
        stop = left.selectbox(
            "Stop and service",
            list(stops),
            format_func=lambda one: f"{names[stops[one][0]]}: {_service(stops[one][1])}",
        )
        day = middle.date_input("Day", max_value=date.today(), format="DD/MM/YYYY")
        count = right.number_input("Visitors", 0, MOST_VISITORS, 0)
        slip = left.selectbox(
            "Takes the place of",
            list(slips),
            index=None,
            format_func=slips.get,
            placeholder="Nothing: a new visit",
        )
        author = middle.text_input("Recorded by (may be left empty)")
        sent = st.form_submit_button("Record visit")
    if sent and isinstance(day, date):
        try:
            put_uptake(
                study.store,
                authority_code=study.authority_code,
                stop_id=stops[stop][0],
                stop_name=names[stops[stop][0]],
                service_id=stops[stop][1],
                visited_on=day,
                n_visitors=int(count),
                author=author,
                corrects=slip or "",
            )
        except InputError as fault:
            st.session_state[SAID] = (str(fault), False)
        else:
            st.session_state[SAID] = (f"Recorded: {count} at {names[stops[stop][0]]}.", True)
        st.rerun()
