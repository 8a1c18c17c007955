"""A figure as people say it: "1 in 8 residents (12.4%, 12.1% to 12.7%) say their health is bad or very bad".

The mistake this prevents: a sentence whose rounded numbers contradict its words. Every number in it is the
figure itself, rounded as the tables round it; "1 in 8" stands only where it is within six per cent of it.
"""

from __future__ import annotations

import re

from indicators.indicator import Indicator

EXACT, NEAR = 0.025, 0.06  # how far, as a share of the figure, a simple fraction may be off
_UNIT_PARTS = (*range(2, 21), 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100, 120, 150, 200, 250, 300, 400, 500)
_FRACTIONS = (
    *((1, n) for n in _UNIT_PARTS),
    *((2, 3), (3, 4), (2, 5), (3, 5), (4, 5), (3, 10), (7, 10), (9, 10)),
)
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_SPAN = re.compile(r"^(\d{4})-(\d\d) to (\d{4})-(\d\d)$")


def figure_words(indicator: Indicator, value: float) -> str:
    """ "12.4%", "1,234.5": as the tables round it, without the unit of a rate."""
    text = f"{value:,.{indicator.decimals}f}"
    return f"{text}%" if indicator.unit == "%" else text


def range_words(indicator: Indicator, lower: float, upper: float) -> str:
    """ "12.1% to 12.7%"."""
    return f"{figure_words(indicator, lower)} to {figure_words(indicator, upper)}"


def fraction_words(percent: float) -> str:
    """ "1 in 8", "about 2 in 5", "half of"; empty where no simple fraction is near enough."""
    share = percent / 100
    if not share > 0:
        return ""
    a, b = min(_FRACTIONS, key=lambda pair: abs(pair[0] / pair[1] - share))
    off = abs(a / b - share) / share
    if off > NEAR:
        return ""
    words = "half of" if (a, b) == (1, 2) else f"{a} in {b}"
    return words if off <= EXACT else f"about {words}"


def count_words(n: int) -> str:
    """ "four"; figures from eleven."""
    return _NUMBER_WORDS[n] if n < len(_NUMBER_WORDS) else f"{n:,}"


def period_words(period: str) -> str:
    """ " in the twelve months to December 2025" for a span of months; empty for other periods."""
    found = _SPAN.match(period)
    if found is None:
        return ""
    first_year, first, last_year, last = map(int, found.groups())
    n_months = 12 * (last_year - first_year) + last - first + 1
    span = {1: "month of", 12: "twelve months to"}.get(n_months, f"{count_words(n_months)} months to")
    return f" in the {span} {_MONTHS[last - 1]} {last_year}"


def figure_clause(
    indicator: Indicator, value: float, lower: float, upper: float, *, period: str = "", fit: str = ""
) -> str:
    """A figure with its limits, ready to be compared: no full stop, lower case where it has words first.

    Parameters
    ----------
    indicator : Indicator
        A proportion or a rate, with limits.
    value, lower, upper : float
        In the indicator's unit.
    period : str
        As the figures carry it.
    fit : str
        "modelled" is said.
    """
    modelled = ", modelled" if fit == "modelled" else ""
    limits = range_words(indicator, lower, upper) + modelled
    said = figure_words(indicator, value)
    if not indicator.subject:
        unit = "" if indicator.unit == "%" else f" {indicator.unit}"
        return f"{indicator.label}: {said}{unit} ({limits}){period_words(period)}"
    if indicator.statistic == "rate":
        what = f"{said} {indicator.subject} {indicator.unit} ({limits}) {indicator.predicate}"
        return what + period_words(period)
    if value == 0:
        return f"none of the {indicator.subject} ({said}, {limits}) {indicator.predicate}"
    fraction = fraction_words(value)
    if fraction:
        return f"{fraction} {indicator.subject} ({said}, {limits}) {indicator.predicate}"
    return f"{said} of {indicator.subject} ({limits}) {indicator.predicate}"


def more_words(indicator: Indicator, *, is_higher: bool) -> str:
    """ "more" or "fewer" of what is counted; "higher" or "lower" where only the label is known."""
    if not indicator.subject:
        return "higher" if is_higher else "lower"
    return "more" if is_higher else "fewer"


def share_clause(indicator: Indicator) -> str:
    """What runs from low to high: "the share of households that live in a flat"; the label for others."""
    if indicator.statistic != "proportion" or not indicator.subject:
        return indicator.label
    pronoun = "that" if indicator.subject.startswith("households") else "who"
    return f"the share of {indicator.subject} {pronoun} {indicator.predicate}"


def statement(indicator: Indicator, value: float) -> str:
    """One figure of any kind in a sentence: "The average household has 2.31 people."."""
    said = figure_words(indicator, value)
    if not indicator.subject:
        unit = "" if indicator.unit == "%" else f" {indicator.unit}"
        text = f"{indicator.label}: {said}{unit}"
    elif indicator.statistic == "proportion":
        text = f"{said} of {indicator.subject} {indicator.predicate}"
    elif indicator.statistic == "rate":
        text = f"{said} {indicator.subject} {indicator.unit} {indicator.predicate}"
    else:
        bare = said.removesuffix("%")
        text = f"{indicator.subject} {indicator.predicate.replace('{}', bare)}"
    return sentence(text)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."
