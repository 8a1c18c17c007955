"""Zero, unknown and suppressed stay apart when text becomes numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import DamagedFileError
from geodata.layouts.number import MISSING, SUPPRESSED, numbers


def _one(text: str, **options: object) -> tuple[float, str]:
    values, statuses = numbers(pd.Series([text]), **options)  # type: ignore[arg-type]
    return float(values[0]), str(statuses[0])


def test_thousand_separators_and_percent_signs_are_taken_off() -> None:
    assert _one("1,234") == (1234.0, "")
    assert _one("19.8%") == (19.8, "")
    assert _one("-3.5e2") == (-350.0, "")


@pytest.mark.parametrize("text", ["12,5", "1,2", "1,23,456", "1e400", ",5"])
def test_a_decimal_comma_is_no_thousand_separator_and_infinity_no_number(text: str) -> None:
    with pytest.raises(DamagedFileError, match="number is expected"):
        _one(text)


def test_zero_is_known() -> None:
    assert _one("0") == (0.0, "")
    assert _one("0%") == (0.0, "")


@pytest.mark.parametrize("text", ["[x]", "..", "-", ":", "z", "NA"])
def test_marks_of_absence_are_missing_and_never_zero(text: str) -> None:
    value, status = _one(text)
    assert np.isnan(value)
    assert status == MISSING


@pytest.mark.parametrize("text", ["*", "[low]", "[c]"])
def test_marks_of_disclosure_control_are_suppressed(text: str) -> None:
    value, status = _one(text)
    assert np.isnan(value)
    assert status == SUPPRESSED


def test_blank_means_what_the_publisher_says() -> None:
    assert _one("")[1] == MISSING
    assert _one("", blank=SUPPRESSED)[1] == SUPPRESSED


@pytest.mark.parametrize("text", ["=1+1", "inf", "12 people", "0x10", "1_000"])
def test_other_text_is_refused_with_its_row(text: str) -> None:
    with pytest.raises(DamagedFileError, match="data row 1"):
        _one(text)


def test_other_text_is_missing_where_the_publication_uses_its_own_words() -> None:
    assert _one("not collected", any_text=True)[1] == MISSING


@settings(deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_formatted_numbers_come_back(given_numbers: list[int]) -> None:
    values, statuses = numbers(pd.Series([f"{n:,}" for n in given_numbers]))
    assert values.tolist() == [float(n) for n in given_numbers]
    assert set(statuses) == {""}
