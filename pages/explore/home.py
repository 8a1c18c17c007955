"""Home: what this is, which data are loaded and how fresh, and where to start."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.geography import geography as geography_record
from indicators.indicator import DOMAIN_LABELS, DOMAINS
from neighbourhoods.study.study import RESIDENTS
from pages.components import words
from pages.components.area_map import MapState, area_map
from pages.components.download import map_downloads, table_downloads
from pages.components.layer import geography_layer, option_layer
from pages.components.loaders import current_study, geometry_url
from pages.components.map_state import footprint_map_state, letter_words, plain_map_state
from pages.components.print_table import print_table
from pages.components.shell import page_link, sample_notice

study = current_study()
options = study.options()
geography = study.geographies[0] if study.geographies else None

st.title(f"Where should {study.authority_name}'s neighbourhoods begin and end?")
if geography is None:
    st.caption("No outlines are loaded yet.")
    st.info("Import a boundary file of your wards or LSOAs to begin.")
    page_link("data", "Import files")
    st.stop()

areas = study.areas(geography)
record = geography_record(geography)
residents = study.authority_value(RESIDENTS)
st.caption(
    f"{words.plural(len(areas), record.label, record.plural)}, "
    f"{'residents not known yet' if pd.isna(residents) else words.number(residents) + ' residents'}, "
    f"{words.plural(len(options), 'saved option')}. "
    f"About {study.target_population:,} people in each neighbourhood is the aim."
)
sample_notice()

picture, start = st.columns([3, 2], gap="large")
with picture:
    shown = options[0] if options and options[0].geography == geography else None
    state: MapState = footprint_map_state(study, shown) if shown else plain_map_state(study, geography)
    which = "as now" if shown and shown.id == study.as_now_id else "the newest option"
    label = f"Footprints of {shown.name}, {which}" if shown else f"{study.authority_name} by {record.label}"
    area_map(geometry_url(geography), state, key="home_map", height=430, label=label)
    letters = letter_words([shown.footprint_name(i) for i in shown.footprint_ids]) if shown else ""
    same = "The same facts stand in the tables of the Explore and Compare pages."
    st.caption(words.plain(f"{label}. {letters} {same}".replace("  ", " ")))

with start, st.container(key="home_start"):
    st.header("Start here")
    page_link("explore", "See need on a map", "One indicator at a time, by ward, LSOA or footprint.")
    page_link("profile", "Read an area's profile", "Six domains against the authority, with intervals.")
    page_link("draw", "Draw neighbourhoods", "Click areas into footprints; population is counted as you go.")
    page_link("generate", "Generate options", "Every way there is, or the best of a search, by your wishes.")
    page_link("compare", "Compare options", "Two to four side by side: who changes place, what differs.")
    page_link("hubs", "Site hubs among your venues", "The best places for teams, proven; who gains, loses.")
    page_link("access", "See who is within reach", "Minutes to the nearest library, surgery or school.")
    page_link("data", "Bring in your own files", "Published files are recognised by their columns.")

st.header("What is loaded")
figures = study.profile(geography)
loaded = figures[figures["value"].notna()].groupby("indicator_id")["period"].first()
rows = []
for domain in DOMAINS:
    in_domain = [i for i in study.catalogue.values() if i.domain == domain]
    filled = [i for i in in_domain if i.id in study.filled]
    rows.append(
        {
            "Domain": DOMAIN_LABELS[domain],
            "Indicators with figures": len(filled),
            "Waiting for a file": len(in_domain) - len(filled),
            "Periods": ", ".join(sorted({loaded.get(i.id) or i.vintage for i in filled})),
        }
    )
freshness = pd.DataFrame(rows)
st.dataframe(freshness, hide_index=True, alt="Indicators loaded by domain and how fresh they are")
print_table(freshness)
outlines = option_layer(shown) if shown else geography_layer(study, geography)
map_downloads(lambda: outlines.outlines(study), f"home_{outlines.slug}", study.source_lines(), key="home_map")
table_downloads(freshness, "loaded", study.source_lines(), key="home_table")
st.caption(study.source_sentence([RESIDENTS], geography))
