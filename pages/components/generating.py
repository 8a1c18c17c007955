"""What is asked on the Generate page, the run that answers it, and the option that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from geodata.run_record import Run
from neighbourhoods.generation.generate import usable_indicators
from neighbourhoods.generation.generation import GenerationParams, GenerationResult
from neighbourhoods.generation.plan import Plan
from neighbourhoods.measure.wish import DEFAULT_WISHES, WISHES
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components.brush import Axis, axis
from pages.components.run_view import begin_run, best_so_far, finished_result
from pages.components.state import came_by_history
from pages.components.wish_preset import outlook_params, unweighable

KIND = "generate"
GEOGRAPHY = "generate_geography"
MOST_AREAS_ON_PAGE = 5_000
AT_ONCE_STEPS = 1_000_000  # about half a second, scores and all: done before the page answers
FILLED = "generate_filled_from"
FORM_KEYS = (
    "generate_geography",
    "generate_n",
    "generate_band",
    "generate_in_need",
    "generate_use_target",
    "generate_target",
    "generate_range",
    "generate_n_max",
    "generate_together",
    "generate_apart",
    "generate_as_now",
    "generate_locked",
    "generate_need",
    "generate_inside",
    "generate_partner",
    "generate_not_across",
    "generate_keep_whole",
    "generate_future",
    "generate_standardise",
    "generate_preset",
    "generate_preset_is_own",
)
FORM_PREFIXES = ("generate_wish_", "generate_weight_")
PLACE = "generate_place"
ORDER = "generate_order"  # ways that no filter leaves out, as they are ranked
LIKED = "generate_liked"
FIRST = {"generate_n": 4, "generate_band": 5}
FIRST_NEED = ("imd", "bad_health", "income_dep")
TELLING_GAP = 0.25  # a bound further away says nothing of how good a way is
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
UNITS: dict[str, tuple[str, float, str]] = {
    "max_deviation": ("Furthest from target, %", 100.0, "%.1f"),
    "shared_border_m": ("Border between them, km", 0.001, "%.1f"),
    "cut_edges": ("Neighbours parted", 1.0, "%.0f"),
    "polsby_popper_mean": ("Polsby-Popper, mean", 1.0, "%.2f"),
    "population_range": ("Largest less smallest, people", 1.0, "%.0f"),
    "people_who_move": ("People who move", 1.0, "%.0f"),
    "need_index_spread": ("Spread of need", 1.0, "%.2f"),
    "need_index_distinctiveness": ("Distinctiveness of need", 1.0, "%.2f"),
    "people_outside_partner": ("People outside the partner's area", 1.0, "%.0f"),
    "travel_minutes_mean": ("Minutes between residents", 1.0, "%.1f"),
    "max_deviation_future": ("Furthest from target later, %", 100.0, "%.1f"),
}


UNFILTERED = ("population_range", "need_index_distinctiveness")  # said by another measure already
LESS = "less is better"
DIRECTIONS = {"polsby_popper_mean": "more is rounder", "need_index_spread": "less is alike, more distinct"}


def in_words(n: int) -> str:
    """ "four"; figures from eleven."""
    return NUMBER_WORDS[n] if n < len(NUMBER_WORDS) else f"{n:,}"


def set_defaults(study: Study, geography: str) -> None:
    """First values of the controls, those of the address before those of the house."""
    for key, value in FIRST.items():
        asked = st.query_params.get(key, "")
        st.session_state.setdefault(key, int(asked) if asked.isdecimal() and 1 <= int(asked) <= 25 else value)
    st.session_state["generate_n"] = min(st.session_state["generate_n"], 12)
    usable = usable_indicators(study, geography)
    first = [one for one in FIRST_NEED if one in usable][:1]
    st.session_state.setdefault("generate_need", first)
    st.session_state["generate_need"] = [i for i in st.session_state["generate_need"] if i in usable]


def geographies_offered(study: Study) -> tuple[str, ...]:
    """Kinds of area that neighbourhoods can be made of here: those with known residents, not too many."""
    return tuple(
        one
        for one in study.geographies
        if len(study.areas(one)) <= MOST_AREAS_ON_PAGE and study.population(one).notna().all()
    )


def geography_now(offered: Sequence[str]) -> str:
    """The kind of area that is chosen; the first when none is."""
    asked = st.session_state.get(GEOGRAPHY) or st.query_params.get(GEOGRAPHY, "")
    chosen = asked if asked in offered else offered[0]
    st.session_state[GEOGRAPHY] = chosen
    return chosen


def forget_areas() -> None:
    """Areas of another kind cannot be kept together or apart."""
    for key in ("generate_together", "generate_apart"):
        st.session_state.pop(key, None)


def is_at_once(plan: Plan) -> bool:
    """Whether the page itself goes through every way, being quick."""
    return plan.method == "enumerate" and plan.n_steps <= AT_ONCE_STEPS


def found_words(result: GenerationResult, n_words: str, *, goes_on: bool = False) -> str:
    """What a search came to, as a headline; or where it stands while it goes on."""
    least = float(result.values("shared_border_m").min())
    border = result.bounds.get("compactness")
    gained = ""
    if border is not None and border.value > 0:
        share = max(1 - border.value / least, 0.0)
        gained = (
            ", less than which no other way has"
            if share < 0.0005
            else f", and no other way can have more than {share:.1%} less"
            if share <= TELLING_GAP
            else "; how much less is possible is not known"
        )
    between = f"{least / 1_000:.1f} km of border between them"
    if goes_on:
        return f"So far the most compact {n_words} neighbourhoods found have {between}; the search goes on"
    return f"The most compact {n_words} neighbourhoods found have {between}{gained}"


def proof_words(result: GenerationResult, *, goes_on: bool = False) -> str:
    """How sure it is that there is none better."""
    if result.note is not None:
        early = " It was stopped before its end." if result.note.stopped_early and not goes_on else ""
        return (
            f"A search kept the {result.n_options:,} best options it met, seed {result.seed}: there are many "
            f"more.{early}"
        )
    return "All ways were found, so the best is proven." if result.is_complete else "More may exist."


def keep_in_address(offered: Sequence[str]) -> None:
    """Write what was asked into the address, for a colleague to open; all at once, and no defaults.

    So arriving here is one step of the browser's Back.
    """
    if came_by_history():
        return  # writing now would take the visitor forward again
    defaults = {**{key: str(value) for key, value in FIRST.items()}, GEOGRAPHY: offered[0]}
    address = st.query_params.to_dict()
    wanted = dict(address)
    for key, default in defaults.items():
        value = str(st.session_state[key])
        if value != default or key in address:
            wanted[key] = value
    if wanted != address:
        st.query_params.from_dict(wanted)


def params_now(geography: str, as_now: FootprintOption | None) -> GenerationParams:
    """What the controls ask for, without wishes: those weigh what was found and need no new search.

    Raises
    ------
    InputError
        When the controls contradict each other.
    """
    state = st.session_state
    n = int(state["generate_n"])
    together, apart = state.get("generate_together", []), state.get("generate_apart", [])
    return GenerationParams(
        geography=geography,
        n_min=n,
        n_max=max(n, int(state.get("generate_n_max", n) or n)) if state.get("generate_range") else n,
        tolerance=state["generate_band"] / 100,
        target=float(state["generate_target"])
        if state.get("generate_use_target") or state.get("generate_range")
        else None,
        together=(tuple(together),) if len(together) > 1 else (),
        apart=(tuple(apart),) if len(apart) > 1 else (),
        as_now=as_now,
        locked=tuple(state.get("generate_locked", ())) if as_now else (),
        allow_enclosed=bool(state.get("generate_inside")),
        need=tuple((one, float(state.get(f"generate_weight_{one}", 1.0))) for one in state["generate_need"]),
        **outlook_params(),
        standardisation=state.get("generate_standardise") or "z",
    )


def wishes_now(params: GenerationParams) -> tuple[tuple[str, float], ...]:
    """The wishes that the sliders weigh and that can be measured."""
    state = st.session_state
    weights = {one: float(state.get(f"generate_wish_{one}", 0)) for one in WISHES}
    direction = state.get("generate_in_need")
    if params.need and direction in ("alike", "distinct"):
        weights[direction] = 1.0
    if params.as_now is None:
        weights["as_now"] = 0.0
    weights |= dict.fromkeys(unweighable(params), 0.0)
    return tuple((one, weight) for one, weight in weights.items() if weight > 0) or DEFAULT_WISHES


def begin_generation(params: GenerationParams, plan: Plan) -> None:
    """Look for ways: at once where that is quick, else in a process beside the app."""
    form = {str(key): value for key, value in st.session_state.items() if is_of_form(str(key))}
    run_id = begin_run(KIND, params, form=form, at_once=is_at_once(plan))
    _begin_looking(run_id)


def is_of_form(key: str) -> bool:
    """Whether a key is that of a control of the form, and comes back with a run."""
    return key in FORM_KEYS or key.startswith(FORM_PREFIXES)


def follow_run(run: Run | None, study: Study) -> None:
    """Before the form: where a run was opened by its address, set the controls as they stood for it.

    What the address says of a control goes before that; a run on other data leaves them as they are.
    """
    if run is None or st.session_state.get(FILLED) == run.id:
        return
    _begin_looking(run.id)
    if study.figures_changed_since(run.version):
        return
    for key, value in run.form.items():
        if is_of_form(key) and key not in st.query_params:
            st.session_state[key] = value


def _begin_looking(run_id: str) -> None:
    """At the first of what a run found, with no filter."""
    st.session_state[FILLED] = run_id
    st.session_state[PLACE] = 1


def result_now(run: Run | None, study: Study, geography: str) -> GenerationResult | None:
    """What a run found, if it still belongs to these areas; a refusal is shown in words."""
    result = None if run is None else best_so_far(run.id) or finished_result(run.id)
    if not isinstance(result, GenerationResult) or geography not in study.geographies:
        return None
    same = result.params.geography == geography and list(result.area_codes) == list(
        study.topology(geography).area_codes
    )
    return result if same else None


def is_same_search(params: GenerationParams, other: GenerationParams) -> bool:
    """Whether the same ways are asked for; wishes only weigh them, but lead a search."""
    if other.wishes != DEFAULT_WISHES or params.wishes != DEFAULT_WISHES:
        return params == other
    return replace(params, wishes=DEFAULT_WISHES) == replace(other, wishes=DEFAULT_WISHES)


def with_wishes(result: GenerationResult, params: GenerationParams) -> GenerationResult:
    """The same options ranked by the wishes of the moment."""
    return replace(result, params=replace(result.params, wishes=wishes_now(params)))


def axes(result: GenerationResult) -> list[Axis]:
    """The measures by which ways can be left out, as axes to brush; none where all ways are alike."""
    found = []
    for measure_id in (one for one in result.measure_ids if one not in UNFILTERED):
        label, factor, form = UNITS[measure_id]
        values = result.values(measure_id) * factor
        found.append(axis(measure_id, label, values, int(form[2]), DIRECTIONS.get(measure_id, LESS)))
    return [one for one in found if one is not None]


def look_at(number: int, order: Sequence[int] | NDArray[np.int64]) -> None:
    """Put one option in view by its place in the order that is shown."""
    places = np.flatnonzero(np.asarray(order) == number)
    if len(places):
        st.session_state[PLACE] = int(places[0]) + 1
