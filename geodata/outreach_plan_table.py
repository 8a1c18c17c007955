"""Plans of an outreach bus in the workspace's database: only ever added, so that what was agreed stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import OPTION_COUNTER, OUTREACH_PLAN
from geodata.errors import InputError
from geodata.store import Store
from geodata.text import one_line

OUTREACH_PLAN_FIELDS = (
    "id",
    "name",
    "author",
    "created",
    "rationale",
    "document",
    "version",
    "authority_code",
)
_COLUMNS = [OUTREACH_PLAN.c[name] for name in OUTREACH_PLAN_FIELDS]


def list_outreach_plans(store: Store, authority_code: str) -> list[dict[str, object]]:
    """All saved plans of an authority, newest first; keys of `OUTREACH_PLAN_FIELDS`."""
    query = sa.select(*_COLUMNS).where(OUTREACH_PLAN.c.authority_code == authority_code)
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(OUTREACH_PLAN.c.row_number.desc())).mappings()
        return [dict(row) for row in rows]


def put_outreach_plan(
    store: Store,
    *,
    authority_code: str,
    name: str,
    author: str,
    rationale: str,
    document: Mapping[str, object],
    version: int,
) -> str:
    """Save a plan; returns its id.

    Parameters
    ----------
    document : Mapping
        The whole plan as plain JSON.
    version : int
        Of the data that it was worked out from.

    Raises
    ------
    InputError
        Without a name, or without who saves it.
    """
    if not one_line(name):
        raise InputError("Give the plan a name; nothing was saved.")
    if not one_line(author):
        raise InputError("Say who saves the plan; nothing was saved.")
    row = {
        "id": uuid4().hex[:12],
        "name": one_line(name),
        "author": one_line(author),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "rationale": rationale.strip(),
        "document": dict(document),
        "version": version,
        "authority_code": authority_code,
    }
    with store.database.writing(OPTION_COUNTER) as connection:
        connection.execute(sa.insert(OUTREACH_PLAN).values(row))
    return str(row["id"])
