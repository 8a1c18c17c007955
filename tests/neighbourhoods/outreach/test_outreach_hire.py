"""Booking the bus on the toy plan: Monday's round is out 09:00 to 12:15, so that its slot begins at 12:45."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from geodata.booking_table import cancel_booking
from geodata.errors import InputError
from geodata.icalendar_export import to_icalendar_bytes
from geodata.store import Store
from neighbourhoods.outreach.booking import Booking, booking_events, bookings_json, standing_bookings
from neighbourhoods.outreach.hire import book_hire, broken_bookings, carry_bookings
from neighbourhoods.outreach.plan import OutreachPlan
from neighbourhoods.outreach.running import Running
from neighbourhoods.outreach.slot import HireTerms, hire_slots, slot_events
from tests.neighbourhoods.outreach.toy_outreach import toy_fortnight, toy_plan

YORK = "E06000014"
TERMS = HireTerms(days=(0, 3), from_minute=480, until_minute=1_320, least_minutes=60, turn_minutes=30)


def on_monday(start: int, end: int, group: str = "Ash Scouts", **changes: object) -> Booking:
    return Booking(
        "", "planone", **{"week": 0, "day": 0, "vehicle": 0, **changes}, **hours(start, end, group)
    )  # type: ignore[arg-type]


def hours(start: int, end: int, group: str) -> dict[str, object]:
    return {"start_minute": start, "end_minute": end, "group": group}


def book(store: Store, booking: Booking, terms: HireTerms = TERMS, plan: OutreachPlan | None = None) -> str:
    return book_hire(store, YORK, plan or toy_plan(), terms, booking)


def slots(store: Store, terms: HireTerms = TERMS) -> list[tuple[int, int, int]]:
    table = hire_slots(toy_plan(), terms, standing_bookings(store, YORK, "planone"))
    return [
        (int(a), int(b), int(c))
        for a, b, c in table.loc[table["day"] == 0, ["start_minute", "end_minute", "minutes"]].to_numpy()
    ]


def test_booked_hours_leave_the_slots_and_the_shift_and_a_cancelled_booking_gives_them_back(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    assert slots(store) == [(765, 1_320, 225)]
    booking_id = book(store, on_monday(900, 1_000))
    # 225 - 100 = 125 minutes of the shift are left; 765 to 900 and 1,000 to 1,320 are free
    assert slots(store) == [(765, 900, 125), (1_000, 1_320, 125)]
    cancel_booking(store, booking_id, authority_code=YORK, plan_id="planone", author="")
    assert slots(store) == [(765, 1_320, 225)]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (764, 860, "on a round from 09:00 to 12:15"),
        (600, 700, "on a round"),
        (510, 570, "on a round"),  # 08:30 to 09:30: turning round begins at 08:30
        (480, 511, "on a round"),
        (1_260, 1_321, "outside the slots"),
        (765, 824, "shortest hire is 1 hour"),
        (765, 991, "3 hours 45 minutes left"),
    ],
)
def test_hours_that_are_not_free_are_refused_in_words(
    tmp_path: Path, start: int, end: int, said: str
) -> None:
    store = Store(tmp_path)
    with pytest.raises(InputError, match=said):
        book(store, on_monday(start, end))
    assert standing_bookings(store, YORK, "planone") == ()


@pytest.mark.parametrize(("start", "end"), [(765, 825), (765, 990), (1_260, 1_320)])
def test_hours_to_the_very_edge_of_a_slot_are_booked(tmp_path: Path, start: int, end: int) -> None:
    store = Store(tmp_path)
    book(store, on_monday(start, end))
    (one,) = standing_bookings(store, YORK, "planone")
    assert (one.start_minute, one.end_minute, one.minutes, one.group) == (
        start,
        end,
        end - start,
        "Ash Scouts",
    )


def test_a_second_booking_may_touch_the_first_and_not_overlap_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    book(store, on_monday(900, 960))
    with pytest.raises(InputError, match="Ash Scouts has booked"):
        book(store, on_monday(959, 1_020, "Elm Choir"))
    book(store, on_monday(960, 1_020, "Elm Choir"))
    book(store, on_monday(840, 900, "Oak Club"))
    assert [one.group for one in standing_bookings(store, YORK, "planone")] == [
        "Oak Club",
        "Ash Scouts",
        "Elm Choir",
    ]


def test_the_driver_runs_out_of_hours_before_the_vehicle_does(tmp_path: Path) -> None:
    store = Store(tmp_path)
    book(store, on_monday(765, 915))  # 150 of 225 minutes
    with pytest.raises(InputError, match="1 hour 15 minutes left"):
        book(store, on_monday(960, 1_036))
    book(store, on_monday(960, 1_035))
    assert slots(store) == []


@pytest.mark.parametrize("wrong", ["ann@example.org", "Scouts 01904 000 000", "Choir, 020-7946-0000"])
def test_a_persons_contact_is_not_kept(tmp_path: Path, wrong: str) -> None:
    store = Store(tmp_path)
    with pytest.raises(InputError, match="only the name of a group"):
        book(store, on_monday(800, 900, wrong))
    with pytest.raises(InputError, match="only the name of a group"):
        book(store, on_monday(800, 900, note=wrong))
    with pytest.raises(InputError, match="name of the group"):
        book(store, on_monday(800, 900, " "))
    book(store, on_monday(800, 900, "1st Acomb Scouts 2026"))


def test_a_booking_of_one_week_of_a_fortnight_leaves_the_other_free(tmp_path: Path) -> None:
    store, plan = Store(tmp_path), toy_fortnight()
    book(store, on_monday(800, 900, week=1), plan=plan)
    table = hire_slots(plan, TERMS, standing_bookings(store, YORK, "planone"))
    monday = table[table["day"] == 0]
    assert (monday["week"] == 0).sum() == 1
    assert monday.loc[monday["week"] == 1, "start_minute"].tolist() == [900]  # 12:45 to 13:20 is too short


def test_a_booking_that_a_round_now_overlaps_is_named() -> None:
    plan = toy_plan()
    kept = Booking("a", "planone", 0, 0, 0, 765, 825, "Oak Club")
    lost = Booking("b", "planone", 0, 0, 0, 764, 825, "Elm Choir")
    ((one, said),) = broken_bookings(plan, [kept, lost], TERMS)
    assert one is lost
    assert said.startswith("Elm Choir: Monday, 12:44 to 13:45, but the bus is on a round from 09:00 to 12:15")


def test_a_plan_takes_standing_bookings_along_and_each_is_then_cancelled_by_itself(tmp_path: Path) -> None:
    store = Store(tmp_path)
    gone = book(store, on_monday(765, 825, "Elm Choir"))
    cancel_booking(store, gone, authority_code=YORK, plan_id="planone", author="")
    kept = book(store, on_monday(900, 960, "Oak Club", note="Ramp", author="Ann"))
    assert carry_bookings(store, YORK, "planone", "plantwo") == 1
    (one,) = standing_bookings(store, YORK, "plantwo")
    assert (one.group, one.start_minute, one.note, one.author) == ("Oak Club", 900, "Ramp", "Ann")
    cancel_booking(store, kept, authority_code=YORK, plan_id="planone", author="")
    assert standing_bookings(store, YORK, "planone") == ()
    assert standing_bookings(store, YORK, "plantwo") == (one,)


def test_bookings_leave_as_a_calendar_and_as_json() -> None:
    plan = toy_plan()
    one = Booking("a", "planone", 0, 3, 0, 480, 600, "Oak Club", "Ramp")
    running = Running("York", "", date(2026, 1, 5), date(2026, 12, 31))
    stamp = datetime(2026, 1, 5, tzinfo=UTC)
    written = to_icalendar_bytes(booking_events(plan, [one], running), "Hire", stamp).decode()
    assert "SUMMARY:Bus booked: Oak Club" in written
    assert "DTSTART;TZID=Europe/London:20260108T080000" in written
    assert "DURATION:PT120M" in written
    (row,) = json.loads(json.dumps(bookings_json(plan, [one])))
    assert (row["group"], row["words"]) == ("Oak Club", "Oak Club: Thursday, 08:00 to 10:00")


MONDAY, NEXT, TUESDAY = "2030-01-07", "2030-01-14", "2030-01-08"


def test_a_booking_of_one_date_takes_its_hours_on_that_date_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    book(store, on_monday(900, 1_000, on_date=MONDAY))
    assert slots(store) == [(765, 1_320, 225)]  # of every week
    kept = standing_bookings(store, YORK, "planone")
    table = hire_slots(toy_plan(), TERMS, kept, on_date=MONDAY)
    on_day = table.loc[table["day"] == 0, ["start_minute", "end_minute", "minutes"]]
    assert on_day.to_numpy().tolist() == [[765, 900, 125], [1_000, 1_320, 125]]
    other = hire_slots(toy_plan(), TERMS, kept, on_date=NEXT)
    assert other.loc[other["day"] == 0, "minutes"].tolist() == [225]


def test_the_drivers_hours_of_a_date_are_those_that_every_week_and_the_date_leave(tmp_path: Path) -> None:
    store = Store(tmp_path)
    book(store, on_monday(765, 865))  # 225 - 100 = 125 minutes are left on each Monday
    book(store, on_monday(900, 965, "Oak Club", on_date=MONDAY))  # and 60 on this one
    with pytest.raises(InputError, match="1 hour left"):
        book(store, on_monday(1_000, 1_061, "Elm Choir", on_date=MONDAY))
    with pytest.raises(InputError, match="1 hour left"):
        book(store, on_monday(1_000, 1_061, "Elm Choir"))  # every week, so on that Monday too
    book(store, on_monday(1_000, 1_061, "Elm Choir", on_date=NEXT))
    book(store, on_monday(1_100, 1_160, "Elm Choir", on_date=MONDAY))


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (TUESDAY, "8 January 2030 is a Tuesday, not a Monday"),
        ("2020-01-06", "6 January 2020 is past"),
        ("07/01/2030", "written YYYY-MM-DD"),
    ],
)
def test_a_date_that_cannot_be_is_refused(tmp_path: Path, on: str, said: str) -> None:
    store = Store(tmp_path)
    with pytest.raises(InputError, match=said):
        book(store, on_monday(900, 1_000, on_date=on))
    assert standing_bookings(store, YORK, "planone") == ()


def test_a_date_goes_along_with_a_plan_and_leaves_as_a_single_event_and_as_json(tmp_path: Path) -> None:
    store, plan = Store(tmp_path), toy_plan()
    book(store, on_monday(900, 1_000, on_date=MONDAY))
    book(store, on_monday(1_100, 1_160, "Oak Club"))
    carry_bookings(store, YORK, "planone", "plantwo")
    found = standing_bookings(store, YORK, "plantwo")
    assert sorted(one.on_date for one in found) == ["", MONDAY]
    dated = next(one for one in found if one.on_date)
    (row,) = json.loads(json.dumps(bookings_json(plan, [dated])))
    assert row["on_date"] == MONDAY
    assert row["words"] == "Ash Scouts: Monday 7 January 2030, 15:00 to 16:40"
    running = Running("York", "", date(2030, 1, 1), date(2030, 1, 21))
    stamp = datetime(2026, 1, 5, tzinfo=UTC)
    written = to_icalendar_bytes(booking_events(plan, found, running), "Hire", stamp).decode()
    once, weekly = sorted(written.split("BEGIN:VEVENT")[1:], key=lambda part: "RRULE" in part)
    assert "DTSTART;TZID=Europe/London:20300107T150000" in once
    assert "RRULE" not in once
    assert "RRULE:FREQ=WEEKLY" in weekly
    free = slot_events(plan, TERMS, found, running)
    again = [one for one in free if one.every_weeks and one.first.weekday() == 0]
    assert {one.except_days for one in again} == {(date(2030, 1, 7),)}
    alone = sorted((one.first, one.minutes) for one in free if not one.every_weeks)
    assert alone == [
        (datetime(2030, 1, 7, 12, 45), 135),
        (datetime(2030, 1, 7, 16, 40), 100),
        (datetime(2030, 1, 7, 19, 20), 160),
    ]
    text = to_icalendar_bytes(again, "Hire", stamp).decode()
    assert f"EXDATE;TZID=Europe/London:20300107T{again[0].first:%H%M%S}" in text


def test_a_date_lies_in_the_week_of_the_cycle_that_is_counted_from_the_first_day() -> None:
    running = Running("York", "", date(2030, 1, 9), date(2030, 2, 9))  # a Wednesday
    assert [running.week_of(date(2030, 1, day), 2) for day in (9, 13, 14, 20, 21)] == [0, 0, 1, 1, 0]
    assert running.week_of(date(2030, 1, 14), 1) == 0
    with pytest.raises(InputError, match="outside the weeks of the plan"):
        running.week_of(date(2030, 1, 8), 2)
