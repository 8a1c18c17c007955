"""The business case of the bus: assumptions in boxes, a year in a table, what it hangs on, who funds."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.outreach.case import (
    ASSUMPTIONS,
    BusinessCase,
    CaseValues,
    business_case,
    cost_by_ward,
    sensitivity,
)
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.chart import BLUE, FRAME_HEIGHT, INK, themed
from pages.components.download import chart_downloads
from pages.components.outreach_view import rounded
from pages.components.shown_table import shown_table

MEASURES = {
    "gbp_per_contact": "Cost of a contact",
    "gbp_per_person": "Cost of a person reached",
    "gbp_per_visit": "Cost of a visit",
    "cost_gbp": "Cost a year",
}
SHARES = ("uptake_share",)
BAR_HEIGHT = 30


@st.fragment
def show_case(study: Study, plan: OutreachPlan, notes: Sequence[str]) -> None:
    """Everything that rests on assumptions; only this part runs again when one of them changes."""
    st.caption(
        "Hours, kilometres and visits come from the rounds. The rest are assumptions: round numbers to begin "
        "with, for the council to set. Empty means not known."
    )
    try:
        values = _asked()
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    case = business_case(plan, values)
    lines = [*notes, *assumption_lines(values)]
    st.markdown(f"**{case_words(case)}**")
    shown_table(case_table(case), "outreach_case", "A year of the bus under these assumptions", lines)
    measure = st.selectbox(
        "What changes it most", list(MEASURES), key="outreach_measure", format_func=MEASURES.get
    )
    table = sensitivity(plan, values, measure)
    if table["swing"].notna().any():
        chart = themed(
            tornado(table, float(getattr(case, measure))),
            f"{MEASURES[measure]} when one assumption is a quarter less or more",
            "Pounds; the line is the cost as it stands, the others held",
            "Assumptions of the council; hours and kilometres of the rounds",
        )
        st.altair_chart(
            chart, theme=None, alt=f"{MEASURES[measure]} by assumption; the table below says the same"
        )
        chart_downloads(chart, "outreach_sensitivity", key="outreach_sensitivity_chart")
    shown_table(
        pd.DataFrame(
            {
                "Assumption": table["label"],
                "A quarter less": table["low"].round(3),
                "A quarter more": table["high"].round(3),
                "Pounds at less": table["at_low"].round(2),
                "Pounds at more": table["at_high"].round(2),
            }
        ).reset_index(drop=True),
        "outreach_sensitivity",
        f"{MEASURES[measure]}: each assumption a quarter less and more",
        lines,
    )
    _wards(study, plan, case, lines)


def case_words(case: BusinessCase) -> str:
    """The finding of the case, in a sentence; money is rounded and said to be about so much."""
    if np.isnan(case.cost_gbp):
        return "The cost is not known until every price is filled in."
    said = f"About {money(case.cost_gbp)} a year, {money(case.gbp_per_visit)} a visit"
    if np.isnan(case.gbp_per_person):
        return f"{said}. What a person costs is not known: uptake is not."
    return (
        f"{said}: about {money(case.gbp_per_person)} for each of some "
        f"{words.number(rounded(case.people_reached))} people "
        f"reached, {money(case.gbp_per_contact)} a contact, {case.contacts_per_visit:,.1f} contacts "
        "at a visit."
    )


def money(gbp: float) -> str:
    """ "£1,230": to three figures, for nobody knows a cost to the pound; "no data" for NaN."""
    if np.isnan(gbp):
        return words.NO_DATA
    return f"£{rounded(gbp):,.0f}"


def case_table(case: BusinessCase) -> pd.DataFrame:
    """A year, line by line."""
    rows = [
        ("Vehicles", float(case.n_vehicles), "", 0),
        ("Visits", case.visits, "", 0),
        ("Vehicle and driver hours", case.vehicle_hours, "", 0),
        ("Staff hours besides the driver", case.staff_hours, "", 0),
        ("Kilometres", case.km, "", 0),
        ("Cost: vehicles", case.costs["vehicle"], "£", 0),
        ("Cost: driver", case.costs["driver"], "£", 0),
        ("Cost: staff", case.costs["staff"], "£", 0),
        ("Cost: energy", case.costs["energy"], "£", 0),
        ("Cost in all", case.cost_gbp, "£", 0),
        ("People of need served", case.people_served, "", 0),
        ("People reached", case.people_reached, "", 0),
        ("Contacts", case.contacts, "", 0),
        ("Cost of a visit", case.gbp_per_visit, "£", 2),
        ("Cost of a person reached", case.gbp_per_person, "£", 2),
        ("Cost of a contact", case.gbp_per_contact, "£", 2),
    ]
    return pd.DataFrame(
        {
            "A year": [label for label, *_ in rows],
            "About": [
                words.NO_DATA if np.isnan(value) else f"{unit}{value:,.{decimals}f}"
                for _, value, unit, decimals in rows
            ],
        }
    )


def tornado(table: pd.DataFrame, now: float) -> alt.LayerChart:
    """A bar for each assumption from its cheaper end to its dearer, the most first."""
    rows = table[table["swing"].notna()].reset_index()
    rows["said"] = [
        f"{money(min(ends))} to {money(max(ends))}"
        for ends in zip(rows["at_low"], rows["at_high"], strict=True)
    ]
    rows["low_end"], rows["high_end"] = (
        rows[["at_low", "at_high"]].min(axis=1),
        rows[["at_low", "at_high"]].max(axis=1),
    )
    base = alt.Chart(rows).encode(y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=300)))
    bars = base.mark_bar(color=BLUE, size=16).encode(
        x=alt.X("low_end:Q", title="Pounds", scale=alt.Scale(zero=False, nice=True, padding=20)),
        x2="high_end:Q",
    )
    text = base.mark_text(align="left", dx=6, fontSize=13, color=INK).encode(x="high_end:Q", text="said:N")
    rule = alt.Chart(pd.DataFrame({"now": [now]})).mark_rule(color=INK, size=2).encode(x="now:Q")
    return alt.layer(bars, text, rule).properties(height=BAR_HEIGHT * len(rows) + FRAME_HEIGHT)


def _asked() -> CaseValues:
    """The assumptions in their boxes; an empty box is not known."""
    columns = st.columns(4, gap="small")
    found = {}
    for place, one in enumerate(ASSUMPTIONS.values()):
        factor = 100 if one.id in SHARES else 1
        key = f"outreach_case_{one.id}"
        st.session_state.setdefault(key, one.first * factor)
        value = columns[place % len(columns)].number_input(
            f"{one.label}, {'per cent' if factor == 100 else one.unit}",
            0.0,
            one.most * factor,
            None,  # so that a box that is emptied stays empty
            key=key,
            help=f"{one.why} An assumption to be set by the council.",
            persist_state="session",
        )
        found[one.id] = float("nan") if value is None else float(value) / factor
    return CaseValues(**found)


def assumption_lines(values: CaseValues) -> list[str]:
    """What every file says of the assumptions that it rests on."""
    return [
        f"Assumption: {one.label}: {words.number(getattr(values, one.id), 2)} ({one.unit})."
        for one in ASSUMPTIONS.values()
    ]


def case_values() -> CaseValues:
    """The assumptions as they were set under Business case, where that was opened; raises as `CaseValues`."""
    found = {}
    for one in ASSUMPTIONS.values():
        factor = 100 if one.id in SHARES else 1
        value = st.session_state.get(f"outreach_case_{one.id}", one.first * factor)
        found[one.id] = float("nan") if value is None else float(value) / factor
    return CaseValues(**found)


def _wards(study: Study, plan: OutreachPlan, case: BusinessCase, lines: Sequence[str]) -> None:
    st.markdown(
        "Who could fund it: the year's cost by the ward that the bus stands in, shared by its minutes there."
    )
    try:
        rows = cost_by_ward(study, plan, case)
    except InputError as fault:
        st.info(str(fault))
        return
    shown_table(
        pd.DataFrame(
            {
                "Ward": rows["area_name"],
                "Stops": rows["n_stops"],
                "Hours open a cycle": rows["hours"].round(1),
                "Share (%)": (100 * rows["share"]).round(1),
                "Pounds a year": rows["cost_gbp"].round(),
            }
        ).reset_index(drop=True),
        "outreach_wards",
        "Cost of the bus by ward of its stops",
        lines,
    )
