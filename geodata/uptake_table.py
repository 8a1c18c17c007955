"""Visitors at each visit of the bus: a count and nothing of anybody; rows that are only ever added.

A slip is put right by a further row that names the one it takes the place of, so that what was once reported
can always be found again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import OPTION_COUNTER, OUTREACH_UPTAKE
from geodata.errors import InputError
from geodata.store import Store
from geodata.text import one_line

UPTAKE_FIELDS = (
    "id",
    "stop_id",
    "stop_name",
    "service_id",
    "visited_on",
    "n_visitors",
    "corrects",
    "author",
    "created",
    "authority_code",
)
MOST_VISITORS = 2_000
_COLUMNS = [OUTREACH_UPTAKE.c[name] for name in UPTAKE_FIELDS]


def list_uptake(store: Store, authority_code: str) -> list[dict[str, object]]:
    """Every row that was ever recorded for an authority, first first; keys of `UPTAKE_FIELDS`."""
    query = sa.select(*_COLUMNS).where(OUTREACH_UPTAKE.c.authority_code == authority_code)
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(OUTREACH_UPTAKE.c.row_number)).mappings()
        return [dict(row) for row in rows]


def put_uptake(
    store: Store,
    *,
    authority_code: str,
    stop_id: str,
    stop_name: str,
    service_id: str,
    visited_on: date,
    n_visitors: int,
    author: str = "",
    corrects: str = "",
) -> str:
    """Record how many came to one visit; returns the row's id.

    Parameters
    ----------
    corrects : str
        Id of the row that this one takes the place of; empty for none.

    Raises
    ------
    InputError
        For a count that cannot be, a day that has not come, or a row that is not there or was corrected
        already; nothing is recorded.
    """
    if not 0 <= n_visitors <= MOST_VISITORS:
        raise InputError(f"Visitors: give a whole number from 0 to {MOST_VISITORS:,}; nothing was recorded.")
    if visited_on > date.today():
        raise InputError("The day of the visit has not come yet; nothing was recorded.")
    row = {
        "id": uuid4().hex[:12],
        "stop_id": stop_id,
        "stop_name": one_line(stop_name),
        "service_id": service_id,
        "visited_on": visited_on.isoformat(),
        "n_visitors": int(n_visitors),
        "corrects": corrects,
        "author": one_line(author),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "authority_code": authority_code,
    }
    with store.database.writing(OPTION_COUNTER) as connection:
        if corrects:
            _require_standing(connection, corrects, authority_code)
        connection.execute(sa.insert(OUTREACH_UPTAKE).values(row))
    return str(row["id"])


def _require_standing(connection: sa.Connection, row_id: str, authority_code: str) -> None:
    column = OUTREACH_UPTAKE.c
    mine = sa.select(column.id).where(column.authority_code == authority_code)
    if connection.execute(mine.where(column.id == row_id)).first() is None:
        raise InputError("The visit that is to be corrected is not recorded; nothing was changed.")
    if connection.execute(mine.where(column.corrects == row_id)).first() is not None:
        raise InputError("Somebody has corrected this visit already; look at it as it is now.")
