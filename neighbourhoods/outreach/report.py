"""A plan for an outreach bus as plain values for scripts, and in words."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from neighbourhoods.outreach.plan import DAY_NAMES, OutreachPlan
from neighbourhoods.outreach.service import SERVICES


def outreach_json(plan: OutreachPlan) -> dict[str, object]:
    """A plan with its proof.

    Keys
    ----
    params (the fields of `OutreachParams`; km_h 0 for the mode's own speed, must_serve_need and range_km null
    for none),
    stops (stop_id, name, kind, x, y), visits and rounds (the columns of `OutreachPlan`; minutes after
    midnight, days from 0 for Monday), areas (area_code, need_<session>, served_<session>), sessions (id,
    service, need, served, n_visits), value, bound, gap, method, runtime_s, seed.
    """
    asked = asdict(plan.params)
    for name in ("must_serve_need", "range_km"):
        if not np.isfinite(asked[name]):
            asked[name] = None
    return {
        "params": asked,
        "stops": plan.stops.reset_index().to_dict("records"),
        "visits": plan.visits.to_dict("records"),
        "rounds": plan.rounds.to_dict("records"),
        "areas": plan.areas.reset_index().to_dict("records"),
        "sessions": session_rows(plan).to_dict("records"),
        "value": plan.value,
        "bound": plan.bound,
        "gap": plan.gap,
        "method": plan.method,
        "runtime_s": plan.runtime_s,
        "seed": plan.params.seed,
    }


def session_rows(plan: OutreachPlan) -> pd.DataFrame:
    """By session: id, service, need (people of need who are far), served (of them), n_visits in a cycle."""
    return pd.DataFrame(
        [
            (
                one.id,
                one.service_id,
                float(plan.areas[f"need_{one.id}"].sum()),
                float(plan.areas[f"served_{one.id}"].sum()),
                int((plan.visits["session_id"] == one.id).sum()),
            )
            for one in plan.params.sessions
        ],
        columns=["id", "service", "need", "served", "n_visits"],
    )


def outreach_words(plan: OutreachPlan) -> str:
    """The same in words: who is served, how good that is, and the timetable."""
    weeks = "a week" if plan.params.n_weeks == 1 else "a fortnight"
    lines = []
    for row in session_rows(plan).to_dict("records"):
        share = f" ({row['served'] / row['need']:.0%})" if row["need"] > 0 else ""
        lines.append(
            f"{SERVICES[row['service']].label} ({row['id']}): {row['n_visits']} visits {weeks} serve "
            f"{row['served']:,.0f} of {row['need']:,.0f} people of need who are more than "
            f"{plan.params.far_minutes:g} minutes from every hub{share}."
        )
    lines.append(
        f"Need served, repeated visits at their lower worth: {plan.value:,.0f}; no plan serves more than "
        f"{plan.bound:,.0f}, so that at most {plan.gap:.1%} of that can be gained ({plan.method}; "
        f"{plan.runtime_s:.1f} s)."
    )
    names, day_before = plan.stops["name"], ""
    for visit in plan.visits.to_dict("records"):
        head = DAY_NAMES[visit["day"]]
        head += f", week {visit['week'] + 1}" if plan.params.n_weeks > 1 else ""
        head += f", bus {visit['vehicle'] + 1}" if plan.params.n_vehicles > 1 else ""
        if head != day_before:
            lines.append(head)
        day_before = head
        hours = f"{clock(visit['arrive_minute'])} to {clock(visit['depart_minute'])}"
        lines.append(
            f"  {hours}  {names[visit['stop_id']]} "
            f"({visit['session_id']}; about {visit['people']:,.0f} people of need)"
        )
    return "\n".join(lines)


def clock(minute: int) -> str:
    """Minutes after midnight as "09:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
