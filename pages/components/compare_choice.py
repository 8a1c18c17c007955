"""The options that are compared, and what is worked out once for all parts of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from neighbourhoods.evaluate import Evaluation
from neighbourhoods.export import option_note
from neighbourhoods.option import FootprintOption
from neighbourhoods.option_comparison import OptionComparison
from neighbourhoods.study import Study
from pages.components.state import KEPT

MOST = 4


@dataclass(frozen=True, eq=False)
class Compared:
    """Two to four options; the first is what the others are compared with."""

    study: Study
    options: tuple[FootprintOption, ...]

    @property
    def first(self) -> FootprintOption:
        """What the others are compared with."""
        return self.options[0]

    @property
    def others(self) -> tuple[FootprintOption, ...]:
        """The one to three that are compared with it."""
        return self.options[1:]

    @cached_property
    def comparisons(self) -> dict[str, OptionComparison]:
        """Who changes footprint between the first and each of the others, by its id."""
        return {o.id: self.study.compare(self.first, o) for o in self.others}

    @cached_property
    def evaluations(self) -> dict[str, Evaluation]:
        """Measures by option id."""
        return {o.id: self.study.evaluate(o) for o in self.options}

    @cached_property
    def notes(self) -> list[str]:
        """Source lines, and what was compared."""
        return [*self.study.source_lines(), *(option_note(o) for o in self.options)]


def choose_options(options: Mapping[str, FootprintOption]) -> list[str]:
    """Ids of the options to compare, chosen on the page and kept in the address."""
    if "options" in st.session_state:
        asked = st.session_state["options"]
    else:
        asked = (st.query_params.get("options") or st.session_state.get(KEPT + "options", "")).split(",")
    asked = [i for i in asked if i in options][:MOST]
    first_two = list(options)[1::-1]
    st.session_state["options"] = asked if asked or KEPT + "options" in st.session_state else first_two
    chosen: list[str] = st.multiselect(
        "Options, the first is what the others are compared with",
        list(options),
        key="options",
        max_selections=MOST,
        format_func=lambda i: f"{options[i].name} ({options[i].status}, {options[i].created[:10]})",
    )
    if len(chosen) > 1:
        st.session_state[KEPT + "options"] = ",".join(chosen)
        if chosen != first_two or "options" in st.query_params:
            st.query_params["options"] = ",".join(chosen)
    return chosen
