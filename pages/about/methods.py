"""Methods: how every number is made, what the words mean, and whose data they are."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.source import SOURCES
from indicators.indicator import DOMAIN_LABELS
from indicators.wording import denominator_words, numerator_words
from neighbourhoods.measure.measure import MEASURES
from pages.components import words
from pages.components.download import table_downloads
from pages.components.loaders import current_study
from pages.components.print_table import print_table
from pages.components.shell import sample_notice

GLOSSARY = {
    "Area": "A building block: a ward, an LSOA, an output area.",
    "Geography": "Which kind of area, with its vintage: wards in force, LSOAs of 2021.",
    "Footprint": "One candidate neighbourhood.",
    "Option": "A full set of footprints, every area in exactly one; in a draft areas may still be in none.",
    "Version": "An option as it was saved once. Saving again adds a version; none is overwritten.",
    "As now": "The version that is pinned: what people would move from.",
    "Authority": "The whole: all the areas together.",
    "Link": "A join of two areas that share no border: across a river or channel, to an island, or by hand.",
    "Place": "A point with a use: a library, a GP surgery, a school, a bus stop.",
    "Best fit": "A small area counts wholly towards the footprint or ward that holds most of its people, "
    "as found by its population-weighted centroid (ONS best-fit policy).",
    "Straddling": "The share of people who live in small areas that cross the line.",
    "Suppressed": "A count of 1 to 4 of a local and sensitive figure, or one that would give it away; and "
    "what the publisher itself left out for some of the areas.",
    "Partner's areas": "Areas of a partner, such as primary care networks: each of ours belongs to the one "
    "that its people are fitted to. Their lines seldom follow ours: the share near a line is shown.",
    "Future year": "Today's residents plus the people of the homes to be built by then, from the council's "
    "own table of development sites; births, deaths and moves are left out.",
    "Modelled": "Spread from a coarser geography by population; an estimate, said so wherever it is shown.",
}

OWN_WORDS = "Written for this software; publications that are named keep their own licence."

study = current_study()
rows = pd.DataFrame(
    [
        {
            "Indicator": i.label,
            "Domain": DOMAIN_LABELS[i.domain],
            "Definition": i.definition,
            "Numerator": numerator_words(i),
            "Denominator": denominator_words(i),
            "Unit": i.unit,
            "Interval": i.interval,
            "Combined by": i.aggregation,
            "Finest geography": i.geography,
            "Vintage": i.vintage,
            "Updated": i.cadence,
            "Judgement": i.polarity.replace("_", " "),
            "Disclosure": i.disclosure.replace("_", " "),
            "Source": SOURCES[i.source_id].title,
            "Caveat": i.caveat,
        }
        for i in study.catalogue.values()
    ]
)

st.title(f"How the {len(rows)} indicators and {len(MEASURES)} measures are made")
st.caption("Every figure is one click from its source, publisher, licence, period and method.")
sample_notice()

search = st.text_input("Find an indicator", placeholder="carers, burglary, IMD")
if search:
    hit = rows.apply(lambda r: search.lower() in " ".join(map(str, r)).lower(), axis=1)
    rows = rows[hit]
st.dataframe(rows, hide_index=True, alt="Indicators: definitions, cells, intervals, sources", height=420)
print_table(rows[["Indicator", "Definition", "Numerator", "Denominator", "Unit", "Interval", "Source"]])
table_downloads(rows, "indicators", study.source_lines(), key="methods")

st.header("Rules the numbers keep")
st.markdown(
    """
- **Counts add up; rates do not.** Numerators and denominators are summed, then divided. Rates, ranks and
  deciles are never averaged. A score with no numerator is weighted by population and labelled so.
- **Best fit.** A small area belongs to the ward or footprint that holds its population-weighted centroid.
  Beside the figure stands the share of people in areas that straddle the line.
- **Intervals.** Proportions have Wilson's interval; rates of events Byar's for 10 events or more and the
  exact Poisson interval below. Limits are shown at 95%; 99.8% limits are in the downloads.
- **Compared with the authority.** Higher, lower or similar, by whether the interval covers the authority's
  value. Better and worse are said only where everybody agrees which is which.
- **Differences between options.** Matched footprints share most of their people. The difference is cut into
  people only in the one, only in the other, and in both, and its limits are put together from these (Newcombe
  1998, method 10, for proportions; Zou and Donner 2008 for rates). For local and sensitive counts the limits
  come from the two figures shown, as if of separate people: wider, and they give nothing away.
- **Suppression.** Local and sensitive counts of 1 to 4 are suppressed, with a second cell where the total
  would give the first away. Zero, unknown and suppressed are three different things.
- **Maps.** Rates are colours in classes; counts are circles whose area is what they count, since a large area
  with few people would fill most of a map.
- **Crime** points are snapped to places with eight or more addresses, so crime is reported by LSOA or
  larger. City centres draw visitors: their rates per resident are high for that reason too.
- **Links.** Pieces of land that share no border are joined by the fewest, shortest links: across a river or
  channel where the gap is at most 1,000 m and, of the outline of each piece, at least five times the gap lies
  within three times the gap of the other; else to an island. A person may take a link away or join two areas
  below the map on Draw, with who and why, and every page counts with that at once.
- **Vintages** of areas are never mixed without a lookup that says how one becomes the other.
"""
)

st.header("Measures of footprints and options")
measures = pd.DataFrame(
    [
        {
            "Measure": m.label,
            "Of": m.level,
            "Definition": m.definition,
            "Formula": m.formula_source,
            "Unit": m.unit,
        }
        for m in MEASURES.values()
    ]
)
st.dataframe(measures, hide_index=True, alt="Measures of footprints and options")
print_table(measures)
table_downloads(measures, "measures", [OWN_WORDS], key="methods_measures")

st.header("Words")
glossary = pd.DataFrame({"Word": GLOSSARY.keys(), "Meaning": GLOSSARY.values()})
st.dataframe(
    glossary,
    hide_index=True,
    alt="Glossary",
    column_config={"Meaning": st.column_config.TextColumn(width="large")},
)
print_table(glossary)
table_downloads(glossary, "words", [OWN_WORDS], key="methods_words")

st.header("Sources and licences")
used = {d.provenance.source_id for d in study.datasets}
for source_id in sorted(used, key=lambda s: SOURCES[s].title):
    source = SOURCES[source_id]
    st.markdown(f"- **{source.title}**, {source.publisher}. {source.licence}. {source.attribution}")
st.caption(words.plural(len(used), "publication") + " in this workspace.")
