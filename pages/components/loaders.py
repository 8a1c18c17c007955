"""All caches of the app. Keys are ids and frozen values; what they hold is shared and never changed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import streamlit as st

from geodata.geometry_file import geometry_bytes, publish_geometry
from geodata.run_file import read_run_result
from geodata.run_record import Run
from geodata.store import Store
from geodata.workspace import open_workspace, workspace_folder
from neighbourhoods.portrait.portrait import Portraits, portray
from neighbourhoods.run.run import run_kind
from neighbourhoods.study.study import Study
from pages.components.area_map_state import MapState, Overlay, Tooltips
from pages.components.draft_shelf import DraftShelf
from pages.components.layer import OPTION_PREFIX, Layer, geography_layer, option_layer
from pages.components.map_state import choropleth_state, residents_words
from pages.components.overlay import overlay_of

if TYPE_CHECKING:  # compiled code: read only when it is wanted
    import numpy as np

    from neighbourhoods.hub.change import ReachChanges
    from neighbourhoods.hub.ground import HubGround
    from neighbourhoods.hub.params import HubParams
    from neighbourhoods.measure.fit_sensitivity import FitSensitivity
    from neighbourhoods.option.option import FootprintOption
    from neighbourhoods.outreach.edit import Edit, EditedPlan
    from neighbourhoods.outreach.edit_ground import EditGround
    from neighbourhoods.outreach.need import OutreachNeed
    from neighbourhoods.outreach.plan import ForbiddenRoad, OutreachParams, OutreachPlan
    from neighbourhoods.register.duplicate import DuplicatePair
    from neighbourhoods.register.need_asset import NeedAssets, NeedParams
    from neighbourhoods.scenario.reach import ScenarioReach
    from neighbourhoods.scenario.scenario import ReachRule, Scenario
    from neighbourhoods.scorecard.alternatives import Alternatives
    from neighbourhoods.scorecard.params import ScorecardParams
    from neighbourhoods.scorecard.scorecard import Scorecard
    from neighbourhoods.scorecard.trial import Trial
    from neighbourhoods.travel.access import Access, AccessParams

STATIC = Path(__file__).resolve().parents[2] / "static"
GEOMETRY_URL = "../../app/static/geometry/"
STUDY_OF_RUN = "study_of_run"


@st.cache_resource(show_spinner=False)
def _store(folder: str) -> Store:
    return open_workspace(Path(folder))


@st.cache_resource(show_spinner=False)
def unsaved_drawings() -> DraftShelf:
    """Drawings that nobody has saved yet, of all visitors."""
    return DraftShelf()


@st.cache_resource(show_spinner=False)
def _made_beside() -> dict[tuple[str, int], Study]:
    """The study of the newest import, which its job works out, until a page takes it up."""
    return {}


@st.cache_resource(show_spinner=False)
def _newest() -> dict[str, Study]:
    """The last study of each folder, from which the next one takes its figures when only places changed."""
    return {}


@st.cache_resource(show_spinner=False, max_entries=4)
def _study(folder: str, version: int) -> Study:
    """Nothing is worked out here: see `pages.components.figures`."""
    study = _made_beside().pop((folder, version), None)
    if study is None:
        last = _newest().get(folder)
        study = Study(_store(folder)) if last is None else last.renewed()
    _newest()[folder] = study
    return study


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


def shared_study() -> Study:
    """The study of the workspace as it stands now, the same one for all visitors."""
    store = current_store()
    return _study(str(store.root), store.version)


def load_study() -> Study:
    """The study that one run works with from beginning to end; called once at its beginning."""
    study = shared_study()
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


@st.cache_resource(show_spinner=False, max_entries=8)
def residents_tooltips(version: int, geography: str) -> Tooltips:
    """What the map says of each area where nothing but its residents is shown."""
    study = current_study()
    residents = study.population(geography).reindex(study.topology(geography).area_codes)
    return Tooltips(tuple(residents_words(v) for v in residents))


def current_layers() -> list[Layer]:
    """Every way to cut the authority: geographies first, then the saved options."""
    study = current_study()
    options, as_now_id = study.options_on_a_map(), study.as_now_id
    return [
        *_geography_layers(study.version),
        *(option_layer(option, as_now=option.id == as_now_id) for option in options),
    ]


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


@st.cache_resource(show_spinner="Reading every indicator", max_entries=64)
def option_portraits(version: int, option_id: str) -> Portraits:
    """The footprints of a saved option in words; a saved option does not change."""
    study = current_study()
    return portray(study, study.option(option_id))


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


def run_result(run: Run) -> object:
    """What a run came to, shared by everybody who looks at it and never changed.

    Raises
    ------
    InputError
        When its file is gone, damaged, or of another version of the software.
    """
    return _run_result(str(current_store().root), run.id, run.kind, run.result_file)


@st.cache_resource(show_spinner=False, max_entries=8)
def _run_result(folder: str, _run_id: str, kind_id: str, result_file: str) -> object:
    return run_kind(kind_id).result_from_parts(read_run_result(Path(folder), result_file))


@st.cache_resource(show_spinner="Working out journeys", max_entries=32)
def access_now(
    version: int, params: AccessParams
) -> tuple[Access, pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """Minutes to the nearest place, and people within reach by area, by group and by fifth."""
    from neighbourhoods.travel.access import access, access_by_area, access_by_fifth, access_by_group

    study = current_study()
    found = access(study, params)
    return found, access_by_area(study, found), access_by_group(study, found), access_by_fifth(study, found)


def hub_ground_now(version: int, params: HubParams) -> HubGround:
    """Journeys to every place that could house a hub."""
    return hub_ground_of(version, params.kinds, params.mode, params.km_h)


def hub_sources(version: int, reach: Access) -> list[str]:
    """Source and licence lines under journeys to places."""
    return _hub_sources(version, reach.params.kinds, reach.points.geography, tuple(reach.places.index), reach)


@st.cache_resource(show_spinner=False, max_entries=16)
def _hub_sources(
    version: int, kinds: tuple[str, ...], geography: str, places: tuple[str, ...], _reach: Access
) -> list[str]:
    from neighbourhoods.travel.access_report import source_lines

    return source_lines(current_study(), _reach)


@st.cache_resource(show_spinner="Working out journeys", max_entries=4)
def hub_ground_of(version: int, kinds: tuple[str, ...], mode: str, km_h: float) -> HubGround:
    """The same by all that it depends on; large, so that few are kept."""
    from neighbourhoods.hub.ground import hub_ground
    from neighbourhoods.hub.params import HubParams

    return hub_ground(current_study(), HubParams(kinds, mode=mode, km_h=km_h))


def hub_change_now(
    version: int, params: HubParams, before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[Access, Access, pd.DataFrame]:
    """How far everybody is from a plan's hubs, from other hubs, and who gains and who loses by area."""
    ground = (params.kinds, params.mode, params.km_h)
    return _hub_change(version, ground, params.minutes, before, after, params)


