"""Explore: one indicator on the map by ward, LSOA or footprint, with its ranked table."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from indicators.indicator import DOMAIN_LABELS, DOMAINS
from indicators.wording import denominator_words, numerator_words
from pages.components import words
from pages.components.area_map import area_map
from pages.components.area_map_event import MapEvent
from pages.components.chart import ranked_dots, themed
from pages.components.download import chart_downloads, map_downloads, table_downloads
from pages.components.layer import OPTION_PREFIX, Layer
from pages.components.loaders import (
    current_layers,
    current_study,
    geometry_url,
    indicator_state,
    indicator_view,
)
from pages.components.map_state import BASE_MAP, PLACE_KINDS, place_parts
from pages.components.print_table import print_table
from pages.components.ranking import lacking_words, ranked, ranking_columns, ranking_table
from pages.components.shell import page_link, sample_notice
from pages.components.state import recall, remember

FIRST_SHOWN = "bad_health"
CHART_ROWS = 60

study = current_study()
found = current_layers()
if not found:
    st.title("Nothing to show on a map yet")
    st.info("Import a boundary file of your wards or LSOAs to begin.")
    page_link("data", "Import files")
    st.stop()

coverage = study.coverage()
filled = [i.id for i in study.catalogue.values() if coverage.get(i.id)]
by_key = {layer.key: layer for layer in found}


def select_area(event: MapEvent) -> None:
    """Keep the area that was clicked; on a layer of footprints, its footprint."""
    if event.selected is None:
        return
    now: Layer = by_key[st.session_state.get("layer") or found[0].key]
    st.session_state["area"] = now.unit_of(event.selected)


def select_row() -> None:
    """Keep the area whose row was chosen in the table."""
    rows = st.session_state["ranking"]["selection"]["rows"]
    if rows:
        st.session_state["area"] = st.session_state["ranked_codes"][rows[0]]


headline, under = st.container(), st.container()
picture, controls = st.columns([5, 2], gap="medium")

with controls:
    recall("domain", DOMAINS)
    domain = st.selectbox(
        "Domain",
        DOMAINS,
        index=None,
        key="domain",
        format_func=DOMAIN_LABELS.__getitem__,
        placeholder="All six domains",
    )
    shown = [i for i in filled if domain in (None, study.catalogue[i].domain)] or filled
    recall("indicator", shown, FIRST_SHOWN if FIRST_SHOWN in shown else shown[0])
    indicator_id = st.selectbox(
        "Indicator",
        shown,
        key="indicator",
        format_func=lambda i: study.catalogue[i].label,
    )
    recall("layer", by_key, found[0].key)
    layer_key = st.selectbox(
        "Show by",
        list(by_key),
        key="layer",
        format_func=lambda k: by_key[k].label,
        help="Wards, smaller areas, or the footprints of a saved option.",
    )
    layer = by_key[layer_key]
    indicator = study.catalogue[indicator_id]
    periods = study.periods(indicator_id)
    period = ""
    if len(periods) > 1:
        recall("period", periods, periods[0])
        period = st.selectbox("Period", periods, key="period")
    view = indicator_view(study.version, layer_key, indicator_id, period)
    units = view.drop(index=study.authority_code, errors="ignore")
    recall("area", units.index)
    area = st.selectbox(
        "Area",
        list(units.index),
        index=None,
        key="area",
        format_func=layer.name_of,
        placeholder="Click the map or choose",
    )
    with st.expander("More"):
        kinds = [k for k in PLACE_KINDS if k in study.place_kinds]
        places = st.multiselect(
            "Show places", kinds, key="places", format_func=lambda k: PLACE_KINDS[k].label
        )
        streets = st.toggle(
            "Street map behind", key="streets", help="Needs the internet; fetched from OpenStreetMap."
        )

for key in ("domain", "indicator", "layer", "period", "area"):
    remember(key)

authority = view.loc[study.authority_code] if study.authority_code in view.index else None
known = ranked(view, study.authority_code)


def finding() -> str:
    """The finding of the moment, in words."""
    if known.empty:
        return f"{indicator.label}: no figure by {layer.unit_label}"
    against = ""
    if authority is not None and indicator.statistic != "count" and pd.notna(authority["value"]):
        against = f", against {words.figure(indicator, authority['value'])} in {study.authority_name}"
    if area and area in units.index:
        row = units.loc[area]
        value = words.figure(indicator, row["value"], suppressed=bool(row["suppressed"]))
        return f"{indicator.label}: {value} in {layer.name_of(area)}{against}"
    top = known.iloc[0]
    value = words.figure(indicator, top["value"])
    return f"{indicator.label}: highest in {layer.name_of(known.index[0])}, {value}{against}"


with headline:
    st.title(finding())
with under:
    period_words = next((p for p in view["period"] if p), indicator.vintage)
    st.caption(
        f"{indicator.definition} {study.authority_name} by {layer.unit_label}, {period_words}. "
        f"{words.plural(len(known), layer.unit_label, layer.unit_plural)} with a figure of {len(units)}."
    )
    sample_notice()

selected_code = layer.a_code_of(area) if area else None
with picture:
    area_map(
        geometry_url(layer.geography),
        replace(
            indicator_state(study.version, layer_key, indicator_id, period),
            selected=selected_code,
            base_map=BASE_MAP if streets else None,
            **place_parts(study, places),
        ),
        key=f"explore_{layer.geography}",
        height=470,
        label=f"Map of {study.authority_name} by {layer.unit_label}: {indicator.label}",
        on_event=select_area,
    )
    n_higher = int((units["comparison"] == "higher").sum())
    n_lower = int((units["comparison"] == "lower").sum())
    st.caption(
        f"In words: of {words.plural(len(units), layer.unit_label, layer.unit_plural)}, {n_higher} are "
        f"higher than {study.authority_name} and {n_lower} lower, judged by 95% intervals; the rest are "
        f"similar or not compared. {indicator.caveat}"
    )

st.session_state["ranked_codes"] = list(known.index)
notes = [*study.source_lines([indicator_id]), *layer.notes(study)]
file_name = f"{indicator_id}_{layer.slug}"
as_table, as_chart, method = st.tabs(
    ["Table", "Chart", "How this is worked out"], key="explore_tabs", on_change="rerun"
)
if as_table.open:
    with as_table:
        table = ranking_table(known, layer, indicator, study.authority_name)
        st.dataframe(
            table,
            hide_index=True,
            key="ranking",
            on_select=select_row,
            selection_mode="single-row",
            alt=f"{indicator.label} by {layer.unit_label}, highest first",
            column_config=ranking_columns(indicator),
        )
        print_table(table.drop(columns="Code"), decimals=indicator.decimals)
        if without := lacking_words(view, layer, study.authority_code):
            st.caption(without)
        table_downloads(table, file_name, notes, key="explore_table")
        map_downloads(lambda: layer.areas_with(study, view), file_name, notes, key="explore_map")
if as_chart.open:
    with as_chart:
        if indicator.statistic == "count" or authority is None or not 1 < len(known) <= CHART_ROWS:
            st.markdown(
                f"Counts and layers of more than {CHART_ROWS} areas have no chart; the table holds them all."
            )
        else:
            dots = known.reset_index(names="code")
            dots["name"] = [layer.name_of(c) for c in dots["code"]]
            dots["selected"] = dots["code"] == area
            chart = themed(
                ranked_dots(
                    dots[["name", "value", "lower", "upper", "selected"]],
                    indicator,
                    float(authority["value"]),
                    study.authority_name,
                ),
                f"{indicator.label} by {layer.unit_label}",
                f"{indicator.unit}, {period_words}; rules are 95% intervals",
                notes[0],
            )
            st.altair_chart(
                chart, theme=None, alt=f"{indicator.label} by {layer.unit_label} with 95% intervals"
            )
            chart_downloads(chart, file_name, key="explore_chart")
if method.open:
    with method:
        st.markdown(
            f"{indicator.definition} Numerator: {words.plain(numerator_words(indicator))}. "
            f"Denominator: {words.plain(denominator_words(indicator))}. "
            f"Combined by: {indicator.aggregation}. Interval: {indicator.interval}. {indicator.caveat}"
        )
st.caption(study.source_sentence([indicator_id], layer.geography))
if not any(k.startswith(OPTION_PREFIX) for k in by_key):
    page_link("draw", "Draw an option", "Then figures can be shown by footprint too.")
