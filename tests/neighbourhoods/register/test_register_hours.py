"""Opening hours: the ways people write them, and that nothing is made up from what is not understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourhoods.register.hour_statement import DAY, DAY_NAMES
from neighbourhoods.register.hours import Hours, hours_words, parse_hours

NINE_TO_FIVE = (9 * 60, 17 * 60)
WEEK = tuple(range(5))


def days(hours: Hours) -> dict[int, tuple[tuple[int, int], ...]]:
    """Days on which it is open, with their spans."""
    return {day: spans for day, spans in enumerate(hours.by_day) if spans}


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri 9am-5pm",
        "Mo-Fr 09:00-17:00",
        "Monday to Friday: 9.00am – 5.00pm",
        "Weekdays 9-5, weekends closed",
        "9am-5pm Monday to Friday",
        "Opening hours: Monday, Tuesday, Wednesday, Thurs & Fri from 9 till 5; bank holidays closed",
        "Mon 09:00 to 17:00; Tue 09:00 to 17:00; Wed 09:00 to 17:00; Thu 09:00 to 17:00; Fri 09:00 to 17:00",
        "Mo-Su 09:00-17:00; Sa,Su off; PH off",
        "Tue-Fri 9-5, Mon 9-5, closed Saturdays and Sundays",
    ],
)
def test_nine_to_five_on_weekdays_is_read_however_it_is_written(text: str) -> None:
    found = parse_hours(text)
    assert days(found) == dict.fromkeys(WEEK, (NINE_TO_FIVE,))
    assert found.is_known
    assert found.unread == ()


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Mon 9-5", NINE_TO_FIVE),
        ("Mon 2-5", (14 * 60, 17 * 60)),
        ("Mon 1-5pm", (13 * 60, 17 * 60)),
        ("Mon 10am-12 noon", (600, 720)),
        ("Mon 10-12pm", (600, 720)),
        ("Mon 12am to midnight", (0, DAY)),
        ("Mon 7-9am", (7 * 60, 9 * 60)),
        ("Mon 09:30-21:30", (570, 1290)),
        ("Mon 18:00-02:00", (18 * 60, 26 * 60)),
        ("Mon 18:00-26:00", (18 * 60, 26 * 60)),
    ],
)
def test_the_half_of_the_day_goes_by_sense_where_it_is_not_written(text: str, span: tuple[int, int]) -> None:
    assert days(parse_hours(text)) == {0: (span,)}


@pytest.mark.parametrize(
    "text",
    [
        "By appointment",
        "09:00-17:00",
        "First Monday of the month 10am to 12 noon",
        "Mon 10:00 to 12:00 every 2 weeks",
        "Mon-Fri 9am-5pm (term time only)",
        "Mon",
        "Mon 9",
        "Mon 9-12-5",
        "Mon 25:99-26:00",
        "Mon 18:00+",
        "Apr-Sep Mo 09:00-17:00",
        "1:2:3",
    ],
)
def test_what_is_not_understood_stays_text_and_says_so(text: str) -> None:
    found = parse_hours(text)
    assert not found.is_known
    assert days(found) == {}
    assert found.unread == (text,)


def test_a_part_that_is_not_understood_leaves_the_rest_standing() -> None:
    found = parse_hours("Mon-Fri 9am-5pm; Sat by appointment")
    assert days(found) == dict.fromkeys(WEEK, (NINE_TO_FIVE,))
    assert found.unread == ("Sat by appointment",)


def test_a_later_part_replaces_what_it_overlaps_and_adds_to_what_it_does_not() -> None:
    assert parse_hours("Mo-Fr 09:00-17:00; We 09:00-12:00").by_day[2] == ((540, 720),)
    assert parse_hours("Mo 09:00-12:00; Mo 13:00-17:00").by_day[0] == ((540, 720), (780, 1020))


def test_times_of_two_things_under_one_roof_add_up() -> None:
    found = parse_hours("Café: Mon 09:00 to 13:00; Benefits advice: Mon 10:00 to 12:00, Tue 14:00 to 16:00")
    assert days(found) == {0: ((540, 780),), 1: ((840, 960),)}


def test_all_day_every_day_has_no_minute_shut() -> None:
    found = parse_hours("24/7")
    assert all(found.is_open(day, minute) for day in range(7) for minute in (0, 719, DAY - 1))


def test_open_ends_at_the_minute_it_closes_and_runs_past_midnight() -> None:
    found = parse_hours("Sun 18:00-02:00")
    assert [found.is_open(6, m) for m in (1079, 1080)] == [False, True]
    assert [found.is_open(0, m) for m in (0, 119, 120)] == [True, True, False]  # Monday follows Sunday
    assert found.is_open(6, 1080, 1560)
    assert not found.is_open(6, 1080, 1561)


@pytest.mark.parametrize(
    ("text", "evening", "weekend"),
    [
        ("Mon-Fri 9-18:00", False, False),
        ("Mon-Fri 9-18:01", True, False),
        ("Sat 9-21:00", False, True),
        ("Sun 10-4", False, True),
        ("ask inside", False, False),
    ],
)
def test_evening_is_after_six_on_a_weekday(text: str, evening: bool, weekend: bool) -> None:
    found = parse_hours(text)
    assert (found.meets("weekday_evening"), found.meets("weekend")) == (evening, weekend)


@given(
    st.lists(
        st.lists(st.integers(0, 47), max_size=6, unique=True).map(lambda v: sorted(v)[: len(v) // 2 * 2]),
        min_size=7,
        max_size=7,
    )
)
def test_hours_in_words_read_back_as_the_same(halves: list[list[int]]) -> None:
    by_day = tuple(
        tuple((a * 30, b * 30) for a, b in zip(day[::2], day[1::2], strict=True)) for day in halves
    )
    hours = Hours(by_day, is_known=True)
    assert parse_hours(hours_words(hours)).by_day == by_day


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*DAY_NAMES, "9", "-", "5pm", ";", ":", "closed"])).map(" ".join)
)
def test_no_text_breaks_the_reader_and_every_span_lies_in_two_days(text: str) -> None:
    found = parse_hours(text)
    assert len(found.by_day) == 7
    for spans in found.by_day:
        assert all(0 <= a < b <= 3 * DAY for a, b in spans)
        assert list(spans) == sorted(spans)
    assert found.is_known or not any(found.by_day)
