"""Bookings are only ever added; no two of a vehicle overlap, and a cancelled one gives its hours back."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geodata.booking_table import (
    BOOKED,
    BOOKING_FIELDS,
    CANCELLED,
    cancel_booking,
    list_booking_rows,
    put_booking,
    standing_rows,
)
from geodata.database import DATABASE_NAME, SCHEMA_VERSION
from geodata.errors import InputError
from geodata.store import Store

YORK = "E06000014"


def put(store: Store, start: int = 800, end: int = 920, **changes: object) -> str:
    given = {
        "authority_code": YORK,
        "plan_id": "planone",
        "week": 0,
        "day": 0,
        "vehicle": 0,
        "group_name": " Ash\nScouts ",
        **changes,
    }
    return put_booking(store, start_minute=start, end_minute=end, **given)  # type: ignore[arg-type]


def cancel(store: Store, booking_id: str) -> None:
    cancel_booking(store, booking_id, authority_code=YORK, plan_id="planone", author="Bo")


def test_a_booking_comes_back_as_it_was_recorded(tmp_path: Path) -> None:
    store = Store(tmp_path)
    row_id = put(store, note="Ramp", author="Ann")
    put(store, authority_code="E06000000")
    put(store, plan_id="plantwo")
    (found,) = list_booking_rows(store, YORK, "planone")
    assert tuple(found) == BOOKING_FIELDS
    assert (found["id"], found["act"], found["group_name"]) == (row_id, BOOKED, "Ash Scouts")
    assert (found["start_minute"], found["end_minute"], found["note"]) == (800, 920, "Ramp")


@pytest.mark.parametrize(
    ("start", "end", "is_free"),
    [
        (680, 799, True),
        (680, 800, True),
        (680, 801, False),
        (919, 1_000, False),
        (920, 1_000, True),
        (800, 920, False),
        (820, 830, False),
        (700, 1_000, False),
    ],
)
def test_hours_that_touch_a_booking_are_free_and_a_minute_over_is_not(
    tmp_path: Path, start: int, end: int, is_free: bool
) -> None:
    store = Store(tmp_path)
    put(store, 800, 920)
    if is_free:
        put(store, start, end)
    else:
        with pytest.raises(InputError, match="Ash Scouts has booked some of these hours"):
            put(store, start, end)
    assert len(list_booking_rows(store, YORK, "planone")) == 1 + is_free


def test_of_people_who_book_the_same_hours_at_once_one_gets_them(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def attempt(number: int) -> bool:
        try:
            put(store, group_name=f"Group {number}")
        except InputError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(attempt, range(4)))
    assert sorted(got) == [False, False, False, True]
    assert len(list_booking_rows(store, YORK, "planone")) == 1


@pytest.mark.parametrize("other", ["week", "day", "vehicle"])
def test_the_same_hours_of_another_week_day_or_vehicle_are_free(tmp_path: Path, other: str) -> None:
    store = Store(tmp_path)
    put(store)
    put(store, **{other: 1})
    assert len(list_booking_rows(store, YORK, "planone")) == 2


def test_a_booking_without_a_group_or_without_an_hour_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(InputError, match="name of the group"):
        put(store, group_name=" \n")
    with pytest.raises(InputError, match="end after it begins"):
        put(store, 800, 800)
    assert list_booking_rows(store, YORK, "planone") == []


def test_what_is_not_free_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    store, seen = Store(tmp_path), []

    def refuse(rows: list[dict[str, object]]) -> None:
        seen.extend(rows)
        raise InputError("Taken.")

    first = put(store)
    with pytest.raises(InputError, match="Taken"):
        put(store, 920, 1_000, require_free=refuse)
    assert [row["id"] for row in seen] == [first]
    assert len(list_booking_rows(store, YORK, "planone")) == 1


def test_a_cancelled_booking_gives_its_hours_back_once_and_its_row_stays(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = put(store, author="Ann")
    cancel(store, first)
    rows = list_booking_rows(store, YORK, "planone")
    assert [(row["act"], row["author"]) for row in rows] == [(BOOKED, "Ann"), (CANCELLED, "Bo")]
    assert standing_rows(rows) == []
    for gone in (first, "nowhere"):
        with pytest.raises(InputError, match="not there any more"):
            cancel(store, gone)
    second = put(store)
    assert [row["id"] for row in standing_rows(list_booking_rows(store, YORK, "planone"))] == [second]


def test_a_workspace_of_the_schema_before_gains_the_table(tmp_path: Path) -> None:
    Store(tmp_path)
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("DROP TABLE outreach_booking")
        connection.execute("PRAGMA user_version = 8")
    connection.close()
    store = Store(tmp_path)
    put(store)
    assert len(list_booking_rows(store, YORK, "planone")) == 1
    assert SCHEMA_VERSION >= 9


def test_a_workspace_whose_bookings_have_no_date_gains_it_and_keeps_them(tmp_path: Path) -> None:
    first = put(Store(tmp_path))
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("ALTER TABLE outreach_booking DROP COLUMN on_date")
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    store = Store(tmp_path)
    (row,) = list_booking_rows(store, YORK, "planone")
    assert (row["id"], row["on_date"]) == (first, "")
    with pytest.raises(InputError, match="Ash Scouts has booked"):
        put(store, on_date="2030-01-07")


@pytest.mark.parametrize(
    ("first", "second", "is_free"),
    [
        ("", "2030-01-07", False),
        ("2030-01-07", "", False),
        ("2030-01-07", "2030-01-07", False),
        ("2030-01-07", "2030-01-14", True),
    ],
)
def test_a_date_is_free_unless_it_or_every_week_is_booked(
    tmp_path: Path, first: str, second: str, is_free: bool
) -> None:
    store = Store(tmp_path)
    put(store, on_date=first)
    if is_free:
        put(store, on_date=second)
        return
    said = "these hours on 7 January 2030 already" if first and not second else "these hours already"
    with pytest.raises(InputError, match=said):
        put(store, on_date=second)