@st.cache_resource(show_spinner=False, max_entries=64)
def _hub_change(
    version: int,
    asked: tuple[tuple[str, ...], str, float],
    minutes: float,
    before: tuple[str, ...],
    after: tuple[str, ...],
    _params: HubParams,
) -> tuple[Access, Access, pd.DataFrame]:
    from neighbourhoods.hub.change import reach_change

    ground = hub_ground_of(version, *asked)
    first = ground.reach(_params, before)
    second = first if before == after else ground.reach(_params, after)
    return first, second, reach_change(current_study(), first, second)


def hub_turns_now(
    version: int, params: HubParams, before: tuple[str, ...], now: tuple[str, ...]
) -> ReachChanges:
    """Who gains and loses against a plan's hubs once any one place is turned, from those open now."""
    return _hub_turns(version, (params.kinds, params.mode, params.km_h), before, now, params)


@st.cache_resource(show_spinner=False, max_entries=16)
def _hub_turns(
    version: int,
    asked: tuple[tuple[str, ...], str, float],
    before: tuple[str, ...],
    now: tuple[str, ...],
    _params: HubParams,
) -> ReachChanges:
    from neighbourhoods.hub.turn import turn_changes

    ground = hub_ground_of(version, *asked)
    return turn_changes(current_study(), ground, ground.reach(_params, before), now)


@st.cache_resource(show_spinner="Working out journeys", max_entries=8)
def outreach_reach_now(version: int, run_id: str, _plan: OutreachPlan) -> tuple[Access, Access]:
    """How far everybody is from the nearest hub, and from the nearest of hubs and stops of a run's plan."""
    from neighbourhoods.outreach.reach import reach_without_and_with

    return reach_without_and_with(current_study(), _plan)


@st.cache_resource(show_spinner=False, max_entries=4)
def _outreach_need(version: int, key: str, _params: OutreachParams) -> OutreachNeed:
    from neighbourhoods.outreach.need import outreach_need

    return outreach_need(current_study(), _params)


@st.cache_resource(show_spinner=False, max_entries=32)
def _outreach_ground(version: int, key: str, ids: tuple[str, ...], _params: OutreachParams) -> EditGround:
    from neighbourhoods.outreach.edit_ground import edit_ground

    asked = replace(_params, own_stops=(), forbidden_roads=())
    need = _outreach_need(version, repr(asked), _params)
    return edit_ground(current_study(), _params, ids, need)


def outreach_ground(version: int, params: OutreachParams, ids: tuple[str, ...]) -> EditGround:
    """Drives between some stops of the bus, and whom each serves."""
    plain = replace(params, fixed=(), forbidden=(), forbidden_drives=(), windows=(), stop_needs=())
    return _outreach_ground(version, repr(plain), ids, plain)


