"""The need index of an option's footprints: indicators, weights, and how far the ranks rest on them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geodata.errors import InputError
from geodata.geography import geography as geography_record
from neighbourhoods.generation.generate import usable_indicators
from neighbourhoods.need.index import STANDARDISATIONS, Standardisation
from neighbourhoods.need.option import comparable_geographies, option_need
from neighbourhoods.need.sensitivity import CONCENTRATION, NeedSensitivity
from neighbourhoods.need.words import sensitivity_words
from neighbourhoods.option.option import FootprintOption
from neighbourhoods.study.study import Study
from pages.components import words
from pages.components.chart import themed
from pages.components.download import chart_downloads, table_downloads
from pages.components.map_state import footprint_letter
from pages.components.portrait_chart import need_chart
from pages.components.portrait_table import lettered
from pages.components.print_table import print_table
from pages.components.state import KEPT, came_by_history, recall, remember

DEFAULT_NEED = (("bad_health", 1.0), ("income_dep", 1.0), ("no_quals", 1.0))
CHOSEN, WEIGHT = "need_indicators", "need_weight_"
LEAST, MOST, STEP = 0.5, 5.0, 0.5
TITLES = {"z": "Need index: 0 is the authority, higher is more need", "rank": "Need index, 0 to 100"}
ORDINALS = {1: "st", 2: "nd", 3: "rd"}

Weights = tuple[tuple[str, float], ...]


@st.fragment  # moving a weight draws this part anew and nothing else
def show_need(
    study: Study,
    option: FootprintOption,
    need: Weights = DEFAULT_NEED,
    standardisation: Standardisation = "z",
) -> None:
    """Draw the controls, the index of each footprint, its ranks under other weights, and the method.

    Parameters
    ----------
    need : tuple of (indicator_id, weight)
        What is chosen where neither the address nor the visitor says otherwise.
    standardisation : "z" or "rank"
    """
    controls, picture = st.columns([4, 7], gap="medium")
    with controls:
        chosen, geography, seed, concentration = _ask(study, option, need, standardisation)
    try:
        found = option_need(
            study,
            option,
            chosen,
            st.session_state["standardise"] or standardisation,
            geography=geography,
            seed=seed,
            concentration=concentration,
        )
    except InputError as fault:
        with picture:
            st.error(str(fault), icon=":material/error:")
        return
    labels = {one: study.catalogue[one].label for one in found.need.indicator_ids}
    notes = [*study.source_lines(list(labels)), f"Option {option.name} ({option.id}).", _how(found, study)]
    letters = [footprint_letter(i) for i in range(len(found.footprint_ids))]
    names = [lettered(letter, name) for letter, name in zip(letters, found.footprint_names, strict=True)]
    with picture:
        st.markdown(f"**{words.plain(sensitivity_words(found))}**")
        order = sorted(range(len(letters)), key=lambda f: -found.index[f])
        dots = pd.DataFrame(
            {
                "letter": letters,
                "name": names,
                "value": found.index,
                "lower": found.lower,
                "upper": found.upper,
            }
        ).iloc[order]
        chart = themed(
            need_chart(dots, letters, TITLES[found.need.standardisation]),
            "How needy is each neighbourhood?",
            f"Dots: the chosen weights; rules: nine in ten of {found.n_draws:,} other weightings",
            study.source_sentence(list(labels)),
        )
        st.altair_chart(chart, theme=None, alt="Need index by neighbourhood; the table below says the same")
        chart_downloads(chart, "need_index", key="need_chart")
    table = rank_table(found, names)
    st.dataframe(
        table, hide_index=True, alt="Share of weightings in which each neighbourhood holds each rank"
    )
    print_table(table)
    table_downloads(table, "need_ranks", notes, key="need_ranks")
    if len(found.left_out_rank):
        st.markdown("**Rank with one indicator left out**")
        left_out = pd.DataFrame(found.left_out_rank, columns=names)
        left_out.insert(0, "Left out", list(labels.values()))
        st.dataframe(left_out, hide_index=True, alt="Rank of each neighbourhood with one indicator left out")
        table_downloads(left_out, "need_left_out", notes, key="need_left_out")
    st.caption(_how(found, study))


def rank_table(found: NeedSensitivity, names: Sequence[str]) -> pd.DataFrame:
    """One row for each footprint: index, range, rank, and the share of weightings at each rank."""
    decimals = 2 if found.need.standardisation == "z" else 1
    shares = {
        f"{rank}{ORDINALS.get(rank, 'th')}": [_percent(v) for v in found.rank_shares[:, rank - 1]]
        for rank in range(1, len(names) + 1)
    }
    return pd.DataFrame(
        {
            "Neighbourhood": list(names),
            "Need index": [words.number(float(v), decimals) for v in found.index],
            "Range, nine in ten": [
                f"{words.number(float(low), decimals)} to {words.number(float(high), decimals)}"
                for low, high in zip(found.lower, found.upper, strict=True)
            ],
            "Rank": found.rank,
            "Rank changes in": [_percent(v) for v in found.changes],
            **shares,
        }
    ).sort_values("Rank", kind="stable")


def _ask(
    study: Study, option: FootprintOption, need: Weights, standardisation: Standardisation
) -> tuple[Weights, str, int, float]:
    """The controls; what is chosen is in the address."""
    kinds = comparable_geographies(study, option)
    geography = st.session_state.get("need_geography")
    geography = geography if geography in kinds else kinds[0]
    usable = usable_indicators(study, geography)
    _recall_need(usable, need)
    st.multiselect(
        "Need index made of",
        usable,
        key=CHOSEN,
        format_func=lambda i: study.catalogue[i].label,
        help="An indicator of which more is better counts the other way round.",
    )
    chosen = []
    for one in st.session_state[CHOSEN]:
        key = f"{WEIGHT}{one}"
        label = f"Weight of {study.catalogue[one].label}"
        chosen.append((one, float(st.slider(label, LEAST, MOST, step=STEP, key=key))))
    recall("standardise", STANDARDISATIONS, standardisation)
    st.segmented_control(
        "Indicators made comparable by",
        list(STANDARDISATIONS),
        key="standardise",
        required=True,
        format_func={"z": "z-scores", "rank": "Ranks"}.get,
        help="; ".join(STANDARDISATIONS.values()) + ".",
    )
    remember({"standardise": standardisation})
    _keep_need(tuple(chosen), need)
    with st.expander("More"):
        st.selectbox(
            "Areas compared",
            kinds,
            key="need_geography",
            format_func=lambda g: geography_record(g).plural,
            help="z-scores and ranks are taken between these areas.",
        )
        concentration = st.slider(
            "How near the weights stay to the chosen ones",
            2.0,
            50.0,
            CONCENTRATION,
            1.0,
            key="need_concentration",
            help="Concentration of the Dirichlet distribution. At 10 a weight of a half lies between a "
            "quarter and three quarters in nine of ten draws.",
        )
        seed = st.number_input("Seed of the draws", 0, 1_000_000, 1, key="need_seed")
    return tuple(chosen), geography, int(seed), float(concentration)


def _recall_need(usable: Sequence[str], need: Weights) -> None:
    """Before the widgets: the visitor's choice, else the address's or an earlier visit's, else `need`."""
    if CHOSEN in st.session_state and not came_by_history():
        st.session_state[CHOSEN] = [one for one in st.session_state[CHOSEN] if one in usable]
        for one in st.session_state[CHOSEN]:
            st.session_state.setdefault(f"{WEIGHT}{one}", 1.0)
        return
    written = st.query_params.get("need") or st.session_state.get(KEPT + "need") or _written(need)
    asked = [(one, weight) for one, weight in parse_need(written) if one in usable]
    if not asked:
        asked = [(one, 1.0) for one in usable[:1]]
    st.session_state[CHOSEN] = [one for one, _ in asked]
    for one, weight in asked:
        st.session_state[f"{WEIGHT}{one}"] = weight


