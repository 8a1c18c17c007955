"""The app: one list of pages, in the order of work, and nothing else.

Pages stand one level down in pages/ so that a deep link always runs through this file. They are listed
without icons: the browser would fetch the icon of a page from the open web.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.components.warm import await_imports

await_imports()

from pages.components.dialog import close_elsewhere
from pages.components.loaders import current_study
from pages.components.memory import settle
from pages.components.shell import PAGES, frame

SIDEBAR_WIDTH = 220
OPENS_WITHOUT_FIGURES = ("data",)  # they ask for them themselves
ICON = Path(__file__).parent / "static" / "icon.svg"

st.set_page_config(
    page_title="Neighbourhoods", page_icon=str(ICON), layout="wide", initial_sidebar_state=SIDEBAR_WIDTH
)
page = st.navigation(
    {
        section: [
            st.Page(
                entry.script,
                title=entry.title,
                url_path=entry.url_path,
                default=entry.default,
            )
            for entry in entries
        ]
        for section, entries in PAGES.items()
    },
    position="hidden",
)
close_elsewhere(page.url_path)
frame(needs_figures=page.url_path not in OPENS_WITHOUT_FIGURES)
page.run()
settle(current_study().n_kept)
