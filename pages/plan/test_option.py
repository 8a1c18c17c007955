"""Test: how one option does by the rules, among all that is possible, later, and with one move."""

from __future__ import annotations

import numpy as np
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.scorecard.words import band_words, finding_words
from neighbourhoods.study.export import option_note
from neighbourhoods.study.study import RESIDENTS
from pages.components import comparing, testing, words
from pages.components.area_map import area_map
from pages.components.download import map_downloads, table_downloads
from pages.components.loaders import current_study, fitting_now, geometry_url, scorecard_now, trial_now
from pages.components.move_list import drawing_bar, move_list
from pages.components.print_table import print_table
from pages.components.rule_list import rule_list, rules_table
from pages.components.scorecard_form import ask
from pages.components.scorecard_partner import show_partners
from pages.components.scorecard_tab import show_fitting, show_later, show_measures, show_method
from pages.components.shell import page_link, sample_notice

study = current_study()
found = testing.choices(study)
if not found:
    st.title("There is no option to test yet")
    st.caption("An option is tested by the rules of boundary craft and against all others that are possible.")
    sample_notice()
    st.info("Draw an option, or generate some, and save one.")
    page_link("draw", "Draw an option")
    page_link("generate", "Generate options")
    st.stop()

titles = testing.titles_of(study, found)
headline, under, notice = st.container(), st.container(), st.container()
picture, panel = st.columns([5, 4], gap="medium")
with panel:
    testing.settle_choice(found)
    chosen_id = st.selectbox("Option", list(found), key=testing.CHOICE, format_func=titles.get)
    option = found[chosen_id]
    drawing_bar(study)
    beside = st.container()
    saved = {one: o for one, o in found.items() if one != testing.IN_HAND}
    ask(study, option.geography, saved)
testing.keep_in_address(chosen_id)
record = geography_record(option.geography)

try:
    params = testing.params_now(study, saved)
    key = testing.key_of(study, option, params)
    with st.spinner("Reading the option"):
        trial = trial_now(study.version, key, option, params)
    among = comparing.alternatives_now(study, trial, key)
except InputError as fault:
    with headline:
        st.title(f"{words.plain(option.name)} cannot be tested as asked")
    with under:
        sample_notice()
    with notice:
        st.error(str(fault), icon=":material/error:")
    st.stop()

card = scorecard_now(study.version, key, trial, among)
with headline:
    st.title(f"{words.plain(option.name)} {finding_words(card)}")
with under:
    share = "an equal share" if params.target is None else "as asked"
    n_areas = words.plural(len(trial.index), record.label, record.plural)
    st.caption(
        f"{words.plural(trial.k, 'neighbourhood')} of {n_areas} of {study.authority_name}; target "
        f"{trial.town.target:,.0f} people in each ({share}), give or take {params.tolerance:.0%}. "
        + (
            f"Compared with {card.among.words}{band_words(card)}."
            if card.among.n
            else words.plain(card.among.note)
        )
    )
    sample_notice()
with beside:
    comparing.show_search(study, trial, key, among)
    rule_list(card.rules)

with picture:
    codes = testing.marked_codes(card.rules)
    area_map(
        geometry_url(option.geography),
        testing.tested_map_state(study, option, codes),
        key=f"test_{option.geography}",
        height=430,
        label=f"Map of {option.name}; hatched where a rule is broken",
    )
    people = card.years[0].people
    st.caption(
        "In words: "
        + "; ".join(
            f"{words.plain(trial.name(i))} {words.number(float(n))} people"
            for i, n in enumerate(people.tolist())
        )
        + f". Furthest from target {np.nanmax(np.abs(card.years[0].deviation)):.1%}."
        + (" Hatched: what breaks a rule." if codes else "")
    )

notes = [
    *study.source_lines(),
    option_note(option),
    f"Target {trial.town.target:,.0f}, band {params.tolerance:.0%}.",
]
source = study.source_sentence([RESIDENTS, *(one for one, _ in params.need)], option.geography)
tabs = st.tabs(
    [
        "Measures",
        "Single moves",
        "Later years",
        "Partners' areas",
        "How data are fitted",
        "Rules as a table",
        "Method",
    ],
    key="test_tabs",
    on_change="rerun",
)
measures, moves, later, partners, fitting, rules, method = tabs
if measures.open:
    with measures:
        show_measures(card, source, notes)
if moves.open:
    with moves:
        move_list(study, card, notes)
if later.open:
    with later:
        show_later(card, notes)
if partners.open:
    with partners:
        show_partners(card, notes)
if fitting.open:
    with fitting:
        show_fitting(fitting_now(study.version, key, option), study.authority_name, notes)
if rules.open:
    with rules:
        table = rules_table(card.rules)
        st.dataframe(table, hide_index=True, alt="Rules and how the option stands to them")
        print_table(table)
        table_downloads(table, "rules", notes, key="test_rules")
        map_downloads(lambda: study.footprint_areas(option), "option", notes, key="test_map")
if method.open:
    with method:
        show_method(card)
st.caption(source)
