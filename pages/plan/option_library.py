"""Options: every saved option with its versions and status, who and why; which one is as now."""

from __future__ import annotations

import streamlit as st

from neighbourhoods.option.version import line_of
from neighbourhoods.study.export import option_note
from neighbourhoods.study.study import RESIDENTS
from pages.components import words
from pages.components.area_map import area_map
from pages.components.download import map_downloads, table_downloads
from pages.components.library_act import VERSION_KEY, look_at
from pages.components.library_panel import show_panel
from pages.components.library_table import library_rows, library_words, ordered_lines
from pages.components.library_versions import show_versions, status_rows, version_rows
from pages.components.loaders import current_study, geometry_url
from pages.components.map_state import footprint_map_state
from pages.components.option_title import option_titles
from pages.components.print_table import print_table
from pages.components.shell import page_link, sample_notice
from pages.components.state import KEPT, newly_linked, remember

ROW, HEADER, MOST_HEIGHT = 35, 38, 260

study = current_study()
lines = ordered_lines(study)
if not lines:
    st.title("No option is saved yet")
    st.caption(
        "Every option that is saved is listed here, with all its versions. Nothing is ever overwritten."
    )
    sample_notice()
    st.info("Draw an option and save it, or generate some.")
    page_link("draw", "Draw an option")
    st.stop()

st.title(words.plain(library_words(study, lines)))
n_versions = sum(len(line.versions) for line in lines)
st.caption(
    f"{words.plural(n_versions, 'version')} in all; each row shows the newest. Nothing saved is ever "
    "overwritten or removed. Choose a row to see its map, its versions and who decided what."
)
sample_notice()


def choose_row() -> None:
    """Look at the newest version of the option whose row was chosen."""
    rows = st.session_state[table_key]["selection"]["rows"]
    if rows:
        look_at(lines[rows[0]].newest.id)


def choose_option() -> None:
    """Look at the newest version of the option that was chosen from the list."""
    look_at(line_of(lines, st.session_state["library_option"]).newest.id)


table = library_rows(study, lines)
table_key = f"library_table_{lines[0].newest.id}"  # when rows change places, none is chosen
st.dataframe(
    table,
    hide_index=True,
    height=min(HEADER + ROW * len(lines), MOST_HEIGHT),
    key=table_key,
    column_order=[name for name in table.columns if name != "Made of"],
    on_select=choose_row,
    selection_mode="single-row",
    alt="Saved options; choose a row to see the option on the map",
)
print_table(table)

first_newest = lines[0].newest.id
known = {version.id for line in lines for version in line.versions}
wanted = (
    newly_linked(VERSION_KEY) or st.session_state.get(VERSION_KEY) or st.session_state.get(KEPT + VERSION_KEY)
)
st.session_state[VERSION_KEY] = wanted if wanted in known else first_newest
line = line_of(lines, st.session_state[VERSION_KEY])
version = line.version(st.session_state[VERSION_KEY])
remember({VERSION_KEY: first_newest})

picture, panel = st.columns([5, 4], gap="medium")
with panel:
    titles = option_titles(study, [one.newest for one in lines])
    st.session_state["library_option"] = line.versions[0].id
    st.selectbox(
        "Option",
        [one.versions[0].id for one in lines],
        key="library_option",
        format_func={one.versions[0].id: titles[one.newest.id] for one in lines}.get,
        on_change=choose_option,
    )
    show_panel(study, line, version)
with picture:
    which = f"version {line.number(version.id)} of {len(line.versions)} of {version.name}"
    if version.geography in study.geographies:
        area_map(
            geometry_url(version.geography),
            footprint_map_state(study, version),
            key=f"library_{version.geography}",
            height=420,
            label=f"Footprints of {which}",
        )
        people = study.evaluate(version).footprints
        st.caption(
            "In words: "
            + "; ".join(
                f"{name} {words.number(float(count))} people"
                for name, count in zip(people["footprint_name"], people["population"], strict=True)
            )
            + "."
        )
    else:
        st.info("The areas that this option is made of are not loaded. Import their boundary file to see it.")

notes = [*study.source_lines(), option_note(version)]
versions, statuses = version_rows(study, line), status_rows(study, line)
versions_tab, status_tab = st.tabs([f"Versions of {words.plain(line.name)}", "Status: who decided, and why"])
with versions_tab:
    show_versions(study, line, version.id)
    print_table(versions)
    table_downloads(versions, "versions", notes, key="versions")
with status_tab:
    st.dataframe(statuses, hide_index=True, alt=f"Every status of {line.name}")
    print_table(statuses)
    table_downloads(statuses, "statuses", notes, key="statuses")
st.caption("The table of all options, and the map in view:")
table_downloads(table, "options", notes, key="library")
if version.geography in study.geographies:
    map_downloads(lambda: study.footprint_areas(version), "option", notes, key="library_map")
    st.caption(study.source_sentence([RESIDENTS], version.geography))
