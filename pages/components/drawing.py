"""The drawing in hand: where it is kept, how it begins, and what each act on the page does to it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geodata.errors import InputError
from geodata.polygon_file import read_polygons
from neighbourhoods.option.draft import Draft, draft_of, new_draft
from neighbourhoods.option.file import parse_option_csv
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.option.polygon import FittingReport, fit_option_polygons
from neighbourhoods.study.study import Study
from pages.components.area_map_event import MapEvent
from pages.components.area_map_state import UNASSIGNED, MapState
from pages.components.loaders import residents_tooltips, unsaved_drawings
from pages.components.map_state import BASE_MAP, footprint_labels
from pages.components.partner_overlay import overlay_in_hand
from pages.components.state import DRAFT_KEY, came_by_history

N_FIRST = 4
TAKE_OUT = ""
ACTIVE_KEY = "active_footprint"
ZOOM_KEY = "zoom_wanted"
UNSAVED = "drawing"  # in the address: where the unsaved drawing is kept
PUT_AWAY = "drawing_put_away"
BROUGHT_BACK = "Your unsaved drawing was brought back. Save option keeps it for good."
NOT_KEPT = "The unsaved drawing of this address is kept no longer. A new drawing was begun."


def draft_now(study: Study) -> Draft:
    """The drawing in hand; begun from the option in the address, or empty with four footprints."""
    draft: Draft | None = st.session_state.get(DRAFT_KEY)
    wanted = st.query_params.get("option", "")
    if draft is None:
        draft = _taken_up(study) or _begun(study, wanted)
    elif draft.geography not in study.geographies or wanted not in ("", draft.parent_id):
        put_away(draft)
        draft = _begun(study, wanted)
    keep(draft)
    _keep_unsaved(draft)
    return draft


def _taken_up(study: Study) -> Draft | None:
    """The unsaved drawing that the address names, where it is still kept and fits what is loaded."""
    name = st.query_params.get(UNSAVED, "")
    if not name:
        return None
    draft = unsaved_drawings().find(name)
    fits = draft is not None and draft.geography in study.geographies
    if draft is None or not fits or draft.area_codes != frozenset(study.areas(draft.geography).index):
        st.warning(NOT_KEPT)
        del st.query_params[UNSAVED]
        return None
    st.session_state["said"] = BROUGHT_BACK
    return draft


def _keep_unsaved(draft: Draft) -> None:
    """Keep what is not saved where a reload finds it, and say so in the address; forget what is saved."""
    name = st.session_state.get(UNSAVED, "")
    if draft.is_changed:
        name = st.session_state[UNSAVED] = unsaved_drawings().keep(draft, name)
        if st.query_params.get(UNSAVED) != name and not came_by_history():
            st.query_params[UNSAVED] = name
        return
    if name:
        unsaved_drawings().drop(name)
        st.session_state[UNSAVED] = ""
    if UNSAVED in st.query_params and not came_by_history():
        del st.query_params[UNSAVED]


def put_away(draft: Draft | None) -> None:
    """Before another drawing is begun: lay one aside that is not saved, so that it can be brought back."""
    if draft is not None and draft.is_changed:
        st.session_state[PUT_AWAY] = draft


def bring_back() -> None:
    """Change the drawing in hand for the one that was put away."""
    aside: Draft = st.session_state.pop(PUT_AWAY)
    begin(aside, aside.parent_id)


def _begun(study: Study, option_id: str) -> Draft:
    if option_id:
        try:
            option = study.option(option_id)
        except InputError as fault:
            st.warning(f"{fault} A new drawing was begun.")
            del st.query_params["option"]
        else:
            return draft_of(option, study.areas(option.geography).index)
    geography = study.geographies[0]
    return new_draft(geography, study.areas(geography).index, N_FIRST)


def keep(draft: Draft) -> None:
    """Make this the drawing in hand."""
    st.session_state[DRAFT_KEY] = draft
    ids = draft.footprint_ids
    active = st.session_state.get(ACTIVE_KEY)
    st.session_state[ACTIVE_KEY] = active if active in (*ids, TAKE_OUT) else (*ids, TAKE_OUT)[0]


def begin(draft: Draft, option_id: str = "", *, is_saved: bool = False) -> None:
    """Put another drawing in hand, and its option in the address; what was unsaved is put away.

    Parameters
    ----------
    is_saved : bool
        It is what was in hand, saved just now.
    """
    if not is_saved:
        put_away(st.session_state.get(DRAFT_KEY))
    st.session_state.pop(ACTIVE_KEY, None)
    keep(draft)
    if option_id:
        st.query_params["option"] = option_id
    elif "option" in st.query_params:
        del st.query_params["option"]


def change(step: Callable[[Draft], Draft]) -> None:
    """Apply one step to the drawing in hand."""
    keep(step(st.session_state[DRAFT_KEY]))


def apply_event(event: MapEvent) -> None:
    """What was clicked or brushed on the map, in order; areas of one footprint make one step."""
    draft: Draft = st.session_state[DRAFT_KEY]
    ids = draft.footprint_ids
    for action in event.actions:
        if action.kind != "assign" or action.footprint is None:
            continue
        codes = [c for c in action.codes if c in draft.area_codes]
        if action.footprint == UNASSIGNED:
            draft = draft.unassign(codes)
        elif action.footprint < len(ids):
            draft = draft.assign(codes, ids[action.footprint])
    keep(draft)


def zoom_to(codes: tuple[str, ...]) -> None:
    """Ask the map to bring areas into view."""
    number = st.session_state.get(ZOOM_KEY, ((), 0))[1]
    st.session_state[ZOOM_KEY] = (codes, number + 1)


def draft_map_state(study: Study, draft: Draft) -> MapState:
    """The drawing as the map shows it."""
    codes = study.topology(draft.geography).area_codes
    ids = draft.footprint_ids
    position = {one: i for i, one in enumerate(ids)}
    names = tuple(draft.state.names[one] for one in ids)
    active = st.session_state.get(ACTIVE_KEY, TAKE_OUT)
    zoom_codes, zoom_number = st.session_state.get(ZOOM_KEY, ((), 0))
    return MapState(
        mode="draw",
        footprint_by_area=tuple(position.get(draft.assignment.get(c, ""), UNASSIGNED) for c in codes),
        footprint_names=names,
        footprint_labels=footprint_labels(names),
        footprint_colours=tuple(draft.state.colours[one] for one in ids),
        active=position.get(active, UNASSIGNED),
        locked=tuple(position[one] for one in draft.state.locked),
        tooltips=residents_tooltips(study.version, draft.geography),
        zoom_to=zoom_codes,
        zoom_request=zoom_number,
        links=True,
        overlay=overlay_in_hand(draft.geography),
        base_map=BASE_MAP if st.session_state.get("streets") else None,
    )


def option_from_file(study: Study, name: str, content: bytes) -> tuple[FootprintOption, FittingReport | None]:
    """An option from a CSV of area codes, or from polygons that were drawn elsewhere.

    Raises
    ------
    InputError
        Names the row, the area or the file at fault.
    """
    title = name.rsplit(".", 1)[0]
    if name.lower().endswith((".csv", ".txt")):
        areas = {g: study.areas(g) for g in study.geographies}
        return parse_option_csv(content, areas, name=title, author="", draft=True), None
    geography = st.session_state.get("fit_to") or study.geographies[0]
    polygons = read_polygons(content, name)
    option, report = fit_option_polygons(
        polygons,
        study.areas(geography),
        name=title,
        geography=geography,
        centroids=study.store.centroids(geography),
    )
    return option, report
