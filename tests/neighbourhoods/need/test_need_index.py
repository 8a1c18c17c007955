"""Ranks as in the Indices of Deprivation, by hand and against the figures the scale was made for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import main
from geodata.errors import InputError
from geodata.topology import Topology
from indicators.catalogue import CATALOGUE
from neighbourhoods.measure.option_score import Town, score_options
from neighbourhoods.need.index import (
    NeedIndex,
    Standardisation,
    is_deprivation_part,
    need_index,
    rank_scores,
    require_unmixed,
)
from neighbourhoods.need.need import NeedTable
from tests.neighbourhoods.conftest import PEOPLE

RESIDENTS = np.array(PEOPLE)
HALVES = np.array([[0, 0, 0, 1, 1, 1]], dtype=np.int8)
IDS = ("bad_health", "level4")  # of the second more is better


def index_of(rates: list[list[float]], standardisation: Standardisation = "rank") -> NeedIndex:
    people = np.repeat(RESIDENTS[:, None], len(rates), axis=1)
    table = NeedTable(pd.Index(list("ABCDEF")), IDS[: len(rates)], np.array(rates).T * people, people)
    chosen = list(zip(IDS, (3.0, 1.0), strict=True))[: len(rates)]
    return need_index(table, chosen, CATALOGUE, standardisation=standardisation, people=RESIDENTS)


def exponential(share: float) -> float:
    """The formula as the Technical report prints it."""
    return -23 * float(np.log(1 - share * (1 - np.exp(-100 / 23))))


def test_the_highest_scores_100_and_a_tenth_of_areas_score_above_50() -> None:
    scores = rank_scores(np.arange(1_000.0)[:, None])[:, 0]
    assert scores[-1] == pytest.approx(100)
    assert (scores > 50).mean() == pytest.approx(0.1, abs=0.005)
    assert scores[0] == pytest.approx(exponential(1 / 1_000))
    assert (np.diff(scores) > 0).all()


def test_equal_areas_share_the_mean_of_their_ranks() -> None:
    scores = rank_scores(np.array([[1.0], [2.0], [2.0], [3.0]]))[:, 0]
    assert scores.tolist() == pytest.approx([exponential(s) for s in (1 / 4, 2.5 / 4, 2.5 / 4, 1)])


def test_a_footprints_index_is_the_mean_score_of_its_areas_weighted_by_residents(
    toy_topology: Topology,
) -> None:
    index = index_of([[0.01, 0.02, 0.03, 0.04, 0.05, 0.06]])
    x = np.array([exponential(r / 6) for r in range(1, 7)])
    halves = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], dtype=float)
    expected = halves @ (x * RESIDENTS) / (halves @ RESIDENTS)
    assert index.score(halves @ index.numerator, halves @ index.denominator) == pytest.approx(expected)
    assert index.area_scores == pytest.approx(x)

    town = Town(toy_topology, RESIDENTS, 10_500.0, need=index)
    spread = score_options(HALVES, town)["need_index_spread"].iloc[0]
    mean = (expected * [6_000, 15_000]).sum() / 21_000
    variance = (np.square(expected - mean) * [6_000, 15_000]).sum() / 21_000
    assert spread == pytest.approx(np.sqrt(variance))


def test_an_indicator_of_which_more_is_better_is_ranked_the_other_way_round() -> None:
    rates = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]
    index = index_of([rates, rates])
    assert index.weights.tolist() == [0.75, 0.25]
    x = np.array([exponential(r / 6) for r in range(1, 7)])
    assert index.area_scores == pytest.approx(0.75 * x + 0.25 * x[::-1])


@given(st.lists(st.floats(0.01, 0.99), min_size=6, max_size=6, unique=True))
def test_ranks_do_not_change_when_values_are_stretched(rates: list[float]) -> None:
    stretched = [rate**3 for rate in rates]
    if len(set(stretched)) == 6:
        assert index_of([rates]).area_scores == pytest.approx(index_of([stretched]).area_scores)


@pytest.mark.parametrize("standardisation", ["z", "rank"])
def test_the_index_is_the_weighted_sum_of_its_parts(standardisation: Standardisation) -> None:
    index = index_of([[0.1, 0.2, 0.3, 0.1, 0.2, 0.5], [0.3, 0.1, 0.2, 0.6, 0.5, 0.4]], standardisation)
    parts = index.parts(index.numerator, index.denominator)
    assert index.area_scores == pytest.approx((parts * index.weights).sum(axis=1))
    assert np.abs(index.weights).sum() == pytest.approx(1)


def test_what_cannot_be_weighed_is_refused_in_words() -> None:
    table = NeedTable(pd.Index(list("AB")), IDS, np.ones((2, 2)), np.array([[2.0, 2], [4, 4]]))
    with pytest.raises(InputError, match="at least one indicator"):
        need_index(table, [], CATALOGUE)
    with pytest.raises(InputError, match="given twice"):
        need_index(table, [("bad_health", 1), ("bad_health", 2)], CATALOGUE)
    with pytest.raises(InputError, match="those of some areas are not known"):
        need_index(
            table,
            [("bad_health", 1)],
            CATALOGUE,
            standardisation="rank",
            people=np.array([1, np.nan]),
        )


def test_an_index_beside_what_its_own_parts_pick_out_is_refused() -> None:
    picked = ("children_most_deprived", "older_most_deprived", "income_dep", "iod_crime", "idaci")
    assert all(is_deprivation_part(CATALOGUE[one]) for one in picked)
    assert not is_deprivation_part(CATALOGUE["imd_most_deprived"])
    assert not is_deprivation_part(CATALOGUE["hh_deprived_1plus"])  # a census measure
    for one in picked:
        with pytest.raises(InputError, match="already holds"):
            require_unmixed(["imd", one], CATALOGUE)


def test_generate_says_how_the_index_was_standardised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, spread = {}, {}
    for one in ("z", "rank"):
        arguments = ["generate", "--n", "3", "--need", "bad_health=1", "--standardise", one, "--json"]
        assert main([*arguments, "--workspace", str(tmp_path / "workspace")]) == 0
        document = json.loads(capsys.readouterr().out)
        said[one] = document["need"]["standardisation"]
        (spread[one],) = (m["max"] for m in document["measures"] if m["measure_id"] == "need_index_spread")
    assert said["z"].startswith("z-scores")
    assert "exponential scale of the Indices of Deprivation" in said["rank"]
    assert spread["z"] < 1.5 < 3 < spread["rank"] < 100
