"""Duplicates: scores by hand at their thresholds, pairs told apart are not asked again, York's real lists."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourhoods.register.duplicate import (
    NEAR_M,
    SCORE_MIN,
    duplicates,
    find_duplicates,
    name_likeness,
    name_words,
    pair_score,
)
from neighbourhoods.register.edit import merge_places, tell_apart, undo_change
from tests.neighbourhoods.toy_register import places, toy_register, write_places

EVEN = dict.fromkeys(("acomb", "library", "explore", "haxby", "libary"), 1.0)


def two(name: str, other: str, metres: float, *, kind: str = "venue", postcodes: tuple[str, str] = ("", "")):  # type: ignore[no-untyped-def]
    """A library and another place so many metres to the east of it."""
    one = places("library", {"a": (name, 0, 0)}, postcode=postcodes[0])
    second = places(kind, {"b": (other, metres, 0)}, postcode=postcodes[1])
    return gpd.GeoDataFrame(pd.concat([one, second]), crs=one.crs)


def test_words_that_do_not_tell_names_apart_are_left_out() -> None:
    assert name_words("The Café of St. Paul's, Ltd") == ("cafe", "saint", "pauls")
    assert name_words("The And") == ("the", "and")  # nothing else is left


def test_likeness_is_twice_the_common_words_over_all_words() -> None:
    assert name_likeness(("acomb", "library"), ("library", "acomb"), EVEN) == 1
    assert name_likeness(("acomb", "library"), ("acomb", "explore", "library"), EVEN) == pytest.approx(4 / 5)
    assert name_likeness(("acomb",), ("haxby",), EVEN) == 0
    assert name_likeness((), ("haxby",), EVEN) == 0
    # one letter missing: 2 * 6 / 13 of the letters are common, and both words count by that
    assert name_likeness(("library",), ("libary",), EVEN) == pytest.approx(12 / 13)


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    weight = {"library": 1.0, "acomb": 3.0, "haxby": 3.0, "school": 3.0}
    same_rare = name_likeness(("acomb", "library"), ("acomb", "school"), weight)
    same_common = name_likeness(("acomb", "library"), ("haxby", "library"), weight)
    assert same_rare == pytest.approx(6 / 10)
    assert same_common == pytest.approx(2 / 8)


def test_score_by_hand() -> None:
    assert pair_score(1, 0, True) == 1
    assert pair_score(1, NEAR_M, False) == pytest.approx(0.6) == SCORE_MIN
    assert pair_score(0.5, 125, None) == pytest.approx(0.3 + 0.125 + 0.075)


@pytest.mark.parametrize(
    ("metres", "postcodes", "is_pair"),
    [
        (249.0, ("", ""), True),
        (251.0, ("", ""), False),  # out of the neighbourhood and no postcode that brings them together
        (2_000.0, ("YO1 1AA", "YO1 1AA"), True),  # 0.6 + 0.15
        (100.0, ("YO1 1AA", "YO1 1AB"), True),
    ],
)
def test_pairs_are_sought_nearby_or_under_one_postcode(
    metres: float, postcodes: tuple[str, str], is_pair: bool
) -> None:
    found = find_duplicates(two("Acomb Library", "Acomb library", metres, postcodes=postcodes))
    assert bool(found) == is_pair


def test_in_one_list_only_nearly_equal_names_are_shown() -> None:
    apart = two("Acomb Front Street Library", "Acomb Front Street Hall", 1)
    in_list = places(
        "library", {"a": ("Acomb Front Street Library", 0, 0), "b": ("Acomb Front Street Hall", 1, 0)}
    )
    assert len(find_duplicates(apart)) == 1
    assert find_duplicates(in_list) == ()


def test_bus_stops_are_not_sought_and_pairs_told_apart_are_not_shown() -> None:
    assert find_duplicates(two("Acomb", "Acomb", 5, kind="bus_stop")) == ()
    pair = two("Acomb", "Acomb", 5)
    assert find_duplicates(pair, {frozenset(("library:a", "venue:b"))}) == ()


def test_the_place_that_says_more_comes_first() -> None:
    pair = two("Acomb", "Acomb", 5)
    pair["owner"] = ["", "Council"]
    (found,) = find_duplicates(pair)
    assert (found.first_id, found.second_id) == ("venue:b", "library:a")
    assert found.reasons == ("the same name", "5 m apart", "postcode not known of both")


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_within_0_and_1_and_1_for_the_same_words(one: str, other: str) -> None:
    a, b = name_words(one), name_words(other)
    weight = dict.fromkeys((*a, *b), 1.0)
    assert 0 <= name_likeness(a, b, weight) <= 1
    if a == b and a:
        assert name_likeness(a, b, weight) == 1


def test_a_decision_is_kept_until_it_is_taken_back(tmp_path: Path, toy_town: gpd.GeoDataFrame) -> None:
    study = toy_register(tmp_path / "workspace", toy_town)
    write_places(
        study.store, places("venue", {"h": ("North library hub", 520, 1_500), "x": ("North", 501, 1_500)})
    )
    study = study.renewed()
    (pair, *_) = duplicates(study)
    assert {pair.first_id, pair.second_id} == {"library:n", "venue:x"}
    tell_apart(study, pair.first_id, pair.second_id, author="Ann")
    left = duplicates(study.renewed())
    assert (pair.first_id, pair.second_id) not in {(p.first_id, p.second_id) for p in left}
    undo_change(study.renewed(), pair.first_id, author="Ann")
    assert pair in duplicates(study.renewed())
    merge_places(study.renewed(), pair.first_id, pair.second_id, {}, author="Ann")
    assert pair.second_id not in {i for p in duplicates(study.renewed()) for i in (p.first_id, p.second_id)}
