"""A plan for hubs as plain values for scripts, and in words."""

from __future__ import annotations

from collections.abc import Sequence

from neighbourhoods.hub.ground import hub_ground
from neighbourhoods.hub.library import PlanComparison, SavedPlan
from neighbourhoods.hub.params import HubPlan
from neighbourhoods.siting.objective import OBJECTIVES
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import access_by_footprint, within_column
from neighbourhoods.travel.access_report import access_json, method_words, open_at_words


def hubs_json(study: Study, plan: HubPlan) -> dict[str, object]:
    """A plan with its proof, and who is within reach of it.

    Keys
    ----
    params, hubs (place_id, name, kind, people, minutes), n_candidates, value, bound, gap, is_proven, method,
    runtime_s, seed, trade_off (n_hubs, minutes, bound, cost_gbp), as_now (the same, of the places open now),
    stability (place_id, near_share, draw_share), access (the keys of `access_json`).
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
            "heeds_capacity": asked.heeds_capacity,
            "house": [list(one) for one in asked.house],
            "together": [list(one) for one in asked.together],
            "apart_m": asked.apart_m or None,
            "open_at": asked.open_at or None,
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
        "as_now": None if plan.as_now is None else plan.as_now.to_dict("records")[0],
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
        " ".join(part for part in (open_at_words(study, reach), method_words(reach)) if part),
        reach.by_place.round(1).to_string(),
    ]
    if asked.option is not None:
        lines.append(access_by_footprint(study, reach, asked.option).round(3).to_string(index=False))
    return "\n".join(lines)


def plan_json(saved: SavedPlan) -> dict[str, object]:
    """A saved plan: id, name, author, created, rationale, option_id, objective, kinds, chosen, proof."""
    return {
        "id": saved.id,
        "name": saved.name,
        "author": saved.author,
        "created": saved.created,
        "rationale": saved.rationale,
        "option_id": saved.option_id or None,
        "objective": saved.params.objective,
        "kinds": list(saved.params.kinds),
        "chosen": list(saved.chosen),
        "proof": dict(saved.proof),
    }


def plans_words(plans: Sequence[SavedPlan]) -> str:
    """Saved plans, one on a line."""
    lines = [
        f"{p.id}  {p.created[:10]}  {p.name}: {len(p.chosen)} hubs{f', {p.author}' if p.author else ''}"
        for p in plans
    ]
    return "\n".join(lines) or "No plan is saved yet."


def comparison_json(found: PlanComparison) -> dict[str, object]:
    """Plans side by side.

    Keys
    ----
    limit, mode, km_h, plans (the columns of `PlanComparison.measures`), footprints (footprint, and by plan
    minutes and within).
    """
    footprints: list[dict[str, object]] = []
    if found.footprints is not None:
        names = list(dict.fromkeys(found.footprints.columns.get_level_values(0)))
        for footprint, row in found.footprints.iterrows():
            parts = {name: {"minutes": row[name, "minutes"], "within": row[name, "within"]} for name in names}
            footprints.append({"footprint": footprint, "plans": parts})
    return {
        "limit": found.limit,
        "mode": found.params.mode,
        "km_h": found.params.speed_km_h,
        "plans": found.measures.to_dict("records"),
        "footprints": footprints,
    }
