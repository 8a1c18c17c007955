"""What each stop of the bus has: permission, hard standing, power, toilets and hours; said here by a person.

Places are changed in the register, where who and when are kept; points of a planner's own in the plan.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.outreach.own_stop import NOT_KNOWN, QUALITIES, quality_table
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.timetable_week import stop_order
from neighbourhoods.register.edit import edit_place
from neighbourhoods.register.register import history
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.shown_table import shown_table

STOP, AUTHOR = "outreach_quality_stop", "outreach_quality_author"
_SAID = "outreach_quality_said"
ANSWERS = (NOT_KNOWN, "yes", "no")


def show_qualities(study: Study, plan: OutreachPlan, notes: Sequence[str]) -> None:
    """A table of what is known of the stops, and boxes to say more."""
    ids, places, own = stop_order(plan), study.places(), plan.params.own_stops
    known = quality_table(places, own, ids)
    names = plan.stops["name"].astype(str)
    by_own = {one.id: one for one in own}
    said = []
    for one in ids:
        if one in by_own:
            point = by_own[one]
            said.append(", ".join(part for part in (point.author, point.created) if part))
        else:
            last = next(iter(history(study, one)), None)
            said.append("" if last is None else f"{last.author}, {last.created[:10]}")
    shown_table(
        pd.DataFrame(
            {
                "Stop": [names.loc[one] for one in ids],
                **{quality.label: known[quality.id].to_numpy() for quality in QUALITIES.values()},
                "Hours": known["hours"].to_numpy(),
                "Last said by": said,
            }
        ),
        "outreach_qualities",
        "What is known of each stop; not known counts as no where a quality is asked for",
        notes,
    )
    standing = [one for one in ids if one in places.index]
    text, is_good = st.session_state.pop(_SAID, ("", True))
    if text:
        (st.success if is_good else st.error)(words.plain(text), icon=":material/info:")
    with st.expander("Say what a stop has"):
        if not standing:
            st.caption("All stops are points set on the map: set such a point anew under Edit by hand.")
            return
        stop = st.selectbox("Stop", standing, key=STOP, format_func=lambda one: str(names.get(one, one)))
        columns, keys = st.columns(4, gap="small"), {"opening_hours": f"outreach_quality_hours_{stop}"}
        for column, quality in zip(columns, QUALITIES.values(), strict=True):
            now = str(known[quality.id].loc[stop])
            offered = ANSWERS if now in ANSWERS else (*ANSWERS, now)
            keys[quality.id] = f"outreach_quality_{quality.id}_{stop}"
            column.selectbox(quality.label, offered, index=offered.index(now), key=keys[quality.id])
        hours = str(known["hours"].loc[stop])
        st.text_input("Hours", "" if hours == NOT_KNOWN else hours, key=keys["opening_hours"])
        st.text_input("Your name", key=AUTHOR, persist_state="session")
        st.caption(
            "It is kept in the register with your name and the day, and can be undone there. The plan in "
            "view stays as it is and says that the data have changed."
        )

        def keep() -> None:
            given = {name: str(st.session_state.get(key, "")) for name, key in keys.items()}
            values = {name: "" if value == NOT_KNOWN else value for name, value in given.items()}
            author = str(st.session_state.get(AUTHOR, ""))
            try:
                edit_place(study, stop, values, author=author, reason="Stop of the bus")
            except InputError as fault:
                st.session_state[_SAID] = (str(fault), False)
                return
            st.session_state[_SAID] = (f"Kept what {names.loc[stop]} has.", True)

        st.button("Keep in the register", key="outreach_quality_keep", on_click=keep)
