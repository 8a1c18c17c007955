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
from pages.components.area_map_state import MapState
from pages.components.layer import OPTION_PREFIX, Layer, geography_layer, option_layer
from pages.components.map_state import choropleth_state

STATIC = Path(__file__).resolve().parents[2] / "static"
GEOMETRY_URL = "../../app/static/geometry/"
STUDY_OF_RUN = "study_of_run"


@st.cache_resource(show_spinner=False)
def _store(folder: str) -> Store:
    return open_workspace(Path(folder))


@st.cache_resource(show_spinner=False)
def _made_beside() -> dict[tuple[str, int], Study]:
    """The study of the newest import, which its job works out, until a page takes it up."""
    return {}


@st.cache_resource(show_spinner=False, max_entries=4)
def _study(folder: str, version: int) -> Study:
    """Nothing is worked out here: see `pages.components.figures`."""
    return _made_beside().pop((folder, version), None) or Study(_store(folder))


def make_study_beside(store: Store) -> Study:
    """The study of what has just been stored; the next page to open takes the same one up."""
    study = Study(store)
    made = _made_beside()
    made.clear()
    made[str(store.root), study.version] = study
    return study


def current_store() -> Store:
    """The workspace's store; an empty workspace is filled with the embedded sample first."""
    return _store(str(workspace_folder(_given_workspace())))


def _given_workspace() -> str | None:
    """The folder after `--workspace` on the command line of the app."""
    arguments = sys.argv[1:]
    return arguments[arguments.index("--workspace") + 1] if "--workspace" in arguments[:-1] else None


def load_study() -> Study:
    """The study of the workspace as it stands now; called once at the beginning of a run."""
    store = current_store()
    study = _study(str(store.root), store.version)
    st.session_state[STUDY_OF_RUN] = study
    return study


def current_study() -> Study:
    """Everything the workspace can answer, computed once for each version of it."""
    study: Study | None = st.session_state.get(STUDY_OF_RUN)
    return load_study() if study is None else study


@st.cache_resource(show_spinner=False, max_entries=32)
def _geometry_name(folder: str, version: int, geography: str) -> str:
    study = _study(folder, version)
    content = geometry_bytes(study.areas(geography), study.topology(geography))
    return publish_geometry(content, STATIC / "geometry")


def geometry_url(geography: str) -> str:
    """Address, seen from the map, of the outlines of one geography."""
    study = current_study()
    return GEOMETRY_URL + _geometry_name(str(study.store.root), study.version, geography)


def current_layers() -> list[Layer]:
    """Every way to cut the authority: geographies first, then the saved options."""
    study = current_study()
    return [*_geography_layers(study.version), *map(option_layer, study.options_on_a_map())]


@st.cache_resource(show_spinner=False, max_entries=4)
def _geography_layers(version: int) -> list[Layer]:
    study = current_study()
    return [geography_layer(study, geography) for geography in study.geographies]


@st.cache_resource(show_spinner=False, max_entries=256)
def indicator_state(version: int, layer_key: str, indicator_id: str, period: str) -> MapState:
    """The map of one indicator by one layer, with nothing selected and no places."""
    study = current_study()
    option = None
    geography = layer_key
    if layer_key.startswith(OPTION_PREFIX):
        option = study.option(layer_key.removeprefix(OPTION_PREFIX))
        geography = option.geography
    view = indicator_view(version, layer_key, indicator_id, period)
    return choropleth_state(study, geography, view, study.catalogue[indicator_id], option=option)


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
