"""Plans for hubs in the workspace's database: only ever added, so that what was compared stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import HUB_PLAN, OPTION_COUNTER
from geodata.errors import InputError
from geodata.store import Store

PLAN_FIELDS = ("id", "name", "author", "created", "rationale", "option_id", "params", "chosen", "proof")
_COLUMNS = [HUB_PLAN.c[name] for name in PLAN_FIELDS]


def list_plans(store: Store) -> list[dict[str, object]]:
    """All saved plans, newest first; keys of `PLAN_FIELDS`."""
    with store.database.reading() as connection:
        rows = connection.execute(sa.select(*_COLUMNS).order_by(HUB_PLAN.c.row_number.desc())).mappings()
        return [dict(row) for row in rows]


def put_plan(
    store: Store,
    *,
    name: str,
    author: str,
    rationale: str,
    option_id: str,
    params: Mapping[str, object],
    chosen: list[str],
    proof: Mapping[str, object],
) -> str:
    """Save a plan; returns its id.

    Parameters
    ----------
    option_id : str
        The saved option that it belongs to; empty for none.
    params, proof : Mapping
        What was asked and how good the answer is known to be, as plain JSON.
    chosen : list of str
        Place ids.

    Raises
    ------
    InputError
        Without a name.
    """
    if not name.strip():
        raise InputError("Give the plan a name; nothing was saved.")
    row = {
        "id": uuid4().hex[:12],
        "name": name.strip(),
        "author": author.strip(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "rationale": rationale.strip(),
        "option_id": option_id,
        "params": dict(params),
        "chosen": chosen,
        "proof": dict(proof),
    }
    with store.database.writing(OPTION_COUNTER) as connection:
        connection.execute(sa.insert(HUB_PLAN).values(row))
    return str(row["id"])
