"""Development sites on the Data page: a table that the council fills in, and what it comes to by ward."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from geodata.layouts.development_site import SITES_ID
from geodata.site_table import editable_sites, save_sites, template
from neighbourhoods.outlook.growth import HORIZONS, MEANING
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.download import table_downloads

SAID = "sites_said"
WHAT_IS_NEEDED = (
    "Give each site a **name**, a **place** (easting and northing, or a postcode), the **homes** to be built "
    "in each year, and **people per home**. In place of years you may give homes in all with a first and a "
    "last year: they are spread evenly. Where people per home are left open, the authority's average "
    "household size from the census is taken."
)


def show_sites(study: Study) -> None:
    """The table to fill in; under it residents by area in 0, 5, 10 and 15 years."""
    if not study.geographies:
        st.markdown("Import a boundary file first; sites will be placed in its areas.")
        return
    try:
        base = study.base_year(study.geographies[0])
    except InputError as fault:
        st.info(str(fault))
        return
    _headline(study, base)
    if said := st.session_state.pop(SAID, ""):
        st.success(said, icon=":material/check:")
    given = editable_sites(study.sites() if study.has_sites else None, base)
    edited = st.data_editor(
        given,
        num_rows="dynamic",
        hide_index=True,
        key=f"sites_{study.version}",
        placeholder="",
        alt="Development sites: name, place, people per home, homes by year",
        column_config=_columns(given),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button("Save sites", type="primary", disabled=edited.equals(given)):
            _save(study, edited)
        st.download_button(
            "Empty table to fill in",
            template(base),
            file_name="development_sites.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        if not edited.equals(given):
            st.markdown("Changes are not saved yet.")
    if study.has_sites:
        _show_growth(study)


def _headline(study: Study, base: int) -> None:
    if not study.has_sites:
        st.markdown(
            "**No development sites are loaded.** With them every option is tested today and in 5, 10 and 15 "
            f"years. Fill in the table, or import a file of your own above. {WHAT_IS_NEEDED}"
        )
        return
    dataset = next(d for d in study.datasets if d.id == SITES_ID)
    sites = study.sites()
    homes = sites[[c for c in sites.columns if str(c).isdecimal()]].to_numpy().sum()
    st.markdown(
        f"**{words.plural(len(sites), 'site')} with {words.number(float(homes))} homes**, from "
        f"{words.plain(dataset.provenance.file_name)}. {WHAT_IS_NEEDED}"
    )
    st.caption(f"Homes are counted from {base}, the year of the population figures.")


def _columns(table: pd.DataFrame) -> dict[str, object]:
    column = st.column_config
    place = {"format": "%.0f", "min_value": 0.0, "max_value": 1_300_000.0, "width": 104}
    year = {"format": "%d", "min_value": 1990, "max_value": 2100, "width": 104}
    by_year = [c for c in table if str(c).isdecimal()]
    return {
        "Site": column.TextColumn(max_chars=200, width=170, pinned=True),
        "Easting": column.NumberColumn(**place),
        "Northing": column.NumberColumn(**place),
        "Postcode": column.TextColumn(max_chars=10, width=104),
        "People per home": column.NumberColumn(min_value=0.1, max_value=10.0, format="%.2f", width=152),
        "Homes in all": column.NumberColumn(min_value=0.0, format="%.0f", width=128),
        "First year": column.NumberColumn(**year),
        "Last year": column.NumberColumn(**year),
        **{c: column.NumberColumn(min_value=0.0, format="%.4g", width=76) for c in by_year},
    }


def _save(study: Study, edited: pd.DataFrame) -> None:
    try:
        parsed = save_sites(study.store, edited)
    except InputError as fault:
        st.error(str(fault), icon=":material/error:")
        return
    if parsed is None:
        st.session_state[SAID] = "Saved: there are no development sites now."
    else:
        left_out = "".join(f" Left out: {d.n_rows:,} {d.reason}." for d in parsed.dropped)
        st.session_state[SAID] = f"Saved {words.plural(parsed.rows_kept, 'site')}.{left_out}"
    st.rerun()


def _show_growth(study: Study) -> None:
    geography = study.geographies[0]
    record = geography_record(geography)
    try:
        table, says = study.growth_table(geography), study.growth_words(geography)
    except InputError as fault:
        st.warning(str(fault), icon=":material/warning:")
        return
    base = study.base_year(geography)
    shown = table.set_axis([str(base + years) for years in HORIZONS], axis=1)
    grown = shown[shown.iloc[:, -1] > shown.iloc[:, 0]]
    added = float((table[HORIZONS[-1]] - table[0]).sum())
    st.markdown(f"**{words.number(added)} more people by {base + HORIZONS[-1]}**: {MEANING}.")
    listing = pd.concat(
        [study.areas(geography)["area_name"].rename(record.label.capitalize()), shown], axis=1
    )
    st.dataframe(
        listing.loc[grown.index].round(0),
        hide_index=True,
        alt=f"Residents of {record.plural} with new homes, by year",
        column_config={c: st.column_config.NumberColumn(format="localized") for c in shown},
    )
    st.caption(f"{record.plural.capitalize()} without new homes keep the residents of {base}. {says}")
    table_downloads(listing.round(1), "residents_by_year", [says, *study.source_lines()], key="growth")
