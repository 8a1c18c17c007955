"""Numbers and comparisons in the house style."""

from __future__ import annotations

import math

import pytest

from indicators.catalogue import CATALOGUE
from pages.components import words

BAD_HEALTH = CATALOGUE["bad_health"]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(999, 0, "999"), (1000, 0, "1,000"), (0.5, 1, "0.5"), (202_814, 0, "202,814"), (0, 0, "0")],
)
def test_numbers_have_a_comma_from_a_thousand_and_a_leading_zero(
    value: float, decimals: int, text: str
) -> None:
    assert words.number(value, decimals) == text


def test_unknown_suppressed_and_zero_read_differently() -> None:
    assert words.figure(BAD_HEALTH, math.nan) == "no data"
    assert words.figure(BAD_HEALTH, math.nan, suppressed=True) == "suppressed"
    assert words.figure(BAD_HEALTH, 0.0) == "0.0%"


def test_a_range_is_written_with_to() -> None:
    assert words.between(BAD_HEALTH, 5.42, 6.21) == "5.4 to 6.2"
    assert words.between(BAD_HEALTH, math.nan, 6.2) == ""


def test_long_lists_of_names_say_how_many_more() -> None:
    assert words.listed(["Acomb"]) == "Acomb"
    assert words.listed(["Acomb", "Clifton"]) == "Acomb and Clifton"
    assert words.listed(list("abcdef"), limit=2) == "a, b and 4 more"


def test_text_from_a_file_cannot_format_a_page() -> None:
    assert words.plain("<b>*x*</b> [a](b)") == r"\<b\>\*x\*\</b\> \[a\]\(b\)"


def test_counts_agree_with_their_nouns() -> None:
    assert words.plural(1, "ward") == "1 ward"
    assert words.plural(1200, "ward") == "1,200 wards"
    assert words.plural(2, "authority", "authorities") == "2 authorities"
