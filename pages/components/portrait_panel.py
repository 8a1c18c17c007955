"""One neighbourhood in words, and how portraits are worked out."""

from __future__ import annotations

import streamlit as st

from indicators.interval import LEVEL_998
from neighbourhoods.portrait.distinct import ALIKE, MOST_IN_DOMAIN
from neighbourhoods.portrait.portrait import MOST_TOLD, Portrait, Portraits
from neighbourhoods.portrait.sentence import EXACT, NEAR, count_words
from pages.components import words
from pages.components.portrait_table import lettered


def level_words(found: Portraits) -> str:
    """The level of the limits that claims rest on."""
    return "99.8%" if found.level == LEVEL_998 else "95%"


def show_portrait(portrait: Portrait, letter: str, authority_name: str) -> None:
    """Letter and name, how much differs, and the sentences."""
    neither = portrait.n_clear - portrait.n_worse - portrait.n_better
    st.subheader(words.plain(lettered(letter, portrait.footprint_name, ": ")))
    st.caption(
        f"Differs from {words.plain(authority_name)} on {portrait.n_clear} of "
        f"{words.plural(portrait.n_tested, 'indicator')}: worse on {portrait.n_worse}, better on "
        f"{portrait.n_better}, neither on {neither}."
    )
    st.markdown("\n".join(f"- {words.plain(said.text)}" for said in portrait.sentences))


def show_method(found: Portraits) -> None:
    """How this is worked out."""
    many = (
        ", because many indicators are tried at once and 1 in 20 would lie outside 95% limits by chance"
        if found.level == LEVEL_998
        else ""
    )
    lines = (
        f"**What is told**: of {words.plural(found.n_tested, 'indicator')} with intervals, up to "
        f"{count_words(MOST_TOLD)} for each neighbourhood whose limits leave the authority's value outside, "
        "those first that lie furthest from it in standard deviations between areas (wards where they are "
        f"loaded). At most {count_words(MOST_IN_DOMAIN)} of a domain, and one of two that count the same "
        f"people or go up and down together (a correlation above {ALIKE} either way). An index of multiple "
        "deprivation never stands beside its own parts. Figures of an earlier census are in the table only.",
        f"**Which limits**: claims rest on {level_words(found)} limits{many}. The numbers in brackets are "
        "95% limits: Wilson for proportions, Byar's or exact Poisson for rates.",
        "**Against the others**: said only where the limits overlap with those of no other neighbourhood.",
        "**Worse and better**: only where everybody agrees which is which. Counts are never compared; "
        "scores have no interval and are in no sentence.",
        "**What lies inside**: the smallest areas with a published figure. One stands out where its 99.8% "
        "limits lie clear of those of the rest of its neighbourhood together. What is suppressed is named "
        "nowhere, and no area stands out in figures that are not whole.",
        f"**1 in 8**: a simple fraction within {NEAR:.0%} of the figure; “about” where it is more than "
        f"{EXACT:.1%} off.",
        "**Crime**: city centres draw visitors, so a rate per resident runs high there.",
    )
    st.markdown("\n".join(f"- {line}" for line in lines))
