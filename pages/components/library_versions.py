"""The versions of one option, newest first: who, when, why, what changed, and what can be done with each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.option.library import status_history
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.report import change_words
from neighbourhoods.option.version import OptionLine
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.date_words import moment
from pages.components.library_act import RESTORING, ask_to_restore, look_at, restore
from pages.components.option_title import AS_NOW
from pages.components.shell import entry

SHOWN = 8
NOT_JOINED = "What changed is not known: nothing that is loaded joins the areas of the two versions."


def show_versions(study: Study, line: OptionLine, looked_at: str) -> None:
    """One box for each version."""
    newest_first = line.versions[::-1]
    n_shown = len(newest_first)
    if n_shown > SHOWN and not st.toggle(f"Show all {n_shown} versions", key="library_all"):
        n_shown = SHOWN
    for version in newest_first[:n_shown]:
        with st.container(border=True):
            _show_version(study, line, version, looked_at)


def version_rows(study: Study, line: OptionLine) -> pd.DataFrame:
    """The same as a table, for paper and for download."""
    return pd.DataFrame(
        [
            {
                "Version": line.number(version.id),
                "When": moment(version.created),
                "Who": version.author,
                "Status": version.status,
                "Why": version.rationale,
                "What changed": what_changed(study, line, version),
            }
            for version in line.versions
        ]
    )


def status_rows(study: Study, line: OptionLine) -> pd.DataFrame:
    """Every status of every version, in the order they were given."""
    rows = [
        {
            "Version": line.number(version.id),
            "Status": one.status,
            "When": moment(one.created),
            "Who": one.author,
            "Why": one.reason,
        }
        for version in line.versions
        for one in status_history(study.store, version.id)
    ]
    return pd.DataFrame(rows)


def what_changed(study: Study, line: OptionLine, version: FootprintOption) -> str:
    """What a version changed against the one before it, in words."""
    before = line.before(version.id)
    if before is None:
        return "First version."
    if (number := line.equal_before(version.id)) is not None:
        return f"Equal to version {number}."
    if {before.geography, version.geography} - set(study.geographies):
        return NOT_JOINED
    record = geography_record(version.geography)
    try:
        change = study.version_change(before, version)
    except InputError:  # said in the answer
        return NOT_JOINED
    return change_words(change, record.label, record.plural)


def _show_version(study: Study, line: OptionLine, version: FootprintOption, looked_at: str) -> None:
    number, newest = line.number(version.id), line.newest
    marks = [
        mark
        for mark, holds in (
            ("newest", version.id == newest.id),
            (AS_NOW, version.id == study.as_now_id),
            ("on the map", version.id == looked_at),
        )
        if holds
    ]
    who = f", {words.plain(version.author)}" if version.author else ""
    which = f" ({', '.join(marks)})" if marks else ""
    st.markdown(
        f"**Version {number}**{which}: {moment(version.created)}{who}, "
        f"{version.status}. {words.plain(what_changed(study, line, version))}"
    )
    if version.rationale:
        st.markdown(words.plain(version.rationale))
    is_loaded = version.geography in study.geographies
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Look at",
            key=f"look_{version.id}",
            help=f"Put version {number} on the map",
            on_click=look_at,
            args=(version.id,),
            disabled=version.id == looked_at,
        )
        if version.id != newest.id:
            st.button(
                "Restore this version",
                key=f"restore_{version.id}",
                help=f"Save a new version equal to version {number}; nothing is removed",
                on_click=ask_to_restore,
                args=(version.id,),
            )
        if is_loaded:
            st.page_link(
                entry("draw").script,
                label="Open in Draw",
                icon=entry("draw").icon,
                query_params={"option": version.id},
                width="content",
            )
        if is_loaded and version.id != newest.id and newest.geography in study.geographies:
            st.page_link(
                entry("compare").script,
                label="Compare with the newest",
                icon=entry("compare").icon,
                query_params={"options": f"{version.id},{newest.id}"},
                width="content",
            )
    if st.session_state.get(RESTORING) == version.id and version.id != newest.id:
        _restore_form(study, line, version)


def _restore_form(study: Study, line: OptionLine, version: FootprintOption) -> None:
    st.markdown(
        f"A new version, number {len(line.versions) + 1}, is saved that is equal to version "
        f"{line.number(version.id)}. It is a draft. The versions between stay where they are."
    )
    who, why = st.columns(2)
    who.text_input("Who restores it", key="restore_who")
    why.text_input("Why it is restored", key="restore_why")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Save as the newest version",
            key="restore_now",
            type="primary",
            on_click=restore,
            args=(study, line, version.id),
        )
        st.button("Leave it", key="restore_not", on_click=ask_to_restore, args=("",))
