"""The options that are compared, and what is worked out once for all parts of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from neighbourhoods.comparison.comparison import OptionComparison
from neighbourhoods.comparison.contest import Verdict, option_contest
from neighbourhoods.measure.evaluate import Evaluation
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.export import option_note
from neighbourhoods.study.study import Study
from pages.components.option_title import option_labels, option_titles
from pages.components.state import KEPT, newly_linked, wrote_address

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
    def titles(self) -> dict[str, str]:
        """What each option is called, by id; no two share one."""
        return option_titles(self.study, self.options)

    def title(self, option: FootprintOption) -> str:
        """What one of them is called."""
        return self.titles[option.id]

    @cached_property
    def comparisons(self) -> dict[str, OptionComparison]:
        """Who changes footprint between the first and each of the others, by its id."""
        return {o.id: self.study.compare(self.first, o) for o in self.others}

    @cached_property
    def evaluations(self) -> dict[str, Evaluation]:
        """Measures by option id."""
        return {o.id: self.study.evaluate(o) for o in self.options}

    @cached_property
    def contest(self) -> tuple[Verdict, ...]:
        """Which option wins on what."""
        return option_contest(self.study, self.options)

    @cached_property
    def notes(self) -> list[str]:
        """Source lines, and what was compared."""
        return [*self.study.source_lines(), *(option_note(o) for o in self.options)]


def finding_words(compared: Compared) -> str:
    """Headline: how many people live in another neighbourhood under the second option.

    Raises
    ------
    InputError
        When nothing that is loaded joins the areas of two of the options.
    """
    titles = compared.titles
    first, second = (titles[option.id] for option in compared.options[:2])
    moved = compared.comparisons[compared.options[1].id].people_who_move
    if moved == 0:
        return f"Nobody changes neighbourhood between {first} and {second}"
    residents = float(compared.study.population(compared.first.geography).sum())
    people = "An unknown number of people" if np.isnan(moved) else f"{moved:,.0f} people"
    share = f" ({moved / residents:.0%})" if residents and not np.isnan(moved) else ""
    return f"{people}{share} live in another neighbourhood under {second} than under {first}"


def options_to_compare(study: Study) -> dict[str, FootprintOption]:
    """Options to choose from, as now first; earlier versions only where a link asks for them.

    Of a workspace with one option, all its versions. Reads the address, and so is called once in a run.
    """
    linked = newly_linked("options")
    asked = linked.split(",") if linked else st.session_state.get("options")
    if asked is None:
        asked = str(st.session_state.get(KEPT + "options", "")).split(",")
    found = {o.id: o for o in study.options_on_a_map()}
    loaded = {
        version.id: version
        for line in study.option_lines()
        for version in line.versions[::-1]
        if version.geography in study.geographies
    }
    found |= {i: loaded[i] for i in asked if i in loaded} if len(found) > 1 else loaded
    st.session_state["options"] = [i for i in dict.fromkeys(asked) if i in found][:MOST]
    return found


def choose_options(study: Study, options: Mapping[str, FootprintOption]) -> list[str]:
    """Ids of the options to compare, chosen on the page and kept in the address."""
    ids = list(options)
    first_two = ids[:2] if ids[0] == study.as_now_id else ids[1::-1]
    if not st.session_state["options"] and KEPT + "options" not in st.session_state:
        st.session_state["options"] = first_two
    chosen: list[str] = st.multiselect(
        "Options, the first is what the others are compared with",
        ids,
        key="options",
        max_selections=MOST,
        format_func=option_labels(study, options.values()).get,
    )
    if len(chosen) > 1:
        st.session_state[KEPT + "options"] = ",".join(chosen)
        if chosen != first_two or "options" in st.query_params:
            st.query_params["options"] = ",".join(chosen)
            wrote_address("options")
    return chosen
