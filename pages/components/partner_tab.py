"""Partners' areas on the Data page: which sets there are, one added from a file, one taken away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.partner.library import add_partner, partner_rows, partner_words
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.download import table_downloads
from pages.components.fitting import fitting_words

SAID = "partners_said"
INTRODUCTION = (
    "Primary care networks, police beats, school clusters: any areas of a partner. Generate can hold their "
    "lines or weigh them, and an option can be held against them. Give a file of polygons (GeoJSON, "
    "GeoPackage, zipped shapefile), or a table with a column of area codes and one of the partner's areas."
)


def show_partners(study: Study) -> None:
    """The sets that are there, a form to add one, a button to take one away."""
    if not study.geographies:
        st.markdown("Import a boundary file first; partners' areas are fitted to its areas.")
        return
    st.markdown(INTRODUCTION)
    if said := st.session_state.pop(SAID, ""):
        st.success(said, icon=":material/check:")
    rows = partner_rows(study)
    if rows:
        _show_sets(study, rows)
    else:
        st.markdown("**No partner's areas are loaded yet.** They will be listed here.")
    _form(study)


def _show_sets(study: Study, rows: list[dict[str, object]]) -> None:
    listing = pd.DataFrame(
        [
            {
                "Set": row["name"],
                "Partner's areas": row["n_areas"],
                "Made of": _made_of(str(row["kind"])),
                "People registered": row["registered"],
            }
            for row in rows
        ]
    )
    st.dataframe(
        listing,
        hide_index=True,
        placeholder="not known",
        alt="Partners' sets of areas",
        column_config={"People registered": st.column_config.NumberColumn(format="localized")},
    )
    table_downloads(listing, "partners", study.source_lines(), key="partners")
    named = {str(row["id"]): str(row["name"]) for row in rows}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox("Set", list(named), format_func=named.get, key="partner_seen", width=320)
        if st.button("Remove this set"):
            study.store.remove(chosen)
            st.session_state[SAID] = f"{words.plain(named[chosen])} is removed."
            st.rerun()
    geography = study.geographies[0]
    report = study.partner_report(chosen, geography)
    plural = geography_record(geography).plural
    if report is not None:
        st.caption(f"Fitted to {plural}: {words.plain(fitting_words(report, study.areas(geography)))}")


def _form(study: Study) -> None:
    with st.form("add_partner", border=True):
        upload = st.file_uploader(
            "File of a partner's areas",
            type=["geojson", "json", "gpkg", "zip", "csv", "xlsx"],
            key="partner_file",
        )
        left, right = st.columns(2)
        name = left.text_input("Name of the set", placeholder="Primary care networks")
        column = right.text_input("Column of names", help="Only where no column is called name or the like.")
        registered = left.text_input(
            "Column of registered people", help="People registered with the partner, where they are known."
        )
        if not st.form_submit_button("Add partner's areas", type="primary"):
            return
        if upload is None or not name.strip():
            st.error("A file and a name are needed.", icon=":material/error:")
            return
        try:
            added = add_partner(
                study,
                upload.getvalue(),
                upload.name,
                name=name,
                column=column.strip(),
                registered=registered.strip(),
            )
        except InputError as fault:
            st.error(words.plain(str(fault)), icon=":material/error:")
            return
    st.session_state[SAID] = words.plain(" ".join(partner_words(added).splitlines()))
    st.session_state["partner_seen"] = str(added["id"])
    st.rerun()


def _made_of(kind: str) -> str:
    return "polygons" if kind == "polygons" else geography_record(kind).plural
