"""What stands around every page: the list of pages and the one bar on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pages.components import state
from pages.components.figures import work_out
from pages.components.loaders import current_study, load_study
from pages.components.words import plain

STYLE = Path(__file__).with_name("page.css")


@dataclass(frozen=True)
class Entry:
    """One page of the app."""

    script: str
    title: str
    icon: str
    url_path: str
    default: bool = False


PAGES: dict[str, tuple[Entry, ...]] = {
    "Explore": (
        Entry("pages/explore/home.py", "Home", ":material/home:", "home", default=True),
        Entry("pages/explore/indicator_map.py", "Explore", ":material/map:", "explore"),
        Entry("pages/explore/area_profile.py", "Area profile", ":material/description:", "profile"),
    ),
    "Plan": (
        Entry("pages/plan/draw_option.py", "Draw", ":material/edit_location_alt:", "draw"),
        Entry("pages/plan/generate_options.py", "Generate", ":material/auto_awesome_motion:", "generate"),
        Entry("pages/plan/test_option.py", "Test", ":material/fact_check:", "test"),
        Entry("pages/plan/compare_options.py", "Compare", ":material/compare:", "compare"),
        Entry("pages/plan/portrait_option.py", "Portraits", ":material/badge:", "portraits"),
        Entry("pages/plan/option_library.py", "Options", ":material/inventory_2:", "options"),
    ),
    "Deliver": (
        Entry("pages/deliver/assets.py", "Assets", ":material/storefront:", "assets"),
        Entry("pages/deliver/access.py", "Access", ":material/directions_walk:", "access"),
        Entry("pages/deliver/hubs.py", "Hubs", ":material/hub:", "hubs"),
        Entry("pages/deliver/outreach.py", "Outreach", ":material/directions_bus:", "outreach"),
        Entry("pages/deliver/scenarios.py", "Scenarios", ":material/balance:", "scenarios"),
    ),
    "About": (
        Entry("pages/about/data.py", "Data", ":material/database:", "data"),
        Entry("pages/about/methods.py", "Methods", ":material/function:", "methods"),
    ),
}


@lru_cache(maxsize=1)
def _style() -> str:
    return f"<style>{STYLE.read_text(encoding='utf-8')}</style>"


def entry(url_path: str) -> Entry:
    """The page that is reached at `url_path`."""
    return next(e for entries in PAGES.values() for e in entries if e.url_path == url_path)


def frame(*, needs_figures: bool = True) -> None:
    """The list of pages, and the bar on top: authority, data and how fresh, option in hand.

    The list is our own: with sections, Streamlit's puts elements into a list that may not stand there.

    Parameters
    ----------
    needs_figures : bool
        Whether the page begins with figures: on the first visit they are worked out before it.
    """
    st.html(_style())
    with st.sidebar:
        for section, entries in PAGES.items():
            st.markdown(f"**{section}**")
            for one in entries:
                st.page_link(
                    one.script,
                    label=one.title,
                    icon=one.icon,
                    width="stretch",
                    query_params=state.carried(one.url_path),
                )
    study = load_study()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="top_bar"):
        st.markdown(f"**{plain(study.authority_name)}**", width="content")
        if study.is_sample:
            st.markdown("Sample data: real figures, illustrative outlines", width="content")
        else:
            st.markdown(f"{len(study.datasets)} tables, newest import {study.newest_import}", width="content")
        st.markdown(state.option_in_hand_words(study), width="content")
        if needs_figures:
            work_out(study, st.empty())


def sample_notice() -> None:
    """Said on every page that shows the sample."""
    if current_study().is_sample:
        st.caption(
            "Illustrative outlines: computed from ward centre points, not official boundaries. Figures are "
            "real and published. Areas called synthetic are made up for trying the tool. "
            "Import your own files on the Data page."
        )


def page_link(
    url_path: str, label: str, says: str = "", *, carrying: Mapping[str, str] | None = None
) -> None:
    """A link to another page, with a line of what it is for and what its address is to say."""
    target = entry(url_path)
    taken = {**state.carried(url_path), **(carrying or {})}
    st.page_link(target.script, label=label, icon=target.icon, query_params=taken)
    if says:
        st.caption(says)
