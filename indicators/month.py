"""Months and spans of months as publications write them: "2025-03", "2024-04 to 2025-03"."""

from __future__ import annotations

import re

_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_SPAN = re.compile(r"^(\d{4})-(\d{2}) to (\d{4})-(\d{2})$")


def month_number(period: str) -> int | None:
    """Months since the year nought, so that the next month is one more; None when it is no month."""
    match = _MONTH.match(period)
    return int(match[1]) * 12 + int(match[2]) - 1 if match else None


def month_text(number: int) -> str:
    """The month of a number."""
    return f"{number // 12}-{number % 12 + 1:02d}"


def span_length(period: str) -> int:
    """Months in a span, both ends counted; 0 when it is none."""
    match = _SPAN.match(period)
    if match is None:
        return 0
    first_year, first_month, last_year, last_month = (int(part) for part in match.groups())
    return (last_year - first_year) * 12 + last_month - first_month + 1
