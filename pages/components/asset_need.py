"""Needs and assets by theme: the need on the map, hatched where assets are few, and the same in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.register.need_asset import MISMATCH, NeedAssets, NeedParams, theme_needs
from neighbourhoods.register.need_asset_report import (
    counted_noun,
    evenness_words,
    finding_sentence,
    need_method_words,
    need_source_lines,
    people_words,
)
from neighbourhoods.register.theme import THEMES
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.area_map import area_map
from pages.components.area_map_state import MapState, Tooltips
from pages.components.download import map_downloads, table_downloads
from pages.components.loaders import geometry_url, need_assets_now
from pages.components.map_state import PLACE_KINDS, choropleth_state, place_parts
from pages.components.print_table import print_table
from pages.components.state import recall, remember

SUPPRESSED = "Need suppressed"
FIRST_THEME, FIRST_MINUTES = "older_people", "15"
MINUTES = ("10", "15", "20", "30")


@dataclass(frozen=True)
class Said:
    """What the tab comes to, for the headline of the page."""

    title: str
    caption: str
    sources: Sequence[str]


def show_needs(study: Study) -> Said:
    """The tab; the finding comes back for the headline."""
    geographies = [g for g in study.geographies if study.population(g).notna().any()]
    picture, controls = st.columns([5, 2], gap="medium")
    with controls:
        recall("theme", THEMES, FIRST_THEME)
        theme_id = st.selectbox("Theme", list(THEMES), key="theme", format_func=lambda t: THEMES[t].label)
        recall("layer", geographies, geographies[0])
        geography = st.selectbox(
            "Show by",
            geographies,
            key="layer",
            format_func=lambda g: geography_record(g).plural[0].upper() + geography_record(g).plural[1:],
        )
        needs = theme_needs(study, theme_id, geography)
        recall("need", needs, needs[0] if needs else None)
        need_id = st.selectbox(
            "Need measured by",
            needs,
            key="need",
            format_func=lambda i: study.catalogue[i].label,
            placeholder="No figures for these areas",
        )
        recall("within", MINUTES, FIRST_MINUTES)
        minutes = st.selectbox("Within a walk of, minutes", MINUTES, key="within")
    remember(
        {
            "theme": FIRST_THEME,
            "layer": geographies[0],
            "need": needs[0] if needs else None,
            "within": FIRST_MINUTES,
        }
    )
    try:
        found = need_assets_now(
            study.version, NeedParams(theme_id, geography, need_id or "", float(minutes or FIRST_MINUTES))
        )
    except InputError as fault:
        st.info(str(fault))
        return Said(f"{THEMES[theme_id].label}: need is not known for these areas", "", study.source_lines())
    with picture:
        area_map(
            geometry_url(geography),
            need_map_state(study, found),
            key=f"needs_{geography}",
            height=400,
            label=f"Map of {study.authority_name}: {found.need.label}, and assets for the theme",
        )
        st.caption(f"{words.plain(people_words(study, found))} {evenness_words(study, found)}".strip())
    _tables(study, found)
    how = (
        "along streets"
        if found.access is not None and not found.access.is_straight
        else "estimated in a straight line"
    )
    return Said(
        words.plain(finding_sentence(study, found)),
        f"Need: {found.need.label}, {found.need.unit}, {found.need.vintage}. Assets: "
        f"{words.plural(len(found.assets), 'place')} of the register, reached on foot within {minutes} "
        f"minutes, {how}.",
        need_source_lines(study, found),
    )


def _tables(study: Study, found: NeedAssets) -> None:
    notes = [*need_source_lines(study, found), need_method_words(found)]
    name = f"needs_{found.theme.id}"
    table = need_table(study, found)
    whole = {c: st.column_config.NumberColumn(format="localized") for c in table.columns[2:3]}
    shown = [c for c in table if c != SUPPRESSED or found.by_area["suppressed"].any()]
    st.dataframe(
        table,
        hide_index=True,
        alt="Needs and assets by area, mismatches first",
        column_config=whole,
        column_order=shown,
    )
    print_table(table)
    table_downloads(table, name, notes, key=name)
    map_downloads(_outlines(study, found), name, notes, key=f"{name}_map")
    with st.expander(f"The {words.plural(len(found.assets), 'place')} that count, and why"):
        assets = asset_list(found)
        st.dataframe(assets, hide_index=True, alt="Places that count as assets, and why")
        print_table(assets)
        table_downloads(assets, f"assets_{found.theme.id}", notes, key=f"assets_{found.theme.id}")
    st.markdown(need_method_words(found))


def _outlines(study: Study, found: NeedAssets) -> Callable[[], pd.DataFrame]:
    return lambda: study.areas(found.params.geography).join(found.by_area.drop(columns="area_name"))


def need_map_state(study: Study, found: NeedAssets) -> MapState:
    """The need in classes, assets as points, areas of high need with few assets hatched."""
    geography = found.params.geography
    rows = study.indicator_rows(geography, found.need.id)
    state = choropleth_state(study, geography, rows, found.need)
    codes = study.topology(geography).area_codes
    ordered = found.by_area.reindex(codes)
    hatched = np.flatnonzero((ordered["mismatch"] == MISMATCH).to_numpy())
    supply = [
        "" if np.isnan(per) else f"{per:,.1f} assets per 1,000 in need; {n:,.1f} within reach"
        for per, n in zip(ordered["assets_per_1000"], ordered["n_within"], strict=True)
    ]
    tips = state.tooltips.values if state.tooltips else ("",) * len(codes)
    parts = place_parts(study, list(PLACE_KINDS), only=found.assets.index) if len(found.assets) else {}
    legend = replace(state.legend, differs="High need, few assets") if state.legend else None
    return replace(
        state,
        legend=legend,
        differing=tuple(int(i) for i in hatched),
        tooltips=Tooltips(tuple(tips), tuple(supply)),
        **parts,
    )


def need_table(study: Study, found: NeedAssets) -> pd.DataFrame:
    """As it is read: mismatches first, then by need."""
    rows = found.by_area.assign(first=found.by_area["mismatch"] != MISMATCH)
    rows = rows.sort_values(["first", "need_rank"], kind="stable")
    record = geography_record(found.params.geography)
    unit = found.need.unit
    noun = counted_noun(found)
    people = "Residents" if found.counts_residents else f"{noun.capitalize()} in need"
    value = rows["need_value"].round(found.need.decimals)
    return pd.DataFrame(
        {
            record.label[0].upper() + record.label[1:]: rows["area_name"],
            "Mismatch": rows["mismatch"],
            people: rows["need_count"].round(),
            f"Need ({unit})": value,
            SUPPRESSED: np.where(rows["suppressed"], "suppressed", ""),
            "Need rank": rows["need_rank"],
            "Assets within reach": rows["n_within"].round(1),
            "Minutes to nearest": rows["minutes"].round(1),
            "Assets per 1,000": rows["assets_per_1000"].round(2),
            "Assets rank": rows["asset_rank"],
        }
    ).reset_index(drop=True)


def asset_list(found: NeedAssets) -> pd.DataFrame:
    """Places that count, and why."""
    rows = found.assets.sort_values("name", key=lambda s: s.str.casefold())
    return pd.DataFrame(
        {
            "Place": rows["name"],
            "Kind": [PLACE_KINDS[k].label if k in PLACE_KINDS else k for k in rows["kind"]],
            "Counts": rows["why"],
            "Services": rows["services"],
        }
    ).reset_index(drop=True)
