"""What is tested on the Test page, what it is held to, what is marked on its map, and moves made in it.

An option is tested as it was saved, or as it is drawn and not saved yet: then a move can be tried, judged
and taken back before anything is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from neighbourhoods.measure.single_move import SingleMove
from neighbourhoods.measure.wish import DEFAULT_WISHES, WISHES
from neighbourhoods.option.draft import Draft, draft_of
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.scorecard.params import ScorecardParams
from neighbourhoods.scorecard.rule import Rule
from neighbourhoods.study.study import Study
from neighbourhoods.travel.straight_line import WALKING_KM_H
from pages.components.area_map_state import Legend, MapState
from pages.components.drawing import begin, change
from pages.components.map_state import footprint_map_state
from pages.components.option_title import option_titles
from pages.components.state import OPTION_KEY, came_by_history, draft_in_hand

CHOICE = "test_choice"
IN_HAND = "drawing"
ADDRESS = "test_address"
SEEN_RULE = "test_seen_rule"
ZOOM = "test_zoom"


def choices(study: Study) -> dict[str, FootprintOption]:
    """What can be tested: the drawing in hand when it is not saved, then saved options, newest first."""
    found: dict[str, FootprintOption] = {}
    draft = draft_in_hand()
    if draft is not None and draft.is_changed and draft.assignment and draft.geography in study.geographies:
        found[IN_HAND] = draft.to_option(f"{draft.name}, changed" if draft.name else "Drawing in hand")
    return found | {o.id: o for o in study.options_on_a_map()}


def titles_of(study: Study, found: Mapping[str, FootprintOption]) -> dict[str, str]:
    """What each is called in the box: no two alike."""
    saved = [one for key, one in found.items() if key != IN_HAND]
    drawn = {IN_HAND: f"{found[IN_HAND].name} (not saved)"} if IN_HAND in found else {}
    return drawn | option_titles(study, saved)


def settle_choice(found: Mapping[str, FootprintOption]) -> None:
    """Before the box: what the address newly names, else what was chosen last, else the first there is.

    A drawing that was begun from the option of the address goes before it: it is what is in hand.
    """
    asked = st.query_params.get(OPTION_KEY, "")
    draft = draft_in_hand()
    value = st.session_state.get(CHOICE)
    if value == IN_HAND and IN_HAND not in found and draft is not None:
        value = draft.parent_id  # it was saved, or its changes were taken back
    elif asked in found and asked != st.session_state.get(ADDRESS):
        value = IN_HAND if IN_HAND in found and draft is not None and draft.parent_id == asked else asked
    st.session_state[CHOICE] = value if value in found else next(iter(found))


def keep_in_address(option_id: str) -> None:
    """Write the option that is looked at into the address; of a drawing the one it was begun from."""
    draft = draft_in_hand()
    wanted = draft.parent_id if option_id == IN_HAND and draft is not None else option_id
    st.session_state[ADDRESS] = wanted
    if came_by_history():
        return
    if wanted and st.query_params.get(OPTION_KEY) != wanted:
        st.query_params[OPTION_KEY] = wanted
    elif not wanted and OPTION_KEY in st.query_params:
        del st.query_params[OPTION_KEY]


def params_now(study: Study, saved: Mapping[str, FootprintOption]) -> ScorecardParams:
    """What the controls ask for.

    Raises
    ------
    InputError
        When they contradict each other.
    """
    state = st.session_state
    as_now = saved.get(state.get("test_as_now") or "")
    need = tuple((one, 1.0) for one in state.get("test_need", []))
    weights = {one: float(state.get(f"test_wish_{one}", 0)) for one in WISHES}
    direction = state.get("test_in_need")
    if need and direction in ("alike", "distinct"):
        weights[direction] = 1.0
    partner_ids = tuple(state.get("test_partners", ()))
    for wish_id, is_known in (
        ("as_now", as_now is not None),
        ("partners", bool(partner_ids)),
        ("future", study.has_sites),
    ):
        weights[wish_id] = weights[wish_id] if is_known else 0.0
    return ScorecardParams(
        target=float(state["test_target"]) if state.get("test_use_target") else None,
        tolerance=state["test_band"] / 100,
        wishes=tuple((one, weight) for one, weight in weights.items() if weight > 0) or DEFAULT_WISHES,
        need=need,
        as_now=as_now,
        partner_ids=partner_ids,
        n_sampled=int(state["test_sampled"]),
        km_h=WALKING_KM_H if state.get("test_travel") else 0.0,
    )


def key_of(study: Study, option: FootprintOption, params: ScorecardParams) -> str:
    """All that a card depends on, in one text."""
    like = params.as_now.id if params.as_now else ""
    asked = replace(params, as_now=None)
    names = sorted(option.footprint_names.items())
    return repr(
        (study.version, option.name, option.geography, sorted(option.assignment.items()), names, asked, like)
    )


def apply_move(study: Study, option: FootprintOption, move: SingleMove) -> None:
    """Make a move in the drawing in hand, which is then what is tested; nothing is saved."""
    if st.session_state.get(CHOICE) != IN_HAND:
        begin(draft_of(option, study.areas(option.geography).index), option.id)
    change(lambda draft: draft.assign([move.area_code], move.to_id))
    st.session_state[CHOICE] = IN_HAND
    st.session_state.pop(SEEN_RULE, None)
    draft = draft_in_hand()
    if draft is not None and not draft.message:
        st.session_state["said"] = f"{move.area_name} is in {move.to_name} now; not saved yet."


def take_back() -> None:
    """Undo the last step of the drawing in hand."""
    change(lambda draft: draft.undo())


def tested_draft() -> Draft | None:
    """The drawing in hand while it is what is tested."""
    return draft_in_hand() if st.session_state.get(CHOICE) == IN_HAND else None


def show_where(rule_id: str, codes: tuple[str, ...]) -> None:
    """Mark what breaks one rule, and bring it into view."""
    st.session_state[SEEN_RULE] = rule_id
    st.session_state[ZOOM] = (codes, st.session_state.get(ZOOM, ((), 0))[1] + 1)


def marked_codes(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Areas to hatch: those that break the rule that was asked about, else those that break any."""
    seen = [rule for rule in rules if rule.id == st.session_state.get(SEEN_RULE) and rule.area_codes]
    return tuple(dict.fromkeys(code for rule in seen or rules for code in rule.area_codes))


def tested_map_state(study: Study, option: FootprintOption, broken: tuple[str, ...]) -> MapState:
    """The footprints of an option, what breaks a rule hatched, in view when that was asked for."""
    zoom_codes, zoom_number = st.session_state.get(ZOOM, ((), 0))
    codes = study.topology(option.geography).area_codes
    return replace(
        footprint_map_state(study, option),
        differing=tuple(int(i) for i in np.flatnonzero(codes.isin(list(broken)))),
        legend=Legend("Neighbourhoods", differs="Breaks a rule") if broken else None,
        zoom_to=zoom_codes,
        zoom_request=zoom_number,
        links=True,
    )
