"""Numbers and comparisons as people say them, in the house style of official statistics."""

from __future__ import annotations

import math

from indicators.indicator import Indicator

NO_DATA = "no data"
SUPPRESSED = "suppressed"
UNSAID = ("score", "index", "ratio")  # units that the name of the figure says already


def number(value: float, decimals: int = 0) -> str:
    """Comma from 1,000, fixed decimals, leading zero; "no data" for NaN."""
    if value is None or math.isnan(value):
        return NO_DATA
    return f"{value:,.{decimals}f}"


def figure(indicator: Indicator, value: float, *, suppressed: bool = False) -> str:
    """A value with its unit: "5.8%", "43.1 per 1,000 residents", "12,345 people", a score as "27.4"."""
    if suppressed:
        return SUPPRESSED
    text = number(value, indicator.decimals)
    if text == NO_DATA:
        return text
    if indicator.unit.startswith("%"):
        return text + indicator.unit
    return text if indicator.unit.startswith(UNSAID) else f"{text} {indicator.unit}".strip()


def between(indicator: Indicator, lower: float, upper: float) -> str:
    """An interval in words: "5.1 to 6.4"; empty where there is none."""
    if lower is None or upper is None or math.isnan(lower) or math.isnan(upper):
        return ""
    return f"{number(lower, indicator.decimals)} to {number(upper, indicator.decimals)}"


def listed(names: list[str], limit: int = 4) -> str:
    """Names in a sentence: "Acomb, Clifton and 3 more"."""
    if not names:
        return "none"
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def plural(n: int, one: str, many: str | None = None) -> str:
    """Count and noun: "1 ward", "1,200 wards"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]()#+!|<>~$:"})


def plain(text: str) -> str:
    """Text from a file or a form, made inert for Markdown."""
    return text.translate(_MARKDOWN)
