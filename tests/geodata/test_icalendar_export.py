"""An iCalendar file keeps to RFC 5545: folded, escaped, and by the clock on the wall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import InputError
from geodata.icalendar_export import CalendarEvent, escaped, folded, to_icalendar_bytes

EVENT = CalendarEvent(
    "one@outreach",
    datetime(2026, 6, 2, 10, 15),
    date(2026, 7, 28),
    60,
    2,
    "Advice; for all, here",
    "Café\nHall",
    "x" * 200,
    53.96,
    -1.08,
)
STAMP = datetime(2026, 6, 1, tzinfo=UTC)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_an_event_says_when_where_and_how_often() -> None:
    lines = unfolded(to_icalendar_bytes([EVENT], "Bus", STAMP))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "UID:one@outreach",
        "DTSTAMP:20260601T000000Z",
        "DTSTART;TZID=Europe/London:20260602T101500",
        "DURATION:PT60M",
        "SUMMARY:Advice\\; for all\\, here",
        "LOCATION:Café\\nHall",
        "GEO:53.960000;-1.080000",
    ):
        assert line in lines
    # 28 July is in summer time: the end of that day in London is 22:59:59 by UTC
    assert "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20260728T225959Z" in lines
    assert lines.count("TZID:Europe/London") == 1
    winter = replace(EVENT, last_day=date(2026, 12, 29))
    assert any(
        line.endswith("UNTIL=20261229T235959Z")
        for line in unfolded(to_icalendar_bytes([winter], "Bus", STAMP))
    )


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300))
def test_folding_keeps_every_letter_and_no_line_is_longer_than_75_octets(text: str) -> None:
    written = folded(text)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    assert written.replace("\r\n ", "").removesuffix("\r\n") == text


def test_escaping_is_undone_by_reading() -> None:
    assert escaped("a\\b;c,d\ne") == "a\\\\b\\;c\\,d\\ne"


def test_a_calendar_without_a_visit_is_refused() -> None:
    with pytest.raises(InputError, match="no visit"):
        to_icalendar_bytes([], "Bus", STAMP)
