"""What the Hubs page says of a plan: its finding, how sure it is, its map and its table."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from geodata.run_record import Run
from neighbourhoods.hub.ground import cost_columns
from neighbourhoods.hub.params import HubPlan
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import Access, within_column
from pages.components import words
from pages.components.area_map_state import MapState
from pages.components.chart import BLUE, INK
from pages.components.map_state import PLACE_KINDS
from pages.components.reach_view import journey_words, reach_map_state, share_words

KIND = "hubs"
FILLED = "siting_filled_from"
NUMBER_HEIGHT = 320


def follow_run(run: Run | None, study: Study) -> None:
    """Before the form: where a run was opened by its address, set the controls as they stood for it.

    So too when the visitor comes back from another page, where the controls were forgotten.
    """
    is_filled = st.session_state.get(FILLED) == getattr(run, "id", "") and "hubs_n" in st.session_state
    if run is None or is_filled:
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
    return f"{plan.value:,.1f} minutes, each area sent to one hub as a whole"


def proof_words(plan: HubPlan) -> str:
    """How sure it is that no plan is better."""
    among = f"among {words.plural(plan.n_candidates, 'place')}"
    if not np.isfinite(plan.bound):
        return f"Chosen by hand {among}; how good it is was not worked out."
    if plan.is_proven:
        return f"Proven best {among}."
    return f"At most {max(plan.gap, 0.0005):.1%} can be gained {among}."


def hub_map_state(study: Study, reach: Access, by_area: pd.DataFrame, minutes: float) -> MapState:
    """Minutes to the nearest hub, and the hubs alone."""
    state = reach_map_state(study, reach, by_area, minutes)
    return replace(
        state, legend=None if state.legend is None else replace(state.legend, title="Minutes to a hub")
    )


def place_titles(places: pd.DataFrame) -> dict[str, str]:
    """What each place is called in a box: of two with one name and kind, with the postcode."""
    named = [
        f"{name} ({PLACE_KINDS[kind].label})"
        for name, kind in zip(places["name"], places["kind"], strict=True)
    ]
    n_by_name = Counter(named)
    rows = zip(places.index, named, places["postcode"], strict=True)
    return {str(i): f"{title}, {postcode}" if n_by_name[title] > 1 else title for i, title, postcode in rows}


def hub_table(plan: HubPlan, reach: Access) -> pd.DataFrame:
    """One row for each hub."""
    rows = reach.by_place
    costs = cost_columns(reach.places).reindex(rows.index)
    priced = {} if costs["running"].isna().all() else {"Pounds a year": costs["running"]}
    return pd.DataFrame(
        {
            "Hub": rows["name"],
            "Kind": [PLACE_KINDS[k].label if k in PLACE_KINDS else k for k in rows["kind"]],
            "People nearest": rows["people"].round(),
            "Minutes, mean": np.round(rows["minutes"], 1),
            **priced,
            "Fixed": ["yes" if one in plan.params.fixed else "" for one in rows.index],
            **_firmness(plan, rows.index),
        }
    ).reset_index(drop=True)


def _firmness(plan: HubPlan, place_ids: pd.Index) -> dict[str, object]:
    """How firmly each hub is chosen; said of short mean journeys alone, since that is what was tried."""
    if plan.params.objective != "p_median":
        return {}
    shares = (100 * plan.stability.reindex(place_ids)).round()
    return {
        "In near-best plans (%)": shares["near_share"].to_numpy(dtype=float),
        "When need is weighed otherwise (%)": shares["draw_share"].to_numpy(dtype=float),
    }


def number_table(plan: HubPlan) -> pd.DataFrame:
    """The shortest mean journey for each number of hubs, what one more gains, and the places open now."""
    rows = plan.trade_off
    found = pd.DataFrame(
        {
            "Hubs": rows["n_hubs"].astype(str),
            "Minutes, mean": rows["minutes"].round(1),
            "Minutes gained by the last hub": (-rows["minutes"].diff()).round(1),
            "None has less than": rows["bound"].round(1),
        }
    )
    if rows["cost_gbp"].notna().any():
        found["Pounds"] = rows["cost_gbp"].round()
    if plan.as_now is None:
        return found
    now = plan.as_now.iloc[0]
    last = {
        "Hubs": f"As now, {words.plural(int(now['n_hubs']), 'place')}",
        "Minutes, mean": round(now["minutes"], 1),
    }
    if "Pounds" in found:
        last["Pounds"] = now["cost_gbp"]
    return pd.concat([found, pd.DataFrame([last])], ignore_index=True)


def has_costs(plan: HubPlan) -> bool:
    """Whether the cost of every plan in the trade-off is known."""
    return len(plan.trade_off) > 0 and bool(plan.trade_off["cost_gbp"].notna().all())


def number_chart(plan: HubPlan, *, by_cost: bool = False) -> alt.LayerChart:
    """Mean minutes by number of hubs or by cost, the plan's own marked; a line where things are as now."""
    rows = plan.trade_off.assign(
        said=[
            f"{n} hubs: {minutes:,.0f}" if by_cost else f"{minutes:,.0f}"
            for n, minutes in zip(plan.trade_off["n_hubs"], plan.trade_off["minutes"], strict=True)
        ],
        is_plan=plan.trade_off["n_hubs"] == len(plan.chosen),
    )
    x = (
        alt.X("cost_gbp:Q", title="Pounds a year", axis=alt.Axis(format=",.0f"), scale=alt.Scale(zero=False))
        if by_cost
        else alt.X("n_hubs:O", title="Hubs", axis=alt.Axis(labelAngle=0))
    )
    base = alt.Chart(rows).encode(
        x=x, y=alt.Y("minutes:Q", title="Minutes, mean", scale=alt.Scale(zero=True))
    )
    line = base.mark_line(color=BLUE)
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        color=alt.condition("datum.is_plan", alt.value("#F46A25"), alt.value(BLUE))
    )
    text = base.mark_text(dy=-12, fontSize=13, color=INK).encode(text="said:N")
    layers = [line, dots, text]
    if plan.as_now is not None:
        now = plan.as_now.assign(
            said=[
                f"As now, {n} places: {m:,.0f}"
                for n, m in zip(plan.as_now["n_hubs"], plan.as_now["minutes"], strict=True)
            ]
        )
        rule = alt.Chart(now).encode(y="minutes:Q")
        layers += [
            rule.mark_rule(color=INK, strokeDash=[5, 4]),
            rule.mark_text(align="left", dy=-8, dx=4, fontSize=13, color=INK).encode(
                x=alt.value(0), text="said:N"
            ),
        ]
    return alt.layer(*layers).properties(height=NUMBER_HEIGHT)
