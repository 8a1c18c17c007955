"""Wishes as a planner says them: a choice that sets the sliders, and what partners and new homes ask.

The sliders stay the truth: when they are moved away from a choice, the choice reads "My own".
"""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from neighbourhoods.generation.generation import GenerationParams
from neighbourhoods.measure.wish import WISHES
from neighbourhoods.outlook.growth import HORIZONS
from neighbourhoods.study.study import Study
from neighbourhoods.travel.straight_line import WALKING_KM_H
from pages.components import words

PRESET = "generate_preset"
IS_OWN = "generate_preset_is_own"
IN_NEED = "generate_in_need"
PARTNER = "generate_partner"
FUTURE = "generate_future"
OWN = "own"
SLIDERS = tuple(one for one in WISHES if one not in ("alike", "distinct"))


@dataclass(frozen=True)
class Preset:
    """One way to weigh the wishes.

    Parameters
    ----------
    label : str
    weights : dict of str to int
        Of sliders; those that are not named are at nought.
    in_need : str or None
        "alike", "distinct" or neither.
    needs : str
        Key of the page's state that must be filled for it; empty for none.
    """

    label: str
    weights: dict[str, int] = field(default_factory=dict)
    in_need: str | None = None
    needs: str = ""


PRESETS: dict[str, Preset] = {
    "even": Preset("Even and compact", {"balance": 1, "compactness": 1}),
    "compact": Preset("Compact", {"compactness": 1}),
    "alike": Preset("Alike in need", {"compactness": 1}, "alike", "generate_need"),
    "distinct": Preset("Distinct in need", {"compactness": 1}, "distinct", "generate_need"),
    "as_now": Preset("As now", {"as_now": 3, "balance": 1}, None, "generate_as_now"),
    "partners": Preset("In line with the partner", {"partners": 3, "balance": 1}, None, PARTNER),
}


def slider_key(wish_id: str) -> str:
    """Key of a wish's slider."""
    return f"generate_wish_{wish_id}"


def set_first_weights() -> None:
    """Sliders begin as the first preset has them."""
    for one in SLIDERS:
        st.session_state.setdefault(slider_key(one), PRESETS["even"].weights.get(one, 0))


def choose_preset() -> None:
    """The choice above the sliders."""
    state = st.session_state
    offered = [one for one, preset in PRESETS.items() if not preset.needs or state.get(preset.needs)]
    found = next((one for one in offered if _is_set(PRESETS[one])), OWN)
    state[PRESET] = OWN if state.get(IS_OWN) else found
    st.selectbox(
        "What matters",
        [*offered, OWN],
        key=PRESET,
        format_func=lambda one: "My own" if one == OWN else PRESETS[one].label,
        on_change=_apply,
        help="Sets the wishes below and under More; move them to make it your own. More choices come with a "
        "need index, an option people would move from, or a partner's areas.",
    )


def ask_partner(study: Study) -> None:
    """A partner's set, and what is asked of its lines."""
    sets = study.partner_sets()
    st.selectbox(
        "Partner's areas",
        list(sets),
        index=None,
        key=PARTNER,
        placeholder="None" if sets else "None is loaded yet: add a set on the Data page",
        format_func=lambda one: sets[one],
        help="Areas of a partner, or a saved option taken as such.",
    )
    if not st.session_state.get(PARTNER):
        return
    st.toggle("Its lines may not be crossed", key="generate_not_across")
    st.toggle("Its areas stay whole", key="generate_keep_whole")
    st.slider("Wish: in line with the partner's areas", 0, 5, key=slider_key("partners"))


def ask_future(study: Study, geography: str) -> None:
    """A future year, where development sites are loaded."""
    if not study.has_sites:
        return
    base = study.base_year(geography)
    st.selectbox(
        "Future year",
        HORIZONS[1:],
        index=None,
        key=FUTURE,
        placeholder="None",
        format_func=lambda years: f"{base + years}, in {years} years from {base}",
    )
    if st.session_state.get(FUTURE):
        st.slider("Wish: even in that year", 0, 5, key=slider_key("future"))
        st.caption(words.plain(study.growth_words(geography)))


def ask_nearness() -> None:
    """How long it takes from one resident to another."""
    st.slider(
        "Wish: near each other",
        0,
        5,
        key=slider_key("travel"),
        help=f"Minutes between residents: straight line x 1.3 at {WALKING_KM_H:g} km/h, estimated.",
    )


def outlook_params() -> dict[str, object]:
    """What the controls above ask, as fields of `GenerationParams`."""
    state = st.session_state
    partner_id = state.get(PARTNER) or ""
    return {
        "partner_id": partner_id,
        "not_across": (partner_id,) if partner_id and state.get("generate_not_across") else (),
        "keep_whole": (partner_id,) if partner_id and state.get("generate_keep_whole") else (),
        "future_years": int(state.get(FUTURE) or 0),
        "km_h": WALKING_KM_H if state.get(slider_key("travel"), 0) else 0.0,
    }


def unweighable(params: GenerationParams) -> frozenset[str]:
    """Wishes that options found with these parameters were not measured by."""
    lacking = {
        "partners": not params.partner_id,
        "future": not params.future_years,
        "travel": not params.km_h,
    }
    return frozenset(one for one, is_lacking in lacking.items() if is_lacking)


def _apply() -> None:
    state = st.session_state
    chosen = state[PRESET]
    state[IS_OWN] = chosen == OWN
    if chosen == OWN:
        return
    preset = PRESETS[chosen]
    for one in SLIDERS:
        state[slider_key(one)] = preset.weights.get(one, 0)
    state[IN_NEED] = preset.in_need


def _is_set(preset: Preset) -> bool:
    state = st.session_state
    weights = all(state.get(slider_key(one), 0) == preset.weights.get(one, 0) for one in SLIDERS)
    return weights and state.get(IN_NEED) == preset.in_need
