"""Portraits: each neighbourhood of an option in a few sentences, how distinct each is, and its need."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

import streamlit as st

from indicators.indicator import DOMAIN_LABELS, DOMAINS
from neighbourhoods.study.export import option_note
from neighbourhoods.study.study import RESIDENTS
from pages.components import words
from pages.components.area_map import area_map
from pages.components.chart import themed
from pages.components.download import chart_downloads, map_downloads, table_downloads
from pages.components.loaders import current_study, geometry_url, option_portraits
from pages.components.map_state import footprint_letter, footprint_map_state
from pages.components.need_panel import show_need
from pages.components.option_title import option_labels
from pages.components.portrait_chart import distinct_chart
from pages.components.portrait_panel import level_words, show_method, show_portrait
from pages.components.portrait_table import axis_limits, chart_rows, figure_table, sentence_table
from pages.components.print_table import print_table
from pages.components.shell import page_link, sample_notice
from pages.components.state import recall, remember

TOLD = "told"

study = current_study()
options = {o.id: o for o in study.options_on_a_map()}
if not options:
    st.title("A saved option is needed for portraits")
    st.caption("Each neighbourhood of an option is told in three to five sentences, drawn from its figures.")
    sample_notice()
    st.info("Draw an option and save it, or let one be generated.")
    page_link("draw", "Draw an option")
    page_link("generate", "Generate options")
    st.stop()

headline, under = st.container(), st.container()
picture, told = st.columns([5, 6], gap="medium")
with picture:
    recall("option", options, next(iter(options)))
    option_id = st.selectbox(
        "Option",
        list(options),
        key="option",
        format_func=option_labels(study, options.values()).get,
    )
    remember({"option": next(iter(options))})
option = options[option_id]
found = option_portraits(study.version, option_id)
ids = option.footprint_ids
letters = {one: footprint_letter(i) for i, one in enumerate(ids)}
residents = study.evaluate(option).footprints.set_index("footprint_id")["population"]
notes = [*study.source_lines(), option_note(option)]

with headline:
    st.title(words.plain(found.headline))
with under:
    st.caption(
        f"{words.plain(option.name)}: {words.plural(len(ids), 'neighbourhood')} on "
        f"{words.plural(found.n_tested, 'indicator')} that have intervals. Told only where the "
        f"{level_words(found)} limits leave the value of {words.plain(study.authority_name)} outside; "
        "brackets hold the 95% limits."
    )
    sample_notice()

with picture:
    area_map(
        geometry_url(option.geography),
        replace(footprint_map_state(study, option), footprint_labels=tuple(letters.values())),
        key=f"portraits_{option.geography}",
        height=430,
        label=f"Map of {option.name}; each neighbourhood carries its letter",
    )
    st.caption(
        "In words: "
        + "; ".join(
            f"{letters[one]} is {words.plain(option.footprint_name(one))}, "
            f"{words.number(float(residents[one]))} residents"
            for one in ids
        )
        + "."
    )
first, *others = found.portraits
with told:
    show_portrait(first, letters[first.footprint_id], study.authority_name)
for pair in zip_longest(others[::2], others[1::2]):
    for column, portrait in zip(st.columns(2, gap="medium"), pair, strict=True):
        if portrait is not None:
            with column:
                show_portrait(portrait, letters[portrait.footprint_id], study.authority_name)
table_downloads(sentence_table(found, letters), "portraits", notes, key="portraits")


@st.fragment  # a choice of domain draws this part anew and nothing else
def show_distinct() -> None:
    """How far each neighbourhood lies from the authority, as charts by domain and as a table."""
    recall("domain", (TOLD, *DOMAINS), TOLD)
    domain = st.pills(
        "Indicators",
        [TOLD, *DOMAINS],
        required=True,
        key="domain",
        wrap=True,
        format_func=lambda d: "Those told above" if d == TOLD else DOMAIN_LABELS[d],
    )
    remember({"domain": TOLD})
    figures = found.figures
    kept = figures["indicator_id"].isin(found.told) if domain == TOLD else figures["domain"] == domain
    shown = figures[kept]
    if shown.empty:
        st.info("No indicator is told above: on none can a neighbourhood be told apart.")
    limits = axis_limits(shown)
    for one in DOMAINS:
        part = chart_rows(shown[shown["domain"] == one], study.catalogue, letters)
        if part.empty:
            continue
        chart = themed(
            distinct_chart(part, list(letters.values()), study.authority_name, limits),
            DOMAIN_LABELS[one],
            "Dots: neighbourhoods by letter; rules: 95% intervals; scores have none",
            study.source_sentence(list(shown.loc[shown["domain"] == one, "indicator_id"].unique())),
        )
        st.altair_chart(
            chart, theme=None, alt=f"{DOMAIN_LABELS[one]}: neighbourhoods against {study.authority_name}"
        )
        chart_downloads(chart, f"distinct_{one}", key=f"distinct_{one}")
    table = figure_table(shown, study.catalogue, letters, study.authority_name)
    st.dataframe(
        table,
        hide_index=True,
        alt="Figures of each neighbourhood, and the lowest and highest area inside it",
        column_config={"Difference": st.column_config.NumberColumn(format="%+.2f")},
    )
    told_figures = figure_table(figures[figures["told"]], study.catalogue, letters, study.authority_name)
    hidden = ["Domain", "Judgement", "Areas with a figure"]
    print_table(told_figures.drop(columns=hidden, errors="ignore"), decimals=2)
    table_downloads(
        figure_table(figures, study.catalogue, letters, study.authority_name, is_raw=True),
        "distinct",
        notes,
        key="distinct_table",
    )


distinct, need, method = st.tabs(
    ["How distinct is each neighbourhood", "Need index", "How this is worked out"]
)
with distinct:
    show_distinct()
with need:
    show_need(study, option)
with method:
    show_method(found)
map_downloads(lambda: study.footprint_areas(option), "portraits", notes, key="portraits_map")
st.caption(study.source_sentence([RESIDENTS, *found.told], option.geography))
