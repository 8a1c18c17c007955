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
from pages.components.ranking import (
    coverage_words,
    download_table,
    finding_words,
    lacking_words,
    period_words,
    ranked,
    ranking_columns,
    ranking_table,
    summary_words,
)
from pages.components.shell import page_link, sample_notice
from pages.components.state import recall, remember

FIRST_SHOWN = "bad_health"
STALE = "explore_table_is_stale"
CHART_ROWS = 60

study = current_study()
found = current_layers()
if not found:
    st.title("Nothing to show on a map yet")
    st.info("Import a boundary file of your wards or LSOAs to begin.")
    page_link("data", "Import files")
    st.stop()

filled = [i.id for i in study.catalogue.values() if i.id in study.filled]
by_key = {layer.key: layer for layer in found}
if not filled:
    st.title("No figures to show on a map yet")
    st.caption(f"Outlines of {study.authority_name} are loaded; no indicator has a figure.")
    st.info("Import published tables, such as the census by LSOA with a lookup, to see them here.")
    page_link("data", "Import files")
    st.stop()


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


def mark_stale() -> None:
    """Say that the table under the map shows another figure than the map now does."""
    st.session_state[STALE] = True


def choose_figure() -> tuple[str, str, str]:
    """Domain, indicator, layer and period; returns indicator, layer and period."""
    recall("domain", DOMAINS)
    domain = st.selectbox(
        "Domain",
        DOMAINS,
        index=None,
        key="domain",
        format_func=DOMAIN_LABELS.__getitem__,
        placeholder="All six domains",
        on_change=mark_stale,
    )
    shown = [i for i in filled if domain in (None, study.catalogue[i].domain)] or filled
    recall("indicator", shown, FIRST_SHOWN if FIRST_SHOWN in shown else shown[0])
    indicator_id = st.selectbox(
        "Indicator",
        shown,
        key="indicator",
        format_func=lambda i: study.catalogue[i].label,
        on_change=mark_stale,
    )
    recall("layer", by_key, found[0].key)
    layer_key = st.selectbox(
        "Show by",
        list(by_key),
        key="layer",
        format_func=lambda k: by_key[k].label,
        help="Wards, smaller areas, or the footprints of a saved option.",
        on_change=mark_stale,
    )
    periods = study.periods(indicator_id)
    if len(periods) < 2:
        return indicator_id, layer_key, ""
    recall("period", periods, periods[0])
    return indicator_id, layer_key, st.selectbox("Period", periods, key="period", on_change=mark_stale)


def choose_area(layer: Layer, view: pd.DataFrame) -> tuple[str | None, list[str], bool]:
    """Area, kinds of place to show, and whether streets stand behind."""
    codes = view.index.drop(study.authority_code, errors="ignore")
    recall("area", codes)
    area = st.selectbox(
        "Area",
        list(codes),
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
    return area, places, streets


@st.fragment
def looking() -> None:
    """All that follows a click on the map; the table runs again only when the figure changes."""
    headline, under = st.container(), st.container()
    picture, controls = st.columns([5, 2], gap="medium")
    with controls:
        indicator_id, layer_key, period = choose_figure()
        layer = by_key[layer_key]
        indicator = study.catalogue[indicator_id]
        view = indicator_view(study.version, layer_key, indicator_id, period)
        area, places, streets = choose_area(layer, view)
    remember(
        {
            "domain": None,
            "indicator": FIRST_SHOWN,
            "layer": found[0].key,
            "period": study.periods(indicator_id)[0],
            "area": None,
        }
    )
    with headline:
        st.title(words.plain(finding_words(view, layer, indicator, area, study)))
    with under:
        st.caption(words.plain(coverage_words(view, layer, indicator, study)))
        sample_notice()
    with picture:
        area_map(
            geometry_url(layer.geography),
            replace(
                indicator_state(study.version, layer_key, indicator_id, period),
                selected=layer.a_code_of(area) if area else None,
                selects_footprints=layer.option is not None,
                base_map=BASE_MAP if streets else None,
                **place_parts(study, places),
            ),
            key=f"explore_{layer.geography}",
            height=470,
            label=f"Map of {study.authority_name} by {layer.unit_label}: {indicator.label}",
            on_event=select_area,
        )
        st.caption(words.plain(f"{summary_words(view, layer, indicator, study)} {layer.letters}".strip()))
    if st.session_state.pop(STALE, False):
        st.rerun()


st.session_state.pop(STALE, None)
looking()

layer = by_key[st.session_state["layer"]]
indicator_id = st.session_state["indicator"]
indicator = study.catalogue[indicator_id]
period = st.session_state.get("period", "") if len(study.periods(indicator_id)) > 1 else ""
view = indicator_view(study.version, layer.key, indicator_id, period)
authority = view.loc[study.authority_code] if study.authority_code in view.index else None
known = ranked(view, study.authority_code)
area = st.session_state.get("area")
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
            st.caption(words.plain(without))
        table_downloads(download_table(table, known, indicator), file_name, notes, key="explore_table")
        map_downloads(lambda: layer.areas_with(study, view), file_name, notes, key="explore_map")
if as_chart.open:
    with as_chart:
        if indicator.statistic == "count" or authority is None or not 1 < len(known) <= CHART_ROWS:
            st.markdown(
                f"Counts and layers of more than {CHART_ROWS} areas have no chart; the table holds them all."
                if len(known) > 1
                else "There are too few figures for a chart; choose another way to show them."
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
                f"{indicator.unit}, {period_words(view, indicator)}; rules are 95% intervals",
                notes[0],
            )
            st.altair_chart(
                chart, theme=None, alt=f"{indicator.label} by {layer.unit_label} with 95% intervals"
            )
            chart_downloads(chart, file_name, key="explore_chart")
if method.open:
    with method:
        st.markdown(
            f"{words.plain(indicator.definition)} Numerator: {words.plain(numerator_words(indicator))}. "
            f"Denominator: {words.plain(denominator_words(indicator))}. "
            f"Combined by: {indicator.aggregation}. Interval: {indicator.interval}. "
            f"{words.plain(indicator.caveat)}"
        )
st.caption(study.source_sentence([indicator_id], layer.geography))
if not any(k.startswith(OPTION_PREFIX) for k in by_key):
    page_link("draw", "Draw an option", "Then figures can be shown by footprint too.")