def _keep_need(chosen: Weights, need: Weights) -> None:
    """After the widgets: what differs from the default goes into the address."""
    written = _written(chosen)
    st.session_state[KEPT + "need"] = written
    if came_by_history() or st.query_params.get("need", _written(need)) == written:
        return
    st.query_params["need"] = written


def parse_need(written: str) -> Weights:
    """ "bad_health:2,imd:1" as it stands in an address; weights are kept in range, 1 where unreadable."""
    found = []
    for part in written.split(","):
        name, _, weight = part.partition(":")
        digits = weight.replace(".", "", 1)
        number = float(weight) if digits.isdecimal() else 1.0
        if name and name not in dict(found):
            found.append((name, min(max(round(number / STEP) * STEP, LEAST), MOST)))
    return tuple(found)


def _written(chosen: Weights) -> str:
    return ",".join(f"{one}:{weight:g}" for one, weight in chosen)


def _percent(share: float) -> str:
    """ "31%"; never all or none by rounding."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share:.0%}"


def _how(found: NeedSensitivity, study: Study) -> str:
    shares = "; ".join(
        f"{study.catalogue[one].label} {abs(weight):.0%}"
        for one, weight in zip(found.need.indicator_ids, found.need.weights, strict=True)
    )
    return (
        f"Weights: {shares}. Made comparable by {STANDARDISATIONS[found.need.standardisation]}. Other "
        f"weightings: {found.n_draws:,} draws from a Dirichlet distribution around these weights, "
        f"concentration {found.concentration:g}, seed {found.seed}; each indicator is also left out in turn. "
        "An index of multiple deprivation is never mixed with its own domains."
    )
