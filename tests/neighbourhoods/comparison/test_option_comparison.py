"""Who changes place: by people, not by what footprints are called."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import OptionError
from neighbourhoods.comparison.comparison import compare_options
from neighbourhoods.option.option import FootprintOption

AREAS = list("ABCDEF")
PEOPLE = pd.Series([1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0, 6_000.0], index=AREAS)


def option(footprints: str, geography: str = "ward") -> FootprintOption:
    """One letter per area; "-" is unassigned."""
    assignment = {area: one for area, one in zip(AREAS, footprints, strict=True) if one != "-"}
    return FootprintOption("", footprints, geography, assignment)


options = st.text(alphabet="xyz-", min_size=6, max_size=6).map(option)


def test_one_area_that_moves_is_counted_with_its_people() -> None:
    found = compare_options(option("xxxyyy"), option("xxyyyy"), PEOPLE)
    assert found.people_who_move == 3_000
    assert found.areas_that_move == ("C",)
    changed = found.flows[found.flows["changed"]]
    assert changed[["from_footprint_id", "to_footprint_id", "people", "n_areas"]].to_numpy().tolist() == [
        ["x", "y", 3_000.0, 1]
    ]


def test_renaming_footprints_moves_nobody() -> None:
    found = compare_options(option("xxxyyy"), option("pppqqq"), PEOPLE)
    assert found.people_who_move == 0
    assert found.matched == {"x": "p", "y": "q"}


def test_footprints_are_matched_for_the_most_people_in_all() -> None:
    # x shares 6,000 people with p and 4,000 with q; y shares 5,000 with p. The largest overlap alone, x and
    # p, would move 4,000 + 5,000; x and q with y and p move 6,000.
    found = compare_options(option("zzzxyx"), option("zzzqpp"), PEOPLE)
    assert found.matched == {"x": "q", "y": "p", "z": "z"}
    assert found.people_who_move == 6_000


def test_area_that_loses_its_footprint_has_moved() -> None:
    found = compare_options(option("xxxyyy"), option("xxxyy-"), PEOPLE)
    assert found.people_who_move == 6_000
    assert found.flows["to_footprint_name"].tolist()[-1] == "Unassigned"


def test_people_who_move_are_unknown_when_one_of_them_is() -> None:
    people = PEOPLE.copy()
    people["C"] = np.nan
    found = compare_options(option("xxxyyy"), option("xxyyyy"), people)
    assert np.isnan(found.people_who_move)
    assert found.n_areas_that_move == 1
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["people_who_move"] is None


def test_areas_that_stay_may_be_unknown() -> None:
    people = PEOPLE.copy()
    people["A"] = np.nan
    assert compare_options(option("xxxyyy"), option("xxyyyy"), people).people_who_move == 3_000


def test_options_of_different_areas_are_not_compared() -> None:
    with pytest.raises(OptionError, match="fit one"):
        compare_options(option("xxxyyy"), option("xxxyyy", "lsoa21"), PEOPLE)


@settings(max_examples=100, deadline=None)
@given(options)
def test_option_compared_with_itself_moves_nobody(one: FootprintOption) -> None:
    found = compare_options(one, one, PEOPLE)
    assert (found.people_who_move, found.n_areas_that_move) == (0, 0)
    assert not found.flows["changed"].any()


@settings(max_examples=100, deadline=None)
@given(options, options)
def test_as_many_people_move_there_as_back(one: FootprintOption, other: FootprintOption) -> None:
    there, back = compare_options(one, other, PEOPLE), compare_options(other, one, PEOPLE)
    assert there.people_who_move == pytest.approx(back.people_who_move)
    assert there.n_areas_that_move == back.n_areas_that_move


@settings(max_examples=100, deadline=None)
@given(options, options)
def test_flows_hold_every_person_and_every_area_once(one: FootprintOption, other: FootprintOption) -> None:
    found = compare_options(one, other, PEOPLE)
    assert found.flows["people"].sum() == pytest.approx(PEOPLE.sum())
    assert found.flows["n_areas"].sum() == 6
    moved = found.flows[found.flows["changed"]]
    assert moved["people"].sum() == pytest.approx(found.people_who_move)
    assert moved["n_areas"].sum() == found.n_areas_that_move == len(found.areas_that_move)
