"""The app: one list of pages, in the order of work, and nothing else.

Pages stand one level down in pages/ so that a deep link always runs through this file.
"""

from __future__ import annotations

import streamlit as st

from pages.components.shell import PAGES, frame

st.set_page_config(page_title="Neighbourhoods", layout="wide", initial_sidebar_state="auto")
page = st.navigation(
    {
        section: [
            st.Page(
                entry.script,
                title=entry.title,
                icon=entry.icon,
                url_path=entry.url_path,
                default=entry.default,
            )
            for entry in entries
        ]
        for section, entries in PAGES.items()
    }
)
frame()
page.run()
