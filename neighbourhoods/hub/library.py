"""Saved plans for hubs, each with the option it belongs to; and several of them laid side by side.

A plan is kept as what was asked and which places were chosen: minutes are worked out from the places and the
residents of the day. The mistake this prevents: to compare plans by figures of different years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from geodata.errors import InputError
from geodata.plan_table import list_plans, put_plan
from geodata.store import Store
from neighbourhoods.hub.ground import HubGround, cost_columns, hub_ground, open_now
from neighbourhoods.hub.params import HubParams, HubPlan
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.run.codec import from_json, to_json
from neighbourhoods.siting.measure import worst_mean
from neighbourhoods.study.study import Study
from neighbourhoods.travel.access import (
    Access,
    access_by_fifth,
    access_by_footprint,
    concentration_index,
    within_column,
)

AS_NOW = "As now"
MOST_COMPARED = 4
WORST_SHARE = 0.2


@dataclass(frozen=True)
class SavedPlan:
    """One saved plan.

    Parameters
    ----------
    id, name, author, created, rationale : str
    option_id : str
        The saved option that it belongs to; empty for none.
    params : HubParams
        What was asked; without its option, which is named by id.
    chosen : tuple of str
        Place ids.
    proof : Mapping
        value, bound, gap, is_proven, method, runtime_s, n_candidates: as they were when it was found.
    """

    id: str
    name: str
    author: str
    created: str
    rationale: str
    option_id: str
    params: HubParams
    chosen: tuple[str, ...]
    proof: Mapping[str, object]


def save_plan(
    store: Store, plan: HubPlan, *, name: str, author: str = "", rationale: str = "", option_id: str = ""
) -> str:
    """Save a plan with the option it belongs to; returns its id.

    Parameters
    ----------
    option_id : str
        Where it is left out, the option whose footprints each have a hub by what was asked.

    Raises
    ------
    InputError
        Without a name.
    """
    asked = plan.params
    of = option_id or (asked.option.id if asked.option is not None else "")
    proof = {
        **{name: _known(getattr(plan, name)) for name in ("value", "bound", "gap")},
        "is_proven": plan.is_proven,
        "method": plan.method,
        "runtime_s": plan.runtime_s,
        "n_candidates": plan.n_candidates,
    }
    return put_plan(
        store,
        name=name,
        author=author,
        rationale=rationale,
        option_id=of,
        params=to_json(replace(asked, option=None)),
        chosen=list(plan.chosen),
        proof=proof,
    )


def _known(value: float) -> float | None:
    """A number as JSON can hold it."""
    return value if np.isfinite(value) else None


def saved_plans(store: Store) -> tuple[SavedPlan, ...]:
    """Every saved plan, newest first."""
    return tuple(_plan(row) for row in list_plans(store))


def find_plan(store: Store, given: str) -> SavedPlan:
    """A saved plan by its id, or the newest with a name.

    Raises
    ------
    InputError
        When there is none.
    """
    plans = saved_plans(store)
    found = [p for p in plans if p.id == given] + [p for p in plans if p.name == given]
    if not found:
        known = ", ".join(f"{p.name} ({p.id})" for p in plans[:5]) or "none"
        raise InputError(f"There is no saved plan {given!r}; saved are {known}.")
    return found[0]


def plan_of(saved: SavedPlan, option: FootprintOption | None = None) -> HubPlan:
    """A saved plan as it was found; other numbers of hubs and how firm it is are not kept."""
    proof = saved.proof

    def number(name: str) -> float:
        value = proof.get(name)
        return float(value) if isinstance(value, int | float) else float("nan")

    return HubPlan(
        replace(saved.params, option=option),
        saved.chosen,
        number("value"),
        number("bound"),
        number("gap"),
        bool(proof.get("is_proven")),
        int(number("n_candidates")),
        str(proof.get("method", "")),
        number("runtime_s"),
        pd.DataFrame(columns=["n_hubs", "minutes", "bound", "cost_gbp"], dtype=float),
        pd.DataFrame(columns=["near_share", "draw_share"], dtype=float).rename_axis("place_id"),
    )


def _plan(row: Mapping[str, object]) -> SavedPlan:
    params = cast(Mapping[str, object], row["params"])
    return SavedPlan(
        id=str(row["id"]),
        name=str(row["name"]),
        author=str(row["author"]),
        created=str(row["created"]),
        rationale=str(row["rationale"]),
        option_id=str(row["option_id"]),
        params=from_json(params, HubParams),
        chosen=tuple(cast(list[str], row["chosen"])),
        proof=cast(Mapping[str, object], row["proof"]),
    )


@dataclass(frozen=True, eq=False)
class PlanComparison:
    """Plans side by side, all by the same journeys.

    Parameters
    ----------
    measures : DataFrame
        One row for each plan, and one for as now where anything is open: name, n_hubs, minutes (mean),
        worst_fifth_minutes (mean of the fifth of residents who travel longest), longest_minutes,
        within_<limit> (shares of residents), within_<limit>_deprived (of those in the most deprived fifth of
        areas), concentration_index, cost_gbp (a year's running and opening; NaN where a cost is not known),
        n_gone (hubs that are in the register no more).
    footprints : DataFrame or None
        Rows: footprints of the option; columns: (plan, "minutes") and (plan, "within").
    limit : float
        Minutes that "within" and the deprived fifth are told by.
    params : HubParams
        Mode and speed that all are judged by.
    """

    measures: pd.DataFrame
    footprints: pd.DataFrame | None
    limit: float
    params: HubParams


def compare_plans(
    study: Study,
    plans: Sequence[SavedPlan],
    *,
    option: FootprintOption | None = None,
    ground_of: Callable[[HubParams], HubGround] | None = None,
) -> PlanComparison:
    """Up to four plans side by side, with the places that are open now.

    All are judged by the mode, speed and minutes of the first.

    Parameters
    ----------
    option : FootprintOption, optional
        Whose footprints minutes are told by.
    ground_of : callable, optional
        Journeys for what is asked, where they are kept already.

    Raises
    ------
    InputError
        For no plan or more than four, or when all hubs of one are gone from the register.
    """
    if not 0 < len(plans) <= MOST_COMPARED:
        raise InputError(f"Choose one to {MOST_COMPARED} plans to compare.")
    like = plans[0].params
    kinds = tuple(sorted({kind for plan in plans for kind in plan.params.kinds}))
    asked = replace(like, kinds=kinds, fixed=(), closed=(), together=(), house=(), open_at="")
    ground = hub_ground(study, asked) if ground_of is None else ground_of(asked)
    rows, by_footprint = [], {}
    given = [(plan.name, plan.chosen) for plan in plans]
    now = open_now(ground.places)
    for name, chosen in [*given, *([(AS_NOW, now)] if now else [])]:
        standing = [one for one in chosen if one in ground.places.index]
        if not standing:
            raise InputError(f"No hub of the plan {name!r} is in the register any more.")
        reach = ground.reach(asked, standing)
        costs = cost_columns(ground.places).loc[standing].to_numpy(dtype=float)
        rows.append(
            {
                "name": name,
                **measures_of(study, reach, like.minutes),
                "cost_gbp": float(costs.sum()),
                "n_gone": len(chosen) - len(standing),
            }
        )
        if option is not None:
            table = access_by_footprint(study, reach, option)
            by_footprint[name] = table[["footprint_name", "minutes", within_column(like.minutes)]]
    footprints = None
    if by_footprint:
        first = next(iter(by_footprint.values()))
        parts = {
            key: table.drop(columns="footprint_name").set_axis(["minutes", "within"], axis=1)
            for key, table in by_footprint.items()
        }
        footprints = pd.concat(parts, axis=1).set_index(pd.Index(first["footprint_name"], name="footprint"))
    return PlanComparison(pd.DataFrame(rows), footprints, like.minutes, asked)


def measures_of(study: Study, reach: Access, limit: float) -> dict[str, float]:
    """One plan by every measure of `PlanComparison`, but for its name and costs."""
    weight = reach.points.share * np.nan_to_num(reach.points.population)[reach.points.row]
    lived = weight > 0
    fifths = access_by_fifth(study, reach)
    columns = [within_column(one) for one in reach.params.limits]
    return {
        "n_hubs": len(reach.places),
        "minutes": float(reach.whole["minutes"]),
        "worst_fifth_minutes": worst_mean(reach.minutes[lived], weight[lived], WORST_SHARE),
        "longest_minutes": float(reach.minutes[lived].max()),
        **{column: float(reach.whole[column]) for column in columns},
        f"{within_column(limit)}_deprived": float("nan")
        if fifths is None
        else float(fifths[within_column(limit)].iloc[0]),
        "concentration_index": concentration_index(study, reach),
    }
