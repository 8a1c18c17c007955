"""Figures as people say them: never a number that is not the figure, never words it does not bear."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue import CATALOGUE
from neighbourhoods.portrait.sentence import (
    NEAR,
    figure_clause,
    figure_words,
    fraction_words,
    more_words,
    period_words,
    sentence,
    share_clause,
    statement,
)

BAD_HEALTH = CATALOGUE["bad_health"]
OWN = replace(BAD_HEALTH, subject="", predicate="", label="Tenants in arrears")


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (12.5, "1 in 8"),
        (12.4, "1 in 8"),
        (11.9, "about 1 in 8"),
        (40.5, "2 in 5"),
        (66.7, "2 in 3"),
        (48.0, "about half of"),
        (0.4, "1 in 250"),
        (46.2, ""),
        (0.0, ""),
        (0.01, ""),
        (100.0, ""),
    ],
)
def test_a_share_is_a_simple_fraction_where_one_is_near(percent: float, words: str) -> None:
    assert fraction_words(percent) == words


@given(st.floats(0.01, 100))
def test_a_fraction_is_never_further_off_than_it_may_be(percent: float) -> None:
    words = fraction_words(percent)
    if words:
        a, b = map(int, words.removeprefix("about ").replace("half of", "1 in 2").split(" in "))
        assert abs(100 * a / b - percent) <= NEAR * percent * (1 + 1e-9)
        assert words.startswith("about ") == (abs(100 * a / b - percent) > 0.025 * percent)


def test_a_proportion_is_told_with_its_limits() -> None:
    assert figure_clause(BAD_HEALTH, 12.4, 12.1, 12.7) == (
        "1 in 8 residents (12.4%, 12.1% to 12.7%) say their health is bad or very bad"
    )
    assert figure_clause(BAD_HEALTH, 46.2, 45.6, 46.7) == (
        "46.2% of residents (45.6% to 46.7%) say their health is bad or very bad"
    )
    assert figure_clause(BAD_HEALTH, 0.0, 0.0, 0.1).startswith("none of the residents (0.0%, 0.0% to 0.1%)")


def test_a_rate_is_told_with_its_unit_and_months() -> None:
    assert figure_clause(CATALOGUE["burglary"], 6.24, 5.5, 7.05, period="2025-01 to 2025-12") == (
        "6.2 burglaries per 1,000 households (5.5 to 7.0) were recorded by the police in the twelve months "
        "to December 2025"
    )


def test_what_is_modelled_says_so() -> None:
    assert "(12.4%, 12.1% to 12.7%, modelled)" in figure_clause(BAD_HEALTH, 12.4, 12.1, 12.7, fit="modelled")


def test_an_indicator_without_words_of_its_own_is_told_by_its_label() -> None:
    assert figure_clause(OWN, 12.4, 12.1, 12.7) == "Tenants in arrears: 12.4% (12.1% to 12.7%)"
    assert more_words(OWN, is_higher=True) == "higher"
    assert more_words(BAD_HEALTH, is_higher=False) == "fewer"
    assert share_clause(OWN) == "Tenants in arrears"
    assert statement(OWN, 12.4) == "Tenants in arrears: 12.4%."


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2025-01 to 2025-12", " in the twelve months to December 2025"),
        ("2024-07 to 2025-03", " in the nine months to March 2025"),
        ("2025-02 to 2025-02", " in the month of February 2025"),
        ("2021", ""),
        ("FYE 2025", ""),
    ],
)
def test_spans_of_months_are_said_in_words(period: str, words: str) -> None:
    assert period_words(period) == words


def test_one_figure_of_each_kind_makes_a_sentence() -> None:
    said = {
        "household_size": "The average household has 2.31 people.",
        "imd": "The score of the Index of Multiple Deprivation is 2.3.",
        "he_entry": "The share of young people who do not enter higher education is 2.3%.",
        "pop_total": "Residents number 2.",
        "fuel_poverty": "2.3% of households are in fuel poverty.",
        "asb": "2.3 incidents of anti-social behaviour per 1,000 residents were recorded by the police.",
        "gp_ratio": "The practices that serve the area have 2 patients for each GP.",
    }
    assert {one: statement(CATALOGUE[one], 2.312) for one in said} == said


@pytest.mark.parametrize("indicator_id", list(CATALOGUE))
def test_every_indicator_makes_one_sentence_that_holds_its_figure_once(indicator_id: str) -> None:
    indicator = CATALOGUE[indicator_id]
    text = statement(indicator, 47.321)
    assert text.count(figure_words(indicator, 47.321)) == 1
    assert text[0].isupper() or text[0].isdigit()
    assert text.endswith(".")
    assert ".." not in text
    assert "{}" not in text
    assert "%%" not in text


def test_a_sentence_has_a_capital_and_a_full_stop_and_keeps_the_rest() -> None:
    assert sentence("about 1 in 8 of York's GPs") == "About 1 in 8 of York's GPs."
