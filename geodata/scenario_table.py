"""Scenarios in the workspace's database: rows that are only ever added.

A new name or a removal is a further row with the same id, so that who called it what, and who took it away,
can always be read; what was saved is never written over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import OPTION_COUNTER, SCENARIO
from geodata.errors import InputError
from geodata.store import Store
from geodata.text import one_line

SCENARIO_FIELDS = ("id", "act", "name", "author", "created", "rationale", "content")
SAVED, RENAMED, REMOVED = "saved", "renamed", "removed"
_COLUMNS = [SCENARIO.c[name] for name in SCENARIO_FIELDS]


def list_scenario_rows(store: Store, authority_code: str) -> list[dict[str, object]]:
    """Every row that was ever written for an authority, first first; keys of `SCENARIO_FIELDS`."""
    query = sa.select(*_COLUMNS).where(SCENARIO.c.authority_code == authority_code)
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(query.order_by(SCENARIO.c.row_number)).mappings()]


def put_scenario(
    store: Store,
    *,
    authority_code: str,
    name: str,
    author: str,
    rationale: str,
    content: Mapping[str, object],
) -> str:
    """Save a scenario; returns its id.

    Parameters
    ----------
    content : Mapping
        Plain JSON.

    Raises
    ------
    InputError
        Without a name.
    """
    if not one_line(name):
        raise InputError("Give the scenario a name; nothing was saved.")
    scenario_id = uuid4().hex[:12]
    _add(store, SAVED, scenario_id, authority_code, name, author, rationale.strip(), dict(content))
    return scenario_id


def rename_scenario(store: Store, scenario_id: str, *, authority_code: str, name: str, author: str) -> None:
    """Give a scenario another name.

    Raises
    ------
    InputError
        Without a name, or when there is no such scenario any more; nothing is changed.
    """
    if not one_line(name):
        raise InputError("Give the scenario a name; nothing was changed.")
    _add(store, RENAMED, scenario_id, authority_code, name, author, "", {})


def remove_scenario(store: Store, scenario_id: str, *, authority_code: str, author: str) -> None:
    """Take a scenario off the list; its rows stay.

    Raises
    ------
    InputError
        When there is no such scenario any more.
    """
    _add(store, REMOVED, scenario_id, authority_code, "", author, "", {})


def _add(
    store: Store,
    act: str,
    scenario_id: str,
    authority_code: str,
    name: str,
    author: str,
    rationale: str,
    content: Mapping[str, object],
) -> None:
    row = {
        "id": scenario_id,
        "act": act,
        "name": one_line(name),
        "author": one_line(author),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "rationale": rationale,
        "content": dict(content),
        "authority_code": authority_code,
    }
    with store.database.writing(OPTION_COUNTER) as connection:
        if act != SAVED:
            _require_standing(connection, scenario_id, authority_code)
        connection.execute(sa.insert(SCENARIO).values(row))


def _require_standing(connection: sa.Connection, scenario_id: str, authority_code: str) -> None:
    """Within the transaction that writes, so that of two who remove it the second is told."""
    mine = (SCENARIO.c.id == scenario_id) & (SCENARIO.c.authority_code == authority_code)
    acts = connection.execute(sa.select(SCENARIO.c.act).where(mine)).scalars().all()
    if not acts or REMOVED in acts:
        raise InputError("This scenario is no longer there; nothing was changed.")
