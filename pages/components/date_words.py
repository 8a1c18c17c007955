"""Dates and times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime

NOT_RECORDED = "date not recorded"


def moment(iso: str) -> str:
    """ "3 June 2026, 14:05" of an ISO date and time (UTC); says so where there is none."""
    if not iso:
        return NOT_RECORDED
    when = datetime.fromisoformat(iso)
    when = when.astimezone(UTC) if when.tzinfo else when
    return f"{when.day} {when:%B %Y, %H:%M}"
