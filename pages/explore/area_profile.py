"""Area profile: six domains for a ward, a footprint or the authority, against the authority."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from indicators.indicator import DOMAIN_LABELS, DOMAINS
from neighbourhoods.study.study import RESIDENTS
from pages.components import words
from pages.components.area_map import area_map
from pages.components.area_map_event import MapEvent
from pages.components.chart import against_authority, themed
from pages.components.download import chart_downloads, map_downloads, table_downloads
from pages.components.layer import Layer
from pages.components.loaders import current_layers, current_study, geometry_url, layer_rows
from pages.components.map_state import (
    comparison_words,
    footprint_map_state,
    judgement,
    plain_map_state,
)
from pages.components.print_table import print_table
from pages.components.shell import page_link, sample_notice
from pages.components.state import recall, remember

study = current_study()
found = current_layers()
if not found:
    st.title("No area to profile yet")
    st.info("Import a boundary file of your wards or LSOAs to begin.")
    page_link("data", "Import files")
    st.stop()
by_key = {layer.key: layer for layer in found}


def select_area(event: MapEvent) -> None:
    """Keep the area that was clicked; on a layer of footprints, its footprint."""
    now: Layer = by_key[st.session_state.get("layer") or found[0].key]
    if event.selected is not None:
        st.session_state["area"] = now.unit_of(event.selected)


headline, under = st.container(), st.container()
picture, facts = st.columns([3, 7], gap="medium")
with picture:
    recall("layer", by_key, found[0].key)
    layer = by_key[
        st.selectbox(
            "Show by",
            list(by_key),
            key="layer",
            format_func=lambda k: by_key[k].label,
        )
    ]
    recall("area", layer.names)
    area = st.selectbox(
        "Area",
        list(layer.names),
        index=None,
        key="area",
        format_func=layer.name_of,
        placeholder=f"Whole of {study.authority_name}",
    )
    remember({"layer": found[0].key, "area": None})
    outlined = layer.a_code_of(area) if area else None
    state = (
        replace(footprint_map_state(study, layer.option), selected=outlined, selects_footprints=True)
        if layer.option
        else plain_map_state(study, layer.geography, selected=outlined)
    )
    area_map(
        geometry_url(layer.geography),
        state,
        key=f"profile_{layer.geography}",
        height=330,
        label=f"Map of {study.authority_name} by {layer.unit_label}; the profiled area is outlined",
        on_event=select_area,
    )

    said = (
        f"In words: {layer.name_of(area)} is outlined."
        if area
        else f"In words: {words.plural(len(layer.names), layer.unit_label, layer.unit_plural)} of "
        f"{study.authority_name}; none is chosen."
    )
    st.caption(words.plain(f"{said} {layer.letters}".strip()))

code = area or study.authority_code
rows = layer_rows(study.version, layer.key)
rows = rows[rows[rows.columns[2]] == code].set_index("indicator_id")
rows = rows[rows["value"].notna() | rows["suppressed"]]
name = layer.name_of(area) if area else study.authority_name
judged = [judgement(str(r["comparison"]), study.catalogue[str(i)]) for i, r in rows.iterrows()]
n_worse, n_better = judged.count("worse"), judged.count("better")
residents = float(rows["value"].get(RESIDENTS, float("nan")))

with headline:
    if rows.empty:
        st.title(f"{words.plain(name)}: no indicator has a figure by {layer.unit_label}")
    elif area:
        st.title(
            f"{words.plain(name)}: worse than {study.authority_name} on {n_worse}, better on {n_better} "
            f"of {len(rows)} indicators"
        )
    else:
        people = "" if pd.isna(residents) else f"{words.number(residents)} residents, "
        st.title(f"{name}: {people}{words.plural(len(rows), 'indicator')}")
with under:
    about = (
        ("" if pd.isna(residents) else f"{words.number(residents)} residents. ")
        if area
        else "Choose an area, or click one, to compare it. "
    )
    st.caption(
        about
        + "Worse and better only where everybody agrees which is which, and the 95% interval leaves the "
        f"value of {study.authority_name} outside."
    )
    sample_notice()

table = pd.DataFrame(
    [
        {
            "Domain": DOMAIN_LABELS[study.catalogue[str(i)].domain],
            "Indicator": study.catalogue[str(i)].label,
            name: words.figure(study.catalogue[str(i)], r["value"], suppressed=bool(r["suppressed"])),
            "95% interval": words.between(study.catalogue[str(i)], r["lower"], r["upper"]),
            f"Against {study.authority_name}": comparison_words(str(r["comparison"]), study.authority_name),
            "Judgement": judgement(str(r["comparison"]), study.catalogue[str(i)]),
            "Period": r["period"],
            "Fit": r["fit"],
            "Note": r["note"],
        }
        for i, r in rows.iterrows()
    ],
    columns=[
        "Domain",
        "Indicator",
        name,
        "95% interval",
        f"Against {study.authority_name}",
        "Judgement",
        "Period",
        "Fit",
        "Note",
    ],
)
if not area:  # the authority is not compared with itself
    table = table.drop(columns=[f"Against {study.authority_name}", "Judgement"])
with facts:
    recall("domain", ("all", *DOMAINS), "all")
    chosen = st.pills(
        "Domain",
        ["all", *DOMAINS],
        required=True,
        key="domain",
        wrap=True,
        format_func=lambda d: "All" if d == "all" else DOMAIN_LABELS[d],
    )
    remember({"domain": "all"})
    shown = table if chosen == "all" else table[table["Domain"] == DOMAIN_LABELS[chosen]]
    st.dataframe(
        shown,
        hide_index=True,
        height=420,
        alt=f"Profile of {name}: figures with intervals",
        column_config={
            "Domain": None,
            "Indicator": st.column_config.TextColumn(width=222),
            name: st.column_config.TextColumn(width=174),
            "95% interval": st.column_config.TextColumn(width=92),
            f"Against {study.authority_name}": st.column_config.TextColumn(width=110),
            "Judgement": st.column_config.TextColumn(width=80),
        },
    )

notes = [*study.source_lines([str(i) for i in rows.index]), *layer.notes(study)]
print_table(shown.drop(columns=["Fit", "Note"]))
numbers = pd.DataFrame(
    {
        "Unit": [study.catalogue[str(i)].unit for i in rows.index],
        **{
            title: rows[column].to_numpy()
            for title, column in (
                ("Value", "value"),
                ("Lower 95%", "lower"),
                ("Upper 95%", "upper"),
                ("Lower 99.8%", "lower_998"),
                ("Upper 99.8%", "upper_998"),
                ("Numerator", "numerator"),
                ("Denominator", "denominator"),
            )
        },
    }
)
table_downloads(pd.concat([table, numbers], axis=1), f"profile_{code}", notes, key="profile")
map_downloads(lambda: layer.outlines(study), f"profile_{layer.slug}", notes, key="profile_map")

if rows.empty:
    st.info("Choose another way to show, or import figures for these areas.")
    page_link("data", "Import files")
elif area:
    st.header(f"How distinct is {words.plain(name)}?")
    authority = layer_rows(study.version, layer.key)
    authority = authority[authority[authority.columns[2]] == study.authority_code].set_index("indicator_id")
    ratio = rows.join(authority["value"].rename("reference"))
    ratio = ratio[ratio["reference"].gt(0) & ratio["lower"].notna()]
    for domain in DOMAINS if chosen == "all" else (chosen,):
        part = ratio[ratio["domain"] == domain]
        if part.empty:
            continue
        dots = pd.DataFrame(
            {
                "name": [study.catalogue[str(i)].label for i in part.index],
                "value": (100 * part["value"] / part["reference"]).to_numpy(),
                "lower": (100 * part["lower"] / part["reference"]).to_numpy(),
                "upper": (100 * part["upper"] / part["reference"]).to_numpy(),
            }
        )
        chart = themed(
            against_authority(dots, study.authority_name),
            DOMAIN_LABELS[domain],
            f"{name} as a percentage of {study.authority_name}; rules are 95% intervals",
            study.source_sentence([str(i) for i in part.index]),
        )
        st.altair_chart(
            chart, theme=None, alt=f"{DOMAIN_LABELS[domain]}: {name} against {study.authority_name}"
        )
        chart_downloads(chart, f"profile_{code}_{domain}", key=f"profile_{domain}")

with st.expander("How this is worked out"):
    st.markdown(
        "Counts of the areas are summed and then divided; scores are weighted by population and have no "
        "interval. "
        "Definitions, cells and intervals of each indicator stand on the Methods page."
    )
st.caption(study.source_sentence([str(i) for i in rows.index], layer.geography))
