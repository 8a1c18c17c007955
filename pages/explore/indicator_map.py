"""Explore: one indicator on the map by ward, LSOA or footprint, with its ranked table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from indicators.indicator import DOMAIN_LABELS, DOMAINS
from indicators.wording import denominator_words, numerator_words
from pages.components import words
from pages.components.area_map import area_map
from pages.components.area_map_event import MapEvent
from pages.components.chart import ranked_dots, themed
from pages.components.download import chart_downloads, map_downloads, table_downloads
from pages.components.layer import OPTION_PREFIX, Layer, layers
from pages.components.loaders import current_study, geometry_url, indicator_view
from pages.components.map_state import PLACE_KINDS, choropleth_state, comparison_words, judgement
from pages.components.shell import page_link, sample_notice
from pages.components.state import recall, remember

FIRST_SHOWN = "bad_health"

study = current_study()
found = layers(study)
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
        persist_state="session",
        format_func=DOMAIN_LABELS.__getitem__,
        placeholder="All six domains",
    )
    shown = [i for i in filled if domain in (None, study.catalogue[i].domain)] or filled
    recall("indicator", shown, FIRST_SHOWN if FIRST_SHOWN in shown else shown[0])
    indicator_id = st.selectbox(
        "Indicator",
        shown,
        key="indicator",
        persist_state="session",
        format_func=lambda i: study.catalogue[i].label,
    )
    recall("layer", by_key, found[0].key)
    layer_key = st.selectbox(
        "Show by",
        list(by_key),
        key="layer",
        persist_state="session",
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
        persist_state="session",
        format_func=layer.name_of,
        placeholder="Click the map or choose",
    )
    with st.expander("More"):
        kinds = [k for k in PLACE_KINDS if k in set(study.places()["kind"])]
        places = st.multiselect(
            "Show places", kinds, key="places", format_func=lambda k: PLACE_KINDS[k].label
        )
        streets = st.toggle(
            "Street map behind", key="streets", help="Needs the internet; fetched from OpenStreetMap."
        )

for key in ("domain", "indicator", "layer", "period", "area"):
    remember(key)

authority = view.loc[study.authority_code] if study.authority_code in view.index else None
known = units[units["value"].notna()].sort_values("value", ascending=False)


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
        choropleth_state(
            study,
            layer.geography,
            view,
            indicator,
            option=layer.option,
            selected=selected_code,
            places=places,
            base_map=streets,
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
        "similar or not compared."
    )

table = pd.DataFrame(
    {
        layer.unit_label.capitalize(): [layer.name_of(c) for c in known.index],
        "Value": known["value"].to_numpy(),
        "Lower 95%": known["lower"].to_numpy(),
        "Upper 95%": known["upper"].to_numpy(),
        f"Against {study.authority_name}": [
            comparison_words(str(c), study.authority_name) for c in known["comparison"]
        ],
        "Judgement": [judgement(str(c), indicator) for c in known["comparison"]],
        "Numerator": known["numerator"].to_numpy(),
        "Denominator": known["denominator"].to_numpy(),
        "Fit": known["fit"].to_numpy(),
        "Note": known["note"].to_numpy(),
        "Code": known.index.to_numpy(),
    }
)
lacking = units[units["value"].isna()]
st.session_state["ranked_codes"] = list(known.index)
decimals = f"%.{indicator.decimals}f"
st.header(f"{indicator.label} by {layer.unit_label}")
st.dataframe(
    table,
    hide_index=True,
    key="ranking",
    on_select=select_row,
    selection_mode="single-row",
    alt=f"{indicator.label} by {layer.unit_label}, highest first",
    column_config={
        "Value": st.column_config.NumberColumn(f"Value ({indicator.unit})", format=decimals),
        "Lower 95%": st.column_config.NumberColumn(format=decimals),
        "Upper 95%": st.column_config.NumberColumn(format=decimals),
        "Numerator": st.column_config.NumberColumn(format="localized"),
        "Denominator": st.column_config.NumberColumn(format="localized"),
    },
)
if len(lacking):
    reasons = ", ".join(
        f"{layer.name_of(c)} ({'suppressed' if r['suppressed'] else r['note'] or 'no data'})"
        for c, r in lacking.head(12).iterrows()
    )
    st.caption(f"Without a figure: {reasons}{' and more' if len(lacking) > 12 else ''}.")
notes = [*study.source_lines([indicator_id]), *layer.notes(study)]
table_downloads(table, f"{indicator_id}_{layer.slug}", notes, key="explore_table")
map_downloads(lambda: layer.areas_with(study, view), f"{indicator_id}_{layer.slug}", notes, key="explore_map")

if indicator.statistic != "count" and authority is not None and 1 < len(known) <= 60:
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
    st.altair_chart(chart, theme=None, alt=f"{indicator.label} by {layer.unit_label} with 95% intervals")
    chart_downloads(chart, f"{indicator_id}_{layer.slug}", key="explore_chart")

with st.expander("How this is worked out"):
    st.markdown(
        f"{indicator.definition} Numerator: {numerator_words(indicator)}. "
        f"Denominator: {denominator_words(indicator)}. Combined by: {indicator.aggregation}. "
        f"Interval: {indicator.interval}. {indicator.caveat}"
    )
st.caption(study.source_sentence([indicator_id], layer.geography))
if not any(k.startswith(OPTION_PREFIX) for k in by_key):
    page_link("draw", "Draw an option", "Then figures can be shown by footprint too.")
