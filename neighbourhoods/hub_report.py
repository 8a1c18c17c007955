"""A plan for hubs as plain values for scripts, and in words."""

from __future__ import annotations

from neighbourhoods.access import access_by_footprint, within_column
from neighbourhoods.access_report import access_json, method_words
from neighbourhoods.hub_ground import hub_ground
from neighbourhoods.hub_params import HubPlan
from neighbourhoods.siting_objective import OBJECTIVES
from neighbourhoods.study import Study


def hubs_json(study: Study, plan: HubPlan) -> dict[str, object]:
    """A plan with its proof, and who is within reach of it.

    Keys
    ----
    params, hubs (place_id, name, kind, people, minutes), n_candidates, value, bound, gap, is_proven, method,
    runtime_s, seed, trade_off (n_hubs, minutes, bound), stability (place_id, near_share, draw_share), access
    (the keys of `access_json`).
    """
    asked = plan.params
    reach = hub_ground(study, asked).reach(asked, plan.chosen)
    found = access_json(study, reach, asked.option)
    return {
        "params": {
            "kinds": list(asked.kinds),
            "n_hubs": asked.n_hubs,
            "objective": asked.objective,
            "minutes": asked.minutes,
            "who": asked.who,
            "mode": asked.mode,
            "km_h": asked.speed_km_h,
            "fixed": list(asked.fixed),
            "closed": list(asked.closed),
            "budget_gbp": asked.budget_gbp or None,
            "option": None if asked.option is None else asked.option.name,
        },
        "hubs": found.pop("places"),
        "n_candidates": plan.n_candidates,
        "value": plan.value,
        "bound": plan.bound,
        "gap": plan.gap,
        "is_proven": plan.is_proven,
        "method": plan.method,
        "runtime_s": plan.runtime_s,
        "seed": asked.seed,
        "trade_off": plan.trade_off.to_dict("records"),
        "stability": plan.stability.reset_index().to_dict("records"),
        "access": found,
    }


def hubs_words(study: Study, plan: HubPlan) -> str:
    """The same in words."""
    asked = plan.params
    reach = hub_ground(study, asked).reach(asked, plan.chosen)
    share = reach.whole[within_column(asked.minutes)]
    proof = "proven best" if plan.is_proven else f"at most {plan.gap:.2%} can be gained"
    lines = [
        f"{OBJECTIVES[asked.objective].label}: {plan.value:,.4g}; bound {plan.bound:,.4g}, {proof} among "
        f"{plan.n_candidates:,} places ({plan.method}; {plan.runtime_s:.1f} s).",
        f"{share:.0%} of residents are within {asked.minutes:g} minutes of a hub.",
        method_words(reach),
        reach.by_place.round(1).to_string(),
    ]
    if asked.option is not None:
        lines.append(access_by_footprint(study, reach, asked.option).round(3).to_string(index=False))
    return "\n".join(lines)
