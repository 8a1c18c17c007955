"""Profiles of a toy town that can be added up by hand.

    A B C      people  100 200 300   ill  10 20 60     score 1 2 3
    D E F              400 500 600        40 50 60           4 5 6

West = A B D E (1,200 people, 120 ill); East = C F (900 people, 120 ill). Town: 2,100 and 240.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from indicators.catalogue import CATALOGUE
from indicators.indicator import Cells, Indicator
from indicators.interval import byar, wilson
from indicators.local_count import Shown
from indicators.profile import profile_rows
from indicators.target import Membership, Target, fit_word, published_at

AREAS = pd.Index(list("ABCDEF"))
PEOPLE = [100.0, 200, 300, 400, 500, 600]
ILL = [10.0, 20, 60, 40, 50, 60]
FOOTPRINTS = pd.Index(["West", "East"])
WEST_EAST = csr_array(np.array([[1.0, 1, 0, 1, 1, 0], [0, 0, 1, 0, 0, 1]]))
COLUMNS = [
    "indicator_id",
    "domain",
    "area_code",
    "period",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "lower_998",
    "upper_998",
    "comparison",
    "suppressed",
    "fit",
    "note",
]

ILLNESS = replace(CATALOGUE["bad_health"], id="ill")
SCORE = replace(CATALOGUE["imd"], id="score")
EVENTS = replace(CATALOGUE["asb"], id="events")
RESIDENTS = replace(CATALOGUE["pop_total"], id="residents")
LOCAL = replace(ILLNESS, id="local", disclosure="local_sensitive")
LOCAL_COUNT = replace(RESIDENTS, id="local", disclosure="local_sensitive")


def _observations(
    indicator_id: str,
    numerator: list[float],
    denominator: list[float],
    geography: str = "lsoa21",
    codes: pd.Index = AREAS,
    status: list[str] | None = None,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": codes,
            "indicator_id": indicator_id,
            "geography": geography,
            "period": "2021",
            "numerator": numerator,
            "denominator": denominator,
            "status": status or [""] * len(codes),
            "reason": "",
        }
    )


def _target(method: str = "best fit by centroid", straddling: pd.Series | None = None) -> Target:
    return Target(FOOTPRINTS, {"lsoa21": Membership(WEST_EAST, AREAS, method, straddling)})


def _profile(observations: pd.DataFrame, target: Target, *indicators: Indicator) -> pd.DataFrame:
    catalogue = {indicator.id: indicator for indicator in indicators}
    return profile_rows(observations, target, catalogue, authority_code="TOWN").set_index("area_code")


def test_a_proportion_is_the_ratio_of_summed_counts_with_wilson_limits() -> None:
    rows = _profile(_observations("ill", ILL, PEOPLE), _target(), ILLNESS)
    assert rows.loc["West", ["numerator", "denominator"]].tolist() == [120, 1200]
    assert rows.loc["East", "value"] == pytest.approx(120 / 900 * 100)
    lower, upper = wilson(120, 900)
    assert rows.loc["East", ["lower", "upper"]].tolist() == pytest.approx([lower * 100, upper * 100])
    assert rows.loc["TOWN", "value"] == pytest.approx(240 / 2100 * 100)


def test_the_columns_are_those_of_the_contract() -> None:
    observations = _observations("ill", ILL, PEOPLE)
    rows = profile_rows(observations, _target(), {"ill": ILLNESS}, authority_code="TOWN")
    assert list(rows.columns) == COLUMNS
    named = profile_rows(
        observations, _target(), {"ill": ILLNESS}, authority_code="TOWN", id_column="footprint_id"
    )
    assert named["footprint_id"].tolist() == ["West", "East", "TOWN"]
    empty = profile_rows(observations, _target(), {}, authority_code="TOWN")
    assert list(empty.columns) == COLUMNS
    assert empty.empty


def test_a_rate_of_events_has_byars_limits() -> None:
    rows = _profile(_observations("events", ILL, PEOPLE), _target(), EVENTS)
    lower, upper = byar(120.0)
    assert rows.loc["West", "value"] == pytest.approx(100.0)
    assert rows.loc["West", ["lower", "upper"]].tolist() == pytest.approx([lower / 1.2, upper / 1.2])


def test_a_count_adds_up_and_has_no_interval_and_no_comparison() -> None:
    rows = _profile(_observations("residents", PEOPLE, [np.nan] * 6), _target(), RESIDENTS)
    assert rows["value"].tolist() == [1200, 900, 2100]
    assert rows[["denominator", "lower", "upper_998"]].isna().all(axis=None)
    assert set(rows["comparison"]) == {"not compared"}


def test_a_score_is_a_weighted_mean_called_so_without_limits() -> None:
    weighted = [score * people for score, people in zip(range(1, 7), PEOPLE, strict=True)]
    rows = _profile(_observations("score", weighted, PEOPLE), _target(), SCORE)
    assert rows.loc["East", "value"] == pytest.approx((3 * 300 + 6 * 600) / 900)
    assert set(rows["fit"]) == {"weighted mean"}
    assert rows[["lower", "upper"]].isna().all(axis=None)


def test_figures_published_for_the_target_itself_come_before_sums() -> None:
    wards = _observations("ill", [120.0, 121], [1200.0, 901], "ward", FOOTPRINTS)
    both = pd.concat([_observations("ill", ILL, PEOPLE), wards])
    target = Target(FOOTPRINTS, {**_target().memberships, "ward": published_at(FOOTPRINTS)})
    rows = _profile(both, target, ILLNESS)
    assert rows.loc["East", "numerator"] == 121
    assert rows.loc["East", "fit"] == "published"
    assert rows.loc["TOWN", "numerator"] == 240  # the sum over the finest complete geography
    assert rows.loc["TOWN", "fit"] == "exact"


@pytest.mark.parametrize(
    ("method", "word"),
    [
        ("exact", "exact"),
        ("best fit by lookup", "best fit"),
        ("best fit by centroid", "best fit"),
        ("by postcode", "by postcode"),
        ("modelled", "modelled"),
    ],
)
def test_the_fit_is_said_beside_the_figure(method: str, word: str) -> None:
    rows = _profile(_observations("ill", ILL, PEOPLE), _target(method), ILLNESS)
    assert rows.loc["West", "fit"] == word


def test_an_unknown_way_of_fitting_is_a_fault() -> None:
    with pytest.raises(ValueError, match="by magic"):
        fit_word(Membership(WEST_EAST, AREAS, "by magic"), FOOTPRINTS)


def test_part_of_an_area_is_modelled_in_that_row_alone() -> None:
    matrix = csr_array(np.array([[1.0, 1, 0.5, 1, 1, 0], [0, 0, 0, 0, 0, 1]]))
    target = Target(FOOTPRINTS, {"lsoa21": Membership(matrix, AREAS, "best fit by lookup")})
    rows = _profile(_observations("ill", ILL, PEOPLE), target, ILLNESS)
    assert rows["fit"].tolist() == ["modelled", "best fit", "exact"]
    assert rows.loc["West", "numerator"] == 150


def test_people_in_straddling_areas_are_told() -> None:
    straddling = pd.Series([0.28, 0.0], index=FOOTPRINTS)
    rows = _profile(_observations("ill", ILL, PEOPLE), _target(straddling=straddling), ILLNESS)
    assert rows.loc["West", "note"] == "Best fit: 28% of people live in small areas that cross the line."
    assert rows.loc["East", "note"] == ""


def test_higher_and_lower_only_as_far_as_the_interval_allows() -> None:
    # 10 in 100 against 1,000 in 1,500 for the rest.
    ill = [10.0, 20, 250, 40, 50, 450]
    rows = _profile(_observations("ill", ill, PEOPLE), _target(), ILLNESS)
    assert rows["comparison"].tolist() == ["lower", "higher", "not compared"]
    same = _profile(_observations("ill", [10.0] * 6, [100.0] * 6), _target(), ILLNESS)
    assert same["comparison"].tolist() == ["similar", "similar", "not compared"]


def test_suppressed_at_source_and_missing_and_zero_are_three_things() -> None:
    status = ["suppressed", "", "", "", "", "missing"]
    numerator = [np.nan, 0, 0, 0, 0, np.nan]
    rows = _profile(_observations("ill", numerator, PEOPLE, status=status), _target(), ILLNESS)
    assert rows["value"].isna().all()
    assert rows["suppressed"].tolist() == [True, False, True]
    assert rows.loc["West", "note"] == "Suppressed by the publisher in 1 of 4 small areas."
    assert rows.loc["East", "note"] == "The publication gives no figure for 1 of 2 areas."
    zero = _profile(_observations("ill", [0.0] * 6, PEOPLE), _target(), ILLNESS)
    assert zero["value"].tolist() == [0, 0, 0]
    assert not zero["suppressed"].any()


def test_the_authority_falls_back_to_the_figure_published_for_it() -> None:
    gap = _observations("ill", [10.0, 20, 60, 40, 50, np.nan], PEOPLE, status=[""] * 5 + ["missing"])
    whole = _observations("ill", [240.0], [2100.0], "lad", pd.Index(["TOWN"]))
    rows = _profile(pd.concat([gap, whole]), _target(), ILLNESS)
    assert rows.loc["TOWN", "value"] == pytest.approx(240 / 2100 * 100)
    assert rows.loc["TOWN", "fit"] == "published"
    assert rows.loc["West", "comparison"] == "similar"
    alone = _profile(gap, _target(), ILLNESS)
    assert np.isnan(alone.loc["TOWN", "value"])
    assert set(alone["comparison"]) == {"not compared"}


def test_what_is_published_coarser_only_is_not_spread() -> None:
    wards = _observations("ill", [120.0, 120], [1200.0, 900], "ward", FOOTPRINTS)
    rows = _profile(wards, Target(AREAS, {"lsoa21": published_at(AREAS)}), ILLNESS)
    assert rows.loc[AREAS, "value"].isna().all()
    assert set(rows.loc[AREAS, "note"]) == {"Published by ward only: not spread to these areas."}
    assert rows.loc["TOWN", "value"] == pytest.approx(240 / 2100 * 100)


def test_what_cannot_be_combined_is_shown_by_area_only_and_says_so() -> None:
    record = replace(SCORE, id="years", aggregation="not combined")
    observations = _observations("years", [80.0] * 6, [1.0] * 6)
    rows = _profile(observations, _target(), record)
    assert rows["value"].isna().all()
    assert set(rows["note"]) == {"Cannot be combined: shown only for the areas it is published for."}
    own = _profile(observations, Target(AREAS, {"lsoa21": published_at(AREAS)}), record)
    assert own.loc[AREAS, "value"].tolist() == [80.0] * 6


def test_small_local_counts_are_hidden_with_one_more_so_that_the_total_gives_nothing_away() -> None:
    target = Target(AREAS, {"lsoa21": published_at(AREAS)})
    counts = [3.0, 20, 30, 40, 0, 60]
    rows = _profile(_observations("local", counts, [np.nan] * 6), target, LOCAL_COUNT)
    assert rows["suppressed"].tolist() == [True, True, False, False, False, False, False]
    assert rows.loc["E", "value"] == 0
    assert rows.loc["TOWN", "value"] == 153
    assert rows.loc["A", ["numerator", "value", "lower"]].isna().all()
    published = _profile(_observations("residents", counts, [np.nan] * 6), target, RESIDENTS)
    assert not published["suppressed"].any()


def test_a_footprint_that_completes_a_subtraction_across_options_is_hidden() -> None:
    # Hidden: A 3, C 2, D 3, F 4. Two options show A + C, D + F, A + F, C + D, which gives none away.
    # A third with A + D would: (A + C) + (A + F) + (A + D) less the sum of all four is twice A.
    observations = _observations("local", [3.0, 20, 2, 3, 20, 4], [np.nan] * 6)
    catalogue = {"local": LOCAL_COUNT}
    third = csr_array(np.array([[1.0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 1]]))
    target = Target(FOOTPRINTS, {"lsoa21": Membership(third, AREAS, "exact")})
    others = [
        Target(FOOTPRINTS, {"lsoa21": Membership(csr_array(np.array(rows)), AREAS, "exact")})
        for rows in (
            [[1.0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1]],
            [[1.0, 0, 0, 0, 0, 1], [0, 0, 1, 1, 0, 0]],
        )
    ]
    alone = profile_rows(observations, target, catalogue, authority_code="TOWN")
    assert alone["suppressed"].tolist() == [False, False, False]
    beside = profile_rows(
        observations, target, catalogue, authority_code="TOWN", earlier=Shown(options=tuple(others))
    )
    assert beside["suppressed"].tolist() == [True, True, False]


def test_a_small_base_hides_a_local_proportion_too() -> None:
    base = [3.0, 200, 300, 400, 500, 600]
    target = Target(AREAS, {"lsoa21": published_at(AREAS)})
    rows = _profile(_observations("local", [0.0, 20, 60, 40, 50, 60], base), target, LOCAL)
    assert rows.loc["A", "suppressed"]
    assert np.isnan(rows.loc["A", "denominator"])


def test_the_record_of_a_density_needs_no_interval() -> None:
    density = replace(CATALOGUE["pop_density"], id="density", denominator=Cells("areas", area_km2=True))
    rows = _profile(_observations("density", PEOPLE, [2.0] * 6), _target(), density)
    assert rows.loc["East", "value"] == 900 / 4
    assert np.isnan(rows.loc["East", "lower"])
