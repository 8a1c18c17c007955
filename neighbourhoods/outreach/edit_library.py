"""Saved plans of the bus: whole, as they were when somebody saved them, with who and when.

A timetable that was agreed must stay as it is, whatever becomes of the register: so that the tables are kept
and nothing is worked out again when a plan is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from geodata.errors import InputError
from geodata.outreach_plan_table import list_outreach_plans, put_outreach_plan
from geodata.store import Store
from neighbourhoods.outreach.plan import (
    ROUND_COLUMNS,
    STOP_COLUMNS,
    VISIT_COLUMNS,
    OutreachParams,
    OutreachPlan,
)
from neighbourhoods.run.codec import from_json, to_json

SAVED_MARK = "plan"  # before the id of a saved plan, where a run could be named as well
NUMBERS = ("value", "bound", "gap", "runtime_s")


@dataclass(frozen=True, eq=False)
class SavedOutreach:
    """One saved plan: `version` is that of the data it was worked out from."""

    id: str
    name: str
    author: str
    created: str
    rationale: str
    version: int
    document: Mapping[str, Any]


def save_outreach(
    store: Store,
    authority_code: str,
    plan: OutreachPlan,
    *,
    name: str,
    author: str,
    rationale: str = "",
    version: int = 0,
) -> str:
    """Save a plan; returns its id.

    Raises
    ------
    InputError
        Without a name, or without who saves it.
    """
    return put_outreach_plan(
        store,
        authority_code=authority_code,
        name=name,
        author=author,
        rationale=rationale,
        document=plan_document(plan),
        version=version,
    )


def saved_outreach(store: Store, authority_code: str) -> tuple[SavedOutreach, ...]:
    """Every saved plan of an authority, newest first."""
    return tuple(
        SavedOutreach(
            str(row["id"]),
            str(row["name"]),
            str(row["author"]),
            str(row["created"]),
            str(row["rationale"]),
            int(cast(int, row["version"])),
            cast(Mapping[str, Any], row["document"]),
        )
        for row in list_outreach_plans(store, authority_code)
    )


def find_outreach(store: Store, authority_code: str, given: str) -> SavedOutreach:
    """A saved plan by its id, or the newest with a name.

    Raises
    ------
    InputError
        When there is none.
    """
    kept = saved_outreach(store, authority_code)
    found = [one for one in kept if one.id == given] + [one for one in kept if one.name == given]
    if not found:
        known = ", ".join(f"{one.name} ({one.id})" for one in kept[:5]) or "none"
        raise InputError(f"There is no saved plan of the bus {given!r}; saved are {known}.")
    return found[0]


def plan_document(plan: OutreachPlan) -> dict[str, object]:
    """A plan as plain JSON; a number that is not known is null."""
    return {
        "params": to_json(plan.params),
        "stops": _rows(plan.stops.reset_index()),
        "visits": _rows(plan.visits),
        "rounds": _rows(plan.rounds),
        "areas": _rows(plan.areas.reset_index()),
        "method": plan.method,
        **{one: None if pd.isna(value := getattr(plan, one)) else float(value) for one in NUMBERS},
    }


def plan_of(saved: SavedOutreach) -> OutreachPlan:
    """A saved plan as it was.

    Raises
    ------
    InputError
        When another version of the software wrote it.
    """
    kept = saved.document
    try:
        params = from_json(kept["params"], OutreachParams)
        numbers = {one: float("nan") if kept[one] is None else float(kept[one]) for one in NUMBERS}
        columns = [f"{what}_{one.id}" for one in params.sessions for what in ("need", "served")]
        return OutreachPlan(
            params,
            _frame(kept["stops"], ["stop_id", *STOP_COLUMNS]).set_index("stop_id"),
            _frame(kept["visits"], list(VISIT_COLUMNS)),
            _frame(kept["rounds"], list(ROUND_COLUMNS)),
            _frame(kept["areas"], ["area_code", *columns]).set_index("area_code").astype(float),
            method=str(kept["method"]),
            **numbers,
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise InputError(
            f"The plan {saved.name!r} was saved by another version of this software and cannot be read."
        ) from fault


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): _plain(value) for name, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: object) -> object:
    return value.item() if hasattr(value, "item") else value


def _frame(rows: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame([[row[one] for one in columns] for row in rows], columns=columns)
