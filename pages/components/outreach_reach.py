"""Who is reached by the bus: need and service by area, and minutes with the hubs alone and with the bus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.hub.change import change_by
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.reach import plan_geography
from neighbourhoods.outreach.timetable_week import service_label
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access_report import method_words
from pages.components import words
from pages.components.hub_what_if import BY_WORDS
from pages.components.loaders import outreach_reach_now
from pages.components.outreach_view import rounded
from pages.components.shown_table import shown_table


def show_reach(
    study: Study, plan: OutreachPlan, run_id: str, option: FootprintOption | None, notes: Sequence[str]
) -> None:
    """Minutes to the nearest service before and after, then need and service area by area."""
    try:
        without, with_stops = outreach_reach_now(study.version, run_id, plan)
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    limit = plan.params.far_minutes
    offered = [one for one in BY_WORDS if one != "footprint" or option is not None]
    by = st.selectbox("By", offered, index=1, key="outreach_by", format_func=BY_WORDS.get)
    points = without.points
    people = points.share * np.nan_to_num(points.population)[points.row]
    near = float(people[(without.minutes > limit) & (with_stops.minutes <= limit)].sum())
    st.markdown(
        f"About {words.number(rounded(near))} residents who have more than {limit:g} minutes to every hub "
        f"come within {limit:g} minutes of a stop, at the hours when the bus is there."
    )
    rows = change_by(study, without, with_stops, by, limit, option)
    if rows is None:
        st.info("Deprivation is not known for these areas; import the Indices of Deprivation.")
    else:
        label = "Fifth, 1 most deprived" if by == "fifth" else BY_WORDS[by]
        shown_table(
            pd.DataFrame(
                {
                    label: rows["label"],
                    "People": rows["people"].round(),
                    "Minutes, hubs alone": rows["minutes_before"].round(1),
                    "Minutes, with the bus": rows["minutes_after"].round(1),
                    "Minutes more": (rows["minutes_after"] - rows["minutes_before"]).round(1),
                    f"Within {limit:g}, hubs alone (%)": (100 * rows["within_before"]).round(1),
                    f"Within {limit:g}, with the bus (%)": (100 * rows["within_after"]).round(1),
                }
            ).reset_index(drop=True),
            f"outreach_by_{by}",
            f"{BY_WORDS[by]}: minutes to the nearest hub, and to the nearest of hubs and stops",
            notes,
        )
    st.caption(
        f"A stop counts like a hub, though the bus is there for an hour or two. {method_words(without)}"
    )
    _need(study, plan, notes)


def _need(study: Study, plan: OutreachPlan, notes: Sequence[str]) -> None:
    geography = plan_geography(study, plan)
    label = geography_record(geography).label
    columns: dict[str, pd.Series] = {}
    for session in plan.params.sessions:
        need, served = plan.areas[f"need_{session.id}"], plan.areas[f"served_{session.id}"]
        of = "" if len(plan.params.sessions) == 1 else f": {service_label(plan.params, session.id)}"
        columns[f"People of need far from hubs{of}"] = need.round()
        columns[f"People of them served{of}"] = served.round()
        columns[f"Served (%){of}"] = (100 * served / need.where(need > 0)).round(1)
    names = study.outlines(geography)["area_name"].reindex(plan.areas.index)
    table = pd.DataFrame({label[0].upper() + label[1:]: names, **columns})
    first = next(iter(columns))
    ordered = table.sort_values(first, ascending=False, kind="stable").reset_index(drop=True)
    st.markdown("People of need who live far from hubs, and how many of them a stop is near.")
    shown_table(ordered, "outreach_areas", "Areas by need far from hubs, most first", notes)
