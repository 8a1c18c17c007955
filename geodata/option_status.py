"""What became of an option: every status it has had, when, by whom and why.

Rows are only added. The mistake this prevents: an option that is "approved" and nobody can say who approved
it, or what it was before.
"""

from __future__ import annotations

import sqlalchemy as sa

from geodata.database import OPTION_STATUS
from geodata.errors import InputError
from geodata.store import Store

STATUS_FIELDS = ("option_id", "status", "created", "author", "reason")
AS_SAVED = "As saved."


def status_history(store: Store, option_id: str) -> list[dict[str, str]]:
    """Every status that one version has had, first first.

    Returns
    -------
    list of dict
        Keys of `STATUS_FIELDS`. `created` is an ISO date and time (UTC), empty where it is not known: the
        status of an option that is older than the record.

    Raises
    ------
    InputError
        When there is no option of this id.
    """
    query = sa.select(*(OPTION_STATUS.c[name] for name in STATUS_FIELDS))
    query = query.where(OPTION_STATUS.c.option_id == option_id).order_by(OPTION_STATUS.c.row_number)
    with store.database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    if not rows:  # each option has one from its beginning
        raise InputError(f"The workspace holds no option with the id {option_id!r}.")
    return [{str(key): str(value) for key, value in row.items()} for row in rows]


def record_status(
    connection: sa.Connection, option_id: str, status: str, created: str, author: str, reason: str
) -> None:
    """Add one status to the record, in the transaction of the change itself."""
    values = dict(zip(STATUS_FIELDS, (option_id, status, created, author, reason), strict=True))
    connection.execute(sa.insert(OPTION_STATUS).values(values))
