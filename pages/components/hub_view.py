"""What the Hubs page says of a plan: its finding, how sure it is, its map and its table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from geodata.run_record import Run
from neighbourhoods.access import Access, within_column
from neighbourhoods.hub_siting import HubPlan
from neighbourhoods.study import Study
from pages.components import words
from pages.components.area_map_state import MapState
from pages.components.map_state import PLACE_KINDS
from pages.components.reach_view import journey_words, reach_map_state, share_words

KIND = "hubs"
FILLED = "siting_filled_from"


def follow_run(run: Run | None, study: Study) -> None:
    """Before the form: where a run was opened by its address, set the controls as they stood for it."""
    if run is None or st.session_state.get(FILLED) == run.id:
        return
    st.session_state[FILLED] = run.id
    if run.version == study.version:
        for key, value in run.form.items():
            if key.startswith("hubs_"):
                st.session_state[key] = value


def finding_words(study: Study, plan: HubPlan, reach: Access) -> str:
    """The headline: who is within reach of the hubs."""
    share = share_words(float(reach.whole[within_column(plan.params.minutes)]))
    return (
        f"{words.plural(len(plan.chosen), 'hub')} put {share} of {words.plain(study.authority_name)}'s "
        f"residents within {journey_words(reach.params, plan.params.minutes)} of one; the mean journey is "
        f"{reach.whole['minutes']:,.0f} minutes"
    )


def value_words(plan: HubPlan) -> str:
    """What the plan comes to by its own aim."""
    if plan.params.objective == "max_coverage":
        return f"{share_words(plan.value)} within {plan.params.minutes:g} minutes, by the mean of their area"
    if plan.params.objective == "set_cover":
        return f"{words.plural(round(plan.value), 'hub')} for 95% within {plan.params.minutes:g} minutes"
    return f"{plan.value:,.1f} minutes"


def proof_words(plan: HubPlan) -> str:
    """How sure it is that no plan is better."""
    among = f"among {words.plural(plan.n_candidates, 'place')}"
    if plan.is_proven:
        return f"Proven best {among}."
    return f"At most {max(plan.gap, 0.0005):.1%} can be gained {among}."


def hub_map_state(study: Study, reach: Access, by_area: pd.DataFrame, minutes: float) -> MapState:
    """Minutes to the nearest hub, and the hubs alone."""
    state = reach_map_state(study, reach, by_area, minutes)
    names = set(zip(reach.places["kind"], reach.places["name"], strict=True))
    return replace(
        state,
        points=tuple(point for point in state.points if (point.kind, point.name) in names),
        kinds=tuple(kind for kind in state.kinds if kind.id in set(reach.places["kind"])),
        legend=None if state.legend is None else replace(state.legend, title="Minutes to a hub"),
    )


def hub_table(plan: HubPlan, reach: Access) -> pd.DataFrame:
    """One row for each hub."""
    rows = reach.by_place
    return pd.DataFrame(
        {
            "Hub": rows["name"],
            "Kind": [PLACE_KINDS[k].label if k in PLACE_KINDS else k for k in rows["kind"]],
            "People nearest": rows["people"].round(),
            "Minutes, mean": np.round(rows["minutes"], 1),
            "Fixed": ["yes" if one in plan.params.fixed else "" for one in rows.index],
        }
    ).reset_index(drop=True)
