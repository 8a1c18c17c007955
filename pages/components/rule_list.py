"""The rules of the checklist in words, each with a mark of its own shape, and a way to see what breaks it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from neighbourhoods.scorecard.rule import Rule
from pages.components import testing, words

MARKS = {"met": ":material/check:", "broken": ":material/close:", "not known": ":material/help:"}
BREACHES_SHOWN = 4
STATUS_WORDS = {"met": "Met", "broken": "Broken", "not known": "Not known"}


def rule_list(rules: Sequence[Rule]) -> None:
    """Broken rules first with what breaks them, then those met, then those nobody could check."""
    later = [rule.id for rule in rules if rule.id.startswith("band_in_") and rule.status == "broken"][1:]
    for rule in rules:
        if rule.status == "broken":
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small", key=f"rule_{rule.id}"
            ):
                st.markdown(_head(rule), width="stretch")
                if rule.area_codes:
                    st.button(
                        "Show where",
                        key=f"where_{rule.id}",
                        help=f"Mark on the map what breaks: {rule.label}",
                        on_click=testing.show_where,
                        args=(rule.id, rule.area_codes),
                    )
            messages = [words.plain(breach.message) for breach in rule.breaches]
            shown = messages[:BREACHES_SHOWN] if rule.id not in later else messages[:1]
            if more := len(messages) - len(shown):
                shown.append(f"and {more} more")
            st.markdown("\n".join(f"- {line}" for line in shown))
    met = [_head(rule) for rule in rules if rule.status == "met"]
    unknown = [f"{_head(rule)}. {words.plain(rule.message)}" for rule in rules if rule.status == "not known"]
    st.markdown("  \n".join([*met, *unknown]))


def rules_table(rules: Sequence[Rule]) -> pd.DataFrame:
    """The same as a table, to print and to take away."""
    return pd.DataFrame(
        {
            "Rule": [rule.label for rule in rules],
            "Status": [STATUS_WORDS[rule.status] for rule in rules],
            "What was found": [rule.message for rule in rules],
        }
    )


def _head(rule: Rule) -> str:
    return f"{MARKS[rule.status]} **{words.plain(rule.label)}**: {STATUS_WORDS[rule.status].lower()}"
