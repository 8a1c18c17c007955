"""Months and spans as publications write them."""

from __future__ import annotations

import pytest

from indicators.month import month_number, month_text, span_length


def test_december_is_followed_by_january() -> None:
    december = month_number("2024-12")
    assert december is not None
    assert month_text(december) == "2024-12"
    assert month_text(december + 1) == "2025-01"


@pytest.mark.parametrize("period", ["2024", "2024 to 2025", "2024-04 to 2025-03", "Q1 2024", ""])
def test_what_is_no_month_has_no_number(period: str) -> None:
    assert month_number(period) is None


def test_a_financial_year_is_twelve_months_both_ends_counted() -> None:
    assert span_length("2024-04 to 2025-03") == 12
    assert span_length("2024-04 to 2024-04") == 1
    assert span_length("2024-04") == 0
