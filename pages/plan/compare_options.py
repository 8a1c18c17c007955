"""Compare: two to four options side by side; maps that move together, measures, who changes place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from neighbourhoods.comparison.contest import contest_words
from neighbourhoods.study.study import RESIDENTS
from pages.components import words
from pages.components.compare_choice import Compared, choose_options, finding_words, options_to_compare
from pages.components.compare_contest import show_contest
from pages.components.compare_figures import show_figures
from pages.components.compare_flows import show_flows
from pages.components.compare_maps import show_maps
from pages.components.compare_measures import show_faults, show_measures
from pages.components.download import map_downloads
from pages.components.loaders import current_study
from pages.components.shell import page_link, sample_notice

study = current_study()
options = options_to_compare(study)
if len(options) < 2:
    st.title("Two saved options are needed to compare")
    st.caption(f"{words.plural(len(options), 'option')} saved so far.")
    sample_notice()
    st.info("Draw an option and save it, then draw or open another.")
    page_link("draw", "Draw an option")
    st.stop()

headline, under = st.container(), st.container()
chosen = choose_options(study, options)
if len(chosen) < 2:
    with headline:
        st.title("Choose two to four options")
    st.stop()
compared = Compared(study, tuple(options[i] for i in chosen))
try:
    finding = finding_words(compared)
except InputError as fault:
    with headline:
        st.title("These options cannot be compared")
    st.error(str(fault), icon=":material/error:")
    st.stop()

with headline:
    st.title(words.plain(finding))
with under:
    st.markdown(words.plain(f"{contest_words(compared.contest, compared.titles)}."))
    sample_notice()

show_maps(compared)
contest, measures, movers, figures, broken = st.tabs(
    ["Which wins on what", "Measures", "Who changes place", "Indicators", "Things to look at"]
)
with contest:
    show_contest(compared)
with measures:
    show_measures(compared)
with movers:
    show_flows(compared)
with figures:
    indicator_id = show_figures(compared)
with broken:
    show_faults(compared)

map_downloads(
    lambda: pd.concat([study.footprint_areas(o).assign(option=compared.title(o)) for o in compared.options]),
    "options",
    compared.notes,
    key="compare_map",
)
st.caption(study.source_sentence([i for i in (indicator_id, RESIDENTS) if i], compared.first.geography))
