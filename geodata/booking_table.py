"""Hours of an outreach bus that groups have booked: rows that are only ever added, a cancelling among them.

A booking is looked at and written under one lock, so that two people who book the same hour at once do not
both get it. A group's name is kept and nothing of any person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from uuid import uuid4

import sqlalchemy as sa

from geodata.database import OPTION_COUNTER, OUTREACH_BOOKING
from geodata.errors import InputError
from geodata.store import Store
from geodata.text import one_line

BOOKING_FIELDS = (
    "id",
    "act",
    "plan_id",
    "week",
    "day",
    "vehicle",
    "start_minute",
    "end_minute",
    "group_name",
    "note",
    "author",
    "created",
    "authority_code",
    "on_date",
)
BOOKED, CANCELLED = "booked", "cancelled"
_COLUMNS = [OUTREACH_BOOKING.c[name] for name in BOOKING_FIELDS]
Rows = list[dict[str, object]]


def list_booking_rows(store: Store, authority_code: str, plan_id: str) -> Rows:
    """Every row that was ever written for a plan, first first; keys of `BOOKING_FIELDS`."""
    with store.database.reading() as connection:
        return _rows(connection, authority_code, plan_id)


def standing_rows(rows: Sequence[dict[str, object]]) -> Rows:
    """Rows of bookings that nobody has cancelled."""
    cancelled = {row["id"] for row in rows if row["act"] == CANCELLED}
    return [dict(row) for row in rows if row["act"] == BOOKED and row["id"] not in cancelled]


def put_booking(
    store: Store,
    *,
    authority_code: str,
    plan_id: str,
    week: int,
    day: int,
    vehicle: int,
    start_minute: int,
    end_minute: int,
    group_name: str,
    note: str = "",
    author: str = "",
    on_date: str = "",
    require_free: Callable[[Rows], None] | None = None,
) -> str:
    """Record a booking; returns its id.

    Parameters
    ----------
    week, day, vehicle : int
        Week of the cycle, 0 for Monday, vehicle from 0.
    start_minute, end_minute : int
        After midnight.
    on_date : str
        The one date on which it holds (ISO), which lies on that day of that week; empty for every cycle.
    require_free : callable, optional
        Is given the rows that stand, under the lock, and raises InputError where the hours are not free.

    Raises
    ------
    InputError
        Without a group's name, or when the hours end before they begin or are booked; nothing is recorded.
    """
    if not one_line(group_name):
        raise InputError("Give the name of the group that books; nothing was booked.")
    if not start_minute < end_minute:
        raise InputError("A booking must end after it begins; nothing was booked.")
    row: dict[str, object] = {
        "id": uuid4().hex[:12],
        "act": BOOKED,
        "plan_id": plan_id,
        "week": int(week),
        "day": int(day),
        "vehicle": int(vehicle),
        "start_minute": int(start_minute),
        "end_minute": int(end_minute),
        "group_name": one_line(group_name),
        "note": one_line(note),
        "author": one_line(author),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "authority_code": authority_code,
        "on_date": on_date,
    }
    with store.database.writing(OPTION_COUNTER) as connection:
        standing = standing_rows(_rows(connection, authority_code, plan_id))
        other = next((one for one in standing if _overlap(one, row)), None)
        if other is not None:
            on = f" on {day_words(str(other['on_date']))}" if other["on_date"] and not on_date else ""
            raise InputError(
                f"{other['group_name']} has booked some of these hours{on} already; nothing was booked. "
                "Choose other hours."
            )
        if require_free is not None:
            require_free(standing)
        connection.execute(sa.insert(OUTREACH_BOOKING).values(row))
    return str(row["id"])


def cancel_booking(store: Store, booking_id: str, *, authority_code: str, plan_id: str, author: str) -> None:
    """Give the hours of a booking back; its row stays, and one that says so comes after it.

    Raises
    ------
    InputError
        When the booking is not there or was cancelled already; nothing is changed.
    """
    with store.database.writing(OPTION_COUNTER) as connection:
        rows = standing_rows(_rows(connection, authority_code, plan_id))
        found = next((one for one in rows if one["id"] == booking_id), None)
        if found is None:
            raise InputError("This booking is not there any more: somebody has cancelled it already.")
        created = datetime.now(UTC).isoformat(timespec="seconds")
        row = {**found, "act": CANCELLED, "author": one_line(author), "created": created}
        connection.execute(sa.insert(OUTREACH_BOOKING).values(row))


def day_words(iso: str) -> str:
    """ "4 December 2026" of an ISO date."""
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%B %Y}"


def _rows(connection: sa.Connection, authority_code: str, plan_id: str) -> Rows:
    column = OUTREACH_BOOKING.c
    query = sa.select(*_COLUMNS).where(column.authority_code == authority_code, column.plan_id == plan_id)
    return [dict(row) for row in connection.execute(query.order_by(column.row_number)).mappings()]


def _overlap(one: dict[str, object], other: dict[str, object]) -> bool:
    """Whether two bookings share a minute of one vehicle; one may begin when the other ends.

    One of every cycle comes on each date of its day.
    """
    if any(one[key] != other[key] for key in ("week", "day", "vehicle")):
        return False
    if one["on_date"] and other["on_date"] and one["on_date"] != other["on_date"]:
        return False
    return int(str(one["start_minute"])) < int(str(other["end_minute"])) and int(
        str(other["start_minute"])
    ) < int(str(one["end_minute"]))