@st.cache_resource(show_spinner=False, max_entries=128)
def outreach_edited(version: int, base_key: str, edits: tuple[Edit, ...], _plan: OutreachPlan) -> EditedPlan:
    """A plan after some edits; each that was made before is found again, so that undoing takes no time.

    Raises
    ------
    InputError
        When the last of them cannot be made.
    """
    from neighbourhoods.outreach.edit import unedited
    from neighbourhoods.outreach.edit_step import apply_edit

    if not edits:
        return unedited(_plan)
    before = outreach_edited(version, base_key, edits[:-1], _plan)
    return apply_edit(before, edits[-1], lambda params, ids: outreach_ground(version, params, ids))


def outreach_lines(version: int, plan: OutreachPlan) -> tuple[np.ndarray, ...]:
    """The way of each round as points (n, 2) in EPSG:27700, along streets where they are loaded.

    Raises
    ------
    InputError
        When a road that is forbidden is no longer among the streets.
    """
    where = plan.stops[["x", "y"]].to_numpy(dtype=float).tobytes()
    columns = ["week", "day", "vehicle", "session_id", "place", "stop_id"]
    order = tuple(map(str, plan.visits[columns].to_numpy().ravel()))
    return _outreach_lines(version, where, order, plan.params.forbidden_roads, plan)


@st.cache_resource(show_spinner=False, max_entries=32)
def _outreach_lines(
    version: int,
    where: bytes,
    order: tuple[str, ...],
    avoided: tuple[ForbiddenRoad, ...],
    _plan: OutreachPlan,
) -> tuple[np.ndarray, ...]:
    from neighbourhoods.outreach.line import driven_lines

    return tuple(driven_lines(current_study(), _plan).values())


def scenario_reach_now(version: int, scenario: Scenario, rule: ReachRule) -> ScenarioReach:
    """Who is within reach of a scenario by a rule."""
    bus = f"{scenario.bus_run_id}|{scenario.bus_plan_id}"
    return _scenario_reach(version, scenario.id, scenario.hub_ids, bus, rule, scenario)


@st.cache_resource(show_spinner="Working out journeys", max_entries=12)
def _scenario_reach(
    version: int, key: str, hub_ids: tuple[str, ...], bus: str, rule: ReachRule, _scenario: Scenario
) -> ScenarioReach:
    from neighbourhoods.scenario.reach import scenario_reach

    return scenario_reach(current_study(), _scenario, rule)


@st.cache_resource(show_spinner=False, max_entries=32)
def need_assets_now(version: int, params: NeedParams) -> NeedAssets:
    """Needs and assets of a theme, area by area."""
    from neighbourhoods.register.need_asset import need_assets

    return need_assets(current_study(), params)


@st.cache_resource(show_spinner="Comparing places", max_entries=4)
def duplicates_now(version: int) -> tuple[DuplicatePair, ...]:
    """Pairs of places that may be one, of which nobody has said anything yet."""
    from neighbourhoods.register.duplicate import duplicates

    return duplicates(current_study())


@st.cache_resource(show_spinner="Drawing who is within reach", max_entries=32)
def catchment_now(
    version: int, params: AccessParams, place_ids: tuple[str, ...]
) -> tuple[Access, gpd.GeoDataFrame]:
    """The catchment of some places: how far everybody is from the nearest of them, and its bands."""
    from neighbourhoods.travel.access import access
    from neighbourhoods.travel.catchment import catchment_map

    study = current_study()
    found = access(study, params, only=place_ids)
    return found, catchment_map(study, found)


@st.cache_resource(show_spinner=False, max_entries=16)
def partner_overlay(version: int, partner_id: str, geography: str) -> Overlay:
    """Lines of a partner's areas for a map; ids of saved options never change what they mean."""
    return overlay_of(current_study().partner_outlines(partner_id, geography))


@st.cache_resource(show_spinner=False, max_entries=64)
def trial_now(version: int, key: str, _option: FootprintOption, _params: ScorecardParams) -> Trial:
    """An option ready to be tested; `key` says all that it depends on."""
    from neighbourhoods.scorecard.trial import trial_of

    return trial_of(current_study(), _option, _params)


@st.cache_resource(show_spinner="Fitting the data another way", max_entries=32)
def fitting_now(version: int, key: str, _option: FootprintOption) -> FitSensitivity:
    """Figures of an option by every other fit."""
    from neighbourhoods.measure.fit_sensitivity import fit_sensitivity

    return fit_sensitivity(current_study(), _option)


@st.cache_resource(show_spinner="Testing the option", max_entries=32)
def _scorecard(
    version: int, key: str, among: tuple[int, int, str], _trial: Trial, _among: Alternatives
) -> Scorecard:
    from neighbourhoods.scorecard.scorecard import scorecard

    return scorecard(current_study(), _trial, _among)


def scorecard_now(version: int, key: str, trial: Trial, among: Alternatives) -> Scorecard:
    """The card of an option; made anew when what it is compared with has become known."""
    return _scorecard(version, key, (among.n, len(among.bounds), among.note), trial, among)
