"""Changes of the register of places: rows that are only ever added, beside the lists that were imported.

A list is never touched, so that a new import of it leaves every change standing. Each change counts as a
write of data, for places must be up to date on every page at once; with it is kept which write it was, so
that what rests on figures alone can tell that nothing of theirs has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import COUNTER, DATA_COUNTER, PLACE_CHANGE
from geodata.errors import InputError
from geodata.store import Store

CHANGE_FIELDS = (
    "id",
    "act",
    "place_id",
    "other_id",
    "fields",
    "undoes",
    "author",
    "created",
    "reason",
    "authority_code",
    "version",
)
ACTS = ("set", "add", "remove", "merge", "distinct", "undo")
_COLUMNS = [PLACE_CHANGE.c[name] for name in CHANGE_FIELDS]


def list_place_changes(store: Store, authority_code: str) -> list[dict[str, object]]:
    """Every change of an authority's register, first first.

    Returns
    -------
    list of dict
        Keys of `CHANGE_FIELDS`; `fields` maps the name of a field to [before, after]; `created` is an ISO
        date and time (UTC); `version` is `Store.version` after the change.
    """
    query = sa.select(*_COLUMNS).where(PLACE_CHANGE.c.authority_code == authority_code)
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(PLACE_CHANGE.c.row_number)).mappings()
        return [dict(row) for row in rows]


def put_place_change(store: Store, row: Mapping[str, object], *, seen: int) -> str:
    """Add one change and return its new id.

    Parameters
    ----------
    row : Mapping
        `CHANGE_FIELDS` but id, created and version.
    seen : int
        `Store.version` that the person was looking at.

    Raises
    ------
    InputError
        When somebody else has changed one of these places since; the change is not made.
    ValueError
        For an act that is none of `ACTS`.
    """
    if row["act"] not in ACTS:
        raise ValueError(f"{row['act']!r} is none of {ACTS}")
    change_id = uuid4().hex[:12]
    with store.database.writing(DATA_COUNTER) as connection:
        _require_unchanged(connection, row, seen)
        count = sa.select(COUNTER.c.value).where(COUNTER.c.key == DATA_COUNTER)
        version = int(connection.execute(count).scalar_one()) + 1
        created = datetime.now(UTC).isoformat(timespec="seconds")
        values = {**row, "id": change_id, "created": created, "version": version}
        connection.execute(sa.insert(PLACE_CHANGE).values(values))
    return change_id


def n_place_changes(store: Store, after: int, upto: int) -> int:
    """How many of the writes `after` < version <= `upto` were changes of places."""
    number = PLACE_CHANGE.c.version
    query = sa.select(sa.func.count()).where(number > after, number <= upto)
    with store.database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def same_figures_since(store: Store, version: int) -> int:
    """The first version from which on nothing but places was written, up to this one."""
    number = PLACE_CHANGE.c.version
    query = sa.select(number).where(number <= version).order_by(number.desc())
    with store.database.reading() as connection:
        for (changed,) in connection.execute(query):
            if changed != version:
                break
            version -= 1
    return version


def _require_unchanged(connection: sa.Connection, row: Mapping[str, object], seen: int) -> None:
    touched = [one for one in (row["place_id"], row["other_id"]) if one]
    change = PLACE_CHANGE.c
    query = (
        sa.select(change.author)
        .where(change.version > seen, change.authority_code == row["authority_code"])
        .where(change.place_id.in_(touched) | change.other_id.in_(touched))
        .order_by(change.row_number.desc())
    )
    other = connection.execute(query).first()
    if other is not None:
        raise InputError(
            f"{other.author} changed this place while you were looking at it; nothing of yours is saved. "
            "Look at it as it is now, and change it again if that is still right."
        )
