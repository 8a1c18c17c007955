"""All caches of the app. Keys are ids and frozen values; what they hold is shared and never changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import streamlit as st

from geodata.geometry_file import geometry_bytes, publish_geometry
from geodata.store import Store
from geodata.workspace import open_workspace, workspace_folder
from neighbourhoods.study import Study
from pages.components.layer import OPTION_PREFIX

STATIC = Path(__file__).resolve().parents[2] / "static"
GEOMETRY_URL = "../../app/static/geometry/"


@st.cache_resource(show_spinner=False)
def _store(folder: str) -> Store:
    return open_workspace(Path(folder))


@st.cache_resource(show_spinner="Working out the figures", max_entries=4)
def _study(folder: str, version: int) -> Study:
    study = Study(_store(folder))
    study.coverage()
    return study


def current_store() -> Store:
    """The workspace's store; an empty workspace is filled with the embedded sample first."""
    return _store(str(workspace_folder(_given_workspace())))


def _given_workspace() -> str | None:
    """The folder after `--workspace` on the command line of the app."""
    arguments = sys.argv[1:]
    return arguments[arguments.index("--workspace") + 1] if "--workspace" in arguments[:-1] else None


def current_study() -> Study:
    """Everything the workspace can answer, computed once for each version of it."""
    store = current_store()
    return _study(str(store.root), store.version)


@st.cache_resource(show_spinner=False, max_entries=32)
def _geometry_name(folder: str, version: int, geography: str) -> str:
    study = _study(folder, version)
    content = geometry_bytes(study.areas(geography), study.topology(geography))
    return publish_geometry(content, STATIC / "geometry")


def geometry_url(geography: str) -> str:
    """Address, seen from the map, of the outlines of one geography."""
    store = current_store()
    return GEOMETRY_URL + _geometry_name(str(store.root), store.version, geography)


def layer_rows(version: int, layer_key: str) -> pd.DataFrame:
    """Rows of every indicator for one layer; the study keeps them."""
    study = current_study()
    if layer_key.startswith(OPTION_PREFIX):
        return study.profile_option(study.option(layer_key.removeprefix(OPTION_PREFIX)))
    return study.profile(layer_key)


@st.cache_resource(show_spinner=False, max_entries=256)
def indicator_view(version: int, layer_key: str, indicator_id: str, period: str) -> pd.DataFrame:
    """Rows of one indicator for one layer, the authority's among them, by area code or footprint id."""
    study = current_study()
    if layer_key.startswith(OPTION_PREFIX):
        return study.indicator_rows(study.option(layer_key.removeprefix(OPTION_PREFIX)), indicator_id, period)
    return study.indicator_rows(layer_key, indicator_id, period)
